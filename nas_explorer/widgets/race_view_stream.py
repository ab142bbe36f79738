"""What Python tells the race views. A model without a view of its own, written by the follower's thread alone.

Traits as in assets/widgets/src/race_view_data.ts, in the same order. Each is a JSON value that is replaced whole: ten lanes with
their bands are some hundred kilobytes, and a view that comes late needs nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets
import traitlets


class RaceStream(ipywidgets.Widget):
    """Apart from the widget that clicks come in on, as `DashboardStream` is."""

    plot = traitlets.Dict().tag(sync=True)
    table = traitlets.Dict().tag(sync=True)
    header = traitlets.Dict().tag(sync=True)
    banner = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    facts: traitlets.List[Any] = traitlets.List().tag(sync=True)
    notes: traitlets.List[Any] = traitlets.List().tag(sync=True)
    offers: traitlets.List[Any] = traitlets.List().tag(sync=True)
    verdict = traitlets.Unicode("").tag(sync=True)
    announcement = traitlets.Unicode("").tag(sync=True)

    def show(self, content: Mapping[str, Any]) -> None:
        """Replace what has changed, in one message."""
        with self.hold_sync():
            for name, value in content.items():
                setattr(self, name, value)
