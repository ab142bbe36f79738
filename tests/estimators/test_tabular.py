"""The table against what was published, and its ranks and fronts against plain pandas and the definition."""

from __future__ import annotations

import math
import subprocess
import sys
from importlib import resources
from typing import Any

import moocore
import numpy as np
import pandas as pd
import pytest

from nas_explorer.errors import InvalidArchitecture, InvalidMetric, InvalidOption, InvalidSpace
from nas_explorer.estimators import Rank
from nas_explorer.estimators.nas_bench_201 import Dataset
from nas_explorer.estimators.tabular import Tabular
from nas_explorer.records import Metric, metric
from nas_explorer.spaces import Architecture, SearchSpace, chain, choice, cost, decisions, nas_bench_201, op, sample
from nas_explorer.spaces.library.nas_bench_201 import EDGES, arch_str, from_arch_str

DATASETS: tuple[Dataset, ...] = ("cifar10", "cifar100", "imagenet16_120")
RESNET = "|nor_conv_3x3~0|+|none~0|nor_conv_3x3~1|+|skip_connect~0|none~1|skip_connect~2|"


def raw(name: str) -> np.ndarray[Any, Any]:
    with resources.as_file(resources.files("nas_explorer") / "data" / "nas_bench_201.npz") as path, np.load(path) as arrays:
        array: np.ndarray[Any, Any] = arrays[name]
        return array


def measured(estimator: Tabular, architecture: Architecture) -> dict[str, float]:
    (measurement,) = estimator.evaluate(architecture)
    return dict(measurement.values)


def at_the_end(index: int) -> list[float]:
    """Validation and test accuracy after 200 epochs on the three data sets, to two decimals."""
    names = ("validation_accuracy@200_epochs", "test_accuracy@200_epochs")
    return [round(float(Tabular(dataset=dataset).column(name)[index]), 2) for dataset in DATASETS for name in names]


@pytest.mark.parametrize(("dataset", "validation", "test"), [
    ("cifar10", 91.61, 94.37), ("cifar100", 73.49, 73.51), ("imagenet16_120", 46.73, 47.31)])
def test_the_optimum_is_the_published_one(dataset: Any, validation: float, test: float) -> None:
    """NATS-Bench; the first paper's older table has 46.77 for ImageNet16-120 validation."""
    table = Tabular(dataset=dataset)
    assert round(table.optimum("validation_accuracy@200_epochs")[1], 2) == validation
    assert round(table.optimum()[1], 2) == test
    assert round(table.optimum("test_error@200_epochs")[1], 2) == round(100 - test, 2)


def test_the_skip_cell_is_the_published_result_of_darts() -> None:
    index = Tabular().index(Architecture(dict.fromkeys(EDGES, "skip")))
    assert at_the_end(index) == [39.77, 54.30, 15.03, 15.61, 16.43, 16.32]


def test_the_resnet_cell_is_number_11472_with_the_results_of_nats_bench() -> None:
    assert at_the_end(11472) == [90.86, 93.91, 70.50, 70.89, 44.10, 44.23]
    assert Tabular().index(from_arch_str(RESNET)) == 11472


def test_operations_and_costs_are_those_of_the_space() -> None:
    """200 random cells, seed 1, on all three data sets: the closed form of the space, not the table's own columns."""
    rng = np.random.default_rng(1)
    for dataset, classes, resolution in zip(DATASETS, (10, 100, 120), (32, 32, 16), strict=True):
        space, table = nas_bench_201(classes=classes, resolution=resolution), Tabular(dataset=dataset)
        for _ in range(70):
            architecture = sample(space, rng)
            values, expected = measured(table, architecture), cost(space, architecture)
            assert (values["parameter_count"], values["macs"]) == (expected.parameter_count, expected.macs)


def test_the_table_is_in_the_official_order() -> None:
    assert arch_str(Tabular().architecture(0)) == (
        "|avg_pool_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|")
    assert [Tabular().index(Tabular().architecture(i)) for i in range(0, 15625, 13)] == list(range(0, 15625, 13))


def test_a_search_on_cifar10_pays_for_half_of_the_images() -> None:
    """12 epochs of 25,000 images and one validation: 113 s on average, so 12,000 s are about 106 trials."""
    seconds = raw("cifar10_train_seconds_per_epoch").astype(float)
    assert Tabular().column("train_seconds") == pytest.approx((12 + 0.35) * seconds / 2, abs=6e-4)
    assert Tabular().column("train_seconds").mean() == pytest.approx(113, abs=0.5)
    assert Tabular(epochs=200).column("train_seconds") == pytest.approx((200 + 0.35) * seconds / 2, abs=6e-4)


def test_the_budgets_of_nats_bench_are_worth_as_many_trials_as_its_author_says() -> None:
    """About 180 evaluations in 40,000 s on CIFAR-100 and in 120,000 s on ImageNet16-120."""
    for dataset, budget in zip(DATASETS[1:], (40_000, 120_000), strict=True):
        assert budget / Tabular(dataset=dataset).column("train_seconds").mean() == pytest.approx(180, abs=5)


