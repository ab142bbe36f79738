"""What Python tells the lineage views. A model without a view of its own, written by the follower's thread alone.

Traits as in assets/widgets/src/lineage_view_data.ts, in the same order. Each is a JSON value that is replaced whole: the tree of
a thousand trials is some forty kilobytes, and a view that comes late needs nothing else.
"""

from __future__ import annotations

import traitlets

from nas_explorer.widgets.stream import Stream


class LineageStream(Stream):
    """A family as far as it has grown."""

    tree = traitlets.Dict().tag(sync=True)
    header = traitlets.Dict().tag(sync=True)
    banner = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    detail = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    announcement = traitlets.Unicode("").tag(sync=True)
