"""The Pareto view of a search over any two metrics, as plain data: points, fronts, axes, counts and one sentence.

The front is that of the two metrics shown, whatever the search's objectives are. Of a random twin only as many trials
count as the search has ended itself, so both fronts come from the same budget.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from nas_explorer.records import History, Metric, hypervolume, pareto_mask, shown
from nas_explorer.views.axes import Axis, robust_axis, spoken, without_far_ends

Floats: TypeAlias = npt.NDArray[np.float64]
Numbers: TypeAlias = npt.NDArray[np.int32]
Points: TypeAlias = tuple[Floats, Floats]
FRONT_ROWS = 60  # of the table that stands for the plot where no plot can be seen


@dataclass(frozen=True, slots=True, eq=False)
class Front:
    """A front, sorted from the best x to the worst. Trial numbers are -1 where the points are no trials of the search.

    Attributes:
        trials, x, y: (k,) its points.
        stairs: (2, m) corners of the line between what is dominated and what is not, cut at the chart's edges.
    """

    trials: Numbers
    x: Floats
    y: Floats
    stairs: Floats

    def __len__(self) -> int:
        return len(self.trials)


@dataclass(frozen=True, slots=True, eq=False)
class ParetoView:
    """Everything that a Pareto plot shows.

    Attributes:
        trials, xs, ys: (n,) the finished trials that have both metrics.
        selected: (trial, x, y) or None.
        outside: (n,) which of the trials a space that was narrowed meanwhile cannot express.
        volume, twin_volume: hypervolume as a share of the chart's box, both from its worst corner; None without points.
    """

    x: Metric
    y: Metric
    trials: Numbers
    xs: Floats
    ys: Floats
    front: Front
    twin: Front | None
    truth: Front | None
    x_axis: Axis
    y_axis: Axis
    off_chart: int
    failed: int
    volume: float | None
    twin_volume: float | None
    selected: tuple[int, float, float] | None
    outside: npt.NDArray[np.bool_]

    @property
    def empty(self) -> bool:
        return not len(self.trials)


def pareto_view(
    history: History,
    x: Metric,
    y: Metric,
    *,
    twin: History | Points | None = None,
    truth: Points | None = None,
    selected: int | None = None,
    previous: ParetoView | None = None,
    frame: ParetoView | None = None,
    fitting: npt.NDArray[np.bool_] | None = None,
) -> ParetoView:
    """The view of what is known now.

    Args:
        twin: random search with the same budget, as a history or as (x values, y values) in order of trials.
        truth: (x values, y values) of the true front, where a table knows it.
        previous: the view before this one, of the same metrics; its axes are kept as long as they serve.
        frame: another view of the same metrics; its axes are kept whatever is seen. A replay stands still in the frame of the whole.
        fitting: (trials,) which of all trials the space that is left can express; None: all. The others stay, and count.
    """
    trials, xs, ys = finished_points(history, x, y)
    twin_points, twin_on = _twin_points(twin, x, y, history.ended_count)
    on = _known_front(history, trials, x, y)
    on = _on_front(xs, ys, x, y) if on is None else on
    if frame is not None:
        x_axis, y_axis = frame.x_axis, frame.y_axis
    else:
        kept = previous if previous is not None and (previous.x, previous.y) == (x, y) else None
        others = [points for points in (twin_points, truth) if points is not None]
        worth = on[without_far_ends(xs[on] * _sign(x), ys[on] * _sign(y))]
        spread = truth if truth is not None and not len(xs) else (xs, ys)  # before the first trial: where they may be
        x_axis = robust_axis(spread[0], x.minimize, [*xs[worth], *_best(x, [p[0] for p in others])], kept.x_axis if kept else None)
        y_axis = robust_axis(spread[1], y.minimize, [*ys[worth], *_best(y, [p[1] for p in others])], kept.y_axis if kept else None)
    box = _Box(x, y, x_axis, y_axis)
    front = Front(trials[on], xs[on], ys[on], _stairs(xs[on], ys[on], box))
    twin_front = None if twin_points is None else _unnumbered_front(twin_points, box, twin_on)
    if truth is None:
        true_front = None
    else:  # it is the same at every moment, and so is what is seen of it in the same frame
        true_front = frame.truth if frame is not None and frame.truth is not None else _unnumbered_front(truth, box)
    inside = (xs >= x_axis.low) & (xs <= x_axis.high) & (ys >= y_axis.low) & (ys <= y_axis.high)
    return ParetoView(
        x,
        y,
        trials,
        xs,
        ys,
        front,
        twin_front,
        true_front,
        x_axis,
        y_axis,
        off_chart=int(len(xs) - inside.sum()),
        failed=history.failed_count,
        volume=_volume(front, box),
        twin_volume=None if twin_front is None else _volume(twin_front, box),
        selected=_selected(history, x, y, selected),
        outside=_outside(trials, fitting),
    )


def _outside(trials: Numbers, fitting: npt.NDArray[np.bool_] | None) -> npt.NDArray[np.bool_]:
    """Trials that came after `fitting` was asked for were proposed in what is left."""
    outside = np.zeros(len(trials), dtype=bool)
    if fitting is not None:
        early = trials < len(fitting)
        outside[early] = ~fitting[trials[early]]
    return outside


def finished_points(history: History, x: Metric, y: Metric) -> tuple[Numbers, Floats, Floats]:
    """(n,) numbers and values of the finished trials that have both metrics."""
    xs, ys = history.column(x.name), history.column(y.name)
    seen = np.flatnonzero((history.statuses() == 1) & np.isfinite(xs) & np.isfinite(ys))
    return seen.astype(np.int32), xs[seen], ys[seen]


def _twin_points(twin: History | Points | None, x: Metric, y: Metric, count: int) -> tuple[Points | None, npt.NDArray[np.intp] | None]:
    """The twin's points, and which are on its front, where it keeps that itself."""
    if isinstance(twin, History):
        numbers, xs, ys = finished_points(twin, x, y)
        early = numbers < count
        return (xs[early], ys[early]), _known_front(twin, numbers, x, y) if early.all() else None
    if twin is None:
        return None, None
    xs, ys = (np.asarray(values, dtype=float)[:count] for values in twin)
    good = np.isfinite(xs) & np.isfinite(ys)
    return (xs[good], ys[good]), None


