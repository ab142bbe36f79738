"""Cells of NAS-Bench-101 as small graphs: which drawings are the same network. Exact, by trying all orders of the inner vertices."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.spaces import Architecture
from nas_explorer.spaces.values import Scalar

OPERATIONS = ("conv_3x3(order=conv-bn-relu)", "conv_1x1(order=conv-bn-relu)", "max_pool_3x3")
"""In the order of their codes."""
_CODES: Mapping[object, int] = {name: code for code, name in enumerate(OPERATIONS)}
_THERE: Mapping[object, int] = {False: 0, True: 1}


class Cell(NamedTuple):
    """A network between input (0) and output (the last vertex).

    Attributes:
        operations: a code for each inner vertex.
        edges: (source, target), sorted.
    """

    operations: tuple[int, ...]
    edges: tuple[tuple[int, int], ...]


@cache
def names(vertices: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of the decisions in `spaces.library.nas_bench_101`: operations of the inner vertices; edges 0→1, 0→2, 1→2, 0→3, ...

    >>> names(4)[1]
    ('cell/in→1.on', 'cell/in→2.on', 'cell/1→2.on', 'cell/in→out.on', 'cell/1→out.on', 'cell/2→out.on')
    """
    called = ["in", *map(str, range(1, vertices - 1)), "out"]
    edges = tuple(f"cell/{called[source]}→{called[target]}.on" for source, target in _pairs(vertices))
    return tuple(f"cell/{vertex}.op" for vertex in called[1:-1]), edges


def drawing(architecture: Mapping[str, Scalar], vertices: int) -> tuple[list[int], list[int]]:
    """Operations as codes, and which edges there are, as 0 and 1.

    Raises:
        InvalidArchitecture: if it is no cell of so many vertices.
    """
    named = names(vertices)
    operations = [_CODES.get(architecture.get(name), -1) for name in named[0]]
    edges = [_THERE.get(architecture.get(name), -1) for name in named[1]]
    if -1 in operations or -1 in edges or len(architecture) != len(operations) + len(edges):
        raise InvalidArchitecture(f"the table holds cells of {vertices} vertices of NAS-Bench-101: {', '.join(OPERATIONS)} on "
                                  f"{', '.join(named[0])}, and edges {', '.join(named[1])}; got {architecture!r:.300}")
    return operations, edges


def architecture(operations: Sequence[int], edges: Sequence[int], vertices: int) -> Architecture:
    """The architecture of a drawing.

    >>> drawing(architecture([2, 0], [1, 0, 1, 0, 0, 1], 4), 4)
    ([2, 0], [1, 0, 1, 0, 0, 1])
    """
    named = names(vertices)
    chosen: dict[str, Scalar] = {name: OPERATIONS[code] for name, code in zip(named[0], operations, strict=True)}
    return Architecture(chosen | {name: bool(there) for name, there in zip(named[1], edges, strict=True)})


@cache
def _pairs(vertices: int) -> tuple[tuple[int, int], ...]:
    return tuple((source, target) for target in range(1, vertices) for source in range(target))


def canonical(operations: Sequence[int], edges: Sequence[int]) -> Cell | None:
    """The same for every drawing of a network; None if no path leads from input to output.

    Vertices that no such path visits are gone, as in the paper. Of all orders of the others the smallest counts.

    >>> canonical([2, 0], [1, 0, 1, 0, 0, 1]) == canonical([2, 0], [1, 0, 1, 0, 0, 1]) != canonical([0, 2], [1, 0, 1, 0, 0, 1])
    True
    >>> canonical([0, 1], [1, 0, 0, 0, 0, 1]) is None
    True
    """
    last = len(operations) + 1
    there = [pair for pair, bit in zip(_pairs(last + 1), edges, strict=True) if bit]
    kept = _on_a_path(there, last)
    if not kept:
        return None
    inner = [vertex for vertex in range(1, last) if vertex in kept]
    drawn = [(source, target) for source, target in there if source in kept and target in kept]
    return min(_renumbered(operations, drawn, order, last) for order in itertools.permutations(inner))


def _on_a_path(edges: Sequence[tuple[int, int]], last: int) -> set[int]:
    """Vertices on a path from 0 to the last; edges are sorted by target."""
    reached, needed = {0}, {last}
    for source, target in edges:
        if source in reached:
            reached.add(target)
    for source, target in reversed(edges):
        if target in needed:
            needed.add(source)
    return reached & needed if last in reached else set()


def _renumbered(operations: Sequence[int], edges: Sequence[tuple[int, int]], order: Sequence[int], last: int) -> Cell:
    numbers = {0: 0, last: len(order) + 1, **{vertex: 1 + i for i, vertex in enumerate(order)}}
    return Cell(tuple(operations[vertex - 1] for vertex in order), tuple(sorted((numbers[a], numbers[b]) for a, b in edges)))
