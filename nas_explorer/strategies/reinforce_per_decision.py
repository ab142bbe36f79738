"""REINFORCE with one softmax a decision and no network: the reinforcement learning that NAS-Bench-201 was measured with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nas_explorer.options import check_number
from nas_explorer.records import Trial
from nas_explorer.spaces import Architecture, Scalar, decisions, fits, from_indices, is_active, lifted, narrowed, sample, to_indices
from nas_explorer.spaces.rules import holds
from nas_explorer.strategies.fleets.reinforce_per_decision import PerDecisionFleet
from nas_explorer.strategies.protocol import Problem
from nas_explorer.strategies.rewards import MovingAverage, Rewards

Floats: TypeAlias = NDArray[np.float64]

MAX_DRAWS = 1000                   # before an architecture that obeys the space's constraints is drawn at random


@dataclass(frozen=True, slots=True)
class ReinforcePerDecision:
    """One softmax for each decision, learned by REINFORCE; what one decision chose tells the others nothing.

    Every trial is one step of Adam, as in the released code: the moving average takes in the reward first and is then the
    baseline. A decision that is not active learns nothing, a failed trial counts as the worst that was seen, and trials that
    others proposed are not learned from. With several objectives it goes by the first.

    Source: Dong and Yang, NAS-Bench-201, ICLR 2020, arXiv 2001.00326; D-X-Y/AutoDL-Projects, exps/NAS-Bench-201-algos/reinforce.py

    Attributes:
        learning_rate: of Adam. The released code has no default; replayed on the table of NAS-Bench-201, 0.001 is random search,
            0.05 reaches the published means, 0.5 is clearly worse.
        baseline_decay: of the moving average of rewards, at least 0 and below 1; 0.9 in the released code.

    Raises:
        InvalidOption: if a setting is out of range.
    """

    learning_rate: float = 0.05
    baseline_decay: float = 0.9

    def __post_init__(self) -> None:
        check_number("learning_rate", self.learning_rate, "above 0", lambda x: x > 0)
        check_number("baseline_decay", self.baseline_decay, "of at least 0 and below 1", lambda x: 0 <= x < 1)

    def begin(self, problem: Problem) -> PerDecisionProposer:
        return PerDecisionProposer(self, problem)

    def begin_many(self, problem: Problem, searches: int) -> PerDecisionFleet | None:
        """Searches at once, where there is no constraint."""
        if problem.space.constraints:
            return None
        rng = np.random.default_rng(problem.seed)
        return PerDecisionFleet(problem.space, searches, self.learning_rate, self.baseline_decay, rng)


class PerDecisionProposer:
    """A search under way. `logits` has those of all decisions in a row, decision i from `starts[i]` on."""

    def __init__(self, settings: ReinforcePerDecision, problem: Problem) -> None:
        self.space, self.rng = problem.space, np.random.default_rng(problem.seed)
        self.rewards = Rewards(problem.objectives[0])
        self.proposed: list[int] | None = None             # the options that were drawn last
        self.baseline = MovingAverage(settings.baseline_decay)
        self.decisions = decisions(problem.space)
        self.starts = [0, *np.cumsum([len(decision.options) for decision in self.decisions]).tolist()]
        self.logits = 1e-3 * self.rng.standard_normal(self.starts[-1])
        self.adam = Adam(self.starts[-1], settings.learning_rate)
        self.left = problem.space
        self.offered = np.ones(self.starts[-1], dtype=bool)

    def narrow(self, offers: Mapping[str, Sequence[Scalar]]) -> None:
        """Draw these options only; what was learned of the others stays as it is."""
        self.left = narrowed(self.space, offers)
        self.offered = np.array([option in offers[decision.id] for decision in self.decisions for option in decision.options])

    def ask(self) -> Architecture:
        for _ in range(MAX_DRAWS):
            chosen = self._draw()
            if holds(self.space, chosen):
                self.proposed = chosen
                return self.rewards.expect(from_indices(self.space, chosen))
        self.proposed = None
        return self.rewards.expect(lifted(self.left, sample(self.left, self.rng)))

    def tell(self, trial: Trial) -> None:
        reward = self.rewards.of(trial)
        if reward is None:
            return
        self.baseline.add(reward)
        if not fits(self.left, trial.architecture):        # of what can no longer be drawn there is no gradient
            return
        gradient = (reward - self.baseline.value) * self.gradient(to_indices(self.space, trial.architecture))
        self.logits += self.adam.step(gradient)

    def why(self) -> Mapping[str, Any]:
        """As it stands: what was told since the draw has moved it a little."""
        if self.proposed is None:
            return {"kind": "random", "refused": MAX_DRAWS}
        chances = {d.id: round(float(self.probabilities(i)[option]), 4)
                   for i, (d, option) in enumerate(zip(self.decisions, self.proposed, strict=True)) if option >= 0}
        return {"kind": "controller", "probabilities": chances}

    def probabilities(self, decision: int) -> Floats:
        """(options,) of one decision."""
        places = slice(self.starts[decision], self.starts[decision + 1])
        logits = np.where(self.offered[places], self.logits[places], -np.inf)
        weights = np.exp(logits - logits.max())
        found: Floats = weights / weights.sum()
        return found

    def gradient(self, chosen: list[int]) -> Floats:
        """Of log p(architecture) in all logits: one-hot less probability where a decision is active, else 0."""
        found: Floats = np.zeros_like(self.logits)
        for decision, option in enumerate(chosen):
            if option >= 0:
                found[self.starts[decision]:self.starts[decision + 1]] = -self.probabilities(decision)
                found[self.starts[decision] + option] += 1
        return found

    def _draw(self) -> list[int]:
        chosen: list[int] = []
        for i, (decision, u) in enumerate(zip(self.decisions, self.rng.random(len(self.decisions)).tolist(), strict=True)):
            reached = np.cumsum(self.probabilities(i))[:-1]
            chosen.append(int(np.searchsorted(reached, u, side="right")) if is_active(decision, chosen) else -1)
        return chosen


class Adam:
    """Adam as torch has it by default, upwards.

    Kingma and Ba, Adam, ICLR 2015, arXiv 1412.6980, algorithm 1.
    """

    def __init__(self, size: int | tuple[int, ...], learning_rate: float, betas: tuple[float, float] = (0.9, 0.999),
                 epsilon: float = 1e-8) -> None:
        self.learning_rate, self.betas, self.epsilon, self.steps = learning_rate, betas, epsilon, 0
        self.mean, self.square = np.zeros(size), np.zeros(size)

    def step(self, gradient: Floats) -> Floats:
        """What to add to the parameters to climb along the gradient."""
        (first, second), self.steps = self.betas, self.steps + 1
        self.mean = first * self.mean + (1 - first) * gradient
        self.square = second * self.square + (1 - second) * gradient ** 2
        mean, square = self.mean / (1 - first ** self.steps), self.square / (1 - second ** self.steps)
        found: Floats = self.learning_rate * mean / (np.sqrt(square) + self.epsilon)
        return found
