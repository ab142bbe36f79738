"""Random moves on architectures. Everything follows from the state of the generator that is passed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.architecture import Architecture
from nas_explorer.spaces.indices import Layout, is_active, layout, to_indices
from nas_explorer.spaces.rules import holds
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import Scalar

# One call for a block of uniform numbers costs a tenth of a call of rng.integers for each decision. A block is used up
# by the move that drew it, so nothing is hidden between moves.


def sample(space: SearchSpace, rng: np.random.Generator, weights: Sequence[Sequence[int]] | None = None,
           tries: int = 10_000) -> Architecture:
    """Draw every active decision uniformly, or by `weights` (see size.uniform_weights), until the constraints hold.

    Raises:
        InvalidSpace: if none of `tries` draws obeys the constraints.
    """
    known = layout(space)
    for _ in range(tries):
        draws = rng.random(len(known.widths)).tolist()
        if weights is not None:
            chosen = [_weighted(u, w) for u, w in zip(draws, weights, strict=True)]
        else:
            chosen = [int(u * width) for u, width in zip(draws, known.widths, strict=True)]
        if known.conditional:
            _switch_off(known, chosen)
        if holds(space, chosen):
            return known.architecture(chosen)
    raise InvalidSpace(f"none of {tries:,} random architectures of {space.name!r} obeys {_rules(space)}; loosen them")


def mutate(space: SearchSpace, architecture: Mapping[str, Scalar], rng: np.random.Generator,
           tries: int = 1_000) -> Architecture:
    """Change one active decision to another option; what that switches on is drawn, what it switches off is dropped.

    The child always differs from the parent, because inactive decisions are no part of an architecture.

    Raises:
        InvalidSpace: if the space has one architecture only, or none of `tries` children obeys the constraints.
    """
    known, parent = layout(space), to_indices(space, architecture)
    active = [i for i, option in enumerate(parent) if option >= 0] if known.conditional else range(len(parent))
    if not active:
        raise InvalidSpace(f"{space.name!r} has one architecture only, nothing to mutate")
    for _ in range(tries):
        at = active[int(rng.random() * len(active))]
        shift = 1 + int(rng.random() * (known.widths[at] - 1))
        chosen = parent.copy()
        chosen[at] = (parent[at] + shift) % known.widths[at]
        if known.conditional:
            _switch(known, chosen, rng)
        if holds(space, chosen):
            return known.architecture(chosen)
    raise InvalidSpace(f"none of {tries:,} children of {architecture} obeys {_rules(space)}; loosen them")


def crossover(space: SearchSpace, first: Mapping[str, Scalar], second: Mapping[str, Scalar], rng: np.random.Generator,
              tries: int = 1_000) -> Architecture:
    """Take each active decision from either parent; what neither has but the mixture switches on is drawn.

    Where none of `tries` children obeys the constraints, the child is the first parent: all decisions came from it.
    """
    known = layout(space)
    one, two = to_indices(space, first), to_indices(space, second)
    for _ in range(tries):
        coins = rng.random(len(one)).tolist()
        chosen = [a if b < 0 or (a >= 0 and coin < 0.5) else b for a, b, coin in zip(one, two, coins, strict=True)]
        if known.conditional:
            _switch(known, chosen, rng)
        if holds(space, chosen):
            return known.architecture(chosen)
    return known.architecture(one)


def neighbours(space: SearchSpace, architecture: Mapping[str, Scalar]) -> Iterator[Architecture]:
    """Every architecture that obeys the constraints and differs in one active decision, in the order of the decisions.

    What a change switches on takes its first option, what it switches off is dropped.
    """
    known, parent = layout(space), to_indices(space, architecture)
    for at, old in enumerate(parent):
        for option in range(known.widths[at] if old >= 0 else 0):
            if option != old:
                chosen = parent.copy()
                chosen[at] = option
                if known.conditional:
                    _switch(known, chosen, None)
                if holds(space, chosen):
                    yield known.architecture(chosen)


def covering(space: SearchSpace, rng: np.random.Generator) -> list[Architecture]:
    """Few architectures in which every option of every decision appears: to probe shapes, or to fill a supernet.

    Constraints are ignored: an option that they rule out is shown as well.
    """
    known = layout(space)
    missing = {(i, option) for i, width in enumerate(known.widths) for option in range(width)}
    found: list[Architecture] = []
    while missing or not found:
        forced = _forced(known, *min(missing)) if missing else {}
        chosen: list[int] = []
        for i, decision in enumerate(known.decisions):
            fresh = [option for option in range(known.widths[i]) if (i, option) in missing] or range(known.widths[i])
            drawn = fresh[int(rng.random() * len(fresh))]
            chosen.append(forced.get(i, drawn) if is_active(decision, chosen) else -1)
        missing -= set(enumerate(chosen))
        found.append(known.architecture(chosen))
    return found


def _forced(known: Layout, at: int, option: int) -> dict[int, int]:
    """Options of other decisions that switch this one on."""
    forced = {at: option}
    while known.decisions[at].when:
        at, options = known.decisions[at].when[0]
        forced[at] = min(options)
    return forced


def _switch_off(known: Layout, chosen: list[int]) -> None:
    for i, decision in enumerate(known.decisions):
        if decision.when and not is_active(decision, chosen):
            chosen[i] = -1


def _switch(known: Layout, chosen: list[int], rng: np.random.Generator | None) -> None:
    """Drop what is no longer asked for; draw what newly is, or take its first option if there is no generator."""
    for i, decision in enumerate(known.decisions):
        if decision.when:
            if not is_active(decision, chosen):
                chosen[i] = -1
            elif chosen[i] < 0:
                chosen[i] = 0 if rng is None else int(rng.random() * known.widths[i])


def _weighted(u: float, weights: Sequence[int]) -> int:
    """The option under which a uniform number falls; weights are whole numbers of any size."""
    total, reached, last = sum(weights), 0.0, 0
    for option, weight in enumerate(weights):
        if weight:
            last, reached = option, reached + weight / total
            if u < reached:
                break
    return last


def _rules(space: SearchSpace) -> str:
    return ", ".join(f"{rule.kind} {rule.limit}" for rule in space.constraints)
