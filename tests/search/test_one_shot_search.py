"""A one-shot search on a run folder: the same log with and without interruptions, checkpoints, pauses, truth, clear errors."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

import nas_explorer as nas
from nas_explorer.errors import InvalidOption, InvalidSpace, RunDamaged, RunTooNew, StrategyFailed, UnknownName
from nas_explorer.estimators import Tabular, Training, WeightSharing
from nas_explorer.one_shot import Enas, RandomSampling
from nas_explorer.one_shot.checkpoints import FOLDER, FORMAT
from nas_explorer.records import Event, SearchFinished, SearchPaused, SearchResumed
from nas_explorer.records.events import Snapshot, encode
from nas_explorer.records.store import LogReader
from nas_explorer.search import kernel
from nas_explorer.search.chosen import chosen_trial
from nas_explorer.search.control import Control
from nas_explorer.search.one_shot_start import WORK
from nas_explorer.search.search import Search
from nas_explorer.search.session import Session
from tests.one_shot.toys import SMALL, looks, stripes

QUICK = Enas(warm_up=0.4, updates=2, architectures=3, candidates=3)


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"


def sharing(epochs: int = 3) -> WeightSharing:
    return WeightSharing(stripes(), epochs, SMALL)


def made(folder: Path, epochs: int = 3, seed: int = 0, **options: object) -> Search:
    return Search(looks(), QUICK, sharing(epochs), seed=seed, run=folder, **options)                  # type: ignore[arg-type]


def work(folder: Path) -> list[str]:
    """What the log tells of trials and snapshots, without numbers and times."""
    return [encode(replace(event, number=0, at=0.0)) for event in LogReader(folder).read() if isinstance(event, WORK)]


def finished(search: Search) -> list[Event]:
    events = list(search.events())
    assert isinstance(events[-1], SearchFinished)
    assert events[-1].reason == "budget", events[-1].message
    return events


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The log of a search that nobody interrupted."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("whole") / "run"
    finished(made(folder))
    return work(folder)


# ---- going on

def test_every_epoch_ends_in_a_snapshot_and_a_checkpoint(folder: Path) -> None:
    search = made(folder)
    snapshots = [event for event in finished(search) if isinstance(event, Snapshot)]
    assert [snapshot.epoch for snapshot in snapshots] == [1, 2, 3]
    assert search.history.snapshots == snapshots
    assert search.derived == snapshots[-1].architecture == chosen_trial(search.history).architecture
    assert sorted(path.name for path in (folder / FOLDER).iterdir()) == ["000002.pt", "000003.pt"]
    assert list(search.events()) == []


def test_left_anywhere_a_search_goes_on_to_the_same_log(folder: Path, whole: list[str]) -> None:
    """At each of its events in turn, and again and again in one run."""
    search = made(folder)
    for patience in range(1, 60):
        for count, _ in enumerate(search.events(), 1):
            if count == patience:
                break
        if search.phase == "finished":
            break
    assert search.phase == "finished"
    assert work(folder) == whole
    assert json.loads((folder / "events.jsonl").read_text().splitlines()[-1])["n"] > len(whole) + 5          # it began that often


def test_a_cut_log_goes_on_to_the_same_log(folder: Path, whole: list[str]) -> None:
    """The machine went down before the log's last lines reached the disk, in the middle of one."""
    finished(made(folder))
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    for kept in (len(lines) - 1, len(lines) // 2, 3):
        (folder / "events.jsonl").write_bytes(b"".join(lines[:kept]) + lines[kept][:20])
        finished(nas.open(folder, strategy=QUICK, estimator=sharing()))
        assert work(folder) == whole


def test_a_checkpoint_that_was_cut_off_gives_way_to_the_one_before(folder: Path, whole: list[str]) -> None:
    search = made(folder)
    for event in search.events():
        if isinstance(event, Snapshot) and event.epoch == 3:
            break
    newest = folder / FOLDER / "000002.pt"
    newest.write_bytes(newest.read_bytes()[:1000])
    finished(search)
    assert work(folder) == whole


def test_without_any_checkpoint_a_search_repeats_its_work_and_writes_nothing_twice(folder: Path, whole: list[str]) -> None:
    search = made(folder)
    for event in search.events():
        if isinstance(event, Snapshot) and event.epoch == 2:
            break
    for path in (folder / FOLDER).iterdir():
        path.unlink()
    finished(search)
    assert work(folder) == whole


def test_a_checkpoint_of_a_newer_version_is_refused(folder: Path) -> None:
    search = interrupted(folder)
    change(folder, format=99)
    with pytest.raises(RunTooNew, match=r"000001\.pt has format 99, this version of nas_explorer reads up to 2; go on with a newer"):
        next(iter(search.events()))


def test_a_checkpoint_of_an_earlier_version_is_refused_and_the_run_can_be_looked_at(folder: Path) -> None:
    search = interrupted(folder)
    change(folder, format=1)
    with pytest.raises(RunDamaged, match=r"000001\.pt has format 1, of an earlier version of nas_explorer"):
        next(iter(search.events()))
    assert nas.open(folder, strategy=QUICK, estimator=sharing()).phase == "interrupted"


def test_a_checkpoint_of_another_space_is_refused(folder: Path) -> None:
    search = interrupted(folder)
    change(folder, space="0" * 32)
    with pytest.raises(RunDamaged, match=r"000001\.pt is a checkpoint of another search space than run\.json names"):
        next(iter(search.events()))
    assert nas.open(folder, strategy=QUICK, estimator=sharing()).phase == "interrupted"


def test_a_checkpoint_never_becomes_code(folder: Path, whole: list[str]) -> None:
    """A pickle that would write a file is not run: the search begins from nothing."""
    search = interrupted(folder)
    torch.save({"format": FORMAT, "trap": Trap(folder / "caught")}, folder / FOLDER / "000001.pt")
    finished(search)
    assert not (folder / "caught").exists()
    assert work(folder) == whole


def test_other_settings_than_the_log_was_written_with_are_noticed(folder: Path) -> None:
    interrupted(folder)
    for path in (folder / FOLDER).iterdir():
        path.unlink()
    other = nas.open(folder, strategy=replace(QUICK, learning_rate=0.5, candidates=2), estimator=sharing())
    last = list(other.events())[-1]
    assert isinstance(last, SearchFinished)
    assert last.reason == "failed"
    assert "event 1 of the log is not what comes out now" in last.message or "of the log is not what comes out now" in last.message
    assert StrategyFailed.__name__ in last.details


def interrupted(folder: Path) -> Search:
    search = made(folder)
    for event in search.events():
        if isinstance(event, Snapshot) and event.epoch == 2:
            return search
    raise AssertionError("it never reached its second epoch")


def change(folder: Path, **fields: object) -> None:
    path = folder / FOLDER / "000001.pt"
    torch.save(torch.load(path, weights_only=True) | fields, path)


class Trap:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (str(self.path),)


# ---- steering

def test_it_pauses_and_stops_between_two_steps(folder: Path, whole: list[str]) -> None:
    search, control = made(folder), Control()
    control.pause("for a moment")
    search._create()
    session = Session(folder, search.plan, control)
    events = iter(session)
    assert next(events).kind == "search_started"
    assert isinstance(paused := next(events), SearchPaused)
    assert paused.message == "for a moment"
    control.resume()
    assert isinstance(next(events), SearchResumed)
    control.stop()
    assert isinstance(last := next(events), SearchFinished)
    assert (last.reason, list(events)) == ("stopped", [])
    finished(search)
    assert work(folder) == whole


def test_a_limit_of_wall_seconds_ends_it(folder: Path) -> None:
    last = list(made(folder, 1000, budget={"wall_seconds": 0.5}).events())[-1]
    assert isinstance(last, SearchFinished)
    assert last.reason == "budget"


def test_killed_in_the_background_it_goes_on_to_the_same_log(tmp_path: Path) -> None:
    """kill -9 twice at random moments, seed 1, in the middle of whatever it does."""
    rng = random.Random(1)
    calm, search = (made(tmp_path / name, 30) for name in ("calm", "killed"))
    finished(calm)
    search.start()
    for _ in range(2):
        before = search.history.event_count
        until(lambda: search.phase == "finished" or search.history.event_count > before + 1, 90)               # noqa: B023
        time.sleep(rng.uniform(0, 0.3))
        if kernel.is_running(search.folder):
            os.kill(json.loads((search.folder / kernel.OWNER).read_text())["pid"], signal.SIGKILL)
            until(lambda: search.phase in ("interrupted", "finished"))
        if search.phase == "interrupted":
            search.resume()
    assert search.wait(90) == "finished"
    starts = sum(event.kind == "search_started" for event in LogReader(search.folder).read())
    assert starts > 1, "it was never killed in the middle"
    assert work(search.folder) == work(calm.folder)


def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


# ---- truth beside it

def test_shared_weights_are_compared_with_a_table_in_every_snapshot(folder: Path) -> None:
    space = nas.spaces.nas_bench_201()
    search = Search(space, RandomSampling(2, 1, 1, watched=1), task="digits", epochs=1, truth="tabular", truth_count=4, run=folder)
    finished(search)
    for snapshot in search.history.snapshots:
        assert snapshot.values["tau_count"] == 4
        assert -1 <= snapshot.values["tau_low"] <= snapshot.values["tau"] <= snapshot.values["tau_high"] <= 1
    opened = nas.open(folder)
    assert isinstance(opened.plan.truth, Tabular)
    assert opened.plan.truth_count == 4


def test_trainings_of_their_own_are_added_as_the_search_goes_on(folder: Path, tmp_path: Path) -> None:
    truth = Training(stripes(), 1, SMALL)
    search = made(folder, truth=truth, truth_count=6)
    finished(search)
    assert [snapshot.values["tau_count"] for snapshot in search.history.snapshots] == [2, 4, 6]
    again = made(tmp_path / "again", truth=truth, truth_count=6)
    for event in again.events():
        if isinstance(event, Snapshot) and event.epoch == 2:
            break
    finished(again)
    assert work(tmp_path / "again") == work(folder)


# ---- what cannot be searched says so before it begins

@pytest.mark.parametrize(("changes", "message"), [
    ({"strategy": "enas", "estimator": "tabular"}, r"Enas trains weights that all architectures share, so its estimator is WeightSharing"),
    ({"strategy": "enas", "task": "digits", "budget": 10}, r"ends with its epochs, 20 of them; set epochs=, .* got 10 trials"),
    ({"strategy": "enas", "task": "digits", "workers": 2}, r"workers is for searches in which every trial"),
    ({"strategy": "enas", "task": "digits", "pace": 3.0}, r"pace is for searches in which every trial"),
    ({"strategy": "random_search", "task": "digits", "truth": "tabular"}, r"truth is for one-shot methods"),
    ({"strategy": "random_search", "task": "digits", "budget": {"epochs": 3}}, r"a budget in epochs is for one-shot methods"),
    ({"strategy": "random_search"}, r"a search needs an estimator or the name of one \(.*weight_sharing.*\), or a task to train on"),
    ({"strategy": "enas", "estimator": WeightSharing(), "epochs": 3}, r"task and epochs are settings of the estimator; give them there"),
    ({"strategy": "enas", "task": "digits", "truth": "tabular", "truth_count": 1}, r"truth_count must be a whole number of at least 2"),
])
def test_settings_that_do_not_fit_are_refused(folder: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        Search(nas.spaces.nas_bench_201(), run=folder, **changes)                                      # type: ignore[arg-type]


def test_an_unknown_name_lists_strategies_and_one_shot_methods(folder: Path) -> None:
    with pytest.raises(UnknownName, match=r"there is no strategy 'ens'; did you mean 'enas'\? There is: .*random_sampling, random_search"):
        Search("nas_bench_201", "ens", task="digits", run=folder)
    with pytest.raises(UnknownName, match=r"there is no preset of ENAS 'papers'; did you mean 'paper'\?"):
        Enas("papers")                                                                                 # type: ignore[arg-type]


def test_a_space_without_a_decision_is_refused(folder: Path) -> None:
    fixed = nas.spaces.SearchSpace("fixed", nas.spaces.Graph().input("image").node("pool", ["image"], op="global_pool").node(
        "logits", ["pool"], op=nas.spaces.op("linear", features=2)))
    with pytest.raises(InvalidSpace, match="'fixed' has one architecture only, so there is nothing to share or to choose; draw a choice"):
        Search(fixed, "enas", task="digits", run=folder)


def test_a_batch_larger_than_the_data_is_refused(folder: Path) -> None:
    estimator = WeightSharing(stripes(), recipe={"batch_size": 64})
    with pytest.raises(InvalidOption, match=r"batch_size must be at most 48, the examples of 'stripes' that the weights learn from "
                                            r"\(train_share=0\.5\), got batch_size=64"):
        Search(looks(), "enas", estimator, run=folder)


def test_losses_that_become_nan_stop_it_with_the_last_good_snapshot_kept(folder: Path) -> None:
    """Weights that each step makes 999 times as large overflow in the fifth epoch."""
    explosive = {"batch_size": 16, "learning_rate": 1e3, "weight_decay": 1.0, "momentum": 0.0, "schedule": "constant"}
    estimator = WeightSharing(stripes(), 10, explosive)
    search = Search(looks(), QUICK, estimator, run=folder)
    last = list(search.events())[-1]
    assert isinstance(last, SearchFinished)
    assert last.reason == "failed"
    assert "became" in last.message
    assert search.history.snapshots
    assert search.phase == "failed"
    assert search.derived == search.history.snapshots[-1].architecture
    assert (folder / FOLDER / f"{len(search.history.snapshots):06d}.pt").exists()

