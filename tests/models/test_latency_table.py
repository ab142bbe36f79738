"""A latency table knows every part of a space's networks, and predicts their sum."""

from __future__ import annotations

import json
import math
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nas_explorer.errors import InvalidOption, InvalidSpace
from nas_explorer.models import DeviceTable, device_table, load_table
from nas_explorer.models.device_fit import accuracy_of, fitted
from nas_explorer.models.latency_table import table_from_json
from nas_explorer.models.network import Network
from nas_explorer.models.profiles import inputs_of, parts, profile
from nas_explorer.spaces import SearchSpace, Shape, facts, load, plan, sample
from nas_explorer.tasks import load as load_task
from tests.toys import switches


@pytest.fixture(scope="module")
def table() -> DeviceTable:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)             # the machine that tests may be busy
        return device_table(switches(), architectures=8)


@pytest.mark.parametrize("name", ["digits_cells", "transformer", "enas_rnn", "tabular_mlp", "nas_bench_101"])
def test_every_part_of_any_network_is_profiled(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """30 random networks of each space, seed 0. The clock is left out: only what would be measured is asked."""
    monkeypatch.setattr("nas_explorer.models.profiles.forward_pass", lambda module, values, *_: module(*values))
    space = load(name, vertices=4, channels=8, cells=1) if name == "nas_bench_101" else load(name)
    known, rng = profile(space), np.random.default_rng(0)
    for _ in range(30):
        assert {*parts(plan(space, sample(space, rng)))} <= known.keys()


def test_parts_are_what_is_run() -> None:
    """Two skips and a convolution in one cell: the branch that ends nowhere is not run, a sum of three adds twice."""
    space = load("digits_cells")
    drawn = {"cell/0→1": "skip", "cell/0→2": "conv_3x3", "cell/1→2": "none", "cell/0→3": "skip", "cell/1→3": "skip", "cell/2→3": "none"}
    ran = [*parts(plan(space, drawn))]
    assert not [part for part in ran if "8×8 → 8×8" in part and "relu-conv-bn" in part]
    assert ran.count("sum of 2 8×8") == 1
    live = [*parts(plan(space, {**drawn, "cell/2→3": "skip"}))]
    assert live.count("sum of 2 8×8") == 2
    assert len([part for part in live if "8×8 → 8×8 /1" in part and "relu-conv-bn" in part]) == 1


def test_a_network_reads_an_example_of_its_inputs() -> None:
    for name in ("transformer", "enas_rnn", "digits_cells"):
        space = load(name)
        steps = plan(space, sample(space, np.random.default_rng(0)))
        assert len(Network(steps).eval()(*inputs_of(steps))) == 1


def test_a_prediction_is_the_sum_of_the_parts(table: DeviceTable) -> None:
    architecture = dict.fromkeys((f"layer{i}.op" for i in range(6)), "conv_3x3")
    (known,) = set(parts(plan(table.space, architecture)))
    predicted = table.predict(architecture)
    assert predicted.value == pytest.approx(table.base_ms + table.scale * 6 * table.parts_ms[known])
    assert predicted.low < predicted.value < predicted.high
    assert not predicted.exact


def test_networks_that_the_table_was_not_fitted_to_are_in_the_right_order(table: DeviceTable) -> None:
    """From none to six convolutions: the differences are so large that no busy machine hides them."""
    assert table.accuracy.count == 4
    assert table.accuracy.correlation > 0.5
    ordered = [table.predict({f"layer{i}.op": "conv_3x3" if i < count else "skip" for i in range(6)}).value for count in range(7)]
    assert ordered == sorted(ordered)


def test_a_table_tells_the_editor_and_the_facts_what_operations_take(table: DeviceTable) -> None:
    *_, found = facts(table.space, {"latency_ms": 1e6}, device=table)
    (known,) = [ms for part, ms in table.parts_ms.items() if part.startswith("conv")]
    assert found.ranges["latency_ms"].most == pytest.approx(6 * table.scale * known)
    with pytest.raises(InvalidSpace, match=r"has no 'conv\(kernel=9\)"):
        table("conv", Shape(4, 1, 8, 2), Shape(4, 1, 8, 2), 1, {"kernel": 9})


def test_a_table_comes_back_from_its_file(table: DeviceTable, tmp_path: Path) -> None:
    table.save(tmp_path / "cpu.json")
    assert load_table(tmp_path / "cpu.json") == table
    assert json.loads((tmp_path / "cpu.json").read_text())["machine"] == table.machine


@pytest.mark.parametrize(("changed", "words"), [
    ({"format": 99}, "no latency table of format 1"),
    ({"parts_ms": [1]}, "damaged: AttributeError"),
    ({"accuracy": {}}, "damaged: TypeError"),
    ({"device": "abacus"}, "device must be cpu"),
])
def test_a_file_that_is_no_table_is_refused(table: DeviceTable, changed: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidOption, match=words):
        table_from_json({**table.to_json(), **changed})


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table.json").write_text("{")
    for path in (tmp_path / "table.json", tmp_path / "nowhere.json"):
        with pytest.raises(InvalidOption, match=r"\.json is no latency table"):
            load_table(path)


def test_a_busy_machine_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    from nas_explorer.models import latency_table
    from nas_explorer.models.stopwatch import Latency

    busy = Latency(1.0, 1.0, 1.0, 3.0, 1.0, 10, 0.9)
    monkeypatch.setattr(latency_table, "profile", lambda *_: {"conv": busy})
    monkeypatch.setattr(latency_table, "forward_pass", lambda *_: busy)
    monkeypatch.setattr(latency_table, "parts", lambda _: ["conv"])
    with pytest.warns(UserWarning, match="this machine is busy.*9 of 9 measurements were disturbed"):
        device_table(switches(), architectures=8)


def test_the_shapes_are_those_of_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    from nas_explorer.models import latency_table
    from nas_explorer.models.stopwatch import Latency

    asked: list[SearchSpace] = []
    quick = Latency(1.0, 1.0, 1.0, 1.0, 1.0, 10, 0.0)
    monkeypatch.setattr(latency_table, "profile", lambda space, *_: asked.append(space) or {})
    monkeypatch.setattr(latency_table, "forward_pass", lambda *_: quick)
    monkeypatch.setattr(latency_table, "parts", lambda _: [])
    with pytest.raises(InvalidOption, match="architectures must be a whole number of at least 8, got 3"):
        device_table(load("digits_cells"), architectures=3)
    with np.errstate(all="ignore"):
        made = device_table(load("digits_cells"), load_task("fashion_mnist"), architectures=8)
    assert made.space.resolution == asked[0].resolution == 28


def test_two_numbers_are_fitted_and_judged_on_others() -> None:
    sums = np.array([1.0, 2.0, 4.0])
    assert fitted(sums, 0.5 + 1.2 * sums) == pytest.approx((0.5, 1.2))
    assert fitted(np.ones(3), np.array([2.0, 2.2, 1.8])) == pytest.approx((0.0, 2.0))
    assert fitted(sums, 2 * sums - 0.5)[0] == 0.0                    # no latency is negative
    judged = accuracy_of(np.array([1.0, 2.0, 4.0]), np.array([1.1, 1.8, 4.0]))
    assert (judged.count, judged.tau) == (3, 1.0)
    assert judged.percent_off == pytest.approx(100 * (1 / 11 + 2 / 18 + 0) / 3)
    assert judged.spread == pytest.approx(math.sqrt((0.1**2 + 0.1**2) / 3))
    assert accuracy_of(np.ones(3), np.ones(3)).tau == 0.0


def test_an_interval_is_never_below_nothing(table: DeviceTable) -> None:
    wild = replace(table, accuracy=replace(table.accuracy, spread=3.0))
    assert wild.predict({f"layer{i}.op": "conv_3x3" for i in range(6)}).low == 0.0
