"""How one thread asks a search in another to pause, go on or stop. The loop looks here between trials."""

from __future__ import annotations

import threading


class Control:
    """Two wishes, and a bell that wakes who waits for them to change, or for something else that somebody brought."""

    def __init__(self) -> None:
        self._bell = threading.Condition()
        self._pause = False
        self._stop = False
        self._knocked = False
        self.pause_message = ""

    def pause(self, message: str = "") -> None:
        with self._bell:
            self._pause, self.pause_message = True, message
            self._bell.notify_all()

    def resume(self) -> None:
        with self._bell:
            self._pause = False
            self._bell.notify_all()

    def stop(self) -> None:
        with self._bell:
            self._stop = True
            self._bell.notify_all()

    def knock(self) -> None:
        """There is something to look at: whoever waits stops to wait."""
        with self._bell:
            self._knocked = True
            self._bell.notify_all()

    @property
    def pause_wanted(self) -> bool:
        return self._pause

    @property
    def stop_wanted(self) -> bool:
        return self._stop

    def wait_while_paused(self) -> None:
        """Return when the search may go on, or should stop, or somebody knocked."""
        with self._bell:
            self._bell.wait_for(lambda: self._stop or not self._pause or self._knocked)
            self._knocked = False

    def wait_for_wish(self, seconds: float) -> None:
        """Wait so long, or until somebody wants something."""
        with self._bell:
            self._bell.wait_for(lambda: self._stop or self._pause or self._knocked, timeout=max(0.0, seconds))
            self._knocked = False

    def wait_for_stop(self, seconds: float) -> bool:
        """Wait so long; True at once if the search should stop."""
        with self._bell:
            return self._bell.wait_for(lambda: self._stop, timeout=seconds)
