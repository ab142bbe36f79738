"""The Pareto plot and the best-so-far curve as static SVG: for saved notebooks, reports and README files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nas_explorer.views.axes import Axis, nice_axis, nice_step, spoken
from nas_explorer.views.labels import Label, kept_apart
from nas_explorer.views.markup import Drawing, box, circle, document, line, number, polyline, text, text_width
from nas_explorer.views.palette import Palette, mixed, palette
from nas_explorer.views.pareto import Front, ParetoView, finding, search_label
from nas_explorer.views.progress import CurveView, Steps, curve_finding

MOST_DOTS = 2000  # dominated points in a static plot; the newest, so that a saved notebook stays small
_LABEL_ROOM = 112.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The rectangle of a plot inside its drawing, and what its axes show."""

    x: Axis
    y: Axis
    width: float
    height: float
    left: float = 50.0
    top: float = 12.0
    right: float = _LABEL_ROOM
    bottom: float = 44.0

    @property
    def x_end(self) -> float:
        return self.width - self.right

    @property
    def y_end(self) -> float:
        return self.height - self.bottom

    def at(self, x: float, y: float) -> tuple[float, float]:
        return (self.left + self.x.fraction(x) * (self.x_end - self.left), self.y_end - self.y.fraction(y) * (self.y_end - self.top))

    def path(self, xs: Sequence[float], ys: Sequence[float]) -> list[tuple[float, float]]:
        return [self.at(x, y) for x, y in zip(xs, ys, strict=True)]

    def holds(self, x: float, y: float) -> bool:
        return self.x.holds(x, x) and self.y.holds(y, y)


def axes(frame: Frame, x_title: str, y_title: str, colours: Palette) -> str:
    """Horizontal grid, the x axis with ticks, and both titles."""
    content = ""
    for tick in frame.y.ticks:
        _, y = frame.at(frame.x.low, tick)
        content += line(frame.left, y, frame.x_end, y, colours.line)
        content += text(frame.left - 7, y + 4, frame.y.tick_text(tick), colours, size=11, anchor="end", fill=colours.ink_2)
    content += line(frame.left, frame.y_end, frame.x_end, frame.y_end, colours.line_2)
    for tick in frame.x.ticks:
        x, _ = frame.at(tick, frame.y.low)
        content += line(x, frame.y_end, x, frame.y_end + 4, colours.line_2)
        content += text(x, frame.y_end + 16, frame.x.tick_text(tick), colours, size=11, anchor="middle", fill=colours.ink_2)
    content += text(
        (frame.left + frame.x_end) / 2, frame.height - 7, x_title, colours, size=11, weight=500, anchor="middle", fill=colours.ink_2
    )
    return content + text(
        11, (frame.top + frame.y_end) / 2, y_title, colours, size=11, weight=500, anchor="middle", fill=colours.ink_2, turned=True
    )


# ---- Pareto
def pareto_drawing(view: ParetoView, colours: Palette, width: float = 640, height: float = 436, noun: str = "architectures") -> Drawing:
    frame = Frame(view.x_axis, view.y_axis, width, height)
    content = axes(frame, view.x.title, view.y.title, colours)
    if view.empty:
        return Drawing(content + _empty(frame, "No finished trial yet", colours), width, height)
    content += _dots(view, frame, colours)
    for front, stroke, thick, dashes in (
        (view.truth, colours.ink_3, 1.0, "1 3"),
        (view.twin, colours.random, 1.75, "5 4"),
        (view.front, colours.brand, 2.0, ""),
    ):
        if front is not None:
            content += polyline(frame.path(*front.stairs), stroke, width=thick, dashes=dashes)
    for x, y in zip(view.front.x, view.front.y, strict=True):
        if frame.holds(x, y):
            content += circle(*frame.at(x, y), 4.5, colours.brand, stroke=colours.bg)
    content += _end_labels(view, frame, colours, noun) + _selected(view, frame, colours)
    return Drawing(content, width, height)


def pareto_svg(view: ParetoView, theme: str = "light", width: float = 640, height: float = 436, noun: str = "architectures") -> str:
    colours = palette(theme)
    return document(pareto_drawing(view, colours, width, height, noun).content, width, height, finding(view), colours)


def _dots(view: ParetoView, frame: Frame, colours: Palette) -> str:
    """What is dominated and on the chart, as one path of round dots: a tenth of the bytes of as many circles."""
    pale, edge = mixed(colours.brand, colours.bg, 0.3), mixed(colours.brand, colours.bg, 0.62)
    other = ~np.isin(view.trials, view.front.trials)
    points = [frame.at(x, y) for x, y in zip(view.xs[other][-MOST_DOTS:], view.ys[other][-MOST_DOTS:], strict=True) if frame.holds(x, y)]
    ring = "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0"
    data = "".join(f"M{number(x)} {number(y)}{ring}" for x, y in points)
    return f'<path d="{data}" fill="{pale}" fill-opacity="0.75" stroke="{edge}" stroke-width="0.75"/>' if data else ""


