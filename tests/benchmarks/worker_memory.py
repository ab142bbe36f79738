"""What a Dask worker's memory is after many trials: `python -m tests.benchmarks.worker_memory [TRIALS]`.

Real trainings on digits in one worker process. After 200 trials its memory is to be within 200 MB of what it was after the first,
which loads torch and the data. glibc keeps freed memory for a while, so the process is looked at as it stands, without any trimming.
"""

from __future__ import annotations

import os
import sys

import numpy as np
import psutil

from nas_explorer.estimators import Training
from nas_explorer.search.dask_workers import DaskWorkers
from nas_explorer.search.evaluator import Ended
from nas_explorer.spaces import load, sample

MOST_MB = 200


def worker_mb(workers: DaskWorkers) -> float:
    """Resident memory of the only worker."""
    (pid,) = workers._client.run(os.getpid).values()
    return float(psutil.Process(pid).memory_info().rss) / 1e6


def main(trials: int = 200) -> None:
    space, rng = load("digits_cells"), np.random.default_rng(0)
    workers = DaskWorkers(Training("digits", epochs=2).for_space(space), 1)
    try:
        start = 0.0
        for trial in range(trials):
            workers.submit(trial, sample(space, rng))
            while not isinstance(report := workers.report(), Ended):
                pass
            assert not report.message, report.message
            if trial == 0:
                start = worker_mb(workers)
            if trial % 50 == 0:
                print(f"after {trial + 1:4} trials: {worker_mb(workers):6.0f} MB", flush=True)
        end = worker_mb(workers)
    finally:
        workers.close()
    print(f"after {trials:4} trials: {end:6.0f} MB, {end - start:+.0f} MB since the first; at most {MOST_MB} wanted")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
