"""Random sampling with weight sharing under way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nas_explorer.estimators.weight_sharing import WeightSharing
from nas_explorer.one_shot.choosing import choosing_metric
from nas_explorer.one_shot.protocol import Item, Progress, Scored
from nas_explorer.records import Trial
from nas_explorer.spaces import Architecture, Scalar, SearchSpace, decisions, fits, lifted, narrowed, sample
from nas_explorer.strategies.protocol import Problem
from nas_explorer.strategies.regularized_evolution import RegularizedEvolution

if TYPE_CHECKING:
    from nas_explorer.one_shot.random_sampling import RandomSampling

SALT = 0x5A3B


class RandomSamplingRun:
    """`epoch` trains until the weights are done; one more searches on them."""

    message = ""

    def __init__(self, settings: RandomSampling, space: SearchSpace, estimator: WeightSharing, seed: int) -> None:
        self.settings, self.space, self.estimator, self.seed = settings, space, estimator, seed
        self.learner = estimator.learner(seed)
        self.metric = choosing_metric(estimator, settings.choose_by)
        self.rng = np.random.default_rng([seed, SALT])
        self.best: tuple[float, Architecture] | None = None
        self.searched = False
        self.left = space

    def narrow(self, offers: Mapping[str, Sequence[Scalar]]) -> None:
        """Train and score architectures of these options only."""
        self.left = narrowed(self.space, offers)
        if self.best is not None and not fits(self.left, self.best[1]):
            self.best = None

    @property
    def finished(self) -> bool:
        return self.searched

    def epoch(self) -> Iterator[Item]:
        if self.learner.epochs_done < self.estimator.epochs:
            yield from self._train()
        else:
            yield from self._search()

    def score(self, architecture: Architecture) -> Mapping[str, float]:
        return self.estimator.values(self.learner, architecture)

    def _train(self) -> Iterator[Item]:
        losses = []
        for batch in self.learner.epoch():
            losses.append(self.learner.train(self._drawn() if self.left.only else self.learner.paths.next(), batch))
            yield None
        self.best = None                           # scores of other weights do not compare
        for _ in range(self.settings.watched):
            yield self._scored(self._drawn())
        yield self._progress({"train_loss": sum(losses) / len(losses)})

    def _drawn(self) -> Architecture:
        return lifted(self.left, sample(self.left, self.rng))

    def _search(self) -> Iterator[Item]:
        evolution = RegularizedEvolution(self.settings.population_size, self.settings.tournament_size)
        proposer = evolution.begin(Problem(self.left, (self.metric,), self.seed))
        self.best = None
        known: dict[Architecture, Scored] = {}
        for number in range(self.settings.trials):
            proposed = proposer.ask()
            architecture = lifted(self.left, proposed)
            if architecture not in known:          # the weights stand still, so the same architecture scores the same
                known[architecture] = self._scored(architecture)
            yield known[architecture]
            proposer.tell(Trial(number, proposed, "finished", known[architecture].values))
        self.searched = True
        yield self._progress({})

    def _scored(self, architecture: Architecture) -> Scored:
        scored = Scored(architecture, self.score(architecture))
        value = scored.values[self.metric.name]
        if self.best is None or self.metric.is_better(value, self.best[0]):
            self.best = value, architecture
        return scored

    def _progress(self, values: dict[str, float]) -> Progress:
        left = dict(self.left.only)
        uniform = {decision.id: tuple((option in offered) / len(offered) for option in decision.options)
                   for decision in decisions(self.space) if (offered := left.get(decision.id, decision.options))}
        drawn = lifted(self.left, sample(self.left, np.random.default_rng([self.seed, self.learner.epochs_done])))
        best = self.best[1] if self.best else drawn
        if self.best:
            values |= {name: value for name, value in self.score(best).items() if name.startswith("validation")}
        return Progress(float(self.learner.epochs_done), values, uniform, best)

    def state_dict(self) -> dict[str, Any]:
        best = None if self.best is None else (self.best[0], dict(self.best[1]))
        return {"learner": self.learner.state_dict(), "rng": self.rng.bit_generator.state, "best": best, "searched": self.searched}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.learner.load_state_dict(state["learner"])
        self.rng.bit_generator.state = state["rng"]
        self.best = None if state["best"] is None else (state["best"][0], Architecture(state["best"][1]))
        self.searched = state["searched"]
