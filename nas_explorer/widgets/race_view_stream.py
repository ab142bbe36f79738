"""What Python tells the race views. A model without a view of its own, written by the follower's thread alone.

Traits as in assets/widgets/src/race_view_data.ts, in the same order. Each is a JSON value that is replaced whole: ten lanes with
their bands are some hundred kilobytes, and a view that comes late needs nothing else.
"""

from __future__ import annotations

from typing import Any

import traitlets

from nas_explorer.widgets.stream import Stream


class RaceStream(Stream):
    """A race as it stands."""

    plot = traitlets.Dict().tag(sync=True)
    table = traitlets.Dict().tag(sync=True)
    header = traitlets.Dict().tag(sync=True)
    banner = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    facts: traitlets.List[Any] = traitlets.List().tag(sync=True)
    notes: traitlets.List[Any] = traitlets.List().tag(sync=True)
    offers: traitlets.List[Any] = traitlets.List().tag(sync=True)
    verdict = traitlets.Unicode("").tag(sync=True)
    announcement = traitlets.Unicode("").tag(sync=True)
