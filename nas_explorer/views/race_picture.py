"""A race as one static picture: its lines with their bands, and the final table. For saved notebooks, slides and papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nas_explorer.records import shown
from nas_explorer.views.labels import Label, kept_apart
from nas_explorer.views.lineage_picture import wrapped
from nas_explorer.views.markup import box, circle, document, fitted, group, line, number, polyline, text
from nas_explorer.views.palette import Palette, palette
from nas_explorer.views.picture import picture_header
from nas_explorer.views.race import LaneCurve, RaceLines
from nas_explorer.views.race_axes import RaceAxis, x_axis, y_axis
from nas_explorer.views.race_figure import lane_style
from nas_explorer.views.race_table import RaceRow

WIDTH = 1040.0
_HEAD, _PLOT, _ROW = 48.0, 420.0, 28.0  # heights
_LEFT, _RIGHT, _TOP, _BOTTOM = 72.0, 210.0, 60.0, 52.0  # around the lines
_LINE = 16.0
_MOST_BANDS = 2
DASHES: Mapping[str, str] = {"solid": "", "dash": "6 4", "dot": "2 3", "dashdot": "7 3 2 3", "longdash": "12 4"}
_COLUMNS = (("Place", 16.0, "start"), ("Strategy", 76.0, "start"), ("Median", 380.0, "end"), ("Middle half", 500.0, "end"),
            ("Mean", 580.0, "end"), ("95 % interval", 710.0, "end"), ("Trials", 790.0, "end"), ("Beats random", 900.0, "end"))


def race_svg(name: str, phase: str, facts: Sequence[Mapping[str, str]], lines: RaceLines, end: float, rows: Sequence[RaceRow],
             random_lane: str | None, sentence: str, theme: str = "light", fluid: bool = True) -> str:
    """
    Args:
        end: of the clock's axis.
        fluid: as wide as its page.
        rows: best first; bands are drawn for the best and for random search.
        sentence: who is ahead.
    """
    colours = palette(theme)
    found = wrapped(sentence, 12, WIDTH - 32)
    words = [*found, *wrapped(lines.caption, 12, WIDTH - 32)]
    below = _HEAD + _LINE * len(words) + 20
    height = below + _PLOT + _ROW * (len(rows) + 1) + 8
    content = box(0.5, 0.5, WIDTH - 1, height - 1, "none", radius=8, stroke=colours.line)
    content += picture_header("Race", name, phase.lower(), [dict(fact) for fact in facts], colours)
    content += "".join(text(16, _HEAD + 22 + _LINE * i, row, colours, fill=colours.ink if i < len(found) else colours.ink_2)
                       for i, row in enumerate(words))
    content += group(_plot(lines, end, rows, random_lane, colours), y=below)
    content += group(_table(rows, lines, random_lane, colours), y=below + _PLOT)
    return document(content, WIDTH, height, f"Race, {name}, {phase.lower()}. {sentence}", colours, fluid=fluid)


def blank_race_svg(name: str, phase: str, facts: Sequence[Mapping[str, str]], words: str, theme: str = "light") -> str:
    """A race that may not be seen yet."""
    colours, height = palette(theme), _HEAD + _PLOT / 2
    content = box(0.5, 0.5, WIDTH - 1, height - 1, "none", radius=8, stroke=colours.line)
    content += picture_header("Race", name, phase.lower(), [dict(fact) for fact in facts], colours)
    content += text(WIDTH / 2, (_HEAD + height) / 2, words, colours, size=13, anchor="middle", fill=colours.ink_2)
    return document(content, WIDTH, height, f"Race, {name}. {words}", colours, fluid=True)


def _looks(lines: RaceLines, random_lane: str | None, colours: Palette) -> dict[str, tuple[str, str]]:
    """Lane -> colour and dashes, as in every other drawing."""
    others = [lane.name for lane in lines.lanes if lane.name != random_lane]
    looks = {name: (colour, DASHES[dash]) for name, (colour, dash) in ((n, lane_style(i, colours)) for i, n in enumerate(others))}
    return looks | ({random_lane: (colours.random, DASHES["dash"])} if random_lane else {})


def _plot(lines: RaceLines, end: float, rows: Sequence[RaceRow], random_lane: str | None, colours: Palette) -> str:
    x, y = x_axis(lines, end, False), y_axis(lines, lines.what == "regret")
    looks = _looks(lines, random_lane, colours)
    content = _axes(lines, x, y, colours)
    banded = [row.name for row in rows[:1]] + [row.name for row in rows[1:] if row.name == random_lane]
    for lane in lines.lanes:
        if lane.name in banded[:_MOST_BANDS] and lane.low.size:
            content += _band(lane, x, y, looks[lane.name][0])
    ends = []
    for lane in lines.lanes:
        if lane.x.size:
            colour, dashes = looks[lane.name]
            points = [(_px(x, a), _py(y, b)) for a, b in zip(lane.x.tolist(), lane.middle.tolist(), strict=True)]
            content += polyline(points, colour, dashes=dashes) + circle(*points[-1], 3.5, colour)
            ends.append((lane, points[-1], colour))
    return content + _labels(ends, colours)


def _labels(ends: Sequence[tuple[LaneCurve, tuple[float, float], str]], colours: Palette) -> str:
    """The lanes' names beside the ends of their lines."""
    right = WIDTH - _RIGHT
    told = {lane.name: (lane, at) for lane, at, _ in ends}
    labels = kept_apart([Label(at[1], lane.name, colour) for lane, at, colour in ends], 16, _TOP, _PLOT - _BOTTOM)
    content = ""
    for label in labels:
        lane, begin = told[label.words]
        content += line(begin[0] + 5, begin[1], right + 16, label.at, label.colour, width=0.75)
        shown_name = fitted(lane.name + (" (stopped)" if lane.state == "stopped" else ""), 11, _RIGHT - 30)
        content += text(right + 20, label.at + 4, shown_name, colours, size=11, weight=600)
    return content


