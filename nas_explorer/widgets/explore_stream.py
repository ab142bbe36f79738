"""What Python tells the explorer's views. A model without a view of its own; traits as in assets/widgets/src/explore_data.ts."""

from __future__ import annotations

import ipywidgets
import traitlets
from ipywidgets import widget_serialization

from nas_explorer.widgets.stream import Stream


class ExploreStream(Stream):
    """The widgets that stand in the tabs are named here; each is None until somebody opens it."""

    offers = traitlets.Dict().tag(sync=True)
    names = traitlets.Dict().tag(sync=True)  # what stands in the tabs, in words: {"space": "nas_bench_201", ...}
    space = traitlets.Instance(ipywidgets.Widget, allow_none=True).tag(sync=True, **widget_serialization)
    search = traitlets.Instance(ipywidgets.Widget, allow_none=True).tag(sync=True, **widget_serialization)
    inside = traitlets.Instance(ipywidgets.Widget, allow_none=True).tag(sync=True, **widget_serialization)
    race = traitlets.Instance(ipywidgets.Widget, allow_none=True).tag(sync=True, **widget_serialization)
