"""What Python tells the editor's views. A model without a view of its own; traits as in assets/widgets/src/space_editor_data.ts."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import ipywidgets
import traitlets


class SpaceEditorStream(ipywidgets.Widget):
    """Gestures come in on another model: ipykernel hands the next one to the thread that last wrote to the same comm, and the
    facts are written by a thread of their own."""

    drawing = traitlets.Dict().tag(sync=True)
    palette: traitlets.List[Any] = traitlets.List().tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)
    facts = traitlets.Dict().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        self._lock = threading.Lock()            # gestures write the drawing, the follower's thread the facts
        super().__init__(**traits)

    def show(self, content: Mapping[str, Any]) -> None:
        """Replace what has changed, in one message."""
        with self._lock, self.hold_sync():
            for name, value in content.items():
                setattr(self, name, value)
