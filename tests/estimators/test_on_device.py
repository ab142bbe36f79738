"""Latency and energy beside what another estimator measures."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from nas_explorer.errors import DeviceMissing, InvalidOption, InvalidSpace
from nas_explorer.estimators import CATALOG, OnDevice, Tabular, Training
from nas_explorer.estimators.protocol import foreseen
from nas_explorer.models import DeviceTable, device_table, fit
from nas_explorer.records import Measurement
from nas_explorer.search.search import Search
from nas_explorer.spaces import Architecture, SearchSpace, load, nas_bench_201, sample
from nas_explorer.tasks import load as load_task
from tests.toys import CountOff, switches

ONE_EPOCH = {"name": "training", "options": {"epochs": 1}}


def some(space: SearchSpace) -> Architecture:
    return sample(space, np.random.default_rng(0))


@pytest.fixture(scope="module")
def table() -> DeviceTable:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)             # the machine that tests may be busy
        return device_table(load("digits_cells"), load_task("digits"), architectures=8)


def test_a_network_is_clocked_and_trained() -> None:
    space = load("digits_cells")
    estimator = OnDevice(ONE_EPOCH).for_space(space)
    (measurement,) = estimator.evaluate(some(space))
    assert measurement.step == 1
    assert 0 < measurement.values["latency_ms"] < 1000
    assert [*measurement.values] == [m.name for m in estimator.metrics]
    (alone,) = Training(epochs=1).for_space(space).evaluate(some(space))
    assert measurement.values["validation_error"] == alone.values["validation_error"]


def test_a_larger_network_takes_longer() -> None:
    space = load("digits_cells")
    estimator = OnDevice(ONE_EPOCH).for_space(space)
    edges = list(some(space))
    quick, slow = (estimator._clocked(Architecture(dict.fromkeys(edges, option)))["latency_ms"] for option in ("skip", "conv_3x3"))
    assert slow > 1.5 * quick


def test_with_a_table_the_latency_is_predicted_and_known_before(table: DeviceTable) -> None:
    space = load("digits_cells")
    estimator = OnDevice(ONE_EPOCH, table=table).for_space(space)
    (measurement,) = estimator.evaluate(some(space))
    known = estimator.foresee(some(space))
    assert measurement.values["latency_ms"] == known["latency_ms"] == table.predict(some(space)).value
    assert known["parameter_count"] == measurement.values["parameter_count"]
    assert known["macs"] == measurement.values["macs"]


def test_without_a_table_the_latency_is_not_known_before() -> None:
    space = load("digits_cells")
    assert {*OnDevice(ONE_EPOCH).for_space(space).foresee(some(space))} == {"parameter_count", "macs"}
    cached = CATALOG.make("cached", {"estimator": ONE_EPOCH}).for_space(space)  # type: ignore[attr-defined]
    assert {*foreseen(cached, some(space))} == {"parameter_count", "macs"}
    assert foreseen(CountOff(), some(switches())) == {}


def test_a_run_folder_keeps_the_table(table: DeviceTable, tmp_path: Path) -> None:
    table.save(tmp_path / "cpu.json")
    estimator = OnDevice(table=str(tmp_path / "cpu.json"))
    assert estimator == OnDevice(table=table)  # type: ignore[arg-type]
    spec = json.loads(json.dumps(CATALOG.spec(estimator)))
    (tmp_path / "cpu.json").unlink()
    assert CATALOG.make(spec["name"], spec["options"]) == estimator


def test_a_table_of_other_shapes_is_refused(table: DeviceTable) -> None:
    space = load("digits_cells")
    with pytest.raises(InvalidSpace, match="'digits_cells' at other shapes or with other options"):
        OnDevice({"name": "training", "options": {"task": "fashion_mnist"}}, table=table).check_space(space)  # type: ignore[arg-type]
    assert table.space == fit(space, load_task("digits"))


def test_wrong_settings_are_refused_in_words(table: DeviceTable) -> None:
    with pytest.raises(InvalidOption, match="device must be cpu, cuda"):
        OnDevice(device="tpu")
    with pytest.raises(InvalidOption, match="the table is of device 'cpu', and device='cuda' was asked for"):
        OnDevice(device="cuda", table=table)  # type: ignore[arg-type]
    with pytest.raises(InvalidOption, match="energy must be True or False"):
        OnDevice(energy=1)  # type: ignore[arg-type]
    with pytest.raises(InvalidOption, match="only for device='cpu', got device='cuda'"):
        OnDevice(device="cuda", energy=True)
    with pytest.raises(InvalidOption, match="the estimator inside measures latency_ms already"):
        OnDevice(CountOff())
    with pytest.raises(InvalidOption, match="must know the space"):
        next(OnDevice(ONE_EPOCH).evaluate(some(switches())))


def test_a_machine_without_counters_fails_the_trial_and_trains_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("nas_explorer.models.energy.energy_mj.__kwdefaults__", {"seconds": 0.1, "root": tmp_path})
    space = load("digits_cells")
    estimator = OnDevice(ONE_EPOCH, energy=True).for_space(space)
    assert "energy_mj" in [m.name for m in estimator.metrics]
    with pytest.raises(DeviceMissing, match="energy_mj needs hardware counters"):
        next(estimator.evaluate(some(space)))


def test_what_is_asked_of_the_estimator_inside_is_passed_on() -> None:
    inside = OnDevice({"name": "tabular", "options": {}}).measuring(["latency_ms", "test_accuracy", "latency_ms@raspi4"])
    assert inside.wrapped == Tabular(also=("test_accuracy", "latency_ms@raspi4"))
    measurement: Measurement = next(inside.for_space(nas_bench_201()).evaluate(some(nas_bench_201())))
    assert {"latency_ms", "latency_ms@raspi4", "test_accuracy"} <= {*measurement.values}


def test_a_search_weighs_error_against_this_machines_latency(folder: Path) -> None:
    search = Search("digits_cells", "random_search", OnDevice(ONE_EPOCH), ["validation_error", "latency_ms"], budget=2, run=folder)
    assert [event for event in search.events() if event.kind == "trial_failed"] == []
    assert all(trial.values["latency_ms"] > 0 for trial in search.front)
