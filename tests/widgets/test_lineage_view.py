"""The Python side of the lineage view: what it tells the browser, and what it makes of what the browser says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import nas_explorer as nas
from nas_explorer.search.search import Search
from nas_explorer.strategies import Problem, RandomSearch, RegularizedEvolution
from nas_explorer.widgets.lineage_view import LineageView, lineage_view_of
from nas_explorer.widgets.lineage_view_content import Choice, LineageContent
from nas_explorer.widgets.status import Status
from tests.toys import CountOff, on, switches

EVOLUTION = RegularizedEvolution(population_size=5, tournament_size=3)


@dataclass(frozen=True)
class Silent:
    """Draw at random, and say nothing.

    Source: a user's notebook
    """

    def begin(self, problem: Problem) -> Any:
        drawn = RandomSearch().begin(problem)

        class Quiet:
            ask, tell = drawn.ask, drawn.tell

        return Quiet()


def made(folder: Path, strategy: Any = EVOLUTION, trials: int = 40, **changes: Any) -> Search:
    arguments = {"space": "nas_bench_201", "estimator": "tabular", "objectives": ["validation_error"], **changes}
    search = Search(strategy=strategy, budget=trials, run=folder, **arguments)
    for _ in search.events():
        pass
    return search


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def view(folder: Path) -> Iterator[LineageView]:
    """Of a finished evolution."""
    shown = LineageView(made(folder))
    yield shown
    shown.close()


def test_everything_that_is_sent_is_json_and_agrees_with_the_log(view: LineageView) -> None:
    stream, history = view.stream, view.search.history
    for name in ("tree", "header", "banner", "detail"):
        json.dumps(getattr(stream, name), allow_nan=False)
    tree = stream.tree
    assert {len(tree[name]) for name in ("parent", "began", "ended", "died", "value", "generation", "change")} == {40}
    assert tree["parent"][:5] == [-1] * 5
    assert tree["parent"][5:] == [history.why(trial)["parents"][0] for trial in range(5, 40)]
    assert [trial for trial, died in enumerate(tree["died"]) if died < 0] == [35, 36, 37, 38, 39]
    assert tree["events"] == history.event_count
    best = history.best
    assert best is not None
    assert tree["incumbents"][-1][1] == best.number == stream.detail["trial"]  # type: ignore[index]
    assert [fact["label"] for fact in stream.header["facts"]] == ["Population", "Born", "Dead"]
    assert stream.header["facts"][2]["value"] == "35"
    assert f"lead to the best, trial {best.number}," in stream.banner["text"]  # type: ignore[index]


def test_a_child_stands_beside_its_parent_with_what_changed(view: LineageView) -> None:
    view.selected = 20
    until(lambda: view.stream.detail["trial"] == 20)
    detail, history = view.stream.detail, view.search.history
    parent = history.why(20)["parents"][0]
    assert (detail["title"], detail["first"]["trial"], detail["second"]["trial"]) == ("One mutation", parent, 20)
    ((place, after),) = [
        (key, option) for key, option in history.architecture(20).items() if history.architecture(parent)[key] != option
    ]
    (change,) = detail["changes"]
    assert place.endswith(change["place"])
    assert change["after"]["label"].split()[0] == str(after).split("_")[0]
    assert [row["label"] for row in detail["rows"]] == ["Validation error", "Parameters", "Multiply-adds"]
    assert detail["why"].startswith(f"A mutation of trial {parent}, the best of 3")
    assert detail["second"]["rank"] == f"{view.search.plan.estimator.rank(history.architecture(20)).rank:,}"


def test_any_two_are_held_against_each_other(view: LineageView) -> None:
    view.selected, view.compared = 20, 1
    until(lambda: view.stream.detail["title"] == "Two architectures")
    assert view.stream.detail["first"]["trial"] == 1
    view.compared = 20  # itself: there is nothing to compare
    until(lambda: view.stream.detail["title"] == "One mutation")


def test_at_an_earlier_moment_nothing_is_shown_that_was_not_born_then(view: LineageView) -> None:
    view.selected, view.moment = 30, 10
    until(lambda: view.stream.detail["trial"] <= 10)
    history = view.search.history
    best = min(range(11), key=lambda trial: history.value(trial, "validation_error"))
    assert view.stream.detail["trial"] == best
    view.moment = None
    until(lambda: view.stream.detail["trial"] == 30)


def test_a_random_start_has_no_parent(view: LineageView) -> None:
    view.selected = 2
    until(lambda: view.stream.detail["trial"] == 2)
    detail = view.stream.detail
    assert (detail["title"], detail["first"], detail["changes"]) == ("No parent", None, [])
    assert {row["first"] for row in detail["rows"]} == {""}


@pytest.mark.parametrize(
    ("strategy", "words"),
    [
        ("random_search", "random_search makes no architecture from another, so there is no tree"),
        ("exhaustive", "exhaustive makes no architecture from another, so there is no tree"),
        (Silent(), "Silent does not tell the log where its architectures come from, so there is no tree"),
        (RegularizedEvolution(50, 5), "Still in the random start: the first child comes after 50 architectures."),
    ],
)
def test_a_search_without_parents_says_so_and_shows_its_trials_in_order(folder: Path, strategy: Any, words: str) -> None:
    content = LineageContent(made(folder, strategy, 12))
    tree = content.tree()
    assert tree["words"].startswith(words)
    assert tree["parent"] == [-1] * 12
    detail = content.detail(Choice())
    assert detail is not None
    assert detail["title"] == "One trial"
    assert words[:30] in content.picture(Status("finished"), Choice())


def test_a_search_that_has_not_begun_shows_an_empty_tree(folder: Path) -> None:
    search = Search("nas_bench_201", EVOLUTION, "tabular", ["validation_error"], budget=5, run=folder)
    content = LineageContent(search)
    assert content.tree()["parent"] == []
    assert content.detail(Choice()) is None
    assert content.picture(Status("idle"), Choice()).startswith("<svg")


def test_a_failed_trial_has_no_height_and_says_why(folder: Path) -> None:
    def break_sometimes(architecture: Any) -> None:
        if on(architecture) == 3:
            raise RuntimeError("out of memory")

    search = made(folder, EVOLUTION, 30, space=switches(), estimator=CountOff(misbehave=break_sometimes))
    content = LineageContent(search)
    failed = search.history.failures[0]
    assert content.tree()["value"][failed] is None
    detail = content.detail(Choice(failed))
    assert detail is not None
    assert detail["message"] == "out of memory"
    json.dumps(detail, allow_nan=False)


@pytest.mark.parametrize("message", [None, [], "start", {}, {"type": "command", "name": ["stop"]}, {"type": "command", "name": "format"}])
def test_messages_that_are_not_ours_change_nothing(view: LineageView, message: Any) -> None:
    view._heard(view, message, [])
    assert view.search.phase == "finished"


def test_the_view_of_a_search_is_one_and_opens_from_a_folder(folder: Path) -> None:
    search = made(folder, trials=8)
    view = lineage_view_of(search)
    assert lineage_view_of(search) is view
    other = nas.LineageView(str(folder))
    assert other.stream.tree["parent"] == view.stream.tree["parent"]
    view.close()
    other.close()


def test_a_growing_search_grows_the_tree(folder: Path) -> None:
    search = Search("nas_bench_201", EVOLUTION, "tabular", ["validation_error"], budget=30, run=folder)
    content, counts = LineageContent(search), []
    for event in search.events():
        if event.kind == "trial_finished":
            counts.append(len(content.tree()["parent"]))
            assert len(content.tree()["change"]) == counts[-1]
    assert counts == list(range(1, 31))
    whole = LineageContent(search)
    assert {**content.tree(), "axis": None} == {**whole.tree(), "axis": None}  # grown step by step, or read at once
