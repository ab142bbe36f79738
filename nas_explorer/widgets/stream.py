"""What Python tells a view in the browser: a model without a view of its own, beside the widget that clicks come in on."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import ipywidgets


class Stream(ipywidgets.Widget):
    """Each trait is a JSON value that is replaced whole.

    Clicks come in on another model: ipykernel hands the next click to the thread that last wrote to the same comm, and a click that
    waits for a busy cell is a click that seems lost.
    """

    def __init__(self, **traits: Any) -> None:
        self._lock = threading.Lock()  # clicks come on one thread, looks on another
        super().__init__(**traits)

    def show(self, content: Mapping[str, Any]) -> None:
        """Replace what has changed, in one message."""
        with self._lock, self.hold_sync():
            for name, value in content.items():
                setattr(self, name, value)
