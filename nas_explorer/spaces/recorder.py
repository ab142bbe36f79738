"""Writes the steps of a plan down: primitives with their weights' keys, merges, and mixtures of options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from nas_explorer.errors import InvalidSpace, ShapeError
from nas_explorer.spaces.plans import Factor, Plan, Step
from nas_explorer.spaces.primitives import settings_of
from nas_explorer.spaces.shapes import Shape
from nas_explorer.spaces.values import Op

MAX_STEPS = 100_000

Branch: TypeAlias = tuple[int, Factor]             # a step, and how much of it is taken


class Recorder:
    """The steps so far. Methods return the number of the step that holds the value.

    `under` is what has to be chosen for the step that is added next to be built at all; `conditions` has it of every step.
    """

    def __init__(self, resolution: int, dimensions: int) -> None:
        self.resolution, self.dimensions = resolution, dimensions
        self.steps: list[Step] = []
        self.under: Factor = ()
        self.conditions: list[Factor] = []
        self.known: dict[tuple[object, ...], tuple[tuple[tuple[str, object], ...], str]] = {}

    def plan(self) -> Plan:
        return Plan(tuple(self.steps))

    def add(self, kind: str, name: str, key: str, sources: Iterable[int], shape: Shape,
            params: Iterable[tuple[str, object]] = (), factors: Iterable[Factor] = (), stride: int = 1) -> int:
        return self.put(Step(kind, name, key, tuple(sources), shape, tuple(params), tuple(factors), stride), self.under)

    def put(self, step: Step, under: Factor) -> int:
        """Add a step that is made already."""
        if len(self.steps) >= MAX_STEPS:
            raise InvalidSpace(f"a network of this space has more than {MAX_STEPS:,} steps; repeat less")
        self.steps.append(step)
        self.conditions.append(under)
        return len(self.steps) - 1

    def shape(self, channels: int, scale: int) -> Shape:
        return Shape(channels, scale, -(-self.resolution // scale), self.dimensions)

    def shape_of(self, value: int) -> Shape:
        return self.steps[value].shape

    def primitive(self, name: str, params: Mapping[str, object], path: str, source: int, shape: Shape,
                  align: str = "project") -> int:
        """Apply a primitive; `skip` is the value as it is, or what `align` says where shapes differ."""
        x = self.shape_of(source)
        if name == "skip":
            if x == shape:
                return source
            name, params = _aligned(x, shape, path, align), {}
        if shape.scale % x.scale and name != "pad":
            raise ShapeError(f"{path}: {name} cannot go from 1/{x.scale} to 1/{shape.scale} of the resolution")
        stride = max(1, shape.scale // x.scale)
        settings, label = self._settled(name, params, path)
        key = f"{path}|{label}|{x.channels}→{shape.channels}/{stride}"
        return self.add("op", name, key, (source,), shape, settings, stride=stride)

    def _settled(self, name: str, params: Mapping[str, object], path: str) -> tuple[tuple[tuple[str, object], ...], str]:
        """All parameters of a primitive, and its label; looked up once for each way in which it is used."""
        way = (name, *params.items(), *map(type, params.values()))
        if way not in self.known:
            settings = tuple(settings_of(name, params, path).items())
            label = str(Op(name, settings)) if settings else name         # type: ignore[arg-type]
            self.known[way] = settings, label.replace(".", ",")           # keys name torch modules, which may not hold a dot
        return self.known[way]

    def merge(self, kind: str, live: Sequence[tuple[int, Factor, str]], shape: Shape, path: str) -> int:
        """Merge values [(value, factor, place)], each of which has the channels and scale of `shape` where it must."""
        values = [value for value, _, _ in live]
        factors = [factor for _, factor, _ in live] if any(factor for _, factor, _ in live) else []
        if len(values) == 1 and not factors and kind != "project":
            return values[0]
        if kind == "project":              # equal to concat, then a 1x1 convolution, but one weight slice a source
            values = [self._part(value, factor, place, shape) for value, factor, place in live]
            merged = self.add("merge", "sum", "", values, shape, factors=factors)
            return self.primitive("bn", {}, path, merged, shape)
        if kind in ("concat", "product") and factors:
            raise ShapeError(f"{path}: a {kind} of edges that may be absent cannot be mixed; "
                             "merge by 'sum' or 'project', or sample single paths")
        if kind == "concat":
            shape = replace(shape, channels=sum(self.shape_of(value).channels for value in values))
        return self.add("merge", kind, "", values, shape, factors=factors)

    def _part(self, value: int, factor: Factor, place: str, shape: Shape) -> int:
        outer, self.under = self.under, self.under + factor
        part = self.primitive("project_part", {}, place, value, shape)
        self.under = outer
        return part

    def mix(self, branches: Sequence[Branch], decision_id: str) -> int:
        """The mixture of what a selection keeps of one decision; a single branch is itself."""
        if len(branches) == 1:
            return branches[0][0]
        if len({self.shape_of(value) for value, _ in branches}) > 1:
            raise ShapeError(f"the options of {decision_id!r} give different shapes, so they cannot be mixed; "
                             "sample single paths")
        live = [(value, factor) for value, factor in branches if self.steps[value].kind != "zero"]
        if not live:
            return branches[0][0]
        shape = self.shape_of(branches[0][0])
        return self.add("mix", "mix", decision_id, [v for v, _ in live], shape, factors=[f for _, f in live])


def _aligned(x: Shape, shape: Shape, path: str, align: str) -> str:
    if align == "error":
        raise ShapeError(f"{path}: {x.channels} channels at 1/{x.scale} cannot become {shape.channels} at "
                         f"1/{shape.scale} unaided; draw an operation or set align")
    return "pad" if align == "pad" else "project"
