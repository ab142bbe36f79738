"""The handle of a race: its folder, what is read from it, and how it is opened again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nas_explorer as nas
from nas_explorer.errors import InvalidOption, RunDamaged, RunError, RunExists, RunInUse, RunNotFound, RunTooNew, UnknownName
from nas_explorer.races.log import RaceLogWriter
from nas_explorer.races.race import Race, race
from nas_explorer.records.race_events import LaneStarted
from nas_explorer.strategies.local_search import LocalSearch
from nas_explorer.strategies.regularized_evolution import RegularizedEvolution
from tests.races.tables import Misbehaving, SwitchTable
from tests.toys import switches

LANES: Any = {"evolution": RegularizedEvolution(5, 2), "local": LocalSearch()}


def small(folder: Path, **settings: Any) -> Race:
    return Race(**{"lanes": LANES, "space": switches(6), "estimator": SwitchTable(), "budget": 30, "seeds": 6, "run": folder, **settings})


def test_a_race_is_opened_again_from_its_folder_alone(folder: Path) -> None:
    """The table is the test's own, and is not needed to look."""
    ran = small(folder).wait()
    opened = nas.Race.open(folder)
    assert opened.frame().equals(ran.frame())
    assert opened.ranking() == ran.ranking()
    assert opened.found("local") == ran.found("local")
    assert opened.random_lane == "random_search"
    assert repr(opened) == repr(ran)
    assert "6 searches a lane; evolution: finished" in repr(opened)


def test_one_call_runs_to_the_end(folder: Path) -> None:
    done = nas.race(LANES, switches(6), SwitchTable(), 30, 6, run=folder)
    assert nas.race is race
    assert done.history.finished
    frame = done.frame()
    assert len(frame) == 3 * 6
    assert {"lane", "search", "trials", "seconds", "validation_error", "test_accuracy", "layer0.op"} <= set(frame.columns)
    best = frame[frame.lane == "local"].iloc[0]
    assert best.validation_error == SwitchTable().index(done.found("local")[0])  # type: ignore[arg-type]


def test_an_interrupted_race_goes_on_and_comes_to_the_same_end(folder: Path, tmp_path: Path) -> None:
    for event in small(folder).events():
        if event.number == 40:
            break
    opened = Race.open(folder, estimator=SwitchTable())
    assert not opened.history.finished
    started = [event.lane for event in opened.events() if isinstance(event, LaneStarted)]
    assert set(started) == {"evolution", "local", "random_search"}
    assert opened.frame().equals(small(tmp_path / "whole").wait().frame())
    assert list(opened.events()) == []


def test_a_race_that_was_stopped_goes_on(folder: Path) -> None:
    racing = small(folder)
    for event in racing.events():
        if event.number == 10:
            racing.stop()
    assert racing.history.finished
    assert any(lane.state == "running" for lane in racing.history.lanes.values())
    racing.wait()
    assert all(lane.state == "finished" for lane in racing.history.lanes.values())


def test_lanes_that_have_ended_stay_when_a_race_goes_on(folder: Path) -> None:
    racing = small(folder, lanes={"bad": Misbehaving("raise", 0), "local": LocalSearch()})
    for event in racing.events():
        if event.number == 12:
            break
    opened = Race.open(folder, {"bad": Misbehaving("raise", 0)}, SwitchTable())
    assert [event.lane for event in opened.events() if isinstance(event, LaneStarted)] == ["local", "random_search"]
    assert list(opened.stopped) == ["bad"]


def test_a_lane_that_comes_later_is_what_it_had_been_from_the_beginning(folder: Path, tmp_path: Path) -> None:
    racing = small(folder, lanes={"local": LocalSearch()}).wait()
    follower = Race.open(folder)
    racing.add("evolution", RegularizedEvolution(5, 2))
    assert racing.phase == "stopped"
    started = [event.lane for event in racing.events() if isinstance(event, LaneStarted)]
    assert started == ["evolution"]
    whole = small(tmp_path / "whole").wait()
    for name, lane in whole.history.lanes.items():
        assert racing.history.lanes[name].rows() == lane.rows()
    follower.follow()                                # knows nothing of the lane until the log speaks of it
    assert follower.frame().equals(racing.frame())
    assert Race.open(folder).ranking() == racing.ranking()
    with pytest.raises(InvalidOption, match="there is a lane 'evolution' already"):
        racing.add("evolution")
    with pytest.raises(UnknownName, match="nobody"):
        racing.add("nobody")


@pytest.mark.parametrize("break_off", [None, 3, 9])
def test_seeds_that_come_later_are_those_of_a_race_that_had_them_at_once(folder: Path, tmp_path: Path, break_off: int | None) -> None:
    """One search after the other; also if the race is interrupted while they run."""
    lanes: Any = {"local": LocalSearch(), "bad": Misbehaving("raise", 4)}
    racing = small(folder, lanes=lanes, seeds=2, vectorised=False).wait()
    follower = Race.open(folder)
    before = racing.history.event_count
    assert racing.more_seeds(3).phase == "stopped"
    if break_off:
        for event in racing.events():
            if event.number == before + break_off:
                break
        assert racing.phase == "interrupted"
    racing.wait()
    whole = small(tmp_path / "whole", lanes=lanes, seeds=5, vectorised=False).wait()
    for name in ("local", "random_search"):
        assert racing.history.lanes[name].rows() == whole.history.lanes[name].rows()
    assert racing.history.lanes["bad"].searches == 2         # it stopped, and stays as it was
    follower.follow()
    assert follower.manifest.searches == 5
    assert follower.frame().equals(racing.frame())
    assert Race.open(folder).frame().equals(racing.frame())
    with pytest.raises(InvalidOption, match="count"):
        racing.more_seeds(0)


