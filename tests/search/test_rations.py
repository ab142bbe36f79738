"""Rations: a proposal of Hyperband is trained only as long as it is worth, here and on workers, and after a restart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

import nas_explorer as nas
from nas_explorer.errors import StrategyFailed
from nas_explorer.estimators.digits_cells import DigitsCells
from nas_explorer.estimators.early_stopping import EarlyStopping
from nas_explorer.estimators.protocol import Estimator
from nas_explorer.estimators.tabular import Tabular
from nas_explorer.records import Event, Measured, Trial, TrialFinished
from nas_explorer.search.dask_workers import NO_DASHBOARD
from nas_explorer.search.rations import Rations
from nas_explorer.search.search import Search
from nas_explorer.spaces import Architecture, load, sample
from nas_explorer.strategies.bohb import Bohb
from nas_explorer.strategies.hyperband import Hyperband
from nas_explorer.strategies.protocol import Problem, Proposer, Strategy
from nas_explorer.strategies.random_search import RandomSearch
from nas_explorer.strategies.scalarized import Scalarized
from nas_explorer.strategies.warm_start import WarmStart

CELLS = load("digits_cells")
ERROR = "validation_error"
FIRST_BRACKETS = [1] * 9 + [3] * 3 + [9] + [3] * 3 + [9] + [9] * 3          # 3 rungs, eta 3, of 9 epochs: HpBandSter's sizes
"""Epochs that the trials of the first three brackets are worth, rung by rung."""


def made(folder: Path, strategy: Strategy, trials: int = 20, estimator: Estimator | None = None, **changes: Any) -> Search:
    return Search(CELLS, strategy, estimator or DigitsCells(), [ERROR], trials, run=folder, **changes)


def finished(search: Search) -> Search:
    for _ in search.events():
        pass
    return search


def epochs(search: Search) -> list[int]:
    search.follow()
    return [search.history.curve(number)[-1].step for number in range(len(search.history))]


def outcome(search: Search) -> list[Any]:
    search.follow()
    return [(t.architecture, t.status, dict(t.values), [(m.step, dict(m.values)) for m in search.history.curve(t.number)])
            for t in search.history.trials()]


def test_each_proposal_of_hyperband_is_trained_as_long_as_its_rung_says(folder: Path) -> None:
    search = finished(made(folder, Hyperband()))
    assert Counter(epochs(search)) == Counter(FIRST_BRACKETS)
    assert search.history.finished_count == 20
    stopped = search.trials["stopped_at_epoch"]
    assert stopped.tolist() == [0 if epoch == 9 else epoch for epoch in epochs(search)]
    assert "stopped_at_epoch" in [m.name for m in search.run.manifest.metrics]


def test_a_shorter_training_costs_less_and_tells_its_own_error(folder: Path) -> None:
    search = finished(made(folder, Hyperband(), trials=9))
    for trial in search.history.trials():
        (seen,) = search.history.curve(trial.number)
        first = next(iter(DigitsCells().evaluate(trial.architecture)))
        assert {**first.values, "stopped_at_epoch": 1.0} == dict(seen.values)
    seconds = sum(next(iter(DigitsCells().evaluate(t.architecture))).values["train_seconds"] for t in search.history.trials())
    assert search.history.simulated_seconds == pytest.approx(seconds)


def test_the_best_of_a_rung_are_those_that_go_on(folder: Path) -> None:
    history = finished(made(folder, Hyperband(), trials=13)).history
    errors = [history.trial(number).values[ERROR] for number in range(9)]
    best = sorted(range(9), key=lambda number: (errors[number], number))[:3]
    promoted = [history.architecture(n) for n in range(13) if history.curve(n)[-1].step == 3][:3]
    assert promoted == [history.architecture(number) for number in best]


@pytest.mark.parametrize("strategy", [Bohb(), WarmStart("hyperband", first=2), Scalarized("hyperband")], ids=["bohb", "warm", "scalar"])
def test_others_that_give_rations_are_heeded_too_and_through_wrappers(strategy: Strategy, folder: Path) -> None:
    found = epochs(finished(made(folder, strategy, trials=14)))
    warm = 2 if isinstance(strategy, WarmStart) else 0
    assert found[:warm] == [9] * warm                                          # what the warm start proposes is no rung of the other's
    assert found[warm : warm + 9] == [1] * 9


def test_who_gives_no_ration_trains_in_full_and_no_word_is_said_of_stopping(folder: Path) -> None:
    search = finished(made(folder, RandomSearch(), trials=3))
    assert epochs(search) == [9] * 3
    assert "stopped_at_epoch" not in search.trials


def test_a_table_that_looks_once_has_nothing_shorter(folder: Path) -> None:
    search = finished(Search("nas_bench_201", Hyperband(), Tabular(), budget=10, run=folder))
    assert search.history.finished_count == 10
    assert not search.trials.get("stopped_at_epoch", search.trials[ERROR] * 0).any()


def broken_off(search: Search, is_here: Callable[[Event], bool]) -> None:
    """Leave a search at an event, as if its process was killed right after that was written."""
    for event in search.events():
        if is_here(event):
            return
    raise AssertionError("the search ended before")


@pytest.mark.parametrize("at", [2, 3, 5, 29, 30, 33, 34, 41, 60])
@pytest.mark.parametrize("pruner", [None, "asha", "median"])
def test_a_search_that_broke_off_anywhere_goes_on_as_if_nothing_had_been(at: int, pruner: str | None, folder: Path, tmp_path: Path) -> None:
    options = {"n_startup_trials": 3} if pruner == "median" else {}
    estimator = DigitsCells() if pruner is None else EarlyStopping(DigitsCells(), pruner, options)
    whole = finished(made(tmp_path / "whole", Hyperband(), estimator=estimator))
    broken_off(made(folder, Hyperband(), estimator=estimator), lambda event: event.number == at)
    assert outcome(finished(nas.open(folder))) == outcome(whole)


def test_what_had_its_ration_when_the_search_broke_off_is_not_trained_again(folder: Path) -> None:
    broken_off(made(folder, Hyperband()), lambda event: isinstance(event, Measured) and event.trial == 4)
    search = nas.open(folder)
    after = list(search.events())
    assert isinstance(after[1], TrialFinished)
    assert after[1].trial == 4
    assert search.history.trial(4).values["stopped_at_epoch"] == 1.0


@dataclass
class Worth:
    """Draws, and says of each how long it is worth training."""

    problem: Problem
    share: Any

    def ask(self) -> Architecture:
        import numpy as np

        return sample(self.problem.space, np.random.default_rng(self.problem.seed))

    def tell(self, trial: Trial) -> None:
        return None

    def ration(self) -> float:
        found: float = self.share()
        return found


@pytest.mark.parametrize(("share", "words"), [
    (lambda: 0.0, "above 0 up to 1, got 0.0 for trial 3"),
    (lambda: float("nan"), "got nan for trial 3"),
    (lambda: 1 / 0, "raised ZeroDivisionError when asked how long to train trial 3"),
])
def test_a_ration_that_is_none_is_named(share: Callable[[], float], words: str) -> None:
    proposer: Proposer = Worth(Problem(CELLS, DigitsCells().metrics[:1]), share)
    with pytest.raises(StrategyFailed, match=words):
        Rations(proposer, DigitsCells()).give(3)


def test_constraints_keep_the_rations(folder: Path) -> None:
    search = finished(made(folder, Hyperband(), trials=13, constraints=["parameter_count <= 4_000"]))
    assert max(trial.values["parameter_count"] for trial in search.history.trials()) <= 4_000
    assert Counter(epochs(search)) == Counter([1] * 9 + [3] * 3 + [9])


@dataclass(frozen=True)
class Noting(DigitsCells):
    """The table, taking its time; a file a network that went past its first epoch."""

    folder: str = ""

    def evaluate(self, architecture: Architecture) -> Iterator[Any]:
        for measurement in super().evaluate(architecture):
            yield measurement
            (Path(self.folder) / f"{self.index(architecture)}-{measurement.step}").touch()


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_workers_train_no_longer_than_the_ration(folder: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    cluster = LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None, scheduler_kwargs=NO_DASHBOARD)
    try:
        estimator = Noting(folder=str(notes))
        search = finished(made(folder, Hyperband(), trials=13, estimator=estimator, workers=cluster.scheduler_address))
    finally:
        cluster.close()
    assert search.history.finished_count == 13
    found = epochs(search)
    assert set(found) <= {1, 3, 9}
    assert found[:9] == [1] * 9
    assert all([m.step for m in search.history.curve(n)] == list(range(1, found[n] + 1)) for n in range(13))
    longest: dict[int, int] = {}
    for number in range(13):
        row = DigitsCells().index(search.history.architecture(number))
        longest[row] = max(longest.get(row, 0), found[number])
    went_past = {tuple(map(int, path.name.split("-"))) for path in notes.iterdir()}
    assert {(row, step) for row, step in went_past if step >= longest[row] and longest[row] < 9} == set()


