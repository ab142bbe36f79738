"""A plan: the flat list of steps of one network. Torch, costs, hashes and drawings all read plans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from nas_explorer.spaces.primitives import PRIMITIVES
from nas_explorer.spaces.shapes import Shape

# How much of a source is taken: the product over decisions of P(one of these options). () is all of it.
Factor: TypeAlias = tuple[tuple[str, frozenset[int]], ...]


class Cost(NamedTuple):
    """What a network costs. One multiply-add is one MAC."""

    parameter_count: int
    macs: int


@dataclass(frozen=True, slots=True)
class Step:
    """kind: input, op, merge, mix or zero. `factors` says how much of each source is taken; () is all of it."""

    kind: str
    name: str
    key: str                                       # where its weights live: place, operation and shapes
    sources: tuple[int, ...]
    shape: Shape
    params: tuple[tuple[str, object], ...] = ()
    factors: tuple[Factor, ...] = ()
    stride: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in an order in which they can run; the last is the output."""

    steps: tuple[Step, ...]

    def cost(self) -> Cost:
        """The cost of everything that is built, dead branches included as the papers do; shared weights count once."""
        parameter_count = macs = 0
        counted = set()
        for step in self.steps:
            if step.kind == "op":
                source = self.steps[step.sources[0]].shape
                count, work = PRIMITIVES[step.name].cost(source, step.shape, step.stride, **dict(step.params))
                parameter_count += 0 if step.key in counted else count
                macs += work
                counted.add(step.key)
        return Cost(int(parameter_count), int(macs))

    def pruned(self) -> Plan:
        """Without zeros, what only zeros feed, and what the output never sees; no steps if the output is dead."""
        alive: list[bool] = []
        for step in self.steps:
            alive.append(step.kind == "input" or (step.kind != "zero" and any(alive[s] for s in step.sources)))
        wanted = {len(self.steps) - 1}
        for i in reversed(range(len(self.steps))):
            if i in wanted and alive[i]:
                wanted.update(s for s in self.steps[i].sources if alive[s])
        kept: list[Step] = []
        new: dict[int, int] = {}
        for i, step in enumerate(self.steps):
            if i in wanted and alive[i]:
                new[i] = len(kept)
                kept.append(_restricted(step, alive, new))
        return Plan(tuple(kept))


def _restricted(step: Step, alive: list[bool], new: dict[int, int]) -> Step:
    """A step with its living sources only, under their new numbers."""
    at = [n for n, source in enumerate(step.sources) if alive[source]]
    factors = tuple(step.factors[n] for n in at) if step.factors else ()
    return replace(step, sources=tuple(new[step.sources[n]] for n in at), factors=factors)
