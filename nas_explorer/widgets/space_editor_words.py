"""How the editor calls things: nodes, edges, operations and shapes in the few words that fit on a drawing."""

from __future__ import annotations

from typing import Any

from nas_explorer.spaces import Graph, Node, Op
from nas_explorer.spaces.values import SKIP, options_of
from nas_explorer.views.markup import fitted
from nas_explorer.views.operation_look import operation_look

LONGEST_NAME = 150.0               # pixels
PRESENCE_WORDS = {"optional": "optional", "loose": "loose end", "fallback": "fallback"}
_SHAPE = ("channels", "stride", "features")


def title(graph: str) -> str:
    """
    >>> title(""), title("normal")
    ('Network', 'normal')
    """
    return graph or "Network"


def shown_names(graph: Graph) -> dict[str, str]:
    """Every node and how it is called on the drawing: a cell's only input is `in`, an output that only merges is `out`.

    >>> cell = Graph().input("0").node("1", ["0"]).node("2", ["0", "1"])
    >>> list(shown_names(cell).values())
    ['in', '1', 'out']
    """
    found = {name: name for name in graph.names}
    if not found:
        return found
    if len(graph.inputs) == 1 and "in" not in found:
        found[graph.inputs[0]] = "in"
    output = graph.output
    if "out" not in graph.names and any(node.name == output and node.op == SKIP for node in graph.nodes):
        found[output] = "out"
    return found


def shown_name(graph: Graph, name: str) -> str:
    return shown_names(graph).get(name, name)


def shown_edge(graph: Graph, source: str, target: str) -> str:
    names = shown_names(graph)
    return f"{names.get(source, source)} → {names.get(target, target)}"


def node_on_one_line(node: Node, cells: set[str]) -> dict[str, str]:
    """What runs at a node, its repeats, and the name of its cell if it is one."""
    options = options_of(node.op)
    labels = [op.name if op.name in cells else operation_look(str(op)).label for op in options]
    label = node.name if node.op == SKIP else " / ".join(labels[:2]) + ("…" if len(labels) > 2 else "")
    return {"label": label, "repeat": repeat_words(node), "cell": next((op.name for op in options if op.name in cells), "")}


def operation_words(op: Op) -> str:
    """What runs at a node, without the shape, which stands below it."""
    look = operation_look(str(Op(op.name, tuple((key, value) for key, value in op.params if key not in _SHAPE))))
    return fitted(" ".join(filter(None, [look.label, look.details])), 12, LONGEST_NAME)


def repeat_words(node: Node) -> str:
    if node.repeat is None:
        return ""
    options = options_of(node.repeat)
    return f"×{options[0]}" if len(options) == 1 else f"×{min(options)}–{max(options)}"


def shape_words(node: Node) -> list[str]:
    """Channels and stride: `2C`, `÷2`."""
    widths = [f"{width}" for width in options_of(node.channels) if width is not None]
    strides = [value for value in options_of(node.stride) if value != 1]
    for key, value in (node.op.params if isinstance(node.op, Op) else ()):
        if key == "stride":
            strides += [option for option in options_of(value) if option != 1]
        elif key in ("channels", "features"):
            widths += [f"{option}" for option in options_of(value)]
    return ["/".join(widths), "/".join(f"÷{stride}" for stride in strides)]


def as_typed(value: Any) -> str:
    """A field that may be a choice, as a person types it.

    >>> from nas_explorer.spaces import Choice
    >>> as_typed(Choice((16, 32))), as_typed(1.0), as_typed(None)
    ('16, 32', '1', '')
    """
    if value is None:
        return ""
    return ", ".join(str(option).removesuffix(".0") if isinstance(option, float) else str(option) for option in options_of(value))


def what_is_missing(graph: Graph, node: Node, picked: int) -> str:
    """What keeps a node from being finished, or nothing.

    Args:
        picked: how many of its inputs may be picked.
    """
    if not graph.into(node.name):
        return "Nothing flows in yet. Connect a node to it."
    if node.pick and node.pick > picked:
        return f"It picks {node.pick} inputs, but {picked} may be picked."
    if node.name != graph.output and not graph.out_of(node.name):
        return "Nothing reads it yet. Connect it to a later node."
    return ""
