"""How far one lane of a race had come after every event of it: what a replay needs to know to show any moment."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from nas_explorer.records.history import copied

Clock: TypeAlias = Literal["trials", "seconds", "epochs"]
CLOCKS: tuple[Clock, ...] = ("trials", "seconds", "epochs")
Floats: TypeAlias = npt.NDArray[np.float64]


class LaneTrace:
    """Grows with every event of its lane, and is read by any thread."""

    def __init__(self) -> None:
        self._numbers = array("d")                     # event, then for each clock: where all are, the mean

    def add(self, event: int, spent: Mapping[Clock, Floats], ended: npt.NDArray[np.bool_]) -> None:
        """
        Args:
            spent: clock -> (searches,) how far each search has come.
            ended: (searches,) whether it goes no further.
        """
        row = [float(event)]
        for clock in CLOCKS:
            row += (float(np.where(ended, np.inf, spent[clock]).min()), float(spent[clock].mean()))
        self._numbers.extend(row)

    def at(self, events: npt.NDArray[np.int64], clock: Clock) -> tuple[Floats, Floats]:
        """After so many events: where on the clock all its searches had come to (infinite: all had ended), and their mean.

        Args:
            events: (moments,) in order.

        Returns:
            Twice (moments,), 0 before the lane began.
        """
        width = 1 + 2 * len(CLOCKS)
        rows = np.vstack([np.zeros(width), copied(self._numbers).reshape(-1, width)])
        place = np.searchsorted(rows[1:, 0], events, side="left")
        start = 1 + 2 * CLOCKS.index(clock)
        return rows[place, start], rows[place, start + 1]
