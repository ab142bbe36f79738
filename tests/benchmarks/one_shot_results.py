"""What one-shot searches find, beside random search at equal cost: on digits_cells, and on the cell of NAS-Bench-201.

    python tests/benchmarks/one_shot_results.py [--seeds 5] [--epochs 20] [--spaces digits_cells ...] [--methods "darts, order 1" enas ...]

Every search learns handwritten digits with shared weights. What it answers is looked up: in the trainings of all networks of
`digits_cells`; for the cell of NAS-Bench-201 (narrow, one cell a stage) either in trainings of 60 random networks and of the answers on
digits ("nas_bench_201"), or in the table of CIFAR-10, another task, so a transfer ("nas_bench_201, cifar10"). "tau" compares shared-
weight losses of 60 random architectures with the truth, in the mean over seeds, with the mean ends of its 95 % intervals. Random search
gets as many trainings as the CPU time of the search pays for, and takes the best: "known" by its true error, which no search can, "seen"
by the score of one training, as a real one does. A training is repeated here, so that both sides are timed on the same machine in the
same state. One thread; CPU time of this process.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from nas_explorer.data.make_digits_cells import training
from nas_explorer.estimators import DigitsCells, Tabular, Training, WeightSharing
from nas_explorer.estimators.outcome import retraining
from nas_explorer.one_shot import CATALOG, Progress
from nas_explorer.one_shot.kendall import Tau, kendall
from nas_explorer.one_shot.probabilities import SKIPS
from nas_explorer.spaces import Architecture, SearchSpace, load, nas_bench_201, sample

METHODS: dict[str, tuple[str, dict[str, Any]]] = {
    "enas": ("enas", {}),
    "darts, order 1": ("darts", {"watch_every": 0}),
    "darts, order 2": ("darts", {"order": 2, "watch_every": 0}),
    "gdas": ("gdas", {}),
    "pc_darts": ("pc_darts", {"watch_every": 0}),
    "random_sampling": ("random_sampling", {}),
}
COMPARED = 60


class Ground(NamedTuple):
    """A space, and what is known of it.

    Attributes:
        errors: (architectures,) true test errors in percent.
        error: of one architecture.
        compared: those that tau is of; none: each search draws its own.
        seen: (trainings, architectures) validation errors of single trainings; none: they are not known.
        training_seconds: what one stand-alone training costs a random search.
    """

    space: SearchSpace
    errors: npt.NDArray[np.float64]
    error: Callable[[Architecture], float]
    seen: npt.NDArray[np.float64] | None
    training_seconds: float
    compared: tuple[Architecture, ...] = ()


def digits_ground() -> Ground:
    table = DigitsCells(seed=None)
    errors, space = table.column("test_error").astype(np.float64), load("digits_cells")
    seen = np.stack([DigitsCells(seed=seed).column("validation_error") for seed in range(table.seeds)]).astype(np.float64)
    estimator = training(0).for_space(space)
    rng = np.random.default_rng(0)
    seconds = statistics.mean(cpu_seconds(estimator, sample(space, rng)) for _ in range(10))
    return Ground(space, errors, lambda a: float(errors[table.index(a)]), seen, seconds)


def transfer_ground() -> Ground:
    table, space = Tabular("nas_bench_201", dataset="cifar10"), nas_bench_201(channels=8, cells=1)
    errors = table.column("test_error").astype(np.float64)
    estimator = Training(task="digits", epochs=20).for_space(space)
    seconds = cpu_seconds(estimator, sample(space, np.random.default_rng(0)))
    return Ground(space, errors, lambda a: float(errors[table.index(a)]), None, seconds)


def trained_ground() -> Ground:
    """Sixty random networks, and whatever a search answers, are trained alone on what the search learns, with one more seed to see how
    well two trainings agree."""
    space = nas_bench_201(channels=8, cells=1)
    estimator = Training(task="digits", epochs=20).for_space(space)
    trained: dict[Architecture, float] = {}

    def error(architecture: Architecture, seed: int = 0) -> float:
        run = retraining(estimator, space, architecture, 20, None, seed)
        for _ in run:
            pass
        return float(run.test["test_error"])

    def known(architecture: Architecture) -> float:
        if architecture not in trained:
            trained[architecture] = error(architecture)
        return trained[architecture]

    rng = np.random.default_rng(0)
    drawn = tuple(dict.fromkeys(sample(space, rng) for _ in range(2 * COMPARED)))[:COMPARED]
    began = time.process_time()
    errors = np.array([known(architecture) for architecture in drawn])
    seconds = (time.process_time() - began) / len(drawn)
    again = np.array([error(architecture, 1) for architecture in drawn])
    agreed = kendall(list(errors), list(again))
    tau = f"{agreed.value:.2f} [{agreed.low:.2f}, {agreed.high:.2f}]"
    print(f"\ntwo trainings of the same {len(drawn)} networks agree with tau {tau}", flush=True)
    return Ground(space, errors, known, again[None], seconds, drawn)


def cpu_seconds(estimator: Training, architecture: Architecture) -> float:
    began = time.process_time()
    list(estimator.evaluate(architecture))
    return time.process_time() - began


GROUNDS = {"digits_cells": digits_ground, "nas_bench_201": trained_ground, "nas_bench_201, cifar10": transfer_ground}


class Found(NamedTuple):
    error: float
    rank: float                # share of the space that is better
    tau: Tau
    skips: int
    cpu_seconds: float


def search(ground: Ground, name: str, options: dict[str, Any], epochs: int, seed: int) -> Found:
    estimator = WeightSharing(task="digits", epochs=epochs).for_space(ground.space)
    began = time.process_time()
    run = CATALOG.make(name, options).begin(ground.space, estimator, seed)
    answer: Architecture | None = None
    while not run.finished:
        for item in run.epoch():
            answer = item.architecture if isinstance(item, Progress) else answer
    seconds = time.process_time() - began
    assert answer is not None
    rng = np.random.default_rng(seed)
    compared = ground.compared or tuple(dict.fromkeys(sample(ground.space, rng) for _ in range(2 * COMPARED)))[:COMPARED]
    tau = kendall([run.score(a)["validation_loss"] for a in compared], [ground.error(a) for a in compared])
    error = ground.error(answer)
    skips = sum(option in SKIPS for option in answer.values())
    return Found(error, float(np.mean(ground.errors < error)), tau, skips, seconds)


def random_search(ground: Ground, trainings: int, by: npt.NDArray[np.float64] | None, repeats: int = 2000) -> float:
    """Mean true error of the best of so many architectures.

    Args:
        by: (trainings, architectures) what the best is chosen by, of one training drawn for each search; None: the true error.
    """
    rng = np.random.default_rng(0)
    found = []
    for _ in range(repeats):
        drawn = rng.integers(len(ground.errors), size=max(trainings, 1))
        scores = ground.errors if by is None else by[rng.integers(len(by))]
        found.append(ground.errors[drawn[scores[drawn].argmin()]])
    return float(np.mean(found))


def report(space_name: str, methods: list[str], epochs: int, seeds: int) -> None:
    ground = GROUNDS[space_name]()
    best, middle = ground.errors.min(), np.median(ground.errors)
    print(f"\n{space_name}: best {best:.2f} %, median {middle:.2f} %; a training alone takes {ground.training_seconds:.2f} s; "
          f"{epochs} epochs, {seeds} seeds")
    print(f"{'method':18}{'error %':>16}{'better than it':>16}{'tau':>22}{'skips':>8}{'CPU s':>8}{'random: trainings, known, seen':>34}",
          flush=True)
    for method in methods:
        found = [search(ground, *METHODS[method], epochs, seed) for seed in range(seeds)]
        errors = [f.error for f in found]
        tau, low, high = (statistics.mean(values) for values in zip(*((f.tau.value, f.tau.low, f.tau.high) for f in found), strict=True))
        seconds = statistics.mean(f.cpu_seconds for f in found)
        trainings = int(seconds / ground.training_seconds)
        print(f"{method:18}{statistics.mean(errors):8.2f} ± {statistics.pstdev(errors):5.2f}{statistics.mean(f.rank for f in found):15.1%} "
              f"{tau:6.2f} [{low:5.2f}, {high:5.2f}]{statistics.mean(f.skips for f in found):8.1f}{seconds:8.1f}"
              f"{trainings:14}{random_search(ground, trainings, None):10.2f}"
              f"{f'{random_search(ground, trainings, ground.seen):10.2f}' if ground.seen is not None else '-':>10}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--spaces", nargs="+", choices=GROUNDS, default=list(GROUNDS))
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    given = parser.parse_args()
    torch.set_num_threads(1)
    for space_name in given.spaces:
        report(space_name, given.methods, given.epochs, given.seeds)


if __name__ == "__main__":
    main()
