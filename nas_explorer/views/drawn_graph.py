"""What one architecture leaves of a graph of its space: the edges that are there, and what stands on them.

Read from the drawing with the same words as the tracer (`present_edges`, `named`, `stem`), so it cannot tell another story.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from nas_explorer.spaces import SearchSpace
from nas_explorer.spaces.decisions import decisions, named, prefix_of, stem
from nas_explorer.spaces.nodes import Node
from nas_explorer.spaces.presence import Uses, present_edges
from nas_explorer.spaces.values import Choice, Op, Scalar, options_of

PLAIN = "skip"  # where nothing was to be decided, a skip is just a line


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """
    Attributes:
        operations: labels of what runs here, one a copy; empty if the node only merges.
        alive: whether a path from an input to the output runs through it.
        marked: whether a halo draws the eye to it.
    """

    name: str
    operations: tuple[str, ...] = ()
    alive: bool = True
    marked: bool = False


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """`operation` is a label like conv_3x3, or empty for a plain line; `source` and `target` number the nodes."""

    source: int
    target: int
    operation: str = ""
    alive: bool = True
    marked: bool = False


@dataclass(frozen=True, slots=True)
class DrawnGraph:
    """Nodes in the order in which they run, inputs first."""

    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]
    inputs: int
    output: int


def drawn_graph(space: SearchSpace, architecture: Mapping[str, Scalar], graph: str = "", scope: str = "") -> DrawnGraph:
    """One graph of the space as this architecture has it; `scope` is "blocks[2]/" inside copies that decide alone.

    Raises:
        InvalidSpace: if there is no such cell, or the space is unfinished.
        KeyError: if the architecture lacks a decision that the graph asks for.
    """
    drawing, prefix = space.cell(graph), prefix_of(graph, scope)
    reader = _Reader(architecture, prefix)
    place = {name: i for i, name in enumerate(drawing.names)}
    widths = {decision.id: len(decision.options) for decision in decisions(space)}
    nodes, edges = [DrawnNode(name) for name in drawing.inputs], []
    uses: Uses = {}
    for node in drawing.nodes:
        for edge, _ in present_edges(drawing, node, prefix, uses, reader.select, widths):
            label = reader.label(edge.op, f"{prefix}{edge}")
            plain = label == PLAIN and not isinstance(edge.op, Choice)
            edges.append(DrawnEdge(place[edge.source], place[node.name], "" if plain else label))
        nodes.append(DrawnNode(node.name, reader.operations(node)))
    found = DrawnGraph(tuple(nodes), tuple(edges), len(drawing.inputs), place[drawing.output])
    return with_life(without_relays(found))


class _Reader:
    """Looks the options of one architecture up."""

    def __init__(self, architecture: Mapping[str, Scalar], prefix: str) -> None:
        self.architecture, self.prefix = architecture, prefix
        self.select: Callable[[str, tuple[Scalar, ...]], tuple[int, ...]] = lambda key, options: (options.index(architecture[key]),)

    def chosen(self, value: object, decision_id: str) -> object:
        if not isinstance(value, Choice) or len(value.options) == 1:
            return options_of(value)[0]
        return value.options[value.labels.index(self.architecture[decision_id])]

    def label(self, what: Op | Choice, host: str) -> str:
        """The operation with all its parameters settled, as `str(Op)` writes it."""
        decision_id = named(what, host, self.prefix)
        option = self.chosen(what, decision_id)
        assert isinstance(option, Op)
        return str(
            Op(
                option.name,
                tuple(
                    (key, self.chosen(value, named(value, f"{stem(decision_id, option)}.{key}", self.prefix)))  # type: ignore[misc]
                    for key, value in option.params
                ),
            )
        )

    def operations(self, node: Node) -> tuple[str, ...]:
        host = f"{self.prefix}{node.name}"
        repeat = self.chosen(node.repeat or 1, f"{host}.repeat")
        assert isinstance(repeat, int)
        labels = tuple(self.label(node.op, f"{host}.op" if node.shared else f"{host}[{copy}].op") for copy in range(repeat))
        return () if set(labels) == {PLAIN} and not isinstance(node.op, Choice) else labels


def without_relays(graph: DrawnGraph) -> DrawnGraph:
    """Leave out nodes that only hand one edge on: ENAS' blocks pick an edge for each side and then add the two sides."""
    into, out = _incident(graph)
    for i, node in enumerate(graph.nodes):
        is_relay = graph.inputs <= i != graph.output and not node.operations and len(into[i]) == len(out[i]) == 1
        if is_relay and not (graph.edges[into[i][0]].operation and graph.edges[out[i][0]].operation):
            return without_relays(_joined(graph, i, into[i][0], out[i][0]))
    return graph


def _joined(graph: DrawnGraph, node: int, first: int, second: int) -> DrawnGraph:
    def renumbered(i: int) -> int:
        return i - (i > node)

    edges = []
    for i, edge in enumerate(graph.edges):
        if i == second:
            edge = DrawnEdge(graph.edges[first].source, edge.target, graph.edges[first].operation or edge.operation)
        if i != first:
            edges.append(replace(edge, source=renumbered(edge.source), target=renumbered(edge.target)))
    nodes = tuple(n for i, n in enumerate(graph.nodes) if i != node)
    return DrawnGraph(nodes, tuple(edges), graph.inputs, renumbered(graph.output))


def with_life(graph: DrawnGraph) -> DrawnGraph:
    """Mark what no path from an input to the output runs through; `none` lets nothing pass."""
    into, out = _incident(graph)
    reached, needed = set(range(graph.inputs)), {graph.output}
    for i in range(len(graph.nodes)):
        if any(graph.edges[e].operation != "none" and graph.edges[e].source in reached for e in into[i]):
            reached.add(i)
    for i in reversed(range(len(graph.nodes))):
        if any(graph.edges[e].operation != "none" and graph.edges[e].target in needed for e in out[i]):
            needed.add(i)
    living = reached & needed
    nodes = tuple(replace(node, alive=i in living) for i, node in enumerate(graph.nodes))
    edges = tuple(replace(e, alive=e.operation != "none" and {e.source, e.target} <= living) for e in graph.edges)
    return replace(graph, nodes=nodes, edges=edges)


def _incident(graph: DrawnGraph) -> tuple[list[list[int]], list[list[int]]]:
    """For each node the numbers of the edges into it and out of it."""
    into: list[list[int]] = [[] for _ in graph.nodes]
    out: list[list[int]] = [[] for _ in graph.nodes]
    for i, edge in enumerate(graph.edges):
        into[edge.target].append(i)
        out[edge.source].append(i)
    return into, out
