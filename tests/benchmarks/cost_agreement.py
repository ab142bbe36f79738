"""Closed-form costs: how quick they are, and that torch counts the same: `python -m tests.benchmarks.cost_agreement`.

At most 20 microseconds an architecture of NAS-Bench-201.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch

from nas_explorer.models import build, count_macs, count_parameters
from nas_explorer.spaces import CostTable, cost, nas_bench_201, sample

BUILT = 10


def seconds_each(function: Callable[[], object], count: int) -> float:
    started = time.process_time()
    function()
    return (time.process_time() - started) / count


def main() -> None:
    torch.set_num_threads(1)
    space, rng = nas_bench_201(), np.random.default_rng(0)
    architectures = [sample(space, rng) for _ in range(10_000)]
    started = time.process_time()
    table = CostTable(space)
    print(f"cost table made in {time.process_time() - started:.2f} CPU seconds")
    one = seconds_each(lambda: [table(architecture) for architecture in architectures], len(architectures))
    rows = table.codec.sample(100_000, rng)
    many = seconds_each(lambda: table.costs(rows), len(rows))
    traced = seconds_each(lambda: [cost(space, architecture) for architecture in architectures[:100]], 100)
    print(f"closed form: {1e6 * one:.1f} us an architecture, {1e6 * many:.2f} us in rows, {1e6 * traced:.0f} us traced; at most 20 wanted")
    image, taken = torch.zeros(1, 3, 32, 32), 0.0
    for architecture in architectures[:BUILT]:
        before = time.process_time()
        network = build(space, architecture)
        counted = count_parameters(network), count_macs(network, image)
        taken += time.process_time() - before
        known = cost(space, architecture)
        assert counted[0] == known.parameter_count == table(architecture).parameter_count
        assert counted[1] <= known.macs == table(architecture).macs        # torch does not see what dead branches would cost
    print(f"built and counted by torch: {1e3 * taken / BUILT:.0f} ms an architecture; parameters equal, MACs equal but for dead branches")


if __name__ == "__main__":
    main()
