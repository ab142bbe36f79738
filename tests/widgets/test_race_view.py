"""The Python side of the race view: what it tells the browser, and what it makes of what the browser says."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import nas_explorer as nas
from nas_explorer.races.race import Race
from nas_explorer.strategies.local_search import LocalSearch
from nas_explorer.strategies.regularized_evolution import RegularizedEvolution
from nas_explorer.widgets.display import show_race
from nas_explorer.widgets.race_view import RaceView, race_view_of
from nas_explorer.widgets.race_view_content import Choice, RaceContent
from nas_explorer.widgets.race_view_status import RaceStatus, banner, header
from tests.races.tables import Misbehaving, OneByOne, SwitchTable
from tests.toys import switches

LANES: Any = {"evolution": RegularizedEvolution(5, 2), "local": LocalSearch()}


def made(folder: Path, **settings: Any) -> Race:
    return Race(**{"lanes": LANES, "space": switches(6), "estimator": SwitchTable(), "budget": 30, "seeds": 6, "run": folder, **settings})


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Race:
    """Of two objectives."""
    return made(tmp_path_factory.mktemp("race") / "done", objectives=["validation_error", "latency_ms"]).wait()


@pytest.fixture
def view(finished: Race) -> Iterator[RaceView]:
    shown = RaceView(finished)
    yield shown
    shown.close()


def test_everything_that_is_sent_is_json_and_agrees_with_the_race(view: RaceView) -> None:
    stream, race = view.stream, view.race
    for name in ("plot", "table", "header", "banner", "facts", "notes"):
        json.dumps(getattr(stream, name), allow_nan=False)
    plot = stream.plot
    assert [lane["name"] for lane in plot["lanes"]] == ["evolution", "local", "random_search"]
    assert [(lane["random"], lane["dash"], lane["marker"]) for lane in plot["lanes"]] == [
        (False, "solid", "circle"), (False, "solid", "square"), (True, "dash", "cross")]
    for lane in plot["lanes"]:
        assert len(lane["x"]) == len(lane["middle"]) == len(lane["low"]) == len(lane["high"])
        assert lane["x"][-1] == 30
    assert plot["moments"]["events"][-1] == race.history.event_count
    assert plot["moments"]["reach"][-1] == [None] * 3       # all searches have ended
    assert plot["moments"]["end"] == plot["moments"]["spots"][-1] == 30
    assert (plot["what"], plot["clock"], plot["x_title"]) == ("regret", "trials", "trials")
    assert plot["y_title"] == "regret in validation error (%)"
    best = race.ranking().standings[0].name
    row = stream.table["rows"][0]
    assert row["name"] == best
    assert len(row["seeds"]) == 6
    assert all(0 <= seed <= 1 for seed in row["seeds"])
    assert [fact["label"] for fact in stream.header["facts"]] == ["Budget", "Seeds", "Took"]
    assert (stream.header["phase"], stream.header["buttons"], stream.header["progress"]) == ("finished", [], 1.0)
    assert race.ranking().sentence in stream.banner["text"]


def test_what_is_measured_is_said(view: RaceView) -> None:
    facts = {fact["label"]: fact["value"] for fact in view.stream.facts}
    assert facts == {"Metric": "validation error (%)", "Searched on": "validation error, latency", "Best there is": "0.00 %",
                     "Value": "mean over the table's trainings", "Regret": "distance from the best", "Clock": "trials"}


def test_values_metric_and_clock_are_chosen_and_nonsense_is_left_alone(view: RaceView) -> None:
    view.what = "hypervolume"
    until(lambda: view.stream.plot["what"] == "hypervolume")
    assert view.stream.table["word"] == "hypervolume"
    assert not view.stream.plot["less_is_better"]
    assert view.stream.table["rows"][0]["mean"] >= view.stream.table["rows"][-1]["mean"]
    view.what, view.metric, view.clock = "best", "test_accuracy", "seconds"
    until(lambda: (view.stream.plot["metric"], view.stream.plot["clock"]) == ("test_accuracy", "seconds"))
    assert view.stream.plot["x_axes"][0]["high"] == 300
    assert view.stream.table["word"] == "test accuracy (%)"
    view.what, view.metric, view.clock = "nonsense", "nonsense", "nonsense"
    until(lambda: view.stream.plot["what"] == "regret")
    assert (view.stream.plot["metric"], view.stream.plot["clock"]) == ("validation_error", "trials")


def test_at_an_earlier_moment_the_table_is_of_then_and_the_lines_are_all_there(view: RaceView) -> None:
    count = view.race.history.event_count // 2
    whole = view.stream.plot
    view.moment = count
    until(lambda: view.stream.banner["bold"].startswith("Then: "))
    rows = {row["name"]: row for row in view.stream.table["rows"]}
    then = view.race.history.at(count)
    for name, lane in then.lanes.items():
        assert rows[name]["trials"] == f"{lane.spent['trials'].mean():,.0f}"
    assert view.stream.plot == whole
    view.moment = None
    until(lambda: not view.stream.banner["bold"].startswith("Then: "))


def test_a_class_guesses_first_and_then_hears_how_it_was(finished: Race) -> None:
    view = RaceView(finished, hidden=True)
    try:
        assert "Hidden until somebody has guessed" in view._picture()
        assert "polyline" not in view._picture()
        view.guess = "local"
        until(lambda: view.stream.verdict != "")
        place = next(row["place"] for row in view.stream.table["rows"] if row["name"] == "local")
        assert view.stream.verdict == f"You guessed local: place {place} of 3."
        assert "Hidden" not in view._picture()
    finally:
        view.close()


def test_files_are_made_for_the_browser(view: RaceView) -> None:
    sent: list[Any] = []
    view.send = sent.append
    for kind in ("csv", "svg", "exe"):
        view._heard(view, {"type": "export", "kind": kind}, [])
    table, picture = sent
    rows = list(csv.DictReader(io.StringIO(table["text"])))
    assert len(rows) == 3 * 6
    assert {"lane", "search", "trials", "validation_error"} <= set(rows[0])
    assert ElementTree.fromstring(picture["text"]).get("width") == "1040"  # a picture without a size would be drawn as an icon


def test_a_lane_that_stopped_is_told_until_it_is_dismissed_and_stays_in_the_table(folder: Path) -> None:
    view = RaceView(made(folder, lanes={"bad": Misbehaving("raise", 4), "local": LocalSearch()}).wait())
    try:
        told = view.stream.banner
        assert told["bold"] == "bad stopped:"
        assert "ZeroDivisionError" in told["text"]
        assert "The race goes on without it." in told["text"]
        assert "Traceback" in told["details"]
        row = next(row for row in view.stream.table["rows"] if row["name"] == "bad")
        assert row["state"] == row["verdict"] == "stopped"
        assert "ZeroDivisionError" in row["note"]
        view._heard(view, {"type": "command", "name": "dismiss"}, [])
        until(lambda: view.stream.banner["kind"] == "info")
    finally:
        view.close()


def test_one_seed_says_that_nothing_can_be_told(folder: Path) -> None:
    view = RaceView(made(folder, seeds=1).wait())
    try:
        assert all(lane["low"] == lane["high"] == [] for lane in view.stream.plot["lanes"])
        assert "there are no bands" in view.stream.plot["caption"]
        assert {row["verdict"] for row in view.stream.table["rows"]} == {"", "baseline"}
        assert view.stream.banner["bold"] == "Too few to tell."
        assert any("One seed a lane" in note for note in view.stream.notes)
    finally:
        view.close()


def test_a_race_that_has_not_begun_shows_its_lanes_and_a_start(folder: Path) -> None:
    race = made(folder)
    content = RaceContent(race)
    plot = content.plot(Choice())
    assert [lane["x"] for lane in plot["lanes"]] == [[], [], []]
    assert plot["x_axes"][0]["high"] == 30
    assert plot["moments"]["events"] == []
    ranked = content.ranking(Choice())
    rows = content.rows(Choice(), ranked)
    assert [row.place for row in rows] == ["", "", ""]
    json.dumps(content.table(Choice(), rows), allow_nan=False)
    status = RaceStatus("idle")
    assert [button["name"] for button in header(race, status, content.name)["buttons"]] == ["start", "stop"]
    assert banner(race, status, rows, ranked, race.history, "trials")["bold"] == "Not started."
    assert content.picture("Idle", [], Choice()).startswith("<svg")


def test_what_a_button_cannot_do_is_said(finished: Race) -> None:
    view = RaceView(finished)
    try:
        view._heard(view, {"type": "command", "name": "resume"}, [])
        until(lambda: "Its budget is spent" in view.stream.banner["text"])
        view._heard(view, {"type": "command", "name": "__init__"}, [])      # no command of ours
        view._heard(view, "nonsense", [])
        assert view.race.phase == "finished"
    finally:
        view.close()


def test_a_race_grows_and_runs_on_at_once(folder: Path) -> None:
    """By seeds here, by a strategy in the browser's test."""
    view = RaceView(Race(["local_search"], "nas_bench_201", "tabular", 20, 2, run=folder).wait())
    try:
        assert "random_search" not in view.stream.offers
        assert "exhaustive" in view.stream.offers
        view._heard(view, {"type": "add", "strategy": "nonsense"}, [])
        until(lambda: view.stream.banner["bold"] == "That did not work:")
        assert "exhaustive" in view.stream.banner["text"]
        view._heard(view, {"type": "seeds", "count": "many"}, [])
        view._heard(view, {"type": "seeds", "count": 3}, [])
        until(lambda: view.stream.header["phase"] == "finished" and len(view.stream.table["rows"][0]["seeds"]) == 5, 30)
        assert {"label": "Seeds", "value": "5 each"} in view.stream.header["facts"]
        assert view.stream.plot["lanes"][0]["x"][-1] == 20
    finally:
        view.close()


def test_another_handle_shows_a_race_while_it_runs(folder: Path) -> None:
    """Lines grow, the table's rows are there from the first find on, nothing is resent that has not changed."""
    events = made(folder, estimator=OneByOne(), budget=8, seeds=3).events()
    for event in events:
        if event.number == 12:
            break
    view = RaceView(str(folder))
    try:
        assert view.stream.header["phase"] == "running"
        before = view.stream.plot["moments"]["events"][-1]
        for _ in events:
            pass
        until(lambda: view.stream.header["phase"] == "finished")
        assert view.stream.plot["moments"]["events"][-1] > before
        assert view.stream.plot["lanes"][0]["x"][-1] == 8
    finally:
        view.close()


def test_names_cannot_become_markup(folder: Path) -> None:
    view = RaceView(made(folder, lanes={"<img src=x>": LocalSearch()}).wait())
    try:
        assert "<img" not in view._picture()
    finally:
        view.close()


def test_a_race_has_one_view(finished: Race, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[RaceView] = []
    monkeypatch.setattr(RaceView, "show", lambda view: shown.append(view))
    show_race(finished)
    show_race(finished)
    assert shown == [race_view_of(finished)] * 2
    shown[0].close()
    assert nas.RaceView is RaceView
