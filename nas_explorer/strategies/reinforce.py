"""REINFORCE with an LSTM controller: the search that began the field. torch is loaded when a search begins."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, get_args

import numpy as np

from nas_explorer.errors import InvalidOption
from nas_explorer.options import check_number, check_one_of, check_whole_number
from nas_explorer.records import Trial
from nas_explorer.spaces import Architecture, Scalar, lifted, narrowed, sample
from nas_explorer.spaces.rules import holds
from nas_explorer.strategies.protocol import Problem
from nas_explorer.strategies.rewards import Kind, Rewards

if TYPE_CHECKING:
    from nas_explorer.strategies.policy_gradient import PolicyGradient

PRESETS: Mapping[str, Mapping[str, Any]] = {
    "reinforce": {},
    "zoph_le_2017": {"learning_rate": 6e-4, "entropy_weight": 0.0, "tanh_constant": None, "temperature": None, "hidden_units": 35,
                     "layers": 2, "init_range": 0.08, "batch_size": 8, "reward": "accuracy_cubed", "skip_weight": 0.0},
}
MAX_DRAWS = 100                    # of a batch, before an architecture that obeys the space's constraints is drawn at random


@dataclass(frozen=True, slots=True)
class Reinforce:
    """An LSTM writes architectures option by option, and learns by REINFORCE which ones score well.

    The controller is a distribution over all architectures; what it reads is the option it chose last, and decisions that are not
    active are passed over. `batch_size` trials make one step of Adam along (reward - baseline) * gradient of log p(architecture),
    with a moving average of earlier rewards as the baseline. A failed trial counts as the worst that was seen. With several
    objectives it goes by the first. Trials that others proposed are not learned from, because their gradient would be that of
    another distribution; and where a space has constraints, draws that break them are drawn again, unseen by the controller.

    `zoph_le_2017` are the settings of the paper, for objectives in %, made for thousands of trials: two layers of 35 units, initial
    weights within 0.08, learning rate 6e-4, the mean of 8 trials a step, and the cube of the accuracy as the reward. The
    decay of its baseline is not known, and the accuracy is the last that was measured, where the paper takes the best of the last
    five epochs.

    Source: Zoph and Le, Neural Architecture Search with Reinforcement Learning, ICLR 2017, arXiv 1611.01578

    Attributes:
        learning_rate: of Adam.
        baseline_decay: of the moving average of rewards, at least 0 and below 1.
        entropy_weight: how much the controller is paid for staying undecided, a nat of -log p each.
        temperature: logits are divided by it; none: they are not. 5 in ENAS.
        tanh_constant: bounds logits, so that no option is ruled out; none: they are free. 2.5 in ENAS.
        hidden_units: of each layer of the LSTM.
        layers: of the LSTM.
        init_range: initial weights are uniform in this range either way.
        batch_size: trials averaged into one step.
        reward: `standardized`: the objective, turned so that more is better, in moving standard deviations; fits every metric.
            `accuracy`: between 0 and 1, for objectives in %. `accuracy_cubed`: its cube, as in the paper.
        skip_weight: pulls the share of optional edges towards `skip_target`; 0.8 and 0.4 in ENAS. 0: it does not.
        skip_target: that share, above 0 and below 1.

    Raises:
        InvalidOption: if a setting is out of range.
    """

    SUMMARIES: ClassVar[Mapping[str, str]] = {
        "zoph_le_2017": "REINFORCE with the settings of the paper that began the field, for thousands of trials and objectives in %.",
    }

    learning_rate: float = 0.01
    baseline_decay: float = 0.95
    entropy_weight: float = 0.1
    temperature: float | None = None
    tanh_constant: float | None = 2.5
    hidden_units: int = 64
    layers: int = 1
    init_range: float = 0.1
    batch_size: int = 4
    reward: Kind = "standardized"
    skip_weight: float = 0.0
    skip_target: float = 0.4

    def __post_init__(self) -> None:
        for name in ("hidden_units", "layers", "batch_size"):
            check_whole_number(name, getattr(self, name))
        for name in ("learning_rate", "init_range"):
            check_number(name, getattr(self, name), "above 0", lambda x: x > 0)
        for name in ("temperature", "tanh_constant"):
            if getattr(self, name) is not None:
                check_number(name, getattr(self, name), "above 0, or none", lambda x: x > 0)
        for name in ("entropy_weight", "skip_weight"):
            check_number(name, getattr(self, name), "of at least 0", lambda x: x >= 0)
        check_number("baseline_decay", self.baseline_decay, "of at least 0 and below 1", lambda x: 0 <= x < 1)
        check_number("skip_target", self.skip_target, "above 0 and below 1", lambda x: 0 < x < 1)
        check_one_of("reward", self.reward, get_args(Kind))

    def begin(self, problem: Problem) -> ReinforceProposer:
        """
        Raises:
            InvalidOption: if the reward is an accuracy and the first objective none, or the space has too many options.
        """
        if self.reward != "standardized" and problem.objectives[0].unit != "%":
            raise InvalidOption(f"reward={self.reward!r} needs an objective in %, and {problem.objectives[0].name} is none; "
                                "use reward='standardized'")
        from nas_explorer.strategies.controller import Controller
        from nas_explorer.strategies.policy_gradient import PolicyGradient

        rng = np.random.default_rng(problem.seed)
        controller = Controller(problem.space, self.hidden_units, self.layers, self.temperature, self.tanh_constant, self.init_range,
                                self.skip_target, seed=torch_seed(rng))
        learner = PolicyGradient(controller, self.learning_rate, self.baseline_decay, self.entropy_weight, self.skip_weight,
                                 standardize=self.reward == "standardized")
        return ReinforceProposer(self, problem, learner, rng)


class ReinforceProposer:
    """A search under way. `learner.controller` is the distribution it draws from."""

    def __init__(self, settings: Reinforce, problem: Problem, learner: PolicyGradient, rng: np.random.Generator) -> None:
        import torch

        self.settings, self.space, self.learner, self.rng = settings, problem.space, learner, rng
        self.generator = torch.Generator().manual_seed(torch_seed(rng))
        self.left = problem.space
        self.drawn: deque[Architecture] = deque()
        self.aside: dict[Any, deque[Architecture]] = {}    # drawn from the same controller, with other options left
        self.proposed = Architecture()
        self.refused = False
        self.rewards = Rewards(problem.objectives[0], settings.reward)
        self.batch: list[tuple[Architecture, float]] = []

    def narrow(self, offers: Mapping[str, Sequence[Scalar]]) -> None:
        """Draw these options only; what was learned of the others stays as it is."""
        self.aside[self.left.only] = self.drawn
        self.left = narrowed(self.space, offers)
        self.drawn = self.aside.pop(self.left.only, deque())
        self.learner.controller.narrow(offers)

    def ask(self) -> Architecture:
        if not self.drawn:
            self.drawn.extend(self._draw())
        self.proposed = self.drawn.popleft()
        return self.rewards.expect(self.proposed)

    def tell(self, trial: Trial) -> None:
        reward = self.rewards.of(trial)
        if reward is not None:
            self.batch.append((trial.architecture, reward))
        if len(self.batch) == self.settings.batch_size:
            self._learn()

    def why(self) -> Mapping[str, Any]:
        """As the controller stands: what was told since the draw may have moved it by a step."""
        if self.refused:
            return {"kind": "random", "refused": MAX_DRAWS}
        chances = self.learner.controller.chances(self.proposed)
        return {"kind": "controller", "probabilities": {key: round(chance, 4) for key, chance in chances.items()}}

    def _learn(self) -> None:
        import torch

        rows = self.learner.controller.rows_of([architecture for architecture, _ in self.batch])
        rewards = torch.tensor([reward for _, reward in self.batch], dtype=torch.float64)
        kept = [i for i, row in enumerate(rows.tolist()) if self.learner.controller.offered(row)]
        if kept:                                 # of what can no longer be drawn there is no gradient
            self.learner.update(rows[kept], rewards[kept])
        self.batch.clear()
        self.drawn.clear()                       # they were drawn from what the controller was
        self.aside.clear()

    def _draw(self) -> list[Architecture]:
        import torch

        controller = self.learner.controller
        for _ in range(MAX_DRAWS):
            with torch.no_grad():
                rows = controller.sample(self.settings.batch_size, self.generator).rows
            kept = [i for i, row in enumerate(rows.tolist()) if holds(self.space, row)]
            if kept:
                self.refused = False
                return controller.architectures(rows[kept])
        self.refused = True
        return [lifted(self.left, sample(self.left, self.rng))]


def torch_seed(rng: np.random.Generator) -> int:
    """A seed for a generator of torch, which takes none above 64 bits."""
    return int(rng.integers(2 ** 62))
