"""The table of NAS-Bench-201's paper, run again: searches of 12,000 simulated seconds, beside the rows that were published."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from nas_explorer.estimators.catalog import CATALOG as ESTIMATORS
from nas_explorer.races.lookup import Table
from nas_explorer.races.race import Race
from nas_explorer.strategies.catalog import CATALOG as STRATEGIES
from nas_explorer.strategies.protocol import Strategy

BUDGET = {"simulated_seconds": 12_000.0}
COLUMNS = tuple((dataset, part) for dataset in ("cifar10", "cifar100", "imagenet16_120") for part in ("validation", "test"))
METHODS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "RS": ("random_search", {}),
    "REA": ("regularized_evolution", {"population_size": 10, "tournament_size": 3}),
    "REINFORCE": ("reinforce_per_decision", {}),
    "BOHB": ("bohb_nas_bench_201", {}),
}
"""Published row -> the strategy that stands for it. BOHB's rations are not heeded: the table has one length of training, as theirs had."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of the table: accuracies after 200 epochs in %, of the architecture that a method returns.

    Attributes:
        ours: whether we ran it; else it is as published.
        cells: (mean, standard deviation over runs), in the order of COLUMNS; the deviation is None where none was published.
        evidence: what it rests on.
    """

    method: str
    ours: bool
    cells: tuple[tuple[float, float | None], ...]
    evidence: str


def published_rows() -> list[TableRow]:
    """What was published, with where each value was read: some were only recalled."""
    text = (resources.files("nas_explorer") / "data" / "published_results.json").read_text(encoding="utf-8")
    rows = json.loads(text)["rows"]
    cells = [tuple((float(mean), deviation) for mean, deviation in (row[f"{dataset}_{part}"] for dataset, part in COLUMNS)) for row in rows]
    return [TableRow(row["method"], False, found, row["evidence"]) for row, found in zip(rows, cells, strict=True)]


def own_rows(runs: int = 500, seed: int = 0, methods: Iterable[str] = METHODS) -> list[TableRow]:
    """Search on CIFAR-10 by the validation accuracy after 12 epochs, return the best that was seen, report it on three data sets.

    Means and population standard deviations over runs, as in the paper. The trial that passes the budget does not count, as in the
    authors' scripts.

    Dong and Yang, NAS-Bench-201, ICLR 2020, arXiv 2001.00326, Table 5.
    """
    lanes: dict[str, Strategy] = {method: STRATEGIES.make(*METHODS[method]) for method in methods}
    table = ESTIMATORS.make("tabular")
    assert isinstance(table, Table)
    finals = np.stack([_column(dataset, f"{part}_accuracy@200_epochs") for dataset, part in COLUMNS], axis=1)
    with TemporaryDirectory() as scratch:
        race = Race(lanes, "nas_bench_201", table, BUDGET, runs, seed=seed, run=Path(scratch) / "race").wait()
    rows = []
    for method in lanes:
        values = finals[[table.index(found) for found in race.found(method) if found is not None]]
        cells = tuple((float(mean), float(deviation)) for mean, deviation in zip(values.mean(axis=0), values.std(axis=0), strict=True))
        trials = race.history.lanes[method].spent["trials"].mean()
        rows.append(TableRow(method, True, cells, f"{runs} searches of {trials:.1f} trials on average, {METHODS[method][0]}"))
    return rows


def side_by_side(own: Sequence[TableRow], published: Sequence[TableRow]) -> list[TableRow]:
    """Every row of ours before its published one; then the published ones that we did not run."""
    by_method = {row.method: row for row in published}
    ran = {row.method for row in own}
    pairs = [row for ours in own for row in (ours, by_method.get(ours.method)) if row is not None]
    return [*pairs, *(row for row in published if row.method not in ran)]


def deviations_off(ours: TableRow, published: TableRow) -> list[float | None]:
    """How many published standard deviations each of our means lies off; None where none was published."""
    pairs = zip(ours.cells, published.cells, strict=True)
    return [abs(mean - theirs) / deviation if deviation else None for (mean, _), (theirs, deviation) in pairs]


def _column(dataset: str, metric: str) -> Any:
    table = ESTIMATORS.make("tabular", {"dataset": dataset})
    assert isinstance(table, Table)
    return table.column(metric)
