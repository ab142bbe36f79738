"""REINFORCE: how a controller learns from rewards. With trained networks it is Zoph & Le's search, with shared weights ENAS."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from nas_explorer.strategies.controller import Controller, Rollouts
from nas_explorer.strategies.rewards import MovingAverage


@dataclass(frozen=True, slots=True)
class Update:
    """What one step of learning saw: means over its architectures."""

    reward: float
    baseline: float
    entropy: float          # of the architectures' distribution, in nats
    skip_divergence: float


class PolicyGradient:
    """A controller that is learning: its optimizer (Adam) and its moving baseline.

    The baseline of an update is that of the updates before, so the gradient stays unbiased; the first update takes the mean of
    its own rewards. The released code of ENAS adds the new rewards first, which shrinks every advantage to the share `decay`.
    Entropy counts as a reward of -log p(architecture): on average its gradient is that of the entropy.
    """

    def __init__(self, controller: Controller, learning_rate: float, baseline_decay: float = 0.95, entropy_weight: float = 0.0,
                 skip_weight: float = 0.0, standardize: bool = False) -> None:
        """
        Args:
            skip_weight: of the distance between the drawn and the wanted share of skip connections, in the loss.
            standardize: divide advantages by the moving standard deviation of the rewards.
        """
        self.controller, self.entropy_weight, self.skip_weight = controller, entropy_weight, skip_weight
        self.standardize = standardize
        self.optimizer = torch.optim.Adam(controller.parameters(), lr=learning_rate, foreach=False)
        self.baseline, self.surprise, self.variance = (MovingAverage(baseline_decay) for _ in range(3))

    def update(self, rows: Tensor, rewards: Tensor) -> Update:
        """One step of gradient ascent on the expected reward.

        Args:
            rows: (n, decisions) architectures that this controller drew.
            rewards: (n,) more is better.
        """
        rollouts = self.controller.score(rows)
        before = self.baseline.value if self.baseline.mass else float(rewards.mean())
        advantages = self._advantages(rollouts, rewards.double(), before)
        if rollouts.log_probs.requires_grad:
            self.optimizer.zero_grad()
            policy_loss(rollouts, advantages, self.skip_weight).backward()        # type: ignore[no-untyped-call]
            self.optimizer.step()
        return Update(float(rewards.mean()), before, float(rollouts.entropies.detach().mean()), float(rollouts.skips.detach().mean()))

    def _advantages(self, rollouts: Rollouts, rewards: Tensor, baseline: float) -> Tensor:
        surprises = -rollouts.log_probs.detach()
        usual = self.surprise.value if self.surprise.mass else float(surprises.mean())
        better = rewards - baseline
        self.baseline.add(float(rewards.mean()))
        self.surprise.add(float(surprises.mean()))
        self.variance.add(float(better.square().mean()))
        if self.standardize:
            better = better / (self.variance.value ** 0.5 or 1.0)
        return better + self.entropy_weight * (surprises - usual)


def policy_loss(rollouts: Rollouts, advantages: Tensor, skip_weight: float = 0.0) -> Tensor:
    """The loss whose gradient is minus that of the expected reward, on average: mean of -advantage * log p.

    Args:
        rollouts: of n architectures that the controller drew.
        advantages: (n,) rewards less a baseline that does not depend on them.

    Williams, Simple statistical gradient-following algorithms, Machine Learning 8, 1992.
    """
    return -(advantages * rollouts.log_probs).mean() + skip_weight * rollouts.skips.mean()
