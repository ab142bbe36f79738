"""A sheet as plain data for the browser: every graph laid out, with its nodes, edges and candidates in words and sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nas_explorer.spaces import Choice, Edge, Graph, Node, Op, SearchSpace
from nas_explorer.spaces.values import SKIP, options_of
from nas_explorer.views.layout import Link, Spacing
from nas_explorer.views.markup import fitted, text_width
from nas_explorer.widgets.space_editor_board import Place, Sheet
from nas_explorer.widgets.space_editor_layout import laid
from nas_explorer.widgets.space_editor_palette import drawn_operation, merged
from nas_explorer.widgets.space_editor_words import (
    LONGEST_NAME,
    PRESENCE_WORDS,
    as_typed,
    operation_words,
    repeat_words,
    shape_words,
    shown_names,
    title,
    what_is_missing,
)

Json = dict[str, Any]

MOST_DRAWN = 400                   # nodes of one graph: a browser that gets more would stand still
MANY_EDGES = 24                    # past it, words on edges would fill the page
MOST_TILES = 6                     # candidates shown on an edge or node; the inspector has them all
TILE, CHIP, NODE = 23.0, 28.0, 44.0
SPACING = Spacing(node_gap=48, first_lane=46, lane_gap=54, head=13, corner=16, margin=28)


def drawn_sheet(sheet: Sheet) -> Json:
    """Every graph of the space under its name, the network under "", and the operations that they number.

    Positions and sizes are pixels, y downwards. Texts are plain: whoever draws them must not read them as markup.
    """
    space, places, draw = sheet.space, instances(sheet.space), _Drawer(sheet)
    limits = {rule.graph: as_typed(rule.limit) for rule in space.constraints if rule.kind == "max_edges"}
    graphs = {name: draw.graph(name, graph) | {"instances": places.get(name, 0), "most_edges": limits.get(name, "")}
              for name, graph in (("", space.network), *space.cells)}
    scales = {key: as_typed(getattr(space, key)) for key in ("channels", "width", "depth", "resolution")}
    return {"graphs": graphs, "operations": draw.operations, "scales": scales}


def instances(space: SearchSpace) -> dict[str, int]:
    """How many places of the network each cell stands in, repeats included; a repeat to be chosen counts with its most."""
    counts: dict[str, int] = {}
    waiting = [("", 1)]
    while waiting:
        graph_name, times = waiting.pop()
        graph = space.cell(graph_name)
        hosts: list[tuple[Op | Choice, int]] = [(edge.op, 1) for edge in graph.edges]
        hosts += [(node.op, max(options_of(node.repeat or 1))) for node in graph.nodes]
        for what, repeat in hosts:
            for option in options_of(what):
                if option.name in dict(space.cells):
                    counts[option.name] = min(counts.get(option.name, 0) + times * repeat, 10**9)
                    waiting.append((option.name, min(times * repeat, 10**9)))
        if len(waiting) > 10_000:
            return counts
    return counts


class _Drawer:
    """Draws the graphs of one sheet; what stands at a place is a list of [number of the operation, is it on]."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.cells = {cell for cell, _ in sheet.space.cells}
        self.operations: list[Json] = []
        self._numbers: dict[Op, int] = {}

    def graph(self, name: str, graph: Graph) -> Json:
        """One graph: `routed` says whether edges come with their points, or the browser finds a way between own positions."""
        if len(graph.names) > MOST_DRAWN:
            return {"title": title(name), "nodes": [], "edges": [], "width": 0, "height": 0, "routed": True,
                    "too_many": len(graph.names)}
        shown, compact = shown_names(graph), len(graph.edges) > MANY_EDGES
        nodes = [_input(graph, each, shown[each]) for each in graph.inputs]
        nodes += [self.node(name, graph, node, shown[node.name]) for node in graph.nodes]
        edges = [self.edge(name, edge, f"{shown[edge.source]} → {shown[edge.target]}", compact) for edge in graph.edges]
        place = {n: i for i, n in enumerate(graph.names)}
        links = tuple(Link(place[e["source"]], place[e["target"]], e["width"], CHIP if e["width"] else 0.0) for e in edges)
        places = laid([(n["width"], n["height"]) for n in nodes], links, SPACING)
        own = {n: self.sheet.positions[name, n] for n in graph.names if (name, n) in self.sheet.positions}
        for node, placed in zip(nodes, places.nodes, strict=True):
            x, y = own.get(node["name"], (placed.x, placed.y))
            node |= {"x": round(x, 1), "y": round(y, 1), "width": round(placed.width, 1)}
        for edge, routed in zip(edges, places.edges, strict=True):
            edge |= {"points": [[round(x, 1), round(y, 1)] for x, y in routed.points], "label": [round(z, 1) for z in routed.label]}
        return {"title": title(name), "nodes": nodes, "edges": edges, "width": round(places.width), "height": round(places.height),
                "routed": not own, "too_many": 0}

    def node(self, graph_name: str, graph: Graph, node: Node, shown: str) -> Json:
        offered = self.candidates((graph_name, node.name), node.op)
        kind, into = _kind(node, self.cells), graph.into(node.name)
        subtitle = " · ".join(filter(None, [shown, *shape_words(node)]))
        label, repeat = operation_words(node.op) if isinstance(node.op, Op) else "", repeat_words(node)
        picked = sum(edge.presence == "picked" for edge in into)
        return {"name": node.name, "shown": fitted(shown, 12, LONGEST_NAME), "kind": kind, "label": label,
                "subtitle": fitted(subtitle, 11, 220), "candidates": offered, "height": NODE,
                "width": _node_width(kind, shown, label, subtitle, repeat, len(offered)),
                "is_output": node.name == graph.output, "merge": node.merge, "pick": node.pick, "inputs": len(into),
                "picked": picked, "repeat": as_typed(node.repeat), "repeat_words": repeat, "shared": node.shared,
                "channels": as_typed(node.channels), "stride": as_typed(node.stride), "problem": what_is_missing(graph, node, picked),
                "cell": next((self.operations[i]["name"] for i, _ in offered if self.operations[i]["cell"]), "")}

    def edge(self, graph_name: str, edge: Edge, shown: str, compact: bool) -> Json:
        offered = self.candidates((graph_name, str(edge)), edge.op)
        plain = len(offered) == 1 and edge.op == SKIP
        words = "" if compact else PRESENCE_WORDS.get(edge.presence, "")
        label = "" if plain or len(offered) > 1 else self.label(offered)
        strip = 0.0 if plain else text_width(label, 12) + 40 if label else _strip_width(len(offered)) + 7
        width = strip + (text_width(words, 11) + 18 if words else 0) + (6 if words and strip else 0)
        return {"source": edge.source, "target": edge.target, "shown": shown, "presence": edge.presence, "words": words,
                "candidates": offered, "plain": plain, "text": label, "width": round(width)}

    def candidates(self, place: Place, what: Op | Choice) -> list[list[Any]]:
        """All that stood at a place in this session, in its order; those that are switched off now keep their slots."""
        on = options_of(what)
        return [[self.number(op), op in on] for op in merged(self.sheet.offered.get(place, ()), on)]

    def number(self, op: Op) -> int:
        if op not in self._numbers:
            self._numbers[op] = len(self.operations)
            self.operations.append(drawn_operation(op, self.cells))
        return self._numbers[op]

    def label(self, offered: Sequence[list[Any]]) -> str:
        first: Mapping[str, Any] | None = next((self.operations[i] for i, on in offered if on), None)
        return fitted(" ".join(filter(None, [first["label"], first["details"]])), 12, LONGEST_NAME) if first else ""


# ---- kinds and sizes
def _input(graph: Graph, name: str, shown: str) -> Json:
    shown = fitted(shown, 12, LONGEST_NAME)
    return {"name": name, "shown": shown, "kind": "input", "candidates": [], "width": _round_width(shown), "height": NODE,
            "is_output": name == graph.output, "problem": ""}


def _kind(node: Node, cells: set[str]) -> str:
    if node.op == SKIP:
        return "merge"
    if isinstance(node.op, Choice):
        return "choice"
    return "cell" if node.op.name in cells else "operation"


def _round_width(shown: str) -> float:
    return max(NODE, round(text_width(fitted(shown, 12, LONGEST_NAME), 12) + 26))


def _node_width(kind: str, shown: str, label: str, subtitle: str, repeat: str, candidates: int) -> float:
    if kind == "merge":
        return _round_width(shown)
    head = _strip_width(candidates) + 16 if kind == "choice" else text_width(label, 12) + (46 if kind == "operation" else 24)
    room = text_width(repeat, 12) + 16 if repeat else 0
    return round(max(84.0, head + room, text_width(subtitle, 11) + 24))


def _strip_width(candidates: int) -> float:
    return min(candidates, MOST_TILES) * TILE + (26 if candidates > MOST_TILES else 0)
