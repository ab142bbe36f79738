"""From a space and a selection of options to a plan. Nothing else in the project knows how a graph is computed.

A selection with one option a decision gives the plan of an architecture; one with several gives "mix" steps: the plan
of a supernet.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nas_explorer.errors import InvalidSpace, ShapeError
from nas_explorer.spaces.decisions import decisions, named, prefix_of, stem
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.indices import to_indices
from nas_explorer.spaces.narrowing import lifted, whole
from nas_explorer.spaces.nodes import MAX_STRIDE, Edge, Node
from nas_explorer.spaces.plans import Factor, Plan
from nas_explorer.spaces.presence import Select, Uses, present_edges
from nas_explorer.spaces.recorder import Recorder
from nas_explorer.spaces.shapes import MAX_CHANNELS, Shape, channels_of, scaled_channels
from nas_explorer.spaces.space import SearchSpace, copies_of
from nas_explorer.spaces.traced_cells import TracedCells
from nas_explorer.spaces.values import Choice, Op, Scalar, check_count, options_of

MAX_APPLIED = 100_000            # operations in one network, those that leave no step included


def plan(space: SearchSpace, architecture: Mapping[str, Scalar], graph: str = "") -> Plan:
    """The plan of one architecture, or of one of its cells alone.

    Raises:
        InvalidArchitecture: if it does not belong to the space.
        ShapeError: if two values that it merges differ in shape.
    """
    if space.only:
        return plan(whole(space), lifted(space, architecture), graph)
    indices = to_indices(space, architecture)
    chosen = {decision.id: (index,) for decision, index in zip(decisions(space), indices, strict=True)}
    return trace(space, lambda decision_id, _: chosen[decision_id], graph)


def trace(space: SearchSpace, select: Select, graph: str = "") -> Plan:
    """The plan of everything that a selection keeps: select(decision id, options) returns indices of options.

    Raises:
        ShapeError: if options that are to be mixed give different shapes.
    """
    return trace_with_conditions(space, select, graph)[0]


def trace_with_conditions(space: SearchSpace, select: Select, graph: str = "") -> tuple[Plan, list[Factor]]:
    """The plan, and for every step what has to be chosen among the kept options for it to be built: () always."""
    tracer = _Tracer(space, select)
    drawn = space.cell(graph)
    widths = space.input_channels if graph == "" else (tracer.channels,) * len(drawn.inputs)
    out = tracer.run(graph, widths)
    tracer.steps.add("merge", "sum", "", (out,), tracer.steps.shape_of(out))       # plans end alike, so hashes agree
    return tracer.steps.plan(), tracer.steps.conditions


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the drawing and in the network the tracer stands."""

    prefix: str        # of decision ids: "normal/", or "blocks[2]/block/" where copies decide alone
    scope: str         # of the decisions of cells further down
    path: str          # of weights: "cell1/normal/"
    channels: int      # C here


