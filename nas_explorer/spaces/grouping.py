"""Cells out of nodes and back: group nodes into a cell, write a cell's nodes out, rename and erase cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.gestures import free_name, or_refuse
from nas_explorer.spaces.graph import Graph, runnable, way_between
from nas_explorer.spaces.nodes import Edge, Node
from nas_explorer.spaces.operation_names import renamed_operations, used_operations
from nas_explorer.spaces.primitives import PRIMITIVES, STRUCTURAL
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import Choice, Op, listed


def group(space: SearchSpace, graph: str, names: Collection[str], cell: str | None = None) -> SearchSpace:
    """Make a cell of some nodes of a graph; a new node of the same name stands for them and computes the same.

    What the nodes read from outside become the inputs of the cell. The cell can then be used elsewhere and repeated.

    Raises:
        InvalidSpace: if several of the nodes are read outside, or a way leaves the nodes and comes back.
    """
    host = space.cell(graph)
    chosen = [node for node in host.nodes if node.name in set(names)]
    new = free_name((*(known for known, _ in space.cells), *PRIMITIVES, *STRUCTURAL), cell or "cell")
    if cell is not None and new != cell:
        raise InvalidSpace(f"{_list(names)} were not grouped. There is something called {cell} already; try {new}.")
    inside = {node.name for node in chosen}
    output = _only_output(host, inside, names)
    sources = list(dict.fromkeys(
        name for node in chosen for name in (*(edge.source for edge in host.into(node.name)), node.like)
        if name is not None and name not in inside))
    _check_way_back(host, inside, output, names)
    _check_loose(host, inside, names)
    edges = tuple(edge for edge in host.edges if edge.target in inside)
    drawn = Graph(tuple(sources), tuple(chosen), edges, out=output if output != chosen[-1].name else None)
    standing = free_name(host.names, new)
    outer = _with_stand_in(host, inside, output, Node(standing, Op(new), merge="inputs" if len(sources) > 1 else "sum"), sources)
    grown = replace(space, cells=(*space.cells, (new, drawn)))
    return or_refuse(f"{_list(names)} were not grouped", lambda: grown.edit(graph, lambda _: outer))


def ungroup(space: SearchSpace, graph: str, name: str) -> SearchSpace:
    """Write the nodes of a cell out in place of the node that stands for it; the cell stays in the space.

    Raises:
        InvalidSpace: if the node has no single cell on it, repeats it, or gives it other channels.
    """
    host, what = space.cell(graph), f"Node {name} was not written out"
    node = host[name]
    if not isinstance(node.op, Op) or node.op.name not in dict(space.cells):
        raise InvalidSpace(f"{what}. It must carry one cell, and nothing to choose from; it carries {_operation_words(node)}.")
    if node.repeat not in (None, 1) or not node.shared:
        raise InvalidSpace(f"{what}. Its cell is repeated; set repeats to 1 first.")
    if dict(node.op.params).get("channels", "C") != "C":
        raise InvalidSpace(f"{what}. Its cell runs with other channels ({dict(node.op.params)['channels']}); set them to C first.")
    inner = space.cell(node.op.name)
    kept: tuple[Node, ...] = ()
    if node.merge == "inputs":
        read = dict(zip(inner.inputs, (edge.source for edge in host.into(name)), strict=True))
    else:
        # What merges the edges of the node stays, under another name, in front of the cell.
        before = free_name(host.names, f"{name} in")
        read = dict.fromkeys(inner.inputs, before)
        kept = (replace(node, name=before, op=Op("skip")),)
    return or_refuse(what, lambda: space.edit(graph, lambda _: _written_out(host, name, inner, read, kept)))


def rename_cell(space: SearchSpace, old: str, new: str) -> SearchSpace:
    """Give a cell another name, wherever it is used."""
    space.cell(old)
    names = {old: new}
    return or_refuse(f"Cell {old} was not renamed", lambda: replace(
        space, network=renamed_operations(space.network, names),
        cells=tuple((names.get(name, name), renamed_operations(graph, names)) for name, graph in space.cells),
        constraints=tuple(replace(rule, graph=names.get(rule.graph, rule.graph)) for rule in space.constraints)))


def without_cell(space: SearchSpace, name: str) -> SearchSpace:
    """Erase a cell that nobody uses."""
    space.cell(name)
    users = [known or "the network" for known, graph in (("", space.network), *space.cells) if name in used_operations(graph)]
    if users:
        raise InvalidSpace(f"Cell {name} was not removed. It is used in {listed(users)}; take it out there first.")
    return or_refuse(f"Cell {name} was not removed", lambda: replace(
        space, cells=tuple(pair for pair in space.cells if pair[0] != name)))


def _only_output(host: Graph, inside: Collection[str], names: Collection[str]) -> str:
    """The one of these nodes that is read outside; while somebody draws and nothing is, the one that ends them."""
    if not inside:
        raise InvalidSpace(f"Nothing was grouped. Choose nodes other than inputs; the graph has {listed(n.name for n in host.nodes)}.")
    read = {edge.source for edge in host.edges if edge.source in inside and edge.target not in inside}
    read |= {node.like for node in host.nodes if node.like is not None and node.like in inside and node.name not in inside}
    read |= {host.output} & set(inside)
    ends = read or set(inside) - {edge.source for edge in host.edges}
    if len(ends) != 1:
        found = ", ".join(name for name in host.names if name in ends)
        raise InvalidSpace(f"{_list(names)} were not grouped. A cell has one output, but {found} are read "
                           f"{'outside' if read else 'by nobody'}; add a node that merges them, and group it as well.")
    return ends.pop()


def _check_way_back(host: Graph, inside: Collection[str], output: str, names: Collection[str]) -> None:
    for edge in host.edges:
        if edge.target in inside and edge.source not in inside:
            way = way_between(output, edge.source, host.edges)
            if way:
                raise InvalidSpace(f"{_list(names)} were not grouped. The cell would close a cycle: "
                                   f"{' → '.join((*way, edge.target))}; group what lies between as well.")


def _check_loose(host: Graph, inside: Collection[str], names: Collection[str]) -> None:
    for edge in host.edges:
        if edge.presence == "loose" and (edge.source in inside) != (edge.target in inside):
            raise InvalidSpace(f"{_list(names)} were not grouped. {edge} is there only if nobody else reads {edge.source}, "
                               "and a cell cannot see who does; draw it always first.")


def _with_stand_in(host: Graph, inside: Collection[str], output: str, node: Node, sources: list[str]) -> Graph:
    """The graph with one node in place of many."""
    entering = tuple(Edge(source, node.name) for source in sources)
    kept = tuple(replace(edge, source=node.name) if edge.source == output else edge
                 for edge in host.edges if edge.target not in inside)
    rank = next(i for i, other in enumerate(host.nodes) if other.name == output)
    nodes = tuple(node if i == rank else replace(other, like=node.name) if other.like == output else other
                  for i, other in enumerate(host.nodes) if i == rank or other.name not in inside)
    edges = (*kept, *entering)
    out = node.name if host.output == output else host.output
    ordered = runnable(host.inputs, nodes, edges)
    return Graph(host.inputs, ordered, edges, None if ordered[-1].name == out else out)


def _written_out(host: Graph, name: str, inner: Graph, read: Mapping[str, str], kept: tuple[Node, ...]) -> Graph:
    """The graph with the nodes of a cell in place of one; the output of the cell takes over its name."""
    names = dict(read)
    for node in inner.nodes:
        names[node.name] = name if node.name == inner.output else free_name((*host.names, *names.values()), node.name)
    nodes = [replace(node, name=names[node.name], like=names.get(node.like or "")) for node in inner.nodes]
    edges = [replace(edge, source=names[edge.source], target=names[edge.target]) for edge in inner.edges]
    if inner.output in inner.inputs:
        nodes.append(Node(name))
        edges.append(Edge(names[inner.output], name))
    rank = host.nodes.index(host[name])
    outer = [replace(edge, target=kept[0].name) if edge.target == name and kept else edge
             for edge in host.edges if edge.target != name or kept]
    drawn = (*host.nodes[:rank], *kept, *nodes, *host.nodes[rank + 1:])
    every = (*outer, *edges)
    ordered = runnable(host.inputs, drawn, every)
    return Graph(host.inputs, ordered, every, None if ordered[-1].name == host.output else host.output)


def _operation_words(node: Node) -> str:
    return listed(node.op.options) if isinstance(node.op, Choice) else str(node.op)


def _list(names: Collection[str]) -> str:
    return ", ".join(names) or "Nothing"
