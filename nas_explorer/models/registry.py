"""Which function builds which operation. A user's own enters by `operation`, in five lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from torch import Tensor, nn

from nas_explorer.errors import ShapeError, UnknownName
from nas_explorer.models.counting import count_macs, count_parameters, example
from nas_explorer.spaces.own_operations import OWN, OwnOperation, check_free, register
from nas_explorer.spaces.plans import Step
from nas_explorer.spaces.primitives import Amounts
from nas_explorer.spaces.shapes import Shape

Builder: TypeAlias = Callable[..., nn.Module]
B = TypeVar("B", bound=Builder)

BUILDERS: dict[str, Builder] = {}


def builder(name: str) -> Callable[[B], B]:
    """Register build(source shape, result shape, stride, affine, **parameters) -> Module for a primitive of the library."""
    def register(build: B) -> B:
        BUILDERS[name] = build
        return build
    return register


def operation(name: str, cost: Callable[..., Amounts] | None = None, **defaults: Any) -> Callable[[B], B]:
    """Register an operation of your own: its builder, its cost, and its parameters with their defaults.

    Args:
        cost: (source shape, result shape, stride, **parameters) -> (parameter count, MACs). None: it is counted on the built
            module, once for each pair of shapes.
        defaults: the parameters that a drawing may set.

    >>> from torch import nn
    >>> @operation("cosine_conv", kernel=3)
    ... def cosine_conv(source, result, stride, kernel):
    ...     return nn.Sequential(nn.Conv2d(source.channels, result.channels, kernel, stride, kernel // 2, bias=False))
    >>> from nas_explorer.spaces.primitives import PRIMITIVES
    >>> PRIMITIVES["cosine_conv"].cost(Shape(8, 1, 4, 2), Shape(16, 1, 4, 2), 1, kernel=3)
    (1152, 18432)

    Raises:
        InvalidOption: if the library has an operation of this name.
    """
    check_free(name)

    def decorate(build: B) -> B:
        register(OwnOperation(name, build, cost or MeasuredCost(build), defaults))
        return build
    return decorate


class MeasuredCost:
    """A cost function that builds the operation and counts, once for each pair of shapes. It travels without what it knows."""

    def __init__(self, build: Builder) -> None:
        self._build = build
        self._known: dict[object, Amounts] = {}

    def __call__(self, x: Shape, y: Shape, stride: int, **parameters: Any) -> Amounts:
        key = (x, y, stride, tuple(sorted(parameters.items())))
        if key not in self._known:
            module = self._build(x, y, stride, **parameters)
            self._known[key] = count_parameters(module), count_macs(module, example(x))
        return self._known[key]

    def __reduce__(self) -> tuple[Any, ...]:
        return MeasuredCost, (self._build,)


def build_module(step: Step, source: Shape, affine: bool = True) -> nn.Module:
    """The module of an "op" step.

    Args:
        affine: whether batch norms learn a scale and a shift.

    Raises:
        UnknownName: if nothing builds this operation.
    """
    if step.name in OWN:
        module: nn.Module = OWN[step.name].build(source, step.shape, step.stride, **dict(step.params))
        module.register_forward_hook(KeepsShape(step))
        return module
    if step.name not in BUILDERS:
        raise UnknownName("builder of an operation", step.name, (*BUILDERS, *OWN))
    return BUILDERS[step.name](source, step.shape, step.stride, affine, **dict(step.params))


class KeepsShape:
    """Holds an operation of a user's own to the shape that the drawing promises; the library's are tested for it."""

    def __init__(self, step: Step) -> None:
        self.what, self.place, self.shape = step.name, step.key.partition("|")[0], step.shape

    def __call__(self, _: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        wanted = result_size(inputs[0].shape[0], self.shape)
        if tuple(output.shape) != wanted:
            raise ShapeError(f"operation {self.what!r} at {self.place} must give {wanted}, the shape of the node it leads to, and gave "
                             f"{tuple(output.shape)}; its builder gets both shapes and the stride")


def result_size(batch: int, shape: Shape) -> tuple[int, ...]:
    """The size of a tensor of this shape: channels first for images, last for sequences and rows."""
    sides = (shape.size,) * shape.dimensions
    return (batch, shape.channels, *sides) if shape.dimensions == 2 else (batch, *sides, shape.channels)
