"""The drawings of an architecture: each cell that decides something, and the network where it decides something itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nas_explorer.spaces import SearchSpace
from nas_explorer.spaces.values import Scalar
from nas_explorer.views.cell_drawing import cell_drawing, node_names
from nas_explorer.views.chain_drawing import Block, blocks, chain_drawing, is_chain
from nas_explorer.views.drawn_graph import DrawnGraph, drawn_graph
from nas_explorer.views.markup import Drawing, document, group, text
from nas_explorer.views.operation_look import operation_look
from nas_explorer.views.palette import Palette, palette

MOST_DIAGRAMS = 6  # of one architecture: cells that decide for themselves in many copies would fill pages
_INSET = 12.0


@dataclass(frozen=True, slots=True)
class Diagram:
    """One graph of an architecture, ready to be drawn: either a graph of nodes and edges, or a folded chain."""

    title: str
    graph: DrawnGraph
    chain: tuple[Block, ...] = ()


def diagrams(space: SearchSpace, architecture: Mapping[str, Scalar]) -> tuple[Diagram, ...]:
    """The graphs that tell this architecture from others of its space, cells first; the network where there is no other.

    Copies of a cell that decide alone are drawn once for each that differs, at most six in all.
    """
    found: dict[DrawnGraph, list[str]] = {}
    for scope, cell in _deciding_cells(space, architecture):
        graph = drawn_graph(space, architecture, cell, scope)
        found.setdefault(graph, []).append(f"{cell} in {scope.rstrip('/')}" if scope else cell)
    cells = [Diagram(_title(titles), graph) for graph, titles in found.items()][:MOST_DIAGRAMS]
    if cells and not any(_in_network(key) for key in architecture):
        return tuple(cells)
    return (*cells, network_diagram(space, architecture))


def network_diagram(space: SearchSpace, architecture: Mapping[str, Scalar]) -> Diagram:
    """The whole network, with cells as boxes."""
    graph = drawn_graph(space, architecture)
    return Diagram("network", graph, blocks(space, architecture, graph) if is_chain(graph) else ())


def _deciding_cells(space: SearchSpace, architecture: Mapping[str, Scalar]) -> list[tuple[str, str]]:
    """(scope, cell) of every cell with an active decision, in the order of the decisions."""
    prefixes = dict.fromkeys(key.rpartition("/")[0] for key in architecture if "/" in key)
    pairs = [(scope + slash, cell) for scope, slash, cell in (prefix.rpartition("/") for prefix in prefixes)]
    known = {name for name, _ in space.cells}
    return [(scope, cell) for scope, cell in pairs if cell in known]


def _in_network(decision_id: str) -> bool:
    return "/" not in decision_id and decision_id not in ("channels", "width", "depth", "resolution")


def _title(titles: Sequence[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{titles[0]} and {len(titles) - 1} more like it"


def diagram_drawing(diagram: Diagram, colours: Palette, compact: bool = False) -> Drawing:
    if diagram.chain:
        return chain_drawing(diagram.chain, colours, compact)
    return cell_drawing(diagram.graph, colours, compact)


def drawn(diagram: Diagram, theme: str = "light", compact: bool | None = None) -> str:
    """A diagram as an SVG of its own; compact by default only inside a widget."""
    colours = palette(theme)
    drawing = diagram_drawing(diagram, colours, theme == "css" if compact is None else compact)
    return document(drawing.content, drawing.width, drawing.height, spoken_diagram(diagram), colours)


def diagram_svg(space: SearchSpace, architecture: Mapping[str, Scalar], theme: str = "light", heading: str = "", footing: str = "") -> str:
    """All diagrams of an architecture in one SVG, one below the other.

    Args:
        heading: words above them, such as `Trial 136`.
        footing: facts below them.
    """
    colours, compact = palette(theme), theme == "css"
    parts = diagrams(space, architecture)
    content, y, width = "", _INSET, 0.0
    if heading:
        content += text(_INSET + 8, y + 18, heading, colours, size=15, weight=600)
        y += 32
    for diagram in parts:
        drawing = diagram_drawing(diagram, colours, compact)
        if len(parts) > 1:
            content += text(_INSET + 8, y + 14, diagram.title, colours, weight=600, fill=colours.ink_2)
            y += 22
        content += group(drawing.content, x=_INSET, y=y)
        y, width = y + drawing.height, max(width, drawing.width)
    if footing:
        content += text(_INSET + 8, y + 18, footing, colours, fill=colours.ink_2)
        y += 28
    title = "; ".join(filter(None, [heading, *(spoken_diagram(diagram) for diagram in parts)]))
    return document(content, width + 2 * _INSET, y + _INSET, title, colours)


def spoken_diagram(diagram: Diagram) -> str:
    """The drawing in words.

    >>> from nas_explorer.spaces import nas_bench_201
    >>> space = nas_bench_201()
    >>> architecture = {f"cell/{edge}": "skip" for edge in ("0→1", "0→2", "1→2", "0→3", "1→3", "2→3")}
    >>> spoken_diagram(diagrams(space, architecture)[0])
    'cell: in to 1 skip, in to 2 skip, 1 to 2 skip, in to out skip, 1 to out skip, 2 to out skip'
    """
    if diagram.chain:
        words = [f"{b.count} × {b.operation}" if b.count > 1 else b.operation for b in diagram.chain]
        return f"{diagram.title}: {', then '.join(words)}"
    names = node_names(diagram.graph)
    edges = [
        f"{names[e.source]} to {names[e.target]} {operation_look(e.operation).label if e.operation else ''}".rstrip()
        for e in diagram.graph.edges
    ]
    return f"{diagram.title}: {', '.join(edges)}"
