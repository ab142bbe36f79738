"""Regularized evolution against the authors' own loop, written again here, and against what its draws must look like."""

from __future__ import annotations

import collections
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from nas_explorer.errors import InvalidOption
from nas_explorer.records import Metric, Trial, metric
from nas_explorer.spaces import Architecture, SearchSpace, to_indices
from nas_explorer.strategies.protocol import Problem
from nas_explorer.strategies.regularized_evolution import Evolution, RegularizedEvolution, non_dominated
from tests.toys import switches

ERROR = (metric("validation_error"),)
BITS = 30


def begin(population_size: int, tournament_size: int, seed: int = 0, objectives: tuple[Metric, ...] = ERROR, bits: int = BITS) -> Evolution:
    return RegularizedEvolution(population_size, tournament_size).begin(Problem(switches(bits), objectives, seed))


def finished(number: int, architecture: Architecture, *values: float, objectives: Sequence[Metric] = ERROR) -> Trial:
    return Trial(number, architecture, "finished", dict(zip([m.name for m in objectives], values, strict=True)))


def bits_of(space: SearchSpace, architecture: Architecture) -> list[int]:
    return to_indices(space, architecture)


class Model:
    """As in the authors' notebook: bits, and how many of them are on."""

    def __init__(self, bits: list[int]) -> None:
        self.bits, self.accuracy = bits, sum(bits) // 2      # halved, so that tournaments have ties


def authors_evolution(cycles: int, population_size: int, sample_size: int, rng: np.random.Generator) -> list[Model]:
    """google-research/evolution, regularized_evolution.ipynb, with one generator where it calls `random`."""
    population: collections.deque[Model] = collections.deque()
    history = []
    while len(population) < population_size:
        model = Model([int(2 * u) for u in rng.random(BITS)])
        population.append(model)
        history.append(model)
    while len(history) < cycles:
        sample: list[Model] = []
        while len(sample) < sample_size:
            candidate = list(population)[rng.integers(len(population))]
            sample.append(candidate)
        parent = max(sample, key=lambda model: model.accuracy)
        bits = parent.bits.copy()
        bits[int(BITS * rng.random())] ^= 1
        rng.random()                  # our moves draw which other option it becomes; a switch has one
        child = Model(bits)
        population.append(child)
        history.append(child)
        population.popleft()
    return history


@pytest.mark.parametrize(("population_size", "tournament_size"), [(100, 25), (10, 3), (7, 7), (5, 1), (1, 1)])
def test_the_history_is_that_of_the_authors_loop(population_size: int, tournament_size: int) -> None:
    expected = authors_evolution(400, population_size, tournament_size, np.random.default_rng(17))
    evolution, space = begin(population_size, tournament_size, seed=17), switches(BITS)
    for number, model in enumerate(expected):
        architecture = evolution.ask()
        assert bits_of(space, architecture) == model.bits, f"trial {number}"
        evolution.tell(finished(number, architecture, -model.accuracy))


def test_it_climbs_to_the_best_switches() -> None:
    evolution = begin(20, 10, seed=1, bits=16)
    best = 0
    for number in range(600):
        architecture = evolution.ask()
        on = sum(bits_of(evolution.space, architecture))
        best = max(best, on)
        evolution.tell(finished(number, architecture, 16 - on))
    assert best == 16


def test_the_oldest_dies_however_good_it_is() -> None:
    evolution = begin(5, 2)
    for number in range(40):
        evolution.tell(finished(number, evolution.ask(), float(number)))          # every child is worse than all before
        alive = [costs[0] for costs, _ in evolution.population]
        assert alive == [float(n) for n in range(max(0, number - 4), number + 1)]


def test_a_failed_trial_joins_as_the_worst_and_ages_out() -> None:
    evolution = begin(3, 3)
    evolution.tell(Trial(0, evolution.ask(), "failed", {}, "out of memory"))
    for number in (1, 2):
        evolution.tell(finished(number, evolution.ask(), 99.0))
    assert [costs for costs, _ in evolution.population] == [(np.inf,), (99.0,), (99.0,)]
    evolution.tell(finished(3, evolution.ask(), 50.0))
    assert [costs for costs, _ in evolution.population] == [(99.0,), (99.0,), (50.0,)]


