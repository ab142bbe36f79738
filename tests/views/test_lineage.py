"""A lineage tells who came from whom, who was alive after any event, and which line leads to the best."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nas_explorer.records import Event, History, Measured, SearchStarted, TrialFailed, TrialFinished, TrialStarted, metric
from nas_explorer.records.events import why_text
from nas_explorer.search.budget import Budget
from nas_explorer.search.evaluator import Inline
from nas_explorer.search.loop import Loop
from nas_explorer.spaces import Architecture
from nas_explorer.strategies import Problem, RandomSearch, RegularizedEvolution
from nas_explorer.views.lineage import Lineage, Moment, lineage, moment
from tests.toys import CountOff, switches

ERROR = metric("validation_error")
HERE = Architecture({"layer0.op": "skip"})


def told(*events: Event) -> History:
    history = History([ERROR])
    for event in events:
        history.apply(event)
    return history


def family(parents: list[list[int]], errors: list[float], population: int = 2) -> History:
    """Trials one after the other."""
    events: list[Event] = [SearchStarted(0, 0.0)]
    for trial, (own, error) in enumerate(zip(parents, errors, strict=True)):
        kind = "mutation" if own else "random"
        why = why_text({"kind": kind, "parents": own, "population_size": population})
        events.append(TrialStarted(len(events), 1.0, trial, HERE, why))
        events.append(Measured(len(events), 1.0, trial, 0, {"validation_error": error}))
        events.append(TrialFinished(len(events), 1.0, trial))
    return told(*events)


#      0   1
#      |   | \
#      3   2  4
#          |
#          5
KNOWN = family([[], [], [1], [0], [1], [2]], [9.0, 8.0, 6.0, 7.0, 6.5, 5.0])


def test_a_known_tree_has_its_lines_children_and_generations() -> None:
    found = lineage(KNOWN)
    assert found.is_tree
    assert found.parents == ((), (), (1,), (0,), (1,), (2,))
    assert found.line(5) == [1, 2, 5]
    assert found.line(0) == [0]
    assert [found.children(trial) for trial in range(6)] == [[3], [2, 4], [5], [], [], []]
    assert found.generations.tolist() == [0, 0, 1, 1, 1, 2]


def test_the_oldest_dies_when_a_child_joins_a_full_population() -> None:
    found = lineage(KNOWN)
    assert found.died.tolist() == [found.ended[2], found.ended[3], found.ended[4], found.ended[5], -1, -1]
    assert moment(found, int(found.ended[3]) + 1) == Moment(frozenset(range(4)), frozenset({2, 3}), frozenset(), 2)
    before_it_joins = moment(found, int(found.ended[3]))
    assert (before_it_joins.alive, before_it_joins.running) == (frozenset({1, 2}), frozenset({3}))


def test_members_age_from_their_end_not_from_their_birth() -> None:
    why = why_text({"kind": "random", "population_size": 1})
    history = told(
        SearchStarted(0, 0.0),
        TrialStarted(1, 0.0, 0, HERE, why),
        TrialStarted(2, 0.0, 1, HERE, why),
        TrialFailed(3, 1.0, 1, "out of memory"),  # the younger joins first, though it failed
        Measured(4, 1.0, 0, 0, {"validation_error": 1.0}),
        TrialFinished(5, 2.0, 0),
    )
    assert lineage(history).died.tolist() == [-1, 5]


def test_a_search_without_parents_is_no_tree() -> None:
    events = list(Loop(switches(), RandomSearch().begin(Problem(switches(), (ERROR,))), Inline(CountOff()), [ERROR.name], Budget(trials=9)))
    found = lineage(told(*events))
    assert not found.is_tree
    assert moment(found, found.events).alive == frozenset()
    assert found.population_size == 0


@pytest.mark.parametrize("parents", ["0", [5], [-1], [1.0], [True], {"a": 1}, 7, [2]])
def test_parents_that_cannot_be_are_none(parents: object) -> None:
    history = family([[], []], [1.0, 1.0])
    history.apply(TrialStarted(history.event_count, 1.0, 2, HERE, why_text({"kind": "mutation", "parents": parents})))
    assert lineage(history).parents[2] == ()


def evolution_events(population: int, slots: int, seed: int) -> list[Event]:
    """An evolution with several trials under way at once, which end in any order; every seventh fails."""
    proposer = RegularizedEvolution(population, max(1, population // 2)).begin(Problem(switches(), (ERROR,), seed))
    rng, events, open_trials = np.random.default_rng(seed), [SearchStarted(0, 0.0)], []
    for trial in itertools.count():
        if trial < 25 and len(open_trials) < slots:
            events.append(TrialStarted(len(events), 0.0, trial, proposer.ask(), why_text(proposer.why())))
            open_trials.append(trial)
        if len(open_trials) == slots or trial >= 25:
            if not open_trials:
                return events
            ended = open_trials.pop(int(rng.integers(len(open_trials))))
            events += ending(events, ended, proposer)
    return events


def ending(events: list[Event], trial: int, proposer: object) -> list[Event]:
    history = told(*events)
    more: list[Event] = [TrialFailed(len(events), 0.0, trial, "out of memory")]
    if trial % 7 != 6:
        error = 100.0 - 10 * sum(option != "skip" for option in history.architecture(trial).values())
        more = [Measured(len(events), 0.0, trial, 0, {"validation_error": error}), TrialFinished(len(events) + 1, 0.0, trial)]
    for event in more:
        history.apply(event)
    proposer.tell(history.trial(trial))  # type: ignore[attr-defined]
    return more


@given(st.integers(1, 6), st.integers(1, 4), st.integers(0, 2**16))
@settings(max_examples=15, deadline=None)
def test_the_state_at_event_n_is_that_of_a_replay_of_n_events(population: int, slots: int, seed: int) -> None:
    events = evolution_events(population, slots, seed)
    whole = lineage(told(*events))
    replayed, before = History([ERROR]), None
    for count, event in enumerate(events, start=1):
        replayed.apply(event)
        before = lineage(replayed, before)  # grown step by step, as a live view does
        assert moment(whole, count) == moment(before, count)
        assert same(before, lineage(replayed))


def same(one: Lineage, other: Lineage) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in Lineage.__slots__ if name != "parents") and (
        one.parents == other.parents
    )


def test_the_living_are_those_that_the_strategy_itself_keeps() -> None:
    proposer = RegularizedEvolution(4, 2).begin(Problem(switches(), (ERROR,), 3))
    events: list[Event] = [SearchStarted(0, 0.0)]
    for trial in range(20):
        events.append(TrialStarted(len(events), 0.0, trial, proposer.ask(), why_text(proposer.why())))
        events += ending(events, trial, proposer)
        assert moment(lineage(told(*events)), len(events)).alive == frozenset(proposer.numbers)
