"""A search as a widget steers it: commands from buttons, and the status that header and banner are made of. No widget in here."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from nas_explorer.errors import KernelLost, NasExplorerError
from nas_explorer.search.search import Search
from nas_explorer.widgets.status import Status

COMMANDS = ("start", "pause", "resume", "stop")
ACTIVE = ("starting", "running", "pausing", "stopping", "waiting")
QUIET_SECONDS = 1.0  # between two looks at a search that does not run
STATUS_SECONDS = 2.0  # the background kernel is asked so often whether it waits for the disk


class Steering:
    """
    Args:
        nudge: makes the view look at once.
    """

    def __init__(self, search: Search, nudge: Callable[[], None]) -> None:
        self.search, self._nudge = search, nudge
        self._refusal = ""  # why the last command did not work
        self._starting = False
        self._waiting = ""
        self._asked_at = 0.0

    def command(self, name: str) -> None:
        """A button; what does not work is said in the banner, a name that is none is left alone."""
        self._refusal = ""
        try:
            if name in COMMANDS:
                fresh = self.search.phase in ("interrupted", "stopped", "failed")
                self._starting = name == "start" or (name == "resume" and fresh)
                self._nudge()
                getattr(self.search, name)()
        except NasExplorerError as error:
            self._refusal = str(error)
        finally:
            self._starting = False
            self._nudge()

    def status(self) -> Status:
        return replace(self._status(), refusal=self._refusal)

    def _status(self) -> Status:
        phase: str = self.search.phase
        if self._starting and phase in ("idle", "interrupted", "stopped", "failed"):
            return Status("starting")
        if phase == "running" and time.monotonic() - self._asked_at > STATUS_SECONDS:
            self._asked_at = time.monotonic()
            self._waiting = self._asked()
        if phase == "running" and self._waiting:
            return Status("waiting", self._waiting)
        if phase == "failed":
            return Status(phase, self.search.history.message, self.search.history.details)
        return Status(phase)

    def _asked(self) -> str:
        """What the background kernel says it waits for; a run that is written elsewhere cannot be asked."""
        try:
            return str(self.search.status().get("waiting") or "")
        except KernelLost:
            return ""
