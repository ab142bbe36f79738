"""Finds what is known of the drawn space, better and better while nobody draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nas_explorer.errors import NasExplorerError
from nas_explorer.search.follower import Follower
from nas_explorer.spaces import problems
from nas_explorer.spaces.cost_terms import Device
from nas_explorer.spaces.facts import facts
from nas_explorer.spaces.quantities import AnyDevice
from nas_explorer.widgets.space_editor_board import Sheet
from nas_explorer.widgets.space_editor_devices import devices, latency_table
from nas_explorer.widgets.space_editor_fact_cells import Told, fact_content, unfinished

Json = dict[str, Any]

REST_SECONDS = 3600.0              # between two looks at a space of which all is known


class FactsFinder:
    """Finds the facts of the newest sheet on a thread of its own, and shows each better answer.

    Args:
        newest: gives the sheet and the version of the drawing.
        show: takes the content of the editor's `facts` trait.
        device: latency of one operation, where the sheet names no device of a table.
    """

    def __init__(self, newest: Callable[[], tuple[Sheet, int]], show: Callable[[Json], None], device: Device | None = None) -> None:
        self._newest, self._show, self._device = newest, show, device
        self._version = 0
        self._asked: tuple[object, ...] = ()
        self._answers: Iterator[Json] = iter(())
        self._extent: dict[str, float] = {}      # the most there was of each quantity in this session
        self._first = 0                          # architectures before the first edit
        self._content: Json = {}
        # A pause follows each piece of work that is as long as itself, so that the user's cells keep half of the processor.
        self._follower = Follower(self.look, period=0.0)

    def start(self) -> None:
        self._follower.start()

    def nudge(self) -> None:
        self._follower.nudge()

    def compare_from_here(self) -> None:
        """The space was replaced: what there was before is no measure for it."""
        self._first, self._extent = 0, {}

    def close(self) -> None:
        self._follower.close()

    def look(self) -> None:
        """One piece of work: the first answer about a new space, or a better one about the old."""
        sheet, version = self._newest()
        if version != self._version:
            self._version = version
            asked = (sheet.space, sheet.device, sheet.latency_limit)
            if asked != self._asked:
                self._asked, self._answers = asked, self._found(sheet)
            elif self._content:
                self._say(self._content)
        content = next(self._answers, None)
        self._follower.period = 0.0 if content is not None else REST_SECONDS
        if content is not None and self._newest()[1] == version:
            self._say(content)

    def _say(self, content: Json) -> None:
        self._content = content | {"version": self._version}
        self._show(self._content)

    def _found(self, sheet: Sheet) -> Iterator[Json]:
        """Never raises: what is wrong with a space is what there is to know about it."""
        missing = sheet.space.problems()
        if missing:
            yield unfinished(missing, sheet)
            return
        try:
            answers = self._told(sheet)
            yield next(answers)
            # What only building shows takes longer than the first facts where a space is large.
            missing = problems(sheet.space)
            yield from [unfinished(missing, sheet)] if missing else answers
        except (NasExplorerError, ArithmeticError, MemoryError) as error:
            yield unfinished(self._problems_of(sheet) or (str(error) or type(error).__name__,), sheet)

    def _told(self, sheet: Sheet) -> Iterator[Json]:
        known = devices(sheet.space)
        device = self._device_for(sheet, known)
        limits = {"latency_ms": sheet.latency_limit} if device is not None and sheet.latency_limit is not None else {}
        for found in facts(sheet.space, limits, device):
            self._first = self._first or found.architectures
            for name, extent in found.ranges.items():
                unit = f"{name}@{sheet.device}"
                self._extent[unit] = max(self._extent.get(unit, 0.0), extent.most)
            extents = {name: self._extent[f"{name}@{sheet.device}"] for name in found.ranges}
            yield fact_content(found, Told(sheet, known, self._first, extents))

    def _problems_of(self, sheet: Sheet) -> tuple[str, ...]:
        try:
            return problems(sheet.space)
        except (NasExplorerError, ArithmeticError, MemoryError):
            return ()                            # the error that led here is said instead

    def _device_for(self, sheet: Sheet, known: tuple[str, ...]) -> AnyDevice | None:
        """What was chosen, as long as its table holds the space; else what came with the editor."""
        if not sheet.device:
            return self._device
        return latency_table(sheet.space, sheet.device) if sheet.device in known else None
