"""Early stopping beside the loop: true ASHA, whatever the workers, and the same decisions after a restart."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nas_explorer as nas
from nas_explorer.estimators.early_stopping import EarlyStopping
from nas_explorer.estimators.stoppers.asha import Asha
from nas_explorer.records import Measured, Measurement, Metric, SearchPaused, TrialFinished, metric
from nas_explorer.search.search import Search
from nas_explorer.spaces import Architecture, SearchSpace
from tests.toys import on, switches

ROOT = Path(__file__).parents[2]
ERROR = metric("validation_error")


@dataclass(frozen=True)
class Curve:
    """Nine epochs that end the lower the more switches are on, with noise by the architecture; notes every epoch that was trained."""

    epochs: int = 9
    seconds: float = 0.0
    noise: float = 0.5
    deadly: str = ""                     # a file that is not there yet: the first second epoch makes it, and kills its process
    trained: list[tuple[int, int]] = field(default_factory=list)
    metrics: tuple[Metric, ...] = (metric("validation_error"), metric("train_seconds"))

    def check_space(self, space: SearchSpace) -> None:
        return None

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        code = int("".join(str(int(option != "skip")) for option in architecture.values()), 2)
        rng = np.random.default_rng(code)
        end = 30 - 4 * on(architecture)
        for epoch in range(1, self.epochs + 1):
            time.sleep(self.seconds)
            if self.deadly and epoch == 2 and not Path(self.deadly).exists():
                Path(self.deadly).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            self.trained.append((code, epoch))
            error = end + 40 / epoch + float(rng.normal(0, self.noise))
            yield Measurement(epoch, {"validation_error": error, "train_seconds": float(epoch)})


def made(folder: Path, estimator: Any, trials: int = 40, **changes: Any) -> Search:
    return Search(switches(6), "random_search", estimator, budget=trials, seed=1, run=folder, **changes)


def finished(search: Search) -> Search:
    for _ in search.events():
        pass
    return search


def outcome(search: Search) -> list[Any]:
    search.follow()
    return [(t.architecture, t.status, t.values, [(m.step, dict(m.values)) for m in search.history.curve(t.number)])
            for t in search.history.trials()]


@pytest.fixture(autouse=True)
def _in_the_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # the workers import the toys


def test_the_best_third_of_a_rung_is_promoted_at_any_time() -> None:
    """The paper's algorithm 2, by hand: eta 2, rungs at 1, 2, 4 of 8 epochs."""
    asha = Asha(ERROR, 8, reduction_factor=2, wait=100)
    assert [asha.look_after(step) for step in (0, 1, 3, 4)] == [1, 2, 4, None]
    assert asha.see(0, 1, {"validation_error": 50.0}) == "wait"
    assert asha.promoted() is None                                              # the best half of one is nobody
    assert asha.see(1, 1, {"validation_error": 60.0}) == "wait"
    assert asha.promoted() == 0
    assert asha.promoted() is None
    asha.see(2, 1, {"validation_error": 40.0})
    assert asha.promoted() == 2                                                 # half of three is one, the best
    asha.see(3, 1, {"validation_error": 45.0})
    assert asha.promoted() == 3                                                 # the second of four; trial 0 went on already
    assert asha.promoted() is None


def test_a_trial_that_waited_goes_on_when_others_come_and_are_worse() -> None:
    asha = Asha(ERROR, 8, reduction_factor=2, wait=100)
    for trial, error in enumerate((50.0, 40.0)):
        asha.see(trial, 1, {"validation_error": error})
    assert asha.promoted() == 1
    for trial, error in ((2, 60.0), (3, 70.0)):
        asha.see(trial, 1, {"validation_error": error})
    assert asha.promoted() == 0                                                 # the first of all, second of four now


def test_the_upper_rungs_come_first() -> None:
    asha = Asha(ERROR, 8, reduction_factor=2, wait=100)
    for trial, error in enumerate((1.0, 2.0, 3.0, 4.0)):
        asha.see(trial, 1, {"validation_error": error})
    assert [asha.promoted(), asha.promoted(), asha.promoted()] == [0, 1, None]
    for trial, error in ((0, 1.0), (1, 2.0), (4, 0.5), (5, 0.6)):
        asha.see(trial, 2 if trial < 2 else 1, {"validation_error": error})
    assert [asha.promoted(), asha.promoted()] == [0, 4]
    assert asha.see(0, 4, {"validation_error": 1.0}) == "wait"
    assert asha.look_after(4) is None


