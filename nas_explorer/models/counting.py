"""Counting on built modules: the slow way that closed forms are held against, and the only one for what nobody described."""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from nas_explorer.spaces.shapes import Shape


def count_parameters(module: nn.Module) -> int:
    """Numbers that training changes; shared ones count once."""
    return sum(parameter.numel() for parameter in module.parameters())


def count_macs(module: nn.Module, *inputs: Tensor) -> int:
    """Multiply-adds of convolutions and matrix products in one forward pass, as torch counts them.

    Attention runs in its plain form meanwhile: torch's counter does not see the products inside of the fused one.
    """
    training = module.training
    module.eval()
    with torch.no_grad(), FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
        module(*inputs)
    module.train(training)
    return int(cast(Any, counter).get_total_flops()) // 2


def example(shape: Shape, batch: int = 1) -> Tensor:
    """Zeros of this shape."""
    sides = (shape.size,) * shape.dimensions
    return torch.zeros((batch, shape.channels, *sides) if shape.dimensions == 2 else (batch, *sides, shape.channels))