def _best(metric: Metric, columns: Sequence[Floats]) -> list[float]:
    """The best value of each column that has any."""
    return [float(column.min() if metric.minimize else column.max()) for column in columns if len(column)]


def _sign(metric: Metric) -> float:
    return 1.0 if metric.minimize else -1.0


def _known_front(history: History, trials: Numbers, x: Metric, y: Metric) -> npt.NDArray[np.intp] | None:
    """As `_on_front`, where the history keeps that front itself; None where it does not."""
    if len(history.objectives) != 2 or {x, y} != set(history.objectives):
        return None
    on = np.array(history.front.trials, dtype=np.int32)
    at = np.searchsorted(trials, on)
    if len(at) and (at.max() >= len(trials) or not np.array_equal(trials[at], on)):
        return None  # one has an infinite value, or is just ending
    return at if x == history.objectives[0] else at[::-1]


def _on_front(xs: Floats, ys: Floats, x: Metric, y: Metric) -> npt.NDArray[np.intp]:
    """Numbers of the points on the front, from the best x to the worst."""
    on = np.flatnonzero(pareto_mask(np.column_stack([xs, ys]), (x, y)))
    return on[np.argsort(xs[on] * _sign(x))]


@dataclass(frozen=True, slots=True)
class _Box:
    """What the chart shows."""

    x: Metric
    y: Metric
    x_axis: Axis
    y_axis: Axis

    @property
    def worst(self) -> tuple[float, float]:
        return (self.x_axis.high if self.x.minimize else self.x_axis.low, self.y_axis.high if self.y.minimize else self.y_axis.low)


