"""Trials on workers: a local cluster, a scheduler that runs already, and what becomes of a trial whose worker dies."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

import nas_explorer as nas
from nas_explorer.errors import InvalidOption, WorkersLost
from nas_explorer.records import Measurement, TrialStarted
from nas_explorer.search.dask_worker import NICENESS
from nas_explorer.search.dask_workers import LOST, NO_DASHBOARD, DaskWorkers
from nas_explorer.search.evaluator import Ended, Seen
from nas_explorer.search.search import Search
from nas_explorer.spaces import Architecture
from tests.toys import CountOff, on, switches

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@dataclass(frozen=True)
class Sleepy(CountOff):
    """Takes its time, fails where two switches are on, and dies where its file says so."""

    seconds: float = 0.05
    deadly: str = ""

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        for measurement in super().evaluate(architecture):
            time.sleep(self.seconds)
            yield measurement
        if on(architecture) == 2:
            raise RuntimeError("out of memory: 3 GB wanted")
        if self.deadly and not Path(self.deadly).exists():
            Path(self.deadly).touch()
            os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(autouse=True)
def _in_the_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # the workers import the toys


def made(folder: Path, estimator: Sleepy, trials: int = 24, **changes: Any) -> Search:
    return Search(switches(5), "random_search", estimator, ["validation_error", "latency_ms"], trials, run=folder, **changes)


def test_two_workers_score_two_trials_at_once_and_nothing_is_lost(folder: Path) -> None:
    search = made(folder, Sleepy(epochs=3), workers=2)
    most = 0
    for event in search.events():
        if isinstance(event, TrialStarted):
            most = max(most, len(search.history.running))
    history = search.history
    assert most == 2
    assert (history.ended_count, history.phase) == (24, "finished")
    for trial in history.trials():
        assert trial.status == ("failed" if on(trial.architecture) == 2 else "finished")
        assert [m.step for m in history.curve(trial.number)] == [1, 2, 3]
        assert trial.values["latency_ms"] == on(trial.architecture)
    assert "RuntimeError" in history.failure(history.failures[0])[1]
    assert {history.failure(trial)[0] for trial in history.failures} == {"out of memory: 3 GB wanted"}


@dataclass(frozen=True)
class Standing(Sleepy):
    """How far the process that scores stands back."""

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        for measurement in super().evaluate(architecture):
            yield Measurement(measurement.step, {**measurement.values, "latency_ms": float(psutil.Process().nice())})


def test_workers_stand_back_behind_the_notebook_even_those_that_are_started_again(folder: Path, tmp_path: Path) -> None:
    search = made(folder, Standing(deadly=str(tmp_path / "died")), trials=8, workers=2)
    for _ in search.events():
        pass
    scored = [trial.values["latency_ms"] for trial in search.history.trials() if trial.status == "finished"]
    assert scored
    assert set(scored) == {float(NICENESS)}
    assert psutil.Process().nice() < NICENESS


def test_a_killed_worker_is_replaced_and_its_trial_scored_anew(folder: Path, tmp_path: Path) -> None:
    search = made(folder, Sleepy(seconds=0.01, deadly=str(tmp_path / "died")), trials=12, workers=2)
    for _ in search.events():
        pass
    assert (tmp_path / "died").exists()
    assert search.history.ended_count == 12
    assert all(search.history.status(t) == ("failed" if on(search.history.architecture(t)) == 2 else "finished") for t in range(12))


def test_a_search_on_workers_left_in_the_middle_goes_on(folder: Path) -> None:
    estimator = Sleepy()
    for event in made(folder, estimator, workers=2).events():
        if isinstance(event, TrialStarted) and event.trial == 9:
            break
    search = nas.open(folder, estimator=estimator)
    assert len(search.history.running) >= 1
    for _ in search.events():
        pass
    assert search.history.ended_count == 24
    assert search.history.running == []


def test_a_scheduler_that_runs_already_is_used_and_left_running(folder: Path) -> None:
    from distributed import Client, LocalCluster

    here = LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None, scheduler_kwargs=NO_DASHBOARD)
    with here as cluster, Client(cluster) as client:
        search = made(folder, Sleepy(seconds=0.0), workers=client)
        assert search.plan.workers == cluster.scheduler_address
        for _ in search.events():
            pass
        assert search.history.ended_count == 24
        assert client.submit(lambda: 1).result(timeout=10) == 1


def test_a_scheduler_that_goes_away_ends_the_session_and_costs_no_trial(folder: Path) -> None:
    from distributed import LocalCluster

    estimator = Sleepy()
    cluster = LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None, scheduler_kwargs=NO_DASHBOARD)
    search = made(folder, estimator, workers=cluster.scheduler_address)
    for event in search.events():
        if isinstance(event, TrialStarted) and event.trial == 7:
            cluster.close()
    assert (search.phase, search.history.message) == ("failed", LOST)
    assert search.history.running
    finished = search.history.finished_count
    assert {search.history.failure(trial)[0] for trial in search.history.failures} <= {"out of memory: 3 GB wanted"}
    manifest = folder / "run.json"
    manifest.write_text(manifest.read_text().replace(f'"workers": "{search.plan.workers}"', '"workers": 1'))
    again = nas.open(folder, estimator=estimator)
    for _ in again.events():
        pass
    assert again.history.ended_count == 24
    assert again.history.finished_count > finished


def test_nobody_at_the_address_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nas_explorer.search.dask_workers.CONNECT_SECONDS", 0.5)
    with pytest.raises(WorkersLost, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9: .* start one with `dask scheduler`"):
        DaskWorkers(CountOff(), "tcp://127.0.0.1:9")


def test_a_local_cluster_that_cannot_be_reached_leaves_no_process_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("timed out")

    before = set(psutil.Process().children(recursive=True))
    monkeypatch.setattr("nas_explorer.search.dask_workers.Client", refuse)
    with pytest.raises(WorkersLost, match="timed out"):
        DaskWorkers(CountOff(), 1)
    since = [child for child in psutil.Process().children(recursive=True) if child not in before]
    assert [child for child in since if "spawn_main" in " ".join(child.cmdline())] == []


@pytest.mark.parametrize("workers", [0, -1, True, 1.5, "", None])
def test_what_is_no_number_of_workers_is_refused(folder: Path, workers: Any) -> None:
    with pytest.raises(InvalidOption, match="workers must be a number of processes, a Dask scheduler's address or a Client"):
        made(folder, Sleepy(), workers=workers)


def test_a_dropped_trial_is_not_heard_of_again() -> None:
    workers = DaskWorkers(Sleepy(seconds=0.3), 1)
    try:
        architecture = Architecture({f"layer{i}.op": "skip" for i in range(5)})
        workers.submit(0, architecture)
        workers.drop(0)
        workers.submit(1, architecture)
        heard = [workers.report(), workers.report()]
        assert [type(report) for report in heard] == [Seen, Ended]
        assert {report.trial for report in heard} == {1}
    finally:
        workers.close()



def test_a_worker_that_hangs_is_killed_when_the_search_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stopped in the middle of a trial, so that it hears of nothing."""
    workers = DaskWorkers(Sleepy(seconds=30.0), 1)
    assert workers._cluster is not None
    (nanny,) = workers._cluster.workers.values()
    process = psutil.Process(nanny.pid)
    workers.submit(0, Architecture({f"layer{i}.op": "skip" for i in range(5)}))
    process.suspend()
    monkeypatch.setattr("nas_explorer.search.dask_workers.CLOSE_SECONDS", 0.3)
    begun = time.monotonic()
    workers.close()
    assert time.monotonic() - begun < 20
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    assert workers._cluster.status.name == "closed"
