"""One row a decision, nodes from top to bottom, edges as arcs at the left: for long networks, recurrent cells and chains."""

from __future__ import annotations

from itertools import chain

from nas_explorer.views.supernet_parts import HEAD, PAGE, TIP, DrawnChip, DrawnLine, DrawnSupernetGraph, HostedEdge, Parts, PlacedName

ROW, PLAIN, BETWEEN = 28.0, 20.0, 8.0  # height of a decision and of a node without one, and what lies between two nodes
PILL = 14.0  # width of a node
MARGIN = 12.0
NAME = 74.0  # room for a node's name
FIRST, PITCH, MOST = 18.0, 12.0, 150.0  # how far an arc bends out: past no node, more for each, at most
STRAIGHT_ONLY = 20.0


def rows(parts: Parts) -> DrawnSupernetGraph:
    """Nodes that nothing is decided at, and no choice leads to, are left out where there are many."""
    lanes = [_bend(edge) for edge in parts.edges if edge.target > edge.source + 1]
    spine = MARGIN + (max(lanes) + 8 if lanes else STRAIGHT_ONLY) + PILL / 2
    left = spine + PILL / 2 + 8
    chips, nodes, y = [], [], MARGIN
    for decision in parts.rest:
        chips.append(_chip(decision, left + NAME, y + ROW / 2))
        y += ROW
    if parts.rest:
        y += BETWEEN
    into = _edge_decisions(parts)
    row_of: dict[int, float] = {}
    for i, node in enumerate(parts.nodes):
        mine = [*into[i], *node.decisions]
        height = ROW * len(mine) or PLAIN
        for row, decision in enumerate(mine):
            row_of[decision] = y + ROW * (row + 0.5)
            chips.append(_chip(decision, left + NAME, row_of[decision]))
        nodes.append(PlacedName(node.name, spine, y + height / 2, PILL, height - 6, beside=True))
        y += height + BETWEEN
    lines = tuple(_line(parts, edge, nodes, row_of, spine) for edge in parts.edges)
    return DrawnSupernetGraph(parts.title, PAGE, y - BETWEEN + MARGIN, tuple(nodes), lines, tuple(chips))


def _edge_decisions(parts: Parts) -> list[list[int]]:
    """For each node the decisions of its incoming edges that get a row: optional edges are told by their line alone."""
    return [
        list(chain.from_iterable(_rowed(parts, edge) for edge in parts.edges if edge.target == node)) for node in range(len(parts.nodes))
    ]


def _rowed(parts: Parts, edge: HostedEdge) -> list[int]:
    return [decision for decision in edge.decisions if parts.decided(decision).kind != "presence"]


def _chip(decision: int, left: float, y: float) -> DrawnChip:
    width = PAGE - MARGIN - left
    return DrawnChip(decision, "row", left + width / 2, y, width, ROW - 4)


def _bend(edge: HostedEdge) -> float:
    return min(MOST, FIRST + PITCH * (edge.target - edge.source - 1))


def _line(parts: Parts, edge: HostedEdge, nodes: list[PlacedName], row_of: dict[int, float], spine: float) -> DrawnLine:
    source, target = nodes[edge.source], nodes[edge.target]
    if edge.target == edge.source + 1:
        start, tip = source.y + source.height / 2, target.y - target.height / 2 - TIP
        return parts.line(edge, f"M{spine:.1f} {start:.1f}V{max(start, tip - HEAD):.1f}", (spine, tip, 90.0), (spine, (start + tip) / 2))
    at = spine - PILL / 2
    start = source.y + source.height / 2 - 4
    own = _rowed(parts, edge)
    tip = row_of[own[0]] if own else target.y - target.height / 2 + 4
    control = at - _bend(edge) / 0.75
    path = f"M{at:.1f} {start:.1f}C{control:.1f} {start:.1f} {control:.1f} {tip:.1f} {at - TIP - HEAD:.1f} {tip:.1f}"
    return parts.line(edge, path, (at - TIP, tip, 0.0), (round(at - _bend(edge), 1), round((start + tip) / 2, 1)))
