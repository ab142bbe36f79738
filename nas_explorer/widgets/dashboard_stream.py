"""What Python tells the dashboard's views. A model without a view of its own, written by the follower's thread alone.

Traits as in assets/widgets/src/stream.ts, in the same order.
"""

from __future__ import annotations

from typing import Any

import ipywidgets
import traitlets

from nas_explorer.widgets.stream import Stream


class DashboardStream(Stream):
    """The figure's columns are base64 of typed arrays, as plotly writes and plotly.js reads them. That of a moment of the past has no
    dots, but says in `then` how many events were known: they are a choice out of `points`."""

    figure = traitlets.Dict().tag(sync=True)
    header = traitlets.Dict().tag(sync=True)
    banner = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    pareto = traitlets.Dict().tag(sync=True)
    curve = traitlets.Dict().tag(sync=True)
    table = traitlets.Dict().tag(sync=True)
    tiles: traitlets.List[Any] = traitlets.List().tag(sync=True)
    detail = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    plan: traitlets.List[Any] = traitlets.List().tag(sync=True)
    events = traitlets.Int(0).tag(sync=True)
    announcement = traitlets.Unicode("").tag(sync=True)
    timeline = traitlets.Dict().tag(sync=True)
    points = traitlets.Dict().tag(sync=True)
    inside = traitlets.Instance(ipywidgets.Widget, allow_none=True).tag(sync=True, **ipywidgets.widget_serialization)  # shared weights
    lineage = traitlets.Instance(ipywidgets.Widget, allow_none=True).tag(sync=True, **ipywidgets.widget_serialization)
    steer = traitlets.Instance(ipywidgets.Widget, allow_none=True).tag(sync=True, **ipywidgets.widget_serialization)
