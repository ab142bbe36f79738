"""Which edge or node of a graph asks for which decision, and what the decision is called there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from nas_explorer.spaces import Choice, Decision, Edge, Graph, Node, SearchSpace
from nas_explorer.spaces.decisions import named, picks, prefix_of
from nas_explorer.spaces.values import SKIP, options_of
from nas_explorer.views.supernet_parts import HostedEdge, HostedNode, Presence

Kind = Literal["operation", "inputs", "presence", "value"]


class Hosts:
    """The decisions of one graph, each at the edge or node that asks for it.

    Attributes:
        kinds: decision id -> what is chosen.
    """

    def __init__(self, space: SearchSpace, scope: str, cell: str, found: Sequence[Decision]) -> None:
        self.scope, self.cell, self.decisions = scope, cell, found
        self.graph: Graph = space.cell(cell)
        self.prefix = prefix_of(cell, scope)
        self.title = f"{cell} in {scope.rstrip('/')}" if scope else cell or "network"
        ids = {decision.id for decision in found}
        self.kinds: dict[str, Kind] = dict.fromkeys(ids, "value")
        self.of_edge: dict[tuple[str, str], list[str]] = {}
        self.of_node: dict[str, list[str]] = {}
        hosted: set[str] = set()
        for node in self.graph.nodes:
            mine = [decision.id for decision in found if decision.id not in hosted and self._is_of_node(decision.id, node)]
            self.of_node[node.name] = mine
            hosted.update(mine)
        for edge in self.graph.edges:
            mine = [i for i in self._edge_ids(edge) if i in ids and i not in hosted]
            self.of_edge[edge.source, edge.target] = mine
            hosted.update(mine)
        self.unhosted = [decision.id for decision in found if decision.id not in hosted]

    # ---- who asks
    def operation_id(self, edge: Edge) -> str:
        """The decision that chooses what stands on an edge, empty if nobody does."""
        chosen = isinstance(edge.op, Choice) and len(edge.op.options) > 1
        return named(edge.op, f"{self.prefix}{edge}", self.prefix) if chosen else ""

    def _edge_ids(self, edge: Edge) -> Iterator[str]:
        host = f"{self.prefix}{edge}"
        operation = self.operation_id(edge) or host
        if self.operation_id(edge):
            self._note(operation, "operation")
            yield operation
        if edge.presence == "optional":
            self._note(f"{host}.on", "presence")
            yield f"{host}.on"
        for option in options_of(edge.op):
            for key, value in option.params:
                if isinstance(value, Choice):
                    yield named(value, f"{operation}.{option.name}.{key}", self.prefix)

    def _is_of_node(self, decision_id: str, node: Node) -> bool:
        rest = decision_id.removeprefix(f"{self.prefix}{node.name}")
        if isinstance(node.op, Choice) and decision_id == named(node.op, f"{self.prefix}{node.name}.op", self.prefix):
            self._note(decision_id, "operation")
            return True
        if rest == decision_id or rest[:1] not in (".", "["):
            return False
        if rest == ".inputs":
            self._note(decision_id, "inputs")
        elif rest.endswith(".op"):
            self._note(decision_id, "operation")
        return True

    def _note(self, decision_id: str, kind: Kind) -> None:
        if decision_id in self.kinds:
            self.kinds[decision_id] = kind

    # ---- in words
    def name(self, node: str) -> str:
        """A cell's only input is `in`, an output that only merges is `out`."""
        if self.graph.inputs == (node,) and "in" not in self.graph.names:
            return "in"
        merges = any(n.name == node and n.op == SKIP for n in self.graph.nodes)
        return "out" if node == self.graph.output and merges and "out" not in self.graph.names else node

    def words(self, decision_id: str) -> tuple[str, str]:
        """(label, short) of a decision."""
        for (source, target), ids in self.of_edge.items():
            if decision_id in ids:
                what = decision_id.rpartition("→")[2].partition(".")[2].rpartition(".")[2] if "→" in decision_id else ""
                what = "" if what == "on" else what
                return f"{self.name(source)} → {self.name(target)} {what}".rstrip(), f"from {self.name(source)} {what}".rstrip()
        for node, ids in self.of_node.items():
            if decision_id in ids:
                short = _short(decision_id.removeprefix(f"{self.prefix}{node}"))
                return f"{self.name(node)} {short}", short
        plain = decision_id.removeprefix(self.prefix)
        return plain, plain

    # ---- for the layout
    def nodes(self, index: dict[str, int]) -> tuple[HostedNode, ...]:
        return tuple(HostedNode(self.name(name), tuple(index[i] for i in self.of_node.get(name, ()))) for name in self.graph.names)

    def edges(self, index: dict[str, int]) -> tuple[HostedEdge, ...]:
        place = {name: i for i, name in enumerate(self.graph.names)}
        return tuple(
            HostedEdge(
                place[edge.source],
                place[edge.target],
                tuple(index[i] for i in self.of_edge[edge.source, edge.target]),
                index.get(self.operation_id(edge)),
                self._presence(edge, index),
            )
            for edge in self.graph.edges
            if edge.presence not in ("loose", "fallback")
        )

    def _presence(self, edge: Edge, index: dict[str, int]) -> Presence | None:
        """The decision and its options, by their numbers in the space, under which the edge is there."""
        if edge.presence == "optional":
            return Presence(index[f"{self.prefix}{edge}.on"], (1,))
        options = picks(self.graph, self.graph[edge.target]) if edge.presence == "picked" else []
        if len(options) < 2:
            return None
        return Presence(index[f"{self.prefix}{edge.target}.inputs"], tuple(i for i, o in enumerate(options) if edge.source in o))

    def rest(self, index: dict[str, int]) -> tuple[int, ...]:
        """Decisions of no node and no edge, such as the network's width."""
        return tuple(index[i] for i in self.unhosted)


def _short(rest: str) -> str:
    """
    >>> _short(".mbconv.kernel"), _short("[1].op"), _short(".inputs"), _short(".op")
    ('kernel', '[1]', 'reads', 'operation')
    """
    copy = rest[: rest.index("]") + 1] if rest.startswith("[") else ""
    last = rest.rpartition(".")[2]
    words = {"op": "" if copy else "operation", "inputs": "reads"}.get(last, last)
    return f"{copy} {words}".strip()
