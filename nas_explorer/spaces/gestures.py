"""What a hand does to a graph while it draws. Every gesture returns a new graph or says in plain words why it did not.

The first sentence of a refusal says what was not done, the rest why. Gestures that need the cells of a space as well are
in grouping.py and fragments.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.builder import Drawn, Word, as_op
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.nodes import Edge
from nas_explorer.spaces.values import SKIP, Choice, Op, Scalar, listed, options_of

Host: TypeAlias = str | tuple[str, str]            # a node, or an edge as (source, target)
T = TypeVar("T")


def free_name(taken: Collection[str], like: str = "") -> str:
    """A name that nobody has: the next number, or a name like the given one with a number behind it.

    >>> free_name(("0", "1", "out")), free_name(("block", "block2"), "block")
    ('2', 'block3')
    """
    if like and like not in taken:
        return like
    stem = like.rstrip("0123456789")
    first = max([int(name) for name in taken if name.isascii() and name.isdigit() and len(name) < 7], default=-1) + 1
    number = first if not stem else int(like[len(stem):][:6] or 1) + 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def add_node(graph: Graph, name: str | None = None, sources: Sequence[str] = (), **fields: Any) -> Graph:
    """Draw a node; without sources it is unfinished until an edge reaches it. The output stays where it was."""
    new = free_name(graph.names) if name is None else name
    drawn = or_refuse(f"Node {new} was not added", lambda: graph.node(new, sources, **fields))
    return replace(drawn, out=graph.output) if graph.nodes else drawn


def connect(graph: Graph, source: str, target: str, what: Word | Drawn = SKIP) -> Graph:
    """Draw an edge that is not there yet.

    >>> cell = Graph().input("0").node("1", ["0"]).node("out", ["1"])
    >>> connect(cell, "out", "1")
    Traceback (most recent call last):
    nas_explorer.errors.InvalidSpace: out → 1 was not added. It would close a cycle: 1 → out → 1.
    """
    return or_refuse(f"{source} → {target} was not added", lambda: _new_edge(graph, source, target, what))


def reroute(graph: Graph, edge: tuple[str, str], source: str | None = None, target: str | None = None) -> Graph:
    """Take one end of an edge to another node; operation and presence go with it, as far as the target allows."""
    old = edge_of(graph, edge)
    new = replace(old, source=source or old.source, target=target or old.target)
    if new == old:
        return graph

    def redrawn() -> Graph:
        rest = graph.without(*edge)
        presence = _fitting(new.presence, picks=_picks(graph, new.target))
        drawn = _new_edge(rest, new.source, new.target, Drawn(new.op, presence))
        # At the same node the edge keeps its rank: the first source gives a node its channels.
        rank = graph.into(old.target).index(old) if new.target == old.target else len(graph.into(new.target))
        into = list(drawn.into(new.target))
        into.insert(rank, into.pop())
        return replace(drawn, edges=(*(edge for edge in drawn.edges if edge.target != new.target), *into))
    return or_refuse(f"{old.source} → {old.target} was not moved to {new.source} → {new.target}", redrawn)


def remove(graph: Graph, nodes: Iterable[str] = (), edges: Iterable[tuple[str, str]] = ()) -> Graph:
    """Erase nodes with all their edges, and single edges."""
    gone = tuple(dict.fromkeys(nodes))
    for name in gone:
        if name in graph.inputs and len(graph.inputs) == 1:
            raise InvalidSpace(f"{name} was not removed. It is the only input; a graph needs one.")
    for source, target in edges:
        if source not in gone and target not in gone:
            graph = graph.without(source, target)
    for name in gone:
        graph = _without_input(graph, name) if name in graph.inputs else graph.without(name)
    return graph


def duplicate(graph: Graph, names: Iterable[str], with_inputs: bool = True) -> Graph:
    """Draw nodes again under free names, with the edges between them, and the edges that enter them from elsewhere."""
    chosen = [node for node in graph.nodes if node.name in set(names)]
    if not chosen:
        raise InvalidSpace(f"Nothing was duplicated. Choose nodes other than inputs; the graph has {listed(n.name for n in graph.nodes)}.")
    twins: dict[str, str] = {}
    for node in chosen:
        twins[node.name] = free_name((*graph.names, *twins.values()), "" if node.name.isdigit() else node.name)
    nodes = tuple(replace(node, name=twins[node.name], like=twins.get(node.like or "", node.like)) for node in chosen)
    edges = tuple(replace(edge, source=twins.get(edge.source, edge.source), target=twins[edge.target])
                  for edge in graph.edges if edge.target in twins and (with_inputs or edge.source in twins))
    return replace(graph, nodes=(*graph.nodes, *nodes), edges=(*graph.edges, *edges), out=graph.output)


def change(graph: Graph, name: str, **fields: Any) -> Graph:
    """Set fields of a node: repeat, merge, pick, channels, stride, shared, align, like. A tuple is a choice."""
    given = {key: Choice(value) if isinstance(value, tuple) else value for key, value in fields.items()}
    return or_refuse(f"Node {name} was not changed", lambda: graph.change(name, **given))


def set_presence(graph: Graph, edge: tuple[str, str], presence: str) -> Graph:
    """Say when an edge is there: always, optional, picked, loose or fallback."""
    old = edge_of(graph, edge)
    if presence == "picked" and not _picks(graph, old.target):
        raise InvalidSpace(f"{old.source} → {old.target} was not changed. Node {old.target} picks none of its edges; "
                           "say how many it picks first.")
    return or_refuse(f"{old.source} → {old.target} was not changed", lambda: _replaced(graph, old, presence=presence))


def set_candidates(graph: Graph, host: Host, options: Sequence[Word]) -> Graph:
    """Say which operations may stand on an edge or node; a single one is fixed. A choice keeps its name."""
    where, old = _words(host), operation_of(graph, host)
    if not options:
        raise InvalidSpace(f"{where} was not changed. Something has to stand there; choose at least one operation, skip or none.")
    name = old.name if isinstance(old, Choice) else None

    def drawn() -> Graph:
        new = tuple(as_op(option) for option in options)
        return with_operation(graph, host, new[0] if len(new) == 1 and name is None else Choice(new, name))
    return or_refuse(f"{where} was not changed", drawn)


def set_parameter(graph: Graph, host: Host, label: str, key: str, value: Scalar | Sequence[Scalar] | None) -> Graph:
    """Set a parameter of the candidate with this label; several values are a choice, None goes back to the default."""
    old = operation_of(graph, host)
    matching = [option for option in options_of(old) if str(option) == label]
    if not matching:
        raise InvalidSpace(f"{_words(host)} was not changed. It offers no {label}; it offers {listed(options_of(old))}.")

    def drawn() -> Graph:
        params = dict(matching[0].params)
        params.pop(key, None) if value is None else params.__setitem__(key, _scalars(value))
        new = Op(matching[0].name, tuple(params.items()))
        options = tuple(new if option is matching[0] else option for option in options_of(old))
        return with_operation(graph, host, Choice(options, old.name) if isinstance(old, Choice) else new)
    return or_refuse(f"{_words(host)} was not changed", drawn)


def rename(graph: Graph, old: str, new: str) -> Graph:
    """Give a node another name. Its decisions get new ids in the same places."""
    return graph if old == new else or_refuse(f"{old} was not renamed", lambda: graph.rename(old, new))


def set_output(graph: Graph, name: str) -> Graph:
    """Let another node be the output."""
    return or_refuse("The output was not moved", lambda: graph.ends_at(name))


# ---- what the gestures share
def edge_of(graph: Graph, edge: tuple[str, str]) -> Edge:
    """
    Raises:
        InvalidSpace: if there is no such edge.
    """
    for drawn in graph.edges:
        if (drawn.source, drawn.target) == tuple(edge):
            return drawn
    raise InvalidSpace(f"There is no edge {' → '.join(map(str, edge))}; the graph has {listed(graph.edges)}.")


def operation_of(graph: Graph, host: Host) -> Op | Choice:
    """What stands on a node or an edge."""
    return graph[host].op if isinstance(host, str) else edge_of(graph, host).op


def with_operation(graph: Graph, host: Host, what: Op | Choice) -> Graph:
    """The graph with something else on a node or an edge."""
    return graph.change(host, op=what) if isinstance(host, str) else _replaced(graph, edge_of(graph, host), op=what)


def _replaced(graph: Graph, old: Edge, **fields: Any) -> Graph:
    new = replace(old, **fields)
    return replace(graph, edges=tuple(new if edge is old else edge for edge in graph.edges))


def _new_edge(graph: Graph, source: str, target: str, what: Word | Drawn) -> Graph:
    for end in (source, target):
        if end not in graph.names:
            raise InvalidSpace(f"There is no node {end!r}; the graph has {listed(graph.names)}.")
    if any((edge.source, edge.target) == (source, target) for edge in graph.edges):
        raise InvalidSpace("It is there already; offer more operations on it, or put a node on it.")
    if target in graph.inputs:
        raise InvalidSpace(f"{target} is an input, which nothing enters.")
    return graph.edge(source, target, what)


def _without_input(graph: Graph, name: str) -> Graph:
    edges = tuple(edge for edge in graph.edges if edge.source != name)
    nodes = tuple(replace(node, like=None) if node.like == name else node for node in graph.nodes)
    return Graph(tuple(other for other in graph.inputs if other != name), nodes, edges, None if graph.out == name else graph.out)


def _picks(graph: Graph, name: str) -> bool:
    return any(node.name == name and node.pick for node in graph.nodes)


def _fitting(presence: str, picks: bool) -> str:
    """A plain edge becomes one to pick from at a node that picks, and the other way round."""
    return "picked" if picks and presence == "always" else "always" if not picks and presence == "picked" else presence


def _scalars(value: Scalar | Sequence[Scalar]) -> Scalar | Choice:
    if isinstance(value, (str, int, float, bool)):
        return value
    return value[0] if len(value) == 1 else Choice(tuple(value))


def _words(host: Host) -> str:
    return f"Node {host}" if isinstance(host, str) else " → ".join(host)


def or_refuse(what: str, edit: Callable[[], T]) -> T:
    try:
        return edit()
    except InvalidSpace as error:
        why = str(error)
        raise InvalidSpace(f"{what}. {why[:1].upper()}{why[1:]}{'' if why.endswith('.') else '.'}") from error
