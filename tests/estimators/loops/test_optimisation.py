"""Schedules and steps."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from nas_explorer.estimators.loops.optimisation import Optimisation, rate
from nas_explorer.estimators.training_recipe import Recipe


def test_onecycle_is_torch_s_own() -> None:
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], 0.1)
    theirs = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=101, cycle_momentum=False)
    optimizer.step()
    # torch counts from step 0 to total_steps - 1, and warms up until step 0.3 * total_steps - 1.
    warm = 0.3 * 101 - 1
    for step in range(101):
        progress = 0.3 * step / warm if step <= warm else 0.3 + 0.7 * (step - warm) / (100 - warm)
        assert optimizer.param_groups[0]["lr"] == pytest.approx(0.1 * rate("onecycle", progress), abs=1e-9)
        if step < 100:
            theirs.step()


def test_cosine_falls_from_all_to_nothing_and_constant_stays() -> None:
    assert [rate("cosine", progress) for progress in (0, 0.5, 1)] == pytest.approx([1, 0.5, 0])
    assert rate("constant", 0.9) == 1


def test_restarts_and_the_last_rate_are_torch_s_own() -> None:
    """As ENAS' search of 150 epochs has it: 10 epochs, then 20, 40 and 80, each from 0.05 towards 0.0005."""
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], 0.05)
    theirs = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=10, T_mult=2, eta_min=5e-4)
    optimizer.step()
    ours = Optimisation([nn.Parameter(torch.zeros(1))], Recipe(learning_rate=0.05, schedule="restarts", last_learning_rate=5e-4), 150)
    for epoch in range(150):
        ours.done = epoch
        assert ours.learning_rate == pytest.approx(optimizer.param_groups[0]["lr"], abs=1e-12), epoch
        theirs.step()
    ours.done = 150
    assert ours.learning_rate == pytest.approx(5e-4)


def test_a_step_is_taken_at_the_rate_of_the_schedule() -> None:
    weights = nn.Parameter(torch.tensor([1.0]))
    recipe = Recipe(learning_rate=0.5, schedule="cosine", momentum=0.0, weight_decay=0.0, last_learning_rate=0.1)
    optimisation = Optimisation([weights], recipe, total=2)
    for expected in (0.5, 0.2):                            # a gradient of 1 at rates of 0.5 and, half-way, 0.3
        optimisation.step(weights.sum())
        assert weights.item() == pytest.approx(expected)


@pytest.mark.parametrize("recipe", [Recipe(learning_rate=0.5, schedule="constant", momentum=0.0, weight_decay=0.0),
                                    Recipe("adamw", 0.1, "constant", weight_decay=0.0)])
def test_steps_go_down(recipe: Recipe) -> None:
    weights = nn.Parameter(torch.tensor([3.0, -2.0]))
    optimisation = Optimisation([weights], recipe, total=60)
    for _ in range(60):
        optimisation.step(weights.square().sum() / 2)
    assert weights.abs().max() < 0.2


def test_a_gradient_is_clipped_to_its_length() -> None:
    weights = nn.Parameter(torch.tensor([30.0, 40.0]))
    recipe = Recipe(learning_rate=1.0, schedule="constant", momentum=0.0, weight_decay=0.0, gradient_clip=1.0)
    optimisation = Optimisation([weights], recipe, total=1)
    optimisation.step(weights.square().sum() / 2)
    assert torch.allclose(weights, torch.tensor([29.4, 39.2]), atol=1e-3)
