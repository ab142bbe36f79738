"""What a search costs over a bare loop that trains the same networks: `python -m tests.benchmarks.engine_overhead [TRIALS]`.

Digits, four epochs, the networks that the search proposed. Engine, log and history may cost 5 % of CPU time at most.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from nas_explorer.estimators import Training
from nas_explorer.search.search import Search
from nas_explorer.spaces import Architecture

MOST_PERCENT = 5.0


def searched(trials: int, folder: Path) -> tuple[float, list[Architecture]]:
    search = Search("digits_cells", "regularized_evolution", Training("digits", epochs=4), budget=trials, run=folder)
    started = time.process_time()
    for _ in search.events():
        pass
    return time.process_time() - started, [search.history.architecture(number) for number in range(trials)]


def bare(architectures: list[Architecture]) -> float:
    from nas_explorer.spaces import load

    estimator = Training("digits", epochs=4).for_space(load("digits_cells"))
    started = time.process_time()
    for architecture in architectures:
        learner = estimator.learner(architecture)
        for _ in range(4):
            learner.train_epoch()
            learner.score(estimator.data.validation)
    return time.process_time() - started


def main(trials: int = 30) -> None:
    with tempfile.TemporaryDirectory() as folder:
        searched(3, Path(folder) / "warm up")
        rounds = []
        for number in range(3):
            seconds, architectures = searched(trials, Path(folder) / str(number))
            rounds.append((seconds, bare(architectures)))
    search, loop = (min(times) for times in zip(*rounds, strict=True))
    print(f"{trials} trainings: {search:.2f} CPU seconds in a search, {loop:.2f} in a bare loop; "
          f"{100 * (search / loop - 1):+.1f} %, at most {MOST_PERCENT:g} % wanted")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
