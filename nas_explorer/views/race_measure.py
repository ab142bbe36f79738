"""What the lanes of a race are compared by: a metric of the best found so far, its distance from the optimum, or the hypervolume."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from nas_explorer.records import Metric
from nas_explorer.records.race_history import Clock, LaneHistory, RaceHistory

Floats: TypeAlias = npt.NDArray[np.float64]
What: TypeAlias = Literal["regret", "best", "hypervolume"]
VOLUME = Metric("hypervolume", "", False, "hypervolume")


@dataclass(frozen=True, slots=True)
class Measure:
    """
    Attributes:
        metric: of the best architecture so far by the first objective.
        optimum: the best value of the metric there is; None where nobody knows it.
        reference: up to which point the hypervolume is taken; empty before anything was found.
    """

    what: What
    metric: Metric
    optimum: float | None
    reference: tuple[float, ...] = ()

    @property
    def less_is_better(self) -> bool:
        return self.what == "regret" or (self.what == "best" and self.metric.minimize)

    def so_far(self, lane: LaneHistory, grid: Floats, clock: Clock) -> Floats:
        """(searches, points) as `LaneHistory.so_far`."""
        if self.what != "hypervolume":
            return self._from_optimum(lane.so_far(self.metric.name, grid, clock))
        return lane.hypervolumes(self.reference, grid, clock) if self.reference else np.full((lane.searches, len(grid)), np.nan)

    def final(self, lane: LaneHistory, clock: Clock = "trials", upto: float | None = None) -> Floats:
        """(searches,) by now; NaN where nothing was found.

        Args:
            upto: what had been found when so much of the clock was spent, instead; NaN also of searches that have not come so far.
                A lane that stopped goes no further: of it, what it has.
        """
        if upto is not None and lane.state != "stopped":
            found: Floats = self.so_far(lane, np.array([upto]), clock)[:, 0]
            return found
        if self.what != "hypervolume":
            return self._from_optimum(lane.final(self.metric.name))
        return lane.final_volumes(self.reference) if self.reference else np.full(lane.searches, np.nan)

    def _from_optimum(self, values: Floats) -> Floats:
        if self.what != "regret" or self.optimum is None:
            return values
        return values - self.optimum if self.metric.minimize else self.optimum - values


def fair_point(history: RaceHistory, clock: Clock) -> float | None:
    """Where on the clock all lanes that run can be compared: every search that has begun has come so far. None: at their ends."""
    points = [math.inf]
    for lane in history.lanes.values():
        spent = np.where(lane.ended, math.inf, lane.spent[clock])[lane.ended | (lane.spent[clock] > 0)]
        if lane.state == "running" and spent.size:
            points.append(float(spent.min()))
    return None if math.isinf(min(points)) else min(points)


def measure(
    history: RaceHistory, metric: str | None = None, what: What | None = None, optima: Mapping[str, float] | None = None
) -> Measure:
    """
    Args:
        metric: by default the first objective.
        what: by default regret where the optimum is known.
        optima: metric -> the best value there is.

    Raises:
        ValueError: if the race has no such metric, or the regret of one is asked for whose optimum is not known.
    """
    by = _metric(history, metric)
    best = (optima or {}).get(by.name)
    shown: What = what or ("regret" if best is not None else "best")
    if shown == "regret" and best is None:
        raise ValueError(f"the regret of {by.name} needs its optimum, which only a table knows; ask for what='best'")
    return Measure(shown, by, best, _reference(history) if shown == "hypervolume" else ())


def _metric(history: RaceHistory, name: str | None) -> Metric:
    known = {m.name: m for m in history.metrics}
    if name is not None and name not in known:
        raise ValueError(f"this race has no metric {name!r}; it has {', '.join(known)}")
    return history.metrics[0] if name is None else known[name]


def _reference(history: RaceHistory) -> tuple[float, ...]:
    """The worst value of each objective on any front of any lane."""
    worst = np.array([lane.worst() for lane in history.lanes.values() if lane.column("seed").size])
    if not len(worst):
        return ()
    return tuple(float(v.max() if m.minimize else v.min()) for m, v in zip(history.objectives, worst.T, strict=True))
