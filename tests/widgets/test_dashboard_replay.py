"""The dashboard of a moment of the past shows what was known then: the same as if the search had come no further."""

from __future__ import annotations

import json
import shutil
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nas_explorer as nas
from nas_explorer.records import Measurement, history_at
from nas_explorer.records.events import decode
from nas_explorer.records.store import FILE
from nas_explorer.search.search import Search
from nas_explorer.views import pareto_patch, pareto_plot
from nas_explorer.widgets.dashboard import Dashboard
from nas_explorer.widgets.dashboard_content import DashboardContent, Wishes
from nas_explorer.widgets.dashboard_moments import moments_message, trial_points
from nas_explorer.widgets.status import Status, status_at
from tests.toys import CountOff, on, switches
from tests.views.test_figure_patch import patched

NOW = Status("finished")


def table_search(folder: Path, budget: Any = 30, **changes: Any) -> Search:
    objectives = ["validation_error", "latency_ms@raspi4"]
    return Search("nas_bench_201", nas.strategies.RegularizedEvolution(population_size=5, tournament_size=2), "tabular", objectives,
                  budget=budget, run=folder, **changes)


def eventful_search(folder: Path) -> Search:
    """Failures, curves, a pause in the middle, and a session that broke off."""

    def misbehave(architecture: nas.spaces.Architecture) -> None:
        if on(architecture) == 3:
            raise RuntimeError("out of memory")

    search = Search(switches(6), "random_search", CountOff(epochs=3, misbehave=misbehave), ["validation_error", "latency_ms"],
                    budget=14, run=folder)
    for number, _ in enumerate(search.events()):
        if number == 25:
            break
    for _ in search.events():
        pass
    return search


def early_stopping_search(folder: Path) -> Search:
    stopping = nas.estimators.EarlyStopping(CountOff(epochs=4), "median")
    search = Search(switches(6), "random_search", stopping, ["validation_error"], budget=12, run=folder)
    for _ in search.events():
        pass
    return search


def steered_search(folder: Path) -> Search:
    """A user pins an option, takes it back, and changes the budget."""
    search = table_search(folder, 20)
    first = nas.spaces.decisions(search.plan.space)[0]
    for event in search.events():
        if event.kind == "trial_finished" and event.trial == 4:
            search.steer.pin(first.id, first.options[0])
        if event.kind == "trial_finished" and event.trial == 9:
            search.steer.undo().budget(15)
    return search


def by_seconds(folder: Path) -> Search:
    search = table_search(folder, nas.Budget(simulated_seconds=1500))
    for _ in search.events():
        pass
    return search


def by_trials(folder: Path) -> Search:
    search = table_search(folder, 20)
    for _ in search.events():
        pass
    return search


@pytest.mark.parametrize("made", [by_trials, by_seconds, steered_search, eventful_search, early_stopping_search])
def test_after_every_event_it_shows_what_a_search_that_came_so_far_would(made: Callable[[Path], Search], tmp_path: Path) -> None:
    whole = made(tmp_path / "run")
    content = DashboardContent(whole)
    content.look(Wishes())
    early = tmp_path / "early"
    shutil.copytree(tmp_path / "run", early)
    lines = (early / FILE).read_bytes().splitlines()
    (early / FILE).write_bytes(b"")
    parts = {} if made in (by_trials, by_seconds, steered_search) else {"strategy": whole.plan.strategy, "estimator": whole.plan.estimator}
    young = Search.open(early, **parts)
    young.run.folder = whole.folder  # its name is shown
    fresh = DashboardContent(young)
    for number, line in enumerate(lines):
        for wishes in (Wishes(), Wishes(selected=3, offset=2))[number % 2 :]:
            then = content.at(number)
            view = then.look(wishes)
            fresh._frame = content.view
            expected = fresh.look(wishes)
            status = status_at(young.history, NOW)
            assert then.panels(wishes, NOW) == fresh.panels(wishes, status), f"after {number} events"
            assert pareto_patch(view) == pareto_patch(expected)
        young.history.apply(decode(line))
    assert content.at(len(lines)).panels(Wishes(), NOW)["table"] == content.panels(Wishes(), NOW)["table"]


