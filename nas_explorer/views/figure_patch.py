"""What of a Pareto plot changes with its view, as plain data: the moments of a replay differ in nothing else."""

from __future__ import annotations

from typing import Any

from nas_explorer.views.figures import axis_layout, end_labels, packed, trace_columns
from nas_explorer.views.palette import palette
from nas_explorer.views.pareto import ParetoView


def pareto_patch(view: ParetoView, theme: str = "light", noun: str = "architectures") -> dict[str, Any]:
    """The columns of all traces, both axes, and the labels. `patched` in assets/widgets/src/plotly.ts puts them into the plot of any
    view of the same two metrics in the same theme; what comes out is the plot of this view."""
    return {
        "data": [{name: packed(column) for name, column in columns.items()} for columns in trace_columns(view)],
        "layout": {
            "xaxis": axis_layout(view.x_axis),
            "yaxis": axis_layout(view.y_axis),
            "annotations": end_labels(view, palette(theme), noun),
        },
    }
