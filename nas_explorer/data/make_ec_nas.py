"""Make ec_nas.npz from a parquet table of single trainings: `python make_ec_nas.py TABLE [OUTPUT]`.

The columns expected of the table, and where their numbers come from, are told in the README beside this file.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

VERTICES = (4, 5)
OPERATIONS = ("conv3x3", "conv1x1", "maxpool3x3")
"""In the order of their codes."""
COLUMNS = {"validation_accuracy": "val_acc_4", "test_accuracy": "test_acc_4", "train_seconds": "train_time_s",
           "train_energy_kj": "energy_kj"}
"""Our name -> the source's column; one value a training."""


def arrays(table: pd.DataFrame) -> dict[str, npt.NDArray[Any]]:
    """Everything the package ships, by name; rows sorted by the source's hash, one for each cell."""
    made: dict[str, npt.NDArray[Any]] = {}
    for vertices in VERTICES:
        trainings = table[table["space"] == f"{vertices}V"].sort_values(["hash", "repeat"])
        cells = trainings.drop_duplicates("hash")
        drawn = [drawing(row.adjacency, row.ops, vertices) for row in cells.itertuples()]
        made[f"edges_{vertices}"] = np.array([edges for edges, _ in drawn], dtype=np.uint8)
        made[f"operations_{vertices}"] = np.array([operations for _, operations in drawn], dtype=np.uint8)
        made[f"parameter_count_{vertices}"] = cells["params"].to_numpy(np.int32)
        for ours, theirs in COLUMNS.items():
            made[f"{ours}_{vertices}"] = trainings[theirs].to_numpy(np.float32).reshape(len(cells), -1)
    return made


def drawing(adjacency: str, ops: str, vertices: int) -> tuple[list[int], list[int]]:
    """A cell as a drawing of so many vertices: which edges there are, and the operation of each inner vertex.

    Edges in the order 0→1, 0→2, 1→2, 0→3, ... A smaller cell leaves its last inner vertices without edges, with operation 0.
    """
    rows, names = adjacency.split("|"), ops.split(",")
    placed = [*range(len(names) - 1), vertices - 1]            # its vertices among those of the drawing: the last is the output
    there = {(placed[i], placed[j]) for i, row in enumerate(rows) for j, bit in enumerate(row) if bit == "1"}
    pairs = [(source, target) for target in range(1, vertices) for source in range(target)]
    if not there <= set(pairs):
        raise ValueError(f"an edge of {adjacency} goes backwards")
    inner = [OPERATIONS.index(name) for name in names[1:-1]]
    return [int(pair in there) for pair in pairs], list(itertools.islice(itertools.chain(inner, itertools.repeat(0)), vertices - 2))


def main(table: str, output: str | None = None) -> None:
    target = Path(output) if output else Path(__file__).with_name("ec_nas.npz")
    made: dict[str, Any] = arrays(pd.read_parquet(table))
    np.savez_compressed(target, **made)
    print(f"{target}: {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