class _Tracer:
    def __init__(self, space: SearchSpace, select: Select) -> None:
        self.space, self.select, self.cells = space, select, dict(space.cells)
        self.widths = {decision.id: len(decision.options) for decision in decisions(space)}
        self.steps = Recorder(self.one(space.resolution, "resolution"), space.dimensions)
        self.width, self.depth = self.one(space.width, "width"), self.one(space.depth, "depth")
        self.channels: int = self.one(space.channels, "channels")
        self.traced = TracedCells(self.steps)
        self.applied = 0

    def run(self, name: str, widths: Sequence[int]) -> int:
        graph = self.space.cell(name)
        inputs = [self.steps.add("input", source, source, (), self.steps.shape(width, 1))
                  for source, width in zip(graph.inputs, widths, strict=True)]
        return self.graph(name, inputs, _Place("", "", "", self.channels))

    # ---- what the selection keeps
    def kept(self, value: Any, decision_id: str) -> list[tuple[Any, Factor]]:
        """[(option, factor)] of a value that may be a choice."""
        if not isinstance(value, Choice) or len(value.options) == 1:
            return [(options_of(value)[0], ())]
        indices = self.select(decision_id, value.labels)
        if len(indices) == 1:
            return [(value.options[indices[0]], ())]
        return [(value.options[i], ((decision_id, frozenset({i})),)) for i in indices]

    def one(self, value: Any, decision_id: str) -> Any:
        kept = self.kept(value, decision_id)
        if len(kept) != 1:
            raise ShapeError(f"{decision_id!r} changes shapes, so its {len(kept)} options cannot be mixed; "
                             "sample single paths")
        return kept[0][0]

    # ---- graphs, nodes, edges
    def graph(self, name: str, inputs: Sequence[int], outer: _Place) -> int:
        graph = self.space.cell(name)
        place = replace(outer, prefix=prefix_of(name, outer.scope))
        values = dict(zip(graph.inputs, inputs, strict=True))
        uses: Uses = {}
        for node in graph.nodes:
            edges = present_edges(graph, node, place.prefix, uses, self.select, self.widths)
            values[node.name] = self.copies(node, self.merge(graph, node, edges, values, place), place)
        return values[graph.output]

    def merge(self, graph: Graph, node: Node, edges: Sequence[tuple[Edge, Factor]], values: Mapping[str, int],
              place: _Place) -> list[int]:
        """Bring every present edge to the node's shape, then merge. With merge="inputs": the list, untouched."""
        if node.merge == "inputs":
            return [values[edge.source] for edge, _ in edges]
        first = values[graph.into(node.name)[0].source]
        own, target = self.shape(graph, node, edges, values, place)
        live: list[tuple[int, Factor, str]] = []
        for edge, factor in edges:
            source = values[edge.source]
            keeps_width = own is None and node.merge in ("concat", "project")
            shape = self.steps.shape(self.steps.shape_of(source).channels, target.scale) if keeps_width else target
            path = f"{place.path}{edge}"
            outer, self.steps.under = self.steps.under, self.steps.under + factor
            arrived = self.operation(edge.op, f"{place.prefix}{edge}", path, [source], shape, node, place)
            self.steps.under = outer
            # "none" is a zero that is there: a mean and a concatenation count it. An absent edge is not there.
            if node.merge not in ("sum", "project") or self.steps.steps[arrived].kind != "zero":
                live.append((arrived, factor, path))
        path = f"{place.path}{node.name}"
        if live:
            return [self.steps.merge(node.merge, live, target, path)]
        nothing = self.steps.add("zero", "zero", "", (first,), target)
        return [self.steps.primitive("bn", {}, path, nothing, target) if node.merge == "project" else nothing]

    def shape(self, graph: Graph, node: Node, edges: Sequence[tuple[Edge, Factor]], values: Mapping[str, int],
              place: _Place) -> tuple[Any, Shape]:
        """The node's own channels, if it has any, and the shape that its merge has."""
        drawn = [edge.source for edge in graph.into(node.name)]      # present or not: shapes do not depend on it
        coarsest = max(self.scale(values[name]) for name in ([node.like] if node.like else drawn))
        scale = coarsest * self.one(node.stride, f"{place.prefix}{node.name}.stride")
        if node.align == "pad" and edges:
            scale = min(self.scale(values[edge.source]) for edge, _ in edges)
        own = self.one(node.channels, f"{place.prefix}{node.name}.channels")
        width = self.steps.shape_of(values[drawn[0]]).channels if own is None else self.scaled(own, place)
        return own, self.steps.shape(width, scale)

    def scale(self, value: int) -> int:
        return self.steps.shape_of(value).scale

    def scaled(self, expression: int | str, place: _Place) -> int:
        return scaled_channels(channels_of(expression, place.channels), self.width)

    def copies(self, node: Node, inputs: list[int], place: _Place) -> int:
        host, path = f"{place.prefix}{node.name}", f"{place.path}{node.name}"
        depth = 1 if node.repeat is None else self.depth
        kept = self.kept(node.repeat or 1, f"{host}.repeat")
        repeats = [(copies_of(repeat, depth), factor) for repeat, factor in kept]
        done = {}
        for copy in range(max(repeat for repeat, _ in repeats)):
            inner = place if node.shared else replace(place, scope=f"{host}[{copy}]/")
            decision_host = f"{host}.op" if node.shared else f"{host}[{copy}].op"
            at = path if node.repeat is None else f"{path}[{copy}]"
            outer, self.steps.under = self.steps.under, self.steps.under + _deep_enough(repeats, copy)
            done[copy + 1] = self.operation(node.op, decision_host, at, inputs, None, node, inner, first=copy == 0)
            self.steps.under = outer
            inputs = [*inputs[1:], done[copy + 1]]           # a cell with two inputs slides over its own outputs
        return self.steps.mix([(done[repeat], factor) for repeat, factor in repeats], f"{host}.repeat")

    # ---- operations
    def operation(self, what: Op | Choice, host: str, path: str, inputs: Sequence[int], shape: Shape | None,
                  node: Node, place: _Place, first: bool = True) -> int:
        """Apply an operation, or the mixture of all that are kept. `shape` is given on edges, free on nodes."""
        decision_id = named(what, host, place.prefix)
        branches = []
        for option, factor in self.kept(what, decision_id):
            hosts = [(key, value, f"{stem(decision_id, option)}.{key}") for key, value in option.params]
            kept = [self.kept(value, named(value, default, place.prefix)) for _, value, default in hosts]
            for combination in itertools.product(*kept):
                params = {key: value for (key, _), (value, _) in zip(option.params, combination, strict=True)}
                factors = sum((inner for _, inner in combination), factor)
                outer, self.steps.under = self.steps.under, self.steps.under + factors
                branches.append((self.apply(option.name, params, path, inputs, shape, node, place, first), factors))
                self.steps.under = outer
        return self.steps.mix(branches, decision_id)

    def cell(self, name: str, inputs: Sequence[int], place: _Place) -> int:
        key = self.traced.key(name, place.scope, place.channels, inputs)
        known = self.traced.copy(key, inputs, place.path)
        if known:
            out, applied = known
            self.applied += applied
            return out
        start, before = len(self.steps.steps), self.applied
        out = self.graph(name, inputs, place)
        self.traced.note(key, start, inputs, out, place.path, self.applied - before)
        return out

    def apply(self, name: str, params: dict[str, Any], path: str, inputs: Sequence[int], shape: Shape | None,
              node: Node, place: _Place, first: bool) -> int:
        self.applied += 1
        if self.applied > MAX_APPLIED:
            raise InvalidSpace(f"a network of {self.space.name!r} applies more than {MAX_APPLIED:,} operations; "
                               "repeat less")
        if name in self.cells:
            inner = channels_of(params.get("channels", "C"), place.channels)
            return self.cell(name, inputs, replace(place, path=f"{path}/{name}/", channels=inner))
        x = self.steps.shape_of(inputs[0])
        stride = params.pop("stride", 1)
        own, exact = params.pop("channels", None), params.pop("features", None)       # exact: no width multiplier
        check_count(stride, f"{path}: stride of {name}", MAX_STRIDE)
        if exact is not None:
            check_count(exact, f"{path}: features of {name}", MAX_CHANNELS)
        width = exact or (x.channels if own is None else self.scaled(own, place))
        target = shape or self.steps.shape(width, x.scale * (stride if first else 1))
        if name == "none":
            return self.steps.add("zero", "zero", "", inputs, target)
        if name == "global_pool":
            target = Shape(x.channels, x.scale, 1, 0)
        elif x.dimensions != self.space.dimensions:                   # after pooling there is only one position
            target = Shape(target.channels, x.scale, 1, x.dimensions)
        return self.steps.primitive(name, params, path, inputs[0], target, node.align)


def _deep_enough(repeats: Sequence[tuple[int, Factor]], copy: int) -> Factor:
    """What has to be chosen for a copy to be there: the repeats that are more than its number."""
    deeper = [factor for repeat, factor in repeats if repeat > copy]
    if len(deeper) == len(repeats):
        return ()
    return ((deeper[0][0][0], frozenset().union(*(options for ((_, options),) in deeper))),)
