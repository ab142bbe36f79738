"""The sum of many values, each with its strength and some still to be normalised, without a copy of any of them.

A batch norm without scale and shift is y -> (y - mean) / std. With a strength before it that is one multiply-add a number, so the
normalised values need not be written down, neither for the sum nor for the gradient of the strength.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from nas_explorer.models.mixing.layouts import channels_last, fold
from nas_explorer.models.mixing.norms import folds, statistics


class WeightedSum(torch.autograd.Function):
    """sum of strengths[i] * values[i], where value i is normalised first if epsilons[i] is not None. Differentiable once.

    Returns the sum, then mean and variance of each value that it normalised.
    """

    @staticmethod
    def forward(ctx: Any, strengths: Tensor, epsilons: Sequence[float | None], *values: Tensor) -> tuple[Tensor, ...]:
        scales: list[float] = strengths.tolist()
        total: Tensor | None = None
        shift: Tensor | None = None
        seen: list[Tensor] = []
        for value, scale, epsilon in zip(values, scales, epsilons, strict=True):
            if epsilon is None:
                total = value * scale if total is None else total.add_(value, alpha=scale)
                continue
            mean, variance = statistics(value)
            slope = (variance + epsilon).rsqrt_().mul_(scale)
            wide = slope.view(1, -1, 1, 1)
            total = value * wide if total is None else total.addcmul_(value, wide)
            shift = slope * mean if shift is None else shift.addcmul_(slope, mean)
            seen += [mean, variance]
        if total is None:
            raise ValueError("a sum needs a value")
        if shift is not None:
            total.sub_(shift.view(1, -1, 1, 1))
        ctx.epsilons, ctx.scales = epsilons, scales
        ctx.save_for_backward(*values, *seen)
        ctx.mark_non_differentiable(*seen)
        return total, *seen

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g: Tensor, *_: Any) -> tuple[Any, ...]:
        count = len(ctx.epsilons)
        saved = ctx.saved_tensors                               # read once: what was forgotten is computed again for it
        values, seen = saved[:count], iter(saved[count:])
        g = channels_last(g)
        wants_strengths = ctx.needs_input_grad[0]
        to_strengths: list[Tensor] = []
        dot: Tensor | None
        to_values: list[Tensor | None] = []
        for i, (value, scale, epsilon) in enumerate(zip(values, ctx.scales, ctx.epsilons, strict=True)):
            wants_value = ctx.needs_input_grad[2 + i]
            if epsilon is not None:
                dot, gradient = normed_gradient(g, value, next(seen), next(seen), scale, epsilon, wants_value)
            else:
                dot = torch.dot(flat(g), flat(value)) if wants_strengths else None
                gradient = None if not wants_value else g if scale == 1.0 else g * scale
            to_values.append(gradient)
            if wants_strengths and dot is not None:
                to_strengths.append(dot)
        return torch.stack(to_strengths) if wants_strengths else None, None, *to_values


def normed_gradient(g: Tensor, y: Tensor, mean: Tensor, variance: Tensor, scale: float, epsilon: float,
                    wants_value: bool) -> tuple[Tensor, Tensor | None]:
    """For scale * (y - mean) / std: the gradient of the scale, and of y, which also moves mean and std."""
    inverse = (variance + epsilon).rsqrt()
    along, total = moments(g, y, mean, inverse)                 # sums over batch and places of g * normalised y, and of g
    if not wants_value:
        return along.sum(), None
    count = y.numel() // y.shape[1]
    slope = inverse * along
    level = torch.addcmul(total, slope, mean, value=-1).mul_(inverse).mul_(-scale / count)
    gradient = torch.addcmul(level.view(1, -1, 1, 1), y, (slope * inverse).view(1, -1, 1, 1), value=-scale / count)
    return along.sum(), gradient.addcmul_(g, inverse.view(1, -1, 1, 1), value=scale)


def moments(g: Tensor, y: Tensor, mean: Tensor, inverse: Tensor) -> tuple[Tensor, Tensor]:
    times = folds(y)
    if times > 1:
        mean, inverse = (value.expand(times, -1).reshape(-1).contiguous() for value in (mean, inverse))
    _, along, total = torch.ops.aten.native_batch_norm_backward(fold(g, times), fold(y, times), None, None, None, mean,
                                                                inverse, True, 0.0, (False, True, True))
    return along.view(times, -1).sum(0), total.view(times, -1).sum(0)


def flat(x: Tensor) -> Tensor:
    """All numbers of a value, in the order of memory that all values of the program have."""
    return x.permute(0, 2, 3, 1).reshape(-1) if x.dim() == 4 else x.reshape(-1)
