"""Shared weights from inside: the Python side of assets/widgets/src/supernet_view.tsx.

Traits, in the browser's order: stream, selected, snapshot. Clicks and choices come in here; all that is shown goes out through
`stream`, which only the follower's thread writes. The browser keeps the moments of the search, so that replaying them asks nobody.
"""

from __future__ import annotations

import os
import time
from typing import Any

import traitlets
from ipywidgets import widget_serialization

from nas_explorer.search.follower import PERIOD_SECONDS
from nas_explorer.search.search import Search
from nas_explorer.widgets.live_view import STATIC, LiveView
from nas_explorer.widgets.steering import ACTIVE, QUIET_SECONDS, Steering
from nas_explorer.widgets.supernet_view_content import SupernetContent
from nas_explorer.widgets.supernet_view_moments import Sent, stride_of
from nas_explorer.widgets.supernet_view_stream import SupernetStream

HEADER_SECONDS = 0.5  # the clock in the header moves so often


class SupernetView(LiveView):
    """See the shared weights of a one-shot search learn, live or as a replay.

    Args:
        search: a search, or the folder of its run.

    Attributes:
        selected: id of the decision whose options are listed.
        snapshot: number of the moment that is shown, None for the newest.

    >>> view = SupernetView(Search("nas_bench_201", "random_search", "tabular", run=folder))
    >>> view.selected
    'cell/0→1'
    >>> view.close()

    Raises:
        RunNotFound, RunDamaged, RunTooNew: if the folder cannot be read.
    """

    _esm = STATIC / "supernet_view.js"
    _css = STATIC / "supernet_view.css"

    stream = traitlets.Instance(SupernetStream).tag(sync=True, **widget_serialization)
    selected = traitlets.Unicode("").tag(sync=True)
    snapshot = traitlets.Int(None, allow_none=True).tag(sync=True)

    def __init__(self, search: Search | str | os.PathLike[str]) -> None:
        self._get_ready("A picture of the shared weights")
        self.search = search if isinstance(search, Search) else Search.open(search)
        self.search.follow()
        self._content = SupernetContent(self.search)
        self._sent = Sent()
        self._asked: list[int] = []  # what a view in the browser lacks, from which moment on
        self._steering = Steering(self.search, self.follower.nudge)
        self._headed_at = 0.0
        first = self._content.drawing.decisions[0].id if self._content.drawing.decisions else ""
        super().__init__(stream=SupernetStream(drawing=self._content.static()), selected=first)
        self._go_live(["snapshot"])

    # ---- the browser's side speaks
    def _take(self, message: dict[str, Any]) -> None:
        if message.get("type") == "lacks" and type(message.get("first")) is int:
            self._asked.append(message["first"])
            self.follower.nudge()
        elif message.get("type") == "command":
            self._steering.command(str(message.get("name")))

    # ---- our side looks and shows
    def look(self) -> None:
        """Take in what is new and show it; called by the follower, at most 8 times a second."""
        self.search.follow()
        status = self._steering.status()
        active = status.phase in ACTIVE
        self.follower.period = PERIOD_SECONDS if active else QUIET_SECONDS
        self._tell_moments()
        seen, now = (status, self.search.history.event_count), time.monotonic()
        turned = not self._seen or status != self._seen[0]
        if turned or (now - self._headed_at >= HEADER_SECONDS and (active or seen != self._seen)):
            self._headed_at, self._seen = now, seen
            self.stream.show(self._content.state(status))
        self.picture.follow(self._picture, (self._seen, self.snapshot), active)

    def _tell_moments(self) -> None:
        """The new ones, and those that a view asked for again; a long history goes out chunk by chunk, one a look."""
        count = len(self.search.history.snapshots)
        while self._asked:
            self._sent.ask(self._asked.pop())
        due = self._sent.due(count)
        if due:
            self.stream.tell(stride_of(count), [self._content.moment(number) for number in due])
        self.stream.show({"count": count})
        if self._sent.behind(count):
            self.follower.nudge()

    def _picture(self) -> str:
        return self._content.picture(self._steering.status(), self.snapshot)
