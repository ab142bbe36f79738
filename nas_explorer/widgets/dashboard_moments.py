"""Moments of a search made ahead, so that the browser plays them without asking for each. No widget and no thread in here.

What two moments have in common, most of a table's rows or the drawing of the best cell, is in a message once: a message holds a
pool of values, and each moment says which of them it shows. The points of a moment are a choice out of the points of the last.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nas_explorer.views import pareto_patch
from nas_explorer.views.figures import TRIALS
from nas_explorer.widgets.dashboard_content import DashboardContent, Wishes
from nas_explorer.widgets.status import Status

MOST = 32  # moments of one message
POOLED = ("header", "banner", "pareto", "curve", "detail")


class Pool:
    """Every value once, whoever shows it."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[str, int] = {}

    def place(self, value: Any) -> int:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        if text not in self._places:
            self._places[text] = len(self.values)
            self.values.append(value)
        return self._places[text]


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
        view = then.look(wishes)
        moments.append(_moment(then.panels(wishes, status), pareto_patch(view, theme, content.noun), pool))
    known = (then.history.spans()[1][view.trials] + 1).astype(np.int32)  # since which event
    points = {**moments[-1]["figure"]["data"][TRIALS], "known": {"dtype": "i4", "bdata": b64encode(known.tobytes()).decode()}}
    for moment in moments:
        moment["figure"]["data"][TRIALS] = None
        moment["figure"]["data"] = [None if trace is None else pool.place(trace) for trace in moment["figure"]["data"]]
    return {"type": "moments", "key": key, "pool": pool.values, "points": points, "moments": moments}


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
        "figure": {"data": patch["data"], "layout": pool.place(patch["layout"])},
    }
