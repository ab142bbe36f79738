"""A proxy task is declared, changes nothing else, and says how well it ranks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import kendalltau

from nas_explorer.errors import InvalidOption, InvalidSpace
from nas_explorer.estimators.reduced import Reduced, agreement, compared, reduced_space, reduced_task
from nas_explorer.estimators.training import Training
from nas_explorer.spaces import Architecture, chain, cost, decisions, load, nas_bench_201, sample
from nas_explorer.spaces.library.nas_bench_201 import EDGES
from nas_explorer.tasks import load as load_task

CELLS = load("digits_cells")
ALIVE = Architecture({edge: "conv_3x3" if edge == "cell/0→3" else "skip" for edge in EDGES})


def test_without_a_reduction_it_is_the_full_training() -> None:
    full, same = (list(estimator.for_space(CELLS).evaluate(ALIVE)) for estimator in (Training(epochs=1), Reduced(Training(epochs=1))))
    assert full[0].values["validation_error"] == same[0].values["validation_error"]


def test_the_small_network_is_trained_and_the_full_one_is_counted() -> None:
    estimator = Reduced({"name": "training", "options": {"epochs": 3}}, epochs=1, data_share=0.25, width=0.5).for_space(CELLS)
    (seen,) = estimator.evaluate(ALIVE)
    assert seen.values["parameter_count"] == cost(CELLS, ALIVE).parameter_count
    small = estimator._small.learner(ALIVE)
    assert sum(p.numel() for p in small.network.parameters()) == cost(reduced_space(CELLS, 0.5, 1.0), ALIVE).parameter_count
    assert estimator.wrapped.epochs == 3


def test_every_class_keeps_its_share_and_what_is_measured_stays() -> None:
    task = load_task("digits")
    small = reduced_task(task, 0.1, None)
    full_counts, counts = (np.bincount(part.targets) for part in (task.train, small.train))
    assert counts.tolist() == [math.ceil(0.1 * count) for count in full_counts]
    assert small.validation is task.validation
    rows = {row.tobytes() for row in task.train.inputs}
    assert all(row.tobytes() in rows for row in small.train.inputs)


def test_smaller_images_are_small_in_every_part() -> None:
    small = reduced_task(load_task("digits"), 1.0, 4)
    assert {part.inputs.shape[1:] for part in (small.train, small.validation, small.test)} == {(1, 4, 4)}
    (seen,) = Reduced(Training(epochs=1), data_share=0.2, side=4).for_space(CELLS).evaluate(ALIVE)
    assert seen.values["macs"] == cost(CELLS, ALIVE).macs


def test_fewer_cells_leave_the_decisions_as_they_are() -> None:
    space = nas_bench_201()
    small = reduced_space(space, 0.25, 0.2)
    assert decisions(small) == decisions(space)
    assert small == nas_bench_201(channels=4, cells=1)


def test_agreement_is_kendall_s_tau_with_its_interval() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(size=30)
    values = np.stack([truth, truth + rng.normal(size=30)], axis=1)
    found = compared(values, np.stack([np.full(30, 8.0), np.full(30, 2.0)], axis=1), rng)
    assert found.tau == kendalltau(values[:, 0], values[:, 1]).statistic
    assert found.low < found.tau < found.high <= 1
    assert (found.count, found.speedup) == (30, 4.0)
    assert math.isnan(compared(np.ones((5, 2)), np.ones((5, 2)), rng).tau)


def test_a_reduction_is_tried_on_a_few_networks() -> None:
    found = agreement(Reduced(Training(epochs=1, seeds=1), data_share=0.5), CELLS, count=3)
    assert -1 <= found.tau <= 1 or math.isnan(found.tau)
    assert found.count == 3
    assert found.speedup > 1


def test_what_cannot_be_reduced_is_refused() -> None:
    with pytest.raises(InvalidOption, match="a proxy task is a reduction of a training, got Tabular"):
        Reduced("tabular")
    with pytest.raises(InvalidOption, match="data_share must be a number above 0 and at most 1, got 2"):
        Reduced(data_share=2)
    with pytest.raises(InvalidOption, match="side is for images, and the task 'breast_cancer' is a table"):
        Reduced(Training("breast_cancer"), side=4)
    with pytest.raises(InvalidSpace, match="'digits_cells' repeats no cell"):
        Reduced(depth=0.5).check_space(CELLS)
    with pytest.raises(InvalidSpace, match="'chain' chooses its channels"):
        Reduced(width=0.5).check_space(chain())
    with pytest.raises(InvalidOption, match=r"Reduced\(...\).for_space\(space\)"):
        next(Reduced().evaluate(sample(CELLS, np.random.default_rng(0))))
