"""The estimator over a table of your own. `own_table.from_table` reads and checks one; no catalog lists it, because it is nobody else's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from nas_explorer.errors import InvalidArchitecture, InvalidSpace
from nas_explorer.estimators.protocol import Rank, find_metrics
from nas_explorer.estimators.ranking import Ranking
from nas_explorer.records import Measurement, Metric
from nas_explorer.spaces import Architecture, SearchSpace, decisions


@dataclass(frozen=True, eq=False)
class OwnTable:
    """Look architectures up in a table of your own.

    `from_table` makes it and checks everything. What the table lacks is a failed trial.

    Source: the user's own measurements

    Attributes:
        space: whose architectures the rows are.
        metrics: the first is the objective where a search names none.
        final_metric: what counts in the end, the measure of a true rank.
        columns: name of a metric -> (rows,) values.
        rows: architecture -> its row.
        coverage: the share of the space's architectures that are in the table, from 0 to 1.
        known: names of the metrics that are known before a trial.
    """

    space: SearchSpace
    metrics: tuple[Metric, ...]
    final_metric: Metric
    columns: Mapping[str, npt.NDArray[np.float64]] = field(repr=False)
    rows: Mapping[Architecture, int] = field(repr=False)
    coverage: float = 1.0
    known: tuple[str, ...] = ()
    _ranking: Ranking = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ranking", Ranking(self.columns.__getitem__))

    def check_space(self, space: SearchSpace) -> None:
        known = {decision.id: decision.options for decision in decisions(self.space)}
        for decision in decisions(space):
            if decision.id not in known:
                raise InvalidSpace(f"{space.name!r} asks for {decision.id!r}, which the table of {self.space.name!r} does not know")
            if unknown := [option for option in decision.options if option not in known[decision.id]]:
                raise InvalidSpace(f"{space.name!r} offers {unknown[0]!r} on {decision.id}; the table has "
                                   f"{', '.join(map(str, known[decision.id]))}")
        if missing := known.keys() - {decision.id for decision in decisions(space)}:
            raise InvalidSpace(f"{space.name!r} does not ask for {min(missing)!r}, which the table's architectures name")

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        row = self.index(architecture)
        yield Measurement(0, {m.name: float(self.columns[m.name][row]) for m in self.metrics})

    def foresee(self, architecture: Architecture) -> Mapping[str, float]:
        row = self.index(architecture)
        return {name: float(self.columns[name][row]) for name in self.known}

    def index(self, architecture: Architecture) -> int:
        """The row of an architecture.

        Raises:
            InvalidArchitecture: if the table has none.
        """
        row = self.rows.get(architecture)
        if row is None:
            raise InvalidArchitecture(f"the table has no such architecture (it has {self.coverage:.1%} of {self.space.name!r}): "
                                      f"{dict(architecture)!r:.300}")
        return row

    def architecture(self, index: int) -> Architecture:
        """The architecture in a row."""
        return list(self.rows)[index]

    def column(self, metric: str) -> npt.NDArray[np.float64]:
        """(rows,) one metric of every row."""
        find_metrics(self.metrics, (metric,))
        return self.columns[metric]

    def rank(self, architecture: Architecture, metric: str | None = None) -> Rank:
        return self._ranking.rank(self.index(architecture), self._metric(metric))

    def optimum(self, metric: str | None = None) -> tuple[Architecture, float]:
        by = self._metric(metric)
        best = self._ranking.best(by)
        return self.architecture(best), float(self.columns[by.name][best])

    def front(self, metrics: Sequence[str]) -> list[tuple[Architecture, tuple[float, ...]]]:
        architectures = list(self.rows)
        return [(architectures[row], tuple(float(self.columns[name][row]) for name in metrics))
                for row in self._ranking.front(find_metrics(self.metrics, metrics))]

    def _metric(self, name: str | None) -> Metric:
        return find_metrics(self.metrics, (name or self.final_metric.name,))[0]