def test_searches_as_matrices_grow_too(folder: Path) -> None:
    racing = Race(["local_search"], "nas_bench_201", "tabular", 20, 3, run=folder).wait()
    kept = racing.found("random_search")
    racing.more_seeds(4).wait()
    assert racing.phase == "finished"
    assert racing.history.lanes["random_search"].vectorised
    found = racing.found("random_search")
    assert found[:3] == kept
    assert len(set(map(str, found))) > 3
    assert racing.frame().groupby("lane").size().tolist() == [7, 7]


def test_no_lane_comes_to_a_race_that_runs(folder: Path) -> None:
    racing = small(folder)
    assert list(racing.add("exhaustive").manifest.lanes)[-1] == "exhaustive"
    events = racing.events()
    next(events)
    with pytest.raises(RunError, match="is running; a race grows when it has ended"):
        racing.add("hyperband")
    with pytest.raises(RunError, match="is running; a race grows"):
        Race.open(folder, estimator=SwitchTable()).more_seeds(2)
    assert "exhaustive" in {event.lane for event in events if isinstance(event, LaneStarted)}


def test_going_on_needs_the_parts_of_ones_own(folder: Path) -> None:
    for _ in small(folder, lanes={"mine": Misbehaving("none")}).events():
        break
    with pytest.raises(UnknownName, match="Misbehaving"):
        list(Race.open(folder).events())


def test_another_process_follows_what_is_written(folder: Path) -> None:
    racing = small(folder)
    events = racing.events()
    next(events)
    reader = Race.open(folder)
    with pytest.raises(RunInUse, match="is being written by another process"):
        next(Race.open(folder, estimator=SwitchTable()).events())
    for _ in events:
        pass
    assert reader.follow() == racing.history.event_count - 1
    assert reader.follow() == 0
    assert racing.follow() == 0
    assert reader.frame().equals(racing.frame())


def test_a_torn_last_line_is_mended_and_a_damaged_one_refused(folder: Path) -> None:
    for event in small(folder).events():
        if event.number == 20:
            break
    log = folder / "events.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole[:-30])
    assert Race.open(folder, estimator=SwitchTable()).wait().history.finished
    lines = whole.splitlines(keepends=True)
    for damaged, message in ((lines[:4] + lines[5:], "line 5: event 5 stands where event 4 was due"),
                             ([*lines[:3], b'{"n":3,"at":1,"event":"lane_advanced","lane":"local"}\n'], "line 4: lane_advanced lacks"),
                             ([*lines[:3], b"no json\n"], "line 4: ")):
        log.write_bytes(b"".join(damaged))
        with pytest.raises(RunDamaged, match=message):
            Race.open(folder)


@pytest.mark.parametrize(("change", "error"), [({"format": 99}, RunTooNew), ({"metrics": 3}, RunDamaged), ({"nothing": 1}, RunDamaged)])
def test_a_manifest_that_is_not_ours_is_refused(folder: Path, change: dict[str, Any], error: type[Exception]) -> None:
    small(folder).wait()
    path = folder / "race.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(error, match=str(path)):
        Race.open(folder)


def test_folders_that_hold_something_or_nothing_are_refused(folder: Path, tmp_path: Path) -> None:
    small(folder).wait()
    with pytest.raises(RunExists, match="is not empty"):
        small(folder)
    with pytest.raises(RunNotFound, match="holds no race"):
        Race.open(tmp_path)


def test_a_writer_holds_the_folder(tmp_path: Path) -> None:
    with RaceLogWriter(tmp_path, lambda: 0), pytest.raises(RunInUse):
        RaceLogWriter(tmp_path, lambda: 0)


def test_with_two_objectives_the_fronts_are_kept(folder: Path) -> None:
    """Error and latency of a switch row add up to 64, so every distinct row is on the front."""
    racing = small(folder, objectives=["validation_error", "latency_ms"]).wait()
    view = racing.view(what="hypervolume")
    lane = next(curve for curve in view.lanes if curve.name == "random_search")
    assert (np.diff(lane.middle) >= 0).all()
    assert lane.middle[-1] > 0
    assert "Hypervolume of the front over validation error, latency" in view.caption


def test_a_notebook_shows_the_figure_and_words(folder: Path) -> None:
    bundle = small(folder).wait()._repr_mimebundle_()
    assert "application/vnd.plotly.v1+json" in bundle
    assert "beats random_search" in bundle["text/plain"] or "cannot be told apart" in bundle["text/plain"]


@pytest.mark.filterwarnings("ignore:\\s*Port 8787 is already in use", "ignore::ResourceWarning",
                            "ignore::pytest.PytestUnraisableExceptionWarning")
def test_strategies_run_in_workers_as_they_do_here(folder: Path, tmp_path: Path) -> None:
    from tests.races.tables import OneByOne

    here = small(folder, lanes={"local": LocalSearch()}, estimator=OneByOne(), budget=6, seeds=2).wait()
    there = small(tmp_path / "there", lanes={"local": LocalSearch()}, estimator=OneByOne(), budget=6, seeds=2, workers=2).wait()
    assert here.frame().equals(there.frame())
