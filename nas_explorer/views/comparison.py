"""Two architectures side by side: the decisions in which they differ, and what that does to every metric."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nas_explorer.records import History, Metric, shown
from nas_explorer.spaces import SearchSpace
from nas_explorer.spaces.values import Scalar
from nas_explorer.views.axes import spoken
from nas_explorer.views.comparison_drawing import comparison_svg, marked_diagrams
from nas_explorer.views.comparison_worth import LookUp, Worth, WorthRow, how, worth_rows
from nas_explorer.views.diagram import Diagram
from nas_explorer.views.differences import Difference, differences
from nas_explorer.views.html_table import Markup, html_table, toned
from nas_explorer.views.markup import escaped
from nas_explorer.views.numbers import Scale, column_label, column_scale, short_label


@dataclass(frozen=True, slots=True)
class MetricChange:
    """One metric of both; NaN where it is not known."""

    metric: Metric
    first: float
    second: float

    @property
    def change(self) -> float:
        """Second less first."""
        return self.second - self.first

    @property
    def tone(self) -> str:
        """`better` or `worse`, empty where nothing changed or nobody knows."""
        if math.isnan(self.change) or self.change == 0:
            return ""
        return "better" if self.metric.is_better(self.second, self.first) else "worse"

    @property
    def words(self) -> str:
        """The change with its sign: `−2.57 %`, `+26,112`, `±0`."""
        return signed(self.change, self.metric.unit)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two architectures of one space.

    Attributes:
        titles: of the two, `Trial 21`.
        diagrams: pairs of drawings that differ; what differs is marked in them.
        alike: how many drawings are the same in both, and are left out.
        worths: what each change is worth, a row a change, in the order of `changes`; empty where nobody asked.
    """

    titles: tuple[str, str]
    differences: tuple[Difference, ...]
    changes: tuple[MetricChange, ...]
    diagrams: tuple[tuple[Diagram, Diagram], ...]
    alike: int = 0
    worths: tuple[WorthRow, ...] = ()

    @property
    def sentence(self) -> str:
        if not self.differences:
            return "The two are the same architecture."
        words = "; ".join(difference.words for difference in self.differences[:4])
        more = len(self.differences) - 4
        return f"From {self.titles[0]} to {self.titles[1]}: {words}{f'; and {more} more' if more > 0 else ''}."

    def svg(self, theme: str = "light") -> str:
        """Both drawings side by side, what differs marked."""
        return comparison_svg(self.titles, self.diagrams, self.sentence, theme)

    def _repr_html_(self) -> str:
        rows = [
            [c.metric.title, spoken(c.first, c.metric.unit), spoken(c.second, c.metric.unit), toned(c.words, c.tone)]
            for c in self.changes
        ]
        table = html_table(["", *self.titles, "change"], rows) if rows else ""
        return f"<div>{self.svg('light')}{table}{self._worth_html()}</div>"

    def _worth_html(self) -> str:
        if not self.worths or not self.changes:
            return ""
        scales = self.scales()
        cells = [[_worth_cell(w, c, s) for w, c, s in zip(row.worths, self.changes, scales, strict=True)] for row in self.worths]
        rows = [[_kept(escaped(row.change.short)), *line] for row, line in zip(self.worths, cells, strict=True)]
        whole = [_kept(toned(_bare(c.change, c.metric, s), c.tone)) for c, s in zip(self.changes, scales, strict=True)]
        labels = [column_label(c.metric, s) for c, s in zip(self.changes, scales, strict=True)]
        head = [
            label if labels.count(label) == 1 else c.metric.title  # of one device each
            for label, c in zip(labels, self.changes, strict=True)
        ]
        table = html_table(["what each is worth", *head], [*rows, [Markup("<b>all of them</b>"), *whole]])
        return f'<div style="overflow-x:auto">{table}</div><p style="max-width:60em">{escaped(how(self.worths))}</p>'

    def scales(self) -> list[Scale]:
        """One for every metric, for its worths and its whole change."""
        columns = zip(*(row.worths for row in self.worths), strict=True)
        return [
            column_scale(c.metric, [c.change, *(w.value for w in column)]) for c, column in zip(self.changes, columns, strict=True)
        ]

    def __str__(self) -> str:
        lines = [
            f"  {c.metric.title}: {spoken(c.first, c.metric.unit)}, then {spoken(c.second, c.metric.unit)} ({c.words})"
            for c in self.changes
        ]
        return "\n".join([self.sentence, *lines, *self._worth_lines()])

    def _worth_lines(self) -> list[str]:
        if not self.worths or not self.changes:
            return []
        scales = self.scales()
        lines = ["What each change is worth:"]
        for row in self.worths:
            words = (f"{c.metric.label} {worth_words(w, c.metric, s)}" for w, c, s in zip(row.worths, self.changes, scales, strict=True))
            lines.append(f"  {row.change.words}: {', '.join(words)}")
        return [*lines, f"  {how(self.worths)}"]


