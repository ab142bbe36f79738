"""Where nodes stand that the user has put somewhere: nothing moves by itself then, and what is new gets a free place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from nas_explorer.spaces import Graph, SearchSpace
from nas_explorer.widgets.space_editor_board import Place, Point, Sheet
from nas_explorer.widgets.space_editor_drawing import drawn_sheet

STEP = 96.0                        # pixels from one node to a new one below it


def laid_out(sheet: Sheet, graph: str) -> dict[Place, Point]:
    """All positions of the sheet, with every node of this graph where it is drawn now."""
    nodes = drawn_sheet(sheet)["graphs"][graph]["nodes"]
    return {**{(graph, node["name"]): (node["x"], node["y"]) for node in nodes}, **sheet.positions}


def settled(sheet: Sheet, name: str, at: Mapping[str, Point] = MappingProxyType({})) -> Sheet:
    """The sheet with a place for every node of a graph where the user has placed others, and without places of lost nodes.

    Args:
        at: where new nodes were dropped. In a graph that is laid out by itself that is only a hint, and left alone.
    """
    graph = sheet.space.cell(name)
    own = {node: at for (g, node), at in sheet.positions.items() if g == name and node in graph.names}
    positions = {place: at for place, at in sheet.positions.items() if place[0] != name}
    if own:
        for node in graph.names:
            own.setdefault(node, at.get(node) or _free(graph, node, own))
    return replace(sheet, positions=MappingProxyType({**positions, **{(name, node): point for node, point in own.items()}}))


def moved_over(sheet: Sheet, space: SearchSpace) -> Sheet:
    """A new space on the board: nodes of graphs that were there before keep the places that the user gave them."""
    graphs = {"": space.network, **dict(space.cells)}
    kept = {place: at for place, at in sheet.positions.items() if place[0] in graphs and place[1] in graphs[place[0]].names}
    moved = replace(sheet, space=space, positions=MappingProxyType(kept), offered=MappingProxyType({}))
    for name in graphs:
        moved = settled(moved, name)
    return moved


def forget(sheet: Sheet, before: Sheet, name: str, nodes: Mapping[str, str] = MappingProxyType({}), graph_name: str = "") -> Sheet:
    """The sheet after a rename: what was known of the old names is now known of the new ones."""
    def renamed(place: Place) -> Place:
        if place[0] != name:
            return place
        ends = [nodes.get(end, end) for end in place[1].split("→")]
        return graph_name or name, "→".join(ends)

    moved = {renamed(place): at for place, at in before.positions.items()}
    offered = {renamed(place): slots for place, slots in before.offered.items()}
    return replace(sheet, positions=MappingProxyType(moved), offered=MappingProxyType(offered))


def _free(graph: Graph, node: str, own: Mapping[str, Point]) -> Point:
    """Right of what flows in, below everything that stands there."""
    sources = [own[edge.source] for edge in graph.into(node) if edge.source in own]
    x = max((x for x, _ in sources), default=min(x for x, _ in own.values())) + STEP
    y = sum(y for _, y in sources) / len(sources) if sources else max(y for _, y in own.values())
    while any(abs(x - other_x) < STEP and abs(y - other_y) < STEP * 0.8 for other_x, other_y in own.values()):
        y += STEP * 0.8
    return x, y
