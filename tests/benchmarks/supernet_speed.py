"""What sharing weights costs: a path of a supernet against its network alone, and a controller in batches against one by one.

    python tests/benchmarks/supernet_speed.py [ROUNDS]

CPU time of this process (`time.process_time`), one thread; what is compared runs in turns, and the ratio is the median over the
rounds. A training step is forward, backward and SGD with momentum over all of the supernet's weights. The controller's update is
sampling, scoring, REINFORCE and Adam.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from nas_explorer.models.supernet import Supernet
from nas_explorer.spaces import SearchSpace, decisions, load, nas_bench_201, sample
from nas_explorer.strategies.controller import Controller
from nas_explorer.strategies.policy_gradient import PolicyGradient

BATCH = 16
MANY = 64
NETWORKS = {"nas_bench_201": lambda: nas_bench_201(cells=2), "enas_macro": lambda: load("enas_macro", channels=12, layers=6),
            "darts": lambda: load("darts", channels=8, layers=5)}
SPACES = {"nas_bench_201": nas_bench_201, "enas_macro": lambda: load("enas_macro"), "enas_micro": lambda: load("enas_micro")}


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def in_turns(rounds: int, *works: Callable[[], object]) -> list[list[float]]:
    """Seconds of each work in each round, the first round left out."""
    return [list(times) for times in zip(*([seconds(work) for work in works] for _ in range(rounds + 1)), strict=True)]


def training_step(module: nn.Module, forward: Callable[[Tensor], Tensor], x: Tensor) -> Callable[[], None]:
    optimizer = torch.optim.SGD(module.parameters(), lr=0.001, momentum=0.9)
    labels = torch.zeros(len(x), dtype=torch.int64)

    def step() -> None:
        optimizer.zero_grad()
        nn.functional.cross_entropy(forward(x), labels).backward()
        optimizer.step()
    return step


def compare_paths(name: str, space: SearchSpace, rounds: int) -> None:
    rng = np.random.default_rng(0)
    supernet, x = Supernet(space, seed=0), torch.randn(BATCH, 3, 32, 32)
    ratios: list[float] = []
    for _ in range(3):
        architecture = sample(space, rng)
        network = supernet.extract(architecture)
        shared, fixed = in_turns(rounds, training_step(supernet, lambda x, a=architecture: supernet.single(a, x), x),
                                 training_step(network, network, x))
        ratios += [a / b for a, b in zip(shared[1:], fixed[1:], strict=True)]
    first = statistics.median(seconds(lambda: supernet._program(sample(space, rng))) for _ in range(30))
    print(f"{name:16}{statistics.median(ratios):8.3f} x the fixed network{first * 1e3:10.2f} ms for the plan of a new architecture")


def compare_mixture(name: str, space: SearchSpace, rounds: int) -> None:
    rng = np.random.default_rng(0)
    supernet, x = Supernet(space, affine=False, seed=0), torch.randn(BATCH, 3, 32, 32)
    architecture = sample(space, rng)
    alphas = {decision.id: torch.zeros(len(decision.options), requires_grad=True) for decision in decisions(space)}

    def mixed(x: Tensor) -> Tensor:
        return supernet.mixed({key: alpha.softmax(0) for key, alpha in alphas.items()}, x)

    mixture, single = in_turns(rounds, training_step(supernet, mixed, x),
                               training_step(supernet, lambda x: supernet.single(architecture, x), x))
    print(f"{name:16}{statistics.median(mixture[1:]) * 1e3:8.0f} ms mixed{statistics.median(single[1:]) * 1e3:10.0f} ms a single path")


def compare_controllers(name: str, space: SearchSpace, rounds: int) -> None:
    learner = PolicyGradient(Controller(space, seed=0), learning_rate=0.001)
    generator = torch.Generator().manual_seed(0)

    def update(count: int) -> None:
        with torch.no_grad():
            rows = learner.controller.sample(count, generator).rows
        learner.update(rows, torch.rand(count, generator=generator))

    def one_by_one(count: int) -> None:
        for _ in range(count):
            update(1)

    single, together = in_turns(rounds, lambda: one_by_one(8), lambda: update(MANY))
    each, batched = statistics.median(single[1:]) / 8, statistics.median(together[1:]) / MANY
    print(f"{name:16}{each * 1e6:10.0f} us one by one{batched * 1e6:10.0f} us in batches of {MANY}{each / batched:8.1f} x")


def compare(rounds: int) -> None:
    torch.set_num_threads(1)
    print("A training step on a shared path:")
    for name, make in NETWORKS.items():
        compare_paths(name, make(), rounds)
    print("\nA training step of the mixture:")
    for name, make in NETWORKS.items():
        compare_mixture(name, make(), max(2, rounds // 5))
    print("\nAn architecture sampled and learned from:")
    for name, make in SPACES.items():
        compare_controllers(name, make(), rounds)


if __name__ == "__main__":
    compare(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
