"""Named rules on whole architectures: they can be saved, shown, and pushed into every move by rejection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nas_explorer.spaces.indices import layout, to_indices
from nas_explorer.spaces.narrowing import lifted, whole
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.tracer import plan

Rule = Callable[[SearchSpace, Sequence[int], str], float]


def max_edges(space: SearchSpace, chosen: Sequence[int], graph: str) -> float:
    """Edges present in one graph: those that are always there, the optional ones that are on, the picked ones."""
    known, prefix = layout(space), f"{graph}/" if graph else ""
    drawn = space.cell(graph)
    places = [known.places.get(f"{prefix}{edge}.on") for edge in drawn.edges if edge.presence == "optional"]
    optional = sum(chosen[place] == 1 for place in places if place is not None)
    picked = sum(node.pick or 0 for node in drawn.nodes)
    return optional + picked + sum(edge.presence == "always" for edge in drawn.edges)


def max_params(space: SearchSpace, chosen: Sequence[int], graph: str) -> float:
    """Parameters of the network, or of one cell alone."""
    return plan(space, layout(space).architecture(chosen), graph).cost().parameter_count


def max_macs(space: SearchSpace, chosen: Sequence[int], graph: str) -> float:
    """MACs of the network, or of one cell alone."""
    return plan(space, layout(space).architecture(chosen), graph).cost().macs


RULES: Mapping[str, Rule] = {"max_edges": max_edges, "max_params": max_params, "max_macs": max_macs}


def holds(space: SearchSpace, chosen: Sequence[int]) -> bool:
    """Whether option indices obey every constraint of their space."""
    if not space.constraints:
        return True
    if space.only:
        drawn = whole(space)
        return holds(drawn, to_indices(drawn, lifted(space, layout(space).architecture(chosen))))
    return all(RULES[rule.kind](space, chosen, rule.graph) <= rule.limit for rule in space.constraints)
