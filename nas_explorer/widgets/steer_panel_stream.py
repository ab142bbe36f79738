"""What Python tells the steering panels. A model without a view of its own, written by the follower's thread alone.

Traits as in assets/widgets/src/steer_panel_data.ts, in the same order. Each is a JSON value that is replaced whole.
"""

from __future__ import annotations

import traitlets

from nas_explorer.widgets.stream import Stream


class SteerStream(Stream):
    """What steers a search, and what it went with."""

    header = traitlets.Dict().tag(sync=True)
    banner = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    options = traitlets.Dict().tag(sync=True)
    standing = traitlets.Dict().tag(sync=True)
    announcement = traitlets.Unicode("").tag(sync=True)
