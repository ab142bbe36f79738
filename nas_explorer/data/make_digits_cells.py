"""Train all 729 architectures of `digits_cells` with three seeds, and make digits_cells.npz: `python make_digits_cells.py LOG [OUTPUT]`.

Takes about an hour of one core. LOG keeps one line an architecture; run again with the same LOG, it goes on where it was.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from nas_explorer.estimators.training import Training
from nas_explorer.models.language import cost_for
from nas_explorer.spaces import Architecture, SearchSpace, enumerate_architectures
from nas_explorer.spaces.library.digits_cells import digits_cells

EPOCHS = 9                 # 1, 3 and 9 are the rungs of successive halving by thirds
SEEDS = 3
WARM_UP, REPEATS = 5, 30   # forward passes of one image, for its latency


def trained(space: SearchSpace, architecture: Architecture) -> dict[str, Any]:
    """Learning curves, (seeds, epochs) each, and what the network costs."""
    curves: dict[str, list[list[float]]] = {"validation_error": [], "validation_loss": [], "test_error": [], "train_loss": []}
    started = time.process_time()
    for seed in range(SEEDS):
        training = Training("digits", EPOCHS, seed=seed).for_space(space)
        learner = training.learner(architecture)
        for curve in curves.values():
            curve.append([])
        for _ in range(EPOCHS):
            curves["train_loss"][-1].append(learner.train_epoch())
            scores = learner.score(training.data.validation)
            curves["validation_error"][-1].append(scores["error"])
            curves["validation_loss"][-1].append(scores["loss"])
            curves["test_error"][-1].append(learner.score(training.data.test)["error"])
    seconds = (time.process_time() - started) / SEEDS / EPOCHS
    cost = cost_for(space, architecture, training.data)
    return curves | {"parameter_count": cost.parameter_count, "macs": cost.macs, "latency_ms": latency_ms(learner.network),
                     "train_seconds_per_epoch": seconds}


def latency_ms(network: nn.Module) -> float:
    """Median of the CPU time of one image's forward pass, one thread."""
    network.eval()
    image = torch.zeros(1, 1, 8, 8)
    taken = []
    with torch.inference_mode():
        for _ in range(WARM_UP + REPEATS):
            before = time.process_time()
            network(image)
            taken.append(1000 * (time.process_time() - before))
    return statistics.median(taken[WARM_UP:])


def arrays(rows: Mapping[int, Mapping[str, Any]]) -> dict[str, npt.NDArray[Any]]:
    """Everything the package ships, by name; rows in the order of `enumerate_architectures`."""
    kinds = {"parameter_count": np.int32, "macs": np.int32}
    return {name: np.array([rows[index][name] for index in range(len(rows))], dtype=kinds.get(name, np.float32)) for name in rows[0]}


def read(log: Path) -> dict[int, dict[str, Any]]:
    lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    return {line.pop("index"): line for line in lines}


def main(log: str, output: str | None = None) -> None:
    torch.set_num_threads(1)
    space, kept = digits_cells(), Path(log)
    rows = read(kept)
    every = list(enumerate_architectures(space))
    for index, architecture in enumerate(every):
        if index not in rows:
            rows[index] = trained(space, architecture)
            with kept.open("a") as file:
                file.write(json.dumps({"index": index, **rows[index]}) + "\n")
    target = Path(output) if output else Path(__file__).with_name("digits_cells.npz")
    made: dict[str, Any] = arrays(rows)
    np.savez_compressed(target, **made)
    print(f"{target}: {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
