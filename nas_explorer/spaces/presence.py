"""Which of a node's edges a selection keeps, and how much of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from nas_explorer.spaces.decisions import picks
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.nodes import Edge, Node
from nas_explorer.spaces.plans import Factor
from nas_explorer.spaces.values import Scalar

# select(decision id, options) returns the indices of the options to keep.
Select: TypeAlias = Callable[[str, tuple[Scalar, ...]], tuple[int, ...]]
Uses: TypeAlias = dict[str, list[Factor]]          # source -> how much each edge so far takes of it


def present_edges(graph: Graph, node: Node, prefix: str, uses: Uses, select: Select,
                  widths: Mapping[str, int]) -> list[tuple[Edge, Factor]]:
    """The edges into a node that may be there, fallbacks last; `uses` learns of them.

    Args:
        uses: what the nodes before this one took, for loose ends.
        widths: decision id -> number of its options.
    """
    options = picks(graph, node)
    decision_id = f"{prefix}{node.name}.inputs"
    kept = tuple(select(decision_id, tuple("+".join(option) for option in options))) if len(options) > 1 else (0,)
    found: list[tuple[Edge, Factor]] = []
    for edge in sorted(graph.into(node.name), key=lambda edge: edge.presence == "fallback"):
        factor: Factor | None = ()
        if edge.presence == "optional":
            factor = _optional(f"{prefix}{edge}.on", select)
        elif edge.presence == "picked":
            having = frozenset(i for i in kept if edge.source in options[i])
            factor = None if not having else ((decision_id, having),) if len(having) < len(kept) else ()
        elif edge.presence == "loose":
            factor = _none_of(uses.get(edge.source, []), widths)
        elif edge.presence == "fallback":
            factor = _none_of([other for _, other in found], widths)
        if factor is not None:
            found.append((edge, factor))
            if edge.presence != "loose":
                uses.setdefault(edge.source, []).append(factor)
    return found


def _optional(decision_id: str, select: Select) -> Factor | None:
    kept = select(decision_id, (False, True))
    if 1 not in kept:
        return None
    return ((decision_id, frozenset({1})),) if len(kept) > 1 else ()


def _none_of(others: list[Factor], widths: Mapping[str, int]) -> Factor | None:
    """How much is left when none of the others may be there; None if one of them surely is."""
    if () in others:
        return None
    return tuple((decision_id, frozenset(range(widths[decision_id])) - options)
                 for other in others for decision_id, options in other)