def test_the_axes_of_a_moment_are_those_of_the_whole_and_the_words_are_of_then(tmp_path: Path) -> None:
    content = DashboardContent(by_trials(tmp_path))
    content.look(Wishes())
    then = content.at(20)
    view = then.look(Wishes())
    assert content.view is not None
    assert (view.x_axis, view.y_axis) == (content.view.x_axis, content.view.y_axis)
    panels = then.panels(Wishes(), NOW)
    assert panels["header"]["word"] == "Running then"
    assert panels["header"]["progress_text"] == "trial 6 of 20"
    assert panels["header"]["buttons"] == []
    assert panels["banner"] is None
    assert panels["announcement"] == "Search finished."  # what is read out is how it stands
    assert panels["curve"]["now"] == 6.0
    assert panels["table"]["total"] == 7


def test_the_random_twin_of_a_moment_has_that_budget(tmp_path: Path) -> None:
    for number, made in enumerate((by_trials, by_seconds)):
        content = DashboardContent(made(tmp_path / str(number)))
        content.look(Wishes())
        events = content.history.event_count // 2
        then, twin = content.at(events), content.at(events).twin_history
        assert twin is not None
        if made is by_trials:
            assert twin.ended_count == then.history.ended_count
        else:
            assert twin.simulated_seconds >= then.history.simulated_seconds
            before = history_at(twin, twin.event_count - 1)
            assert before.simulated_seconds < then.history.simulated_seconds


def test_a_moment_that_has_not_come_is_refused(tmp_path: Path) -> None:
    content = DashboardContent(by_trials(tmp_path))
    with pytest.raises(ValueError, match="so a moment is a number from 0 to that"):
        content.at(10**6)


# ---- made ahead
def unpooled(message: dict[str, Any], moment: dict[str, Any]) -> dict[str, Any]:
    """What the browser makes of a moment: see assets/widgets/src/dashboard_moments.ts."""
    pool, table = message["pool"], moment["table"]
    found = {name: pool[moment[name]] for name in ("header", "banner", "pareto", "curve", "detail")}
    found["table"] = {
        **table,
        "columns": pool[table["columns"]],
        "rows": [pool[row] for row in table["rows"]],
        "selected_row": pool[table["selected_row"]],
    }
    return {**found, "events": moment["events"]}


def points_at(points: dict[str, Any], events: int) -> dict[str, list[float]]:
    """As assets/widgets/src/trial_points.ts chooses them."""
    types = {"x": "<f4", "y": "<f4", "customdata": "<i4", "known": "<i4"}
    raw = {name: b64decode(column["bdata"]) if column else b"" for name, column in points.items() if name != "events"}
    columns = {name: np.frombuffer(column, types[name]) for name, column in raw.items()}
    return {name: columns[name][columns["known"] <= events].tolist() for name in ("x", "y", "customdata")}


@pytest.mark.parametrize("made", [by_trials, steered_search, eventful_search])
def test_moments_made_ahead_are_the_moments(made: Callable[[Path], Search], tmp_path: Path) -> None:
    content = DashboardContent(made(tmp_path))
    content.look(Wishes())
    counts = list(range(0, content.history.event_count, 7))
    message = moments_message(content, Wishes(), NOW, "dark", counts, "the key")
    json.dumps(message, allow_nan=False)
    assert (message["type"], message["key"]) == ("moments", "the key")
    assert [moment["events"] for moment in message["moments"]] == counts[:32]
    plain = pareto_plot(content.look(Wishes()), "dark", content.noun, titles=False)
    all_points = trial_points(content.history, *content.axes(Wishes()))
    assert all_points["events"] == content.history.event_count
    for moment in message["moments"]:
        then = content.at(moment["events"])
        view = then.look(Wishes())
        shown = unpooled(message, moment)
        panels = then.panels(Wishes(), NOW)
        assert shown == {name: panels[name] for name in shown}
        points = points_at(all_points, moment["events"])
        assert points["customdata"] == view.trials.tolist()
        assert points["x"] == view.xs.astype(np.float32).tolist()
        patch = pareto_patch(view, "dark", content.noun)
        data = [message["pool"][place] for place in moment["figure"]["data"]]
        assert data[0] == {"x": [], "y": [], "customdata": []}
        data[0] = patch["data"][0]
        figure = patched(plain, {"data": data, "layout": message["pool"][moment["figure"]["layout"]]})
        expected = pareto_plot(view, "dark", content.noun, titles=False)
        assert figure == expected


