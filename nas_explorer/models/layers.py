"""The pieces that operations are put together from."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nas_explorer.errors import UnknownName
from nas_explorer.spaces.operations import sides

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU, "relu6": nn.ReLU6, "leaky_relu": nn.LeakyReLU, "elu": nn.ELU, "silu": nn.SiLU, "hardswish": nn.Hardswish,
    "gelu": nn.GELU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "identity": nn.Identity,
}


def activation(name: str) -> nn.Module:
    """
    Raises:
        UnknownName: if there is no such activation.
    """
    if name not in ACTIVATIONS:
        raise UnknownName("activation", name, ACTIVATIONS)
    return ACTIVATIONS[name]()


def norm(channels: int, affine: bool) -> nn.Module:
    return nn.BatchNorm2d(channels, affine=affine)


def convolution(c_in: int, c_out: int, kernel: int | str, stride: int | tuple[int, int] = 1, groups: int = 1,
                dilation: int = 1, bias: bool = False) -> nn.Module:
    """The result has 1/stride of the sides, rounded up. An even kernel reaches one place further down and right."""
    lengths = sides(kernel)
    reach = [dilation * (length - 1) for length in lengths]
    layer = nn.Conv2d(c_in, c_out, lengths, stride, (reach[0] // 2, reach[1] // 2), dilation, groups, bias)
    if reach[0] % 2 == 0 and reach[1] % 2 == 0:
        return layer
    return nn.Sequential(nn.ZeroPad2d((0, reach[1] % 2, 0, reach[0] % 2)), layer)


def relu_conv_bn(c_in: int, c_out: int, kernel: int, stride: int, affine: bool) -> nn.Sequential:
    return nn.Sequential(nn.ReLU(), convolution(c_in, c_out, kernel, stride), norm(c_out, affine))


def separable(c_in: int, c_out: int, kernel: int, stride: int, affine: bool, dilation: int = 1) -> list[nn.Module]:
    """ReLU, a convolution in each channel alone, one across channels, batch norm."""
    return [nn.ReLU(), convolution(c_in, c_in, kernel, stride, c_in, dilation), convolution(c_in, c_out, 1), norm(c_out, affine)]


class FactorizedReduce(nn.Module):
    """Shrink an image with two 1x1 convolutions, the second one shifted by a pixel, side by side."""

    def __init__(self, c_in: int, c_out: int, stride: int, affine: bool) -> None:
        super().__init__()
        self.even = convolution(c_in, c_out - c_out // 2, 1, stride)
        self.odd = convolution(c_in, c_out // 2, 1, stride) if c_out > 1 else None
        self.bn = norm(c_out, affine)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(x)
        halves = [self.even(x)]
        if self.odd is not None:
            halves.append(self.odd(F.pad(x, (0, 1, 0, 1))[:, :, 1:, 1:]))
        return cast(Tensor, self.bn(torch.cat(halves, dim=1)))


class Pad(nn.Module):
    """Zeros below and to the right, until an image has the wanted side."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x, (0, self.size - x.shape[-1], 0, self.size - x.shape[-2]))


class Join(nn.Module):
    """The sum of two paths over one value."""

    def __init__(self, path: nn.Module, shortcut: nn.Module) -> None:
        super().__init__()
        self.path, self.shortcut = path, shortcut

    def forward(self, x: Tensor) -> Tensor:
        return cast(Tensor, self.shortcut(x) + self.path(x))