def test_a_metric_to_maximise_is_maximised() -> None:
    evolution = RegularizedEvolution(4, 4).begin(Problem(switches(), (metric("validation_accuracy"),)))
    trials = [Trial(number, evolution.ask(), "finished", {"validation_accuracy": accuracy})
              for number, accuracy in enumerate((10.0, 90.0, 50.0, 20.0))]
    for trial in trials:
        evolution.tell(trial)
    parents = [evolution.parent() for _ in range(200)]
    assert parents.count(trials[1].architecture) > 100             # 1 - (3/4)**4 = 68 %


def test_a_tournament_draws_with_replacement() -> None:
    """The best of a tournament has rank k with probability ((P-k)/P)**S - ((P-k-1)/P)**S; chi-square, p > 0.001, seed 5."""
    size, drawn, draws = 10, 3, 20_000
    evolution = begin(size, drawn, seed=5)
    for number in range(size):
        evolution.tell(finished(number, evolution.ask(), float(number)))
    rank = {id(architecture): int(costs[0]) for costs, architecture in evolution.population}
    seen = np.bincount([rank[id(evolution.parent())] for _ in range(draws)], minlength=size)
    left = (np.arange(size, -1, -1) / size) ** drawn
    assert chisquare(seen, draws * (left[:-1] - left[1:])).pvalue > 0.001
    # Without replacement the two worst could never win.
    assert seen[-1] > 0


def test_a_parent_under_several_objectives_is_drawn_evenly_from_those_nobody_dominates() -> None:
    """Half to each of the two on the front; 6 sigma of 4,000 draws, seed 3."""
    two = (metric("validation_error"), metric("macs"))
    evolution = begin(3, 3, seed=3, objectives=two)
    trials = [finished(n, evolution.ask(), *values, objectives=two) for n, values in enumerate([(1.0, 9.0), (9.0, 1.0), (9.0, 9.0)])]
    for trial in trials:
        evolution.tell(trial)
    parents = [evolution.parent() for _ in range(4000)]
    first, second, dominated = (parents.count(trial.architecture) for trial in trials)
    assert abs(first - second) < 6 * 4000 ** 0.5
    assert abs(dominated - 4000 / 27) < 6 * (4000 / 27) ** 0.5       # only where all three draws fell on it


@given(st.integers(1, 3).flatmap(lambda count: st.lists(st.tuples(*[st.integers(0, 4)] * count), max_size=12)))
@settings(max_examples=300, deadline=None)
def test_non_dominated_is_what_the_definition_says(points: list[tuple[int, ...]]) -> None:
    members = [(tuple(map(float, point)), Architecture({"id": n})) for n, point in enumerate(points)]

    def dominates(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
        return all(x <= y for x, y in zip(a, b, strict=True)) and any(x < y for x, y in zip(a, b, strict=True))

    expected = [member for member in members if not any(dominates(other[0], member[0]) for other in members)]
    assert non_dominated(members) == expected


def test_more_trials_under_way_than_the_population_are_random() -> None:
    evolution = begin(2, 1)
    asked = [evolution.ask() for _ in range(6)]
    assert len(set(asked)) == 6                      # 2**30 switches: a repeat would be a wonder
    for number, architecture in enumerate(asked):
        evolution.tell(finished(number, architecture, 1.0))
    assert len(evolution.population) == 2


@pytest.mark.parametrize("size", ["ten", 10.5, 10.0, True, float("nan"), 0, -3, None, [10]])
def test_a_size_that_is_no_whole_number_above_zero_is_refused(size: object) -> None:
    with pytest.raises(InvalidOption, match="population_size must be a whole number of at least 1, got"):
        RegularizedEvolution(population_size=size)  # type: ignore[arg-type]
    with pytest.raises(InvalidOption, match="tournament_size must be a whole number of at least 1, got"):
        RegularizedEvolution(tournament_size=size)  # type: ignore[arg-type]


def test_a_tournament_larger_than_the_population_is_refused() -> None:
    with pytest.raises(InvalidOption, match="at most population_size, got tournament_size=25, population_size=10"):
        RegularizedEvolution(population_size=10)
