"""Watches a run folder from a thread and rings when there is something new: at most 8 times a second, however fast it grows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

PERIOD_SECONDS = 0.125


class Follower:
    """Calls `look` from its own thread, one call at a time, until it is closed.

    Args:
        look: does the work of one look; the time it takes is counted into the period, so that a slow look is followed by a
            pause as long as itself and the notebook's kernel keeps half of the processor at least.
    """

    def __init__(self, look: Callable[[], None], period: float = PERIOD_SECONDS) -> None:
        self.look, self.period = look, period
        self._wake = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="nas_explorer-follower", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def nudge(self) -> None:
        """Look at once: the user did something."""
        self._wake.set()

    def close(self) -> None:
        self._closed = True
        self._wake.set()
        if threading.current_thread() is not self._thread and self._thread.is_alive():
            self._thread.join(timeout=5.0)

    def _run(self) -> None:
        while not self._closed:
            began = time.monotonic()
            self.look()
            took = time.monotonic() - began
            if self._wake.wait(max(self.period - took, took)):
                self._wake.clear()
