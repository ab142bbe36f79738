"""How many architectures a minute one core trains: `python -m tests.benchmarks.training_speed [COUNT]`.

Digits, 8 channels, a cell of NAS-Bench-201 in each of two stages, four epochs: at least 90 architectures a minute of CPU time.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import numpy as np

from nas_explorer.estimators import Training
from nas_explorer.spaces import SearchSpace, choice, load, op, sample


def two_cells() -> SearchSpace:
    """The stages of `digits_cells` with all five operations of NAS-Bench-201."""
    operations = choice("none", "skip", op("conv", kernel=1), op("conv", kernel=3), op("avg_pool", kernel=3))
    space = load("digits_cells")
    ((name, cell),) = space.cells
    for edge in cell.edges:
        cell = cell.edge(edge.source, edge.target, operations)
    return replace(space, name="two_cells", cells=((name, cell),))


def main(count: int = 30) -> None:
    space, rng = two_cells(), np.random.default_rng(0)
    estimator = Training("digits", epochs=4).for_space(space)
    architectures = [sample(space, rng) for _ in range(count + 2)]
    for warm_up in architectures[:2]:
        list(estimator.evaluate(warm_up))
    started, errors = time.process_time(), []
    for architecture in architectures[2:]:
        errors.append(list(estimator.evaluate(architecture))[-1].values["validation_error"])
    seconds = (time.process_time() - started) / count
    print(f"{seconds:.3f} CPU seconds an architecture, {60 / seconds:.0f} a minute and core; at least 90 wanted")
    print(f"validation error: best {min(errors):.2f} %, median {np.median(errors):.2f} %")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
