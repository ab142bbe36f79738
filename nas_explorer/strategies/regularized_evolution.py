"""Regularized evolution: tournaments choose parents, and the oldest dies."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter, le
from typing import Any

import numpy as np

from nas_explorer.errors import InvalidOption
from nas_explorer.options import check_whole_number
from nas_explorer.records import Metric, Trial
from nas_explorer.spaces import Architecture, mutate, sample
from nas_explorer.strategies.fleets.regularized_evolution import EvolutionFleet
from nas_explorer.strategies.protocol import Problem

Costs = tuple[float, ...]
Member = tuple[Costs, Architecture]

_costs_of_member = itemgetter(0)


@dataclass(frozen=True, slots=True)
class RegularizedEvolution:
    """Keep the newest architectures; the best of a random few of them becomes a parent, its mutated child joins.

    The first `population_size` architectures are random, less those that others have proposed before. A tournament draws
    `tournament_size` members with replacement; its best is the parent, of equals the first that was drawn. The child joins
    when its trial ends, and the oldest member dies, however good it is. A failed trial joins as the worst there can be and
    ages out like any other.

    With one objective this is the algorithm of the paper. With several we leave the paper: the parent is drawn uniformly from
    the members of the tournament that no other of its members dominates.

    Source: Real et al., Regularized Evolution for Image Classifier Architecture Search, AAAI 2019, arXiv 1802.01548

    Attributes:
        population_size: members alive; 100 in the paper, 10 in NAS-Bench-201.
        tournament_size: members drawn for one parent; 25 in the paper, 3 in NAS-Bench-201.

    Raises:
        InvalidOption: if a size is no whole number above zero, or the tournament is larger than the population.
    """

    population_size: int = 100
    tournament_size: int = 25

    def __post_init__(self) -> None:
        check_whole_number("population_size", self.population_size)
        check_whole_number("tournament_size", self.tournament_size)
        if self.tournament_size > self.population_size:
            raise InvalidOption(f"tournament_size must be at most population_size, got tournament_size={self.tournament_size}, "
                                f"population_size={self.population_size}")

    def begin(self, problem: Problem) -> Evolution:
        return Evolution(self, problem)

    def begin_many(self, problem: Problem, searches: int) -> EvolutionFleet | None:
        """Searches at once, where there is one objective and no constraint."""
        if len(problem.objectives) > 1 or problem.space.constraints:
            return None
        rng = np.random.default_rng(problem.seed)
        return EvolutionFleet(problem.space, searches, self.population_size, self.tournament_size, rng)


class Evolution:
    """A regularized evolution under way. `population` holds (costs, architecture), the oldest first."""

    def __init__(self, settings: RegularizedEvolution, problem: Problem) -> None:
        self.settings, self.space, self.objectives = settings, problem.space, problem.objectives
        self.rng = np.random.default_rng(problem.seed)
        self.population: deque[Member] = deque()
        self.numbers: deque[int] = deque()                 # of the members' trials
        self.asked = self.told = 0
        self._tournament: tuple[list[int], list[Member], Member] | None = None

    def ask(self) -> Architecture:
        self.asked += 1
        # What others proposed counts too. With many trials under way the random ones may all be out before the first is back.
        if max(self.asked - 1, self.told) < self.settings.population_size or not self.population:
            self._tournament = None
            return sample(self.space, self.rng)
        return mutate(self.space, self.parent(), self.rng)

    def tell(self, trial: Trial) -> None:
        self.told += 1
        self.population.append((costs_of(trial, self.objectives), trial.architecture))
        self.numbers.append(trial.number)
        # The oldest dies, not the worst: otherwise one lucky noisy score stays forever (Real et al. 2019).
        if len(self.population) > self.settings.population_size:
            self.population.popleft()
            self.numbers.popleft()

    def why(self) -> Mapping[str, Any]:
        size = self.settings.population_size
        if self._tournament is None:
            return {"kind": "random", "population_size": size}
        drawn, members, chosen = self._tournament
        numbers = self.numbers
        parent = next(i for i, member in zip(drawn, members, strict=True) if member is chosen)
        found = {"kind": "mutation", "parents": [numbers[parent]], "tournament": [numbers[i] for i in drawn], "population_size": size}
        return found if len(self.objectives) == 1 else {**found, "front": len(non_dominated(members))}

    def parent(self) -> Architecture:
        population = self.population
        drawn = self.rng.integers(len(population), size=self.settings.tournament_size).tolist()
        tournament = [population[i] for i in drawn]
        if len(self.objectives) == 1:
            chosen = min(tournament, key=_costs_of_member)
        else:
            best = non_dominated(tournament)
            chosen = best[int(self.rng.integers(len(best)))]
        self._tournament = drawn, tournament, chosen
        return chosen[1]


def costs_of(trial: Trial, objectives: Sequence[Metric]) -> Costs:
    """The objectives turned so that less is better; infinite for a failed trial."""
    if trial.status == "failed":
        return (np.inf,) * len(objectives)
    return tuple([metric.cost(trial.values[metric.name]) for metric in objectives])


def non_dominated(members: Sequence[Member]) -> list[Member]:
    """Those that no other is at least as good as in every objective and better in one; equals stay together."""
    # Sorted, nobody is dominated by one that comes later, so each is held against the front so far only.
    distinct = sorted({member[0] for member in members})
    front = _front_of_two(distinct) if distinct and len(distinct[0]) == 2 else _front_of_many(distinct)
    return [member for member in members if member[0] in front]


def _front_of_two(ordered: Sequence[Costs]) -> set[Costs]:
    front, lowest = {ordered[0]}, ordered[0][1]
    for costs in ordered:
        if costs[1] < lowest:
            front.add(costs)
            lowest = costs[1]
    return front


def _front_of_many(ordered: Sequence[Costs]) -> set[Costs]:
    front: set[Costs] = set()
    for costs in ordered:
        if not any(all(map(le, other, costs)) for other in front):
            front.add(costs)
    return front
