"""The maker of the bundled table, and what the README beside it says."""

from __future__ import annotations

from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nas_explorer.data.make_nas_bench_201 import DATASETS, EDGES, arrays, on_the_grid

DATA = resources.files("nas_explorer") / "data"


@pytest.fixture(scope="module")
def bundled() -> dict[str, Any]:
    with resources.as_file(DATA / "nas_bench_201.npz") as path, np.load(path) as file:
        return dict(file)


def tables(bundled: dict[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The bundled arrays, put back into columns as the maker expects them."""
    table: dict[str, Any] = {"index": np.arange(len(bundled["operations"]))}
    table |= {edge: bundled["operations"][:, i] for i, edge in enumerate(EDGES)}
    for dataset, prefix in DATASETS.items():
        table[f"{prefix}_params"] = bundled[f"{dataset}_parameter_count"]
        table[f"{prefix}_flops"] = bundled[f"{dataset}_flops"]
        table[f"{prefix}_train_s_per_epoch"] = bundled[f"{dataset}_train_seconds_per_epoch"]
        for part, short in (("validation", "val"), ("test", "test")):
            for epochs in (12, 200):
                table[f"{prefix}_{short}_acc_{epochs}"] = bundled[f"{dataset}_{part}_accuracy_{epochs}"]
    latency = {f"{name.removeprefix('latency_ms@')}_ms": values for name, values in bundled.items() if name.startswith("latency")}
    return pd.DataFrame(table), pd.DataFrame({"index": table["index"], **latency})


def test_the_maker_makes_the_bundled_file(bundled: dict[str, Any]) -> None:
    made = arrays(*tables(bundled))
    assert made.keys() == bundled.keys()
    for name, values in made.items():
        assert values.dtype == bundled[name].dtype
        np.testing.assert_array_equal(values, bundled[name], err_msg=name)


def test_rows_in_another_order_are_refused(bundled: dict[str, Any]) -> None:
    table, latency = tables(bundled)
    with pytest.raises(ValueError, match="in the order of `index` from 0"):
        arrays(table.iloc[::-1], latency)


def test_equal_results_become_equal_and_impossible_ones_are_refused() -> None:
    third = 100 / 30_000
    assert len(np.unique(on_the_grid(np.array([17 * third, 17 * third + 4e-6]), 10_000))) == 1
    with pytest.raises(ValueError, match="no mean over 10,000 images gives"):
        on_the_grid(np.array([17 * third + 8e-4]), 10_000)


def test_the_readme_and_the_licence_speak_of_every_array(bundled: dict[str, Any]) -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    for name in bundled:
        base = name.partition("@")[2] if "@" in name else name
        for dataset in DATASETS:
            base = base.removeprefix(f"{dataset}_")
        word = base.removesuffix("_12").removesuffix("_200") if "accuracy" in base else base
        assert word in readme or word.rsplit("_", 1)[0] in readme, word
    licence = (DATA / "LICENSE-nas_bench_201.txt").read_text(encoding="utf-8")
    assert all(owner in licence for owner in ("Xuanyi Dong", "BayesWatch", "FreeREA", "HayeonLee", "GaTech-EIC"))
