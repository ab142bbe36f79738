"""Scores that cost no training, for a strategy that begins with what looks good: from the estimator, or from untrained networks."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from nas_explorer.errors import InvalidArchitecture, InvalidMetric, InvalidOption
from nas_explorer.estimators.catalog import CATALOG
from nas_explorer.estimators.outcome import task_of
from nas_explorer.estimators.protocol import Estimator, NeedsSpace, foreseen
from nas_explorer.spaces import Architecture, SearchSpace, sample

PROXIES = "zero_cost"
TASK = "digits"
MAX_DRAWS = 100


class Foresight:
    """What is known of the architectures of one search, or of all searches of a race, before anything is trained.

    A score that the estimator itself foresees, such as a column of a table, is taken from there; any other is a zero-cost proxy of the
    untrained network, which is built for it, some hundredths of a second each. Nothing is looked at twice.
    """

    def __init__(self, space: SearchSpace, estimator: Estimator) -> None:
        self._space, self._estimator = space, estimator
        self._seen: dict[tuple[str, str], dict[Architecture, float]] = {}
        self._lookers: dict[tuple[str, str], Estimator] = {}

    def check(self, score: str, task: str) -> None:
        """
        Raises:
            InvalidOption, InvalidSpace, UnknownName: if there is no such score or task, or networks of this space cannot read it.
        """
        if score not in self._known:
            self._looker(score, task)
        elif task:
            raise InvalidOption(f"{score} is known of every architecture here, without looking at a task; leave out task={task!r}")

    def scores(self, score: str, task: str, architectures: Sequence[Architecture]) -> list[float]:
        seen = self._seen.setdefault((score, task), {})
        for architecture in architectures:
            if architecture not in seen:
                seen[architecture] = self._score(score, task, architecture)
        return [seen[architecture] for architecture in architectures]

    def _score(self, score: str, task: str, architecture: Architecture) -> float:
        try:
            if score in self._known:
                return self._known[score] * foreseen(self._estimator, architecture)[score]
            (measurement,) = self._looker(score, task).evaluate(architecture)
        except InvalidArchitecture:                        # it can never be scored, or this proxy has no value for it
            return math.nan
        return measurement.values[score]

    @cached_property
    def _known(self) -> Mapping[str, float]:
        """What the estimator foresees, and the sign that makes more of it better."""
        rng = np.random.default_rng(0)
        for architecture in itertools.islice(iter(lambda: sample(self._space, rng), None), MAX_DRAWS):
            try:
                names = foreseen(self._estimator, architecture)
            except InvalidArchitecture:
                continue
            minimized = {metric.name for metric in self._estimator.metrics if metric.minimize}
            return {name: -1.0 if name in minimized else 1.0 for name in names}
        return {}

    def _looker(self, score: str, task: str) -> Estimator:
        """Who looks at untrained networks, on a task by its name, or on the estimator's own."""
        if (score, task) not in self._lookers:
            options = {"proxies": (score,), "task": task or task_of(self._estimator) or TASK}
            try:
                looker = CATALOG.make(PROXIES, options)
            except InvalidMetric as error:
                known = f"; the estimator foresees {', '.join(self._known)}" if self._known else ""
                raise InvalidOption(f"there is no score {score!r} that costs no training{known}; of proxies, {error}") from error
            self._lookers[score, task] = looker.for_space(self._space) if isinstance(looker, NeedsSpace) else looker
        return self._lookers[score, task]
