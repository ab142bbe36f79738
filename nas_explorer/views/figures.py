"""The Pareto plot, as plotly draws it; `figure_patch` has what of it changes. Plotly is loaded only for a figure of its own.

Every trial's dot carries its number as `customdata`; lines and guides carry none and answer neither hover nor click.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import numpy as np

from nas_explorer.records import Metric
from nas_explorer.views.axes import Axis, spoken
from nas_explorer.views.labels import Label, kept_apart
from nas_explorer.views.palette import Palette, mixed, palette
from nas_explorer.views.pareto import Front, ParetoView, search_label

# All by WebGL: its layer lies above plotly's SVG, so that a single SVG trace would be hidden behind the dots.
_KINDS: tuple[dict[str, str], ...] = (
    {"mode": "markers", "name": "trials"},
    {"mode": "markers", "name": "trials outside of the space that is left"},
    {"mode": "lines", "name": "random twin"},
    {"mode": "lines", "name": "true front"},
    {"mode": "lines", "name": "front"},
    {"mode": "markers", "name": "front trials"},
    {"mode": "lines", "name": "guides"},
    {"mode": "markers", "name": "selected"},
)
TRIALS, OUTSIDE, TWIN, TRUTH, FRONT_LINE, FRONT, GUIDES, RING = range(8)  # the traces, from the lowest to the topmost
HEIGHT = 436  # pixels
_LABEL_GAP = 0.045  # of the axis: closer labels at the right end are moved apart


def pareto_plot(view: ParetoView, theme: str = "light", noun: str = "architectures", titles: bool = True) -> dict[str, Any]:
    """A figure of the view in JSON's own types, as plotly.js draws it; its columns are base64 of typed arrays. Plotly itself is not
    needed for it, and with the packages that it loads takes longer than to read a log of 10,000 trials.

    Args:
        titles: of the axes; the dashboard has selects in their place.
    """
    return _plot(view, theme, noun, titles, packed)


def pareto_figure(view: ParetoView, theme: str = "light", noun: str = "architectures", titles: bool = True) -> Any:
    """The same as plotly's own object."""
    import plotly.graph_objects as go

    return go.Figure(_plot(view, theme, noun, titles, lambda column: column))


def _plot(view: ParetoView, theme: str, noun: str, titles: bool, column: Callable[[Any], Any]) -> dict[str, Any]:
    colours = palette(theme)
    layout: dict[str, Any] = {
        "template": plot_template(colours),
        "uirevision": "pareto",
        "autosize": True,
        "height": HEIGHT,
        "showlegend": False,
        "hovermode": "closest",
        "margin": {"l": 58 if titles else 44, "r": 112, "t": 12, "b": 46 if titles else 28},
        "dragmode": "zoom",
        "xaxis": axis_layout(view.x_axis),
        "yaxis": axis_layout(view.y_axis),
        "annotations": end_labels(view, colours, noun),
    }
    if titles:
        for side, metric in (("xaxis", view.x), ("yaxis", view.y)):
            layout[side]["title"] = {"text": escape(metric.title)}
    hover = f"<b>#%{{customdata}}</b>  {_hover('y', view.y)} · {_hover('x', view.x)}<extra></extra>"
    data = []
    for at, (kind, style, columns) in enumerate(zip(_KINDS, _styles(colours), trace_columns(view), strict=True)):
        told = {"hovertemplate": hover} if at in (TRIALS, FRONT) else {"hoverinfo": "skip"}
        data.append({"type": "scattergl", **kind, **style, **told, **{name: column(values) for name, values in columns.items()}})
    return {"data": data, "layout": layout}


def packed(column: Any) -> dict[str, str] | list[float]:
    """A column as plotly writes and plotly.js reads it."""
    values = np.ascontiguousarray(column)
    if not len(values):
        return []
    return {"dtype": f"{values.dtype.kind}{values.dtype.itemsize}", "bdata": b64encode(values.tobytes()).decode()}


def figure_json(figure: Any) -> dict[str, Any]:
    """The figure in JSON's own types, for plotly.js; its columns are base64 of typed arrays."""
    plain: dict[str, Any] = json.loads(figure.to_json())
    return plain


def trace_columns(view: ParetoView) -> Iterator[dict[str, Any]]:
    """What each trace holds, in the order of the traces."""
    yield {"x": view.xs.astype(np.float32), "y": view.ys.astype(np.float32), "customdata": view.trials}
    yield {"x": view.xs[view.outside].astype(np.float32), "y": view.ys[view.outside].astype(np.float32)}
    yield _stairs(view.twin)
    yield _stairs(view.truth)
    yield _stairs(view.front)
    yield {"x": view.front.x, "y": view.front.y, "customdata": view.front.trials}
    if view.selected is None:
        yield from ({"x": np.empty(0), "y": np.empty(0)} for _ in range(2))
        return
    _, x, y = view.selected
    yield {"x": np.array([x, x, view.x_axis.low]), "y": np.array([view.y_axis.low, y, y])}
    yield {"x": np.array([x]), "y": np.array([y])}


