"""A static picture below a live widget: what a saved notebook shows where no kernel runs, on GitHub, or as HTML and PDF.

JupyterLab shows "model not found" for a widget without a kernel, and not the picture in the same output. So the picture is an
output of its own, which the widget's style sheet hides as long as a live view is beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

EVERY_SECONDS = 10.0


class PictureOutput:
    """Redrawn in place: when something has come to rest, and now and then before."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._drawn_at = 0.0

    def display(self, draw: Callable[[], str]) -> None:
        """Put it below what the running cell has displayed."""
        from IPython.display import display

        self._handle = display(_bundle(draw()), raw=True, display_id=True)
        self._drawn_at = time.monotonic()

    def update(self, draw: Callable[[], str], now: bool) -> None:
        """Redraw it, if it is displayed and `now` or the last drawing is old."""
        if self._handle is None or not (now or time.monotonic() - self._drawn_at > EVERY_SECONDS):
            return
        self._handle.update(_bundle(draw()), raw=True)
        self._drawn_at = time.monotonic()


def _bundle(svg: str) -> dict[str, str]:
    return {"image/svg+xml": svg, "text/plain": "A picture of the search"}