def test_who_waits_too_long_is_given_up() -> None:
    asha = Asha(ERROR, 8, reduction_factor=2, wait=2)
    asha.see(0, 1, {"validation_error": 90.0})
    asha.see(1, 1, {"validation_error": 10.0})
    assert asha.given_up() is None
    asha.see(2, 1, {"validation_error": 20.0})
    assert [asha.given_up(), asha.given_up()] == [0, None]


def test_a_search_trains_the_best_to_the_end_and_the_others_hardly(folder: Path) -> None:
    inner = Curve()
    search = finished(made(folder, EarlyStopping(inner, "asha")))
    history = search.history
    assert history.ended_count == history.finished_count == 40
    stopped = search.trials["stopped_at_epoch"]
    assert set(stopped.unique()) == {0.0, 1.0, 3.0}
    whole = search.trials[stopped == 0]
    assert 0 < len(whole) <= 6
    best_there_is = max(on(trial.architecture) for trial in history.trials())
    assert best_there_is in {on(history.architecture(number)) for number in whole.index}
    assert len(inner.trained) < 40 * 9 / 3
    assert len(inner.trained) == sum(len(history.curve(number)) for number in range(40))       # nobody was trained twice


def test_a_held_trial_goes_on_where_it_stood(folder: Path) -> None:
    search = finished(made(folder, EarlyStopping(Curve(), "asha", {"wait": 20})))
    order = [(event.trial, event.step) for event in events_of(search) if isinstance(event, Measured)]
    steps = {trial: [step for number, step in order if number == trial] for trial, _ in order}
    assert all(seen == list(range(1, len(seen) + 1)) for seen in steps.values())
    came_back = [trial for trial, seen in steps.items() if len(seen) > 1
                 and order.index((trial, 2)) - order.index((trial, 1)) > 1]
    assert came_back


