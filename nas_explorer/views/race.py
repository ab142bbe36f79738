"""A race as plain data: for every lane a line and a band over its searches, against trials, seconds or epochs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from nas_explorer.records import Metric
from nas_explorer.records.race_history import Clock, LaneHistory, RaceHistory
from nas_explorer.views.axes import spoken

Floats: TypeAlias = npt.NDArray[np.float64]
What: TypeAlias = Literal["regret", "best", "hypervolume"]
CLOCK_WORDS: Mapping[Clock, str] = {"trials": "trials", "seconds": "seconds of training", "epochs": "epochs of training"}
POINTS = 80                        # of a line


@dataclass(frozen=True, slots=True)
class LaneCurve:
    """One lane's line: the median over its searches, and the band between their quartiles.

    Attributes:
        x: (points,) where all of its searches have come to.
        middle, low, high: (points,) each; no band (empty low and high) where there is one search.
        note: why it stopped, or what is worth knowing; else empty.
    """

    name: str
    x: Floats
    middle: Floats
    low: Floats
    high: Floats
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RaceView:
    """What a race looks like now.

    Attributes:
        y_title: of the axis, with unit.
        caption: what the lines are, in words: which metric, which split, which mean, how many searches.
        less_is_better: whether the lowest line wins.
    """

    what: What
    metric: Metric
    clock: Clock
    lanes: tuple[LaneCurve, ...]
    y_title: str
    caption: str
    less_is_better: bool
    notes: tuple[str, ...] = ()

    @property
    def x_title(self) -> str:
        return CLOCK_WORDS[self.clock]


def race_view(
    history: RaceHistory,
    metric: str | None = None,
    clock: Clock = "trials",
    what: What | None = None,
    optima: Mapping[str, float] | None = None,
    notes: Sequence[str] = (),
) -> RaceView:
    """The lines of what is known now.

    Args:
        metric: of the best architecture so far by the first objective; by default that objective.
        what: `regret`, the distance to the best there is, which needs `optima`; `best`, the value itself; `hypervolume` of all
            objectives. By default regret where the optimum is known.
        optima: metric -> the best value there is.

    Raises:
        ValueError: if the race has no such metric, or the regret of one is asked for whose optimum is not known.
    """
    by = _metric(history, metric)
    best = (optima or {}).get(by.name)
    shown: What = what or ("regret" if best is not None else "best")
    if shown == "regret" and best is None:
        raise ValueError(f"the regret of {by.name} needs its optimum, which only a table knows; ask for what='best'")
    grid = clock_grid(history, clock)
    curves = tuple(_curve(lane, grid, _values(history, lane, by, grid, clock, shown, best)) for lane in history.lanes.values())
    caption = _caption(history, shown, by, best)
    return RaceView(shown, by, clock, curves, _title(shown, by), caption, shown == "regret" or by.minimize, tuple(notes))


def clock_grid(history: RaceHistory, clock: Clock, points: int = POINTS) -> Floats:
    """(points,) from the first trial to where the furthest search has come, evenly on a log axis; whole numbers of trials."""
    most = max((float(lane.spent[clock].max(initial=0.0)) for lane in history.lanes.values()), default=0.0)
    if most <= 0:
        return np.zeros(0)
    firsts = [float(lane.column(clock).min(initial=math.inf)) for lane in history.lanes.values()]
    least = min(max(min(firsts, default=most), most / 1e6), most)
    grid = np.geomspace(least, most, points)
    grid[-1] = most
    return np.unique(np.round(grid)) if clock == "trials" else grid


def _metric(history: RaceHistory, name: str | None) -> Metric:
    known = {m.name: m for m in history.metrics}
    if name is not None and name not in known:
        raise ValueError(f"this race has no metric {name!r}; it has {', '.join(known)}")
    return history.metrics[0] if name is None else known[name]


def _values(history: RaceHistory, lane: LaneHistory, by: Metric, grid: Floats, clock: Clock, what: What, best: float | None) -> Floats:
    if what == "hypervolume":
        worst = np.array([other.worst() for other in history.lanes.values() if other.column("seed").size])
        if not len(worst):
            return np.full((lane.searches, len(grid)), np.nan)
        reference = [float(v.max() if m.minimize else v.min()) for m, v in zip(history.objectives, worst.T, strict=True)]
        return lane.hypervolumes(reference, grid, clock)
    values = lane.so_far(by.name, grid, clock)
    return values if what == "best" or best is None else (values - best if by.minimize else best - values)


def _curve(lane: LaneHistory, grid: Floats, values: Floats) -> LaneCurve:
    there = ~np.isnan(values).any(axis=0)
    x, known = grid[there], values[:, there]
    nothing = np.zeros(0)
    if not len(x):
        return LaneCurve(lane.name, nothing, nothing, nothing, nothing, lane.state, lane.message)
    low, middle, high = np.quantile(known, (0.25, 0.5, 0.75), axis=0)
    if lane.searches == 1:
        low = high = nothing
    return LaneCurve(lane.name, x, middle, low, high, lane.state, lane.message)


def _title(what: What, by: Metric) -> str:
    if what == "hypervolume":
        return "hypervolume"
    return f"regret in {by.title}" if what == "regret" else by.title


def _caption(history: RaceHistory, what: What, by: Metric, best: float | None) -> str:
    searches = next(iter(history.lanes.values())).searches
    over = f"Lines are medians over {searches} searches, bands their quartiles."
    over = over if searches > 1 else "One search a lane, so there are no bands."
    judge = history.objectives[0]
    if what == "hypervolume":
        names = ", ".join(m.label for m in history.objectives)
        return f"Hypervolume of the front over {names}, up to the worst point on any front. {over}"
    chosen = "" if by == judge else f", chosen by {judge.label}"
    means = " A table's value is the mean over its trainings." if best is not None else ""
    if what == "regret" and best is not None:
        there = f"the best {by.label} there is, {spoken(best, by.unit)},"
        return f"Regret: distance from {there} to that of the best architecture so far{chosen}.{means} {over}"
    return f"{by.label[:1].upper()}{by.label[1:]} of the best architecture so far{chosen}.{means} {over}"