def test_an_evaluation_is_one_measurement_of_what_was_asked() -> None:
    table = Tabular().measuring(["test_accuracy", "validation_error", "latency_ms@raspi4"])
    (measurement,) = table.evaluate(from_arch_str(RESNET))
    assert measurement.step == 0
    standard = ["validation_error", "parameter_count", "macs", "train_seconds"]
    assert list(measurement.values) == [*standard, "test_accuracy", "latency_ms@raspi4"]
    assert [m.name for m in table.measured] == list(measurement.values)
    assert all(type(value) in (int, float) for value in measurement.values.values())


def test_accuracy_and_error_are_of_the_epochs_asked_for() -> None:
    architecture = from_arch_str(RESNET)
    early, late = (Tabular(epochs=epochs).measuring(["validation_accuracy", "test_error@200_epochs", "test_error"]) for epochs in (12, 200))
    at_12, at_200 = measured(early, architecture), measured(late, architecture)
    assert at_12["validation_accuracy"] < at_200["validation_accuracy"]
    for values in (at_12, at_200):
        assert math.isclose(values["validation_accuracy"] + values["validation_error"], 100)
    assert at_12["test_error@200_epochs"] == at_200["test_error@200_epochs"] == at_200["test_error"]


@pytest.mark.parametrize("name", ["test_accuracy@200_epochs", "validation_error", "latency_ms@samsung_s7", "parameter_count"])
def test_ranks_are_those_of_pandas(name: str) -> None:
    table = Tabular(dataset="cifar100")
    by = next(m for m in table.metrics if m.name == name)
    expected = pd.Series(table.column(name)).rank(method="min", ascending=by.minimize).to_numpy()
    for index in range(0, 15625, 97):
        rank = table.rank(table.architecture(index), name)
        assert rank == Rank(int(expected[index]), 15625, 100 * (15625 - expected[index] + 1) / 15625)


def test_the_true_rank_is_by_test_accuracy_after_200_epochs() -> None:
    best, accuracy = Tabular().optimum()
    assert Tabular().rank(best) == Rank(1, 15625, 100.0)
    assert accuracy == raw("cifar10_test_accuracy_200").max().round(4).astype(float).round(4)
    assert Tabular().final_metric.title == "test accuracy after 200 epochs (%)"


def test_equal_results_are_equal_numbers() -> None:
    """Every accuracy is a mean of fractions of so many images, so after 200 epochs there are few different values."""
    for dataset, part, images in zip(DATASETS, ("test", "validation", "test"), (10_000, 5_000, 3_000), strict=True):
        accuracy = Tabular(dataset=dataset).column(f"{part}_accuracy@200_epochs")
        counts = accuracy * images * 6 / 100
        assert np.abs(counts - np.rint(counts)).max() < 0.05
        assert len(np.unique(accuracy)) == len(np.unique(np.rint(counts)))


@pytest.mark.parametrize("names", [("validation_error", "latency_ms@raspi4"), ("test_accuracy@200_epochs", "parameter_count"),
                                   ("latency_ms@fpga", "macs", "test_accuracy")])
def test_the_true_front_is_what_the_definition_says(names: tuple[str, ...]) -> None:
    table = Tabular()
    costs = np.stack([metric(name).cost(1.0) * table.column(name) for name in names], axis=1)
    front = table.front(names)
    found = np.array([[metric(name).cost(value) for name, value in zip(names, values, strict=True)] for _, values in front])
    for point in found:                                        # nobody dominates a point of the front
        assert not (np.all(costs <= point, axis=1) & np.any(costs < point, axis=1)).any()
    for start in range(0, len(costs), 500):                    # and a point of the front is as good as any other everywhere
        assert np.any(np.all(found[:, None] <= costs[None, start:start + 500], axis=2), axis=0).all()
    assert len(front) == int(moocore.is_nondominated(costs).sum())
    assert [values[0] for _, values in front] == sorted((values[0] for _, values in front), reverse=not metric(names[0]).minimize)
    for architecture, values in front[:5]:
        assert [table.column(name)[table.index(architecture)] for name in names] == list(values)


def test_a_column_cannot_be_changed() -> None:
    for name in ("test_accuracy", "latency_ms@fpga", "parameter_count", "macs"):
        with pytest.raises(ValueError, match="read-only"):
            Tabular().column(name)[0] = 1


def test_latencies_are_the_decimals_that_were_measured() -> None:
    """HW-NAS-Bench prints these for cells 0 and 1, with six digits."""
    printed = {"raspi4": [10.4820, 54.7774], "pixel3": [3.60585, 17.2381], "eyeriss": [3.64562, 7.57778], "fpga": [2.57296, 5.31536]}
    for device, expected in printed.items():
        assert Tabular().column(f"latency_ms@{device}")[:2] == pytest.approx(expected, rel=5e-6)
    assert Tabular().column("latency_ms@fpga")[:2].tolist() == printed["fpga"]       # not 2.572959899902344


