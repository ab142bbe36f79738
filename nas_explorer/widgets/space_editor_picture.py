"""A graph of a space as a static SVG: for a saved notebook without a kernel, for GitHub, and for slides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nas_explorer.views.cell_drawing import arrowhead
from nas_explorer.views.markup import box, circle, document, fitted, glyph, group, polyline, text, text_width
from nas_explorer.views.palette import Palette, mixed, palette
from nas_explorer.widgets.space_editor_board import Sheet
from nas_explorer.widgets.space_editor_drawing import CHIP, MOST_TILES, TILE, drawn_sheet

Json = Mapping[str, Any]
_MARGIN, _HEAD = 12.0, 30.0
_SIDE = 20.0                       # of a tile


def graph_svg(sheet: Sheet, graph: str, theme: str = "light") -> str:
    """One graph of the space, "" for the network.

    Raises:
        InvalidSpace: if there is no such graph.
        UnknownName: if there is no such theme.
    """
    sheet.space.cell(graph)
    drawing, colours = drawn_sheet(sheet), palette(theme)
    content, width, height = _panel(drawing, graph, colours)
    return document(content, width, height, spoken(sheet, drawing, graph), colours)


def sheet_svg(sheet: Sheet, theme: str = "light") -> str:
    """Every graph of the space, the network first, one below the other."""
    drawing, colours = drawn_sheet(sheet), palette(theme)
    content, y, width = text(_MARGIN + 4, 26, f"Space {sheet.space.name}", colours, size=15, weight=600), 40.0, 0.0
    for name in drawing["graphs"]:
        part, part_width, part_height = _panel(drawing, name, colours)
        content += group(part, y=y)
        y, width = y + part_height, max(width, part_width)
    words = "; ".join(spoken(sheet, drawing, name) for name in drawing["graphs"])
    return document(content, width, y, words, colours)


def spoken(sheet: Sheet, drawing: Json, graph: str) -> str:
    """
    >>> from nas_explorer.spaces import nas_bench_201
    >>> sheet = Sheet(nas_bench_201())
    >>> spoken(sheet, drawn_sheet(sheet), "cell")[:55]
    'cell of nas_bench_201: in → 1 one of 5, in → 2 one of 5'
    """
    drawn = drawing["graphs"][graph]
    edges = [f"{edge['shown']} {_choice_words(edge['candidates'])}".rstrip() for edge in drawn["edges"]]
    return f"{drawn['title']} of {sheet.space.name}: {', '.join(edges)}"


def _choice_words(candidates: Sequence[Any]) -> str:
    on = sum(1 for _, is_on in candidates if is_on)
    return f"one of {on}" if on > 1 else ""


def _panel(drawing: Json, name: str, colours: Palette) -> tuple[str, float, float]:
    graph, operations = drawing["graphs"][name], drawing["operations"]
    nodes = {node["name"]: node for node in graph["nodes"]}
    left = min((node["x"] - node["width"] / 2 for node in nodes.values()), default=0.0)
    corners = [point for edge in graph["edges"] for point in _points(edge, nodes, graph["routed"])]
    top = min([node["y"] - node["height"] / 2 for node in nodes.values()] + [y for _, y in corners], default=0.0)
    right = max([node["x"] + node["width"] / 2 for node in nodes.values()] + [x for x, _ in corners], default=0.0)
    bottom = max([node["y"] + node["height"] / 2 + 24 for node in nodes.values()] + [y for _, y in corners], default=0.0)
    content = "".join(_edge_line(edge, nodes, graph["routed"], colours) for edge in graph["edges"])
    content += "".join(_edge_label(edge, nodes, graph["routed"], operations, colours) for edge in graph["edges"])
    content += "".join(_node(node, operations, colours) for node in graph["nodes"])
    heading = text(_MARGIN + 4, 20, graph["title"], colours, weight=600, fill=colours.ink_2)
    if graph["too_many"]:
        heading += text(_MARGIN + 4, 44, f"{graph['too_many']:,} nodes, too many to draw", colours)
    moved = group(content, x=_MARGIN - left, y=_HEAD + 16 - top)
    return heading + moved, max(right - left + 2 * _MARGIN, 320.0), bottom - top + _HEAD + 16 + _MARGIN


def _points(edge: Json, nodes: Json, routed: bool) -> list[tuple[float, float]]:
    if routed:
        return [(x, y) for x, y in edge["points"]]
    source, target = nodes[edge["source"]], nodes[edge["target"]]
    return [_outline(source, target), _outline(target, source)]


def _outline(node: Json, other: Json) -> tuple[float, float]:
    """Where the straight line to another node leaves this one."""
    dx, dy = other["x"] - node["x"], other["y"] - node["y"]
    scale = 1 / max(abs(dx) / (node["width"] / 2), abs(dy) / (node["height"] / 2), 1e-6)
    return node["x"] + dx * min(scale, 1.0), node["y"] + dy * min(scale, 1.0)


def _edge_line(edge: Json, nodes: Json, routed: bool, colours: Palette) -> str:
    points = _points(edge, nodes, routed)
    stroke = mixed(colours.ink, colours.bg, 0.55)
    dashes = "6 5" if edge["presence"] in ("optional", "loose", "fallback") else ""
    return polyline(points, stroke, width=1.75, dashes=dashes) + arrowhead(points[-2], points[-1], stroke)


def _edge_label(edge: Json, nodes: Json, routed: bool, operations: Sequence[Json], colours: Palette) -> str:
    if not edge["width"]:
        return ""
    points = _points(edge, nodes, routed)
    x, y = edge["label"] if routed else ((points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2)
    words_width = text_width(edge["words"], 11) + 18 if edge["words"] else 0.0
    left, content = x - edge["width"] / 2, ""
    if not edge["plain"]:
        strip = edge["width"] - words_width - (6 if words_width else 0)
        content += box(left, y - CHIP / 2, strip, CHIP, colours.bg, radius=7, stroke=colours.line_2)
        content += _tiles(edge["candidates"], operations, left + 5, y - _SIDE / 2, colours)
        if edge["text"]:
            content += text(left + 5 + TILE + 3, y + 4, edge["text"], colours, weight=500)
        left += strip + 6
    if edge["words"]:
        content += box(left, y - 10, words_width, 20, colours.bg, radius=10, stroke=colours.line_2, dashes="3 3")
        content += text(left + words_width / 2, y + 4, edge["words"], colours, size=11, anchor="middle", fill=colours.ink_2)
    return content


def _tiles(candidates: Sequence[Any], operations: Sequence[Json], x: float, y: float, colours: Palette) -> str:
    content = ""
    for place, (number, is_on) in enumerate(candidates[:MOST_TILES]):
        operation, at = operations[number], x + place * TILE
        colour = colours.brand if operation["cell"] else colours.operations[operation["family"]]
        if is_on:
            tile = box(at, y, _SIDE, _SIDE, colour, radius=5, fill_opacity=0.13, stroke=colour, stroke_opacity=0.38)
            content += group(tile + glyph(operation["glyph"], at + 3, y + 3, _SIDE - 6, colour, colours), title=operation["label"])
        else:
            content += box(at, y, _SIDE, _SIDE, "none", radius=5, stroke=colours.line_2, dashes="3 2")
    if len(candidates) > MOST_TILES:
        more = f"+{len(candidates) - MOST_TILES}"
        content += text(x + MOST_TILES * TILE + 2, y + 14, more, colours, size=11, weight=600, fill=colours.ink_2)
    return content


def _node(node: Json, operations: Sequence[Json], colours: Palette) -> str:
    x, y, width, height = node["x"], node["y"], node["width"], node["height"]
    left, top = x - width / 2, y - height / 2
    if node["kind"] in ("input", "merge"):
        shape = box(left, top, width, height, colours.bg, radius=height / 2, stroke=colours.ink_2, stroke_width=1.5)
        return shape + _pick(node, colours) + text(x, y + 4, node["shown"], colours, weight=600, anchor="middle")
    stroke = colours.brand if node["kind"] == "cell" else colours.line_2
    fill = colours.brand_bg if node["kind"] == "cell" else colours.bg
    content = box(left, top, width, height, fill, radius=8, stroke=stroke, stroke_width=1.5) + _pick(node, colours)
    content += text(x, y + 16, fitted(node["subtitle"], 11, width - 8), colours, size=11, anchor="middle", fill=colours.ink_2)
    tiles = [] if node["kind"] == "cell" else node["candidates"] if node["kind"] == "choice" else node["candidates"][:1]
    words = "" if node["kind"] == "choice" else node["label"]
    head = min(len(tiles), MOST_TILES) * TILE + (26 if len(tiles) > MOST_TILES else 0)
    total = head + text_width(words, 12) + (text_width(node["repeat_words"], 12) + 8 if node["repeat_words"] else 0)
    at = x - total / 2
    content += _tiles(tiles, operations, at, top + 3, colours)
    content += text(at + head + 2, top + 18, words, colours, weight=500)
    return content + text(x + total / 2, top + 18, node["repeat_words"], colours, weight=700, anchor="end", fill=colours.brand_ink)


def _pick(node: Json, colours: Palette) -> str:
    if not node.get("pick"):
        return ""
    words = f"{node['pick']} of {node['picked']}"
    width = text_width(words, 11) + 16
    x, y = node["x"] + node["width"] / 2 - 4, node["y"] + node["height"] / 2 + 8
    return (circle(node["x"], node["y"], node["width"] / 2 + 6, "none", stroke=colours.ink_2, width=1)
            + box(x, y, width, 18, colours.bg, radius=9, stroke=colours.line_2)
            + text(x + width / 2, y + 13, words, colours, size=11, weight=600, anchor="middle"))
