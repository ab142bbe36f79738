"""How long do zero-cost proxies take beside a plain pass, and how well do they rank? `python -m tests.benchmarks.zero_cost [SAMPLE]`

One thread, NAS-Bench-201 with C=16 and N=5, 32 images of CIFAR-10's size; CPU seconds, medians of 5. The limits are near to what lean
versions take that are written for one proxy alone: naswot 1.4 forward passes, three proxies at once 1.2 forward and backward passes,
synflow 0.35 forward passes. With a SAMPLE, so many random cells are scored on noise and ranked against the published table.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from scipy.stats import kendalltau, spearmanr
from torch import Tensor, nn

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.estimators.proxies import proxies
from nas_explorer.estimators.proxies.observation import scores
from nas_explorer.estimators.tabular import FINAL, Tabular
from nas_explorer.models import build
from nas_explorer.spaces import Architecture, cost, nas_bench_201
from nas_explorer.spaces.library.nas_bench_201 import EDGES

CELL = Architecture(zip(EDGES, ("conv_3x3", "skip", "conv_1x1", "avg_pool_3x3", "conv_3x3", "conv_3x3"), strict=True))
GROUPS: dict[tuple[str, ...], tuple[str, float]] = {
    ("naswot",): ("forward", 1.4),
    ("grad_norm", "snip", "naswot"): ("forward and backward", 1.2),
    ("synflow",): ("forward", 0.35),
    tuple(proxies()): ("forward and backward", 5.0),
}


def cpu_seconds(job: Callable[[], object], repeats: int = 5) -> float:
    taken = []
    for _ in range(repeats + 1):
        began = time.process_time()
        job()
        taken.append(time.process_time() - began)
    return statistics.median(taken[1:])


def batch(count: int = 32) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(count, 3, 32, 32, generator=generator), torch.randint(10, (count,), generator=generator)


def plain_passes(network: nn.Module) -> dict[str, float]:
    x, y = batch()

    def forward() -> None:
        with torch.no_grad():
            network(x)

    def backward() -> None:
        torch.autograd.grad(F.cross_entropy(network(x), y), list(network.parameters()), allow_unused=True)

    return {"forward": cpu_seconds(forward), "forward and backward": cpu_seconds(backward)}


def speed() -> bool:
    space = nas_bench_201()
    network, closed = build(space, CELL, seed=0), cost(space, CELL)
    plain = plain_passes(network)
    print(", ".join(f"{name} {seconds:.3f} s" for name, seconds in plain.items()))
    held = True
    for names, (beside, limit) in GROUPS.items():
        seconds = cpu_seconds(lambda names=names: scores(network, *batch(), closed, names))     # type: ignore[misc]
        ratio = seconds / plain[beside]
        held &= ratio <= limit
        print(f"{'+'.join(names)}: {seconds:.3f} s, {ratio:.2f} of {beside} (at most {limit})")
    return held


def ranking(count: int) -> None:
    table, space = Tabular(), nas_bench_201()
    chosen = np.random.default_rng(0).choice(15_625, count, replace=False).tolist()
    found: dict[str, list[float]] = {name: [] for name in proxies()}
    truth = []
    for index in chosen:
        architecture = table.architecture(index)
        try:
            values = scores(build(space, architecture, seed=0), *batch(), cost(space, architecture), tuple(found))
        except InvalidArchitecture:
            continue                                  # dead cells have no logarithm
        truth.append(table.column(FINAL)[index])
        for name, value in values.items():
            found[name].append(value)
    print(f"{len(truth)} of {count} cells against {FINAL}")
    for name, values in found.items():
        print(f"{name}: Spearman {spearmanr(values, truth)[0]:.2f}, Kendall {kendalltau(values, truth)[0]:.2f}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    held = speed()
    if len(sys.argv) > 1:
        ranking(int(sys.argv[1]))
    sys.exit(not held)
