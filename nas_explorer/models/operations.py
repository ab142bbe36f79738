"""Torch modules for the primitives that work on images. What they cost stands in the spaces' room, in closed form.

A builder maps (source shape, result shape, stride, affine, parameters) to a module. `affine` says whether batch norms learn a
scale and a shift; searches that mix operations switch it off.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

from nas_explorer.models.layers import FactorizedReduce, Join, Pad, convolution, norm, relu_conv_bn, separable
from nas_explorer.models.layers import activation as named
from nas_explorer.models.registry import builder
from nas_explorer.spaces.shapes import Shape


@builder("conv")
def conv(x: Shape, y: Shape, stride: int, affine: bool, kernel: int | str, groups: int, order: str) -> nn.Module:
    """`order` names what runs, one after the other: "relu-conv-bn", "conv-bias-relu"."""
    words = order.split("-")
    width = x.channels
    parts: list[nn.Module] = []
    for word in words:
        if word == "conv":
            parts.append(convolution(x.channels, y.channels, kernel, stride, groups, bias="bias" in words))
            width = y.channels
        elif word != "bias":
            parts.append(norm(width, affine) if word == "bn" else named(word))
    return nn.Sequential(*parts)


@builder("activation")
def activation(x: Shape, y: Shape, stride: int, affine: bool, kind: str) -> nn.Module:
    return named(kind)


@builder("project")
def project(x: Shape, y: Shape, stride: int, affine: bool) -> nn.Module:
    """What a plain edge does where shapes differ."""
    if y.dimensions < 2:
        return nn.Linear(x.channels, y.channels)
    if stride > 1:
        return FactorizedReduce(x.channels, y.channels, stride, affine)
    return relu_conv_bn(x.channels, y.channels, 1, 1, affine)


@builder("pad")
def pad(x: Shape, y: Shape, stride: int, affine: bool) -> nn.Module:
    return Pad(y.size)


@builder("project_part")
def project_part(x: Shape, y: Shape, stride: int, affine: bool) -> nn.Module:
    """One source's share of a 1x1 convolution over everything side by side."""
    return nn.Sequential(nn.ReLU(), convolution(x.channels, y.channels, 1, stride))


@builder("bn")
def bn(x: Shape, y: Shape, stride: int, affine: bool) -> nn.Module:
    return norm(y.channels, affine)


@builder("bn_relu")
def bn_relu(x: Shape, y: Shape, stride: int, affine: bool) -> nn.Module:
    return nn.Sequential(norm(y.channels, affine), nn.ReLU())


@builder("sep_conv")
def sep_conv(x: Shape, y: Shape, stride: int, affine: bool, kernel: int) -> nn.Module:
    return nn.Sequential(*separable(x.channels, x.channels, kernel, stride, affine),
                         *separable(x.channels, y.channels, kernel, 1, affine))


@builder("enas_sep_conv")
def enas_sep_conv(x: Shape, y: Shape, stride: int, affine: bool, kernel: int) -> nn.Module:
    return nn.Sequential(*separable(x.channels, y.channels, kernel, stride, affine),
                         *separable(y.channels, y.channels, kernel, 1, affine))


@builder("dil_conv")
def dil_conv(x: Shape, y: Shape, stride: int, affine: bool, kernel: int) -> nn.Module:
    return nn.Sequential(*separable(x.channels, y.channels, kernel, stride, affine, dilation=2))


@builder("factorized_conv")
def factorized_conv(x: Shape, y: Shape, stride: int, affine: bool, kernel: int) -> nn.Module:
    """NASNet's kernel x kernel in two: a row, then a column."""
    return nn.Sequential(nn.ReLU(), convolution(x.channels, x.channels, f"1x{kernel}", (1, stride)),
                         convolution(x.channels, y.channels, f"{kernel}x1", (stride, 1)), norm(y.channels, affine))


def _pool(x: Shape, y: Shape, affine: bool, kernel: int, layer: nn.Module, fill: float) -> nn.Module:
    """A pool, before a projection where channels change; an even kernel reaches one place further down and right."""
    parts = [layer] if kernel % 2 else [nn.ConstantPad2d((0, 1, 0, 1), fill), layer]
    if x.channels != y.channels:
        parts.append(relu_conv_bn(x.channels, y.channels, 1, 1, affine))
    return nn.Sequential(*parts) if len(parts) > 1 else layer


@builder("avg_pool")
def avg_pool(x: Shape, y: Shape, stride: int, affine: bool, kernel: int) -> nn.Module:
    """The mean of what lies inside of the image; the place that an even kernel reaches beyond it counts as zero."""
    return _pool(x, y, affine, kernel, nn.AvgPool2d(kernel, stride, (kernel - 1) // 2, count_include_pad=False), 0.0)


@builder("max_pool")
def max_pool(x: Shape, y: Shape, stride: int, affine: bool, kernel: int) -> nn.Module:
    return _pool(x, y, affine, kernel, nn.MaxPool2d(kernel, stride, (kernel - 1) // 2), -torch.inf)


@builder("resnet_block")
def resnet_block(x: Shape, y: Shape, stride: int, affine: bool) -> nn.Module:
    """NAS-Bench-201's reduction. A last row or column that a pool of the released code would drop is pooled alone."""
    path = nn.Sequential(relu_conv_bn(x.channels, y.channels, 3, stride, affine), relu_conv_bn(y.channels, y.channels, 3, 1, affine))
    return Join(path, nn.Sequential(nn.AvgPool2d(stride, stride, ceil_mode=True), convolution(x.channels, y.channels, 1)))


@builder("mbconv")
class MBConv(nn.Module):
    """Widen, convolve in every channel alone, squeeze and excite, narrow; add the input where shapes allow."""

    def __init__(self, x: Shape, y: Shape, stride: int, affine: bool, kernel: int, expand: int, se: float, activation: str) -> None:
        super().__init__()
        hidden, squeezed = x.channels * expand, max(1, int(x.channels * se))
        widen = [convolution(x.channels, hidden, 1), norm(hidden, affine), named(activation)] if expand != 1 else []
        self.spatial = nn.Sequential(*widen, convolution(hidden, hidden, kernel, stride, hidden), norm(hidden, affine), named(activation))
        self.excite = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(hidden, squeezed, 1), named(activation),
                                    nn.Conv2d(squeezed, hidden, 1), nn.Sigmoid()) if se else None
        self.narrow = nn.Sequential(convolution(hidden, y.channels, 1), norm(y.channels, affine))
        self.residual = stride == 1 and x.channels == y.channels

    def forward(self, x: Tensor) -> Tensor:
        y = self.spatial(x)
        y = self.narrow(y * self.excite(y) if self.excite is not None else y)
        return cast(Tensor, x + y if self.residual else y)


@builder("global_pool")
def global_pool(x: Shape, y: Shape, stride: int, affine: bool) -> nn.Module:
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
