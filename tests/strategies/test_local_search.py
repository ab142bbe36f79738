"""Local search against its definition: all neighbours, the best of them, and a new start at a local optimum."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable

import pytest

from nas_explorer.errors import InvalidOption
from nas_explorer.records import Trial, metric
from nas_explorer.spaces import Architecture, SearchSpace, nas_bench_201, neighbours
from nas_explorer.strategies import Problem
from nas_explorer.strategies.local_search import Climb, LocalSearch
from tests.toys import on, switches

ERROR = (metric("validation_error"),)
Cost = Callable[[Architecture], float]


def run(settings: LocalSearch, space: SearchSpace, cost: Cost, trials: int, seed: int = 0) -> tuple[Climb, list[Architecture]]:
    climb, asked = settings.begin(Problem(space, ERROR, seed)), []
    for number in range(trials):
        asked.append(climb.ask())
        climb.tell(Trial(number, asked[-1], "finished", {"validation_error": cost(asked[-1])}))
    return climb, asked


def off(architecture: Architecture) -> float:
    return float(len(architecture) - on(architecture))


def test_after_the_start_come_all_its_neighbours_in_some_order() -> None:
    space = nas_bench_201()
    _, asked = run(LocalSearch(), space, lambda a: 1.0, 25)
    assert set(asked[1:]) == set(neighbours(space, asked[0]))
    assert len(asked[1:]) == 24


def test_it_climbs_to_the_best_neighbour_and_asks_nothing_twice() -> None:
    """Six switches: from any start at most six rounds of at most six new neighbours lead to the top."""
    _, asked = run(LocalSearch(), switches(6), off, 40)
    assert len(set(asked)) == 40
    first = next(i for i, a in enumerate(asked) if off(a) == 0)
    assert first <= 1 + 6 * 6
    costs = [off(a) for a in asked[:first + 1]]
    assert costs[first] == 0


def test_each_round_begins_at_the_best_of_the_round_before() -> None:
    space = nas_bench_201()

    def cost(a: Architecture) -> float:
        return float(zlib.crc32(repr(sorted(a.items())).encode()) % 997)

    _, asked = run(LocalSearch(), space, cost, 60)
    seen, at = {asked[0]: cost(asked[0])}, asked[0]
    place = 1
    while place < 60:
        around = [a for a in neighbours(space, at) if a not in seen]
        block = asked[place:place + len(around)]
        if len(block) < len(around):
            break
        assert set(block) == set(around)
        seen |= {a: cost(a) for a in block}
        place += len(around)
        best = min(neighbours(space, at), key=lambda a: seen[a])
        if seen[best] >= seen[at]:
            assert place == 60 or asked[place] not in set(neighbours(space, at))      # a local optimum: somewhere else
            return
        at = best


def test_moving_at_the_first_gain_needs_no_whole_round() -> None:
    climb, asked = run(LocalSearch(move="first"), switches(12), off, 40, seed=3)
    gains = sum(1 for one, other in itertools.pairwise(asked) if off(other) < off(one))
    assert gains > 6
    assert min(map(off, asked)) == 0
    assert climb.known[min(asked, key=off)] == 0


def test_several_starts_begin_at_their_best() -> None:
    _, asked = run(LocalSearch(starts=5), switches(8), off, 6)
    best = min(asked[:5], key=off)
    assert asked[5] in set(neighbours(switches(8), best))


def test_workers_get_random_architectures_while_the_last_answers_are_out() -> None:
    climb = LocalSearch().begin(Problem(switches(4), ERROR))
    asked = [climb.ask() for _ in range(3)]
    assert len(set(asked)) == 3
    for number, architecture in enumerate(asked):
        climb.tell(Trial(number, architecture, "finished", {"validation_error": off(architecture)}))
    climb.ask()
    assert climb.at is not None
    assert climb.at[0] == min(map(off, asked))


def test_failures_are_the_worst_there_is() -> None:
    space, climb = switches(4), LocalSearch().begin(Problem(switches(4), ERROR))
    for number in range(40):
        architecture = climb.ask()
        values = {} if on(architecture) % 2 else {"validation_error": off(architecture)}
        climb.tell(Trial(number, architecture, "finished" if values else "failed", values))
    assert climb.at is None or climb.at[0] < float("inf")
    assert len(climb.known) == 16
    assert space.name == "switches"


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(InvalidOption, match="move must be one of best, first, got 'last'"):
        LocalSearch(move="last")  # type: ignore[arg-type]
    with pytest.raises(InvalidOption, match="starts must be a whole number of at least 1"):
        LocalSearch(starts=0)
