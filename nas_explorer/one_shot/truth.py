"""Truth beside the shared weights: do they order architectures as a table, or as trainings of their own do?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from nas_explorer.errors import InvalidArchitecture, TrainingFailed
from nas_explorer.estimators.protocol import Estimator, Truth
from nas_explorer.estimators.weight_sharing import WeightSharing
from nas_explorer.one_shot.choosing import choosing_metric
from nas_explorer.one_shot.kendall import kendall
from nas_explorer.one_shot.protocol import Run
from nas_explorer.spaces import Architecture, sample

SALT = 0x7A0


class Comparison:
    """Architectures drawn once at random, their true scores, and how the shared weights order them now.

    A table knows them all at once. Where every true score is a training, some are added after each epoch, so that the interval
    narrows as the search goes on.

    What is compared of the shared weights is the loss. It tells more than the error: over a few hundred examples many architectures
    make equally many mistakes.

    Args:
        truth: an estimator that knows the space.
        estimator: of the shared weights, which knows the space; trainings are spread over its epochs.
        count: how many architectures.
    """

    def __init__(self, truth: Estimator, estimator: WeightSharing, count: int, seed: int) -> None:
        self.truth, self.by = truth, choosing_metric(estimator, "loss")
        rng = np.random.default_rng([seed, SALT])
        drawn = dict.fromkeys(sample(estimator.space, rng) for _ in range(4 * count))         # small spaces come up with the same one often
        self.architectures: list[Architecture] = list(drawn)[:count]
        self.at_once = count if isinstance(truth, Truth) else -(-count // estimator.epochs)
        self.costs: list[float] = []               # true ones, in the order of the architectures; NaN where there is none
        self.values: dict[str, float] = {}

    def steps(self, run: Run) -> Iterator[None]:
        """Score with the shared weights as they are; `values` is then what a snapshot shows. Between steps it may pause."""
        for architecture in self.architectures[len(self.costs):][:self.at_once]:
            self.costs.append(self._true_cost(architecture))
            yield None
        shared, true = [], []
        for architecture, cost in zip(self.architectures, self.costs, strict=False):
            if math.isfinite(cost):
                shared.append(self.by.cost(run.score(architecture)[self.by.name]))
                true.append(cost)
            yield None
        tau = kendall(shared, true)
        self.values = {"tau_count": float(tau.count)}
        if math.isfinite(tau.value):
            self.values |= {"tau": tau.value, "tau_low": tau.low, "tau_high": tau.high}

    def _true_cost(self, architecture: Architecture) -> float:
        """The rank in a table, whatever it ranks by; or the first metric of a training. NaN where there is no answer."""
        try:
            if isinstance(self.truth, Truth):
                return float(self.truth.rank(architecture).rank)
            last = [measurement.values for measurement in self.truth.evaluate(architecture)][-1]
        except (TrainingFailed, InvalidArchitecture):
            return math.nan
        metric = self.truth.metrics[0]
        return metric.cost(float(last[metric.name]))

    def state_dict(self) -> dict[str, Any]:
        return {"costs": list(self.costs), "values": dict(self.values)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.costs, self.values = list(state["costs"]), dict(state["values"])