def compare(
    space: SearchSpace,
    first: Mapping[str, Scalar],
    second: Mapping[str, Scalar],
    values: tuple[Mapping[str, float], Mapping[str, float]] = ({}, {}),
    metrics: tuple[Metric, ...] = (),
    titles: tuple[str, str] = ("the first", "the second"),
    look_up: LookUp | None = None,
    history: History | None = None,
) -> Comparison:
    """Hold two architectures against each other.

    Args:
        values: what is known of either, by the name of the metric.
        metrics: those to be shown; one that neither has is left out.
        look_up, history: to say what each change is worth, as `comparison_worth.worth_rows` has them; without both it is not said.
    """
    changes = tuple(
        MetricChange(m, values[0].get(m.name, math.nan), values[1].get(m.name, math.nan))
        for m in metrics
        if m.name in values[0] or m.name in values[1]
    )
    pairs, alike = marked_diagrams(space, first, second)
    asked = look_up is not None or history is not None
    worths = worth_rows(space, first, second, values, [c.metric for c in changes], look_up, history) if asked else ()
    return Comparison(titles, differences(space, first, second), changes, pairs, alike, worths)


def worth_words(worth: Worth, metric: Metric, scale: Scale) -> str:
    """
    >>> from nas_explorer.records import metric
    >>> error, scale = metric("validation_error"), Scale()
    >>> worth_words(Worth(-0.8, "exact", -0.8, -0.8), error, scale)
    '−0.80 %'
    >>> worth_words(Worth(-0.8, "estimate", -1.3, -0.2, (31, 27)), error, scale)
    'about −0.80 % (−1.30 % to −0.20 %, from 31 and 27 trials)'
    >>> worth_words(Worth(float("nan"), "unknown"), error, scale)
    'not known'
    """
    if worth.kind == "unknown":
        return "not known"
    value, low, high = (_scaled(number, metric, scale) for number in (worth.value, worth.low, worth.high))
    if worth.kind == "exact":
        return value
    if worth.kind == "sampled":
        return f"{value} ± {_scaled(worth.high - worth.value, metric, scale).lstrip('+±')}"
    return f"about {value} ({low} to {high}, from {worth.trials[0]:,} and {worth.trials[1]:,} trials)"


def worth_table(found: Comparison) -> dict[str, Any] | None:
    """The worths for a panel that draws them itself, in JSON's own types; None where there are none."""
    if not found.worths or not found.changes:
        return None
    scales = found.scales()
    rows = [
        {
            "words": row.change.words,
            "cells": [
                {
                    "text": _short(w, c.metric, s),
                    "tone": worth_tone(w, c.metric),
                    "title": worth_words(w, c.metric, s),
                }
                for w, c, s in zip(row.worths, found.changes, scales, strict=True)
            ],
        }
        for row in found.worths
    ]
    return {"columns": [short_label(c.metric) for c in found.changes], "rows": rows, "how": how(found.worths)}


def worth_tone(worth: Worth, metric: Metric) -> str:
    """`better` or `worse` only where it is sure on which side of nothing it lies."""
    if not (worth.low > 0 or worth.high < 0):
        return ""
    return "better" if metric.is_better(worth.value, 0.0) else "worse"


def _short(worth: Worth, metric: Metric, scale: Scale) -> str:
    return f"≈ {_scaled(worth.value, metric, scale)}" if worth.kind == "estimate" else _scaled(worth.value, metric, scale)


def _worth_cell(worth: Worth, change: MetricChange, scale: Scale) -> Markup:
    """An estimate says its interval where the pointer rests."""
    tone = worth_tone(worth, change.metric)
    text = _bare(worth.value, change.metric, scale)
    if worth.kind == "sampled":
        text += f" ± {scale.text(worth.high - worth.value, change.metric.unit)}"
    about = "≈ " if worth.kind == "estimate" else ""
    return Markup(f'<span title="{escaped(worth_words(worth, change.metric, scale))}">{_kept(toned(about + text, tone))}</span>')


def _kept(content: str) -> Markup:
    """On one line."""
    return Markup(f'<span style="white-space:nowrap">{content}</span>')


def _bare(value: float, metric: Metric, scale: Scale) -> str:
    """A change with its sign, in a column whose head has the unit."""
    if math.isnan(value):
        return "–"
    return "±0" if value == 0 else f"{'+' if value > 0 else ''}{scale.text(value, metric.unit)}"


def _scaled(value: float, metric: Metric, scale: Scale) -> str:
    """A change with its sign and unit."""
    return _bare(value, metric, scale) + ("" if value == 0 or math.isnan(value) else f" {scale.sign}{metric.unit}".rstrip())


def signed(value: float, unit: str = "") -> str:
    """
    >>> signed(-2.57, "%"), signed(26112.0), signed(0.0), signed(float("nan"))
    ('−2.57 %', '+26,112', '±0', '–')
    """
    if math.isnan(value):
        return "–"
    if value == 0:
        return "±0"
    return f"{'+' if value > 0 else ''}{shown(value, unit)} {unit}".rstrip()
