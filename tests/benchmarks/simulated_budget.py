"""500 searches of 12,000 simulated seconds on NAS-Bench-201, beside the rows that its paper prints.

    python tests/benchmarks/simulated_budget.py [RUNS]

The protocol of Dong and Yang (ICLR 2020): search on CIFAR-10 by the validation accuracy after 12 epochs, return the best
that was seen, report its accuracies after 200 epochs on three data sets, as mean and population standard deviation over runs.
The search ends with the trial that passes the budget, and that trial does not count, as in the authors' scripts.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import resources
from typing import Any

import numpy as np

from nas_explorer.estimators import nas_bench_201
from nas_explorer.estimators.tabular import Tabular
from nas_explorer.records import Trial, metric
from nas_explorer.spaces import nas_bench_201 as space_of
from nas_explorer.strategies import Problem, Strategy
from nas_explorer.strategies.random_search import RandomSearch
from nas_explorer.strategies.regularized_evolution import RegularizedEvolution

BUDGET = 12_000.0
METHODS: dict[str, Strategy] = {"RS": RandomSearch(), "REA": RegularizedEvolution(population_size=10, tournament_size=3)}
COLUMNS = [(dataset, part) for dataset in nas_bench_201.DATASETS for part in ("validation", "test")]


def found_by(strategy: Strategy, problem: Problem, table: Tabular) -> tuple[int, int]:
    """Index of the best architecture that a search sees within the budget, and how many trials it ran."""
    proposer, spent, best, count = strategy.begin(problem), 0.0, (np.inf, -1), 0
    while True:
        architecture = proposer.ask()
        (measurement,) = table.evaluate(architecture)
        spent += measurement.values["train_seconds"]
        if spent > BUDGET:
            return best[1], count
        if measurement.values["validation_error"] < best[0]:
            best = (measurement.values["validation_error"], table.index(architecture))
        proposer.tell(Trial(count, architecture, "finished", measurement.values))
        count += 1


def run(runs: int) -> None:
    space, table = space_of(), Tabular()
    published = json.loads((resources.files("nas_explorer") / "data" / "published_results.json").read_text(encoding="utf-8"))
    rows: dict[str, Any] = {row["method"]: row for row in published["rows"]}
    finals = np.stack([Tabular(dataset=dataset).column(f"{part}_accuracy@200_epochs") for dataset, part in COLUMNS], axis=1)  # type: ignore[arg-type]
    print(f"{'':12}" + "".join(f"{dataset + ' ' + part:>27}" for dataset, part in COLUMNS))
    for name, strategy in METHODS.items():
        began = time.process_time()
        found = [found_by(strategy, Problem(space, (metric("validation_error"),), seed), table) for seed in range(runs)]
        seconds = time.process_time() - began
        values = finals[[index for index, _ in found]]
        mean, deviation = values.mean(axis=0), values.std(axis=0)
        cells = [rows[name][f"{dataset}_{part}"] for dataset, part in COLUMNS]
        print(f"{name:12}" + "".join(f"{m:20.2f} ±{d:5.2f}" for m, d in zip(mean, deviation, strict=True)))
        print(f"{'  published':12}" + "".join(f"{m:20.2f} ±{d:5.2f}" for m, d in cells))
        off = [abs(m - cell[0]) / cell[1] for m, cell in zip(mean, cells, strict=True)]
        print(f"  {runs} runs of {np.mean([count for _, count in found]):.1f} trials in {seconds:.2f} CPU-s "
              f"({seconds / sum(count for _, count in found) * 1e6:.1f} us a trial); the means are at most {max(off):.2f} published "
              f"standard deviations from the published means\n  published row: {rows[name]['evidence']}")


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
