"""Draws a graph of an architecture: round nodes on a line, edges with the sign and name of their operation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from nas_explorer.views.drawn_graph import DrawnEdge, DrawnGraph, DrawnNode
from nas_explorer.views.layout import Layout, Link, PlacedNode, Point, RoutedEdge, Spacing, metro
from nas_explorer.views.markup import Drawing, box, fitted, glyph, group, number, text, text_width
from nas_explorer.views.operation_look import OperationLook, operation_look
from nas_explorer.views.palette import Palette

_LONGEST_LABEL = 130.0  # pixels of text on a chip; longer names are cut, the tooltip has them whole
_FADED = 0.35  # of what no path to the output runs through
_TIP = 2.0  # from an arrowhead to its node


class _Style:
    """Sizes: wide for pages of their own, compact for the side panel of a widget."""

    def __init__(self, compact: bool) -> None:
        self.compact = compact
        self.node = 30.0 if compact else 38.0
        self.chip, self.sign, self.font = (22.0, 14.0, 11.0) if compact else (26.0, 16.0, 12.0)
        self.spacing = (
            Spacing(node_gap=56, first_lane=42, lane_gap=44, head=11, corner=14, margin=12)
            if compact
            else Spacing(node_gap=60, first_lane=50, lane_gap=54, head=13, corner=18, margin=16)
        )


def cell_drawing(graph: DrawnGraph, palette: Palette, compact: bool = False) -> Drawing:
    """`compact` leaves only the sign on edges between neighbours."""
    style = _Style(compact)
    names = node_names(graph)
    sizes = tuple(_node_size(node, name, style) for node, name in zip(graph.nodes, names, strict=True))
    layout = metro(sizes, tuple(_link(edge, style) for edge in graph.edges), style.spacing)
    lines = "".join(_edge(edge, routed, palette, style) for edge, routed in _by_life(graph.edges, layout))
    chips = "".join(_chip(edge, routed, palette, style) for edge, routed in _by_life(graph.edges, layout))
    nodes = "".join(_node(node, name, placed, palette, style) for node, name, placed in zip(graph.nodes, names, layout.nodes, strict=True))
    return Drawing(lines + chips + nodes, layout.width, layout.height)


def node_names(graph: DrawnGraph) -> list[str]:
    """What stands in the nodes: a single input is `in`, the output `out`, all others have their own names."""
    names = [node.name for node in graph.nodes]
    if graph.inputs == 1:
        names[0] = "in"
    if not graph.nodes[graph.output].operations:
        names[graph.output] = "out"
    return names


def _by_life(edges: Sequence[DrawnEdge], layout: Layout) -> list[tuple[DrawnEdge, RoutedEdge]]:
    """The dead first, so that the living run over them."""
    return sorted(zip(edges, layout.edges, strict=True), key=lambda pair: pair[0].alive)


# ---- sizes
def _words(look: OperationLook, font: float) -> str:
    details = f" {look.details}" if look.details else ""
    return fitted(look.label + details, font, _LONGEST_LABEL)


def _chip_width(words: str, style: _Style) -> float:
    return style.sign + 22 + (text_width(words, style.font) + 4 if words else -10)


def _link(edge: DrawnEdge, style: _Style) -> Link:
    if not edge.operation:
        return Link(edge.source, edge.target)
    words = "" if style.compact and edge.target == edge.source + 1 else _words(operation_look(edge.operation), style.font)
    return Link(edge.source, edge.target, round(_chip_width(words, style)), style.chip)


def _node_size(node: DrawnNode, name: str, style: _Style) -> tuple[float, float]:
    if node.operations:
        return round(_chip_width(_node_words(node, style), style) + 8), style.node
    return round(max(style.node, text_width(name, style.font) + 18)), style.node


def _node_words(node: DrawnNode, style: _Style) -> str:
    words = _words(operation_look(node.operations[0]), style.font)
    return f"{words} ×{len(node.operations)}" if len(node.operations) > 1 else words


# ---- shapes
def _colour(edge: DrawnEdge, palette: Palette) -> str:
    return palette.operations[operation_look(edge.operation).family] if edge.operation else palette.ink_2


def _edge(edge: DrawnEdge, routed: RoutedEdge, palette: Palette, style: _Style) -> str:
    colour, none = _colour(edge, palette), edge.operation == "none"
    end = point_before(routed.points[-2], routed.points[-1], _TIP)
    stop = point_before(routed.points[-2], end, 8.0)
    dashes = ' stroke-dasharray="4 4"' if none else ""
    width = 1.25 if none else 2.0
    line = (
        f'<path d="{rounded_path((*routed.points[:-1], stop), style.spacing.corner)}" fill="none" stroke="{colour}" '
        f'stroke-width="{number(width)}"{dashes}/>'
    )
    head = "" if none else arrowhead(routed.points[-2], end, colour)
    return group(line + head, opacity=1.0 if edge.alive else _FADED)


def rounded_path(points: Sequence[Point], corner: float) -> str:
    """Path data of straight pieces with round corners."""
    data = f"M{number(points[0][0])} {number(points[0][1])}"
    for i, (before, at) in enumerate(pairwise(points), start=1):
        if i == len(points) - 1:
            return data + f"L{number(at[0])} {number(at[1])}"
        after = points[i + 1]
        radius = min(corner, math.dist(before, at) / 2, math.dist(at, after) / 2)
        (ax, ay), (bx, by) = point_before(before, at, radius), point_before(after, at, radius)
        data += f"L{number(ax)} {number(ay)}Q{number(at[0])} {number(at[1])} {number(bx)} {number(by)}"
    return data


def point_before(start: Point, end: Point, distance: float) -> Point:
    """The point `distance` before the end of a straight piece."""
    length = math.dist(start, end) or 1.0
    share = distance / length
    return end[0] - (end[0] - start[0]) * share, end[1] - (end[1] - start[1]) * share


def arrowhead(start: Point, tip: Point, colour: str) -> str:
    """A drawn head, not an SVG marker: many readers of static SVG know none."""
    length = math.dist(start, tip) or 1.0
    ux, uy = (tip[0] - start[0]) / length, (tip[1] - start[1]) / length
    corners = [
        tip,
        (tip[0] - 9 * ux - 4.4 * uy, tip[1] - 9 * uy + 4.4 * ux),
        (tip[0] - 7.4 * ux, tip[1] - 7.4 * uy),
        (tip[0] - 9 * ux + 4.4 * uy, tip[1] - 9 * uy - 4.4 * ux),
    ]
    return f'<path d="M{"L".join(f"{number(x)} {number(y)}" for x, y in corners)}z" fill="{colour}"/>'


def _chip(edge: DrawnEdge, routed: RoutedEdge, palette: Palette, style: _Style) -> str:
    if not edge.operation:
        return ""
    look, link = operation_look(edge.operation), _link(edge, style)
    colour = palette.operations[look.family]
    x, y = routed.label[0] - link.label_width / 2, routed.label[1] - style.chip / 2
    words = _words(look, style.font) if link.label_width > style.sign + 13 else ""
    pale = 1.0 if edge.alive else 0.5
    # The ground is opaque, so that no line runs through the words; it stays so where the chip itself is pale.
    ground = box(x, y, link.label_width, style.chip, palette.bg, radius=6)
    fill = box(
        x,
        y,
        link.label_width,
        style.chip,
        colour,
        radius=6,
        stroke=colour,
        fill_opacity=0.11 * pale,
        stroke_opacity=0.5 * pale,
        dashes="3 3" if edge.operation == "none" else "",
    )
    inset = 9.0 if words else (link.label_width - style.sign) / 2
    sign = glyph(look.glyph, x + inset, y + (style.chip - style.sign) / 2, style.sign, colour, palette)
    label = (
        text(
            x + inset + style.sign + 6,
            y + style.chip / 2 + style.font * 0.36,
            words,
            palette,
            size=style.font,
            weight=500,
            fill=palette.ink if edge.alive else palette.ink_3,
        )
        if words
        else ""
    )
    marks = group(sign, opacity=0.6) if not edge.alive else sign
    around = halo(x, y, link.label_width, style.chip, 6, palette) if edge.marked else ""
    return group(around + ground + fill + marks + label, title=f"{look.label} {look.details}".rstrip())


def _node(node: DrawnNode, name: str, placed: PlacedNode, palette: Palette, style: _Style) -> str:
    x, y = placed.x - placed.width / 2, placed.y - placed.height / 2
    if node.operations:
        return _operation_node(node, name, placed, palette, style)
    outline = palette.ink_2 if node.alive else palette.ghost
    shape = box(
        x,
        y,
        placed.width,
        placed.height,
        palette.bg,
        radius=placed.height / 2,
        stroke=outline,
        stroke_width=1.5,
        dashes="" if node.alive else "4 3",
    )
    return shape + text(
        placed.x,
        placed.y + style.font * 0.36,
        name,
        palette,
        size=style.font,
        weight=600,
        anchor="middle",
        fill=palette.ink if node.alive else palette.ink_3,
    )


def _operation_node(node: DrawnNode, name: str, placed: PlacedNode, palette: Palette, style: _Style) -> str:
    look = operation_look(node.operations[0])
    colour, words = palette.operations[look.family], _node_words(node, style)
    x, y = placed.x - placed.width / 2, placed.y - placed.height / 2
    shape = box(x, y, placed.width, placed.height, palette.bg, radius=placed.height / 2)
    fill = box(x, y, placed.width, placed.height, colour, radius=placed.height / 2, fill_opacity=0.11, stroke=colour, stroke_width=1.5)
    start = placed.x - (style.sign + 6 + text_width(words, style.font)) / 2
    sign = glyph(look.glyph, start, placed.y - style.sign / 2, style.sign, colour, palette)
    label = text(start + style.sign + 6, placed.y + style.font * 0.36, words, palette, size=style.font, weight=500)
    around = halo(x, y, placed.width, placed.height, placed.height / 2, palette) if node.marked else ""
    drawn = group(shape + fill + sign + label, opacity=1.0 if node.alive else _FADED)
    return group(around + drawn, title=f"{name}: {', '.join(node.operations)}")


def halo(x: float, y: float, width: float, height: float, radius: float, palette: Palette) -> str:
    """A ring around a box, to mark that it differs from another."""
    pale = box(x - 5, y - 5, width + 10, height + 10, palette.brand, radius=radius + 5, fill_opacity=0.2)
    return pale + box(x - 2.5, y - 2.5, width + 5, height + 5, "none", radius=radius + 2.5, stroke=palette.brand, stroke_width=1.5)


def badge(x: float, y: float, words: str, colour: str, palette: Palette) -> str:
    """A filled pill, `×3`, centred at (x, y)."""
    width = text_width(words, 11) + 14
    return box(x - width / 2, y - 9, width, 18, colour, radius=9) + text(
        x, y + 4, words, palette, size=11, weight=700, anchor="middle", fill=palette.bg
    )
