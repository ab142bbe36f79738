"""Two architectures side by side: the decisions in which they differ, and what that does to every metric."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from nas_explorer.records import Metric, shown
from nas_explorer.spaces import SearchSpace, decisions
from nas_explorer.spaces.values import Scalar
from nas_explorer.views.axes import spoken
from nas_explorer.views.comparison_drawing import comparison_svg, marked_diagrams
from nas_explorer.views.decision_words import option_words, place_words
from nas_explorer.views.diagram import Diagram
from nas_explorer.views.html_table import html_table, toned


@dataclass(frozen=True, slots=True)
class Difference:
    """A decision in which two architectures differ; None: that architecture does not ask for it."""

    decision: str
    first: Scalar | None
    second: Scalar | None

    @property
    def words(self) -> str:
        """
        >>> Difference("cell/0→1", "skip", "conv_3x3").words, Difference("block2.kernel", None, 3).words
        ('0→1 went from skip to conv 3×3', 'block2 kernel is new, 3')
        """
        place = place_words(self.decision)
        if self.first is None:
            return f"{place} is new, {option_words(self.second)}"
        if self.second is None:
            return f"{place} is gone, it was {option_words(self.first)}"
        return f"{place} went from {option_words(self.first)} to {option_words(self.second)}"


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
    """

    titles: tuple[str, str]
    differences: tuple[Difference, ...]
    changes: tuple[MetricChange, ...]
    diagrams: tuple[tuple[Diagram, Diagram], ...]
    alike: int = 0

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
        return f"<div>{self.svg('light')}{table}</div>"

    def __str__(self) -> str:
        lines = [
            f"  {c.metric.title}: {spoken(c.first, c.metric.unit)}, then {spoken(c.second, c.metric.unit)} ({c.words})"
            for c in self.changes
        ]
        return "\n".join([self.sentence, *lines])


def differences(space: SearchSpace, first: Mapping[str, Scalar], second: Mapping[str, Scalar]) -> tuple[Difference, ...]:
    """What two architectures of a space decide otherwise, in the order of its decisions.

    >>> from nas_explorer.spaces import chain, sample
    >>> import numpy as np
    >>> one = sample(chain(), np.random.default_rng(0))
    >>> differences(chain(), one, one)
    ()
    """
    pairs = ((d.id, first.get(d.id), second.get(d.id)) for d in decisions(space))
    return tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2] or type(pair[1]) is not type(pair[2]))


def compare(
    space: SearchSpace,
    first: Mapping[str, Scalar],
    second: Mapping[str, Scalar],
    values: tuple[Mapping[str, float], Mapping[str, float]] = ({}, {}),
    metrics: tuple[Metric, ...] = (),
    titles: tuple[str, str] = ("the first", "the second"),
) -> Comparison:
    """Hold two architectures against each other.

    Args:
        values: what is known of either, by the name of the metric.
        metrics: those to be shown; one that neither has is left out.
    """
    changes = tuple(
        MetricChange(m, values[0].get(m.name, math.nan), values[1].get(m.name, math.nan))
        for m in metrics
        if m.name in values[0] or m.name in values[1]
    )
    pairs, alike = marked_diagrams(space, first, second)
    return Comparison(titles, differences(space, first, second), changes, pairs, alike)


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
