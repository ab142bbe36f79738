"""What a replay needs of Python beside the moment that is shown: its time axis, and the moments that a browser wants to play."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from nas_explorer.records import Metric
from nas_explorer.search.search import Search
from nas_explorer.views import curve_summary, timeline_of
from nas_explorer.widgets.dashboard_content import DashboardContent, Wishes
from nas_explorer.widgets.dashboard_moments import moments_message, trial_points
from nas_explorer.widgets.dashboard_stream import DashboardStream
from nas_explorer.widgets.status import Status

LINE_SECONDS = 1.0  # the time axis of a search that runs grows at most so often


class DashboardReplay:
    """Writes to the stream, so only the follower's thread calls `tell` and `show_line`."""

    def __init__(self, search: Search, content: DashboardContent, stream: DashboardStream) -> None:
        self.search, self._content, self._stream = search, content, stream
        self._asked: list[tuple[str, list[int]]] = []  # numbers of events, with the key they were asked with
        self._pointed: tuple[tuple[Metric, Metric] | None, int] = (None, -1)  # axes and number of events of the dots that the browser has
        self._lined: tuple[int, bool] = (-1, False)
        self._lined_at = 0.0

    @property
    def waits(self) -> bool:
        """Whether somebody has asked and got no answer yet."""
        return bool(self._asked)

    def ask(self, message: Mapping[str, Any]) -> None:
        """A browser wants moments ahead."""
        self._asked.append((str(message.get("key")), _counts(message.get("events"))))

    def tell(self, wishes: Wishes, status: Status, theme: str) -> None:
        """One answer a look, so that a click has not to wait for all that somebody wants to play."""
        key, events = self._asked.pop(0)
        known = [count for count in events if count <= self.search.history.event_count]
        if known:
            message = moments_message(self._content, wishes, status, theme, known, key)
            self._stream.show(self.points(wishes, max(known)) | {"tiles": self._content.tiles})
            self._stream.send(message)

    def points(self, wishes: Wishes, events: int) -> dict[str, Any]:
        """The dots of all trials, where those that the browser has are not enough for a moment; else nothing."""
        axes = self._content.axes(wishes)
        if self._pointed[0] == axes and self._pointed[1] >= events:
            return {}
        points = trial_points(self.search.history, *axes)
        self._pointed = (axes, points["events"])
        return {"points": points}

    def show_line(self) -> None:
        """The time axis, where it has grown."""
        history, now = self.search.history, time.monotonic()
        lined = (history.event_count, self._content.behind)
        if lined == self._lined or (now - self._lined_at < LINE_SECONDS and history.phase == "running"):
            return
        self._lined, self._lined_at = lined, now
        budget = self.search.budget.trials if history.phase in ("running", "paused") else None
        whole = curve_summary(self._content.curve())
        self._stream.show({"timeline": {**timeline_of(history).plain(), "end": budget or max(1, history.ended_count), "whole": whole}})


def _counts(events: object) -> list[int]:
    """What is no list of numbers of events is an empty one."""
    return [count for count in events if type(count) is int and count >= 0] if isinstance(events, list) else []
