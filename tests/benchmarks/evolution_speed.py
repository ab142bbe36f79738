"""What a trial of regularized evolution costs on NAS-Bench-201, from a bare loop to a run with its full log.

    python tests/benchmarks/evolution_speed.py [TRIALS] [ROUNDS]

CPU time of this process (`time.process_time`), the best of the rounds. The bare loop is the same algorithm on tuples of
numbers and a dictionary of errors, in plain Python: no space, no checks, no trial, no log. Ratios are against it.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from nas_explorer.estimators import nas_bench_201 as table
from nas_explorer.estimators.tabular import Tabular
from nas_explorer.records import History, Trial, metric
from nas_explorer.search.evaluator import Inline
from nas_explorer.search.loop import Loop
from nas_explorer.search.plan import SearchPlan, make_plan
from nas_explorer.search.session import Session
from nas_explorer.spaces import nas_bench_201
from nas_explorer.strategies import Problem, Strategy
from nas_explorer.strategies.random_search import RandomSearch
from nas_explorer.strategies.regularized_evolution import RegularizedEvolution

EVOLUTION = RegularizedEvolution(population_size=100, tournament_size=25)
SMALL = RegularizedEvolution(population_size=10, tournament_size=3)


def bare_loop(trials: int) -> None:
    rng, errors = random.Random(0), table.column("cifar10", 12, "validation_error").tolist()
    known = {tuple(row): errors[i] for i, row in enumerate(table.array("operations").tolist())}
    population: deque[tuple[float, tuple[int, ...]]] = deque()
    history = []
    for trial in range(trials):
        if trial < EVOLUTION.population_size:
            cell = tuple(rng.choices(range(5), k=6))
        else:
            parent = min(rng.choices(population, k=EVOLUTION.tournament_size))[1]
            edge = rng.randrange(6)
            cell = (*parent[:edge], (parent[edge] + rng.randrange(1, 5)) % 5, *parent[edge + 1:])
        population.append((known[cell], cell))
        history.append(population[-1])
        if len(population) > EVOLUTION.population_size:
            population.popleft()


def ask_evaluate_tell(strategy: Strategy, objectives: tuple[str, ...]) -> Callable[[int], None]:
    def run(trials: int) -> None:
        estimator = Tabular().measuring(objectives)
        proposer = strategy.begin(Problem(nas_bench_201(), tuple(metric(name) for name in objectives)))
        for number in range(trials):
            architecture = proposer.ask()
            (measurement,) = estimator.evaluate(architecture)
            proposer.tell(Trial(number, architecture, "finished", measurement.values))
    return run


def planned(trials: int, *objectives: str) -> SearchPlan:
    return make_plan(nas_bench_201(), EVOLUTION, Tabular(), objectives, trials, seed=0)


def loop_of_events(trials: int) -> None:
    plan = planned(trials, "validation_error")
    for _ in Loop(plan.space, plan.strategy.begin(plan.problem), Inline(plan.estimator), ["validation_error"], plan.budget):
        pass


def run_with_log(*objectives: str) -> Callable[[int], None]:
    def run(trials: int) -> None:
        plan = planned(trials, *objectives)
        history = History(plan.objectives)
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "run"
            folder.mkdir()
            plan.manifest().write(folder)
            for event in Session(folder, plan):
                history.apply(event)
    return run


CASES: dict[str, Callable[[int], None]] = {
    "bare loop, population 100, tournament 25": bare_loop,
    "random search: ask, evaluate, tell": ask_evaluate_tell(RandomSearch(), ("validation_error",)),
    "evolution 100/25: ask, evaluate, tell": ask_evaluate_tell(EVOLUTION, ("validation_error",)),
    "evolution 10/3: ask, evaluate, tell": ask_evaluate_tell(SMALL, ("validation_error",)),
    "evolution 100/25, two objectives": ask_evaluate_tell(EVOLUTION, ("validation_error", "latency_ms@raspi4")),
    "evolution 100/25, loop of events": loop_of_events,
    "evolution 100/25, run with log and history": run_with_log("validation_error"),
    "the same with two objectives": run_with_log("validation_error", "latency_ms@raspi4"),
}


def seconds(case: Callable[[int], None], trials: int) -> float:
    began = time.process_time()
    case(trials)
    return time.process_time() - began


def compare(trials: int, rounds: int) -> None:
    for case in CASES.values():
        case(500)                                   # tables are read and caches filled before anything is timed
    best = {name: min(seconds(case, trials) for _ in range(rounds)) for name, case in CASES.items()}
    floor = next(iter(best.values()))
    print(f"{'':46}{'trials/CPU-s':>14}{'us a trial':>12}{'x bare loop':>13}")
    for name, spent in best.items():
        print(f"{name:46}{trials / spent:14,.0f}{spent / trials * 1e6:12.1f}{spent / floor:13.2f}")


if __name__ == "__main__":
    compare(*(int(text) for text in (sys.argv[1:] + ["20000", "3"][len(sys.argv) - 1:])))
