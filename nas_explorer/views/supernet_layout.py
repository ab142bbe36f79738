"""Which layout a supernet's graph takes: the metro of the diagrams for a small cell, arcs where many edges meet few nodes, and
rows, one decision each, for everything else. All are at most about `PAGE` wide."""

from __future__ import annotations

import math

from nas_explorer.views.cell_drawing import point_before, rounded_path
from nas_explorer.views.layout import Link, Spacing, metro
from nas_explorer.views.supernet_arcs import arcs, fits_arcs
from nas_explorer.views.supernet_parts import FULL, HEAD, NODE, TIP, DrawnChip, DrawnSupernetGraph, Parts, PlacedName, node_width
from nas_explorer.views.supernet_rows import rows

MOST_METRO = 8  # nodes, and decided edges
SPACING = Spacing(node_gap=58, first_lane=52, lane_gap=64, head=17, corner=18, margin=14)


def laid_out(parts: Parts) -> DrawnSupernetGraph:
    """Place one graph."""
    if _fits_metro(parts):
        return _metro(parts)
    return arcs(parts) if fits_arcs(parts) else rows(parts)


def _fits_metro(parts: Parts) -> bool:
    alone = all(len(edge.decisions) <= 1 and edge.presence is None for edge in parts.edges)
    few = sum(len(edge.decisions) for edge in parts.edges) <= MOST_METRO and len(parts.nodes) <= MOST_METRO
    return alone and few and not parts.rest and not any(node.decisions for node in parts.nodes)


def _metro(parts: Parts) -> DrawnSupernetGraph:
    links = tuple(Link(e.source, e.target, *(FULL if e.decisions else (0.0, 0.0))) for e in parts.edges)
    layout = metro(tuple((node_width(node.name), NODE) for node in parts.nodes), links, SPACING)
    lines, chips = [], []
    for edge, routed in zip(parts.edges, layout.edges, strict=True):
        before, last = routed.points[-2:]
        tip = point_before(before, last, TIP)
        path = rounded_path((*routed.points[:-1], point_before(before, tip, HEAD)), SPACING.corner)
        lines.append(parts.line(edge, path, (*tip, _angle(before, last)), routed.label))
        chips += [DrawnChip(i, "full", *routed.label, *FULL) for i in edge.decisions]
    nodes = tuple(PlacedName(n.name, p.x, p.y, p.width, p.height) for n, p in zip(parts.nodes, layout.nodes, strict=True))
    return DrawnSupernetGraph(parts.title, layout.width, layout.height, nodes, tuple(lines), tuple(chips))


def _angle(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Degrees clockwise from rightwards."""
    return round(math.degrees(math.atan2(end[1] - start[1], end[0] - start[0])), 1)
