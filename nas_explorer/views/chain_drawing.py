"""Draws a network that is a chain of stages: boxes as high as the image is large, equal ones folded to a stack with ×n."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nas_explorer.errors import UnknownName
from nas_explorer.spaces import SearchSpace, Shape, plan
from nas_explorer.spaces.values import Scalar
from nas_explorer.views.cell_drawing import arrowhead, badge, halo
from nas_explorer.views.drawn_graph import DrawnGraph
from nas_explorer.views.markup import Drawing, box, glyph, group, line, text, text_width
from nas_explorer.views.operation_look import operation_look
from nas_explorer.views.palette import Palette

_TALLEST, _LOWEST, _STEP = 112.0, 58.0, 18.0  # of a box; one step less for each halving of the image
_ROW = 184.0  # from one row of boxes to the next
_GAP = 32.0
_LEFT = 60.0
_SHOWN_BELOW = ("channels", "stride")  # by the row of channels, and by ÷2 on the arrow


@dataclass(frozen=True, slots=True)
class Block:
    """One box of the chain.

    Attributes:
        operation: its label, or the name of a cell.
        is_cell: cells have no sign of their own; what is in them is drawn apart.
        count: so many equal ones in a row.
        shape: of what comes out; None where the plan does not say.
        marked: whether a halo draws the eye to it.
    """

    operation: str
    is_cell: bool
    count: int
    shape: Shape | None
    marked: bool = False


def is_chain(graph: DrawnGraph) -> bool:
    """Whether every node has exactly one edge, plain and from the node before it."""
    return graph.inputs == 1 and [(e.source, e.target, e.operation) for e in graph.edges] == [
        (i, i + 1, "") for i in range(len(graph.nodes) - 1)
    ]


def blocks(space: SearchSpace, architecture: Mapping[str, Scalar], graph: DrawnGraph) -> tuple[Block, ...]:
    """The folded chain of a network for which `is_chain` holds."""
    try:
        steps = plan(space, architecture).steps
    except UnknownName:  # an operation of somebody's own, which is not registered here: shapes are not known then
        steps = ()
    shapes = [(step.key, step.shape) for step in steps if step.kind == "op"]
    cells = {name for name, _ in space.cells}
    first = Block("input", True, 1, steps[0].shape if steps else None)
    found = [first, *_blocks(graph, shapes, cells)]
    return tuple(_folded(found))[1:]


def _blocks(graph: DrawnGraph, shapes: Sequence[tuple[str, Shape]], cells: set[str]) -> Iterator[Block]:
    shape: Shape | None = None
    for node in graph.nodes[graph.inputs :]:
        for copy, operation in enumerate(node.operations):
            starts = tuple(f"{node.name}{sign}" for sign in ("/", "|", f"[{copy}]"))
            shape = next((s for key, s in reversed(shapes) if key.startswith(starts)), shape)
            name = operation.partition("(")[0]
            yield Block(name if name in cells else operation, name in cells, 1, shape)


def _folded(found: Sequence[Block]) -> Iterator[Block]:
    last = found[0]
    for block in found[1:]:
        if (block.operation, block.shape) == (last.operation, last.shape):
            last = replace(last, count=last.count + 1)
        else:
            yield last
            last = block
    yield last


def chain_drawing(chain: Sequence[Block], palette: Palette, compact: bool = False) -> Drawing:
    """`compact`: five boxes in a row instead of ten."""
    in_row = 5 if compact else 10
    rows = math.ceil(len(chain) / in_row)
    per_row = math.ceil(len(chain) / max(rows, 1)) if chain else 1
    largest = max((block.shape.size for block in chain if block.shape), default=1)
    content, width = "", 0.0
    for number in range(rows):
        part = chain[number * per_row : (number + 1) * per_row]
        before = chain[number * per_row - 1] if number else None
        row, row_width = _row(part, before, largest, number * _ROW + 80, palette, last=number == rows - 1)
        content, width = content + row, max(width, row_width)
    return Drawing(content, width, _ROW * max(rows, 1))


def _row(part: Sequence[Block], before: Block | None, largest: int, y: float, palette: Palette, last: bool) -> tuple[str, float]:
    content, x = "", _LEFT
    content += _arrow(24, x - 2, y, _shrinks(before, part[0]), palette)
    for block, following in [*pairwise(part), (part[-1], None)]:
        drawn, right = _block(block, x, y, _height(block, largest), palette)
        content += drawn
        if following is not None:
            content += _arrow(right + 2, right + _GAP - 2, y, _shrinks(block, following), palette)
            x = right + _GAP
        elif not last:
            content += line(right + 2, y, right + 22, y, palette.ink_2, width=1.75, dashes="2 3")
    labels = text(16, y + 78, "ch", palette, size=11, fill=palette.ink_2) if any(b.shape for b in part) else ""
    if any(b.shape and b.shape.dimensions for b in part):
        labels += text(
            16, y + 94, "px" if any(b.shape and b.shape.dimensions == 2 for b in part) else "len", palette, size=11, fill=palette.ink_2
        )
    return content + labels, x + _width(part[-1]) + 28


def _shrinks(before: Block | None, block: Block) -> str:
    """`÷2` where the image gets smaller."""
    if before is None or not before.shape or not block.shape or not block.shape.dimensions:
        return ""
    factor = block.shape.scale // before.shape.scale if before.shape.dimensions else 1
    return f"÷{factor}" if factor > 1 else ""


def _height(block: Block, largest: int) -> float:
    if not block.shape or not block.shape.dimensions:
        return _LOWEST
    return max(_LOWEST, _TALLEST - _STEP * math.log2(largest / max(block.shape.size, 1)))


def _words(block: Block) -> tuple[str, str]:
    """Two lines: name, and kernel or settings."""
    if block.is_cell:
        return block.operation, "" if block.operation == "cell" else "cell"
    look = operation_look(block.operation)
    name, _, size = look.label.rpartition(" ") if "×" in look.label else (look.label, "", "")
    settings = [part for part in look.details.split(", ") if part.partition(" ")[0] not in _SHOWN_BELOW]
    return name, ", ".join(filter(None, (size, *settings)))


def _width(block: Block) -> float:
    name, more = _words(block)
    return round(max(66.0, text_width(name, 12) + 18, text_width(more, 11) + 18)) + (8 if block.count > 1 else 0)


def _block(block: Block, x: float, y: float, height: float, palette: Palette) -> tuple[str, float]:
    colour = palette.brand if block.is_cell else palette.operations[operation_look(block.operation).family]
    width = _width(block) - (8 if block.count > 1 else 0)
    top, middle, (name, more) = y - height / 2, x + width / 2, _words(block)
    content = halo(x, top, width, height, 7, palette) if block.marked else ""
    for behind in (8, 4) if block.count > 1 else ():
        content += box(x + behind, top - behind, width, height, palette.bg, radius=7)
        content += box(x + behind, top - behind, width, height, colour, radius=7, fill_opacity=0.07, stroke=colour, stroke_opacity=0.4)
    content += box(x, top, width, height, palette.bg, radius=7)
    content += box(x, top, width, height, colour, radius=7, fill_opacity=0.11, stroke=colour, stroke_width=1.5)
    if not block.is_cell:
        content += glyph(operation_look(block.operation).glyph, middle - 7, y - 23, 14, colour, palette)
    content += text(middle, y + 6, name, palette, weight=600, anchor="middle")
    content += text(middle, y + 21, more, palette, size=11, anchor="middle", fill=palette.ink_2)
    if block.count > 1:
        content += badge(x + width - 2, top - 6, f"×{block.count}", colour, palette)
    return content + _shape_words(block.shape, middle, y, palette), x + _width(block)


def _shape_words(shape: Shape | None, x: float, y: float, palette: Palette) -> str:
    if shape is None:
        return ""
    words = text(x, y + 78, f"{shape.channels}", palette, weight=600, anchor="middle")
    if shape.dimensions:
        size = f"{shape.size}²" if shape.dimensions == 2 else f"{shape.size}"
        words += text(x, y + 94, size, palette, size=11, anchor="middle", fill=palette.ink_2)
    return words


def _arrow(left: float, right: float, y: float, words: str, palette: Palette) -> str:
    content = line(left, y, right - 7, y, palette.ink_2, width=1.75) + arrowhead((left, y), (right, y), palette.ink_2)
    return group(
        content + text((left + right) / 2 - 1, y - 8, words, palette, size=11, weight=500, anchor="middle", fill=palette.ink_2)
        if words
        else content
    )
