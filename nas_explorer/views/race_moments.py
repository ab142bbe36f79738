"""The moments of a race that a replay shows: what was known after so many events, and how far every line went then.

What a search had found by some place on the clock never changes afterwards. So a lane's line at an earlier moment is the beginning of
its line now, up to where all its searches had come then; nothing has to be computed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from nas_explorer.records.race_history import Clock, RaceHistory

Floats: TypeAlias = npt.NDArray[np.float64]
MOST = 400


@dataclass(frozen=True, slots=True)
class Moments:
    """
    Attributes:
        events: (moments,) how many events were known; the last is now.
        spots: (moments,) where the race stood then: the clock's mean over all searches. It never falls.
        reach: (moments, lanes) up to where on the clock each lane's line went; infinite where all its searches had ended.
    """

    events: npt.NDArray[np.int64]
    spots: Floats
    reach: Floats


def moments(history: RaceHistory, clock: Clock, most: int = MOST) -> Moments:
    """After every event, or, where there are very many, after every second, fourth, ..., so that those that were there stay.

    Where searches were added later, the moments begin there: before, a line was over fewer of them, and no beginning of what it is now.
    """
    count = history.event_count
    stride = 1
    while (count - history.era) // stride > most:
        stride *= 2
    events = np.arange(stride, count + 1, stride, dtype=np.int64)
    events = np.unique(np.append(events[events >= max(history.era, 1)], count)) if count else events
    told = [history.traces[name].at(events, clock) for name in history.lanes]
    every, mean = (np.stack([lane[i] for lane in told], axis=1) for i in range(2))
    return Moments(events, np.maximum.accumulate(mean.mean(axis=1)), every)
