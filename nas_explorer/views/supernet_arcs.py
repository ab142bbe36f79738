"""Nodes on one line and every edge an arc over it: each edge has a place of its own in a pyramid, as in a matrix on its corner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from nas_explorer.views.supernet_parts import (
    HEAD,
    NODE,
    PAGE,
    PILL,
    SMALL,
    TIP,
    ChipStyle,
    DrawnChip,
    DrawnLine,
    DrawnSupernetGraph,
    HostedEdge,
    Parts,
    PlacedName,
    node_width,
)

MOST_NODES, MOST_EDGES = 8, 30
PITCH, PLAIN_PITCH = 43.0, 11.0  # an arc over one node more rises so much higher
FIRST, PLAIN_FIRST = 34.0, 16.0  # how high the shortest rises
PORT = 9.0  # between two arcs at a node
WIDEST = 132.0  # between two nodes
MARGIN = 14.0
BEND = 0.75  # how far a cubic curve comes to the height of its control points


def fits_arcs(parts: Parts) -> bool:
    few = len(parts.nodes) <= MOST_NODES and len(parts.edges) <= MOST_EDGES and not parts.rest
    return few and all(len(edge.decisions) <= 1 for edge in parts.edges) and all(len(node.decisions) <= 1 for node in parts.nodes)


def arcs(parts: Parts) -> DrawnSupernetGraph:
    """Edges with a decision run above the line, all others below it, and what nodes decide stands below those."""
    sides = [[e for e in parts.edges if e.decides], [e for e in parts.edges if not e.decides]]
    ports = [_ports(edges) for edges in sides]
    widths = [max(node_width(n.name), *(PORT * (len(p[i]) + 0.8) for p in ports)) for i, n in enumerate(parts.nodes)]
    xs = _spread(widths)
    rises = [[_rise(e, FIRST, PITCH) for e in sides[0]], [_rise(e, PLAIN_FIRST, PLAIN_PITCH) for e in sides[1]]]
    y = MARGIN + SMALL[1] / 2 + max(rises[0], default=0.0) + NODE / 2
    bottom = y + NODE / 2 + max(rises[1], default=0.0) + 8
    lines, chips = [], []
    for side, edges, heights, port in zip((-1, 1), sides, rises, ports, strict=True):
        for edge, rise in zip(edges, heights, strict=True):
            at = tuple(xs[end] + _offset(port[end], edge) for end in (edge.source, edge.target))
            line = _arc(parts, edge, at, y + side * NODE / 2, side * rise)
            lines.append(line)
            chips += [_chip(parts, i, *line.spot) for i in edge.decisions]
    for node, x in zip(parts.nodes, xs, strict=True):
        chips += [_chip(parts, i, x, bottom + SMALL[1] / 2) for i in node.decisions]
    height = bottom + (SMALL[1] + 4 if any(node.decisions for node in parts.nodes) else 0.0) + MARGIN - 8
    nodes = tuple(PlacedName(n.name, x, y, w, NODE) for n, x, w in zip(parts.nodes, xs, widths, strict=True))
    return DrawnSupernetGraph(parts.title, xs[-1] + _reach(widths[-1]) + MARGIN, height, nodes, tuple(lines), tuple(chips))


def _reach(width: float) -> float:
    """What a node at an end takes, or the chip below it."""
    return max(width, SMALL[0]) / 2


def _spread(widths: Sequence[float]) -> list[float]:
    room = PAGE - 2 * MARGIN - _reach(widths[0]) - _reach(widths[-1])
    step = min(WIDEST, room / max(1, len(widths) - 1))
    return [round(MARGIN + _reach(widths[0]) + step * i, 1) for i in range(len(widths))]


def _ports(edges: Sequence[HostedEdge]) -> defaultdict[int, list[HostedEdge]]:
    """The arcs at each node, from left to right: those from the left inside out, then those to the right outside in."""
    found: defaultdict[int, list[HostedEdge]] = defaultdict(list)
    for edge in sorted(edges, key=lambda e: e.target - e.source):
        found[edge.target].append(edge)
    for edge in sorted(edges, key=lambda e: e.source - e.target):
        found[edge.source].append(edge)
    return found


def _offset(ports: Sequence[HostedEdge], edge: HostedEdge) -> float:
    return (ports.index(edge) - (len(ports) - 1) / 2) * PORT


def _rise(edge: HostedEdge, first: float, pitch: float) -> float:
    return first + pitch * (edge.target - edge.source - 1)


def _arc(parts: Parts, edge: HostedEdge, at: Sequence[float], start: float, rise: float) -> DrawnLine:
    side = 1 if rise > 0 else -1
    tip, control = start + side * TIP, start + rise / BEND
    path = f"M{at[0]:.1f} {start:.1f}C{at[0]:.1f} {control:.1f} {at[1]:.1f} {control:.1f} {at[1]:.1f} {tip + side * HEAD:.1f}"
    spot = (round((at[0] + at[1]) / 2, 1), round(start + rise, 1))
    return parts.line(edge, path, (round(at[1], 1), tip, -90.0 * side), spot)


def _chip(parts: Parts, decision: int, x: float, y: float) -> DrawnChip:
    style: ChipStyle = "pill" if parts.decided(decision).kind == "presence" else "small"
    return DrawnChip(decision, style, x, y, *(PILL if style == "pill" else SMALL))