def _end_labels(view: ParetoView, frame: Frame, colours: Palette, noun: str) -> str:
    """Beside the right ends of the lines; where more of x is better the lines end at the left, and labels stand inside."""
    ends: list[tuple[Front | None, str, str, int]] = [
        (view.front, search_label(view, noun), colours.brand_ink, 600),
        (view.twin, "random twin", colours.ink_2, 400),
        (view.truth, "true front", colours.ink_3, 400),
    ]
    labels = [
        Label(frame.at(0, float(front.stairs[1, -1]))[1], words, colour, weight)
        for front, words, colour, weight in ends
        if front is not None and front.stairs.size
    ]
    x, lift = (frame.x_end + 6, 4.0) if view.x.minimize else (frame.left + 6, -6.0)
    return "".join(
        text(x, label.at + lift, label.words, colours, size=11, weight=label.weight, fill=label.colour)
        for label in kept_apart(labels, 15, frame.top, frame.y_end)
    )


def _selected(view: ParetoView, frame: Frame, colours: Palette) -> str:
    if view.selected is None or not frame.holds(*view.selected[1:]):
        return ""
    trial, x_value, y_value = view.selected
    x, y = frame.at(x_value, y_value)
    guides = line(x, y + 9, x, frame.y_end, colours.ink_2, dashes="2 3") if y + 9 < frame.y_end else ""
    guides += line(frame.left, y, x - 9, y, colours.ink_2, dashes="2 3") if x - 9 > frame.left else ""
    words = f"{spoken(y_value, view.y.unit)} · {spoken(x_value, view.x.unit)}"
    width = text_width(f"#{trial}", 11) * 1.08 + text_width(words, 11) + 26
    left = min(max(x - width / 2, frame.left), frame.width - width)
    top = y - 40 if y - 40 > 0 else y + 16
    bubble = box(left, top, width, 24, colours.ink, radius=5)
    bubble += text(left + 10, top + 16, f"#{trial}", colours, size=11, weight=600, fill=colours.bg)
    bubble += text(left + width - 10, top + 16, words, colours, size=11, anchor="end", fill=colours.bg)
    return guides + circle(x, y, 9, "none", stroke=colours.ink, width=2) + bubble


# ---- best so far
def curve_drawing(view: CurveView, colours: Palette, width: float = 470, height: float = 238) -> Drawing:
    frame = Frame(Axis(0.0, view.x_max, nice_step(view.x_max / 4)), _value_axis(view), width, height)
    title = f"best {view.metric.label} so far" + (f" ({view.metric.unit})" if view.metric.unit else "")
    content = axes(frame, "trial" if view.clock == "trial" else "simulated training (s)", title, colours)
    if not view.search:
        return Drawing(content + _empty(frame, "No finished trial yet", colours), width, height)
    if view.optimum is not None:
        _, y = frame.at(0, view.optimum)
        content += line(frame.left, y, frame.x_end, y, colours.ink_3, dashes="1 3")
    x_now, _ = frame.at(view.end, frame.y.low)
    content += line(x_now, frame.top, x_now, frame.y_end, colours.line_2, dashes="2 3")
    content += polyline(_staircase(view.twin, view.end, frame), colours.random, width=1.75, dashes="5 4")
    content += polyline(_staircase(view.search, view.end, frame), colours.brand)
    content += circle(*frame.at(view.end, min(max(view.search[-1][1], frame.y.low), frame.y.high)), 3.5, colours.brand)
    return Drawing(content + _curve_labels(view, frame, x_now, colours), width, height)


def curve_svg(view: CurveView, theme: str = "light", width: float = 470, height: float = 238) -> str:
    colours = palette(theme)
    return document(curve_drawing(view, colours, width, height).content, width, height, curve_finding(view), colours)


def _value_axis(view: CurveView) -> Axis:
    """From the best value to where the curves are after their first, often wild, steps."""
    values = [value for steps in (view.search, view.twin) for _, value in (steps[1:] if len(steps) > 3 else steps)]
    values += [view.optimum] if view.optimum is not None else []
    return nice_axis(min(values, default=0.0), max(values, default=1.0), 5)


def _staircase(steps: Steps, end: float, frame: Frame) -> list[tuple[float, float]]:
    corners: list[tuple[float, float]] = steps[:1]
    for (_, before), (x, value) in pairwise(steps):
        corners += [(x, before), (x, value)]
    corners += [(end, steps[-1][1])] if steps else []
    return [frame.at(x, min(max(y, frame.y.low), frame.y.high)) for x, y in corners]


def _curve_labels(view: CurveView, frame: Frame, x_now: float, colours: Palette) -> str:
    unit = view.metric.unit
    labels = [Label(frame.at(0, view.search[-1][1])[1], f"{spoken(view.search[-1][1], unit)} search", colours.brand_ink, 600)]
    if view.twin:
        labels.append(Label(frame.at(0, view.twin[-1][1])[1], f"{spoken(view.twin[-1][1], unit)} random", colours.ink_2, 400))
    if view.optimum is not None:
        labels.append(Label(frame.at(0, view.optimum)[1], f"{spoken(view.optimum, unit)} optimum", colours.ink_3, 400))
    x = min(x_now + 8, frame.x_end + 6)
    return "".join(
        text(x, label.at + 4, label.words, colours, size=11, weight=label.weight, fill=label.colour)
        for label in kept_apart(labels, 15, frame.top, frame.y_end)
    )


def _empty(frame: Frame, words: str, colours: Palette) -> str:
    return text((frame.left + frame.x_end) / 2, (frame.top + frame.y_end) / 2, words, colours, size=13, weight=600, anchor="middle")
