"""Brackets, rungs and promotions, against their definition."""

from __future__ import annotations

import pytest

from nas_explorer.errors import InvalidOption
from nas_explorer.records import Trial, metric
from nas_explorer.spaces import Architecture, nas_bench_201
from nas_explorer.strategies import Problem
from nas_explorer.strategies.halving import bracket_sizes
from nas_explorer.strategies.hyperband import Hyperband
from nas_explorer.strategies.protocol import Rationing

ERROR = (metric("validation_error"),)


def finished(number: int, architecture: Architecture, value: float) -> Trial:
    return Trial(number, architecture, "finished", {"validation_error": value})


def test_the_published_sizes_of_the_released_code() -> None:
    """R / r = 81 and eta 3: 81, 27, 9, 6, 5 at the start, and thirds of them after that."""
    assert [bracket_sizes(n, 5, 3)[0][0] for n in range(5)] == [81, 27, 9, 6, 5]
    assert [count for count, _ in bracket_sizes(0, 5, 3)] == [81, 27, 9, 3, 1]
    assert [share for _, share in bracket_sizes(3, 5, 3)] == [1 / 3, 1.0]


def test_the_best_third_of_a_rung_is_trained_three_times_as_long() -> None:
    proposer = Hyperband(eta=3, rungs=3).begin(Problem(nas_bench_201(), ERROR, 1))
    asked, shares = [], []
    for number in range(13):
        asked.append(proposer.ask())
        shares.append(proposer.ration())
        proposer.tell(finished(number, asked[-1], float((number * 7) % 13)))
    costs = [float((number * 7) % 13) for number in range(13)]
    assert shares == [1 / 9] * 9 + [1 / 3] * 3 + [1.0]
    best = sorted(range(9), key=costs.__getitem__)[:3]
    assert asked[9:12] == [asked[i] for i in best]
    assert asked[12] == asked[9 + min(range(3), key=lambda i: costs[9 + i])]
    assert proposer.ask() not in asked
    assert proposer.ration() == 1 / 3                                    # the second bracket begins a rung higher


def test_failed_trials_are_not_promoted() -> None:
    proposer = Hyperband(eta=3, rungs=2).begin(Problem(nas_bench_201(), ERROR))
    asked = [proposer.ask() for _ in range(3)]
    for number, status in enumerate(("failed", "finished", "failed")):
        proposer.tell(Trial(number, asked[number], status, {"validation_error": 5.0} if status == "finished" else {}))  # type: ignore[arg-type]
    assert proposer.ask() == asked[1]


def test_while_a_rung_waits_the_next_bracket_begins() -> None:
    proposer = Hyperband(eta=3, rungs=2).begin(Problem(nas_bench_201(), ERROR))
    asked = [proposer.ask() for _ in range(5)]
    assert len(proposer.brackets) == 2
    assert proposer.ration() == 1.0                                      # of the second bracket, which has one rung
    for number, architecture in enumerate(asked):
        proposer.tell(finished(number, architecture, float(number)))
    assert proposer.ask() == asked[0]
    assert len(proposer.brackets) == 1                                   # the second is over


def test_it_rations_and_others_do_not() -> None:
    assert isinstance(Hyperband().begin(Problem(nas_bench_201(), ERROR)), Rationing)
    from nas_explorer.strategies.random_search import RandomSearch
    assert not isinstance(RandomSearch().begin(Problem(nas_bench_201(), ERROR)), Rationing)


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(InvalidOption, match="eta must be a whole number of at least 2, got 1"):
        Hyperband(eta=1)
    with pytest.raises(InvalidOption, match="rungs must be a whole number of at least 1, got 0"):
        Hyperband(rungs=0)


def test_what_was_refused_takes_no_place_in_a_bracket() -> None:
    """Of new draws another comes; of a promotion, the same comes again."""
    proposer = Hyperband(eta=3, rungs=2).begin(Problem(nas_bench_201(), ERROR))
    asked = []
    for number in range(3):
        for _ in range(4):
            proposer.ask()
            proposer.retract()
        asked.append(proposer.ask())
        proposer.tell(finished(number, asked[-1], float(number)))
    assert proposer.ask() == asked[0]
    assert proposer.ration() == 1.0
    proposer.retract()
    assert proposer.ask() == asked[0]
    assert len(proposer.brackets) == 1
