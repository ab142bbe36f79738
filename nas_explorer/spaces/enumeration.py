"""Every architecture of a space, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from nas_explorer.spaces.architecture import Architecture
from nas_explorer.spaces.indices import is_active, layout
from nas_explorer.spaces.rules import holds
from nas_explorer.spaces.space import SearchSpace


def enumerate_indices(space: SearchSpace) -> Iterator[list[int]]:
    """All of them as option indices, constraints ignored, the last decision running fastest."""
    known = layout(space)
    stack: list[list[int]] = [[]]                      # a stack, not recursion, so the number of decisions has no limit
    while stack:
        chosen = stack.pop()
        at = len(chosen)
        if at == len(known.decisions):
            yield chosen
        elif is_active(known.decisions[at], chosen):
            stack.extend([*chosen, option] for option in reversed(range(known.widths[at])))
        else:
            stack.append([*chosen, -1])


def enumerate_architectures(space: SearchSpace) -> Iterator[Architecture]:
    """Every architecture that obeys the constraints, once."""
    known = layout(space)
    return (known.architecture(chosen) for chosen in enumerate_indices(space) if holds(space, chosen))
