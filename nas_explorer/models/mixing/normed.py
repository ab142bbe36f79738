"""A batch norm without scale and shift, and the ReLU behind it if there is one, as one function."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from nas_explorer.models.mixing.layouts import channels_last
from nas_explorer.models.mixing.norms import statistics
from nas_explorer.models.mixing.weighted_sum import normed_gradient


class Normed(torch.autograd.Function):
    """(y - mean) / std, above zero only if `relu`. Returns it with mean and variance of the batch. Differentiable once."""

    @staticmethod
    def forward(ctx: Any, y: Tensor, epsilon: float, relu: bool) -> tuple[Tensor, Tensor, Tensor]:
        mean, variance = statistics(y)
        inverse = (variance + epsilon).rsqrt_()
        shift = (mean * inverse).neg_()
        result = torch.addcmul(shift.view(1, -1, 1, 1), y, inverse.view(1, -1, 1, 1))
        if relu:
            result.relu_()
        ctx.epsilon, ctx.relu = epsilon, relu
        ctx.save_for_backward(y, mean, variance, *([result] if relu else []))
        ctx.mark_non_differentiable(mean, variance)
        return result, mean, variance

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g: Tensor, *_: Any) -> tuple[Any, ...]:
        y, mean, variance, *result = ctx.saved_tensors
        g = channels_last(g)
        if ctx.relu:
            g = torch.ops.aten.threshold_backward(g, result[0], 0)
        return normed_gradient(g, y, mean, variance, 1.0, ctx.epsilon, True)[1], None, None
