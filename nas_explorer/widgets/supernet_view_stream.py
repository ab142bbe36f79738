"""What Python tells the supernet's views. A model without a view of its own, written by the follower's thread alone.

Traits as in assets/widgets/src/supernet_view_data.ts, in the same order. Moments of the search come in messages, each once and in
order, so that a long search costs no more than a short one; a view that lacks some asks for them again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets

from nas_explorer.widgets.stream import Stream


class SupernetStream(Stream):
    """Shared weights as they stand."""

    drawing = traitlets.Dict().tag(sync=True)
    header = traitlets.Dict().tag(sync=True)
    banner = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    count = traitlets.Int(0).tag(sync=True)  # of the snapshots that there are
    announcement = traitlets.Unicode("").tag(sync=True)

    def tell(self, stride: int, moments: Sequence[Mapping[str, Any]]) -> None:
        """Hand over moments; `stride` says that of all before the last only every so many-eth is kept."""
        self.send({"type": "moments", "stride": stride, "moments": list(moments)})
