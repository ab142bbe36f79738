"""What ENAS costs: a shared step against the same network alone, a controller in batches against one by one, and a whole search.

    python tests/benchmarks/enas_speed.py [ROUNDS] [EPOCHS]

CPU time of this process (`time.process_time`), one thread. What is compared runs in turns; the ratio is the median over the
rounds. A step is forward, backward, SGD with momentum, and what both loops look at: the loss, its NaNs, the schedule. The search
is ENAS, recommended, on digits over the cell of NAS-Bench-201: all 15 cells of 16 to 64 channels.
"""

from __future__ import annotations

import statistics
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

from nas_explorer.estimators import WeightSharing
from nas_explorer.estimators.loops.layout import channels_last
from nas_explorer.estimators.loops.optimisation import Optimisation
from nas_explorer.one_shot import Enas
from nas_explorer.one_shot.protocol import Progress
from nas_explorer.spaces import SearchSpace, load, nas_bench_201, sample
from tests.benchmarks.supernet_speed import compare_controllers, in_turns

SPACES = {"nas_bench_201": lambda: nas_bench_201(cells=2), "enas_macro": lambda: load("enas_macro", channels=16, layers=6),
          "enas_micro": lambda: load("enas_micro", channels=16, layers=3)}


def compare_steps(name: str, space: SearchSpace, rounds: int) -> None:
    learner = WeightSharing("digits", 100).for_space(space).learner(0)
    batch, rng = next(learner.epoch()), np.random.default_rng(0)
    ratios: list[float] = []
    for _ in range(3):
        architecture = sample(space, rng)
        network = channels_last(learner.network.supernet.extract(architecture)).train()
        optimisation = Optimisation(network.parameters(), learner.recipe, learner.optimisation.total)

        def alone(network: torch.nn.Module = network, optimisation: Optimisation = optimisation) -> None:
            loss = F.cross_entropy(network(batch.inputs), batch.targets)
            learner.watch.check(loss.item())
            optimisation.step(loss)

        shared, fixed = in_turns(rounds, lambda a=architecture: learner.train(a, batch), alone)
        ratios += [a / b for a, b in zip(shared[1:], fixed[1:], strict=True)]
    print(f"{name:16}{statistics.median(ratios):8.3f} x the fixed network")


def search(epochs: int) -> None:
    space = nas_bench_201()
    run = Enas().begin(space, WeightSharing("digits", epochs).for_space(space), 0)
    began = time.process_time()
    while not run.finished:
        for item in run.epoch():
            if isinstance(item, Progress):
                last = item
    print(f"{epochs} epochs: {time.process_time() - began:.1f} s of CPU, "
          f"validation error {last.values['validation_error']:.1f} % with shared weights")


def main(rounds: int, epochs: int) -> None:
    torch.set_num_threads(1)
    print("A training step on a shared path:")
    for name, make in SPACES.items():
        compare_steps(name, make(), rounds)
    print("\nAn architecture sampled and learned from:")
    for name in ("nas_bench_201", "enas_macro"):
        compare_controllers(name, load(name), max(3, rounds // 3))
    print("\nA search on digits over the cell of NAS-Bench-201:")
    search(epochs)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15, int(sys.argv[2]) if len(sys.argv) > 2 else 20)
