"""A sheet as plain data for the browser: every graph laid out, with its nodes, edges and candidates in words and sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nas_explorer.spaces import Choice, Edge, Graph, Node, Op, Scalar, SearchSpace
from nas_explorer.spaces.primitives import PRIMITIVES, STRUCTURAL
from nas_explorer.spaces.values import SKIP, options_of
from nas_explorer.views.layout import Link, Spacing
from nas_explorer.views.markup import fitted, text_width
from nas_explorer.views.operation_look import operation_look
from nas_explorer.widgets.space_editor_board import Place, Sheet
from nas_explorer.widgets.space_editor_layout import laid

Json = dict[str, Any]

MOST_DRAWN = 400                   # nodes of one graph: a browser that gets more would stand still
MANY_EDGES = 24                    # past it, words on edges would fill the page
MOST_TILES = 6                     # candidates shown on an edge or node; the inspector has them all
TILE, CHIP, NODE = 23.0, 28.0, 44.0
LONGEST_NAME = 150.0
SPACING = Spacing(node_gap=48, first_lane=46, lane_gap=54, head=13, corner=16, margin=28)
PRESENCE_WORDS = {"optional": "optional", "loose": "loose end", "fallback": "fallback"}


def drawn_sheet(sheet: Sheet) -> Json:
    """Every graph of the space under its name, the network under "", and the operations that they number.

    Positions and sizes are pixels, y downwards. Texts are plain: whoever draws them must not read them as markup.
    """
    places = instances(sheet.space)
    draw = _Drawer(sheet)
    graphs = (("", sheet.space.network), *sheet.space.cells)
    drawn = {name: draw.graph(name, graph) | {"instances": places.get(name, 0)} for name, graph in graphs}
    return {"graphs": drawn, "operations": draw.operations}


def title(graph: str) -> str:
    """
    >>> title(""), title("normal")
    ('Network', 'normal')
    """
    return graph or "Network"


def shown_name(graph: Graph, name: str) -> str:
    """How a node is called on the drawing: a cell's only input is `in`, an output that only merges is `out`.

    >>> cell = Graph().input("0").node("1", ["0"]).node("2", ["0", "1"])
    >>> [shown_name(cell, name) for name in cell.names]
    ['in', '1', 'out']
    """
    if graph.inputs == (name,) and not ({"in"} & set(graph.names)):
        return "in"
    node = next((node for node in graph.nodes if node.name == name), None)
    if node is not None and name == graph.output and node.op == SKIP and "out" not in graph.names:
        return "out"
    return name


def shown_edge(graph: Graph, source: str, target: str) -> str:
    return f"{shown_name(graph, source)} → {shown_name(graph, target)}"


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


# ---- nodes and edges
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
        compact = len(graph.edges) > MANY_EDGES
        nodes = [_input(name, graph) for name in graph.inputs] + [self.node(name, graph, node) for node in graph.nodes]
        edges = [self.edge(name, graph, edge, compact) for edge in graph.edges]
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

    def node(self, graph_name: str, graph: Graph, node: Node) -> Json:
        offered = self.candidates((graph_name, node.name), node.op)
        shown, kind = shown_name(graph, node.name), _kind(node, self.cells)
        subtitle = " · ".join(filter(None, [shown, *_shape_words(node)]))
        label, repeat = ("" if kind == "choice" else _operation_words(node)), _repeat_words(node)
        picked = sum(edge.presence == "picked" for edge in graph.into(node.name))
        return {"name": node.name, "shown": fitted(shown, 12, LONGEST_NAME), "kind": kind, "label": label,
                "subtitle": fitted(subtitle, 11, 220), "candidates": offered, "height": NODE,
                "width": _node_width(kind, shown, label, subtitle, repeat, len(offered)),
                "is_output": node.name == graph.output, "merge": node.merge, "pick": node.pick, "inputs": len(graph.into(node.name)),
                "picked": picked, "repeat": _texts(node.repeat), "repeat_words": repeat, "shared": node.shared,
                "channels": _texts(node.channels), "stride": _texts(node.stride), "problem": _problem(graph, node, picked),
                "cell": next((self.operations[i]["name"] for i, _ in offered if self.operations[i]["cell"]), "")}

    def edge(self, graph_name: str, graph: Graph, edge: Edge, compact: bool) -> Json:
        offered = self.candidates((graph_name, str(edge)), edge.op)
        plain = len(offered) == 1 and edge.op == SKIP
        words = "" if compact else PRESENCE_WORDS.get(edge.presence, "")
        label = "" if plain or len(offered) > 1 else self.label(offered)
        strip = 0.0 if plain else text_width(label, 12) + 40 if label else _strip_width(len(offered)) + 7
        width = strip + (text_width(words, 11) + 18 if words else 0) + (6 if words and strip else 0)
        return {"source": edge.source, "target": edge.target, "shown": shown_edge(graph, edge.source, edge.target),
                "presence": edge.presence, "words": words, "candidates": offered, "plain": plain, "text": label, "width": round(width)}

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
        first = next((self.operations[i] for i, on in offered if on), None)
        return fitted(" ".join(filter(None, [first["label"], first["details"]])), 12, LONGEST_NAME) if first else ""


def drawn_node_words(node: Node, cells: set[str]) -> dict[str, str]:
    """A node on one line: what runs there, its repeats, and the name of its cell if it is one."""
    options = options_of(node.op)
    labels = [op.name if op.name in cells else operation_look(str(op)).label for op in options]
    label = node.name if node.op == SKIP else " / ".join(labels[:2]) + ("…" if len(labels) > 2 else "")
    return {"label": label, "repeat": _repeat_words(node), "cell": next((op.name for op in options if op.name in cells), "")}


def _operation_words(node: Node) -> str:
    """What runs at a node, without the shape, which stands below it."""
    assert isinstance(node.op, Op)
    shapeless = Op(node.op.name, tuple((key, value) for key, value in node.op.params if key not in ("channels", "stride", "features")))
    look = operation_look(str(shapeless))
    return fitted(" ".join(filter(None, [look.label, look.details])), 12, LONGEST_NAME)


def _input(name: str, graph: Graph) -> Json:
    shown = fitted(shown_name(graph, name), 12, LONGEST_NAME)
    return {"name": name, "shown": shown, "kind": "input", "candidates": [], "width": _round_width(shown), "height": NODE,
            "is_output": name == graph.output, "problem": ""}


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


def _kind(node: Node, cells: set[str]) -> str:
    if node.op == SKIP:
        return "merge"
    if isinstance(node.op, Choice):
        return "choice"
    return "cell" if node.op.name in cells else "operation"


def _repeat_words(node: Node) -> str:
    if node.repeat is None:
        return ""
    options = options_of(node.repeat)
    return f"×{options[0]}" if len(options) == 1 else f"×{min(options)}–{max(options)}"


def _shape_words(node: Node) -> list[str]:
    """Channels and stride: `2C`, `÷2`."""
    widths = [f"{width}" for width in options_of(node.channels) if width is not None]
    strides = [value for value in options_of(node.stride) if value != 1]
    for key, value in (node.op.params if isinstance(node.op, Op) else ()):
        if key == "stride":
            strides += [option for option in options_of(value) if option != 1]
        elif key in ("channels", "features"):
            widths += [f"{option}" for option in options_of(value)]
    return ["/".join(widths), "/".join(f"÷{stride}" for stride in strides)]


def _texts(value: Any) -> str:
    """A field that may be a choice, as a person types it.

    >>> _texts(Choice((16, 32))), _texts(None)
    ('16, 32', '')
    """
    return "" if value is None else ", ".join(str(option) for option in options_of(value))


def _problem(graph: Graph, node: Node, picked: int) -> str:
    if not graph.into(node.name):
        return "Nothing flows in yet. Connect a node to it."
    if node.pick and node.pick > picked:
        return f"It picks {node.pick} inputs, but {picked} may be picked."
    if node.name != graph.output and not graph.out_of(node.name):
        return "Nothing reads it yet. Connect it to a later node."
    return ""


# ---- operations
def merged(slots: Sequence[Op], on: Iterable[Op]) -> tuple[Op, ...]:
    """The slots, with every operation that has none yet at the end."""
    return (*slots, *(op for op in on if op not in slots))


def drawn_operation(op: Op, cells: set[str]) -> Json:
    is_cell = op.name in cells
    look = operation_look(str(op))
    return {"name": op.name, "cell": is_cell, "family": look.family, "glyph": look.glyph, "label": op.name if is_cell else look.label,
            "details": "" if is_cell else look.details, "params": _params(op, is_cell)}


def _params(op: Op, is_cell: bool) -> list[Json]:
    """Every parameter an operation knows, with its options: one is a fixed value, several are a decision."""
    given = dict(op.params)
    known: Mapping[str, Any] = PRIMITIVES[op.name].defaults if op.name in PRIMITIVES else {}
    names = [*known, *(key for key in given if key not in known)]
    if is_cell and "channels" not in names:
        names.append("channels")
    return [{"name": key, "text": _texts(given.get(key, known.get(key))), "given": key in given} for key in names]


# ---- the palette
HIDDEN = {"project_part", "enas_sep_conv", *STRUCTURAL}     # a slice of another, and one that reads like sep_conv
_GROUPS = (
    ("Convolution", (("conv", 1), ("conv", 3), ("conv", 5))),
    ("Separable", (("sep_conv", 3), ("sep_conv", 5), ("dil_conv", 3), ("dil_conv", 5), ("mbconv", 3))),
    ("Pooling", (("avg_pool", 3), ("max_pool", 3), ("global_pool", None))),
    ("Identity", (("skip", None), ("none", None))),
    ("Dense", (("attention", None), ("linear", None), ("dense", None), ("mlp", None))),
)


def palette_operations(space: SearchSpace) -> tuple[tuple[str, Op], ...]:
    """(group, operation) of everything that may be dragged onto the drawing: the primitives, then the space's cells."""
    found = [(group, _preset(name, kernel)) for group, presets in _GROUPS for name, kernel in presets]
    listed = {op.name for _, op in found}
    found += [("Other", Op(name)) for name in PRIMITIVES if name not in listed | HIDDEN]
    return (*found, *(("Cells", Op(name)) for name, _ in space.cells))


def _preset(name: str, kernel: Scalar | None) -> Op:
    return Op(name) if kernel is None else Op(name, (("kernel", kernel),))


def drawn_palette(space: SearchSpace) -> list[Json]:
    cells = {name for name, _ in space.cells}
    return [{"group": group, "key": str(op)} | drawn_operation(op, cells) for group, op in palette_operations(space)]
