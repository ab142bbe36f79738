"""A race as plain data: for every lane a line and a band over its searches, against trials, seconds or epochs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from nas_explorer.records import Metric
from nas_explorer.records.race_history import Clock, LaneHistory, RaceHistory
from nas_explorer.views.axes import spoken
from nas_explorer.views.race_measure import Measure, What, measure

Floats: TypeAlias = npt.NDArray[np.float64]
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
class RaceLines:
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
    grid: Floats | None = None,
) -> RaceLines:
    """The lines of what is known now.

    Args:
        metric: of the best architecture so far by the first objective; by default that objective.
        what: `regret`, the distance to the best there is, which needs `optima`; `best`, the value itself; `hypervolume` of all
            objectives. By default regret where the optimum is known.
        optima: metric -> the best value there is.
        grid: (points,) of the clock where the lines are looked at; by default evenly on a log axis.

    Raises:
        ValueError: if the race has no such metric, or the regret of one is asked for whose optimum is not known.
    """
    by = measure(history, metric, what, optima)
    points = clock_grid(history, clock) if grid is None else grid
    curves = tuple(_curve(lane, points, by.so_far(lane, points, clock)) for lane in history.lanes.values())
    return RaceLines(by.what, by.metric, clock, curves, _title(by), _caption(history, by), by.less_is_better, tuple(notes))


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


def steady_grid(history: RaceHistory, clock: Clock, end: float) -> Floats:
    """(points,) from the first find to the end of the axis, close together on a log axis and on a linear one.

    It does not change while a race runs, so that its lines go on and nothing of what is drawn moves.
    """
    least = min((float(lane.column(clock).min(initial=math.inf)) for lane in history.lanes.values()), default=math.inf)
    if not least < end:
        return np.zeros(0) if math.isinf(least) else np.array([end])
    grid = np.concatenate([np.geomspace(max(least, end / 1e6), end, POINTS), np.linspace(least, end, POINTS)])
    return np.unique(np.round(grid)) if clock == "trials" else np.unique(np.round(grid, 6))


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


def _title(by: Measure) -> str:
    if by.what == "hypervolume":
        return "hypervolume"
    return f"regret in {by.metric.title}" if by.what == "regret" else by.metric.title


def _caption(history: RaceHistory, by: Measure) -> str:
    over = f"Lines are medians over {history.searches} searches, bands their quartiles."
    over = over if history.searches > 1 else "One search a lane, so there are no bands."
    judge, metric = history.objectives[0], by.metric
    if by.what == "hypervolume":
        names = ", ".join(m.label for m in history.objectives)
        return f"Hypervolume of the front over {names}, up to the worst point on any front. {over}"
    chosen = "" if metric == judge else f", chosen by {judge.label}"
    means = " A table's value is the mean over its trainings." if by.optimum is not None else ""
    if by.what == "regret" and by.optimum is not None:
        there = f"the best {metric.label} there is, {spoken(by.optimum, metric.unit)},"
        return f"Regret: distance from {there} to that of the best architecture so far{chosen}.{means} {over}"
    return f"{metric.label[:1].upper()}{metric.label[1:]} of the best architecture so far{chosen}.{means} {over}"
