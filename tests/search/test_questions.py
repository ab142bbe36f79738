"""A search answers: why, what lies between two trials, what lies around one, and what mattered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import nas_explorer as nas
from nas_explorer.errors import InvalidMetric, InvalidOption, RunError
from nas_explorer.records import Event, Trial, TrialStarted, metric
from nas_explorer.search.search import Search
from nas_explorer.spaces import Architecture, neighbours
from nas_explorer.strategies import RegularizedEvolution
from nas_explorer.strategies.protocol import Problem
from nas_explorer.strategies.random_search import RandomProposer, RandomSearch
from tests.toys import CountOff, switches

EVOLUTION = RegularizedEvolution(population_size=5, tournament_size=3)


def made(folder: Path, trials: int = 30, **changes: Any) -> Search:
    arguments = {"space": "nas_bench_201", "strategy": EVOLUTION, "estimator": "tabular", "objectives": ["validation_error"]}
    return Search(**{**arguments, **changes}, budget=trials, run=folder)


def run_inline(search: Search) -> Search:
    for _ in search.events():
        pass
    return search


def test_a_trial_is_explained_from_the_log_alone(folder: Path) -> None:
    search = run_inline(made(folder))
    found = search.explain(12)
    assert found.sentence.startswith(f"A mutation of trial {found.parents[0]}, the best of 3 drawn from the 5 alive: ")
    assert str(nas.open(folder).explain(12)) == str(found)
    assert search.explain().trial == search.best.number  # type: ignore[union-attr]
    assert search.explain(search.history.trial(3)).sentence == "One of the 5 random architectures that the evolution starts with."


def test_two_trials_are_compared_and_one_stands_against_the_best(folder: Path) -> None:
    search = run_inline(made(folder))
    found = search.compare(3)
    assert found.titles == ("trial 3", f"trial {search.best.number}")  # type: ignore[union-attr]
    assert {"validation_error", "parameter_count", "macs"} <= {change.metric.name for change in found.changes}
    assert search.compare(3, 3).sentence == "The two are the same architecture."


def test_the_neighbours_on_a_table_have_the_true_values_of_brute_force(folder: Path) -> None:
    search = run_inline(made(folder))
    found, best = search.neighbours(), search.best
    assert best is not None
    expected = [
        (other, next(iter(search.plan.estimator.evaluate(other))).values["validation_error"])
        for other in neighbours(search.plan.space, best.architecture)
    ]
    assert [(n.architecture, n.changes[0].second) for n in found.neighbours] == expected
    assert {n.source for n in found.neighbours} == {"true"}
    assert len(expected) == 6 * 4


def test_without_a_table_the_neighbours_are_those_that_were_tried(folder: Path) -> None:
    search = run_inline(made(folder, space=switches(), estimator=CountOff()))
    tried = {search.history.architecture(i) for i in range(30)}
    for neighbour in search.neighbours(7).neighbours:
        assert neighbour.source == ("measured" if neighbour.architecture in tried else "unknown")


def test_importance_needs_trials_and_an_objective(folder: Path) -> None:
    search = made(folder)
    with pytest.raises(RunError, match="importance needs 10 finished trials, and there are 0"):
        search.importance()
    run_inline(search)
    assert sum(d.share for d in search.importance().decisions) == pytest.approx(1.0)
    with pytest.raises(InvalidMetric, match="latency"):
        search.importance("latency_ms@raspi4")


@pytest.mark.parametrize("which", [30, -1, True, "best", 1.0])
def test_a_trial_that_is_none_is_named_with_those_there_are(folder: Path, which: Any) -> None:
    search = run_inline(made(folder))
    with pytest.raises(InvalidOption, match=r"trial must be a number from 0 to 29, got "):
        search.explain(which)


def test_before_the_first_trial_there_is_nothing_to_ask(folder: Path) -> None:
    with pytest.raises(RunError, match="no trial has finished yet, so there is no best one"):
        made(folder).explain()
    with pytest.raises(InvalidOption, match="a number, and none has begun yet, got 0"):
        made(folder).explain(0)


def test_a_resumed_search_explains_as_one_that_was_never_interrupted(folder: Path, tmp_path: Path) -> None:
    whole = run_inline(made(tmp_path / "whole"))
    broken = made(folder)
    for event in broken.events():
        if event.kind == "trial_finished" and event.trial == 14:  # type: ignore[union-attr]
            break
    resumed = run_inline(nas.open(folder, strategy=EVOLUTION))
    assert [resumed.history.why(i) for i in range(30)] == [whole.history.why(i) for i in range(30)]


@dataclass(frozen=True)
class Chatty:
    """Draw at random and talk about it.

    Source: a user's notebook
    """

    said: Any = None

    def begin(self, problem: Problem) -> Any:
        said, drawn = self.said, RandomSearch().begin(problem)

        class Talking:
            def ask(self) -> Architecture:
                return drawn.ask()

            def tell(self, trial: Trial) -> None:
                drawn.tell(trial)

            def why(self) -> Mapping[str, Any]:
                if isinstance(said, Exception):
                    raise said
                return said  # type: ignore[no-any-return]

        assert isinstance(drawn, RandomProposer)
        return Talking()


def events_of(folder: Path, said: object) -> Iterator[Event]:
    return Search(switches(), Chatty(said), CountOff(), [metric("validation_error").name], budget=3, run=folder).events()


def test_a_strategy_of_ones_own_explains_in_its_own_words(folder: Path) -> None:
    started = [event for event in events_of(folder, {"kind": "hunch", "words": "It felt right."}) if isinstance(event, TrialStarted)]
    assert [event.why for event in started] == ['{"kind":"hunch","words":"It felt right."}'] * 3


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ([1], "TypeError when asked why it proposed trial 0: an explanation is a mapping"),
        ({"x": float("nan")}, "ValueError when asked why it proposed trial 0: Out of range float values"),
        ({"x": object()}, "TypeError when asked why it proposed trial 0: Object of type object"),
        (KeyError("parent"), "KeyError when asked why it proposed trial 0: 'parent'"),
    ],
)
def test_an_explanation_that_cannot_be_kept_fails_the_search_and_leaves_a_sound_log(folder: Path, said: object, words: str) -> None:
    *_, last = events_of(folder, said)
    assert last.kind == "search_finished"
    assert words in last.message  # type: ignore[union-attr]
    assert nas.open(folder, strategy=Chatty(), estimator=CountOff()).phase == "failed"
