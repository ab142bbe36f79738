"""Batch norms without scale and shift: their statistics, and what a whole program's norms keep of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from nas_explorer.models.mixing.layouts import fold

FOLDED_CHANNELS = 64               # the statistics of few channels are taken as those of more and narrower ones, which is quicker


def takes_statistics(norm: nn.BatchNorm2d) -> bool:
    """Whether it normalises by what is in the batch, not by what it remembers."""
    return norm.training or norm.running_mean is None


def statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and variance (divided by n) of each channel of (batch, channels, height, width)."""
    times = folds(x)
    wide = fold(x, times)
    means, variances = torch.batch_norm_update_stats(wide, None, None, 0.0)
    if times == 1:
        return means, variances
    means, variances = means.view(times, -1), variances.view(times, -1)
    mean = means.mean(0)
    return mean, (variances + (means - mean).square()).mean(0)


def folds(x: Tensor) -> int:
    times, (channels, width) = 1, (x.shape[1], x.shape[3])
    while 2 * times * channels <= FOLDED_CHANNELS and width % (2 * times) == 0:
        times *= 2
    return times


@dataclass(slots=True)
class Kept:
    """Running averages that norms are to take in once the program has run: all in a few calls, not some for each norm."""

    averages: dict[float, tuple[list[Tensor], list[Tensor]]] = field(default_factory=dict)       # momentum -> (running, new)
    counts: list[Tensor] = field(default_factory=list)

    def add(self, norms: Sequence[nn.BatchNorm2d], mean: Tensor, variance: Tensor, count: int) -> None:
        unbiased = variance * (count / (count - 1)) if any(norm.running_var is not None for norm in norms) else variance
        for norm in norms:
            if norm.running_mean is None or norm.running_var is None or norm.num_batches_tracked is None or norm.momentum is None:
                continue
            running, new = self.averages.setdefault(norm.momentum, ([], []))
            running += [norm.running_mean.data, norm.running_var.data]     # data: graphs that saved them do not mind, as with torch's own
            new += [mean, unbiased]
            self.counts.append(norm.num_batches_tracked.data)

    def take_in(self) -> None:
        for momentum, (running, new) in self.averages.items():
            torch._foreach_lerp_(running, new, momentum)
        if self.counts:
            torch._foreach_add_(self.counts, 1)
