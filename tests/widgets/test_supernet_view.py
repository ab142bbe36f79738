"""The Python side of the supernet view: what it tells the browser, and what it makes of what the browser says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nas_explorer as nas
from nas_explorer.errors import RunNotFound
from nas_explorer.records.store import LogWriter
from nas_explorer.widgets.dashboard import Dashboard
from nas_explorer.widgets.status import Status
from nas_explorer.widgets.supernet_view import SupernetView
from nas_explorer.widgets.supernet_view_content import SupernetContent
from nas_explorer.widgets.supernet_view_moments import CHUNK, MOST, Sent, stride_of
from tests.supernet_story import EPOCHS, snapshots, written

PHASES = ("idle", "starting", "running", "pausing", "paused", "stopping", "finished", "stopped", "failed", "interrupted", "waiting")


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Every message of moments that goes out."""
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr("nas_explorer.widgets.supernet_view_stream.SupernetStream.send", lambda stream, content: messages.append(content))
    return messages


@pytest.fixture
def view(folder: Path, told: list[dict[str, Any]]) -> Iterator[SupernetView]:
    """Of a finished search."""
    shown = SupernetView(written(folder))
    yield shown
    shown.close()


def numbers(messages: list[dict[str, Any]]) -> list[int]:
    return [moment["number"] for message in messages for moment in message["moments"]]


def test_everything_that_is_sent_is_json_and_agrees_with_the_log(view: SupernetView, told: list[dict[str, Any]]) -> None:
    for name in ("drawing", "header", "banner"):
        json.dumps(getattr(view.stream, name), allow_nan=False)
    json.dumps(told, allow_nan=False)
    assert numbers(told) == list(range(12))
    assert view.stream.count == 12
    assert view.stream.header["title"] == "Supernet"
    assert view.stream.header["facts"][0] == {"label": "Epoch", "value": f"{EPOCHS} of {EPOCHS}"}
    last = view.search.history.snapshots[-1]
    shown = told[-1]["moments"][-1]
    first = view.stream.drawing["decisions"][0]
    logged = [last.probabilities[first["id"]][i] for i in first["order"]]
    assert [part / 10_000 for part in shown["p"][:5]] == pytest.approx(logged, abs=1e-4)


def test_the_true_rank_of_what_would_be_derived_is_the_tables(view: SupernetView, told: list[dict[str, Any]]) -> None:
    table = nas.estimators.make("tabular")
    for moment, snapshot in zip(told[0]["moments"], view.search.history.snapshots, strict=True):
        assert moment["rank"]["rank"] == f"{table.rank(snapshot.architecture).rank:,}"  # type: ignore[attr-defined]
    assert moment["rank"]["of"] == "15,625"
    assert moment["rank"]["value"].endswith("%")
    assert moment["rank"]["rank"] in view.stream.banner["text"]  # type: ignore[index]


def test_a_view_that_lacks_moments_gets_them_again(view: SupernetView, told: list[dict[str, Any]]) -> None:
    told.clear()
    view._heard(view, {"type": "lacks", "first": 9}, [])
    until(lambda: numbers(told) == [9, 10, 11])


def test_new_snapshots_come_once_each(folder: Path, told: list[dict[str, Any]]) -> None:
    search = written(folder, count=3, finished=False)
    shown = SupernetView(search)
    with LogWriter(folder) as log:
        for snapshot in [*snapshots(search.plan.space, 7, first=1)][3:]:
            log.append(snapshot)
            until(lambda: shown.stream.count == len(shown.search.history.snapshots))
        until(lambda: shown.stream.count == 7)
    assert numbers(told) == list(range(7))
    shown.close()


@pytest.mark.parametrize(
    "message",
    [None, [], "start", {}, {"type": "lacks"}, {"type": "lacks", "first": "all"}, {"type": "lacks", "first": -5}, {"type": "command"},
     {"type": "command", "name": "close"}, {"type": "command", "name": ["stop"]}, {"type": "nonsense"}],
)  # fmt: skip
def test_messages_that_are_not_ours_change_nothing(view: SupernetView, message: Any) -> None:
    view._heard(view, message, [])
    time.sleep(0.05)
    assert view.search.phase == "finished"
    assert view.stream.count == 12


