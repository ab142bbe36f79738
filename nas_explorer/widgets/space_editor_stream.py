"""What Python tells the editor's views. A model without a view of its own; traits as in assets/widgets/src/space_editor_data.ts."""

from __future__ import annotations

from typing import Any

import traitlets

from nas_explorer.widgets.stream import Stream


class SpaceEditorStream(Stream):
    """Gestures write the drawing, and a thread of their own the facts."""

    drawing = traitlets.Dict().tag(sync=True)
    palette: traitlets.List[Any] = traitlets.List().tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)
    facts = traitlets.Dict().tag(sync=True)
