"""Every setting of the searches by gradients, as papers, released code and good practice have them. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

Preset: TypeAlias = Literal["recommended", "paper", "released_code"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a search by gradients does, to the last number.

    Attributes:
        order: 1: the weights are taken as they are. 2: one step of theirs is looked ahead.
        unrolled: how the second derivative of the second order is taken.
        learning_rate, betas, weight_decay: of the alphas' Adam.
        spread: deviation of the alphas at the beginning; 0: all alike.
        warm_up: share of the epochs in which weights learn alone.
        gumbel: whether one option a decision is drawn and computed alone, as in GDAS, and not all of them.
        temperature: of the draws, at the beginning and at the end; it falls by the same amount an epoch.
        share: 4: a quarter of the channels is mixed, as in PC-DARTS; 1: all.
        none_may_win: whether the answer may hold `none`; see `derive`.
        norm_pools: whether a norm stands behind every pool.
        recipe: of the weights, for images where the estimator has the default; empty: as the estimator says.
    """

    order: Literal[1, 2] = 1
    unrolled: Literal["finite_difference", "exact"] = "finite_difference"
    learning_rate: float = 3e-4
    betas: tuple[float, float] = (0.5, 0.999)
    weight_decay: float = 1e-3
    spread: float = 1e-3
    warm_up: float = 0.0
    gumbel: bool = False
    temperature: tuple[float, float] = (10.0, 0.1)
    share: int = 1
    none_may_win: bool = False
    norm_pools: bool = True
    recipe: tuple[tuple[str, Any], ...] = ()


SGD = (("learning_rate", 0.025), ("schedule", "cosine"), ("weight_decay", 3e-4), ("gradient_clip", 5.0))
PAPER = Settings(spread=0.0, recipe=SGD)
PRESETS: Mapping[Preset, Settings] = {
    "recommended": Settings(learning_rate=2e-2, spread=1e-3, warm_up=0.15),
    "paper": PAPER,
    "released_code": replace(PAPER, spread=1e-3, recipe=(*SGD, ("last_learning_rate", 1e-3))),
}
RECURRENT: Mapping[str, Any] = {"learning_rate": 3e-3, "betas": (0.9, 0.999)}         # of papers' and released recurrent searches
