"""The truth of a search that is held to constraints: among the architectures of a table that keep them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from nas_explorer.estimators.protocol import Rank, Truth, find_metrics
from nas_explorer.records import Metric, pareto_mask
from nas_explorer.search.constraints import constraint_text
from nas_explorer.search.plan import SearchPlan
from nas_explorer.spaces import Architecture, Limit


@runtime_checkable
class TruthInColumns(Truth, Protocol):
    """A table that gives its columns, too."""

    def index(self, architecture: Architecture) -> int: ...

    def architecture(self, index: int) -> Architecture: ...

    def column(self, metric: str) -> npt.NDArray[Any]: ...


def truth_of(plan: SearchPlan) -> Truth | None:
    """What the estimator of a search knows of all architectures, or of those that keep its constraints."""
    if not plan.limits:
        return plan.estimator if isinstance(plan.estimator, Truth) else None
    # Where nobody can say which architectures keep the constraints, the truth of all would be beyond reach, and no truth.
    return KeptTruth(plan.estimator, plan.limits) if isinstance(plan.estimator, TruthInColumns) else None


class KeptTruth:
    """Rank, optimum and front among the rows of a table that keep the limits.

    Attributes:
        rows: those that do, in the table's order.
    """

    def __init__(self, table: TruthInColumns, limits: Sequence[Limit]) -> None:
        self.table, self.words = table, " and ".join(map(constraint_text, limits))
        self.rows = np.flatnonzero(np.all([np.asarray(table.column(limit.quantity)) <= limit.most for limit in limits], axis=0))

    @property
    def final_metric(self) -> Metric:
        return self.table.final_metric

    def rank(self, architecture: Architecture, metric: str | None = None) -> Rank:
        """Where an architecture stands among those that keep the limits."""
        costs = self._costs(self._metric(metric))
        better = int((costs[self.rows] < costs[self.table.index(architecture)]).sum())
        return Rank(better + 1, len(self.rows), 100.0 * (len(self.rows) - better) / len(self.rows))

    def optimum(self, metric: str | None = None) -> tuple[Architecture, float]:
        by = self._metric(metric)
        best = int(self.rows[self._costs(by)[self.rows].argmin()])
        return self.table.architecture(best), float(self.table.column(by.name)[best])

    def front(self, metrics: Sequence[str]) -> list[tuple[Architecture, tuple[float, ...]]]:
        named = [self._metric(name) for name in metrics]
        points = np.stack([np.asarray(self.table.column(m.name), dtype=np.float64)[self.rows] for m in named], axis=1)
        on = np.flatnonzero(pareto_mask(points, named))
        costs = [points[on, i] * (1.0 if m.minimize else -1.0) for i, m in enumerate(named)]
        return [(self.table.architecture(int(self.rows[at])), tuple(points[at].tolist())) for at in on[np.lexsort(costs[::-1])]]

    def _costs(self, by: Metric) -> npt.NDArray[np.float64]:
        return np.asarray(self.table.column(by.name), dtype=np.float64) * (1.0 if by.minimize else -1.0)

    def _metric(self, name: str | None) -> Metric:
        if name is None or name == self.final_metric.name:
            return self.final_metric
        return find_metrics(getattr(self.table, "metrics", ()), (name,))[0]
