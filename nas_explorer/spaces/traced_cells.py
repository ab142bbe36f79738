"""A cell that was traced once is copied wherever it stands again with the same shapes: most networks repeat one cell."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from nas_explorer.spaces.plans import Step
from nas_explorer.spaces.recorder import Recorder

Key: TypeAlias = Hashable


@dataclass(frozen=True, slots=True)
class _Traced:
    """The steps from `start` to `stop` compute the cell from `inputs`; its weights are under `path`."""

    start: int
    stop: int
    inputs: tuple[int, ...]
    out: int
    path: str
    depth: int             # of the conditions that all its steps have from outside
    applied: int


class TracedCells:
    """Remembers the cells of one trace."""

    def __init__(self, steps: Recorder) -> None:
        self.steps = steps
        self.known: dict[Key, _Traced] = {}

    def key(self, cell: str, scope: str, channels: int, inputs: Sequence[int]) -> Key:
        """Alike for two places in which the cell must give the same steps, other names and sources aside.

        A value that is read twice, or that is zero, makes other steps than two different values.
        """
        values = tuple((self.steps.shape_of(i), self.steps.steps[i].kind == "zero", inputs.index(i)) for i in inputs)
        return cell, scope, channels, values

    def note(self, key: Key, start: int, inputs: Sequence[int], out: int, path: str, applied: int) -> None:
        self.known[key] = _Traced(start, len(self.steps.steps), tuple(inputs), out, path, len(self.steps.under), applied)

    def copy(self, key: Key, inputs: Sequence[int], path: str) -> tuple[int, int] | None:
        """(step that holds the value, operations applied) of a cell that is known; None of one that is not."""
        traced = self.known.get(key)
        if traced is None:
            return None
        shift = len(self.steps.steps) - traced.start
        place = dict(zip(traced.inputs, inputs, strict=True))

        def moved(source: int) -> int:
            return source + shift if source >= traced.start else place[source]

        for i in range(traced.start, traced.stop):
            step = self.steps.steps[i]
            weights = f"{path}{step.key[len(traced.path):]}" if step.kind == "op" else step.key
            sources = tuple(map(moved, step.sources))
            self.steps.put(Step(step.kind, step.name, weights, sources, step.shape, step.params, step.factors, step.stride),
                           self.steps.under + self.steps.conditions[i][traced.depth:])
        return moved(traced.out), traced.applied
