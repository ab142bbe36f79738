"""REINFORCE: how a controller learns from rewards. With trained networks it is Zoph & Le's search, with shared weights ENAS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import torch
from torch import Tensor

from nas_explorer.strategies.controller import Controller, Rollouts
from nas_explorer.strategies.rewards import MovingAverage

EntropyKind: TypeAlias = Literal["surprise", "full", "sampled"]
BaselineKind: TypeAlias = Literal["before", "after"]


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
    its own rewards. Entropy is a reward, too, of which no gradient is taken. Paid as -log p(architecture), the gradient is on
    average that of the entropy.
    """

    def __init__(self, controller: Controller, learning_rate: float, baseline_decay: float = 0.95, entropy_weight: float = 0.0,
                 skip_weight: float = 0.0, standardize: bool = False, betas: tuple[float, float] = (0.9, 0.999), epsilon: float = 1e-8,
                 entropy: EntropyKind = "surprise", baseline: BaselineKind = "before") -> None:
        """
        Args:
            skip_weight: of the distance between the drawn and the wanted share of skip connections, in the loss.
            standardize: divide advantages by the moving standard deviation of the rewards.
            betas, epsilon: of Adam.
            entropy: what is paid: `surprise`, -log p(architecture); `full`, the entropies of the choices on the way; `sampled`, of
                each of these only the term of the option taken. The latter two are those of ENAS' released code.
            baseline: `before`: as above. `after`: as in that code, where it starts at 0 and takes in each reward just before the
                advantage is taken from it, architecture by architecture, which shrinks advantages to the share `baseline_decay`.
        """
        self.controller, self.entropy_weight, self.skip_weight = controller, entropy_weight, skip_weight
        self.standardize, self.entropy, self.order = standardize, entropy, baseline
        self.optimizer = torch.optim.Adam(controller.parameters(), lr=learning_rate, betas=betas, eps=epsilon, foreach=False)
        self.baseline, self.surprise, self.variance = (MovingAverage(baseline_decay) for _ in range(3))
        if baseline == "after":
            self.baseline.mass = 1.0                       # a plain average that starts at 0, with the pull of its start

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

    def state_dict(self) -> dict[str, Any]:
        """What the next update depends on: tensors and plain numbers."""
        return {"controller": self.controller.state_dict(), "optimizer": self.optimizer.state_dict(),
                "averages": [(average.sum, average.mass) for average in (self.baseline, self.surprise, self.variance)]}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.controller.load_state_dict(state["controller"])
        self.optimizer.load_state_dict(state["optimizer"])
        for average, (total, mass) in zip((self.baseline, self.surprise, self.variance), state["averages"], strict=True):
            average.sum, average.mass = total, mass

    def _advantages(self, rollouts: Rollouts, rewards: Tensor, baseline: float) -> Tensor:
        surprises = {"surprise": -rollouts.log_probs, "full": rollouts.entropies, "sampled": rollouts.sampled}[self.entropy].detach()
        if self.order == "after":
            return self._afterwards(rewards + self.entropy_weight * surprises)
        usual = self.surprise.value if self.surprise.mass else float(surprises.mean())
        better = rewards - baseline
        self.baseline.add(float(rewards.mean()))
        self.surprise.add(float(surprises.mean()))
        self.variance.add(float(better.square().mean()))
        if self.standardize:
            better = better / (self.variance.value ** 0.5 or 1.0)
        return better + self.entropy_weight * (surprises - usual)

    def _afterwards(self, rewards: Tensor) -> Tensor:
        advantages = torch.empty_like(rewards)
        for i, reward in enumerate(rewards.tolist()):
            self.baseline.add(reward)
            advantages[i] = reward - self.baseline.value
        return advantages


def policy_loss(rollouts: Rollouts, advantages: Tensor, skip_weight: float = 0.0) -> Tensor:
    """The loss whose gradient is minus that of the expected reward, on average: mean of -advantage * log p.

    Args:
        rollouts: of n architectures that the controller drew.
        advantages: (n,) rewards less a baseline that does not depend on them.

    Williams, Simple statistical gradient-following algorithms, Machine Learning 8, 1992.
    """
    return -(advantages * rollouts.log_probs).mean() + skip_weight * rollouts.skips.mean()
