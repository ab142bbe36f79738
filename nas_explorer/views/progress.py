"""How a search gets on: the best value so far, how much of the budget is spent, how long the rest will take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from nas_explorer.records import History, Metric, shown
from nas_explorer.views.axes import spoken

Steps: TypeAlias = list[tuple[float, float]]
Clock: TypeAlias = Literal["trial", "simulated_seconds"]
MOST_STEPS = 400  # of one curve: more than there are pixels to tell them apart


@dataclass(frozen=True, slots=True)
class CurveView:
    """The best value so far of a search and of its random twin, as steps: (where it improved, value).

    Attributes:
        end: how far the search has come on the x axis.
        x_max: where the axis ends; the budget, or a little more than `end`.
        optimum: the best value there is, where a table knows it.
    """

    metric: Metric
    clock: Clock
    search: Steps
    twin: Steps
    end: float
    x_max: float
    optimum: float | None = None


def best_so_far(history: History, metric: Metric, clock: Clock = "trial", count: int | None = None) -> Steps:
    """(x, value) where a finished trial improved on all before it; x counts trials from 1, or seconds of training time.

    Args:
        count: look at the first so many trials only.
    """
    values = history.column(metric.name)[:count]
    costs = np.where((history.statuses()[:count] == 1) & np.isfinite(values), values if metric.minimize else -values, np.inf)
    if not len(costs):
        return []
    best = np.minimum.accumulate(costs)
    improved = np.flatnonzero((best < np.concatenate([[np.inf], best[:-1]])) & np.isfinite(best))
    x = _clock(history, clock, count)
    return [(float(x[i]), float(values[i])) for i in improved][-MOST_STEPS:]


def _clock(history: History, clock: Clock, count: int | None) -> Any:
    if clock == "trial":
        return np.arange(1, len(history) + 1)[:count]
    return np.nancumsum(history.column("train_seconds")[:count])


def curve_view(
    history: History,
    metric: Metric,
    *,
    twin: History | Sequence[float] | None = None,
    clock: Clock = "trial",
    x_max: float | None = None,
    optimum: float | None = None,
) -> CurveView:
    """The curve of what is known now.

    Args:
        twin: random search, as a history or as the values of its trials in order; cut where the search stands.
        x_max: the budget on this clock, where it has one.
    """
    ended = history.ended_count
    end = float(ended) if clock == "trial" else history.simulated_seconds
    if isinstance(twin, History):
        steps = best_so_far(twin, metric, clock, ended if clock == "trial" else None)
        steps = [step for step in steps if step[0] <= end]
    else:
        steps = _steps_of(list(twin or ())[:ended], metric)
    return CurveView(metric, clock, best_so_far(history, metric, clock), steps, end, x_max or max(10.0, end * 1.15), optimum)


def _steps_of(values: Sequence[float], metric: Metric) -> Steps:
    steps: Steps = []
    for i, value in enumerate(values, start=1):
        if math.isfinite(value) and (not steps or metric.is_better(value, steps[-1][1])):
            steps.append((float(i), float(value)))
    return steps[-MOST_STEPS:]


def curve_finding(view: CurveView) -> str:
    """One sentence for whoever cannot see the curve."""
    if not view.search:
        return f"No finished trial yet with {view.metric.label}."
    text = f"The best {view.metric.label} so far is {spoken(view.search[-1][1], view.metric.unit)}"
    if view.twin:
        text += f", random search found {spoken(view.twin[-1][1], view.metric.unit)} with the same budget"
    return f"{text}; the optimum is {spoken(view.optimum, view.metric.unit)}." if view.optimum is not None else f"{text}."


def curve_summary(view: CurveView) -> dict[str, Any]:
    """What the dashboard draws, in JSON's own types."""

    def last(steps: Steps) -> str:
        return shown(steps[-1][1], view.metric.unit) if steps else ""

    return {
        "label": f"best {view.metric.title.replace(' (', ' so far (', 1) if view.metric.unit else view.metric.label + ' so far'}",
        "x_label": "trial" if view.clock == "trial" else "simulated seconds",
        "x_max": view.x_max,
        "search": [list(step) for step in view.search],
        "random": [list(step) for step in view.twin],
        "optimum": view.optimum,
        "search_text": last(view.search),
        "random_text": last(view.twin),
        "optimum_text": "" if view.optimum is None else shown(view.optimum, view.metric.unit),
        "now": view.end,
        "finding": curve_finding(view),
    }


# ---- time and budget
def clock_text(seconds: float) -> str:
    """
    >>> clock_text(187), clock_text(3725), clock_text(0.4)
    ('3:07', '1:02:05', '0:00')
    """
    whole = max(0, int(seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def seconds_left(elapsed: float, share: float, ended: int) -> float | None:
    """Time to the end of the budget at the pace so far, rounded so that it does not flicker; None while it is too early to say.

    Args:
        elapsed: seconds at work, pauses left out.
        share: of the budget that is spent, from 0 to 1.
        ended: trials that have ended.

    >>> seconds_left(187, 0.623, 187), seconds_left(2.0, 0.01, 2) is None
    (115, True)
    """
    if ended < 3 or share <= 0 or elapsed <= 0:
        return None
    left = elapsed * max(0.0, 1 - share) / share
    grain = 60 if left > 1800 else 15 if left > 300 else 5
    return math.ceil(left / grain) * grain if left >= 5 else float(math.ceil(left))


def budget_text(trials: int | None = None, wall_seconds: float | None = None, simulated_seconds: float | None = None) -> str:
    """
    >>> budget_text(trials=12000), budget_text(300, simulated_seconds=12000.0), budget_text()
    ('12,000 trials', '300 trials or 12,000 s of simulated training', 'no limit')
    """
    parts = [
        f"{trials:,} trials" if trials is not None else "",
        f"{clock_text(wall_seconds)} of wall time" if wall_seconds is not None else "",
        f"{simulated_seconds:,.0f} s of simulated training" if simulated_seconds is not None else "",
    ]
    return " or ".join(filter(None, parts)) or "no limit"
