"""Records the runs that ship with the project: `python assets/recordings/make.py` makes all of them anew, with a name only that one.

They are plain run folders, made by searches of this version: `nas.open("assets/recordings/evolution").replay()` plays one, and
nothing is computed for it.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nas_explorer as nas

HERE = Path(__file__).parent
MOST_BYTES = 400_000
KEPT = ("run.json", "race.json", "events.jsonl")  # those that there are; checkpoints and locks are not needed to look at a run


def evolution(run: Path) -> nas.Search:
    """Regularized evolution on NAS-Bench-201: error against latency on a Raspberry Pi, 300 trials."""
    strategy = nas.strategies.RegularizedEvolution(population_size=30, tournament_size=8)
    return nas.Search("nas_bench_201", strategy, "tabular", ["validation_error", "latency_ms@raspi4"], budget=300, seed=4, run=run)


def collapse(run: Path) -> nas.Search:
    """DARTS on digits in too great a hurry: skip connections take over, and the true error of its answer rises."""
    space, eager = nas.spaces.nas_bench_201(channels=4, cells=3), nas.one_shot.Darts(warm_up=0.0, learning_rate=0.1, watch_every=1)
    return nas.Search(space, eager, task="digits", epochs=7, seed=0, run=run)


def training(run: Path) -> nas.Search:
    """Sixty networks that were really trained on digits, with their learning curves."""
    estimator = nas.estimators.Training("digits", epochs=6)
    objectives = ["validation_error", "parameter_count"]
    return nas.Search("digits_cells", "regularized_evolution", estimator, objectives, budget=60, seed=0, run=run)


def race(run: Path) -> nas.Race:
    """Five strategies on NAS-Bench-201, thirty searches of 150 trials each."""
    lanes = ["random_search", "local_search", "regularized_evolution", "reinforce", "tpe"]
    return nas.Race(lanes, "nas_bench_201", "tabular", budget=150, seeds=30, objectives=["validation_error"], run=run)


RECORDINGS: dict[str, Callable[[Path], nas.Search | nas.Race]] = {made.__name__: made for made in (evolution, collapse, training, race)}


def record(name: str) -> None:
    """Run a search in a scratch folder, and put what tells it beside this script."""
    scratch, target = HERE / f".{name}", HERE / name
    shutil.rmtree(scratch, ignore_errors=True)
    began = time.process_time()
    search = RECORDINGS[name](scratch)
    for _ in search.events():
        pass
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for file in KEPT:
        if (scratch / file).exists():
            shutil.copy(scratch / file, target / file)
    shutil.rmtree(scratch)
    size = sum(file.stat().st_size for file in target.iterdir())
    print(f"{name}: {search!r}, {size / 1e3:.0f} kB, {time.process_time() - began:.0f} s of processor time")
    if size > MOST_BYTES:
        raise SystemExit(f"{target} has {size:,} bytes; a recording has {MOST_BYTES:,} at most")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or RECORDINGS:
        record(wanted)