def test_a_run_folder_will_do_and_a_wrong_one_is_named(folder: Path) -> None:
    written(folder)
    shown = SupernetView(str(folder))
    assert shown.selected == "cell/0→1"
    shown.close()
    with pytest.raises(RunNotFound):
        SupernetView(folder / "nowhere")


def test_a_search_without_shared_weights_has_no_moments_and_says_so(folder: Path) -> None:
    search = nas.Search("nas_bench_201", "random_search", "tabular", budget=3, run=folder)
    for _ in search.events():
        pass
    shown = SupernetView(search)
    assert shown.stream.count == 0
    assert shown.stream.banner["text"] == "This search has trained no shared weights."
    assert "No snapshot yet" in shown._picture()
    shown.close()


def test_a_run_that_is_damaged_while_it_is_shown_is_named(folder: Path) -> None:
    shown = SupernetView(written(folder))
    with open(folder / "events.jsonl", "a", encoding="utf-8") as log:
        log.write("{}\n")
    until(lambda: bool(shown.stream.banner) and shown.stream.banner["bold"] == "This run cannot be read on.")
    shown.close()


@pytest.mark.parametrize("phase", PHASES)
def test_every_phase_has_a_header_and_a_picture(folder: Path, phase: str) -> None:
    content = SupernetContent(written(folder))
    state = content.state(Status(phase, "No space left on device."))
    json.dumps(state, allow_nan=False)
    assert state["header"]["progress_text"] == f"epoch {EPOCHS} of {EPOCHS}"
    assert "<svg" in content.picture(Status(phase))
    assert content.picture(Status(phase), 2) != content.picture(Status(phase))
    assert content.picture(Status(phase), 99) == content.picture(Status(phase))


# ---- which moments go out
def test_short_searches_keep_every_moment_and_long_ones_at_most_so_many() -> None:
    assert stride_of(0) == stride_of(MOST) == 1
    for count in (MOST + 1, 10 * MOST, 77_777):
        assert MOST / 2 <= count / stride_of(count) <= MOST


def test_a_long_history_goes_out_in_chunks() -> None:
    sent, out = Sent(), []
    while sent.behind(1000):
        due = sent.due(1000)
        assert 0 < len(due) <= CHUNK
        out += due
    assert out == list(range(1000))


@pytest.mark.parametrize("seed", range(8))
def test_whenever_a_view_comes_it_ends_with_the_same_moments(seed: int) -> None:
    """The search grows and views ask at random times; a browser takes what follows without a gap, and thins out as it is told."""
    rng = np.random.default_rng(seed)
    sent, count = Sent(), 0
    views: list[list[int]] = [[]]
    for _ in range(120):
        count += int(rng.integers(0, 120))
        due = sent.due(count)
        for kept in views:
            take(kept, due, stride_of(count))
        if rng.random() < 0.05:
            views.append([])
        for kept in views:
            if not kept or kept[-1] < count - 1:
                sent.ask(kept[-1] + 1 if kept else 0)
    while sent.behind(count):
        due = sent.due(count)
        for kept in views:
            take(kept, due, stride_of(count))
    stride = stride_of(count)
    assert all(kept == sorted({*range(0, count, stride), count - 1}) for kept in views)


def take(kept: list[int], due: list[int], stride: int) -> None:
    """As src/supernet_view_moments.ts does."""
    known = kept[-1] + 1 if kept else 0
    if not due or due[0] > -(-known // stride) * stride:
        return
    kept += [number for number in due if number >= known]
    kept[:] = [number for i, number in enumerate(kept) if i == len(kept) - 1 or number % stride == 0]


# ---- from the dashboard
def test_the_dashboard_of_such_a_search_makes_the_view_when_it_is_asked(folder: Path) -> None:
    board = Dashboard(written(folder))
    assert board.stream.header["inside"] is True
    assert board.stream.inside is None
    board._heard(board, {"type": "inside"}, [])
    until(lambda: board.stream.inside is not None)
    assert isinstance(board.stream.inside, SupernetView)
    assert board.stream.inside.stream.count == 12
    board.close()


def test_other_dashboards_have_nothing_inside(folder: Path) -> None:
    board = Dashboard(nas.Search("nas_bench_201", "random_search", "tabular", run=folder))
    board._heard(board, {"type": "inside"}, [])
    time.sleep(0.1)
    assert board.stream.header["inside"] is False
    assert board.stream.inside is None
    board.close()
