"""Moments of a search made ahead, so that the browser plays them without asking for each. No widget and no thread in here.

What two moments have in common, most of a table's rows or the drawing of the best cell, is in a message once: a message holds a
pool of values, and each moment says which of them it shows. The dots of a moment are a choice out of those of all trials, which the
browser has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nas_explorer.records import History, Metric
from nas_explorer.views import pareto_patch
from nas_explorer.views.figures import TRIALS, packed
from nas_explorer.views.pareto import finished_points
from nas_explorer.widgets.dashboard_content import DashboardContent, Wishes
from nas_explorer.widgets.status import Status

MOST = 32  # moments of one message
POOLED = ("header", "banner", "pareto", "curve", "detail")


def trial_points(history: History, x: Metric, y: Metric) -> dict[str, Any]:
    """The dots of all trials, and since which event each is known: those of any earlier moment are a choice out of them.

    Returns:
        In JSON's own types, `events`, the number of events until now, and columns as plotly packs them: `x`, `y`, `customdata` (the
        numbers of the trials) and `known`.
    """
    events = history.event_count  # first: the history may grow meanwhile, and what is known later is chosen by nobody
    trials, xs, ys = finished_points(history, x, y)
    known = (history.spans()[1][trials] + 1).astype(np.int32)
    columns = {"x": xs.astype(np.float32), "y": ys.astype(np.float32), "customdata": trials, "known": known}
    return {"events": events, **{name: packed(column) for name, column in columns.items()}}


def without_points(plot: dict[str, Any]) -> dict[str, Any]:
    """A plot, or a patch of one, whose dots the browser chooses itself."""
    none: dict[str, Any] = {"x": [], "y": [], "customdata": []}
    return {**plot, "data": [{**trace, **none} if place == TRIALS else trace for place, trace in enumerate(plot["data"])]}


class Pool:
    """Every value once, whoever shows it."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[str, int] = {}
        self._same: dict[int, int] = {}  # of objects that it has seen, by their identities
        self._seen: list[Any] = []  # which are theirs as long as they live

    def place(self, value: Any) -> int:
        if id(value) not in self._same:
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            if text not in self._places:
                self._places[text] = len(self.values)
                self.values.append(value)
            self._same[id(value)] = self._places[text]
            self._seen.append(value)
        return self._same[id(value)]


def moments_message(
    content: DashboardContent, wishes: Wishes, status: Status, theme: str, events: Sequence[int], key: str
) -> dict[str, Any]:
    """What the dashboard shows when so many events were known, for several numbers of events.

    Args:
        key: what the browser has asked with; it knows by it whether the answer still fits.
    """
    pool, moments = Pool(), []
    for count in sorted(events)[:MOST]:
        then = content.at(count)
        patch = without_points(pareto_patch(then.look(wishes), theme, content.noun))
        moments.append(_moment(then.moment_panels(wishes, status), patch, pool))
    return {"type": "moments", "key": key, "pool": pool.values, "moments": moments}


def _moment(panels: Mapping[str, Any], patch: dict[str, Any], pool: Pool) -> dict[str, Any]:
    table = panels["table"]
    return {
        "events": panels["events"],
        **{name: pool.place(panels[name]) for name in POOLED},
        "table": {
            **table,
            "columns": pool.place(table["columns"]),
            "rows": [pool.place(row) for row in table["rows"]],
            "selected_row": pool.place(table["selected_row"]),
        },
        "figure": {"data": [pool.place(trace) for trace in patch["data"]], "layout": pool.place(patch["layout"])},
    }
