"""BANANAS: an ensemble of networks predicts how good an architecture is, and how sure that is; the most promising is tried."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from nas_explorer.errors import InvalidOption
from nas_explorer.options import check_one_of, check_whole_number
from nas_explorer.records import Trial
from nas_explorer.spaces import Architecture, Codec, mutate, sample
from nas_explorer.strategies.error_ensemble import ErrorEnsemble
from nas_explorer.strategies.path_encoding import PathEncoding
from nas_explorer.strategies.protocol import Problem


@dataclass(frozen=True, slots=True)
class Bananas:
    """Fit an ensemble to all that is known, and propose those mutants of the best that look best to it, by Thompson sampling.

    The first trials are random. Each candidate's cost is drawn from a normal distribution with the mean and standard deviation of the
    ensemble's predictions, independently, and the lowest draws are proposed: uncertain ones get their chance. Candidates are mutants
    of the best trials that have not been proposed yet, with one or two changed decisions. Failed trials are not learned from. With
    several objectives it goes by the first. The ensemble is smaller than the paper's, see `error_ensemble`.

    Source: White et al., BANANAS, AAAI 2021, arXiv 1910.11858

    Attributes:
        start: random trials before the first fit.
        batch: proposals after each fit; 10 in the paper.
        candidates: mutants that the ensemble looks at for each batch; 100 in the released code.
        parents: of the best trials, that are mutated.
        encoding: `paths`: which paths lead through each cell, where a space has such; `options`: one number an option.
        members: networks of the ensemble.

    Raises:
        InvalidOption: if a number is no whole number above zero, or there are fewer candidates than proposals.
    """

    start: int = 10
    batch: int = 10
    candidates: int = 100
    parents: int = 10
    encoding: Literal["paths", "options"] = "paths"
    members: int = 5

    def __post_init__(self) -> None:
        for name in ("start", "batch", "candidates", "parents", "members"):
            check_whole_number(name, getattr(self, name))
        check_one_of("encoding", self.encoding, ("paths", "options"))
        if self.candidates < self.batch:
            raise InvalidOption(f"candidates must be at least batch, got candidates={self.candidates}, batch={self.batch}")

    def begin(self, problem: Problem) -> Predictor:
        return Predictor(self, problem)


class Predictor:
    """A search under way.

    Attributes:
        known: (cost, architecture) of the finished trials, in the order in which they came.
        proposed: everything that was asked or told.
        queue: what was found promising and has not been asked yet, with what is expected of it.
    """

    def __init__(self, settings: Bananas, problem: Problem) -> None:
        self.settings, self.space, self.objective = settings, problem.space, problem.objectives[0]
        self.rng = np.random.default_rng(problem.seed)
        self.codec = Codec(problem.space)
        self.encode = PathEncoding(problem.space) if settings.encoding == "paths" else self.codec.one_hot
        self.ensemble = ErrorEnsemble(settings.members)
        self.known: list[tuple[float, Architecture]] = []
        self.proposed: set[Architecture] = set()
        self.queue: deque[tuple[Architecture, dict[str, float] | None]] = deque()
        self.expected: dict[str, float] | None = None

    def ask(self) -> Architecture:
        if not self.queue:
            self.queue.extend(self._promising() if len(self.known) >= self.settings.start else [(self._random(), None)])
        architecture, self.expected = self.queue.popleft()
        self.proposed.add(architecture)
        return architecture

    def why(self) -> Mapping[str, Any]:
        if self.expected is None:
            return {"kind": "random"}
        return {"kind": "model", "sampler": "BANANAS", "seen": len(self.known), "startup": self.settings.start, **self.expected}

    def tell(self, trial: Trial) -> None:
        self.proposed.add(trial.architecture)
        value = trial.values.get(self.objective.name, math.nan)
        if trial.status == "finished" and math.isfinite(value):
            self.known.append((self.objective.cost(value), trial.architecture))

    def _promising(self) -> list[tuple[Architecture, dict[str, float] | None]]:
        candidates = self._candidates()
        if len(candidates) < 2:
            return [(architecture, None) for architecture in candidates or [self._random()]]
        costs = np.array([cost for cost, _ in self.known])
        self.ensemble.fit(self._features([architecture for _, architecture in self.known]), costs, self.rng)
        predicted = self.ensemble.predict(self._features(candidates))
        means, spreads = predicted.mean(axis=0), predicted.std(axis=0)
        drawn = self.rng.normal(means, spreads)
        sign = 1.0 if self.objective.minimize else -1.0
        return [(candidates[i], {"predicted": round(sign * float(means[i]), 4), "spread": round(float(spreads[i]), 4)})
                for i in np.argsort(drawn, kind="stable")[:self.settings.batch].tolist()]

    def _candidates(self) -> list[Architecture]:
        """Mutants of the best that are new; fewer than wanted where they run out."""
        order = sorted(range(len(self.known)), key=lambda i: self.known[i][0])
        parents = list(dict.fromkeys(self.known[i][1] for i in order))[:self.settings.parents]
        found: dict[Architecture, None] = {}
        for turn in range(4 * self.settings.candidates):
            child = mutate(self.space, parents[turn % len(parents)], self.rng)
            if self.rng.random() < 0.5:
                child = mutate(self.space, child, self.rng)
            if child not in self.proposed:
                found[child] = None
                if len(found) == self.settings.candidates:
                    break
        return list(found)

    def _random(self) -> Architecture:
        for _ in range(self.settings.candidates):
            architecture = sample(self.space, self.rng)
            if architecture not in self.proposed:
                break
        return architecture

    def _features(self, architectures: list[Architecture]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        rows = np.array([self.codec.encode(architecture) for architecture in architectures])
        return self.encode(rows).astype(np.float64)
