"""Which operations a graph uses, cells among them, and the same graph with some of them under other names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.values import Choice, Op, options_of


def used_operations(graph: Graph) -> set[str]:
    """The names of all operations on the nodes and edges of a graph."""
    return {option.name for what in graph.operations() for option in options_of(what)}


def renamed_operations(graph: Graph, names: Mapping[str, str]) -> Graph:
    """The graph with operations under other names; those that are not mentioned keep theirs."""
    def renamed(what: Op | Choice) -> Op | Choice:
        if isinstance(what, Op):
            return replace(what, name=names.get(what.name, what.name))
        return Choice(tuple(replace(option, name=names.get(option.name, option.name)) for option in options_of(what)), what.name)

    if not used_operations(graph) & set(names):
        return graph
    return replace(graph, nodes=tuple(replace(node, op=renamed(node.op)) for node in graph.nodes),
                   edges=tuple(replace(edge, op=renamed(edge.op)) for edge in graph.edges))
