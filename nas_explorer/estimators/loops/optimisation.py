"""Optimiser and schedule of a recipe."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from nas_explorer.estimators.training_recipe import Recipe

WARM_UP = 0.3              # share of the steps in which `onecycle` rises
START = 25.0               # it starts at 1/25 of the highest rate and ends at 1/10,000 of its start
END = 1e4
CYCLES = 4                 # of `restarts`: ENAS' search of 150 epochs begins anew after 10, 30 and 70 (arXiv 1802.03268)


class Optimisation:
    """Steps that follow a recipe's schedule.

    Args:
        total: how many steps there will be.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], recipe: Recipe, total: int) -> None:
        self.recipe, self.total, self.done = recipe, max(total, 1), 0
        self.parameters = list(parameters)
        if recipe.optimizer == "sgd":
            self.optimizer: torch.optim.Optimizer = torch.optim.SGD(
                self.parameters, recipe.learning_rate, recipe.momentum, weight_decay=recipe.weight_decay,
                nesterov=recipe.momentum > 0, fused=True)
        else:
            self.optimizer = torch.optim.AdamW(self.parameters, recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True)

    @property
    def learning_rate(self) -> float:
        """Of the next step."""
        first, last = self.recipe.learning_rate, self.recipe.last_learning_rate
        return last + (first - last) * rate(self.recipe.schedule, self.done / self.total)

    def step(self, loss: Tensor) -> None:
        """One step down the gradient of a loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate
        self.optimizer.zero_grad(set_to_none=True)
        _backward(loss)
        if self.recipe.gradient_clip:
            nn.utils.clip_grad_norm_(self.parameters, self.recipe.gradient_clip)
        self.optimizer.step()
        self.done += 1


def rate(schedule: str, progress: float) -> float:
    """How far the learning rate is above its last at this share of the training: 1 at the highest.

    >>> [round(rate("onecycle", progress), 4) for progress in (0, 0.3, 0.65, 1)]
    [0.04, 1.0, 0.5, 0.0]
    >>> [round(rate("restarts", epoch / 150), 4) for epoch in (0, 5, 10, 20, 30, 110, 150)]
    [1.0, 0.5, 1.0, 0.5, 1.0, 0.5, 0.0]
    """
    if schedule == "constant":
        return 1.0
    if schedule == "cosine":
        return 0.5 + 0.5 * math.cos(math.pi * min(progress, 1.0))
    if schedule == "restarts":
        return 0.5 + 0.5 * math.cos(math.pi * _since_restart(progress))
    if progress < WARM_UP:
        return _between(1 / START, 1.0, progress / WARM_UP)
    return _between(1.0, 1 / START / END, (min(progress, 1.0) - WARM_UP) / (1 - WARM_UP))


def _since_restart(progress: float) -> float:
    """The share of the cycle that is under way; each is twice as long as the one before."""
    lengths = 1 + (math.exp2(CYCLES) - 1) * min(progress, 1.0)     # 1 where the first begins, 2 where the second does, then 4, 8
    return lengths / math.exp2(min(math.floor(math.log2(lengths)), CYCLES - 1)) - 1


def _between(start: float, end: float, progress: float) -> float:
    return end + (start - end) * (0.5 + 0.5 * math.cos(math.pi * progress))


def _backward(loss: Any) -> None:
    loss.backward()
