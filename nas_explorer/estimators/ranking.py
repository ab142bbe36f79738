"""Where architectures stand in a table that holds all of them: ranks, optima and fronts over its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nas_explorer.estimators.protocol import Rank
from nas_explorer.records import Metric, pareto_mask

Column = npt.NDArray[Any]


class Ranking:
    """Sorts each column once, when it is first asked for.

    Args:
        column: the name of a metric -> its value for every row.

    >>> from nas_explorer.records import metric
    >>> errors = Ranking(lambda name: np.array([12.0, 9.5, 9.5, 30.0]))
    >>> errors.rank(1, metric("test_error")), errors.best(metric("test_error"))
    (Rank(rank=1, of=4, percentile=100.0), 1)
    """

    def __init__(self, column: Callable[[str], Column]) -> None:
        self.column = column
        self._costs: dict[Metric, tuple[Column, Column]] = {}
        self._fronts: dict[tuple[Metric, ...], tuple[int, ...]] = {}

    def rank(self, row: int, by: Metric) -> Rank:
        """Equal values share the smallest rank."""
        costs, in_order = self._sorted(by)
        better = int(np.searchsorted(in_order, costs[row]))
        return Rank(better + 1, len(costs), 100.0 * (len(costs) - better) / len(costs))

    def best(self, by: Metric) -> int:
        """The row of the optimum, the first of equals."""
        return int(self._sorted(by)[0].argmin())

    def front(self, metrics: Sequence[Metric]) -> tuple[int, ...]:
        """Rows of the Pareto front, from the best end of the first metric."""
        key = tuple(metrics)
        if key not in self._fronts:
            points = np.stack([self.column(metric.name) for metric in key], axis=1)
            found = np.flatnonzero(pareto_mask(points, key))
            costs = [self._sorted(metric)[0][found] for metric in key]
            self._fronts[key] = tuple(found[np.lexsort(costs[::-1])].tolist())
        return self._fronts[key]

    def _sorted(self, by: Metric) -> tuple[Column, Column]:
        """A column turned so that less is better, and the same in order."""
        if by not in self._costs:
            column = self.column(by.name)
            costs = column if by.minimize else -column
            self._costs[by] = costs, np.sort(costs)
        return self._costs[by]
