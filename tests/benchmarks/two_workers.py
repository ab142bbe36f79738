"""How much quicker two workers are than one: `python -m tests.benchmarks.two_workers [TRIALS]`, on a machine with two free cores.

The same trainings on digits, the workers warm, so that what is compared is the rate at which trials end. At least 1.8 times wanted.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import psutil

from nas_explorer.estimators import Training
from nas_explorer.search.dask_workers import DaskWorkers
from nas_explorer.search.evaluator import Ended
from nas_explorer.spaces import Architecture, load, sample

WANTED = 1.8


def seconds(workers: DaskWorkers, architectures: list[Architecture], first: int) -> float:
    """Wall seconds until all are scored, as many under way as there are workers."""
    started, waiting, running = time.perf_counter(), list(enumerate(architectures, start=first)), 0
    while waiting or running:
        while waiting and running < workers.slots:
            workers.submit(*waiting.pop(0))
            running += 1
        if isinstance(report := workers.report(), Ended):
            assert not report.message, report.message
            running -= 1
    return time.perf_counter() - started


def main(trials: int = 40) -> None:
    space, rng = load("digits_cells"), np.random.default_rng(0)
    estimator = Training("digits", epochs=4).for_space(space)
    architectures = [sample(space, rng) for _ in range(trials)]
    busy = psutil.cpu_percent(interval=1.0) * (psutil.cpu_count() or 1) / 100
    print(f"{psutil.cpu_count()} cores, of which {busy:.1f} are busy before the start")
    taken = {}
    for count in (1, 2, 1, 2):                       # twice each, in turns: what else runs hits both
        workers = DaskWorkers(estimator, count)
        try:
            seconds(workers, architectures[:2 * count], 0)                # torch, data and primitives are loaded now
            taken[count] = min(taken.get(count, float("inf")), seconds(workers, architectures, 1_000))
        finally:
            workers.close()
        print(f"workers={count}: {taken[count]:.1f} s for {trials} trials, {60 * trials / taken[count]:.0f} a minute")
    print(f"two workers are {taken[1] / taken[2]:.2f} times as quick as one; at least {WANTED} wanted, on free cores")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