def algorithm_2(curves: list[list[float]], rungs: list[int], eta: int) -> list[tuple[int, int]]:
    """Li et al. 2020, algorithm 2, word for word, for one worker: the (trial, epoch) in the order in which they are trained."""
    order: list[tuple[int, int]] = []
    done: list[dict[int, float]] = [{} for _ in rungs]
    promoted: list[set[int]] = [set() for _ in rungs]
    begun = 0

    def get_job() -> tuple[int, int] | None:
        nonlocal begun
        for k in reversed(range(len(rungs) - 1)):
            top = sorted(done[k], key=lambda trial: done[k][trial])[: len(done[k]) // eta]
            promotable = [trial for trial in top if trial not in promoted[k]]
            if promotable:
                promoted[k].add(promotable[0])
                return promotable[0], k + 1
        begun += 1
        return (begun - 1, 0) if begun <= len(curves) else None

    while (job := get_job()) is not None:
        trial, k = job
        order += [(trial, epoch) for epoch in range(rungs[k - 1] + 1 if k else 1, rungs[k] + 1)]
        done[k][trial] = curves[trial][rungs[k] - 1]
    return order


@pytest.mark.parametrize("eta", [2, 3])
def test_one_worker_does_what_the_paper_s_algorithm_does(eta: int, folder: Path) -> None:
    search = finished(made(folder, EarlyStopping(Curve(), "asha", {"reduction_factor": eta, "wait": 1000})))
    curves = [[seen.values["validation_error"] for seen in Curve().evaluate(trial.architecture)] for trial in search.history.trials()]
    rungs = [step for step in (1, eta, eta**2, eta**3) if step < 9] + [9]
    trained = [(event.trial, event.step) for event in events_of(search) if isinstance(event, Measured)]
    assert trained == algorithm_2(curves, rungs, eta)


def events_of(search: Search) -> list[Any]:
    from nas_explorer.records.events import decode

    return [decode(line) for line in (search.folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("pruner", ["asha", "median", "hyperband", "curve_extrapolation"])
@pytest.mark.parametrize("at", [7, 23, 60, 81])
def test_a_search_that_broke_off_decides_on_as_if_nothing_had_been(pruner: str, at: int, folder: Path, tmp_path: Path) -> None:
    options = {"n_startup_trials": 3} if pruner == "median" else {"max_resource": 9, "reduction_factor": 3} if pruner == "hyperband" else {}
    whole = finished(made(tmp_path / "whole", EarlyStopping(Curve(), pruner, options)))
    for event in made(folder, EarlyStopping(Curve(), pruner, options)).events():
        if event.number == at:
            break
    again = nas.open(folder, estimator=EarlyStopping(Curve(), pruner, options))
    assert outcome(finished(again)) == outcome(whole)
    assert any(trial[2]["stopped_at_epoch"] for trial in outcome(whole))


def test_a_pause_leaves_those_that_wait_as_they_are(folder: Path, tmp_path: Path) -> None:
    whole = finished(made(tmp_path / "whole", EarlyStopping(Curve(), "asha")))
    from nas_explorer.search.session import Session

    search = made(folder, EarlyStopping(Curve(), "asha"))
    search._create()
    session = Session(folder, search.plan)
    for event in session:
        if isinstance(event, Measured) and event.number % 10 == 0:
            session.control.pause()
        if isinstance(event, SearchPaused):
            session.control.resume()
    assert outcome(search) == outcome(whole)


def test_a_strategy_that_learns_is_told_while_the_search_runs(folder: Path) -> None:
    search = made(folder, EarlyStopping(Curve(), "asha", {"wait": 4}))
    waiting, ended = 0, 0
    for event in search.events():
        ended += isinstance(event, TrialFinished)
        waiting = max(waiting, len(search.history.running))
        if event.number == 60:
            assert ended > 5
    assert waiting < 12


def test_what_is_no_number_fails_one_trial_and_teaches_nobody_else(folder: Path) -> None:
    @dataclass(frozen=True)
    class Broken(Curve):
        def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
            for seen in super().evaluate(architecture):
                yield Measurement(seen.step, {**seen.values, "validation_error": float("nan") if on(architecture) == 3 else 1.0})

    history = finished(made(folder, EarlyStopping(Broken(), "asha"))).history
    assert {history.failure(trial)[0] for trial in history.failures} == {"validation_error became NaN at step 1"}
    assert history.finished_count + history.failed_count == 40


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_workers_are_compared_with_each_other(folder: Path) -> None:
    """Each of two workers sees half of the trials; the log must be what one ASHA over all of them says."""
    search = finished(made(folder, EarlyStopping(Curve(seconds=0.01), "asha"), trials=30, workers=2))
    stopper, went_on = Asha(ERROR, 9), set()
    for event in events_of(search):
        if isinstance(event, Measured):
            stopper.see(event.trial, event.step, event.values)
            if event.step in (2, 4):
                went_on.add((event.trial, event.step - 1))
    rungs = {rung.step: rung for rung in stopper.rungs}
    for step, rung in rungs.items():
        best = sorted(rung.costs, key=rung.costs.__getitem__)[: len(rung.costs) // 3]
        assert set(best) <= {trial for trial, at in went_on if at == step} | set(rung.waiting)
    history = search.history
    assert (history.finished_count, history.failed_count) == (30, 0)
    assert [m.step for m in history.curve(history.best.number)][-1] >= 3
    assert all([m.step for m in history.curve(n)] == list(range(1, len(history.curve(n)) + 1)) for n in range(30))
    assert 1 <= (search.trials["stopped_at_epoch"] == 0).sum() <= 12


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_worker_killed_in_mid_epoch_costs_time_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    """With it die the networks that wait there; those that are promoted are trained anew, and the log is as if nothing had been."""
    deadly = tmp_path / "died"
    search = finished(made(folder, EarlyStopping(Curve(seconds=0.01, deadly=str(deadly)), "asha"), trials=16, workers=2))
    assert deadly.exists()
    history = search.history
    assert (history.finished_count, history.failed_count) == (16, 0)
    for number in range(16):
        *_, last = Curve().evaluate(history.architecture(number))
        curve = history.curve(number)
        assert [m.step for m in curve] == list(range(1, len(curve) + 1))
        assert curve[-1].step < 9 or curve[-1].values["validation_error"] == last.values["validation_error"]
