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
REST_SECONDS = 0.9  # a little less than there is between two looks at something quiet


class PictureOutput:
    """Redrawn in place, and only where it has become another: a page that takes a new picture stands still meanwhile, and its notebook
    has to be saved once more.

    Args:
        words: what stands for the picture where only text is shown.
    """

    def __init__(self, words: str = "A picture of the search") -> None:
        self._words = words
        self._handle: Any = None
        self._svg = ""
        self._drawn_at = 0.0
        self._drawn_of: object = None
        self._newest: tuple[object, float] = (None, 0.0)  # what it would be drawn of now, and since when
        self._running = False
        self._waiting: threading.Timer | None = None

    def display(self, draw: Callable[[], str]) -> None:
        """Put it below what the running cell has displayed."""
        from IPython.display import display

        self._svg = draw()
        self._handle = display(self._bundle(), raw=True, display_id=True)
        self._drawn_at = time.monotonic()

    def update(self, draw: Callable[[], str]) -> None:
        """Redraw it at once, if it is displayed."""
        if self._handle is None:
            return
        svg = draw()
        self._drawn_at = time.monotonic()
        if svg != self._svg:
            self._svg = svg
            self._handle.update(self._bundle(), raw=True)

    def follow(self, draw: Callable[[], str], of: object, running: bool) -> None:
        """Called with every look: redraws it now and then while something runs, at once when that ends, and else when it has
        stood for a second.

        Args:
            of: all that it is drawn of; while this is the same there is nothing to redraw.
        """
        now = time.monotonic()
        ended, self._running = self._running and not running, running
        if of != self._newest[0]:
            self._newest = of, now
        if self._handle is None or of == self._drawn_of:
            return
        if (now - self._drawn_at > EVERY_SECONDS) if running else (ended or now - self._newest[1] > REST_SECONDS):
            self._drawn_of = of
            self.update(draw)

    def update_at_rest(self, draw: Callable[[], str]) -> None:
        """Redraw it when this has not been called for a second."""
        self.stop()
        if self._handle is None:
            return
        self._waiting = threading.Timer(REST_SECONDS, self.update, (draw,))
        self._waiting.daemon = True
        self._waiting.start()

    def stop(self) -> None:
        """Leave the last picture as it is."""
        if self._waiting is not None:
            self._waiting.cancel()

    def _bundle(self) -> dict[str, str]:
        return {"image/svg+xml": self._svg, "text/plain": self._words}
