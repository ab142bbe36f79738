"""A static picture below a live widget: what a saved notebook shows where no kernel runs, on GitHub, or as HTML and PDF.

JupyterLab shows "model not found" for a widget without a kernel, and not the picture in the same output. So the picture is an
output of its own, which the widget's style sheet hides as long as a live view is beside it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

EVERY_SECONDS = 10.0
REST_SECONDS = 1.0


class PictureOutput:
    """Redrawn in place: when something has come to rest, and now and then before.

    Args:
        words: what stands for the picture where only text is shown.
    """

    def __init__(self, words: str = "A picture of the search") -> None:
        self._words = words
        self._handle: Any = None
        self._drawn_at = 0.0
        self._waiting: threading.Timer | None = None

    def display(self, draw: Callable[[], str]) -> None:
        """Put it below what the running cell has displayed."""
        from IPython.display import display

        self._handle = display(self._bundle(draw()), raw=True, display_id=True)
        self._drawn_at = time.monotonic()

    def update(self, draw: Callable[[], str], now: bool) -> None:
        """Redraw it, if it is displayed and `now` or the last drawing is old."""
        if self._handle is None or not (now or time.monotonic() - self._drawn_at > EVERY_SECONDS):
            return
        self._handle.update(self._bundle(draw()), raw=True)
        self._drawn_at = time.monotonic()

    def update_at_rest(self, draw: Callable[[], str]) -> None:
        """Redraw it when this has not been called for a second: a page that takes a new picture stands still meanwhile."""
        self.stop()
        if self._handle is None:
            return
        self._waiting = threading.Timer(REST_SECONDS, self.update, (draw, True))
        self._waiting.daemon = True
        self._waiting.start()

    def stop(self) -> None:
        """Leave the last picture as it is."""
        if self._waiting is not None:
            self._waiting.cancel()

    def _bundle(self, svg: str) -> dict[str, str]:
        return {"image/svg+xml": svg, "text/plain": self._words}
