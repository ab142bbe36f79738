"""The drawing board behind an editor: what stands on it now, and the named steps that led there and can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from nas_explorer.spaces import Op, SearchSpace

Point: TypeAlias = tuple[float, float]
Place: TypeAlias = tuple[str, str]           # (graph, node "2" or edge "0→2"); the graph "" is the network

MOST_STEPS = 500                             # that can be undone


@dataclass(frozen=True, slots=True)
class Sheet:
    """A space as it is drawn.

    Attributes:
        positions: centres in pixels of the nodes that the user put somewhere; all others are laid out.
        offered: the candidates that stood at a place at some time, in their order, switched off ones too.
        device: of a table, whose latency is shown; "" for none.
        latency_limit: milliseconds on that device. A limit of the sheet: the space knows no device.
    """

    space: SearchSpace
    positions: Mapping[Place, Point] = field(default_factory=lambda: MappingProxyType({}))
    offered: Mapping[Place, tuple[Op, ...]] = field(default_factory=lambda: MappingProxyType({}))
    device: str = ""
    latency_limit: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A sheet, and what was done to get to the next one: "turn off avg pool 3×3 on in → 2"."""

    sheet: Sheet
    label: str


class Board:
    """The sheet, its past and its future. `version` counts every change, undo and redo as well."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = self.first = sheet
        self.version = 1
        self.past: list[Step] = []
        self.future: list[Step] = []

    def put(self, sheet: Sheet, label: str) -> None:
        """Take a new sheet; what had been undone is gone."""
        self.past = [*self.past, Step(self.sheet, label)][-MOST_STEPS:]
        self.future = []
        self._show(sheet)

    def undo(self) -> str:
        """Go one step back and say which; empty if there is none."""
        return self._turn(self.past, self.future)

    def redo(self) -> str:
        """Do the step again that was undone last and say which; empty if there is none."""
        return self._turn(self.future, self.past)

    @property
    def undo_label(self) -> str:
        return self.past[-1].label if self.past else ""

    @property
    def redo_label(self) -> str:
        return self.future[-1].label if self.future else ""

    def _turn(self, there: list[Step], back: list[Step]) -> str:
        if not there:
            return ""
        step = there.pop()
        back.append(Step(self.sheet, step.label))
        self._show(step.sheet)
        return step.label

    def _show(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.version += 1
