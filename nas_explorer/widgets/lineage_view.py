"""Who came from whom: the Python side of assets/widgets/src/lineage_view.tsx.

Traits, in the browser's order: stream, selected, compared, moment. Clicks and choices come in here; all that is shown goes out
through `stream`, which only the follower's thread writes. The browser keeps the tree, so that scrubbing it asks nobody.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from typing import Any

import traitlets
from ipywidgets import widget_serialization

from nas_explorer.search.follower import PERIOD_SECONDS
from nas_explorer.search.search import Search
from nas_explorer.widgets.lineage_view_content import Choice, LineageContent
from nas_explorer.widgets.lineage_view_stream import LineageStream
from nas_explorer.widgets.live_view import STATIC, LiveView
from nas_explorer.widgets.status import Status
from nas_explorer.widgets.steering import ACTIVE, QUIET_SECONDS, Steering

TREE_SECONDS = 0.25  # a growing tree is drawn anew at most so often


class LineageView(LiveView):
    """See an evolution as a family: parents and children, births and deaths, and the line that leads to the best.

    Args:
        search: a search, or the folder of its run; while it runs the tree grows.

    Attributes:
        selected: number of the trial that is shown beside the tree, None for the best.
        compared: number of another that it is held against, None for its parent.
        moment: number of the trial up to which the tree is shown, None for all.

    >>> view = LineageView(Search("nas_bench_201", "regularized_evolution", "tabular", run=folder))
    >>> view.close()

    Raises:
        RunNotFound, RunDamaged, RunTooNew: if the folder cannot be read.
    """

    _esm = STATIC / "lineage_view.js"
    _css = STATIC / "lineage_view.css"

    stream = traitlets.Instance(LineageStream).tag(sync=True, **widget_serialization)
    selected = traitlets.Int(None, allow_none=True).tag(sync=True)
    compared = traitlets.Int(None, allow_none=True).tag(sync=True)
    moment = traitlets.Int(None, allow_none=True).tag(sync=True)

    def __init__(self, search: Search | str | os.PathLike[str]) -> None:
        self._get_ready()
        self.search = search if isinstance(search, Search) else Search.open(search)
        self.search.follow()
        self._content = LineageContent(self.search)
        self._steering = Steering(self.search, self.follower.nudge)
        self._looking = threading.RLock()
        self._drawn_at = 0.0
        super().__init__(stream=LineageStream())
        self._go_live(["selected", "compared", "moment"])

    # ---- the browser's side speaks
    def _take(self, message: dict[str, Any]) -> None:
        if message.get("type") == "command":
            self._steering.command(str(message.get("name")))

    # ---- our side looks and shows
    def look(self) -> None:
        """Take in what is new and show it; called by the follower, at most 8 times a second."""
        with self._looking:
            self._look()

    def _look(self) -> None:
        self.search.follow()
        status = self._steering.status()
        active = status.phase in ACTIVE
        self.follower.period = PERIOD_SECONDS if active else QUIET_SECONDS
        choice = self._choice()
        seen = (self.search.history.event_count, status, choice)
        self._tell(seen, status, choice, active)
        self.picture.follow(self._picture, seen, active)

    def _tell(self, seen: tuple[Any, ...], status: Status, choice: Choice, active: bool) -> None:
        # At once, if the user did something and waits to see it, or if this is the last word; else as often as eyes can follow.
        hurry = seen[1:] != self._seen[1:] or not active
        now = time.monotonic()
        if seen == self._seen or not (hurry or now - self._drawn_at >= TREE_SECONDS):
            return
        content: dict[str, Any] = {"detail": self._content.detail(choice)}
        if self._seen[:2] != seen[:2]:
            content |= {
                "tree": self._content.tree(),
                "header": self._content.header(status),
                "banner": self._content.banner(status),
                "announcement": self._content.announcement(status),
            }
        self._drawn_at, self._seen = now, seen
        self.stream.show(content)

    def _choice(self) -> Choice:
        return Choice(self.selected, self.compared, self.moment)

    def _picture(self) -> str:
        with self._looking:  # the first picture is drawn by the cell, while the follower may be looking
            return self._content.picture(self._steering.status(), self._choice())


_views: weakref.WeakKeyDictionary[Search, LineageView] = weakref.WeakKeyDictionary()


def lineage_view_of(search: Search) -> LineageView:
    """The view of a search: one for each, which its dashboard opens."""
    if search not in _views:
        _views[search] = LineageView(search)
    return _views[search]
