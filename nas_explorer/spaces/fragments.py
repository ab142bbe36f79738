"""Copy and paste between drawings: some nodes, the edges between them and the cells that they use, as JSON values."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.gestures import free_name
from nas_explorer.spaces.graph import Graph, runnable
from nas_explorer.spaces.operation_names import renamed_operations, used_operations
from nas_explorer.spaces.primitives import PRIMITIVES, STRUCTURAL
from nas_explorer.spaces.reading import read_cell, read_graph, read_list, read_object, shown
from nas_explorer.spaces.serialize import plain_fields
from nas_explorer.spaces.space import MAX_NODES, SearchSpace
from nas_explorer.spaces.values import listed

FORMAT = 1


def copy(space: SearchSpace, graph: str, names: Collection[str]) -> dict[str, Any]:
    """Some nodes of a graph as plain lists and dicts, to be pasted anywhere.

    Raises:
        InvalidSpace: if none of them is a node.
    """
    host = space.cell(graph)
    nodes = tuple(node for node in host.nodes if node.name in set(names))
    if not nodes:
        raise InvalidSpace(f"Nothing was copied. Choose nodes other than inputs; the graph has {listed(n.name for n in host.nodes)}.")
    inside = {node.name for node in nodes}
    edges = tuple(edge for edge in host.edges if edge.source in inside and edge.target in inside)
    part = Graph((), tuple(node if node.like in inside else replace(node, like=None) for node in nodes), edges)
    cells = [[name, plain_fields(space.cell(name))] for name in _cells_of(space, part)]
    return {"fragment": FORMAT, **plain_fields(part), **({"cells": cells} if cells else {})}


def paste(space: SearchSpace, graph: str, fragment: object) -> SearchSpace:
    """Draw copied nodes into a graph, under free names; a cell of the same name and another drawing gets a free name too.

    Raises:
        InvalidSpace: if the values are no fragment, or the nodes do not fit; what comes from a clipboard is checked as
            a file is, and never executed.
    """
    part, cells = _read(fragment)
    host, cell_names = space.cell(graph), dict[str, str]()
    for name, drawn in cells.items():
        known = dict(space.cells).get(name)
        if known is not None and known != drawn:
            taken = (*dict(space.cells), *cells, *cell_names.values(), *PRIMITIVES, *STRUCTURAL)
            cell_names[name] = free_name(taken, name)
    new = _fresh_names(host, part)
    part = renamed_operations(part, cell_names)
    nodes = (*host.nodes, *(replace(node, name=new[node.name], like=new.get(node.like or "")) for node in part.nodes))
    edges = (*host.edges, *(replace(edge, source=new[edge.source], target=new[edge.target]) for edge in part.edges))
    drawn = replace(host, nodes=runnable(host.inputs, nodes, edges), edges=edges, out=host.output if host.names else None)
    added = tuple((cell_names.get(name, name), renamed_operations(cell, cell_names)) for name, cell in cells.items()
                  if name in cell_names or name not in dict(space.cells))
    return replace(space, cells=(*space.cells, *added)).edit(graph, lambda _: drawn)


def _fresh_names(host: Graph, part: Graph) -> dict[str, str]:
    new: dict[str, str] = {}
    for name in part.names:
        taken = (*host.names, *part.names, *new.values())
        new[name] = free_name(taken, "" if name.isdigit() else name) if name in host.names else name
    return new


def _read(fragment: object) -> tuple[Graph, dict[str, Graph]]:
    """
    Raises:
        InvalidSpace: naming the place.
    """
    if isinstance(fragment, str):
        try:
            fragment = json.loads(fragment)
        except (ValueError, RecursionError) as error:
            raise InvalidSpace("Nothing was pasted. The clipboard holds no nodes of a space.") from error
    known = read_object(fragment, "fragment", {"fragment", "nodes", "edges", "cells"}, needed=("fragment", "nodes"))
    if known["fragment"] != FORMAT or isinstance(known["fragment"], bool):
        raise InvalidSpace(f"fragment: this library reads format {FORMAT}, got {shown(known['fragment'])}")
    cells = [read_cell(cell, f"fragment.cells[{i}]")
             for i, cell in enumerate(read_list(known.get("cells", []), "fragment.cells", MAX_NODES))]
    return read_graph({"nodes": known["nodes"], "edges": known.get("edges", [])}, "fragment"), dict(cells)


def _cells_of(space: SearchSpace, graph: Graph) -> list[str]:
    """The cells that a graph uses, and those that they use, in the order of the space."""
    found: set[str] = set()
    waiting = used_operations(graph) & set(dict(space.cells))
    while waiting:
        found |= waiting
        waiting = {name for cell in waiting for name in used_operations(space.cell(cell)) & set(dict(space.cells))} - found
    return [name for name, _ in space.cells if name in found]
