"""A graph of nodes and edges, and the gestures that draw it. Building and editing are the same gestures."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.builder import Drawn, Word, as_op, ops_in
from nas_explorer.spaces.nodes import Edge, Node
from nas_explorer.spaces.values import SKIP, Choice, Op, check_name, listed


@dataclass(frozen=True, slots=True)
class Graph:
    """A directed acyclic graph in an order in which it can run: every edge goes from an earlier to a later node.

    Every gesture returns a new graph; undo is keeping the old one.

    >>> cell = Graph().input("0").node("1", ["0"]).node("2", {"0": "skip", "1": "none"})
    >>> [str(edge) for edge in cell.edges]
    ['0→1', '0→2', '1→2']
    """

    inputs: tuple[str, ...] = ()
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    out: str | None = None           # the output; None: the last node
    _into: Mapping[str, tuple[Edge, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in self.inputs:
            check_name(name, "an input")
        order = {name: i for i, name in enumerate(self.names)}
        if len(order) < len(self.names):
            raise InvalidSpace(f"node names must differ, got {listed(self.names)}")
        self._check_edges(order)
        for node in self.nodes:
            if node.like is not None and order.get(node.like, len(order)) >= order[node.name]:
                raise InvalidSpace(f"node {node.name!r}: like must name an earlier node, got {node.like!r}")
        if self.out is not None and self.out not in order:
            raise InvalidSpace(f"the output must be a node of the graph, got {self.out!r}; it has {listed(order)}")
        into: dict[str, list[Edge]] = {name: [] for name in order}
        for edge in self.edges:
            into[edge.target].append(edge)
        object.__setattr__(self, "_into", {name: tuple(edges) for name, edges in into.items()})
        # Only the order among the edges of one node means anything, so that two drawings that differ in the rest are equal.
        object.__setattr__(self, "edges", tuple(edge for edges in into.values() for edge in edges))

    def _check_edges(self, order: Mapping[str, int]) -> None:
        pairs = set()
        for edge in self.edges:
            for end in (edge.source, edge.target):
                if end not in order:
                    raise InvalidSpace(f"edge {edge}: there is no node {end!r}; the graph has {listed(order)}")
            if edge.target in self.inputs:
                raise InvalidSpace(f"edge {edge} enters an input; draw it from {edge.target!r} to a node")
            if order[edge.source] >= order[edge.target]:
                way = way_between(edge.target, edge.source, self.edges)
                raise InvalidSpace(f"edge {edge} would close a cycle: {' → '.join((*way, edge.target))}" if way else
                                   f"edge {edge} runs backwards: list node {edge.source!r} before {edge.target!r}")
            if (edge.source, edge.target) in pairs:
                raise InvalidSpace(f"edge {edge} is drawn twice; put a node on one of the two, or a choice on one edge")
            pairs.add((edge.source, edge.target))

    def problems(self) -> Iterator[str]:
        """What is unfinished. A half-drawn graph is a legal value; one with problems has no architectures."""
        if not self.names:
            yield "there is nothing in it; draw an input and a node"
        for node in self.nodes:
            picked = sum(edge.presence == "picked" for edge in self.into(node.name))
            if not self.into(node.name):
                yield f"node {node.name!r} has no incoming edge; draw one or erase the node"
            if (node.pick or 0) > picked or (node.pick is None and picked):
                yield f"node {node.name!r} picks {node.pick or 0} of its incoming edges, but {picked} may be picked"

    @property
    def names(self) -> tuple[str, ...]:
        """Inputs and nodes, in the order in which they run."""
        return self.inputs + tuple(node.name for node in self.nodes)

    @property
    def output(self) -> str:
        """The node whose value leaves the graph."""
        return self.out or self.names[-1]

    def into(self, name: str) -> tuple[Edge, ...]:
        """The edges that end at a node, in the order in which they were drawn."""
        return self._into[name]

    def out_of(self, name: str) -> tuple[Edge, ...]:
        """The edges that start at a node."""
        return tuple(edge for edge in self.edges if edge.source == name)

    def operations(self) -> tuple[Op | Choice, ...]:
        """What stands on the edges, then on the nodes."""
        return (*(edge.op for edge in self.edges), *(node.op for node in self.nodes))

    def __getitem__(self, name: str) -> Node:
        for node in self.nodes:
            if node.name == name:
                return node
        raise InvalidSpace(f"there is no node {name!r}; the graph has {listed(node.name for node in self.nodes)}")

    # ---- gestures
    def input(self, *names: str) -> Graph:
        """Add inputs."""
        return replace(self, inputs=self.inputs + names)

    def node(self, name: str, sources: Iterable[str] | Mapping[str, Word | Drawn], before: str | None = None,
             **fields: Any) -> Graph:
        """Draw a node with its incoming edges: a list of sources, or {source: operation, choice or optional(...)}."""
        if isinstance(sources, str):
            raise InvalidSpace(f"node {name!r}: sources must be a list or a mapping, got the text {sources!r}")
        drawn: Mapping[str, Any] = sources if isinstance(sources, Mapping) else dict.fromkeys(sources, SKIP)
        presence = "picked" if fields.get("pick") else "always"
        edges = tuple(_edge(source, name, what, presence) for source, what in drawn.items())
        at = len(self.nodes) if before is None else self.nodes.index(self[before])
        nodes = (*self.nodes[:at], Node(name, **ops_in(fields)), *self.nodes[at:])
        return replace(self, nodes=nodes, edges=self.edges + edges)

    def edge(self, source: str, target: str, what: Word | Drawn = SKIP) -> Graph:
        """Draw one more edge, or redraw it. Nodes are put in another order if that makes room for it.

        Raises:
            InvalidSpace: if the edge would close a cycle; the message is a sentence about it.
        """
        way = () if target in self.inputs else way_between(target, source, self.edges)
        if way:
            raise InvalidSpace(f"It would close a cycle: {' → '.join((*way, target))}.")
        picks = any(node.name == target and node.pick for node in self.nodes)
        new = _edge(source, target, what, "picked" if picks else "always")
        # A redrawn edge stays in its place: the first source gives a node its channels.
        drawn = tuple(new if (edge.source, edge.target) == (source, target) else edge for edge in self.edges)
        edges = drawn if new in drawn else (*drawn, new)
        return replace(self, nodes=runnable(self.inputs, self.nodes, edges), edges=edges, out=self._same_output(edges))

    def ends_at(self, name: str) -> Graph:
        """Let this node be the output, wherever it stands."""
        return replace(self, out=name)

    def insert(self, name: str, source: str, target: str, **fields: Any) -> Graph:
        """Put a new node on an edge: its operation stays behind the new node."""
        split = self._found(source, target)
        graph = self.node(name, [source], before=target, **fields)
        edges = tuple(replace(edge, source=name) if edge is split else edge for edge in graph.edges)
        return replace(graph, edges=edges)

    def change(self, name: str, **fields: Any) -> Graph:
        """Redraw a node with other fields. If it starts or stops picking, its plain edges become picked or plain."""
        old = self[name]
        edges, new = self.edges, replace(old, **ops_in(fields))
        if bool(new.pick) != bool(old.pick):
            before, after = ("always", "picked") if new.pick else ("picked", "always")
            edges = tuple(replace(edge, presence=after) if (edge.target, edge.presence) == (name, before) else edge
                          for edge in edges)
        return replace(self, nodes=tuple(new if node is old else node for node in self.nodes), edges=edges)

    def rename(self, old: str, new: str) -> Graph:
        """Decisions keep their positions, so an architecture moves by from_indices(new, to_indices(old, ...))."""
        if old not in self.names:
            raise InvalidSpace(f"there is no node {old!r}; the graph has {listed(self.names)}")

        def swap(name: str | None) -> Any:
            return new if name == old else name

        return Graph(tuple(map(swap, self.inputs)),
                     tuple(replace(n, name=swap(n.name), like=swap(n.like)) for n in self.nodes),
                     tuple(replace(e, source=swap(e.source), target=swap(e.target)) for e in self.edges),
                     swap(self.out))

    def without(self, source: str, target: str | None = None) -> Graph:
        """Erase an edge, or a node with its edges and what named it."""
        if target is not None:
            erased = self._found(source, target)
            return replace(self, edges=tuple(edge for edge in self.edges if edge is not erased))
        nodes = tuple(replace(n, like=None) if n.like == source else n for n in self.nodes if n is not self[source])
        edges = tuple(edge for edge in self.edges if source not in (edge.source, edge.target))
        return replace(self, nodes=nodes, edges=edges, out=None if self.out == source else self.out)

    def _found(self, source: str, target: str) -> Edge:
        for edge in self.edges:
            if (edge.source, edge.target) == (source, target):
                return edge
        raise InvalidSpace(f"there is no edge {source}→{target}; the graph has {listed(self.edges)}")

    def _same_output(self, edges: tuple[Edge, ...]) -> str | None:
        """Reordering must not silently make another node the last one, and so the output."""
        moved = runnable(self.inputs, self.nodes, edges)
        return self.output if moved and moved[-1] is not self.nodes[-1] else self.out


def way_between(start: str, end: str, edges: Iterable[Edge]) -> tuple[str, ...]:
    """The nodes along a shortest way, both ends included; empty if there is none.

    >>> graph = Graph().input("0").node("1", ["0"]).node("2", ["0", "1"]).node("3", ["2"])
    >>> way_between("0", "3", graph.edges)
    ('0', '2', '3')
    """
    leads: dict[str, list[str]] = {}
    for edge in edges:
        leads.setdefault(edge.source, []).append(edge.target)
    ways: dict[str, tuple[str, ...]] = {start: (start,)}
    waiting = deque([start])
    while waiting and end not in ways:
        at = waiting.popleft()
        for target in leads.get(at, ()):
            if target not in ways:
                ways[target] = (*ways[at], target)
                waiting.append(target)
    return ways.get(end, ())


def _edge(source: str, target: str, what: Any, presence: str) -> Edge:
    if isinstance(what, Drawn):
        return Edge(source, target, what.what, what.presence)
    return Edge(source, target, as_op(what), presence)


def runnable(inputs: tuple[str, ...], nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> tuple[Node, ...]:
    """The nodes, moved as little as needed so that sources come first. Where a cycle is left, the order is kept."""
    needs = {node.name: {node.like} - {None} for node in nodes}
    for edge in edges:
        needs.setdefault(edge.target, set()).add(edge.source)
    done: set[str | None] = set(inputs)
    order: list[Node] = []
    waiting = list(nodes)
    while waiting:
        free = next((node for node in waiting if needs[node.name] <= done), None)
        if free is None:
            return nodes
        waiting.remove(free)
        order.append(free)
        done.add(free.name)
    return tuple(order)