def _px(axis: RaceAxis, value: float) -> float:
    return _LEFT + axis.share(value) * (WIDTH - _LEFT - _RIGHT)


def _py(axis: RaceAxis, value: float) -> float:
    return _PLOT - _BOTTOM - axis.share(value) * (_PLOT - _TOP - _BOTTOM)


def _band(lane: LaneCurve, x: RaceAxis, y: RaceAxis, colour: str) -> str:
    up = [(_px(x, a), _py(y, b)) for a, b in zip(lane.x.tolist(), lane.high.tolist(), strict=True)]
    down = [(_px(x, a), _py(y, b)) for a, b in zip(lane.x.tolist(), lane.low.tolist(), strict=True)]
    data = "M" + "L".join(f"{number(a)} {number(b)}" for a, b in (*up, *reversed(down))) + "Z"
    return f'<path d="{data}" fill="{colour}" fill-opacity="0.14"/>'


def _axes(lines: RaceLines, x: RaceAxis, y: RaceAxis, colours: Palette) -> str:
    right, floor = WIDTH - _RIGHT, _PLOT - _BOTTOM
    content = text(16, 30, lines.y_title[:1].upper() + lines.y_title[1:], colours, weight=600)
    for value, words in y.ticks:
        content += line(_LEFT, _py(y, value), right, _py(y, value), colours.line)
        content += text(_LEFT - 8, _py(y, value) + 4, words, colours, size=11, anchor="end", fill=colours.ink_2)
    content += line(_LEFT, floor, right, floor, colours.line_2)
    for value, words in x.ticks:
        content += line(_px(x, value), floor, _px(x, value), floor + 4, colours.line_2)
        content += text(_px(x, value), floor + 17, words, colours, size=11, anchor="middle", fill=colours.ink_2)
    return content + text((_LEFT + right) / 2, floor + 36, lines.x_title, colours, size=11, anchor="middle", fill=colours.ink_2)


def _table(rows: Sequence[RaceRow], lines: RaceLines, random_lane: str | None, colours: Palette) -> str:
    unit = "" if lines.what == "hypervolume" else lines.metric.unit
    looks = _looks(lines, random_lane, colours)
    content = line(0, 0, WIDTH, 0, colours.line)
    for title, at, anchor in _COLUMNS:
        content += text(at, 19, title, colours, size=11, anchor=anchor, fill=colours.ink_2)
    content += text(WIDTH - 16, 19, "Verdict", colours, size=11, anchor="end", fill=colours.ink_2)
    for i, row in enumerate(rows, start=1):
        cells = (row.place, fitted(row.name, 12, 220), shown(row.middle, unit), f"{shown(row.low, unit)} – {shown(row.high, unit)}",
                 shown(row.mean, unit), f"{shown(row.mean_low, unit)} – {shown(row.mean_high, unit)}", f"{row.trials:,.0f}",
                 "" if row.beats is None else f"{100 * row.beats:.0f} %")
        drawn = line(0, 0, WIDTH, 0, colours.line) + circle(66, 15, 4, looks[row.name][0])
        for (_, at, anchor), cell in zip(_COLUMNS, cells, strict=True):
            drawn += text(at, 19, cell, colours, size=12, anchor=anchor)
        content += group(drawn + text(WIDTH - 16, 19, row.verdict, colours, size=12, anchor="end"), y=_ROW * i)
    return content
