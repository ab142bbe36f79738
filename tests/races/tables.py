"""Toy tables with known answers, and strategies that misbehave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.estimators.protocol import Rank, find_metrics
from nas_explorer.estimators.ranking import Ranking
from nas_explorer.records import Measurement, Metric, Trial, metric
from nas_explorer.spaces import Architecture, SearchSpace, enumerate_architectures, sample
from nas_explorer.strategies import Problem
from tests.toys import switches

METRICS = (metric("validation_error"), metric("latency_ms"), metric("train_seconds"), metric("test_accuracy"))


@dataclass(frozen=True)
class SwitchTable:
    """Every row of switches: the error is the rank of its bits read as a number, 0 the best; latency grows the other way.

    `lacking`: so many of the worst are not in the table. `seconds`: what each trial takes.
    """

    count: int = 6
    seconds: float = 10.0
    lacking: int = 0
    epochs: int = 4
    metrics: tuple[Metric, ...] = METRICS
    final_metric: Metric = METRICS[3]

    @property
    def size(self) -> int:
        return 2 ** self.count - self.lacking

    def check_space(self, space: SearchSpace) -> None:
        return None

    def index(self, architecture: Architecture) -> int:
        index = place(architecture)
        if index >= self.size:
            raise InvalidArchitecture("not in the table")
        return index

    def column(self, name: str) -> np.ndarray[Any, Any]:
        find_metrics(METRICS, (name,))
        ranks = np.arange(float(self.size))
        return {"validation_error": ranks, "latency_ms": self.size - ranks, "train_seconds": np.full(self.size, self.seconds),
                "test_accuracy": 100 - ranks / self.size}[name]

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        row = self.index(architecture)
        yield Measurement(0, {m.name: float(self.column(m.name)[row]) for m in METRICS})

    def rank(self, architecture: Architecture, metric: str | None = None) -> Rank:
        return Ranking(self.column).rank(self.index(architecture), *find_metrics(METRICS, (metric or "test_accuracy",)))

    def optimum(self, metric: str | None = None) -> tuple[Architecture, float]:
        (by,) = find_metrics(METRICS, (metric or "test_accuracy",))
        row = Ranking(self.column).best(by)
        backwards = {place(a): a for a in enumerate_architectures(switches(self.count))}
        return backwards[row], float(self.column(by.name)[row])

    def front(self, metrics: Sequence[str]) -> list[tuple[Architecture, tuple[float, ...]]]:
        return []


def place(architecture: Architecture) -> int:
    return sum((option == "skip") << i for i, option in enumerate(architecture.values()))


@dataclass(frozen=True)
class OneByOne:
    """The same numbers, which can only be asked for one by one."""

    table: SwitchTable = SwitchTable()
    metrics: tuple[Metric, ...] = METRICS

    def check_space(self, space: SearchSpace) -> None:
        return None

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        return self.table.evaluate(architecture)


@dataclass(frozen=True)
class Misbehaving:
    """Draw at random, and then do it.

    Source: what beginners write
    """

    what: str = "raise"
    at: int = 5

    def begin(self, problem: Problem) -> Misbehaving.Proposer:
        return Misbehaving.Proposer(self, problem)

    class Proposer:
        def __init__(self, settings: Misbehaving, problem: Problem) -> None:
            self.settings, self.space, self.rng, self.count = settings, problem.space, np.random.default_rng(problem.seed), 0

        def ask(self) -> Architecture:
            self.count += 1
            if self.count > self.settings.at:
                match self.settings.what:
                    case "raise":
                        raise ZeroDivisionError("no such thing")
                    case "leave":
                        return Architecture({"layer0.op": "conv_9x9"})
                    case "nonsense":
                        return "an architecture"  # type: ignore[return-value]
                    case "repeat":
                        return next(enumerate_architectures(self.space))
            return sample(self.space, self.rng)

        def tell(self, trial: Trial) -> None:
            if self.settings.what == "tell" and self.count > self.settings.at:
                raise KeyError("validation_error")
