"""Stepping into a search of a space with rules: an edit that leaves nothing is refused, and no strategy gets stuck in what is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nas_explorer.errors import InvalidOption, InvalidSpace
from nas_explorer.estimators import EcNas
from nas_explorer.records import Trial, TrialFinished
from nas_explorer.search.can_be_drawn import check_can_be_drawn
from nas_explorer.search.search import Search
from nas_explorer.search.steering import Steering
from nas_explorer.spaces import Architecture, SearchSpace, decisions, load, narrowed, sample, to_indices
from nas_explorer.spaces.rules import holds
from nas_explorer.strategies import RegularizedEvolution, Reinforce, WarmStart
from nas_explorer.strategies.protocol import Problem
from tests.toys import CountOff

SPACE, SMALL = load("nas_bench_101"), load("nas_bench_101", vertices=5)
EDGES = [decision.id for decision in decisions(SPACE) if decision.id.endswith(".on")]
STRATEGIES = ["random_search", "local_search", "bananas", "hyperband", "bohb", "tpe", "nsga2", "exhaustive", "reinforce_per_decision",
              WarmStart(pool=20, first=9), RegularizedEvolution(6, 3), Reinforce(hidden_units=8)]


def steered(search: Search, after: int, edit: Callable[[Steering], object]) -> Search:
    for event in search.events():
        if isinstance(event, TrialFinished) and event.trial == after:
            edit(search.steer)
    return search


def pinned(steer: Steering, edges: list[str], there: bool = True) -> Steering:
    for edge in edges:
        steer = steer.pin(edge, there)
    return steer


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda strategy: strategy if isinstance(strategy, str) else type(strategy).__name__)
def test_with_most_edges_pinned_every_strategy_still_finds_what_obeys(folder: Path, strategy: object) -> None:
    """One of 155 drawings of what is left has at most nine edges, with five vertices one of two at most eight of its ten."""
    space = load("nas_bench_101", vertices=5, max_edges=8) if isinstance(strategy, Reinforce) else SPACE
    edges = [edge for edge in EDGES if edge in {decision.id for decision in decisions(space)}][:7]
    search = steered(Search(space, strategy, CountOff(), ["validation_error"], budget=12, run=folder), 6,
                     lambda steer: pinned(steer, edges))
    assert (search.phase, len(search.history), search.history.failed_count) == ("finished", 12, 0)
    for number in range(12):
        architecture = search.history.architecture(number)
        assert holds(space, to_indices(space, architecture))
        assert number < 7 or all(architecture[edge] is True for edge in edges)


def test_an_edit_that_leaves_nothing_to_find_is_refused_when_it_is_given(folder: Path) -> None:
    def too_many(steer: Steering) -> None:
        with pytest.raises(InvalidOption, match=r"this would leave next to nothing: \d of 5,000 random architectures obey"):
            pinned(steer, EDGES[:9])
        assert steer.pins == dict.fromkeys(EDGES[:8], True)

    assert len(steered(Search(SPACE, "random_search", CountOff(), budget=9, run=folder), 4, too_many).history) == 9
    with pytest.raises(InvalidOption, match="this would leave no architecture: none of 5,000 random ones obeys max_edges 9"):
        check_can_be_drawn(narrowed(SPACE, {edge: [True] for edge in EDGES[:10]}), CountOff())


def test_what_the_estimator_could_not_score_is_nothing_to_search(folder: Path) -> None:
    ways_out = [decision.id for decision in decisions(SMALL) if decision.id.endswith("→out.on")]

    def cut_off(steer: Steering) -> None:
        pinned(steer, ways_out[:-1], there=False)
        with pytest.raises(InvalidOption, match="none of 200 random architectures that this would leave can be scored: this cell has no"):
            steer.veto(ways_out[-1], True)

    search = steered(Search(SMALL, RegularizedEvolution(4, 2), EcNas(), budget=30, run=folder), 4, cut_off)
    assert (search.phase, len(search.history), len(search.steer.in_force)) == ("finished", 30, len(ways_out) - 1)


class Lost:
    """Finds nothing in a narrowed space, as an evolution whose parents have no children that obey the rules."""

    def __init__(self, space: SearchSpace) -> None:
        self.space, self.rng = space, np.random.default_rng(0)

    def begin(self, problem: Problem) -> Lost:
        return Lost(problem.space)

    def ask(self) -> Architecture:
        if self.space.only:
            raise InvalidSpace("none of 1,000 children obeys the rules")
        return sample(self.space, self.rng)

    def tell(self, trial: Trial) -> None: ...


def test_a_strategy_that_finds_nothing_more_in_what_is_left_gets_it_drawn_at_random(folder: Path) -> None:
    search = steered(Search(SMALL, Lost(SMALL), CountOff(), budget=12, run=folder), 4, lambda steer: steer.pin("cell/in->1.on", True))
    assert {search.history.architecture(number)["cell/in->1.on"] for number in range(5, 12)} == {True}
    assert search.explain(7).sentence == "Drawn at random: the strategy found nothing in what the edits leave."
