"""What each candidate at a place costs in the whole network, and the network as a row of blocks with its shapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nas_explorer.errors import NasExplorerError
from nas_explorer.spaces import Architecture, Decision, Op, SearchSpace, cost, decisions, from_indices, gestures, is_active, plan
from nas_explorer.spaces.gestures import Host
from nas_explorer.widgets.space_editor_board import Sheet
from nas_explorer.widgets.space_editor_words import node_on_one_line

MOST_BLOCKS = 40


def candidate_costs(space: SearchSpace, graph: str, host: Host, slots: Sequence[Op]) -> list[dict[str, str]]:
    """Parameters and MACs of each candidate beside the cheapest, all else alike; dashes where the drawing is unfinished."""
    found: list[tuple[int, int] | None] = []
    for op in slots:
        try:
            alone = space.edit(graph, lambda drawn, op=op: gestures.with_operation(drawn, host, op))  # type: ignore[misc]
            parameter_count, macs = cost(alone, reference(alone, graph, host))
            found.append((parameter_count, macs))
        except NasExplorerError:
            found.append(None)
    least = [min((pair[i] for pair in found if pair), default=0) for i in (0, 1)]
    return [{"parameters": "–", "macs": "–"} if pair is None else
            {"parameters": more(pair[0] - least[0]), "macs": more(pair[1] - least[1])} for pair in found]


def reference(space: SearchSpace, graph: str = "", host: Host = "") -> Architecture:
    """An architecture with the first option of every decision, but with this place in use."""
    source, target = host if isinstance(host, tuple) else ("", "")
    chosen: list[int] = []
    for decision in decisions(space):
        chosen.append(_first_with(decision, graph, source, target) if is_active(decision, chosen) else -1)
    return from_indices(space, chosen)


def _first_with(decision: Decision, graph: str, source: str, target: str) -> int:
    prefix = f"{graph}/" if graph else ""
    if source and decision.id.endswith(f"{prefix}{target}.inputs"):
        return next((i for i, option in enumerate(decision.options) if source in str(option).split("+")), 0)
    if source and decision.id.endswith(f"{prefix}{source}→{target}.on"):
        return 1
    return 0


def more(amount: int) -> str:
    """
    >>> more(0), more(950), more(28_000), more(35_400_000), more(2_100_000_000)
    ('0', '+950', '+28.0 k', '+35.4 M', '+2.10 G')
    """
    for size, sign, digits in ((10**9, "G", 2), (10**8, "M", 0), (10**6, "M", 1), (10**5, "k", 0), (10**3, "k", 1)):
        if amount >= size:
            unit = {"G": 10**9, "M": 10**6, "k": 10**3}[sign]
            return f"+{amount / unit:.{digits}f} {sign}"
    return f"+{amount}" if amount else "0"


# ---- the row of blocks
def strip(sheet: Sheet) -> list[dict[str, Any]]:
    """The nodes of a network that is a chain; nothing for others, which are looked at on the canvas."""
    space = sheet.space
    network, cells = space.network, {name for name, _ in space.cells}
    order = network.names
    sources = [[edge.source for edge in network.into(node.name)] for node in network.nodes]
    chained = all(set(found) <= set(order[max(0, i):i + 1]) and found for i, found in enumerate(sources)) and len(network.inputs) == 1
    if not chained or len(network.nodes) > MOST_BLOCKS:
        return []
    shapes = _shapes(space)
    found, reduced = [], 1
    for node in network.nodes:
        shape = shapes.get(node.name)
        words = node_on_one_line(node, cells)
        scale = shape.scale if shape else reduced
        size = "" if shape is None else f"{shape.channels}" if not shape.dimensions else \
            f"{shape.channels} · {shape.size}{'²' if shape.dimensions == 2 else ''}"
        found.append({"node": node.name, "label": words["label"] or node.name, "kind": "cell" if words["cell"] else "operation",
                      "cell": words["cell"], "repeat": words["repeat"], "shape": size, "reduces": scale > reduced and not words["cell"]})
        reduced = scale
    return found


def _fullest(space: SearchSpace) -> Architecture:
    """An architecture with the last option of every decision: `none` stands first where it is offered."""
    chosen: list[int] = []
    for decision in decisions(space):
        chosen.append(len(decision.options) - 1 if is_active(decision, chosen) else -1)
    return from_indices(space, chosen)


def _shapes(space: SearchSpace) -> dict[str, Any]:
    """What comes out of each node of the network, read from the plan of one architecture."""
    try:
        steps = plan(space, _fullest(space)).steps
    except NasExplorerError:
        return {}
    found: dict[str, Any] = {}
    for step in steps:
        if step.kind == "op":
            name = step.key.partition("|")[0].partition("/")[0].partition("[")[0]
            found[name] = step.shape
    return found