def test_the_latency_of_small_images_is_not_offered_for_other_images() -> None:
    assert sum(m.name.startswith("latency_ms@") for m in Tabular(dataset="cifar100").metrics) == 27
    with pytest.raises(InvalidMetric, match="does not measure 'latency_ms@raspi4'"):
        Tabular(dataset="imagenet16_120").measuring(["latency_ms@raspi4"])


@pytest.mark.parametrize(("options", "message"), [
    ({"dataset": "cifar"}, "dataset must be one of cifar10, cifar100, imagenet16_120, got 'cifar'"),
    ({"dataset": None}, "dataset must be one of"),
    ({"epochs": 100}, "epochs must be one of 12, 200, got 100"),
    ({"epochs": 12.0}, "epochs must be one of"),
    ({"epochs": True}, "epochs must be one of"),
    ({"epochs": "12"}, "epochs must be one of"),
    ({"benchmark": "nas_bench_101"}, "benchmark must be one of nas_bench_201"),
    ({"also": "macs"}, "also must be a list of texts"),
    ({"also": (1,)}, "also must be a list of texts"),
])
def test_options_that_the_table_does_not_have_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        Tabular(**options)


def test_an_unknown_metric_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidMetric, match=r"not measure 'latency_ms@raspi3'; did you mean 'latency_ms@raspi4'\? It measures valid"):
        Tabular().measuring(["latency_ms@raspi3"])
    for ask in (Tabular().column, Tabular().optimum):
        with pytest.raises(InvalidMetric, match="does not measure 'energy_mj'"):
            ask("energy_mj")


@pytest.mark.parametrize("architecture", [
    Architecture({}), Architecture(dict.fromkeys(EDGES, "sep_conv_3x3")), Architecture(dict.fromkeys(EDGES[:5], "skip")),
    Architecture({**dict.fromkeys(EDGES, "skip"), "cell/0→4": "skip"}),
])
def test_an_architecture_of_another_space_is_refused(architecture: Architecture) -> None:
    with pytest.raises(InvalidArchitecture, match="the table holds cells of NAS-Bench-201: one of none, skip, conv_1x1"):
        next(Tabular().evaluate(architecture))


@pytest.mark.parametrize("index", [-1, 15625])
def test_an_index_out_of_the_table_is_refused(index: int) -> None:
    with pytest.raises(InvalidArchitecture, match="the table holds cells 0 to 15,624, got"):
        Tabular().architecture(index)


def _sixth_operation() -> SearchSpace:
    six = choice("none", "skip", op("conv", kernel=1), op("conv", kernel=3), op("avg_pool", kernel=3), op("max_pool", kernel=3))
    return nas_bench_201().edit("cell", lambda cell: cell.edge("0", "3", six))


@pytest.mark.parametrize(("space", "message"), [
    (chain(), "'chain' asks for 'channels', which the table does not know; the table holds NAS-Bench-201 only"),
    (nas_bench_201(channels=8), "has 16 channels and 5 cells a stage"),
    (nas_bench_201(cells=3), "has 16 channels and 5 cells a stage"),
    (_sixth_operation(), "offers 'max_pool_3x3' on cell/0→3; the table holds none, skip, conv_1x1"),
    (nas_bench_201().edit("cell", lambda cell: cell.edge("0", "3", "skip")), "leaves no choice on cell/0→3"),
    (nas_bench_201().edit("cell", lambda cell: cell.change("3", merge="mean")), "is joined otherwise than that of NAS-Bench-201"),
])
def test_a_space_that_the_table_does_not_cover_is_refused(space: SearchSpace, message: str) -> None:
    with pytest.raises(InvalidSpace, match=message):
        Tabular().check_space(space)


def test_a_space_with_fewer_operations_or_another_classifier_is_covered() -> None:
    narrower = nas_bench_201().edit("cell", lambda cell: cell.edge("0", "3", choice("skip", op("conv", kernel=3))))
    Tabular().check_space(narrower)
    Tabular(dataset="imagenet16_120").check_space(nas_bench_201(classes=120, resolution=16))
    assert len(decisions(narrower)) == 6
    assert measured(Tabular(), sample(narrower, np.random.default_rng(0)))["macs"] > 0


def test_the_names_of_metrics_are_told_apart_by_their_titles() -> None:
    titles = [m.title for m in Tabular().metrics]
    assert len(set(titles)) == len(titles) == 8 + 3 + 27
    assert all(isinstance(m, Metric) for m in Tabular().metrics)


def test_a_table_needs_no_torch() -> None:
    program = ("import sys; from nas_explorer.estimators import Tabular; table = Tabular(); next(table.evaluate(table.architecture(7)));"
               "assert not {'torch', 'optuna', 'pandas'} & set(sys.modules), 'loaded too much'")
    subprocess.run([sys.executable, "-c", program], check=True)
