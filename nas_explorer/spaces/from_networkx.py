"""A networkx graph as a space in which nothing is open yet: every operation is the only candidate of its place."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import networkx as nx

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.builder import as_op
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.nodes import Edge, Node
from nas_explorer.spaces.primitives import PRIMITIVES
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import FORBIDDEN, SKIP, Choice, Op, listed

FIELDS = ("merge", "channels", "stride", "repeat", "align", "like")         # of a node, taken over as they are


def space_from_networkx(graph: nx.DiGraph, name: str = "drawn", input_channels: int = 3, **settings: Any) -> SearchSpace:
    """Read a directed graph; nodes without predecessors are the inputs, the one without successors is the output.

    A node's or edge's attribute `op` is an operation, its name, or a choice of operations; without it, values pass
    unchanged. Other attributes that are parameters of the operation (`kernel=3`) go to it, `channels` and `stride` as well,
    and `merge`, `repeat`, `align` and `like` to the node; all others are left out. Signs that a name may not hold become "_".

    >>> graph = nx.DiGraph()
    >>> graph.add_node("conv1", op="conv", kernel=3, channels=8)
    >>> graph.add_edges_from([("image", "conv1"), ("conv1", "pool")])
    >>> graph.nodes["pool"]["op"] = "global_pool"
    >>> space = space_from_networkx(graph)
    >>> [(node.name, str(node.op)) for node in space.network.nodes]
    [('conv1', 'conv_3x3(channels=8)'), ('pool', 'global_pool')]

    Args:
        settings: of the space: channels, resolution, dimensions, ...

    Raises:
        InvalidSpace: if the graph has a cycle, parallel edges, no input or several outputs, or an `op` that is none.
    """
    _check(graph)
    order = list(nx.lexicographical_topological_sort(graph, key=_rank(graph)))
    names = _names(order)
    inputs = tuple(names[node] for node in order if graph.in_degree(node) == 0)
    nodes = tuple(_node(names[node], graph.nodes[node], names) for node in order if graph.in_degree(node))
    edges = tuple(Edge(names[source], names[target], _operation(data, f"edge {source} → {target}"))
                  for target in order for source, _, data in graph.in_edges(target, data=True))
    drawn = Graph(inputs, nodes, edges)
    return SearchSpace(name, drawn, input_channels=(input_channels,) * len(inputs), **settings)


def _check(graph: nx.DiGraph) -> None:
    if not graph.is_directed() or graph.is_multigraph():
        raise InvalidSpace("a directed graph without parallel edges is needed: a networkx.DiGraph")
    try:
        circle = [str(source) for source, *_ in nx.find_cycle(graph)]
    except nx.NetworkXNoCycle:
        circle = []
    if circle:
        raise InvalidSpace(f"the graph has a cycle: {' → '.join((*circle, circle[0]))}")
    outputs = [node for node in graph if graph.out_degree(node) == 0 and graph.in_degree(node)]
    if len(outputs) != 1:
        raise InvalidSpace(f"the graph must have one output, a node that leads nowhere; it has {listed(outputs)}; "
                           "join them in one node")


def _rank(graph: nx.DiGraph) -> Any:
    """The order in which nodes were added, so that the drawing reads as it was written; the output comes last."""
    places = {node: i for i, node in enumerate(graph)}
    return lambda node: (graph.out_degree(node) == 0, places[node])


def _names(order: list[Hashable]) -> dict[Hashable, str]:
    """Node -> its name in the drawing."""
    found: dict[Hashable, str] = {}
    for node in order:
        name = str(node)
        for sign in FORBIDDEN:
            name = name.replace(sign, "_")
        found[node] = name
    if len(set(found.values())) < len(found):
        raise InvalidSpace(f"node names must differ, got {listed(found.values())}")
    return found


def _node(name: str, data: Mapping[str, Any], names: Mapping[Hashable, str]) -> Node:
    fields: dict[str, Any] = {key: data[key] for key in FIELDS if key in data}
    if "like" in fields:
        fields["like"] = names.get(fields["like"], fields["like"])
    what = _operation(data, f"node {name}")
    if isinstance(what, Op) and what != SKIP:          # then it is the operation that changes shapes, and not the merge before it
        shapes: dict[str, Any] = {key: fields.pop(key) for key in ("channels", "stride") if key in fields}
        shapes.update(what.params)
        what = Op(what.name, tuple(shapes.items()))
    return Node(name, what, **fields)


def _operation(data: Mapping[str, Any], place: str) -> Op | Choice:
    try:
        what = as_op(data.get("op", SKIP))
    except InvalidSpace as error:
        raise InvalidSpace(f"{place}: {error}") from error
    if isinstance(what, Choice) or what.name not in PRIMITIVES:
        return what                                # type: ignore[no-any-return]
    known = {*PRIMITIVES[what.name].defaults, "features"}
    given = {key: Choice(value) if isinstance(value, tuple) else value for key, value in data.items() if key in known}
    given.update(what.params)
    return Op(what.name, tuple(given.items()))