def _stairs(front: Front | None) -> dict[str, Any]:
    x, y = np.empty((2, 0)) if front is None else front.stairs
    return {"x": x, "y": y}


def axis_layout(axis: Axis) -> dict[str, Any]:
    return {
        "range": [axis.low, axis.high],
        "tickmode": "array",
        "tickvals": list(axis.ticks),
        "ticktext": [axis.tick_text(tick) for tick in axis.ticks],
    }


def _hover(side: str, metric: Metric) -> str:
    unit = f" {escape(metric.unit)}" if metric.unit else f" {escape(metric.label)}"
    return f"%{{{side}:{',.3~r' if metric.unit else '.3~s'}}}{unit}"


def end_labels(view: ParetoView, colours: Palette, noun: str) -> list[dict[str, Any]]:
    """Labels at the ends of the lines instead of a legend, kept apart, and one at the selected trial."""
    ends = [
        (view.front, f"<b>{escape(search_label(view, noun))}</b>", colours.brand_ink),
        (view.twin, "random twin", colours.ink_2),
        (view.truth, "true front", colours.ink_3),
    ]
    drawn = [
        Label(view.y_axis.fraction(float(front.stairs[1, -1])), words, colour)
        for front, words, colour in ends
        if front is not None and front.stairs.size
    ]
    side: dict[str, Any] = (
        {"x": 1, "xshift": 6, "xref": "paper"} if view.x.minimize else {"x": 0, "xshift": 6, "yshift": 9, "xref": "paper"}
    )
    labels = [
        {
            "text": label.words,
            "y": label.at,
            "yref": "paper",
            "xanchor": "left",
            "yanchor": "middle",
            "showarrow": False,
            "font": {"color": label.colour, "size": 11},
            **side,
        }
        for label in kept_apart(drawn, _LABEL_GAP, 0.0, 1.0)
    ]
    return labels if view.selected is None else [*labels, _selected_label(view, *view.selected, colours)]


def _selected_label(view: ParetoView, trial: int, x: float, y: float, colours: Palette) -> dict[str, Any]:
    values = f"{spoken(y, view.y.unit)} · {spoken(x, view.x.unit)}"
    high = view.y_axis.fraction(y) < 0.85
    return {
        "text": f"<b>#{trial}</b>  {escape(values)}",
        "x": x,
        "y": y,
        "showarrow": False,
        "yshift": 22 if high else -22,
        "xanchor": "left" if view.x_axis.fraction(x) < 0.2 else "right" if view.x_axis.fraction(x) > 0.8 else "center",
        "bgcolor": colours.ink,
        "borderpad": 4,
        "font": {"color": colours.bg, "size": 11},
    }


def _styles(colours: Palette) -> list[dict[str, Any]]:
    pale, edge = mixed(colours.brand, colours.bg, 0.3), mixed(colours.brand, colours.bg, 0.62)
    return [
        {"marker": {"size": 7, "color": pale, "opacity": 0.85, "line": {"width": 0.75, "color": edge}}},
        {"marker": {"size": 7.5, "color": colours.sub_2, "line": {"width": 0.75, "color": colours.ghost}}},  # over their dots of colour
        {"line": {"color": colours.random, "width": 1.75, "dash": "dash"}},
        {"line": {"color": colours.ink_3, "width": 1, "dash": "dot"}},
        {"line": {"color": colours.brand, "width": 2}},
        {"marker": {"size": 9, "color": colours.brand, "line": {"width": 1.5, "color": colours.bg}}},
        {"line": {"color": colours.ink_2, "width": 1, "dash": "dot"}},
        {"marker": {"size": 18, "symbol": "circle-open", "color": colours.ink, "line": {"width": 2}}},
    ]


def plot_template(colours: Palette) -> dict[str, Any]:
    """Axes, fonts and hover labels of every figure, in the colours of a theme."""
    axis: dict[str, Any] = {
        "color": colours.ink_2,
        "gridcolor": colours.line,
        "zeroline": False,
        "linecolor": colours.line_2,
        "tickfont": {"size": 11, "color": colours.ink_2},
        "title": {"font": {"size": 11, "color": colours.ink_2}, "standoff": 8},
    }
    layout = {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 11, "color": colours.ink},
        "hoverlabel": {"bgcolor": colours.ink, "bordercolor": colours.ink, "font": {"color": colours.bg, "size": 11}},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": colours.ghost, "activecolor": colours.ink_2},
        "xaxis": {**axis, "showgrid": False, "showline": True, "ticks": "outside", "ticklen": 4, "tickcolor": colours.line_2},
        "yaxis": axis,
    }
    return {"layout": layout}
