"""The gestures of the editor by the names that the browser sends, and those that draw nodes and edges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from nas_explorer.errors import InvalidSpace, UnknownName
from nas_explorer.spaces import Choice, Graph, Op, gestures
from nas_explorer.widgets.space_editor_board import Sheet
from nas_explorer.widgets.space_editor_candidates import offer, set_parameter, toggle
from nas_explorer.widgets.space_editor_cells import group, lay_out, move, paste, rename_cell, ungroup
from nas_explorer.widgets.space_editor_edits import Done, edge_of, edited, graph_of, listed, palette_operation, typed, value_words
from nas_explorer.widgets.space_editor_messages import Given
from nas_explorer.widgets.space_editor_places import forget
from nas_explorer.widgets.space_editor_settings import rename_space, set_device, set_limit, set_scale
from nas_explorer.widgets.space_editor_words import shown_edge, shown_name

FIELDS = ("repeat", "channels", "stride", "merge", "pick", "shared")


def apply(sheet: Sheet, gesture: str, given: Given) -> Done:
    """
    Raises:
        InvalidOption: if there is no such gesture or its arguments are malformed.
        InvalidSpace: if the edit was refused; the first sentence says what was not done, the rest why.
    """
    if gesture not in GESTURES:
        raise UnknownName("gesture", gesture, GESTURES)
    return GESTURES[gesture](sheet, given)


# ---- nodes and edges
def add_node(sheet: Sheet, given: Given) -> Done:
    name, graph = graph_of(sheet, given)
    new = gestures.free_name(graph.names)
    op = palette_operation(sheet, given.text("key")) if "key" in given else Op("skip")
    at = {new: given.point("at")} if "at" in given else {}
    return edited(sheet, name, lambda g, _: gestures.add_node(g, new, op=op), at), f"add node {new}"


def connect(sheet: Sheet, given: Given) -> Done:
    name, graph = graph_of(sheet, given)
    source, target = given.text("source"), given.text("target")
    what = _usual_operation(graph)
    done = edited(sheet, name, lambda g, to: gestures.connect(g, to(source), to(target), what))
    return done, f"connect {shown_edge(graph, source, target)}"


def insert(sheet: Sheet, given: Given) -> Done:
    name, graph = graph_of(sheet, given)
    source, target = edge_of(given)
    new = gestures.free_name(graph.names)
    done = edited(sheet, name, lambda g, to: g.insert(new, to(source), to(target)))
    return done, f"put node {new} on {shown_edge(graph, source, target)}"


def reroute(sheet: Sheet, given: Given) -> Done:
    name, graph = graph_of(sheet, given)
    source, target = edge_of(given)
    new_source, new_target = given.text("source"), given.text("target")
    done = edited(sheet, name, lambda g, to: gestures.reroute(g, (to(source), to(target)), to(new_source), to(new_target)))
    return done, f"move {shown_edge(graph, source, target)} to {shown_edge(graph, new_source, new_target)}"


def remove(sheet: Sheet, given: Given) -> Done:
    name, graph = graph_of(sheet, given)
    nodes, edges = given.names("nodes"), given.pairs("edges")
    done = edited(sheet, name, lambda g, to: gestures.remove(g, map(to, nodes), [(to(a), to(b)) for a, b in edges]))
    words = [shown_name(graph, node) for node in nodes] or [shown_edge(graph, *edge) for edge in edges]
    return done, f"remove {listed(words)}"


def duplicate(sheet: Sheet, given: Given) -> Done:
    name, graph = graph_of(sheet, given)
    nodes = given.names("nodes")
    done = edited(sheet, name, lambda g, to: gestures.duplicate(g, tuple(map(to, nodes))))
    return done, f"duplicate {listed([shown_name(graph, node) for node in nodes])}"


def rename(sheet: Sheet, given: Given) -> Done:
    name, graph = graph_of(sheet, given)
    old, new = given.text("node"), given.text("name")
    done = edited(sheet, name, lambda g, to: gestures.rename(g, to(old), new))
    return forget(done, sheet, name, {old: new}), f"rename {shown_name(graph, old)} to {new}"


def set_output(sheet: Sheet, given: Given) -> Done:
    name, graph = graph_of(sheet, given)
    node = given.text("node")
    return edited(sheet, name, lambda g, to: gestures.set_output(g, to(node))), f"make {shown_name(graph, node)} the output"


def set_field(sheet: Sheet, given: Given) -> Done:
    """repeat, channels, stride, merge, pick or shared of a node, as typed: `2`, `16, 32`, `2C`, empty for none."""
    name, graph = graph_of(sheet, given)
    node, field = given.text("node"), given.text("field")
    if field not in FIELDS:
        raise UnknownName("field", field, FIELDS)
    value = given.flag("value") if field == "shared" else typed(given.text("value", least=0))
    value = 1 if value is None and field == "stride" else value
    if field == "pick" and value is not None:
        _check_pick(graph, node, value)
    done = edited(sheet, name, lambda g, to: gestures.change(g, to(node), **{field: value}))
    return done, _field_words(graph, node, field, value)


def set_presence(sheet: Sheet, given: Given) -> Done:
    name, graph = graph_of(sheet, given)
    (source, target), presence = edge_of(given), given.text("presence")
    done = edited(sheet, name, lambda g, to: gestures.set_presence(g, (to(source), to(target)), presence))
    return done, f"make {shown_edge(graph, source, target)} {'always there' if presence == 'always' else presence}"


GESTURES: Mapping[str, Callable[[Sheet, Given], Done]] = MappingProxyType({gesture.__name__: gesture for gesture in (
    add_node, connect, insert, reroute, remove, duplicate, rename, set_output, set_field, set_presence, toggle, offer, set_parameter,
    group, ungroup, rename_cell, paste, move, lay_out, set_limit, set_scale, rename_space, set_device)})


def _usual_operation(graph: Graph) -> Op | Choice:
    """What most edges of the graph carry: a new edge offers the same."""
    drawn = [edge.op for edge in graph.edges]
    return max(drawn, key=drawn.count) if drawn else Op("skip")


def _check_pick(graph: Graph, node: str, pick: Any) -> None:
    """A drawing may pick more than flows in while somebody draws; typing such a number is a slip."""
    most = sum(edge.presence in ("always", "picked") for edge in graph.into(node))
    if not isinstance(pick, int) or isinstance(pick, bool) or not 1 <= pick <= most:
        raise InvalidSpace(f"{shown_name(graph, node)} was not changed. {most} of its inputs may be picked, so it can use 1 to {most} "
                           f"of them, got {pick!r:.40}; make optional inputs always there to pick from more.")


def _field_words(graph: Graph, node: str, field: str, value: Any) -> str:
    shown = shown_name(graph, node)
    if field == "pick":
        return f"use all inputs of {shown}" if value is None else f"pick {value} inputs at {shown}"
    if field == "repeat":
        return f"run {shown} once" if value is None else f"repeat {shown} ×{value_words(value)}"
    return f"set {field} of {shown} to {'default' if value is None else value_words(value)}"
