"""The time axis of a search: the moments that are worth stopping at, as columns."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from nas_explorer.records import History, SearchPaused, SearchStarted
from nas_explorer.views.edit_words import given_words

Numbers: TypeAlias = npt.NDArray[np.int32]
PLAIN, FINISHED, BEST, FAILED, PAUSED, EDITED = range(6)  # kinds of stops, as assets/widgets/src/dashboard_timeline.ts has them
MOST = 20_000  # stops; of more trials every second, fourth, ... is kept, and all that is marked


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """A stop for the beginning, for the end of every trial, for every turn of the search, and for now.

    Attributes:
        events: (stops,) how many events were known then; rising.
        trials: (stops,) the trial that ended with the last of them, -1 where none did.
        ended: (stops,) how many trials had ended.
        kinds: (stops,) what happened: one of the kinds above.
        edits: what the user changed, one for every stop at which that happened.
    """

    events: Numbers
    trials: Numbers
    ended: Numbers
    kinds: Numbers
    edits: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.events)

    def plain(self) -> dict[str, Any]:
        """The columns as base64 of 32-bit numbers, the edits in words."""
        columns = {name: b64encode(getattr(self, name).astype("<i4").tobytes()).decode() for name in ("events", "trials", "ended", "kinds")}
        return {**columns, "edits": list(self.edits)}


def timeline_of(history: History) -> Timeline:
    """All stops of what is known now."""
    count = history.event_count
    _, ends = history.spans()
    statuses = history.statuses()[: len(ends)]
    over = np.flatnonzero((ends >= 0) & (ends < count))
    over = over[np.argsort(ends[over])]
    kinds = np.where(statuses[over] == 2, FAILED, FINISHED)
    kinds[np.isin(over, [trial for trial, _ in history.incumbents])] = BEST
    stops = [(int(event), int(trial), int(kind)) for event, trial, kind in zip(ends[over] + 1, over, kinds, strict=True)]
    stops += [(turn.number + 1, -1, _kind(turn)) for turn in history.turns if 0 < turn.number < count]
    stops = sorted([(0, -1, PLAIN), *stops])
    if stops[-1][0] < count:
        stops.append((count, -1, PLAIN))
    events, trials, kind = np.array(stops, dtype=np.int32).T
    ended = np.cumsum(trials >= 0, dtype=np.int32)
    return _thinned(Timeline(events, trials, ended, kind, tuple(given_words(history.edits))))


def _kind(turn: Any) -> int:
    if turn.kind == "steered":
        return EDITED
    return PAUSED if isinstance(turn, SearchPaused) or (isinstance(turn, SearchStarted) and turn.resumed) else PLAIN


def _thinned(line: Timeline) -> Timeline:
    stride = 1
    while len(line) > MOST * stride:
        stride *= 2
    places = np.arange(len(line))
    kept = (places % stride == 0) | (line.kinds > FINISHED) | (places == places[-1])
    return line if stride == 1 else Timeline(line.events[kept], line.trials[kept], line.ended[kept], line.kinds[kept], line.edits)
