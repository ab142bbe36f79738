"""Every setting of ENAS' controller, as the paper, the released code and good practice have them. No torch.

The paper's text and its code differ in most of these, and the code in its three searches. Where a preset is silent on a space
that its source does not know, it takes what it says of cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from nas_explorer.estimators.weight_sharing import BatchNorm
from nas_explorer.models.fit import is_recurrent
from nas_explorer.one_shot.choosing import ChooseBy
from nas_explorer.spaces import SearchSpace, decisions
from nas_explorer.strategies.priors import is_skip_connection

Preset: TypeAlias = Literal["recommended", "paper", "released_code"]
Reward: TypeAlias = Literal["accuracy", "likelihood"]
Kind: TypeAlias = Literal["macro", "cell", "recurrent"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What ENAS does, to the last number.

    Attributes:
        hidden_units: of the controller's LSTM, one layer.
        init_range: its initial weights are uniform in this range either way.
        temperature: logits are divided by it; None: they are not.
        tanh_constant: bounds the logits; None: they are free.
        learning_rate, betas, epsilon: of the controller's Adam.
        warm_up: share of the epochs in which only the weights learn, on what a controller draws that has learned nothing.
        updates: of the controller after each later epoch of the weights.
        architectures: that are drawn and rewarded for one update.
        baseline_decay: of the moving average of the rewards.
        baseline: `before`: the average of earlier rewards. `after`: the reward is taken in first; see PolicyGradient.
        standardize: divide advantages by the moving deviation of the rewards, so that their scale does not matter.
        entropy: what is paid for; see PolicyGradient.
        entropy_weight: what a nat of it is worth.
        skip_weight: pulls the share of skip connections towards skip_target.
        halve_skips: measure that share as the released code does, which leads to a share of 0.308 for a target of 0.4.
        priors: `convolutions` and `distance` as in strategies/priors.py, or `none`.
        reward: of a batch, 0 to 1: its `accuracy`, or the `likelihood` of its true classes, exp(-loss), which tells more of a small one.
        reward_scale: of text, where the reward is this over the perplexity of a batch, whatever `reward` says.
        choose_by: what the answer is the best of the candidates by.
        recipe: of the weights, for images where the estimator has the default; empty: as the estimator says.
        batch_norm: which statistics batch norms use for rewards and scores; None: as the estimator says.
    """

    hidden_units: int = 64
    init_range: float = 0.1
    temperature: float | None = None
    tanh_constant: float | None = 2.5
    learning_rate: float = 5e-3
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: float = 1e-8
    warm_up: float = 0.5
    updates: int = 10
    architectures: int = 10
    baseline_decay: float = 0.8
    baseline: Literal["before", "after"] = "before"
    standardize: bool = True
    entropy: Literal["surprise", "full", "sampled"] = "surprise"
    entropy_weight: float = 0.1
    skip_weight: float = 0.0
    skip_target: float = 0.4
    halve_skips: bool = False
    priors: Literal["none", "convolutions", "distance"] = "none"
    reward: Reward = "accuracy"
    reward_scale: float = 80.0
    choose_by: ChooseBy = "error"
    recipe: tuple[tuple[str, Any], ...] = ()
    batch_norm: BatchNorm | None = None


FALLING = (("learning_rate", 0.05), ("schedule", "restarts"))
RECOMMENDED = Settings(warm_up=0.75, updates=20, reward="likelihood", choose_by="loss")
PAPER = Settings(hidden_units=100, temperature=5.0, learning_rate=3.5e-4, warm_up=0.0, updates=2000, architectures=1, baseline_decay=0.99,
                 standardize=False, entropy_weight=0.1, batch_norm="batch",
                 recipe=(*FALLING, ("last_learning_rate", 1e-3), ("weight_decay", 1e-4)))
CODE = Settings(learning_rate=1e-3, betas=(0.0, 0.999), epsilon=1e-3, warm_up=0.0, baseline_decay=0.99, baseline="after", standardize=False,
                entropy_weight=1e-4)
PRESETS: Mapping[Preset, Mapping[Kind, Settings]] = {
    "recommended": {
        "macro": replace(RECOMMENDED, skip_weight=0.8),
        "cell": RECOMMENDED,
        "recurrent": RECOMMENDED,
    },
    "paper": {
        "macro": replace(PAPER, skip_weight=0.8),
        "cell": replace(PAPER, temperature=2.5, tanh_constant=1.10),
        "recurrent": replace(PAPER, entropy_weight=1e-4),
    },
    "released_code": {
        "macro": replace(CODE, tanh_constant=1.5, updates=50, architectures=20, entropy="sampled", skip_weight=0.8, halve_skips=True,
                         batch_norm="running", recipe=(*FALLING, ("last_learning_rate", 5e-4), ("weight_decay", 2.5e-4))),
        "cell": replace(CODE, tanh_constant=1.10, learning_rate=3.5e-3, updates=30, architectures=10, entropy="full",
                        priors="convolutions", batch_norm="batch",
                        recipe=(*FALLING, ("last_learning_rate", 5e-4), ("weight_decay", 1e-4))),
        "recurrent": replace(CODE, init_range=0.01, temperature=5.0, tanh_constant=2.25, learning_rate=5e-5, betas=(0.9, 0.999),
                             epsilon=1e-8, updates=25, architectures=10, baseline_decay=0.999, entropy="sampled",
                             entropy_weight=1e-5, priors="distance"),
    },
}


def kind_of(space: SearchSpace) -> Kind:
    """Which of the three searches of the paper a space is like.

    >>> from nas_explorer.spaces import load
    >>> [kind_of(load(name)) for name in ("enas_macro", "nas_bench_201", "enas_rnn")]
    ['macro', 'cell', 'recurrent']
    """
    if is_recurrent(space):
        return "recurrent"
    return "macro" if any(map(is_skip_connection, decisions(space))) else "cell"
