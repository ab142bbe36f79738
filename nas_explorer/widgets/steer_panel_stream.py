"""What Python tells the steering panels. A model without a view of its own, written by the follower's thread alone.

Traits as in assets/widgets/src/steer_panel_data.ts, in the same order. Each is a JSON value that is replaced whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets
import traitlets


class SteerStream(ipywidgets.Widget):
    """Apart from the widget that clicks come in on, as `DashboardStream` is."""

    header = traitlets.Dict().tag(sync=True)
    banner = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    options = traitlets.Dict().tag(sync=True)
    standing = traitlets.Dict().tag(sync=True)
    announcement = traitlets.Unicode("").tag(sync=True)

    def show(self, content: Mapping[str, Any]) -> None:
        """Replace what has changed, in one message."""
        with self.hold_sync():
            for name, value in content.items():
                setattr(self, name, value)
