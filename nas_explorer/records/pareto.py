"""The Pareto front of what has been measured, kept up to date point by point."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from nas_explorer.records.metric import Metric


class ParetoFront:
    """The points that no other point dominates; of equal points the first stays.

    A point dominates another if it is no worse in every metric and better in one. Insertion takes about a microsecond
    for two metrics (a sorted list) and is linear in the size of the front for more.

    >>> from nas_explorer.records import metric
    >>> front = ParetoFront([metric("validation_error"), metric("latency_ms")])
    >>> [front.add(trial, values) for trial, values in enumerate([(10.0, 5.0), (9.0, 6.0), (11.0, 6.0), (9.0, 5.0)])]
    [True, True, False, True]
    >>> front.trials
    [3]
    """

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self.metrics = tuple(metrics)
        self._costs: list[tuple[float, ...]] = []  # sorted, so that two metrics can be searched by bisection
        self._trials: list[int] = []
        # Points that were not on the front when they came have never changed it: these tell how it was at any time before.
        self._joined: dict[int, tuple[float, ...]] = {}  # by trial, in the order in which they came
        self._displaced: dict[int, int] = {}  # trial -> the one that came and dominates it

    def __len__(self) -> int:
        return len(self._costs)

    @property
    def trials(self) -> list[int]:
        """Trial numbers, from the best value of the first metric to its worst."""
        return list(self._trials)

    @property
    def points(self) -> list[tuple[float, ...]]:
        """Values in the metrics' own directions, in the order of `trials`."""
        return [tuple(m.cost(c) for m, c in zip(self.metrics, costs, strict=True)) for costs in self._costs]

    def add(self, trial: int, values: Sequence[float]) -> bool:
        """Offer a point; True if it is on the front now. Points with a value that is no number are never on it."""
        costs = tuple([value if m.minimize else -value for m, value in zip(self.metrics, values, strict=True)])
        if any(math.isnan(c) for c in costs):
            return False
        joins = self._add_two(trial, costs) if len(costs) == 2 else self._add_many(trial, costs)
        if joins:
            self._joined[trial] = costs
        return joins

    def before(self, offered: Callable[[int], bool]) -> ParetoFront:
        """The front as it was when only some of the trials, those that came first, had been offered."""
        then = ParetoFront(self.metrics)
        then._joined = {trial: costs for trial, costs in list(self._joined.items()) if offered(trial)}
        then._displaced = {trial: by for trial, by in list(self._displaced.items()) if offered(by)}
        on = sorted((costs, trial) for trial, costs in then._joined.items() if trial not in then._displaced)
        then._costs, then._trials = [costs for costs, _ in on], [trial for _, trial in on]
        return then

    def _add_two(self, trial: int, costs: tuple[float, ...]) -> bool:
        # Sorted by the first cost the second falls strictly, so only neighbours can dominate or be dominated.
        at = bisect_left(self._costs, costs)
        if at and self._costs[at - 1][1] <= costs[1]:
            return False
        if at < len(self._costs) and self._costs[at] == costs:
            return False
        end = at
        while end < len(self._costs) and self._costs[end][1] >= costs[1]:
            end += 1
        self._displaced |= dict.fromkeys(self._trials[at:end], trial)
        self._costs[at:end], self._trials[at:end] = [costs], [trial]
        return True

    def _add_many(self, trial: int, costs: tuple[float, ...]) -> bool:
        if self._costs:
            front = np.array(self._costs)
            if np.any(np.all(front <= costs, axis=1)):
                return False
            stays = ~np.all(front >= costs, axis=1)
            if not stays.all():
                self._displaced |= {t: trial for t, keep in zip(self._trials, stays, strict=True) if not keep}
                self._costs = [c for c, keep in zip(self._costs, stays, strict=True) if keep]
                self._trials = [t for t, keep in zip(self._trials, stays, strict=True) if keep]
        at = bisect_left(self._costs, costs)
        self._costs.insert(at, costs)
        self._trials.insert(at, trial)
        return True


def pareto_mask(points: npt.ArrayLike, metrics: Sequence[Metric]) -> npt.NDArray[np.bool_]:
    """(n, metrics) -> (n,) which points are on the front, all at once; of equal points the first."""
    import moocore

    values = np.asarray(points, dtype=float)
    if not len(values):
        return np.zeros(0, dtype=bool)
    mask: npt.NDArray[np.bool_] = moocore.is_nondominated(values, maximise=[not m.minimize for m in metrics])
    return mask


def hypervolume(points: npt.ArrayLike, reference: Sequence[float], metrics: Sequence[Metric]) -> float:
    """The volume that the points dominate, up to the reference point; in the product of the metrics' units.

    Fonseca, Paquete & López-Ibáñez 2006, as implemented by moocore.
    """
    import moocore

    sign = np.array([1.0 if m.minimize else -1.0 for m in metrics])
    costs, corner = np.asarray(points, dtype=float).reshape(-1, len(sign)) * sign, np.asarray(reference, dtype=float) * sign
    costs = costs[np.all(costs < corner, axis=1)]
    return float(moocore.hypervolume(costs, ref=corner)) if len(costs) else 0.0
