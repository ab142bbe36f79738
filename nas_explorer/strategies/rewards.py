"""From trials to rewards, for the strategies that learn a distribution and draw from it. No torch."""

from __future__ import annotations

import math
from collections import Counter
from typing import Literal, TypeAlias

from nas_explorer.records import Metric, Trial
from nas_explorer.spaces import Architecture

Kind: TypeAlias = Literal["standardized", "accuracy", "accuracy_cubed"]


class Rewards:
    """The rewards of one search: of what it proposed itself, a failed trial as the worst that was seen.

    What others proposed was not drawn from the search's distribution, and its gradient would be that of another one.
    """

    def __init__(self, objective: Metric, kind: Kind = "standardized") -> None:
        self.objective, self.kind = objective, kind
        self.waiting: Counter[Architecture] = Counter()
        self.worst = math.inf if kind == "standardized" else 0.0

    def expect(self, architecture: Architecture) -> Architecture:
        """Remember that it was proposed."""
        self.waiting[architecture] += 1
        return architecture

    def of(self, trial: Trial) -> float | None:
        """The reward; None if somebody else proposed it, or it failed before anything succeeded that it could be worse than."""
        if not self.waiting[trial.architecture]:
            return None
        self.waiting[trial.architecture] -= 1
        value = trial.values.get(self.objective.name, math.nan)
        if trial.status == "failed" or not math.isfinite(value):
            return self.worst if math.isfinite(self.worst) else None
        reward = reward_of(self.objective, value, self.kind)
        self.worst = min(self.worst, reward)
        return reward


def reward_of(objective: Metric, value: float, kind: Kind) -> float:
    """More is better; an accuracy is between 0 and 1, and what shall be standardized is only turned.

    >>> from nas_explorer.records import metric
    >>> reward_of(metric("validation_error"), 20.0, "accuracy"), reward_of(metric("latency_ms"), 20.0, "standardized")
    (0.8, -20.0)
    """
    if kind == "standardized":
        return -objective.cost(value)
    accuracy = (100 - value if objective.minimize else value) / 100
    return accuracy ** 3 if kind == "accuracy_cubed" else accuracy


class MovingAverage:
    """An exponential moving average without the pull of its start: the first value counts fully.

    >>> average = MovingAverage(0.9)
    >>> for value in (10.0, 20.0):
    ...     average.add(value)
    >>> round(average.value, 3)              # (0.9 * 10 + 20) / 1.9
    15.263
    """

    def __init__(self, decay: float) -> None:
        self.decay, self.sum, self.mass = decay, 0.0, 0.0

    def add(self, value: float) -> None:
        self.sum = self.decay * self.sum + (1 - self.decay) * value
        self.mass = self.decay * self.mass + (1 - self.decay)

    @property
    def value(self) -> float:
        """0 before the first."""
        return self.sum / self.mass if self.mass else 0.0


def mnasnet_reward(accuracy: float, cost: float, target: float, below: float = -0.07, above: float = -0.07) -> float:
    """accuracy * (cost / target) ** w, where w is `below` up to the target and `above` past it.

    The soft reward has -0.07 on both sides: 5 % of the accuracy for twice the latency. The hard one has 0 and -1.

    >>> round(mnasnet_reward(0.8, 150.0, 75.0) * 1.05, 3), mnasnet_reward(0.8, 75.0, 75.0), mnasnet_reward(0.8, 150.0, 75.0, 0.0, -1.0)
    (0.8, 0.8, 0.4)

    Args:
        accuracy: between 0 and 1.
        cost, target: above 0, in one unit.

    Tan et al., MnasNet, CVPR 2019, arXiv 1807.11626, section 3.
    """
    if cost <= 0 or math.isinf(target):
        return accuracy
    return float(accuracy * (cost / target) ** (below if cost <= target else above))
