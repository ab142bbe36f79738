"""A space in which one decision offers an option more than was drawn: what a user adds to a search under way.

The option is drawn into every choice that offers the same; the decisions among them that were not meant keep what they had, as in a
narrowed space. Options only come at the end, so what was built of the space before can be built of it still.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.architecture import with_arrow
from nas_explorer.spaces.decisions import decisions
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.narrowing import narrowed, whole
from nas_explorer.spaces.operation_text import typed_operation
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import Choice, Op, Scalar, listed


def widened(space: SearchSpace, adds: Iterable[tuple[str, Scalar | Op]]) -> SearchSpace:
    """The space with options that are added to some decisions; what a decision offers already is left as it is.

    >>> from nas_explorer.spaces import nas_bench_201, size
    >>> size(widened(nas_bench_201(), [("cell/0->1", "conv_5x5")]))                    # 6 * 5 ** 5
    18750

    Args:
        adds: (decision id, option); an operation also by its label.

    Raises:
        InvalidSpace: if there is no such decision, or it chooses among things that cannot be added to, or the drawing does not allow it.
    """
    for decision_id, option in adds:
        space = _with(space, with_arrow(decision_id), option)
    return space


def chooses_operations(space: SearchSpace, decision_id: str) -> bool:
    """Whether the options of a decision are operations, and not numbers, words or edges."""
    labels = next((decision.options for decision in decisions(whole(space)) if decision.id == decision_id), ())
    graphs = (space.network, *(graph for _, graph in space.cells))
    return any(isinstance(what, Choice) and what.labels == labels for graph in graphs for what in graph.operations())


def _with(space: SearchSpace, decision_id: str, added: Scalar | Op) -> SearchSpace:
    option = str(added) if isinstance(added, Op) else added
    known = {decision.id: decision.options for decision in decisions(whole(space))}
    if decision_id not in known:
        raise InvalidSpace(f"{space.name!r} has no decision {decision_id!r}; it has {listed(known)}")
    offers = {decision.id: decision.options for decision in decisions(space)}
    if option in offers.get(decision_id, ()):
        return space
    if option not in known[decision_id]:
        drawn = _drawn(whole(space), known[decision_id], added)
        if decision_id not in {decision.id for decision in decisions(drawn) if option in decision.options}:
            raise InvalidSpace(f"decision {decision_id!r} of {space.name!r} offers all there is, {listed(known[decision_id])}; what it "
                               "chooses among is drawn as nodes and edges")
    else:
        drawn = whole(space)
    return narrowed(drawn, {**{key: offers.get(key, options) for key, options in known.items()},
                            decision_id: (*offers.get(decision_id, known[decision_id]), option)})


def _drawn(space: SearchSpace, labels: tuple[Scalar, ...], option: Scalar | Op) -> SearchSpace:
    """The drawing with the option in every choice that has these labels."""
    def more(value: Any) -> Any:
        if isinstance(value, Choice) and value.labels == labels:
            plain = isinstance(option, Op) or not isinstance(value.options[0], Op)
            return Choice((*value.options, option if plain else typed_operation(str(option))), value.name)
        if isinstance(value, Choice):
            return Choice(tuple(map(more, value.options)), value.name) if isinstance(value.options[0], Op) else value
        if isinstance(value, Op):
            return Op(value.name, tuple((key, more(inner)) for key, inner in value.params))
        return value

    scales = {key: more(getattr(space, key)) for key in ("channels", "width", "depth", "resolution")}
    cells = tuple((name, _redrawn(graph, more)) for name, graph in space.cells)
    return replace(space, network=_redrawn(space.network, more), cells=cells, **scales)


def _redrawn(graph: Graph, more: Callable[[Any], Any]) -> Graph:
    nodes = tuple(replace(node, **{key: more(getattr(node, key)) for key in node.__slots__}) for node in graph.nodes)
    return replace(graph, nodes=nodes, edges=tuple(replace(edge, op=more(edge.op)) for edge in graph.edges))
