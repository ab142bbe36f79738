"""Gestures on more than one node: cells, what comes from the clipboard, and places."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces import Op, fragments, grouping
from nas_explorer.widgets.space_editor_board import Point, Sheet
from nas_explorer.widgets.space_editor_edits import Done, graph_of, listed
from nas_explorer.widgets.space_editor_messages import Given
from nas_explorer.widgets.space_editor_places import forget, laid_out, settled
from nas_explorer.widgets.space_editor_words import shown_name


def group(sheet: Sheet, given: Given) -> Done:
    name, graph = graph_of(sheet, given)
    nodes = given.names("nodes")
    cell = given.text("cell") if "cell" in given else None
    known = dict(sheet.space.cells)
    space = grouping.group(sheet.space, name, nodes, cell)
    new = next(cell for cell, _ in space.cells if cell not in known)
    middle = _middle(sheet, name, nodes)
    stand_in = next(node.name for node in space.cell(name).nodes if node.op == Op(new))
    words = listed([shown_name(graph, node) for node in nodes])
    return settled(replace(sheet, space=space), name, {stand_in: middle} if middle else {}), f"group {words} into {new}"


def ungroup(sheet: Sheet, given: Given) -> Done:
    name, _ = graph_of(sheet, given)
    node = given.text("node")
    return settled(replace(sheet, space=grouping.ungroup(sheet.space, name, node)), name), f"write {node} out"


def rename_cell(sheet: Sheet, given: Given) -> Done:
    old, new = given.text("graph"), given.text("name")
    return forget(replace(sheet, space=grouping.rename_cell(sheet.space, old, new)), sheet, old, graph_name=new), f"rename {old} to {new}"


def paste(sheet: Sheet, given: Given) -> Done:
    name, _ = graph_of(sheet, given)
    space = fragments.paste(sheet.space, name, given.json("fragment"))
    return settled(replace(sheet, space=space), name), "paste"


def move(sheet: Sheet, given: Given) -> Done:
    """Put nodes somewhere; from then on every node of this graph stays where it is."""
    name, graph = graph_of(sheet, given)
    points = given.points("points")
    for node in points:
        if node not in graph.names:
            raise InvalidSpace(f"{node} was not moved. There is no such node any more.")
    words = listed([shown_name(graph, node) for node in points])
    positions = {**laid_out(sheet, name), **{(name, node): at for node, at in points.items()}}
    return replace(sheet, positions=MappingProxyType(positions)), f"move {words}"


def lay_out(sheet: Sheet, given: Given) -> Done:
    name, _ = graph_of(sheet, given)
    kept = {place: at for place, at in sheet.positions.items() if place[0] != name}
    return replace(sheet, positions=MappingProxyType(kept)), "lay out"


def _middle(sheet: Sheet, name: str, nodes: tuple[str, ...]) -> Point | None:
    points = [sheet.positions[name, node] for node in nodes if (name, node) in sheet.positions]
    return (sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)) if points else None
