"""Stopping early: the pruner's verdict decides, the inner evaluation is closed, and the trial says where it ended."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import optuna
import pytest

from nas_explorer.errors import InvalidArchitecture, InvalidMetric, InvalidOption
from nas_explorer.estimators import conformance
from nas_explorer.estimators.cached import Cached
from nas_explorer.estimators.early_stopping import EarlyStopping
from nas_explorer.estimators.protocol import Estimator, last_epoch
from nas_explorer.estimators.reduced import Reduced
from nas_explorer.estimators.stoppers.optuna_pruner import make_pruner
from nas_explorer.estimators.tabular import Tabular
from nas_explorer.estimators.training import Training
from nas_explorer.estimators.zero_cost import ZeroCost
from nas_explorer.records import Measurement, Metric, TrialFinished, metric
from nas_explorer.search.budget import Budget
from nas_explorer.search.search import Search
from nas_explorer.spaces import Architecture, SearchSpace, enumerate_architectures, load, sample
from tests.toys import switches

SPACE = switches(6)
ARCHITECTURES = list(enumerate_architectures(SPACE))


@dataclass(frozen=True)
class Curves:
    """A learning curve an architecture: errors by epoch, out of a table; notes the epochs that were trained, and what was closed."""

    table: Mapping[Architecture, tuple[float, ...]]
    trained: list[int] = field(default_factory=list)
    closed: list[Architecture] = field(default_factory=list)
    epochs: int = 4
    metrics: tuple[Metric, ...] = (metric("validation_error"), metric("validation_accuracy"))

    def check_space(self, space: SearchSpace) -> None:
        return None

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        try:
            for epoch, error in enumerate(self.table[architecture], start=1):
                self.trained.append(epoch)
                if error < 0:
                    raise InvalidArchitecture("diverged")
                yield Measurement(epoch, {"validation_error": error, "validation_accuracy": 100 - error})
        finally:
            self.closed.append(architecture)


def stopped(estimator: EarlyStopping, architecture: Architecture) -> tuple[int, int]:
    """How many epochs were seen, and where it says that it was stopped."""
    seen = list(estimator.evaluate(architecture))
    return len(seen), int(seen[-1].values["stopped_at_epoch"])


def curves(*rows: tuple[float, ...]) -> tuple[Curves, list[Architecture]]:
    return Curves(dict(zip(ARCHITECTURES, rows, strict=False))), ARCHITECTURES[:len(rows)]


def test_worse_than_the_median_is_stopped_and_closed() -> None:
    inner, (first, good, bad) = curves((50, 40, 30, 20), (45, 35, 25, 15), (60, 58, 56, 54))
    estimator = EarlyStopping(inner, options={"n_startup_trials": 2}).for_space(SPACE)
    assert [stopped(estimator, architecture) for architecture in (first, good, bad)] == [(4, 0), (4, 0), (1, 1)]
    assert inner.trained == [1, 2, 3, 4, 1, 2, 3, 4, 1]
    assert inner.closed == [first, good, bad]


def test_a_metric_that_should_rise_is_compared_the_other_way_round() -> None:
    inner, (first, good, bad) = curves((50, 40, 30, 20), (45, 35, 25, 15), (60, 58, 56, 54))
    estimator = EarlyStopping(inner, options={"n_startup_trials": 2}, metric="validation_accuracy").for_space(SPACE)
    assert [stopped(estimator, architecture) for architecture in (first, good, bad)] == [(4, 0), (4, 0), (1, 1)]


def test_after_its_last_epoch_a_trial_has_not_been_stopped() -> None:
    inner, (first, late) = curves((50, 40, 30, 20), (40, 30, 20, 90))
    estimator = EarlyStopping(inner, options={"n_startup_trials": 1, "n_warmup_steps": 3}).for_space(SPACE)
    assert [stopped(estimator, architecture) for architecture in (first, late)] == [(4, 0), (4, 0)]


@pytest.mark.parametrize(("inner", "epochs"), [
    (Training(epochs=3), 3), (Cached(Training(epochs=3)), 3), (Reduced(Training(epochs=3)), 3), (Reduced(Training(epochs=3), epochs=2), 2),
    (Tabular(), 12), (ZeroCost(), None),
])
def test_the_last_epoch_is_found_through_wrappers(inner: Estimator, epochs: int | None) -> None:
    assert last_epoch(inner) == epochs


@pytest.mark.parametrize(("pruner", "options"), [
    ("median", {"n_startup_trials": 3}), ("percentile", {"percentile": 40.0}),
    ("successive_halving", {"min_resource": 1, "reduction_factor": 2}),
    ("hyperband", {"max_resource": 4, "reduction_factor": 2}), ("threshold", {"upper": 60.0}), ("patient", {"patience": 1}),
    ("SuccessiveHalvingPruner", {"min_resource": 1}),
])
def test_it_stops_exactly_where_optuna_itself_would(pruner: str, options: dict[str, Any]) -> None:
    rng = np.random.default_rng(0)
    rows = [tuple(rng.uniform(0, 100, 4)) for _ in range(40)]
    inner, architectures = curves(*rows)
    estimator = EarlyStopping(inner, pruner, options).for_space(SPACE)
    study = optuna.create_study(study_name="early_stopping", pruner=make_pruner(pruner, options))
    expected = []
    for row in rows:
        trial = study.ask()
        for epoch, error in enumerate(row, start=1):
            trial.report(error, epoch)
            if epoch < 4 and trial.should_prune():
                study.tell(trial, state=optuna.trial.TrialState.PRUNED)
                expected.append((epoch, epoch))
                break
        else:
            study.tell(trial, row[-1])
            expected.append((4, 0))
    assert [stopped(estimator, architecture) for architecture in architectures] == expected
    assert len({at for _, at in expected}) > 1


def test_a_trial_that_failed_or_was_left_is_no_example_for_others() -> None:
    inner, (diverged, left, first) = curves((1, 1, -1), (1, 1, 1, 1), (90, 90, 90, 90))
    estimator = EarlyStopping(inner, options={"n_startup_trials": 1}).for_space(SPACE)
    with pytest.raises(InvalidArchitecture, match="diverged"):
        list(estimator.evaluate(diverged))
    evaluation = estimator.evaluate(left)
    next(evaluation)
    evaluation.close()                                                         # type: ignore[attr-defined]
    assert inner.closed == [diverged, left]
    assert stopped(estimator, first) == (4, 0)


def test_asha_finds_the_best_of_a_table_of_curves_at_a_third_of_the_epochs() -> None:
    """64 curves that fall to an error of their own, with noise of 1; 27 epochs each. Seeded."""
    rng = np.random.default_rng(1)
    final = rng.uniform(5, 40, 64)
    rows = [tuple(error + 50 * np.exp(-np.arange(1, 28) / 6) + rng.normal(0, 1, 27)) for error in final]
    inner = Curves(dict(zip(ARCHITECTURES, rows, strict=True)), epochs=27)
    estimator = EarlyStopping(inner, "asha", {"min_resource": 1, "reduction_factor": 3}).for_space(SPACE)
    ends = {architecture: list(estimator.evaluate(architecture))[-1] for architecture in ARCHITECTURES}
    full = {architecture: end.values["validation_error"] for architecture, end in ends.items() if not end.values["stopped_at_epoch"]}
    assert len(inner.trained) <= 64 * 27 / 3
    assert final[ARCHITECTURES.index(min(full, key=lambda a: full[a]))] <= np.sort(final)[1]


def test_a_stopped_trial_is_a_finished_one(folder: Any) -> None:
    space = load("digits_cells")
    estimator = EarlyStopping({"name": "training", "options": {"epochs": 2}}, "threshold", {"upper": 1.0})
    search = Search(space, "random_search", estimator, budget=Budget(trials=2), run=folder)
    events = list(search.events())
    assert sum(isinstance(event, TrialFinished) for event in events) == 2
    assert search.trials["stopped_at_epoch"].tolist() == [1.0, 1.0]
    assert Search.open(folder).plan.estimator == estimator


def test_without_a_verdict_it_measures_what_the_inner_one_does() -> None:
    space, inner = load("digits_cells"), Training(epochs=2)
    architecture = sample(space, np.random.default_rng(0))
    watched = [dict(seen.values) for seen in EarlyStopping(inner).for_space(space).evaluate(architecture)]
    plain = [dict(seen.values) for seen in inner.for_space(space).evaluate(architecture)]
    for seen, alone in zip(watched, plain, strict=True):
        assert seen.pop("stopped_at_epoch") == 0.0
        assert {key: value for key, value in seen.items() if key != "train_seconds"} == \
               {key: value for key, value in alone.items() if key != "train_seconds"}


def test_copies_sent_to_a_worker_compare_with_each_other() -> None:
    space = load("digits_cells")
    estimator = EarlyStopping({"name": "training", "options": {"epochs": 2}}, "asha", {"min_resource": 1}).for_space(space)
    rng = np.random.default_rng(0)
    ends = [stopped(pickle.loads(pickle.dumps(estimator)), sample(space, rng)) for _ in range(6)]
    assert ends[0] == (2, 0)
    assert (1, 1) in ends


def test_wrappers_wrap_each_other() -> None:
    first, good, bad = (ARCHITECTURES[2**on - 1] for on in (0, 1, 2))           # as many convolutions, so three networks
    inner = Curves({first: (50, 40, 30, 20), good: (45, 35, 25, 15), bad: (60, 58, 56, 54)})
    estimator = Cached(EarlyStopping(inner, options={"n_startup_trials": 2})).for_space(SPACE)
    for architecture in (first, good, bad, bad, good):
        list(estimator.evaluate(architecture))
    assert inner.closed == [first, good, bad]


def test_an_estimator_of_one_s_own_conforms_when_it_is_watched() -> None:
    inner = Curves(dict.fromkeys(ARCHITECTURES, (3.0, 2.0)))
    for check in (conformance.measures_what_it_says, conformance.repeats_itself):
        check(conformance.Case(EarlyStopping(inner), SPACE, SPACE))


@pytest.mark.parametrize(("arguments", "error", "message"), [
    ({"pruner": "medain"}, InvalidOption, "there is no pruner 'medain', here or in Optuna, did you mean 'median'[?]"),
    ({"pruner": "WilcoxonPruner"}, InvalidOption, "does not fit here: it compares the same problem instances"),
    ({"options": {"n_startups": 3}}, InvalidOption, "MedianPruner has no option 'n_startups', did you mean 'n_startup_trials'[?]"),
    ({"pruner": "percentile", "options": {"percentile": 300.0}}, InvalidOption, "PercentilePruner refuses"),
    ({"pruner": "asha", "options": {"min_resources": 1}}, InvalidOption, "Asha has no option 'min_resources', did you mean 'min_res"),
    ({"pruner": "asha", "options": {"reduction_factor": 1}}, InvalidOption, "reduction_factor must be a whole number of at least 2"),
    ({"pruner": "asha", "options": {"min_resource": 9}}, InvalidOption, "min_resource must be below the 4 epochs of a training, got 9"),
    ({"pruner": "curve_extrapolation", "options": {"threshold": 2}}, InvalidOption, "threshold must be a chance above 0 and below 1"),
    ({"pruner": ["asha"]}, InvalidOption, "there is no pruner"),
    ({"options": 3}, InvalidOption, "options must be a mapping"),
    ({"metric": "latency"}, InvalidMetric, "this estimator does not measure 'latency'"),
])
def test_what_means_nothing_is_refused_when_it_is_made(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        EarlyStopping(**arguments)
