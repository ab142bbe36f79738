"""What early stopping costs and keeps, on the learning curves of `digits_cells`: `python tests/benchmarks/halving.py [SEARCHES]`.

Every search trains the same architectures in its own random order, once to the end and once under each pruner. Found is the best of those
that a pruner let train to the end; it counts if it ends within one seed-deviation of the best of the full search. A seed-deviation is
how far the last validation error of one architecture spreads over its trainings, by the median of all architectures. The pruners that
ASHA is compared with get a tenth of the searches.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np

from nas_explorer.estimators.digits_cells import DigitsCells
from nas_explorer.estimators.early_stopping import EarlyStopping
from nas_explorer.records import History, Trial
from nas_explorer.search.budget import Budget
from nas_explorer.search.evaluator import Inline
from nas_explorer.search.loop import Loop
from nas_explorer.search.watching import Verdicts, Watching
from nas_explorer.spaces import Architecture, load

PRUNERS: dict[str, tuple[str, dict[str, Any]]] = {
    "asha": ("asha", {}),
    "asha, by halves": ("asha", {"reduction_factor": 2}),
    "asha, waits for ever": ("asha", {"wait": 10_000}),
    "successive_halving": ("successive_halving", {"min_resource": 1, "reduction_factor": 3}),
    "hyperband": ("hyperband", {"max_resource": 9, "reduction_factor": 3}),
    "median": ("median", {}),
    "curve_extrapolation": ("curve_extrapolation", {}),
}
ASHA = ("asha", "asha, by halves")
MOST_SHARE = 1 / 3


class InOrder:
    """Proposes these, one after the other."""

    def __init__(self, architectures: list[Architecture]) -> None:
        self._left = iter(architectures)

    def ask(self) -> Architecture:
        return next(self._left)

    def tell(self, trial: Trial) -> None:
        return None


def searched(table: DigitsCells, pruner: str, architectures: list[Architecture]) -> tuple[int, int]:
    """(epochs that were trained, row of the best that was trained to the end)."""
    stopping = EarlyStopping(table, *PRUNERS[pruner])
    history = History(table.metrics[:1])
    evaluator = Watching(Inline(table), Verdicts(stopping.stopper()))
    objectives = [table.metrics[0].name]
    for event in Loop(load("digits_cells"), InOrder(architectures), evaluator, objectives, Budget(trials=len(architectures))):
        history.apply(event)
    stopped = history.column("stopped_at_epoch")
    whole = np.flatnonzero(stopped == 0)
    best = whole[history.column(objectives[0])[whole].argmin()]
    return int(stopped.sum() + table.epochs * len(whole)), table.index(history.architecture(int(best)))


def report(searches: int, trials: int) -> bool:
    """Print a line a pruner; says whether ASHA, by thirds or by halves, finds what it should at a third of the epochs in every search."""
    kept = False
    curves = DigitsCells(0).curves("validation_error")[:, :, -1]
    deviation = float(np.median(curves.std(axis=1, ddof=1)))
    print(f"\n{searches} searches over {trials} architectures; one seed-deviation is {deviation:.2f} % of validation error")
    print(f"{'':22}{'epochs':>9}{'within one deviation':>23}{'loss seen':>12}{'loss true':>12}{'s a search':>12}")
    for pruner in PRUNERS:
        shares, seen, true = [], [], []
        started, count = time.process_time(), searches if pruner in ASHA else max(1, searches // 10)
        for search in range(count):
            table = DigitsCells(search % DigitsCells(0).seeds)
            rows = np.random.default_rng(search).permutation(len(curves))[:trials]
            epochs, found = searched(table, pruner, [table.architecture(int(row)) for row in rows])
            last, test = table.column("validation_error"), table.column("test_error")
            full = rows[last[rows].argmin()]
            shares.append(epochs / trials / table.epochs)
            seen.append(last[found] - last[full])
            true.append(test[found] - test[full])
        within, seconds = np.mean(np.array(seen) <= deviation), (time.process_time() - started) / count
        means = f"{np.mean(shares):8.1%} {within:22.1%} {np.mean(seen):10.2f} % {np.mean(true):9.2f} %"
        print(f"{pruner:22}{means} {seconds:11.2f}", flush=True)
        if pruner in ASHA:
            always = bool(within == 1 and max(shares) <= MOST_SHARE)
            kept |= always
            print(f"{'':22}at most {max(shares):.1%} of the epochs, at most {max(seen):.2f} % lost: {'always' if always else 'not always'}")
    return kept


def main(searches: str = "200") -> int:
    results = [report(int(searches), trials) for trials in (len(DigitsCells(0).curves("validation_error")), 100)]
    return 0 if results[0] else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
