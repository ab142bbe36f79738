"""A race as a plotly figure. Plotly is loaded only when a figure is made."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from nas_explorer.views.figures import plot_template
from nas_explorer.views.labels import Label, kept_apart
from nas_explorer.views.palette import Palette, palette
from nas_explorer.views.race import LaneCurve, RaceLines

HEIGHT = 420                       # pixels
DASHES = ("solid", "dot", "dashdot", "longdash")  # "dash" is random search's
LABEL_GAP = 0.05                   # of the axis


def race_figure(view: RaceLines, theme: str = "light", random_lane: str | None = None, log: bool = True) -> Any:
    """A line and a band a lane, named at their right end.

    Args:
        random_lane: drawn in grey and dashed, as everywhere.
        log: both axes; a regret of 0 is drawn at the lowest that the axis shows.
    """
    import plotly.graph_objects as go

    colours = palette(theme)
    positive = np.concatenate([lane.middle[lane.middle > 0] for lane in view.lanes] or [np.zeros(0)])
    log_y = log and view.what == "regret" and positive.size > 0
    floor = float(positive.min()) / 3 if log_y else -np.inf
    figure = go.Figure(layout=go.Layout(
        height=HEIGHT, template=plot_template(colours), showlegend=False, hovermode="x unified",
        margin={"l": 62, "r": 150, "t": 12, "b": 104}, paper_bgcolor=colours.bg, plot_bgcolor=colours.bg,
    ))
    figure.update_xaxes(title_text=escape(view.x_title), type="log" if log else "linear")
    figure.update_yaxes(title_text=escape(view.y_title), type="log" if log_y else "linear")
    for i, lane in enumerate(_in_order(view, random_lane)):
        colour, dash = (colours.random, "dash") if lane.name == random_lane else lane_style(i, colours)
        _add(figure, lane, colour, dash, floor, colours, view)
    figure.update_layout(annotations=[*_labels(view, random_lane, colours, floor, log_y), _caption(view, colours, log_y)])
    return figure


def lane_style(number: int, colours: Palette) -> tuple[str, str]:
    """Colour and dash of a lane that is not random search: colours first, then dashes, so that fifty differ."""
    hues = [*(colours.operations[name] for name in ("conv", "sep", "pool", "skip", "attn", "dense", "conv1")), colours.brand]
    return hues[number % len(hues)], DASHES[number // len(hues) % len(DASHES)]


def _in_order(view: RaceLines, random_lane: str | None) -> list[LaneCurve]:
    """Random search last, so that the others keep their colours whether it stands first or last in the race."""
    return sorted(view.lanes, key=lambda lane: lane.name == random_lane)


def _add(figure: Any, lane: LaneCurve, colour: str, dash: str, floor: float, colours: Palette, view: RaceLines) -> None:
    if lane.low.size:
        band = np.concatenate([lane.high, lane.low[::-1]])
        figure.add_scatter(x=np.concatenate([lane.x, lane.x[::-1]]), y=np.maximum(band, floor), name=f"{escape(lane.name)} quartiles",
                           mode="lines", line={"width": 0}, fill="toself", fillcolor=clear(colour, 0.14), hoverinfo="skip")
    unit = f" {escape(view.metric.unit)}" if view.metric.unit and view.what != "hypervolume" else ""
    figure.add_scatter(x=lane.x, y=np.maximum(lane.middle, floor), mode="lines", name=escape(lane.name),
                       line={"color": colour, "dash": dash, "width": 2}, hovertemplate=f"%{{y:.4~r}}{unit}")


def _labels(view: RaceLines, random_lane: str | None, colours: Palette, floor: float, log_y: bool) -> list[dict[str, Any]]:
    drawn = [lane for lane in _in_order(view, random_lane) if lane.middle.size]
    if not drawn:
        return [{"text": "Nothing has been found yet.", "x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}]

    def scaled(values: Any) -> Any:
        return np.log10(np.maximum(values, floor)) if log_y else values

    shown = np.concatenate([scaled(part) for lane in drawn for part in (lane.middle, lane.low, lane.high)])
    low, high = float(shown.min()), float(shown.max())
    labels = []
    for i, lane in enumerate(drawn):
        colour = colours.random if lane.name == random_lane else lane_style(i, colours)[0]
        stopped = " (stopped)" if lane.state == "stopped" else ""
        at = (float(scaled(lane.middle[-1])) - low) / (high - low or 1.0)
        labels.append(Label(at * 0.92 + 0.04, f"{escape(lane.name)}{stopped}", colour))     # plotly leaves a margin above and below
    beside = {"x": 1, "xshift": 6, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "middle", "showarrow": False}
    return [{"text": label.words, "y": label.at, "font": {"color": label.colour, "size": 11}, **beside}
            for label in kept_apart(labels, LABEL_GAP, 0.0, 1.0)]


def _caption(view: RaceLines, colours: Palette, log_y: bool) -> dict[str, Any]:
    zero = any((lane.middle <= 0).any() or (lane.low <= 0).any() for lane in view.lanes)
    edge = ["A regret of 0 is drawn at the lower edge."] if log_y and zero else []
    words = escape(" ".join((view.caption, *edge, *view.notes)))
    lines, line = [], ""
    for word in words.split(" "):
        if len(line) + len(word) > 132:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    below = {"x": 0, "y": 0, "yshift": -52, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "top", "align": "left"}
    return {"text": "<br>".join([*lines, line]), "showarrow": False, "font": {"size": 10, "color": colours.ink_2}, **below}


def clear(colour: str, share: float) -> str:
    """A colour that lets what is behind it shine through.

    >>> clear("#1976d2", 0.25)
    'rgba(25,118,210,0.25)'
    """
    red, green, blue = (int(colour[i:i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:g})"
