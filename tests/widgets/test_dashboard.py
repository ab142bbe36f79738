"""The Python side of the dashboard: what it tells the browser, and what it makes of what the browser says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import nas_explorer as nas
from nas_explorer.search.search import Search
from nas_explorer.widgets.dashboard import Dashboard, dashboard_of
from nas_explorer.widgets.dashboard_content import DashboardContent, Wishes
from nas_explorer.widgets.status import Status, banner, buttons, header
from tests.toys import CountOff, on, switches

PHASES = ("idle", "starting", "running", "pausing", "paused", "stopping", "finished", "stopped", "failed", "interrupted", "waiting")


def made(folder: Path, trials: int = 60, **changes: Any) -> Search:
    arguments = {
        "space": "nas_bench_201",
        "strategy": "random_search",
        "estimator": "tabular",
        "objectives": ["validation_error", "latency_ms@raspi4"],
    }
    return Search(**{**arguments, **changes}, budget=trials, run=folder)


def run_inline(search: Search) -> Search:
    for _ in search.events():
        pass
    return search


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def dashboard(folder: Path) -> Iterator[Dashboard]:
    """Of a finished search."""
    shown = Dashboard(run_inline(made(folder)))
    yield shown
    shown.close()


def test_everything_that_is_sent_is_json_and_agrees_with_the_search(dashboard: Dashboard) -> None:
    stream, search = dashboard.stream, dashboard.search
    for name in ("figure", "header", "banner", "pareto", "curve", "table", "detail", "plan"):
        json.dumps(getattr(stream, name), allow_nan=False)
    assert stream.header["word"] == "Finished"
    assert stream.events == search.history.event_count
    assert stream.pareto["points_total"] == 60
    assert [row["trial"] for row in stream.table["rows"]] == list(range(59, 9, -1))
    assert stream.detail["trial"] == search.best.number  # type: ignore[union-attr]
    assert stream.detail["rank"]["of"] == "15,625"
    assert stream.detail["text"].startswith("|")
    assert stream.curve["random"]
    assert len(stream.figure["data"]) == 8
    assert stream.banner["bold"] == "Done."


def test_a_selection_shows_that_trial(dashboard: Dashboard) -> None:
    dashboard.selected = 7
    until(lambda: dashboard.stream.detail["trial"] == 7)
    assert dashboard.stream.detail["title"] == "Cell #7"
    assert dashboard.stream.table["selected_row"]["trial"] == 7
    dashboard.selected = 10**6  # a trial of a run that grew longer in another life
    until(lambda: dashboard.stream.detail["title"].startswith("Best so far"))


def test_other_axes_and_the_theme_redraw_the_plot(dashboard: Dashboard) -> None:
    before = dashboard.stream.figure
    dashboard.x_metric = "parameter_count"
    until(lambda: dashboard.stream.figure != before)
    assert dashboard.stream.pareto["columns"] == ["validation error (%)", "parameters"]
    light = dashboard.stream.figure["layout"]["template"]
    dashboard.theme = "dark"
    until(lambda: dashboard.stream.figure["layout"]["template"] != light)


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        "start",
        {},
        {"type": "command"},
        {"type": "command", "name": "format_disk"},
        {"type": "command", "name": ["stop"]},
        {"type": "page", "offset": "many"},
        {"type": "page", "offset": -5},
        {"type": "page", "offset": 10**9},
        {"type": "nonsense", "x": 1},
    ],
)
def test_messages_that_are_not_ours_change_nothing(dashboard: Dashboard, message: Any) -> None:
    dashboard._heard(dashboard, message, [])
    until(lambda: dashboard.stream.header["word"] == "Finished")
    assert dashboard.search.phase == "finished"
    assert dashboard.stream.table["rows"]


def test_pages_of_the_table(dashboard: Dashboard) -> None:
    dashboard._heard(dashboard, {"type": "page", "offset": 50}, [])
    until(lambda: dashboard.stream.table["offset"] == 50)
    assert [row["trial"] for row in dashboard.stream.table["rows"]] == list(range(9, -1, -1))


def test_a_command_that_does_not_work_is_said_in_the_banner(folder: Path) -> None:
    (folder.parent / "file").write_text("in the way")
    shown = Dashboard(made(folder.parent / "file" / "run"))
    shown._heard(shown, {"type": "command", "name": "start"}, [])
    until(lambda: bool(shown.stream.banner))
    assert shown.stream.banner["bold"] == "That did not work:"
    assert "choose another folder with run=..." in shown.stream.banner["text"]
    assert shown.stream.header["word"] == "Idle"
    shown.close()


def test_a_run_that_is_damaged_while_it_is_shown_is_named(folder: Path) -> None:
    shown = Dashboard(run_inline(made(folder)))
    with open(folder / "events.jsonl", "a", encoding="utf-8") as log:
        log.write("{}\n")
    until(lambda: bool(shown.stream.banner) and shown.stream.banner["bold"] == "This run cannot be read on.")
    assert "keep a copy of the file" in shown.stream.banner["text"]
    shown.close()


def test_a_view_that_stumbles_says_so_and_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Dashboard(run_inline(made(folder)))
    real, calls = DashboardContent.look, [0]

    def look(content: DashboardContent, wishes: Wishes, patience: float | None = None) -> Any:
        calls[0] += 1
        if calls[0] <= 3:
            raise AttributeError("half loaded")
        return real(content, wishes, patience)

    monkeypatch.setattr(DashboardContent, "look", look)
    shown.selected = 5
    until(lambda: bool(shown.stream.banner) and shown.stream.banner["bold"] == "This view stumbled.")
    assert "half loaded" in shown.stream.banner["details"]
    until(lambda: shown.stream.detail["trial"] == 5)
    until(lambda: shown.stream.banner["bold"] == "Done.")
    shown.close()


def test_the_dashboard_of_a_search_is_made_once(folder: Path) -> None:
    search = made(folder)
    assert dashboard_of(search) is dashboard_of(search)
    dashboard_of(search).close()


# ---- words
@pytest.mark.parametrize("phase", PHASES)
def test_every_phase_has_a_word_buttons_and_a_json_header(folder: Path, phase: str) -> None:
    search = made(folder)
    words = header(search, Status(phase, "No space left on device."))
    json.dumps(words)
    assert words["word"]
    said = banner(search, Status(phase, "No space left on device."), None, 0)
    if phase in ("waiting", "failed"):
        assert "No space left on device." in said["text"]  # type: ignore[index]
    assert [b["name"] for b in buttons(phase)] == [b["name"] for b in words["buttons"]]


def test_a_failed_trial_is_counted_until_it_is_dismissed(folder: Path) -> None:
    def fail(architecture: nas.spaces.Architecture) -> None:
        if on(architecture) == 3:
            raise RuntimeError("out of memory")

    search = run_inline(made(folder, space=switches(6), estimator=CountOff(misbehave=fail), objectives=["validation_error"]))
    failed = search.history.failed_count
    assert 0 < failed < 60
    said = banner(search, Status("running"), None, 0)
    assert said is not None
    assert said["bold"] == f"Trial {search.history.failures[-1]} failed:"
    assert said["text"] == f"out of memory. The search goes on; it counts as worst. {failed} of 60 trials failed."
    assert "RuntimeError" in said["details"]
    assert banner(search, Status("running"), None, failed) is None


def test_a_search_of_ones_own_has_no_twin_and_no_rank(folder: Path) -> None:
    search = run_inline(made(folder, space=switches(6), estimator=CountOff(), objectives=["validation_error", "latency_ms"]))
    content = DashboardContent(search)
    panels = content.panels(Wishes(), Status("finished"))
    json.dumps(panels, allow_nan=False)
    assert content.twin is None
    assert panels["detail"]["rank"] is None
    assert panels["curve"]["random"] == []
    assert {"label": "Baseline", "value": "none: scoring it would cost as much as the search"} in panels["plan"]
    assert "<svg" in content.picture(Wishes(), Status("finished"))


def test_the_random_twin_has_the_same_budget_in_trials_and_in_seconds(folder: Path) -> None:
    by_trials = DashboardContent(run_inline(made(folder / "a")))
    by_trials.look(Wishes())
    assert by_trials.twin_history is not None
    assert by_trials.twin_history.ended_count == 60
    by_seconds = DashboardContent(run_inline(made(folder / "b", trials=nas.Budget(simulated_seconds=3000))))  # type: ignore[arg-type]
    by_seconds.look(Wishes())
    assert by_seconds.twin_history is not None
    spent, theirs = by_seconds.history.simulated_seconds, by_seconds.twin_history.simulated_seconds
    assert spent <= theirs < spent + 300
    assert by_seconds.curve().clock == "simulated_seconds"


def test_one_objective_is_shown_against_the_parameter_count(folder: Path) -> None:
    content = DashboardContent(run_inline(made(folder, objectives=["validation_error"])))
    view = content.look(Wishes())
    assert (view.x.name, view.y.name) == ("parameter_count", "validation_error")
