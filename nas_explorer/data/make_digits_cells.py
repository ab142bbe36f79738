"""Train all 99 networks of `digits_cells` again and again, and make digits_cells.npz: `python make_digits_cells.py LOG [OUTPUT]`.

Takes a minute and a half of one core for each seed. LOG keeps one line a training; run again with the same LOG, it goes on where
it was.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from nas_explorer.estimators.training import Training
from nas_explorer.models.language import cost_for
from nas_explorer.models.network import Network
from nas_explorer.models.profiles import inputs_of
from nas_explorer.models.stopwatch import forward_pass
from nas_explorer.spaces import Architecture, SearchSpace, canonical, enumerate_architectures, plan
from nas_explorer.spaces.library.digits_cells import digits_cells

SEEDS = 5
EPOCHS = 9                 # 1, 3 and 9 are the rungs of successive halving by thirds
# Two fifths to validate and two to test: what is left to learn from makes networks differ, and many examples score them finely.
TASK = {"name": "digits", "options": {"scored_share": 0.4}}
# A cosine from the first step on: with a warm-up to high rates, the errors of the first epochs say nothing about the last.
RECIPE = {"batch_size": 32, "learning_rate": 0.03, "schedule": "cosine"}


def training(seed: int) -> Training:
    """The training that the table holds, of one seed."""
    return Training(TASK, EPOCHS, RECIPE, seed=seed)


def networks(space: SearchSpace) -> tuple[list[Architecture], list[int]]:
    """One architecture for each network there is, the first that has the fewest parameters; and for every architecture, which it is."""
    drawn: defaultdict[str | None, list[Architecture]] = defaultdict(list)
    keys = []
    for architecture in enumerate_architectures(space):
        keys.append(canonical(space, architecture))
        drawn[keys[-1]].append(architecture)
    chosen = [min(same, key=lambda one: plan(space, one).cost().parameter_count) for same in drawn.values()]
    places = {key: place for place, key in enumerate(drawn)}
    return chosen, [places[key] for key in keys]


def trained(space: SearchSpace, architecture: Architecture, seed: int) -> dict[str, Any]:
    """The learning curves of one training, its test error in the end, and CPU seconds an epoch."""
    estimator = training(seed).for_space(space)
    learner = estimator.learner(architecture)
    curves: dict[str, list[float]] = {"train_loss": [], "validation_error": [], "validation_loss": []}
    seconds = []
    for _ in range(EPOCHS):
        started = time.process_time()
        curves["train_loss"].append(learner.train_epoch())
        seconds.append(time.process_time() - started)
        scores = learner.score(estimator.data.validation)
        curves["validation_error"].append(scores["error"])
        curves["validation_loss"].append(scores["loss"])
    test = learner.score(estimator.data.test)
    return curves | {"test_error": test["error"], "test_loss": test["loss"], "train_seconds_per_epoch": statistics.median(seconds)}


def arrays(lines: Sequence[Mapping[str, Any]], space: SearchSpace) -> dict[str, npt.NDArray[Any]]:
    """Everything the package ships, by name. Only seeds with which every network was trained."""
    chosen, which = networks(space)
    known = {(line["seed"], line["network"]): line for line in lines}
    seeds = [seed for seed in range(SEEDS) if all((seed, network) in known for network in range(len(chosen)))]
    made: dict[str, npt.NDArray[Any]] = {"network": np.array(which, dtype=np.uint8)}
    costs = [cost_for(space, architecture, training(0).data) for architecture in enumerate_architectures(space)]
    made["parameter_count"], made["macs"] = (np.array(values, dtype=np.int32) for values in zip(*costs, strict=True))
    for name in ("train_loss", "validation_error", "validation_loss", "test_error", "test_loss", "train_seconds_per_epoch"):
        made[name] = np.array([[known[seed, network][name] for seed in seeds] for network in range(len(chosen))], dtype=np.float32)
    made["train_seconds_per_epoch"] = np.median(made["train_seconds_per_epoch"], axis=1)
    return made


def latencies_ms(space: SearchSpace) -> npt.NDArray[np.float32]:
    """(99,) CPU time of one image's forward pass, one thread, on this machine: the least of three medians."""
    plans = [plan(space, architecture) for architecture in networks(space)[0]]
    taken = [[forward_pass(Network(steps), inputs_of(steps), "cpu", seconds=0.2).ms for steps in plans] for _ in range(3)]
    least: npt.NDArray[np.float32] = np.array(taken, dtype=np.float32).min(axis=0)
    return least


def read(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def main(log: str, output: str | None = None) -> None:
    torch.set_num_threads(1)
    space, kept = digits_cells(), Path(log)
    chosen, _ = networks(space)
    done = {(line["seed"], line["network"]) for line in read(kept)}
    for seed in range(SEEDS):
        for network, architecture in enumerate(chosen):
            if (seed, network) not in done:
                line = {"seed": seed, "network": network, **trained(space, architecture, seed)}
                with kept.open("a") as file:
                    file.write(json.dumps(line) + "\n")
    target = Path(output) if output else Path(__file__).with_name("digits_cells.npz")
    made: dict[str, Any] = {**arrays(read(kept), space), "latency_ms": latencies_ms(space)}
    np.savez_compressed(target, **made)
    print(f"{target}: {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