def _unnumbered_front(points: Points, box: _Box, on: npt.NDArray[np.intp] | None = None) -> Front:
    xs, ys = points
    on = _on_front(xs, ys, box.x, box.y) if on is None else on
    return Front(np.full(len(on), -1, dtype=np.int32), xs[on], ys[on], _stairs(xs[on], ys[on], box))


def _stairs(xs: Floats, ys: Floats, box: _Box) -> Floats:
    """From the worst y above the first point on the chart to the worst x beside the last."""
    worst_x, worst_y = box.worst
    seen = (xs * _sign(box.x) <= worst_x * _sign(box.x)) & (ys * _sign(box.y) <= worst_y * _sign(box.y))
    if not seen.any():
        return np.empty((2, 0))
    xs, ys = xs[seen], ys[seen]
    return np.array([np.append(np.repeat(xs, 2), worst_x), np.concatenate([[worst_y], np.repeat(ys, 2)])])


def _volume(front: Front, box: _Box) -> float | None:
    if not len(front):
        return None
    area = (box.x_axis.high - box.x_axis.low) * (box.y_axis.high - box.y_axis.low)
    points = np.column_stack([np.clip(front.x, box.x_axis.low, box.x_axis.high), np.clip(front.y, box.y_axis.low, box.y_axis.high)])
    return hypervolume(points, box.worst, (box.x, box.y)) / area


def _selected(history: History, x: Metric, y: Metric, trial: int | None) -> tuple[int, float, float] | None:
    if trial is None or not 0 <= trial < len(history) or history.status(trial) != "finished":
        return None
    at = history.value(trial, x.name), history.value(trial, y.name)
    return (trial, *at) if np.isfinite(at).all() else None


# ---- in words
def finding(view: ParetoView) -> str:
    """One sentence for whoever cannot see the plot."""
    if view.empty:
        return f"No finished trial yet with {view.y.label} and {view.x.label}."
    best = view.front.y.argmin() if view.y.minimize else view.front.y.argmax()
    text = (
        f"{len(view.front)} of {len(view.trials):,} finished trials are on the front of {view.y.label} and "
        f"{view.x.label}; the best {view.y.label} is {spoken(float(view.front.y[best]), view.y.unit)} at "
        f"{spoken(float(view.front.x[best]), view.x.unit)}"
    )
    if view.volume is None or view.twin_volume is None:
        return text + "."
    return f"{text}; hypervolume {view.volume:.3f}, random {view.twin_volume:.3f}."


def count_texts(view: ParetoView, noun: str = "architectures") -> tuple[str, str]:
    """("185 cells", "31 off the chart"); the second is empty if all are on it."""
    single = noun.removesuffix("s") if len(view.trials) == 1 else noun
    return f"{len(view.trials):,} {single}", f"{view.off_chart:,} off the chart" if view.off_chart else ""


def search_label(view: ParetoView, noun: str) -> str:
    """The label at the end of the search's front, short enough for the margin of a chart."""
    return f"search, {len(view.front)} {noun}" if len(noun) <= 6 else f"search, {len(view.front)}"


def pareto_summary(view: ParetoView, metrics: Sequence[Metric], noun: str = "architectures") -> dict[str, Any]:
    """What the dashboard shows around the plot, and the plot as a table, in JSON's own types."""
    count, off_chart = count_texts(view, noun)
    rows = zip(view.front.trials.tolist(), view.front.y.tolist(), view.front.x.tolist(), strict=True)
    return {
        "count": count,
        "off_chart": off_chart,
        "hypervolume": "" if view.volume is None else f"{view.volume:.3f}",
        "random_hypervolume": "" if view.twin_volume is None else f"{view.twin_volume:.3f}",
        "hypervolume_hint": "The share of the chart that the front dominates, measured from the chart's worst corner. "
        "It changes when the axes change; compare it with random, not with another search.",
        "metrics": [{"name": m.name, "label": m.title} for m in metrics],
        "finding": finding(view),
        "empty": view.empty,
        "points_total": len(view.trials),
        "columns": [view.y.title, view.x.title],
        "front": [[trial, shown(y, view.y.unit), shown(x, view.x.unit)] for trial, y, x in rows][:FRONT_ROWS],
    }
