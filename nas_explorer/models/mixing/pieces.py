"""An operation's module as the row of pieces that it computes, so that operations on the same value can share their first ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import nn

# Modules without weights and without chance: two that are written alike give the same for the same value.
ALIKE = (nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.ELU, nn.SiLU, nn.Hardswish, nn.GELU, nn.Tanh, nn.Sigmoid, nn.Identity, nn.MaxPool2d,
         nn.AvgPool2d, nn.AdaptiveAvgPool2d, nn.Flatten, nn.ConstantPad2d, nn.ZeroPad2d)


@dataclass(frozen=True, slots=True)
class Piece:
    """One function of a row.

    Attributes:
        kind: "call" the module; "norm" by the statistics of the batch; "depthwise" and "pointwise" convolutions, with the module's
            weights; "thin" out rows and columns.
        alike: pieces with the same text do the same to a value; empty where a piece has weights of its own.
        settings: stride, padding and dilation of a depthwise convolution; the step of a thinning.
    """

    kind: str
    module: nn.Module
    alike: str = ""
    settings: tuple[int, ...] = ()


def pieces(module: nn.Module) -> Iterator[Piece]:
    """What a module computes, one after the other."""
    if module._forward_hooks or module._forward_pre_hooks:
        yield Piece("call", module)
    elif type(module) is nn.Sequential:
        for inner in module:
            yield from pieces(inner)
    elif type(module) in ALIKE:
        yield Piece("call", module, repr(module))
    elif type(module) is nn.BatchNorm2d and not module.affine and module.momentum is not None:
        yield Piece("norm", module, f"{module.eps} {module.momentum}")
    elif type(module) is nn.Conv2d and module.bias is None:
        yield from _convolution(module)
    else:
        yield Piece("call", module)


def _convolution(module: nn.Conv2d) -> Iterator[Piece]:
    square = [value[0] for value in (module.kernel_size, module.stride, module.dilation) if len(set(value)) == 1]
    padding = module.padding
    if len(square) < 3 or isinstance(padding, str) or len(set(padding)) > 1:
        yield Piece("call", module)
        return
    (side, stride, dilation), reach = square, padding[0]
    if 1 < module.groups == module.in_channels == module.out_channels:
        if dilation == stride > 1 and reach % stride == 0:          # reads every stride-th row and column only
            yield Piece("thin", module, f"thin {stride}", (stride,))
            yield Piece("depthwise", module, settings=(1, reach // stride, 1))
        else:
            yield Piece("depthwise", module, settings=(stride, reach, dilation))
    elif side == 1 and stride == 1 and module.groups == 1 and reach == 0:
        yield Piece("pointwise", module)
    else:
        yield Piece("call", module)
