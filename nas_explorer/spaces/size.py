"""How many architectures a space has, exactly, and weights that make each of them equally likely."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.decisions import Decision, decisions
from nas_explorer.spaces.space import SearchSpace

MAX_CASES = 100_000

Hangs: TypeAlias = tuple[tuple[int, frozenset[int]], ...]      # the alternatives that are still open


def size(space: SearchSpace) -> int:
    """The exact number of architectures, constraints ignored.

    Conditions form a forest nearly always, and then this is a product of sums. Where a decision hangs on two parents,
    one of them is fixed to each of its options in turn.

    Raises:
        InvalidSpace: if that would take more than 100,000 cases.
    """
    if "size" not in space._memory:
        space._memory["size"] = _Counter(space).count({})
    counted: int = space._memory["size"]
    return counted


def uniform_weights(space: SearchSpace) -> list[list[int]]:
    """Option weights that make every *architecture* equally likely, not every option: deep branches weigh more.

    Raises:
        InvalidSpace: if a decision hangs on two parents.
    """
    found = decisions(space)
    if any(len(decision.when) > 1 for decision in found):
        raise InvalidSpace(f"{space.name!r} has decisions with two parents; draw options uniformly instead")
    return _below(found, [decision.when for decision in found], {})


class _Counter:
    """Counts one space; `cases` bounds the work that two-parent decisions can make."""

    def __init__(self, space: SearchSpace) -> None:
        self.name, self.found, self.cases = space.name, decisions(space), 0

    def count(self, fixed: Mapping[int, int]) -> int:
        self.cases += 1
        if self.cases > MAX_CASES:
            raise InvalidSpace(f"{self.name!r}: too many decisions hang on two others to count its architectures")
        state: list[Hangs | None] = []                 # None: not active; (): active; else open
        for decision in self.found:
            state.append(_open(decision, state, fixed))
        for hangs in state:
            if hangs and len(hangs) > 1:
                gate = _root(hangs[0][0], state)
                return sum(self.count({**fixed, gate: option}) for option in range(len(self.found[gate].options)))
        counts = _below(self.found, state, fixed)
        return math.prod(sum(counts[i]) for i, hangs in enumerate(state) if hangs == ())


def _open(decision: Decision, state: Sequence[Hangs | None], fixed: Mapping[int, int]) -> Hangs | None:
    """What a decision still hangs on once some parents are fixed. Only decisions that are surely active are fixed."""
    hangs = []
    for parent, options in decision.when:
        if state[parent] is None or fixed.get(parent) not in (None, *options):
            continue
        if parent in fixed:
            return ()
        hangs.append((parent, options))
    return tuple(hangs) if hangs else None if decision.when else ()


def _root(at: int, state: Sequence[Hangs | None]) -> int:
    hangs = state[at]
    while hangs:
        at = hangs[0][0]
        hangs = state[at]
    return at


def _below(found: Sequence[Decision], state: Sequence[Hangs | None], fixed: Mapping[int, int]) -> list[list[int]]:
    """For every option of every decision: how many ways there are to settle what it switches on. 0 if ruled out."""
    counts = [[int(fixed.get(i, option) == option) for option in range(len(decision.options))]
              for i, decision in enumerate(found)]
    for i in reversed(range(len(found))):
        hangs = state[i]
        if hangs:
            parent, options = hangs[0]
            total = sum(counts[i])
            for option in options:
                counts[parent][option] *= total
    return counts
