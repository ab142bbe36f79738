"""Successive halving in brackets: which proposals are trained how long, and which are promoted. Hyperband and BOHB share it."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from nas_explorer.records import Metric, Trial
from nas_explorer.spaces import Architecture
from nas_explorer.strategies.protocol import Problem


class Sampler(Protocol):
    """Where a bracket gets its new architectures from."""

    def draw(self) -> Architecture: ...

    def learn(self, architecture: Architecture, share: float, cost: float) -> None:
        """Learn what came of a training of this share of the full length; infinite cost for a failure."""
        ...

    def why(self) -> Mapping[str, Any]:
        """Of what was drawn last, as `Explains`."""
        ...


def bracket_sizes(bracket: int, rungs: int, eta: int) -> list[tuple[int, float]]:
    """[(how many, share of the full training)] of the n-th bracket, from its lowest rung up.

    The first bracket begins with many short trainings, the last of a cycle with a few full ones, then it begins again. Sizes are those
    of HpBandSter, floor(rungs / (s + 1)) * eta ** s at the start; the Hyperband paper rounds up: 81, 34, 15, 8, 5 for five rungs of 3.

    >>> [bracket_sizes(n, rungs=5, eta=3)[0][0] for n in range(6)]
    [81, 27, 9, 6, 5, 81]
    >>> bracket_sizes(0, rungs=3, eta=3)
    [(9, 0.1111111111111111), (3, 0.3333333333333333), (1, 1.0)]
    """
    s = rungs - 1 - bracket % rungs
    start = rungs // (s + 1) * eta ** s
    return [(max(1, start // eta ** i), float(eta) ** (i - s)) for i in range(s + 1)]


@dataclass(slots=True)
class Bracket:
    """One race of successive halving.

    Attributes:
        sizes: as `bracket_sizes` says.
        asked: how many of each rung have been proposed.
        results: of each rung, (cost, order, architecture), as they come.
    """

    sizes: list[tuple[int, float]]
    asked: list[int] = field(default_factory=list)
    results: list[list[tuple[float, int, Architecture]]] = field(default_factory=list)
    waiting: deque[tuple[int, Architecture]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.asked, self.results = [0] * len(self.sizes), [[] for _ in self.sizes]

    def promoted(self) -> tuple[int, Architecture] | None:
        """(rung, architecture) that goes on; None while a rung still waits for answers."""
        return self.waiting.popleft() if self.waiting else None

    def tell(self, rung: int, architecture: Architecture, cost: float) -> None:
        results = self.results[rung]
        results.append((cost, len(results), architecture))
        if len(results) == self.sizes[rung][0] and rung + 1 < len(self.sizes):
            best = sorted(results, key=lambda result: result[:2])[:self.sizes[rung + 1][0]]
            self.waiting.extend((rung + 1, architecture) for _, _, architecture in best)


class HalvingProposer:
    """A search in brackets. While a rung waits for its last answers, the next bracket begins.

    Attributes:
        share, rung: of the full training that the architecture asked last is worth, and where in its bracket it stands.
    """

    def __init__(self, rungs: int, eta: int, problem: Problem, sampler: Sampler) -> None:
        self.rungs, self.eta, self.sampler = rungs, eta, sampler
        self.objective: Metric = problem.objectives[0]
        self.brackets: list[Bracket] = []
        self.begun = 0
        self.share, self.rung = 1.0, 0
        self.open: defaultdict[Architecture, deque[tuple[Bracket, int]]] = defaultdict(deque)
        self._last: Architecture | None = None

    def ask(self) -> Architecture:
        bracket, rung, architecture = self._next()
        bracket.asked[rung] += 1
        self.share, self.rung = bracket.sizes[rung][1], rung
        self.open[architecture].append((bracket, rung))
        self._last = architecture
        return architecture

    def retract(self) -> None:
        """Its place in the bracket is free again; otherwise the rung would wait for it for ever."""
        if self._last is not None:
            bracket, rung = self.open[self._last].pop()
            bracket.asked[rung] -= 1
            if rung > 0:
                bracket.waiting.appendleft((rung, self._last))
            self._last = None

    def ration(self) -> float:
        """The share of the full training that the architecture asked last is worth, above 0 up to 1."""
        return self.share

    def why(self) -> Mapping[str, Any]:
        ration = {"rung": self.rung, "share_of_training": round(self.share, 4)}
        if self.rung == 0:
            return {**self.sampler.why(), **ration}
        return {"kind": "promotion", **ration, "words": f"Among the best of its rung, so it is trained {self.eta} times as long."}

    def tell(self, trial: Trial) -> None:
        value = trial.values.get(self.objective.name, math.nan)
        cost = math.inf if trial.status == "failed" or not math.isfinite(value) else self.objective.cost(value)
        waiting = self.open.get(trial.architecture)
        if not waiting:                                # somebody else's, trained to its end
            self.sampler.learn(trial.architecture, 1.0, cost)
            return
        bracket, rung = waiting.popleft()
        if not waiting:
            del self.open[trial.architecture]
        self.sampler.learn(trial.architecture, bracket.sizes[rung][1], cost)
        bracket.tell(rung, trial.architecture, cost)
        if len(bracket.results[-1]) == bracket.sizes[-1][0]:
            self.brackets.remove(bracket)

    def _next(self) -> tuple[Bracket, int, Architecture]:
        for bracket in self.brackets:
            if bracket.asked[0] < bracket.sizes[0][0]:
                return bracket, 0, self.sampler.draw()
            if (promoted := bracket.promoted()) is not None:
                return bracket, *promoted
        self.brackets.append(Bracket(bracket_sizes(self.begun, self.rungs, self.eta)))
        self.begun += 1
        return self.brackets[-1], 0, self.sampler.draw()
