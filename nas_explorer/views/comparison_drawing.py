"""Draws two architectures side by side, with a halo around what differs."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from nas_explorer.spaces import SearchSpace
from nas_explorer.spaces.values import Scalar
from nas_explorer.views.chain_drawing import Block
from nas_explorer.views.diagram import Diagram, diagram_drawing, diagrams
from nas_explorer.views.drawn_graph import DrawnGraph
from nas_explorer.views.markup import document, fitted, group, line, text
from nas_explorer.views.palette import palette

_INSET, _GAP, _HEAD = 12.0, 28.0, 30.0
_NARROWEST = 340.0  # of a column, so that its title has room

Pair = tuple[Diagram, Diagram]


def marked_diagrams(space: SearchSpace, first: Mapping[str, Scalar], second: Mapping[str, Scalar]) -> tuple[tuple[Pair, ...], int]:
    """The drawings in which two architectures differ, with what differs marked, and how many are the same in both.

    Drawings are held against each other in their order. Where one architecture has more of them, its last stand beside the last
    of the other.
    """
    one, two = diagrams(space, first), diagrams(space, second)
    length = max(len(one), len(two))
    pairs = [(one[min(i, len(one) - 1)], two[min(i, len(two) - 1)]) for i in range(length)]
    unlike = tuple((_marked(a, b), _marked(b, a)) for a, b in pairs if (a.graph, a.chain) != (b.graph, b.chain))
    return unlike or ((pairs[0],) if pairs else ()), length - len(unlike)


def _marked(diagram: Diagram, other: Diagram) -> Diagram:
    """With a mark on everything that the other has not, or has otherwise."""
    if diagram.chain and other.chain:
        return replace(diagram, chain=_marked_chain(diagram.chain, other.chain))
    return replace(diagram, graph=_marked_graph(diagram.graph, other.graph))


def _marked_graph(graph: DrawnGraph, other: DrawnGraph) -> DrawnGraph:
    edges = {(other.nodes[e.source].name, other.nodes[e.target].name, e.operation) for e in other.edges}
    nodes = {(node.name, node.operations) for node in other.nodes}
    return replace(
        graph,
        edges=tuple(
            replace(e, marked=(graph.nodes[e.source].name, graph.nodes[e.target].name, e.operation) not in edges) for e in graph.edges
        ),
        nodes=tuple(replace(n, marked=bool(n.operations) and (n.name, n.operations) not in nodes) for n in graph.nodes),
    )


def _marked_chain(chain: Sequence[Block], other: Sequence[Block]) -> tuple[Block, ...]:
    matcher = difflib.SequenceMatcher(None, [_key(b) for b in chain], [_key(b) for b in other], autojunk=False)
    same = {i for start, _, length in matcher.get_matching_blocks() for i in range(start, start + length)}
    return tuple(replace(block, marked=i not in same) for i, block in enumerate(chain))


def _key(block: Block) -> tuple[object, ...]:
    return block.operation, block.count, block.shape


def comparison_svg(titles: tuple[str, str], pairs: Sequence[Pair], spoken: str, theme: str = "light") -> str:
    """The pairs one below the other, the two of a pair beside each other."""
    colours = palette(theme)
    drawn = [tuple(diagram_drawing(diagram, colours, compact=True) for diagram in pair) for pair in pairs]
    widths = [max([_NARROWEST, *(pair[side].width for pair in drawn)]) for side in (0, 1)]
    second = _INSET + widths[0] + _GAP
    content = ""
    for x, width, title in ((_INSET, widths[0], titles[0]), (second, widths[1], titles[1])):
        content += text(x + 6, _INSET + 15, fitted(title, 13, width - 12), colours, size=13, weight=600)
    y = _INSET + _HEAD
    for pair, drawings in zip(pairs, drawn, strict=True):
        height = max(drawing.height for drawing in drawings)
        if len(pairs) > 1:
            content += text(_INSET + 6, y + 12, pair[0].title, colours, fill=colours.ink_2)
            y += 20
        for x, width, drawing in zip((_INSET, second), widths, drawings, strict=True):
            content += group(drawing.content, x=x + (width - drawing.width) / 2, y=y + (height - drawing.height) / 2)
        y += height
    middle = second - _GAP / 2
    content += line(middle, _INSET, middle, y, colours.line)
    return document(content, second + widths[1] + _INSET, y + _INSET, spoken, colours)
