"""Where nodes stand by themselves: chains in rows of a page's width, all else in the metro layout of the views."""

from __future__ import annotations

from collections.abc import Sequence

from nas_explorer.views.layout import Layout, Link, PlacedNode, RoutedEdge, Spacing, metro

PAGE = 720.0                       # pixels: what a chain may take before it breaks
ROW_GAP = 92.0


def laid(sizes: Sequence[tuple[float, float]], links: Sequence[Link], spacing: Spacing) -> Layout:
    """Place nodes of these sizes (width, height) in their order, and route the links."""
    if links and [(link.source, link.target) for link in links] == [(i, i + 1) for i in range(len(sizes) - 1)]:
        return _chain(sizes, links, spacing)
    return metro(tuple(sizes), tuple(links), spacing)


def _chain(sizes: Sequence[tuple[float, float]], links: Sequence[Link], spacing: Spacing) -> Layout:
    nodes: list[PlacedNode] = []
    edges: list[RoutedEdge] = []
    x, y = spacing.margin, spacing.margin + sizes[0][1] / 2
    for i, (width, height) in enumerate(sizes):
        gap = 0.0 if i == 0 else max(spacing.node_gap, links[i - 1].label_width + 2 * spacing.head + 12)
        breaks = i > 0 and x + gap + width > PAGE
        x, y = (spacing.margin, y + ROW_GAP) if breaks else (x + gap, y)
        node = PlacedNode(x + width / 2, y, width, height)
        if nodes:
            edges.append(_to_next_row(nodes[-1], node) if breaks else _along(nodes[-1], node, spacing))
        nodes.append(node)
        x += width
    right = max(node.x + node.width / 2 for node in nodes)
    return Layout(tuple(nodes), tuple(edges), right + spacing.margin, y + sizes[-1][1] / 2 + spacing.margin)


def _along(source: PlacedNode, target: PlacedNode, spacing: Spacing) -> RoutedEdge:
    start, end = source.x + source.width / 2, target.x - target.width / 2
    return RoutedEdge(((start, source.y), (end, target.y)), ((start + end - spacing.head * 0.67) / 2, source.y))


def _to_next_row(source: PlacedNode, target: PlacedNode) -> RoutedEdge:
    middle = (source.y + source.height / 2 + target.y - target.height / 2) / 2
    points = ((source.x, source.y + source.height / 2), (source.x, middle), (target.x, middle), (target.x, target.y - target.height / 2))
    return RoutedEdge(points, ((source.x + target.x) / 2, middle))
