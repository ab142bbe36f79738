"""Step in while a search runs: the Python side of assets/widgets/src/steer_panel.tsx.

Traits, in the browser's order: stream, start. Gestures come in here as messages, and each that asks for an edit is answered with
what came of it; all that is shown goes out through `stream`, which only the follower's thread writes.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from typing import Any

import traitlets
from ipywidgets import widget_serialization

from nas_explorer.errors import NasExplorerError
from nas_explorer.search.follower import PERIOD_SECONDS
from nas_explorer.search.search import Search
from nas_explorer.widgets.live_view import STATIC, LiveView
from nas_explorer.widgets.status import Status
from nas_explorer.widgets.steer_panel_content import SteerContent
from nas_explorer.widgets.steer_panel_gestures import give
from nas_explorer.widgets.steer_panel_stream import SteerStream
from nas_explorer.widgets.steering import ACTIVE, QUIET_SECONDS, Steering

LIST_SECONDS = 0.5  # numbers that change with every trial are shown anew at most so often


class SteerPanel(LiveView):
    """Steer a running search: pin an option, veto one, set a limit or the budget, say what to try next.

    Beside every switch stands what the option went with so far, and how sure that is.

    Args:
        search: a search, or the folder of its run.

    Attributes:
        start: number of the trial that a proposal by hand begins from, None for the best.

    >>> panel = SteerPanel(Search("nas_bench_201", "regularized_evolution", "tabular", run=folder))
    >>> panel.close()

    Raises:
        RunNotFound, RunDamaged, RunTooNew: if the folder cannot be read.
    """

    _esm = STATIC / "steer_panel.js"
    _css = STATIC / "steer_panel.css"

    stream = traitlets.Instance(SteerStream).tag(sync=True, **widget_serialization)
    start = traitlets.Int(None, allow_none=True).tag(sync=True)

    def __init__(self, search: Search | str | os.PathLike[str]) -> None:
        self._get_ready("What steers the search")
        self.search = search if isinstance(search, Search) else Search.open(search)
        self.search.follow()
        self._content = SteerContent(self.search)
        self._commands = Steering(self.search, self.follower.nudge)
        self._looking = threading.RLock()
        self._listed_at = 0.0
        super().__init__(stream=SteerStream())
        self._go_live(["start"])

    # ---- the browser's side speaks
    def _take(self, message: dict[str, Any]) -> None:
        if message.get("type") == "command":
            self._commands.command(str(message.get("name")))
        elif message.get("type") == "edit":
            self._edit(message)

    def _edit(self, message: dict[str, Any]) -> None:
        """What cannot be done is said where it was asked for: the answer carries the place that the question named."""
        try:
            give(self.search, message)
            answer = {"ok": True, "text": ""}
        except (NasExplorerError, ValueError, TypeError) as error:
            answer = {"ok": False, "text": str(error)}
        self.send({"type": "answer", "place": str(message.get("place", "")), **answer})
        self.follower.nudge()

    # ---- our side looks and shows
    def look(self) -> None:
        """Take in what is new and show it; called by the follower, at most 8 times a second."""
        with self._looking:
            self._look()

    def _look(self) -> None:
        self.search.follow()
        status = self._commands.status()
        active = status.phase in ACTIVE
        self.follower.period = PERIOD_SECONDS if active else QUIET_SECONDS
        edits = tuple((one.number, one.trial, one.in_force, one.over) for one in self.search.steer.edits)
        seen = (self.search.history.event_count, edits, status, self.start)
        self._tell(seen, status, active)
        self.picture.follow(self._picture, seen, active)

    def _tell(self, seen: tuple[Any, ...], status: Status, active: bool) -> None:
        # At once, if the user did something and waits to see it, or if this is the last word; else as often as eyes can follow.
        hurry = seen[1:] != self._seen[1:] or not active
        now = time.monotonic()
        if seen == self._seen or not (hurry or now - self._listed_at >= LIST_SECONDS):
            return
        self._listed_at, self._seen = now, seen
        self.stream.show(
            {
                "header": self._content.header(status),
                "banner": self._content.banner(status),
                "options": self._content.options(),
                "standing": self._content.standing(status, self.start),
                "announcement": self._content.announcement(status),
            }
        )

    def _picture(self) -> str:
        with self._looking:  # the first picture is drawn by the cell, while the follower may be looking
            return self._content.picture(self._commands.status())


_panels: weakref.WeakKeyDictionary[Search, SteerPanel] = weakref.WeakKeyDictionary()


def steer_panel_of(search: Search) -> SteerPanel:
    """The panel of a search: one for each, which its dashboard opens."""
    if search not in _panels:
        _panels[search] = SteerPanel(search)
    return _panels[search]
