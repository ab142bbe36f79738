"""Local search: look at all neighbours of an architecture, move to the best, begin anew where none is better."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from nas_explorer.options import check_one_of, check_whole_number
from nas_explorer.records import Trial
from nas_explorer.spaces import Architecture, neighbours, sample
from nas_explorer.strategies.protocol import Problem

FRESH_TRIES = 100                  # draws of a new start, before one that is known already is taken


@dataclass(frozen=True, slots=True)
class LocalSearch:
    """Climb from a random architecture to its best neighbour until no neighbour is better, then start again elsewhere.

    Neighbours differ in one decision. Nothing is scored twice, so where climbs meet, neighbours that are known cost nothing; only when
    a new start cannot be found is a known one proposed. While the last neighbours are still under way, workers get random
    architectures, which count as a start if they turn out better. A failed trial is the worst there can be. With several
    objectives it goes by the first.

    Source: White et al., Exploring the Loss Landscape in Neural Architecture Search, UAI 2021, arXiv 2005.02960

    Attributes:
        move: `best`: look at all neighbours, then move to the best, as in the paper's main algorithm. `first`: move to the
            first neighbour that is better ("query until improvement" there).
        starts: random architectures of which the best is where a climb begins; 1 in the paper.

    Raises:
        InvalidOption: if `move` is neither, or `starts` is no whole number above zero.
    """

    move: Literal["best", "first"] = "best"
    starts: int = 1

    def __post_init__(self) -> None:
        check_one_of("move", self.move, ("best", "first"))
        check_whole_number("starts", self.starts)

    def begin(self, problem: Problem) -> Climb:
        return Climb(self, problem)


class Climb:
    """A local search under way.

    Attributes:
        at: where the climb stands, with its cost; None before the first start is known.
        known: architecture -> cost, infinite for a failed trial.
        numbers: architecture -> its trial.
        queue: to be proposed next: neighbours of `at`, or new starts.
        waiting: how often an architecture is under way.
    """

    def __init__(self, settings: LocalSearch, problem: Problem) -> None:
        self.settings, self.space, self.objective = settings, problem.space, problem.objectives[0]
        self.rng = np.random.default_rng(problem.seed)
        self.at: tuple[float, Architecture] | None = None
        self.round: list[Architecture] = []
        self.known: dict[Architecture, float] = {}
        self.numbers: dict[Architecture, int] = {}
        self.queue: deque[Architecture] = deque()
        self.waiting: Counter[Architecture] = Counter()
        self._from_queue = False

    def ask(self) -> Architecture:
        if not self.queue and not self.waiting:
            self._turn()
        self._from_queue = bool(self.queue)
        architecture = self.queue.popleft() if self.queue else self._fresh()
        self.waiting[architecture] += 1
        return architecture

    def why(self) -> Mapping[str, Any]:
        if self.at is None or not self._from_queue:
            return {"kind": "random"}
        return {"kind": "mutation", "parents": [self.numbers[self.at[1]]], "neighbours_left": len(self.queue)}

    def tell(self, trial: Trial) -> None:
        value = trial.values.get(self.objective.name, math.nan)
        cost = math.inf if trial.status == "failed" or not math.isfinite(value) else self.objective.cost(value)
        self.known[trial.architecture] = cost
        self.numbers[trial.architecture] = trial.number
        self.round.append(trial.architecture)
        if self.waiting[trial.architecture]:
            self.waiting[trial.architecture] -= 1
        self.waiting += Counter()                      # forgets what is no longer under way
        better = self.at is not None and cost < self.at[0]
        if better and self.settings.move == "first":
            self.queue.clear()

    def _turn(self) -> None:
        """All answers of a round are in: move on, or begin anew. Neighbours that are known already may lead several steps at once."""
        best = min(((self.known[a], i) for i, a in enumerate(self.round)), default=None)
        if best is not None and best[0] < math.inf and (self.at is None or best[0] < self.at[0]):
            self.at = (best[0], self.round[best[1]])
        elif self.at is not None:                      # a local optimum
            self.at = None
        self.round.clear()
        while self.at is not None and not self.queue:
            around = list(neighbours(self.space, self.at[1]))
            self.queue.extend(around[i] for i in self.rng.permutation(len(around)) if around[i] not in self.known)
            cost, step = min(((self.known[a], i) for i, a in enumerate(around) if a in self.known), default=(math.inf, -1))
            if not self.queue or (self.settings.move == "first" and cost < self.at[0]):
                self.queue.clear()
                self.at = (cost, around[step]) if cost < self.at[0] else None
            elif cost < self.at[0]:
                self.round.append(around[step])        # known and better: it takes part in the choice of this round
        if self.at is None:
            self.queue.extend(self._fresh() for _ in range(self.settings.starts))

    def _fresh(self) -> Architecture:
        for _ in range(FRESH_TRIES):
            architecture = sample(self.space, self.rng)
            if architecture not in self.known and architecture not in self.waiting:
                return architecture
        return architecture