def test_a_message_of_many_moments_says_nothing_twice(tmp_path: Path) -> None:
    content = DashboardContent(by_trials(tmp_path))
    content.look(Wishes())
    counts = list(range(30, 62))
    together = len(json.dumps(moments_message(content, Wishes(), NOW, "light", counts, "")))
    alone = sum(len(json.dumps(moments_message(content, Wishes(), NOW, "light", [count], ""))) for count in counts)
    assert together < alone / 4


# ---- the widget
def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def dashboard(tmp_path: Path) -> Iterator[Dashboard]:
    shown = Dashboard(by_trials(tmp_path / "run"))
    yield shown
    shown.close()


def test_the_moment_is_a_trait_and_the_picture_stays_of_now(dashboard: Dashboard) -> None:
    stream, picture = dashboard.stream, dashboard._content.picture(Wishes(), NOW)
    dashboard.moment = 31
    until(lambda: stream.events == 31)
    assert stream.header["word"] == "Running then"
    assert stream.table["total"] == len(history_at(dashboard.search.history, 31)) == 10
    assert stream.banner is None
    assert dashboard._content.picture(Wishes(), NOW) == picture
    dashboard.moment = 10**9  # of a run that grew longer in another life
    until(lambda: stream.header["word"] == "Finished")
    dashboard.moment = -5
    until(lambda: stream.events == 0)
    dashboard.moment = None
    until(lambda: stream.banner is not None and stream.banner["bold"] == "Done.")
    assert stream.events == dashboard.search.history.event_count


def test_the_time_axis_is_sent_and_ends_where_the_search_does(dashboard: Dashboard) -> None:
    line = dashboard.stream.timeline
    events = np.frombuffer(b64decode(line["events"]), "<i4")
    assert (events[0], events[-1]) == (0, dashboard.search.history.event_count)
    assert line["end"] == 20
    assert line["whole"] == dashboard.stream.curve


def test_a_moment_stands_still_while_the_search_goes_on_and_its_axis_grows(tmp_path: Path) -> None:
    search = table_search(tmp_path / "run", budget=200)
    events = search.events()
    for _ in range(100):
        next(events)
    shown = Dashboard(search, moment=50)
    until(lambda: shown.stream.events == 50)
    before, table, figure = shown.stream.timeline, shown.stream.table, shown.stream.figure
    for _ in range(100):
        next(events)
    shown.follower.nudge()
    until(lambda: shown.stream.timeline != before)
    assert (shown.stream.events, shown.stream.table, shown.stream.figure) == (50, table, figure)
    shown.moment = None
    until(lambda: shown.stream.events >= 200)
    shown.close()
    events.close()


def test_a_dashboard_that_only_looks_has_no_buttons_and_hears_no_command(tmp_path: Path) -> None:
    search = table_search(tmp_path / "run")
    events = search.events()
    next(events)
    events.close()
    assert search.phase == "interrupted"
    shown = Dashboard(search, commands=False)
    assert shown.stream.header["buttons"] == []
    shown._heard(shown, {"type": "command", "name": "resume"}, [])
    time.sleep(0.1)
    assert search.phase == "interrupted"
    shown.close()


@pytest.mark.parametrize("events", [None, "all", [], ["1"], [-1], [10**9], [True]])
def test_a_question_that_makes_no_sense_is_not_answered(dashboard: Dashboard, events: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(dashboard.stream, "send", sent.append)
    dashboard._heard(dashboard, {"type": "ahead", "key": "k", "events": events}, [])
    dashboard._heard(dashboard, {"type": "ahead", "key": "k", "events": [4]}, [])
    until(lambda: bool(sent))
    assert [moment["events"] for message in sent for moment in message["moments"]] == [4]


def test_measurements_of_a_trial_under_way_are_those_of_then(tmp_path: Path) -> None:
    content = DashboardContent(eventful_search(tmp_path))
    history = content.history
    began, ended = history.spans()
    trial = next(t for t in range(len(history)) if history.status(t) == "finished")
    seen = [content.at(events).history.curve(trial) for events in range(int(began[trial]) + 1, int(ended[trial]) + 1)]
    assert [len(curve) for curve in seen] == [0, 1, 2, 3]
    assert all(isinstance(m, Measurement) for m in seen[-1])
