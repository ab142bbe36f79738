"""Warm start: another strategy begins with the best of a large random pool, as a cheap score sees it."""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nas_explorer.errors import InvalidOption, NotAdditive
from nas_explorer.options import check_whole_number
from nas_explorer.records import Trial
from nas_explorer.spaces import Architecture, Codec, SearchSpace, cost, cost_terms, sample
from nas_explorer.strategies.given_strategies import explained, kept, strategy_of
from nas_explorer.strategies.protocol import Problem, Proposer, Strategy

COUNTED = ("parameter_count", "macs")


@dataclass(frozen=True, slots=True)
class WarmStart:
    """Propose the most promising of a random pool first, by a score that costs no training; then let another strategy go on.

    The other strategy is told of these first trials, so an evolution takes them as its first population, and a model as its first data.
    They come from the best on, and the pool's members differ. By default the score is the number of parameters, which ranks small
    spaces as well as most proxies do; with `score` it may be any of your own: a function of an architecture, more is better.

    Source: Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021, arXiv 2101.08134, section 4 ("warmup")

    Attributes:
        strategy: who goes on: a name, {"name": ..., "options": {...}}, or a strategy of your own.
        score: `parameter_count`, `macs`, or a function from an architecture to a number; NaN puts it last.
        pool: random architectures that are scored.
        first: how many of them are proposed.

    Raises:
        UnknownName, InvalidOption: if there is no such strategy or score, or a number is out of range.
    """

    strategy: str | Mapping[str, Any] | Strategy = "regularized_evolution"
    score: str | Callable[[Architecture], float] = "parameter_count"
    pool: int = 1000
    first: int = 10

    def __post_init__(self) -> None:
        object.__setattr__(self, "strategy", kept(self.strategy))
        if not callable(self.score) and self.score not in COUNTED:
            raise InvalidOption(f"score must be {' or '.join(COUNTED)}, or a function of an architecture, got {self.score!r:.60}")
        check_whole_number("pool", self.pool)
        check_whole_number("first", self.first)
        if self.first > self.pool:
            raise InvalidOption(f"first must be at most pool, got first={self.first}, pool={self.pool}")

    def begin(self, problem: Problem) -> WarmProposer:
        return WarmProposer(self, problem)


class WarmProposer:
    """A search under way. `first` holds what is left of the promising ones, with their scores."""

    def __init__(self, settings: WarmStart, problem: Problem) -> None:
        self.inner: Proposer = strategy_of(settings.strategy).begin(problem)
        self.first = deque(_promising(settings, problem))
        self.settings, self._score = settings, 0.0
        self._warm = True

    def ask(self) -> Architecture:
        self._warm = bool(self.first)
        if not self._warm:
            return self.inner.ask()
        architecture, self._score = self.first.popleft()
        return architecture

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
    scores = [float(score) for score in _scores(settings, problem.space, pool)]
    order = heapq.nlargest(settings.first, range(len(pool)), key=lambda i: -math.inf if math.isnan(scores[i]) else scores[i])
    return [(pool[i], scores[i]) for i in order]


def _scores(settings: WarmStart, space: SearchSpace, pool: Sequence[Architecture]) -> list[float]:
    if callable(settings.score):
        return [settings.score(architecture) for architecture in pool]
    try:
        terms, codec = cost_terms(space), Codec(space)
    except NotAdditive:                                # every network is traced by itself, some milliseconds each
        return [getattr(cost(space, architecture), settings.score) for architecture in pool]
    counted = terms.costs(np.concatenate([codec.encode(architecture)[None] for architecture in pool]))
    column: list[float] = counted[:, terms.quantities.index(settings.score)].tolist()
    return column
