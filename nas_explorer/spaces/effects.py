"""What a drawing holds in vain: parts that the output never sees, and decisions that change nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nas_explorer.spaces.canonical import graph_hash
from nas_explorer.spaces.codec import Codec, Rows
from nas_explorer.spaces.distinct import deciding
from nas_explorer.spaces.graph import Graph, way_between
from nas_explorer.spaces.indices import layout
from nas_explorer.spaces.operation_names import used_operations
from nas_explorer.spaces.primitives import STRUCTURAL
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.tracer import plan
from nas_explorer.spaces.values import options_of

PROBES = 32                        # architectures in which a decision is tried
TRIES = 256                        # drawn at once to find some in which it is active


def dead_parts(space: SearchSpace) -> tuple[str, ...]:
    """Nodes that no way leads from to the output, edges that let nothing pass, inputs and cells that nobody reads."""
    cells = dict(space.cells)
    used: set[str] = set()
    waiting = used_operations(space.network) & set(cells)
    while waiting:
        used |= waiting
        waiting = {inner for name in waiting for inner in used_operations(cells[name]) & set(cells)} - used
    found = [f"cell {name} is never used" for name in cells if name not in used]
    for name, graph in (("network", space.network), *((name, cells[name]) for name in cells if name in used)):
        found += [f"{name}: {what}" for what in _dead_in(graph)]
    return tuple(found)


def _dead_in(graph: Graph) -> Iterator[str]:
    shut = [edge for edge in graph.edges if all(option.name == STRUCTURAL[0] for option in options_of(edge.op))]
    open_edges = [edge for edge in graph.edges if edge not in shut]
    for edge in shut:
        yield f"edge {edge} carries only none, so nothing passes"
    for name in graph.names:
        if name != graph.output and not way_between(name, graph.output, open_edges):
            yield f"{'input' if name in graph.inputs else 'node'} {name} never reaches the output"


def idle_decisions(space: SearchSpace, rng: np.random.Generator) -> Iterator[tuple[str, bool]]:
    """(decision id, whether it changed no network in any of 32 random architectures), one decision after the other."""
    known, codec = layout(space), Codec(space)
    for graph, members in deciding(space):
        for at in members:
            rows = codec.sample(TRIES, rng)
            active = rows[rows[:, at] >= 0][:PROBES]
            yield known.ids[at], len(active) > 0 and not any(_matters(space, codec, row, at, graph) for row in active)


def _matters(space: SearchSpace, codec: Codec, row: Rows, at: int, graph: str) -> bool:
    """Whether another option gives another network. What it switches on takes its first option."""
    first = _key(space, row, graph)
    for option in range(int(codec.widths[at])):
        if option != row[at]:
            other = row.copy()
            other[other < 0] = 0
            other[at] = option
            if _key(space, codec.settle(other[None])[0], graph) != first:
                return True
    return False


def _key(space: SearchSpace, row: Rows, graph: str) -> str | None:
    return graph_hash(plan(space, layout(space).architecture(row.tolist()), graph))
