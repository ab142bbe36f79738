"""What of a Pareto figure changes with its view, as plain data: a tenth of the work of changing plotly's own object."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import numpy as np

from nas_explorer.views.figures import axis_layout, end_labels, trace_columns
from nas_explorer.views.palette import palette
from nas_explorer.views.pareto import ParetoView


def pareto_patch(view: ParetoView, theme: str = "light", noun: str = "architectures") -> dict[str, Any]:
    """The columns of all traces, both axes, and the labels. `patched` puts them into the figure of any view of the same two metrics
    in the same theme; what comes out is the figure of this view."""
    return {
        "data": [{name: packed(column) for name, column in columns.items()} for columns in trace_columns(view)],
        "layout": {
            "xaxis": axis_layout(view.x_axis),
            "yaxis": axis_layout(view.y_axis),
            "annotations": end_labels(view, palette(theme), noun),
        },
    }


def patched(figure: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """A figure as `figure_json` gives it, with another view in it; assets/widgets/src/plotly.ts has the same."""
    layout, changes = figure["layout"], patch["layout"]
    axes = {side: {**layout[side], **changes[side]} for side in ("xaxis", "yaxis")}
    return {
        **figure,
        "data": [{**trace, **columns} for trace, columns in zip(figure["data"], patch["data"], strict=True)],
        "layout": {**layout, **axes, "annotations": changes["annotations"]},
    }


def packed(column: Any) -> dict[str, str] | list[float]:
    """A column as plotly writes and plotly.js reads it."""
    values = np.ascontiguousarray(column)
    if not len(values):
        return []
    return {"dtype": f"{values.dtype.kind}{values.dtype.itemsize}", "bdata": b64encode(values.tobytes()).decode()}
