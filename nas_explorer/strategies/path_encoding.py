"""Architectures as numbers for a predictor: which paths lead through each cell, else one number an option."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from nas_explorer.spaces import Codec, Graph, SearchSpace, whole
from nas_explorer.spaces.codec import Rows
from nas_explorer.spaces.decisions import picks
from nas_explorer.spaces.indices import layout
from nas_explorer.spaces.narrowing import whole_rows
from nas_explorer.spaces.values import Choice, Op, options_of

Features: TypeAlias = NDArray[np.float64]

MAX_WAYS = 2_000                   # through one cell, from node to node; a cell with more is encoded option by option
MAX_READINGS = 5_000              # of all ways of one cell together: the combinations of operations that they can read
DEAD = "none"


@dataclass(frozen=True, slots=True)
class Stop:
    """One place on a path: what its decision does there.

    Attributes:
        decision: its index; -1 where nothing is open.
        labels: by option, the operation that the path reads there, "" for none to be read; None where the option cuts the path.
    """

    decision: int
    labels: tuple[str | None, ...]

    @property
    def is_gate(self) -> bool:
        """Whether it only lets the path through or cuts it."""
        return self.decision >= 0 and not any(self.labels)


class PathEncoding:
    """(n, decisions) option indices -> (n, features) of 0 and 1.

    A feature says that a path from a cell's input to its output reads just these operations, whatever nodes it passes. Options that
    cut a path (`none`, an optional edge that is off, an edge that is not picked) make it absent. Decisions that lie on no path, such as
    channels, and cells with too many paths get one feature an option.

    White et al., BANANAS, AAAI 2021, arXiv 1910.11858, section 4, which numbers the paths of one cell; here every cell of any space
    has its own.

    >>> from nas_explorer.spaces import nas_bench_201
    >>> encoding = PathEncoding(nas_bench_201())
    >>> encoding.size                         # 4 direct, 4**2 through one node, 4**3 through two; `none` is on no path
    84
    >>> encoding(Codec(nas_bench_201()).sample(7, np.random.default_rng(0))).shape
    (7, 84)
    """

    def __init__(self, space: SearchSpace) -> None:
        self.narrowed, space = space, whole(space)         # paths are those of the drawing, whatever options are left
        self.codec = Codec(space)
        self.paths: list[tuple[tuple[Stop, ...], NDArray[np.int64]]] = []
        names: dict[tuple[str, ...], int] = {}
        covered: set[int] = set()
        for graph_name, graph in (("", space.network), *space.cells):
            ways = list(itertools.islice(_ways(space, graph_name, graph), MAX_WAYS + 1))
            open_ways = [way for way in ways if any(stop.decision >= 0 for stop in way)]
            reads = any(stop.decision >= 0 and not stop.is_gate for way in open_ways for stop in way)
            if not reads or len(ways) > MAX_WAYS or sum(map(_count, open_ways)) > MAX_READINGS:
                continue                               # where only edges are open, paths would forget which nodes they join
            for way in open_ways:
                self.paths.append((way, np.array([_feature(names, graph_name, labels) for labels in _labels(way)], dtype=np.int64)))
                covered.update(stop.decision for stop in way)
        self.path_count = len(names)
        rest = [i for i in range(len(self.codec.widths)) if i not in covered]
        starts = self.codec.starts
        self.columns = np.concatenate([np.arange(starts[i], starts[i + 1]) for i in rest]) if rest else np.zeros(0, dtype=np.int64)

    @property
    def size(self) -> int:
        return self.path_count + len(self.columns)

    def __call__(self, rows: Rows) -> Features:
        rows = whole_rows(self.narrowed, rows)
        found = np.zeros((len(rows), self.size))
        for way, features in self.paths:
            at = np.zeros(len(rows), dtype=np.int64)
            here = np.ones(len(rows), dtype=bool)
            for stop in way:
                if stop.is_gate:                       # the False in front is for an inactive decision, -1
                    here &= np.array([False, *(label is not None for label in stop.labels)])[rows[:, stop.decision] + 1]
                elif stop.decision >= 0:
                    at = at * (len(stop.labels) + 1) + rows[:, stop.decision] + 1
            feature = features[at]
            here &= feature >= 0
            found[np.flatnonzero(here), feature[here]] = 1
        found[:, self.path_count:] = self.codec.one_hot(rows)[:, self.columns]
        return found


def _count(way: Sequence[Stop]) -> int:
    return math.prod(len(stop.labels) + 1 for stop in way if stop.decision >= 0 and not stop.is_gate)


def _labels(way: Sequence[Stop]) -> Iterator[tuple[str, ...] | None]:
    """What the path reads for every combination of its options, the last running fastest; None where it is cut.

    Gates are left out: they are looked at one by one. An inactive decision, -1, comes first and cuts the path.
    """
    offers = [(None, *stop.labels) if stop.decision >= 0 else stop.labels for stop in way if not stop.is_gate]
    for combination in itertools.product(*offers):
        yield None if None in combination else tuple(label for label in combination if label)


def _feature(names: dict[tuple[str, ...], int], graph: str, labels: tuple[str, ...] | None) -> int:
    return -1 if labels is None else names.setdefault((graph, *labels), len(names))


def _ways(space: SearchSpace, name: str, graph: Graph) -> Iterator[tuple[Stop, ...]]:
    """Every way from an input of a graph to its output, as the decisions it meets."""
    known, prefix = layout(space), f"{name}/" if name else ""

    def place(decision_id: str) -> int:
        return known.places.get(decision_id, -1)

    def operation(what: Op | Choice, default: str) -> Stop:
        decision = place(f"{prefix}{what.name}" if isinstance(what, Choice) and what.name else default)
        if decision < 0:
            return Stop(-1, tuple(None if option.name == DEAD else str(option) for option in options_of(what)[:1]))
        return Stop(decision, tuple(None if label == DEAD else str(label) for label in known.offers[decision]))

    def back(node: str) -> Iterator[tuple[Stop, ...]]:
        if node in graph.inputs:
            yield ()
            return
        drawn = graph[node]
        end = operation(drawn.op, f"{prefix}{node}.op")
        for edge in graph.into(node):
            stops = [operation(edge.op, f"{prefix}{edge}")]
            if edge.presence == "optional":
                stops.insert(0, Stop(place(f"{prefix}{edge}.on"), (None, "")))
            elif edge.presence == "picked" and (inputs := place(f"{prefix}{node}.inputs")) >= 0:
                stops.insert(0, Stop(inputs, tuple("" if edge.source in picked else None for picked in picks(graph, drawn))))
            for way in back(edge.source):
                yield (*way, *stops, end)

    yield from back(graph.output)
