"""Warm start: another strategy begins with the best of a large random pool, as a cheap score sees it."""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nas_explorer.errors import InvalidOption, NotAdditive
from nas_explorer.options import check_whole_number
from nas_explorer.records import Trial
from nas_explorer.spaces import Architecture, Codec, SearchSpace, cost, cost_terms, lifted, sample, whole
from nas_explorer.strategies.given_strategies import explained, kept, strategy_of
from nas_explorer.strategies.protocol import Foresight, Problem, Rationing, Retracts, Strategy

COUNTED = ("parameter_count", "macs")


@dataclass(frozen=True, slots=True)
class WarmStart:
    """Propose the most promising of a random pool first, by a score that costs no training; then let another strategy go on.

    The other strategy is told of these first trials, so an evolution takes them as its first population, and a model as its first data.
    They come from the best on, and the pool's members differ. By default the score is the number of parameters, which ranks small
    spaces as well as most proxies do. A zero-cost proxy by its name (`synflow`, `naswot`, ...) builds every network of the pool and looks
    at a batch of the task, some hundredths of a second each; a column that a table foresees is looked up there, and less is better where
    its metric says so. With a function of your own, more is better.

    Source: Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021, arXiv 2101.08134, section 4 ("warmup")

    Attributes:
        strategy: who goes on: a name, {"name": ..., "options": {...}}, or a strategy of your own.
        score: `parameter_count`, `macs`, a zero-cost proxy, what the estimator foresees, or a function from an architecture to a number;
            NaN puts it last.
        pool: random architectures that are scored.
        first: how many of them are proposed.
        task: what a zero-cost proxy looks at, by its name; empty: what the search trains for, and `digits` where that is a table.

    Raises:
        UnknownName, InvalidOption: if there is no such strategy, or a number is out of range.
    """

    strategy: str | Mapping[str, Any] | Strategy = "regularized_evolution"
    score: str | Callable[[Architecture], float] = "parameter_count"
    pool: int = 1000
    first: int = 10
    task: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "strategy", kept(self.strategy))
        if not callable(self.score) and (not isinstance(self.score, str) or not self.score):
            raise InvalidOption(f"score must be the name of one, such as parameter_count or synflow, or a function of an architecture, got "
                                f"{self.score!r:.60}")
        if not isinstance(self.task, str):
            raise InvalidOption(f"task must be the name of one, got {self.task!r:.60}")
        if self.task and (callable(self.score) or self.score in COUNTED):
            raise InvalidOption(f"a task is for zero-cost proxies, which look at it; leave out task={self.task!r}")
        check_whole_number("pool", self.pool)
        check_whole_number("first", self.first)
        if self.first > self.pool:
            raise InvalidOption(f"first must be at most pool, got first={self.first}, pool={self.pool}")

    def begin(self, problem: Problem) -> WarmProposer:
        """
        Raises:
            InvalidOption: if the score is not known of this problem's architectures.
        """
        if isinstance(self.score, str) and self.score not in COUNTED:
            _foresight(self.score, problem).check(self.score, self.task)
        return WarmProposer(self, problem)


class WarmProposer:
    """A search under way. The pool is scored when it is asked for the first time; then `first` holds what is left of the promising."""

    def __init__(self, settings: WarmStart, problem: Problem) -> None:
        self.inner = inner = strategy_of(settings.strategy).begin(problem)
        self.settings, self.problem, self._score = settings, problem, 0.0
        self._warm = True
        if isinstance(inner, Rationing):
            self.ration = lambda: 1.0 if self._warm else inner.ration()

    @cached_property
    def first(self) -> deque[tuple[Architecture, float]]:
        return deque(_promising(self.settings, self.problem))

    def ask(self) -> Architecture:
        self._warm = bool(self.first)
        if not self._warm:
            return self.inner.ask()
        architecture, self._score = self.first.popleft()
        return architecture

    def retract(self) -> None:
        if not self._warm and isinstance(self.inner, Retracts):
            self.inner.retract()

    def why(self) -> Mapping[str, Any]:
        if not self._warm:
            return explained(self.inner)
        words = f"Among the most promising of {self.settings.pool:,} random architectures, by a score that costs no training."
        return {"kind": "warm_start", "words": words, "score": self._score if math.isfinite(self._score) else None}

    def tell(self, trial: Trial) -> None:
        self.inner.tell(trial)


def _promising(settings: WarmStart, problem: Problem) -> list[tuple[Architecture, float]]:
    rng = np.random.default_rng([problem.seed, 1])     # a stream apart from the one that the inner strategy draws from
    pool = list(dict.fromkeys(sample(problem.space, rng) for _ in range(settings.pool)))
    scores = [float(score) for score in _scores(settings, problem, [lifted(problem.space, architecture) for architecture in pool])]
    order = heapq.nlargest(settings.first, range(len(pool)), key=lambda i: -math.inf if math.isnan(scores[i]) else scores[i])
    return [(pool[i], scores[i]) for i in order]


def _scores(settings: WarmStart, problem: Problem, pool: Sequence[Architecture]) -> list[float]:
    if callable(settings.score):
        return [settings.score(architecture) for architecture in pool]
    if settings.score in COUNTED:
        return _counts(settings.score, whole(problem.space), pool)
    return _foresight(settings.score, problem).scores(settings.score, settings.task, pool)


def _foresight(score: str, problem: Problem) -> Foresight:
    if problem.foresight is None:
        raise InvalidOption(f"only a search or a race can look at untrained networks for the score {score!r}; elsewhere score is "
                            f"{' or '.join(COUNTED)}, or a function of an architecture")
    return problem.foresight


def _counts(score: str, space: SearchSpace, pool: Sequence[Architecture]) -> list[float]:
    try:
        terms, codec = cost_terms(space), Codec(space)
    except NotAdditive:                                # every network is traced by itself, some milliseconds each
        return [getattr(cost(space, architecture), score) for architecture in pool]
    counted = terms.costs(np.concatenate([codec.encode(architecture)[None] for architecture in pool]))
    column: list[float] = counted[:, terms.quantities.index(score)].tolist()
    return column
