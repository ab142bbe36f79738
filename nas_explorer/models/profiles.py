"""What the parts of networks take on a device: every operation of a space, at every shape at which it occurs, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import torch
from torch import Tensor, nn

from nas_explorer.errors import ShapeError
from nas_explorer.models.counting import example
from nas_explorer.models.network import merge
from nas_explorer.models.program import Run, program
from nas_explorer.models.registry import build_module
from nas_explorer.models.shared_plans import shared_plans
from nas_explorer.models.stopwatch import Latency, forward_pass
from nas_explorer.spaces.moves import covering, sample
from nas_explorer.spaces.plans import Plan, Step
from nas_explorer.spaces.shapes import Shape
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.tracer import plan as trace_one

SECONDS = 0.3                      # at most, for one part
DRAWN = 500                        # random networks, where there is no plan of all


class Merged(nn.Module):
    """Where values meet, as a network does it."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self.step = step

    def forward(self, *values: Tensor) -> Tensor:
        return merge(self.step, values, (), {})


def operation_key(name: str, source: Shape, shape: Shape, stride: int, params: Mapping[str, object]) -> str:
    """The same for operations that take as long.

    >>> operation_key("conv", Shape(3, 1, 32, 2), Shape(16, 2, 16, 2), 2, {"kernel": 3})
    'conv(kernel=3) 3×32 → 16×16 /2'
    """
    settings = ", ".join(f"{key}={value}" for key, value in sorted(params.items()))
    return f"{name}({settings}) {_shown(source)} → {_shown(shape)} /{stride}"


def parts(plan: Plan) -> Iterator[str]:
    """What a network runs, part by part: its operations, and where values meet. Dead branches are not run."""
    for run in program(plan):
        yield from _parts_of(plan, run)


def profile(space: SearchSpace, device: str = "cpu", threads: int = 1) -> dict[str, Latency]:
    """The latency of every part that any network of a space may have, each measured alone.

    Where shapes depend on too many decisions to go through all of them, it is every part that random networks have.

    Raises:
        DeviceMissing: if this machine has no such device.
    """
    modules: dict[str, tuple[nn.Module, tuple[Tensor, ...]]] = {}
    with torch.random.fork_rng(devices=[]):                # weights cost random numbers, which others may count on
        for plan in _plans(space):
            for step in plan.steps:
                shapes = [plan.steps[source].shape for source in step.sources]
                modules |= {key: made for key, made in _alone(step, shapes) if key not in modules}
    return {key: forward_pass(module, values, device, threads, SECONDS) for key, (module, values) in modules.items()}


def _plans(space: SearchSpace) -> Iterable[Plan]:
    try:
        return shared_plans(space)
    except ShapeError:
        rng = np.random.default_rng(0)
        drawn = {*covering(space, rng), *(sample(space, rng) for _ in range(DRAWN))}
        return (trace_one(space, architecture) for architecture in drawn)


def inputs_of(plan: Plan) -> tuple[Tensor, ...]:
    """One example of everything that a network reads, of zeros."""
    readers = {source: step.name for step in plan.steps if step.kind == "op" for source in step.sources}
    return tuple(_value(readers.get(i, ""), step.shape) for i, step in enumerate(plan.steps) if step.kind == "input")


def _parts_of(plan: Plan, run: Run) -> list[str]:
    step = run.step
    if step.kind == "op":
        return [operation_key(step.name, plan.steps[step.sources[0]].shape, step.shape, step.stride, dict(step.params))]
    if step.kind != "merge":
        return []
    if step.name == "concat":
        return [_meeting_key("concat", len(run.sources), step.shape)]
    # Values are added one to the other; a mean divides in the end.
    added = [_meeting_key("product" if step.name == "product" else "sum", 2, step.shape)] * (len(run.sources) - 1)
    return [*added, _meeting_key("mean", 1, step.shape)] if step.name == "mean" else added


def _alone(step: Step, shapes: list[Shape]) -> Iterator[tuple[str, tuple[nn.Module, tuple[Tensor, ...]]]]:
    """An operation, or what may happen where values meet: two are added or multiplied, a mean divides, or all are put side by side."""
    if step.kind == "op":
        key = operation_key(step.name, shapes[0], step.shape, step.stride, dict(step.params))
        yield key, (build_module(step, shapes[0]), (_value(step.name, shapes[0]),))
    if step.kind not in ("merge", "mix"):
        return
    pairs = {"concat": [("concat", shapes)], "product": [("product", [step.shape] * 2)],
             "mean": [("sum", [step.shape] * 2), ("mean", [step.shape])]}
    for name, met in pairs.get(step.name, [("sum", [step.shape] * 2)]):
        values = tuple(example(shape) for shape in met)
        yield _meeting_key(name, len(met), step.shape), (Merged(Step("merge", name, "", tuple(range(len(met))), step.shape)), values)


def _meeting_key(name: str, count: int, shape: Shape) -> str:
    return f"{name} of {count} {_shown(shape)}"


def _value(operation: str, shape: Shape) -> Tensor:
    """One example for an operation: characters, if it looks them up."""
    return torch.zeros((1, shape.size), dtype=torch.long) if operation == "embedding" else example(shape)


def _shown(shape: Shape) -> str:
    return f"{shape.channels}×{shape.size}" if shape.dimensions else f"{shape.channels}"
