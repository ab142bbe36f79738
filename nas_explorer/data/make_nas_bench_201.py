"""Make nas_bench_201.npz from two parquet tables: `python make_nas_bench_201.py TABLE LATENCY [OUTPUT]`.

The columns expected of both tables, and where their numbers come from, are told in the README beside this file.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

DATASETS = {"cifar10": "c10", "cifar100": "c100", "imagenet16_120": "in16"}
"""Our name -> prefix of the source's columns."""
IMAGES = {
    ("cifar10", "validation"): 25_000, ("cifar10", "test"): 10_000,
    ("cifar100", "validation"): 5_000, ("cifar100", "test"): 5_000,
    ("imagenet16_120", "validation"): 3_000, ("imagenet16_120", "test"): 3_000,
}
EDGES = ("e01", "e02", "e12", "e03", "e13", "e23")


def arrays(table: pd.DataFrame, latency: pd.DataFrame) -> dict[str, npt.NDArray[np.generic]]:
    """Everything the package ships, by name; rows in the benchmark's own order."""
    if not (np.array_equal(table["index"], np.arange(len(table))) and np.array_equal(latency["index"], table["index"])):
        raise ValueError("both tables must hold every architecture once, in the order of `index` from 0")
    made: dict[str, npt.NDArray[np.generic]] = {"operations": table[list(EDGES)].to_numpy(np.uint8)}
    for dataset, prefix in DATASETS.items():
        made[f"{dataset}_parameter_count"] = table[f"{prefix}_params"].to_numpy(np.int32)
        made[f"{dataset}_flops"] = table[f"{prefix}_flops"].to_numpy(np.int32)
        made[f"{dataset}_train_seconds_per_epoch"] = table[f"{prefix}_train_s_per_epoch"].to_numpy(np.float32)
        for part, short in (("validation", "val"), ("test", "test")):
            for epochs in (12, 200):
                percent = table[f"{prefix}_{short}_acc_{epochs}"].to_numpy(np.float64)
                made[f"{dataset}_{part}_accuracy_{epochs}"] = on_the_grid(percent, IMAGES[dataset, part])
    for column in latency.columns.drop("index"):
        made[f"latency_ms@{column.removesuffix('_ms')}"] = latency[column].to_numpy(np.float32)
    return made


def on_the_grid(percent: npt.NDArray[np.float64], images: int) -> npt.NDArray[np.float32]:
    """Accuracies moved to the nearest value that means over 1, 2, 3 or 6 trainings can take.

    The sources went through different arithmetic, so that equal results differ in their last digits; here they are equal.
    """
    step = 100 / (6 * images)
    snapped = np.rint(percent / step) * step
    if np.abs(snapped - percent).max() > 6e-6:
        raise ValueError(f"there are accuracies that no mean over {images:,} images gives")
    return snapped.astype(np.float32)


def main(table: str, latency: str, output: str | None = None) -> None:
    target = Path(output) if output else Path(__file__).with_name("nas_bench_201.npz")
    made: dict[str, Any] = arrays(pd.read_parquet(table), pd.read_parquet(latency))
    np.savez_compressed(target, **made)
    print(f"{target}: {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
