"""ENAS under way: the controller of strategies/controller.py and shared weights take turns."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from nas_explorer.errors import TrainingFailed
from nas_explorer.estimators.weight_sharing import WeightSharing
from nas_explorer.one_shot.choosing import choosing_metric, with_recipe
from nas_explorer.one_shot.enas_presets import Settings
from nas_explorer.one_shot.probabilities import mean_entropy, skip_share
from nas_explorer.one_shot.protocol import Item, Progress, Scored
from nas_explorer.spaces import Architecture, Scalar, SearchSpace, decisions, lifted, narrowed, sample
from nas_explorer.spaces.rules import holds
from nas_explorer.strategies.controller import Controller
from nas_explorer.strategies.policy_gradient import PolicyGradient, Update
from nas_explorer.strategies.priors import convolution_prior, distance_prior

SALT = 0xE4A5
MARGINALS = 256                    # architectures drawn to estimate how likely each option is
MAX_DRAWS = 100                    # of a batch, before an architecture that obeys the space's constraints is drawn at random


class EnasRun:
    """`policy.controller` is the distribution it draws from, `learner` holds the shared weights."""

    message = ""

    def __init__(self, settings: Settings, candidates: int, space: SearchSpace, estimator: WeightSharing, seed: int) -> None:
        estimator = with_recipe(estimator, settings.recipe)
        self.settings, self.candidates, self.space, self.estimator = settings, candidates, space, estimator
        self.metric = choosing_metric(estimator, settings.choose_by)
        self.learner = estimator.learner(seed)
        if settings.batch_norm is not None:
            self.learner.batch_norm = settings.batch_norm
        self.rng = np.random.default_rng([seed, SALT])
        controller_seed, draws_seed = (int(number) for number in self.rng.integers(2 ** 62, size=2))
        self.policy = make_policy(settings, space, controller_seed)
        self.generator = torch.Generator().manual_seed(draws_seed)
        self.left = space

    def narrow(self, offers: Mapping[str, Sequence[Scalar]]) -> None:
        """Draw these options only; what the controller has learned of the others stays as it is."""
        self.left = narrowed(self.space, offers)
        self.policy.controller.narrow(offers)

    @property
    def finished(self) -> bool:
        return self.learner.epochs_done >= self.estimator.epochs

    def epoch(self) -> Iterator[Item]:
        losses = yield from self._train_weights()
        updates = [] if self.warming_up(self.learner.epochs_done - 1) else (yield from self._train_controller())
        best = yield from self._derive()
        probabilities = self.policy.controller.marginals(MARGINALS, self.generator)
        skips = skip_share(self.policy.controller.decisions, probabilities)
        values = {
            "train_loss": sum(losses) / len(losses),
            **({"reward": sum(update.reward for update in updates) / len(updates), "baseline": updates[-1].baseline} if updates else {}),
            "entropy": mean_entropy(probabilities),
            "learning_rate": self.settings.learning_rate,
            **{name: value for name, value in best.values.items() if name in ("validation_error", "validation_loss")},
            **({} if skips is None else {"skip_share": skips}),
        }
        yield Progress(float(self.learner.epochs_done), values, probabilities, best.architecture)

    def score(self, architecture: Architecture) -> Mapping[str, float]:
        return self.estimator.values(self.learner, architecture)

    # ---- the two turns, and what is derived from them
    def _train_weights(self) -> Generator[Item, None, list[float]]:
        losses = []
        steps = self.learner.batches.steps
        waits = self.warming_up(self.learner.epochs_done)
        paths = [self._uniform() for _ in range(steps)] if waits else self.draw(steps)
        for path, batch in zip(paths, self.learner.epoch(), strict=True):
            losses.append(self.learner.train(path, batch))
            yield None
        return losses

    def _uniform(self) -> Architecture:
        return lifted(self.left, sample(self.left, self.rng)) if self.left.only else self.learner.paths.next()

    def warming_up(self, epoch: int) -> bool:
        """Whether only the weights learn in this epoch, counted from 0."""
        return epoch + 1 <= self.settings.warm_up * self.estimator.epochs

    def _train_controller(self) -> Generator[Item, None, list[Update]]:
        updates = []
        for _ in range(self.settings.updates):
            drawn = self.draw(self.settings.architectures)
            rewards = [self.reward(architecture) for architecture in drawn]
            updates.append(self.policy.update(self.policy.controller.rows_of(drawn), torch.tensor(rewards, dtype=torch.float64)))
            yield None
        return updates

    def _derive(self) -> Generator[Item, None, Scored]:
        """The best of some architectures that the controller draws, on the whole validation part."""
        candidates = []
        for architecture in dict.fromkeys(self.draw(self.candidates)):
            candidates.append(Scored(architecture, self.score(architecture)))
            yield candidates[-1]
        return min(candidates, key=lambda candidate: self.metric.cost(candidate.values[self.metric.name]))

    def reward(self, architecture: Architecture) -> float:
        """Of one batch of the part that teaches the choice: see `Settings.reward`; of text a constant over its perplexity.

        Raises:
            TrainingFailed: if it is no number.
        """
        scores = self.learner.score(architecture, self.learner.choice_batch())
        if self.learner.task.kind == "text":
            reward = self.settings.reward_scale / scores["perplexity"]
        else:
            reward = math.exp(-scores["loss"]) if self.settings.reward == "likelihood" else 1.0 - scores["error"] / 100.0
        if not math.isfinite(reward) or not math.isfinite(scores["loss"]):
            raise TrainingFailed(f"the reward of an architecture became NaN after epoch {self.learner.epochs_done} of "
                                 f"{self.estimator.epochs}; take a smaller learning rate in recipe=, or gradient_clip")
        return reward

    def draw(self, count: int) -> list[Architecture]:
        """Architectures from the controller that obey the space's constraints; the controller does not know of those that do not."""
        controller = self.policy.controller
        rows: list[list[int]] = []
        for _ in range(MAX_DRAWS):
            with torch.no_grad():
                rows += [row for row in controller.sample(count, self.generator).rows.tolist() if holds(self.space, row)]
            if len(rows) >= count:
                return controller.architectures(torch.tensor(rows[:count]))
        return [*controller.architectures(torch.tensor(rows).reshape(len(rows), -1)),
                *(lifted(self.left, sample(self.left, self.rng)) for _ in range(count - len(rows)))]

    # ---- keeping
    def state_dict(self) -> dict[str, Any]:
        return {"learner": self.learner.state_dict(), "policy": self.policy.state_dict(), "generator": self.generator.get_state(),
                "rng": self.rng.bit_generator.state}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.learner.load_state_dict(state["learner"])
        self.policy.load_state_dict(state["policy"])
        self.generator.set_state(state["generator"])
        self.rng.bit_generator.state = state["rng"]


def make_policy(settings: Settings, space: SearchSpace, seed: int) -> PolicyGradient:
    """A controller that has learned nothing yet, and what teaches it.

    Raises:
        InvalidOption: if the space offers too many options to learn one by one.
    """
    believes = {"none": lambda _: {}, "convolutions": convolution_prior, "distance": distance_prior}[settings.priors]
    controller = Controller(space, settings.hidden_units, 1, settings.temperature, settings.tanh_constant, settings.init_range,
                            settings.skip_target, settings.halve_skips, seed, believes(decisions(space)))
    return PolicyGradient(controller, settings.learning_rate, settings.baseline_decay, settings.entropy_weight, settings.skip_weight,
                          settings.standardize, settings.betas, settings.epsilon, settings.entropy, settings.baseline)
