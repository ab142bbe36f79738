"""The one model of a search space: a network, the cells it may use as operations, and what scales all of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.nodes import Edge, Node
from nas_explorer.spaces.primitives import PRIMITIVES, STRUCTURAL
from nas_explorer.spaces.shapes import MAX_CHANNELS
from nas_explorer.spaces.values import MAX_TEXT, SKIP, Choice, Scalar, check_count, check_name, check_scalar, listed, options_of

MAX_NESTING = 32
MAX_RESOLUTION = 100_000
MAX_NODES = 10_000                  # of all graphs of a space together; past it, nobody drew it
MAX_EDGES = 100_000
KINDS = ("max_edges", "max_params", "max_macs")


@dataclass(frozen=True, slots=True)
class Constraint:
    """A named rule on whole architectures, so that it can be saved: `max_edges` of a graph ("" is the network)."""

    kind: str
    limit: float
    graph: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidSpace(f"a constraint must be one of {', '.join(KINDS)}, got {self.kind!r}")
        check_scalar(self.limit, f"the limit of {self.kind}")
        if isinstance(self.limit, (str, bool)):
            raise InvalidSpace(f"the limit of {self.kind} must be a number, got {self.limit!r}")


@dataclass(frozen=True, slots=True)
class SearchSpace:
    """A network graph and the cells it may use as operations; C, width, depth and resolution scale all of it."""

    name: str
    network: Graph
    cells: tuple[tuple[str, Graph], ...] = ()
    channels: int | Choice = 16         # the C of "2C"
    width: float | Choice = 1.0         # multiplies channels, EfficientNet's rounding
    depth: float | Choice = 1.0         # multiplies repeats, rounded up
    resolution: int | Choice = 32       # side of the input image, or length of the sequence
    dimensions: int = 2                 # 2 image, 1 sequence, 0 vector
    input_channels: tuple[int, ...] = (3,)
    constraints: tuple[Constraint, ...] = ()
    only: tuple[tuple[str, tuple[Scalar, ...]], ...] = ()   # the options that some decisions keep, whatever is drawn: see narrowing.py
    # What other files derive from this space (decisions, layouts): hashing it for a cache costs more than a sample.
    _memory: dict[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_memory", {})
        if not isinstance(self.name, str) or not 0 < len(self.name) <= MAX_TEXT or not self.name.isprintable():
            raise InvalidSpace(f"a space needs a printable name of at most {MAX_TEXT} signs, got {self.name!r:.60}")
        self._check_scales()
        self._check_amount()
        self._check_cells()
        if len(self.network.inputs) != len(self.input_channels):
            raise InvalidSpace(f"the network has {len(self.network.inputs)} inputs, "
                               f"input_channels names {len(self.input_channels)}")

    def _check_scales(self) -> None:
        check_count(self.channels, "channels", MAX_CHANNELS)
        check_count(self.resolution, "resolution", MAX_RESOLUTION)
        check_count(self.dimensions, "dimensions", 2, least=0, fixed=True)
        for count in self.input_channels:
            check_count(count, "input_channels", MAX_CHANNELS, fixed=True)
        for key in ("width", "depth"):
            for factor in options_of(getattr(self, key)):
                if isinstance(factor, bool) or not isinstance(factor, (int, float)) or not 0 < factor <= 1_000:
                    raise InvalidSpace(f"{key} must be a number above 0 and at most 1,000, got {factor!r:.60}")

    def _check_cells(self) -> None:
        names = [name for name, _ in self.cells]
        for name in names:
            check_name(name, "a cell")
            if name in PRIMITIVES or name in STRUCTURAL:
                raise InvalidSpace(f"cell {name!r} has the name of an operation; give it another")
        if len(set(names)) < len(names):
            raise InvalidSpace(f"cell names must differ, got {listed(names)}")
        for constraint in self.constraints:
            if constraint.graph not in ("", *names):
                raise InvalidSpace(f"{constraint.kind} is put on cell {constraint.graph!r}; cells: {listed(names)}")
        heights: dict[str, int] = {}
        for name in names:
            _height(dict(self.cells), name, (), heights)

    def _check_amount(self) -> None:
        graphs = (self.network, *(graph for _, graph in self.cells))
        nodes, edges = sum(len(graph.names) for graph in graphs), sum(len(graph.edges) for graph in graphs)
        if nodes > MAX_NODES or edges > MAX_EDGES:
            raise InvalidSpace(f"a space has at most {MAX_NODES:,} nodes and {MAX_EDGES:,} edges in all, "
                               f"got {nodes:,} and {edges:,}")

    def __reduce__(self) -> tuple[Any, ...]:
        return SearchSpace, tuple(getattr(self, f.name) for f in fields(self) if f.init)

    def problems(self) -> tuple[str, ...]:
        """What is unfinished in the drawing; `decisions` insists that there is nothing.

        >>> SearchSpace("half", Graph().input("image").node("conv", [])).problems()
        ("network: node 'conv' has no incoming edge; draw one or erase the node",)
        """
        graphs = (("network", self.network), *self.cells)
        return tuple(f"{name}: {what}" for name, graph in graphs
                     for what in (*graph.problems(), *_misused(graph, dict(self.cells))))

    def cell(self, name: str) -> Graph:
        """A cell by its name; "" is the network."""
        for known, graph in (("", self.network), *self.cells):
            if known == name:
                return graph
        raise InvalidSpace(f"{self.name!r} has no cell {name!r}; cells: {listed(known for known, _ in self.cells)}")

    def edit(self, graph: str, edit: Callable[[Graph], Graph]) -> SearchSpace:
        """`space.edit("normal", lambda cell: cell.edge("0", "5", "skip"))` is a new space."""
        new = edit(self.cell(graph))
        if graph == "":
            return replace(self, network=new)
        return replace(self, cells=tuple((name, new if name == graph else old) for name, old in self.cells))


def _misused(graph: Graph, cells: Mapping[str, Graph]) -> Iterator[str]:
    """Cells that get another number of values than they have inputs."""
    for edge in graph.edges:
        for option in options_of(edge.op):
            wanted = len(cells[option.name].inputs) if option.name in cells else 1
            if wanted != 1:
                yield f"edge {edge} hands one value to {option}, which takes {wanted}"
    for node in graph.nodes:
        into = graph.into(node.name)
        given = len(into) if node.merge == "inputs" else 1
        if node.merge == "inputs" and any(edge.presence != "always" or edge.op != SKIP for edge in into):
            yield f"node {node.name!r} hands its edges to a cell, so they must be plain and always there"
        for option in options_of(node.op):
            wanted = len(cells[option.name].inputs) if option.name in cells else 1
            if into and wanted != given:
                yield f"node {node.name!r} hands {given} values to {option}, which takes {wanted}"


def copies_of(repeat: int, depth: float) -> int:
    """How often a stage runs under a depth multiplier."""
    return math.ceil(depth * repeat)


def _height(cells: Mapping[str, Graph], name: str, above: tuple[str, ...], heights: dict[str, int]) -> int:
    """How many cells deep a cell is, itself included. Each cell is looked into once, however often it is used.

    Raises:
        InvalidSpace: if a cell contains itself, or cells are nested deeper than 32.
    """
    if name in above:
        raise InvalidSpace(f"cell {name!r} contains itself: {' in '.join((name, *reversed(above)))}")
    if name not in heights and len(above) < MAX_NESTING:
        hosts: tuple[Edge | Node, ...] = (*cells[name].edges, *cells[name].nodes)
        inner = {option.name for host in hosts for option in options_of(host.op)}
        below = [_height(cells, cell, (*above, name), heights) for cell in sorted(inner & set(cells))]
        heights[name] = 1 + max(below, default=0)
    if len(above) + heights.get(name, 1) > MAX_NESTING:
        raise InvalidSpace(f"cells are nested deeper than {MAX_NESTING} at {name!r}")
    return heights[name]
