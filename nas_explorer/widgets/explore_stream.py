"""What Python tells the explorer's views. A model without a view of its own; traits as in assets/widgets/src/explore_data.ts."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import ipywidgets
import traitlets
from ipywidgets import widget_serialization


class ExploreStream(ipywidgets.Widget):
    """Apart from the widget that clicks come in on, as `DashboardStream` is. The widgets that stand in the tabs are named here; each
    is None until somebody opens it."""

    offers = traitlets.Dict().tag(sync=True)
    names = traitlets.Dict().tag(sync=True)  # what stands in the tabs, in words: {"space": "nas_bench_201", ...}
    space = traitlets.Instance(ipywidgets.Widget, allow_none=True).tag(sync=True, **widget_serialization)
    search = traitlets.Instance(ipywidgets.Widget, allow_none=True).tag(sync=True, **widget_serialization)
    inside = traitlets.Instance(ipywidgets.Widget, allow_none=True).tag(sync=True, **widget_serialization)
    race = traitlets.Instance(ipywidgets.Widget, allow_none=True).tag(sync=True, **widget_serialization)

    def __init__(self, **traits: Any) -> None:
        self._lock = threading.Lock()  # clicks come on one thread, cells on another
        super().__init__(**traits)

    def show(self, content: Mapping[str, Any]) -> None:
        """Replace what has changed, in one message."""
        with self._lock, self.hold_sync():
            for name, value in content.items():
                setattr(self, name, value)
