"""A convolution in each channel alone, with a backward pass that uses what the processor's library has fast code for.

torch's own backward pass of 5x5 and dilated kernels takes 10 to 40 times as long as its forward pass. The gradient of the input is
the forward pass with a flipped kernel. For the gradient of the kernel the library is fast up to three columns without dilation, so
wider and dilated kernels are put together from those, over views of the same memory.
"""

from __future__ import annotations

from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable

from nas_explorer.models.mixing.layouts import channels_last, fold, split

MIN_FOLDED = 3                     # columns; below, the library's fast code does not apply to a folded image


class Depthwise(torch.autograd.Function):
    """conv2d with one kernel a channel and square strides, paddings and dilations. Differentiable once."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, kernel: Tensor, stride: int, padding: int, dilation: int) -> Tensor:
        ctx.save_for_backward(x, kernel)
        ctx.settings = stride, padding, dilation
        return F.conv2d(x, kernel, None, stride, padding, dilation, x.shape[1])

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor | None, ...]:
        x, kernel = ctx.saved_tensors
        g = channels_last(g)
        to_input = input_gradient(g, x, kernel, *ctx.settings) if ctx.needs_input_grad[0] else None
        to_kernel = kernel_gradient(g, x, kernel.shape[-1], *ctx.settings) if ctx.needs_input_grad[1] else None
        return to_input, to_kernel, None, None, None


def input_gradient(g: Tensor, x: Tensor, kernel: Tensor, stride: int, padding: int, dilation: int) -> Tensor:
    side = kernel.shape[-1]
    if stride == 1 and 2 * padding == dilation * (side - 1):
        return F.conv2d(g, kernel.flip(2, 3), None, 1, padding, dilation, x.shape[1])
    found = torch.ops.aten.convolution_backward(g, x, kernel, None, (stride, stride), (padding, padding), (dilation, dilation), False,
                                                (0, 0), x.shape[1], (True, False, False))
    return cast(Tensor, found[0])


def kernel_gradient(g: Tensor, x: Tensor, side: int, stride: int, padding: int, dilation: int) -> Tensor:
    """Gradient of the kernel, (channels, 1, side, side)."""
    channels, (height, width) = x.shape[1], x.shape[2:]
    keeps_size = 2 * padding == dilation * (side - 1)
    if dilation == 2 and stride == 1 and keeps_size and height % 2 == 0 and width % 2 == 0:
        halves = kernel_gradient(split(g), split(x), side, 1, padding // 2, 1)
        return halves.view(2, channels, 1, side, side).sum(0)
    if dilation == 1 and side == 5 and keeps_size and width % 2 == 0 and width >= 2 * MIN_FOLDED:
        if stride == 1:
            return _five_columns(g, x)
        if stride == 2 and height % 2 == 0:
            return _five_columns_apart(g, x)
    if dilation == 1 and side == 5 and keeps_size and stride == 1:
        left, right = (_library(g, F.pad(x, margins), (5, 3), (1, 1), (2, 0)) for margins in ((2, 0), (0, 2)))
        return torch.cat([left, right[..., 1:]], dim=3)
    return _library(g, x, (side, side), (stride, stride), (padding, padding), dilation)


def _five_columns(g: Tensor, x: Tensor) -> Tensor:
    """Columns 1 to 3 as they are; columns 0, 2 and 4 are neighbours where every second column is a channel of its own."""
    inner = _library(g, x, (5, 3), (1, 1), (2, 1))
    pairs = _library(fold(g, 2), fold(x, 2), (5, 3), (1, 1), (2, 1))
    outer = pairs.view(2, *inner.shape).sum(0)
    return torch.cat([outer[..., :1], inner, outer[..., 2:]], dim=3)


def _five_columns_apart(g: Tensor, x: Tensor) -> Tensor:
    """With stride 2, columns 0, 2, 4 of the kernel see even columns of x, and columns 1, 3 odd ones."""
    pairs = _library(torch.cat([g, g], dim=1), fold(x, 2), (5, 3), (2, 1), (2, 1))
    even, odd = pairs.view(2, x.shape[1], 1, 5, 3)
    return torch.stack([even[..., 0], odd[..., 0], even[..., 1], odd[..., 1], even[..., 2]], dim=3)


def _library(g: Tensor, x: Tensor, sides: tuple[int, int], stride: tuple[int, int], padding: tuple[int, int], dilation: int = 1) -> Tensor:
    """torch's own gradient of a kernel with these sides, of which it reads the shape only."""
    kernel = x.new_empty((x.shape[1], 1, *sides))
    found = torch.ops.aten.convolution_backward(g, x, kernel, None, stride, padding, (dilation, dilation), False, (0, 0), x.shape[1],
                                                (False, True, False))
    return cast(Tensor, found[1])
