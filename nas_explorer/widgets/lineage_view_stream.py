"""What Python tells the lineage views. A model without a view of its own, written by the follower's thread alone.

Traits as in assets/widgets/src/lineage_view_data.ts, in the same order. Each is a JSON value that is replaced whole: the tree of
a thousand trials is some forty kilobytes, and a view that comes late needs nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets
import traitlets


class LineageStream(ipywidgets.Widget):
    """Apart from the widget that clicks come in on, as `DashboardStream` is."""

    tree = traitlets.Dict().tag(sync=True)
    header = traitlets.Dict().tag(sync=True)
    banner = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    detail = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    announcement = traitlets.Unicode("").tag(sync=True)

    def show(self, content: Mapping[str, Any]) -> None:
        """Replace what has changed, in one message."""
        with self.hold_sync():
            for name, value in content.items():
                setattr(self, name, value)
