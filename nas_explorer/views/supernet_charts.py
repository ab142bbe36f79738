"""The curves beside a supernet: which belong together, what they are called, and how the browser and the picture draw them."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from nas_explorer.views.axes import Axis, nice_axis
from nas_explorer.views.charts import Frame
from nas_explorer.views.labels import Label, kept_apart
from nas_explorer.views.markup import Drawing, circle, line, number, polyline, text
from nas_explorer.views.palette import Palette
from nas_explorer.views.supernet import SupernetDrawing

NATS_IN_BITS = 1.442695  # 1 / ln 2

Look = Literal["brand", "second", "skip"]


@dataclass(frozen=True, slots=True)
class Series:
    """One value of the snapshots; `low` and `high` name those of its interval."""

    name: str
    label: str
    look: Look = "brand"
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """
    Attributes:
        factor: from the logged number to the one that is shown.
        bounds: of the axis, where they are fixed.
        limit: a line to stay below.
    """

    key: str
    title: str
    unit: str
    series: tuple[Series, ...]
    factor: float = 1.0
    bounds: tuple[float, float] | None = None
    limit: float | None = None


TAU = Chart("tau", "Kendall's τ", "", (Series("tau", "τ", "brand", "tau_low", "tau_high"),), bounds=(0.0, 1.0))
CHARTS = (
    Chart(
        "skip", "Skip share", "%", (Series("skip_share", "led by skip", "skip"),), 100.0, (0.0, 100.0), 75.0
    ),
    Chart("reward", "Controller", "", (Series("reward", "reward"), Series("baseline", "baseline", "second"))),
    Chart("error", "Error", "%", (Series("validation_error", "validation"), Series("train_error", "training", "second"))),
    Chart("loss", "Loss", "", (Series("validation_loss", "validation"), Series("train_loss", "training", "second"))),
    Chart("entropy", "Entropy", "bit", (Series("entropy", "mean"),), NATS_IN_BITS),
    Chart("eigenvalue", "Sharpness", "", (Series("eigenvalue", "eigenvalue"),)),
)


def charts(drawing: SupernetDrawing) -> tuple[Chart, ...]:
    """Those of one space: its entropy goes up to where nothing is decided yet."""
    most = [math.log2(len(decision.options)) for decision in drawing.decisions]
    bounds = (0.0, round(sum(most) / max(1, len(most)), 2) or 1.0)
    return tuple(replace(chart, bounds=bounds) if chart.key == "entropy" else chart for chart in (TAU, *CHARTS))


def chart_specs(drawing: SupernetDrawing) -> list[dict[str, Any]]:
    """In JSON's own types; the browser leaves out those that have nothing to show."""
    return [asdict(chart) for chart in charts(drawing)]


def charts_of(drawing: SupernetDrawing, names: Collection[str]) -> list[Chart]:
    """The charts that have something to show, for values of these names, but for tau."""
    return [chart for chart in charts(drawing)[1:] if any(series.name in names for series in chart.series)]


def chart_drawing(
    chart: Chart, moments: Sequence[Mapping[str, Any]], epochs: float, colours: Palette, width: float, height: float
) -> Drawing:
    """One chart over the epochs, from the moments known so far."""
    lines = [(series, _points(series, moments, chart.factor)) for series in chart.series]
    values = [y for _, points in lines for _, y in points]
    if not values:
        return Drawing("", width, height)
    low, high = chart.bounds or (min(values), max(values))
    frame = Frame(_axis_of_epochs(epochs), nice_axis(low, high, 3), width, height, left=40, top=8, right=72, bottom=22)
    content = _grid(frame, colours)
    if chart.limit is not None:
        y = frame.at(0, chart.limit)[1]
        content += line(frame.left, y, frame.x_end, y, colours.warn, width=1.25, dashes="4 3")
    stroke = {"brand": colours.brand, "second": colours.ink_2, "skip": colours.operations["skip"]}
    labels = []
    for series, points in lines:
        if points:
            path = [frame.at(x, y) for x, y in points]
            content += polyline(path, stroke[series.look], width=1.75, dashes="4 3" if series.look == "second" else "")
            content += circle(*path[-1], 3, stroke[series.look])
            labels.append(Label(path[-1][1], series.label, colours.ink if series.look != "second" else colours.ink_2, 600))
    for label in kept_apart(labels, 13, 10, height - 14):
        content += text(frame.x_end + 6, label.at + 4, label.words, colours, size=11, fill=label.colour)
    return Drawing(content, width, height)


def _points(series: Series, moments: Sequence[Mapping[str, Any]], factor: float) -> list[tuple[float, float]]:
    return [(m["epoch"], m["values"][series.name] * factor) for m in moments if series.name in m["values"]]


def _axis_of_epochs(epochs: float) -> Axis:
    """It ends where the search does, not at the next round number."""
    return Axis(0.0, max(1.0, epochs), nice_axis(0.0, max(1.0, epochs), 2).step)


def _grid(frame: Frame, colours: Palette) -> str:
    content = ""
    for tick in frame.y.ticks:
        y = frame.at(frame.x.low, tick)[1]
        content += line(frame.left, y, frame.x_end, y, colours.line)
        content += text(frame.left - 6, y + 4, frame.y.tick_text(tick), colours, size=10, anchor="end", fill=colours.ink_2)
    for tick in frame.x.ticks:
        x = frame.at(tick, frame.y.low)[0]
        content += text(x, frame.y_end + 14, number(tick), colours, size=10, anchor="middle", fill=colours.ink_2)
    return content
