"""Many searches as matrices have the statistics of the searches one by one, and of closed forms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import chisquare, ks_2samp

from nas_explorer.races.fleet_lane import FleetLane
from nas_explorer.races.lookup import Lookup
from nas_explorer.records import Trial, metric
from nas_explorer.spaces import Codec, from_indices, nas_bench_201
from nas_explorer.strategies import Problem
from nas_explorer.strategies.fleets.regularized_evolution import EvolutionFleet
from nas_explorer.strategies.fleets.reinforce_per_decision import PerDecisionFleet
from nas_explorer.strategies.random_search import RandomSearch
from nas_explorer.strategies.regularized_evolution import RegularizedEvolution
from nas_explorer.strategies.reinforce_per_decision import ReinforcePerDecision
from tests.races.tables import SwitchTable
from tests.toys import switches

ERROR = (metric("validation_error"),)


def finals(strategy: Any, trials: int, searches: int, seed: int = 0) -> Any:
    """The best rank, from 0, that each search of a fleet has found on six switches."""
    space = switches(6)
    lookup = Lookup(SwitchTable(), SwitchTable(), space, ERROR)
    lane = FleetLane(strategy.begin_many(Problem(space, ERROR, seed), searches), lookup, ERROR, {"trials": trials}, searches, 1000)
    for _ in lane:
        pass
    assert (lane.trials == trials).all()
    return lane.best


def one_by_one(strategy: Any, trials: int, searches: int) -> Any:
    space, table = switches(6), SwitchTable()
    best = []
    for seed in range(searches):
        proposer, values = strategy.begin(Problem(space, ERROR, seed)), []
        for number in range(trials):
            architecture = proposer.ask()
            values.append(float(table.index(architecture)))
            proposer.tell(Trial(number, architecture, "finished", {"validation_error": values[-1]}))
        best.append(min(values))
    return np.array(best)


def test_the_best_of_n_random_draws_is_what_the_closed_form_says() -> None:
    """P(best rank >= r) = ((N - r) / N) ** n over 4,000 searches; chi-squared over ranks that are expected at least 5 times."""
    searches, n, size = 4_000, 8, 64
    above = (1 - np.arange(size + 1) / size) ** n
    expected = searches * (above[:-1] - above[1:])
    seen = np.bincount(finals(RandomSearch(), n, searches).astype(int), minlength=size)
    common = expected >= 5
    counts = np.append(seen[common], seen[~common].sum())
    assert chisquare(counts, np.append(expected[common], expected[~common].sum())).pvalue > 1e-4


@pytest.mark.parametrize(("strategy", "trials", "searches"), [
    (RegularizedEvolution(8, 3), 30, 300),
    (RegularizedEvolution(5, 5), 20, 300),
    (ReinforcePerDecision(0.3), 25, 80),
    (RandomSearch(), 20, 300),
])
def test_a_fleet_finds_as_much_as_searches_one_by_one(strategy: Any, trials: int, searches: int) -> None:
    """Two-sample Kolmogorov-Smirnov against 1,500 searches of a fleet; seeds are fixed, so it passes always or never."""
    assert ks_2samp(finals(strategy, trials, 1_500), one_by_one(strategy, trials, searches)).pvalue > 1e-3


def test_fleets_of_other_settings_are_told_apart_by_that_test() -> None:
    assert ks_2samp(finals(RegularizedEvolution(8, 8), 30, 1_500), one_by_one(RegularizedEvolution(8, 1), 30, 300)).pvalue < 1e-3


def test_reinforce_of_a_fleet_learns_exactly_as_one_does() -> None:
    """Told the same, failures among it, its logits are those of the proposer, to rounding."""
    space, rng = nas_bench_201(), np.random.default_rng(0)
    one = ReinforcePerDecision(0.1).begin(Problem(space, ERROR, 1))
    fleet = PerDecisionFleet(space, 2, 0.1, 0.9, np.random.default_rng(5))
    fleet.logits[0] = one.logits
    for number in range(40):
        rows = fleet.ask()
        architecture = one.rewards.expect(from_indices(space, rows[0].tolist()))
        failed, value = number in (0, 7, 20), float(rng.normal(10, 3))
        one.tell(Trial(number, architecture, "failed" if failed else "finished", {} if failed else {"validation_error": value}))
        fleet.tell(np.array([[np.inf if failed else value], [1.0]]))
        np.testing.assert_allclose(fleet.logits[0], one.logits, rtol=1e-10, atol=1e-12, err_msg=f"trial {number}")


def test_in_an_evolving_fleet_the_oldest_dies_and_a_child_differs_in_one_decision() -> None:
    space, searches, size = nas_bench_201(), 50, 4
    fleet = EvolutionFleet(space, searches, size, 2, np.random.default_rng(0))
    asked = []
    for step in range(20):
        before = fleet.members.copy()
        asked.append(fleet.ask().copy())
        if step >= size:
            changes = (asked[-1][:, None] != before).sum(axis=2)             # (searches, members)
            assert (changes.min(axis=1) <= 1).all()
        fleet.tell(Codec(space).one_hot(asked[-1]) @ np.arange(30.0)[:, None])
    newest = np.sort(np.stack(asked[-size:], axis=1).reshape(searches, -1), axis=1)
    np.testing.assert_array_equal(np.sort(fleet.members.reshape(searches, -1), axis=1), newest)


def test_a_fleet_is_refused_where_it_would_not_be_the_same() -> None:
    problem = Problem(switches(4), (metric("validation_error"), metric("latency_ms")))
    assert RegularizedEvolution(8, 3).begin_many(problem, 4) is None
    assert RandomSearch("architectures").begin_many(Problem(switches(4), ERROR), 4) is None
