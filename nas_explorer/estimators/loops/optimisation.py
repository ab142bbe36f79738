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

    def step(self, loss: Tensor) -> None:
        """One step down the gradient of a loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.learning_rate * rate(self.recipe.schedule, self.done / self.total)
        self.optimizer.zero_grad(set_to_none=True)
        _backward(loss)
        if self.recipe.gradient_clip:
            nn.utils.clip_grad_norm_(self.parameters, self.recipe.gradient_clip)
        self.optimizer.step()
        self.done += 1


def rate(schedule: str, progress: float) -> float:
    """The learning rate at this share of the training, as a share of the highest.

    >>> [round(rate("onecycle", progress), 4) for progress in (0, 0.3, 0.65, 1)]
    [0.04, 1.0, 0.5, 0.0]
    """
    if schedule == "constant":
        return 1.0
    if schedule == "cosine":
        return 0.5 + 0.5 * math.cos(math.pi * min(progress, 1.0))
    if progress < WARM_UP:
        return _between(1 / START, 1.0, progress / WARM_UP)
    return _between(1.0, 1 / START / END, (min(progress, 1.0) - WARM_UP) / (1 - WARM_UP))


def _between(start: float, end: float, progress: float) -> float:
    return end + (start - end) * (0.5 + 0.5 * math.cos(math.pi * progress))


def _backward(loss: Any) -> None:
    loss.backward()
