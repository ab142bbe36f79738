"""Which decisions mattered in a run, and which of their options went with good values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nas_explorer.records import History, Metric
from nas_explorer.records.importance import Method, importances
from nas_explorer.spaces import SearchSpace, decisions
from nas_explorer.spaces.values import Scalar
from nas_explorer.views.axes import spoken
from nas_explorer.views.decision_words import option_words, place_words
from nas_explorer.views.markup import box, document, fitted, text, text_width
from nas_explorer.views.palette import palette

METHODS: Mapping[str, str] = {"ped_anova": "PED-ANOVA", "fanova": "fANOVA"}
_MOST_BARS = 24
_WIDTH, _ROW, _HEAD = 760.0, 26.0, 52.0


@dataclass(frozen=True, slots=True)
class OptionEffect:
    """One option: in how many finished trials it was, and their mean; NaN where it was never tried."""

    option: Scalar
    count: int
    mean: float


@dataclass(frozen=True, slots=True)
class DecisionImportance:
    """
    Attributes:
        share: of what all decisions matter, from 0 to 1.
        effects: of its options, the best mean first. What a search has tried is no fair sample: read them as hints.
    """

    decision: str
    share: float
    effects: tuple[OptionEffect, ...]


@dataclass(frozen=True, slots=True)
class Importance:
    """The decisions of a space, the most important first.

    Attributes:
        trials: how many finished ones it is made of.
    """

    metric: Metric
    method: str
    trials: int
    decisions: tuple[DecisionImportance, ...]

    @property
    def sentence(self) -> str:
        first = self.decisions[0] if self.decisions else None
        if first is None or not first.share:
            return f"No decision stands out for {self.metric.label} in {self.trials:,} trials."
        best = first.effects[0]
        words = f"{option_words(best.option)} was best, {spoken(best.mean, self.metric.unit)} on average"
        return f"{place_words(first.decision)} matters most for {self.metric.label}, {first.share:.0%} by {METHODS[self.method]}; {words}."

    def svg(self, theme: str = "light") -> str:
        """A bar a decision; beside it the option with the best mean."""
        return _importance_svg(self, theme)

    def _repr_html_(self) -> str:
        return f"<div>{self.svg('light')}</div>"

    def __str__(self) -> str:
        return "\n".join([self.sentence, *(f"  {d.share:6.1%}  {d.decision}" for d in self.decisions)])


def importance(history: History, space: SearchSpace, metric: Metric | None = None, method: Method = "ped_anova") -> Importance:
    """
    Raises:
        InvalidMetric, InvalidOption, RunError: as `records.importance.importances`.
    """
    shares = importances(history, space, metric, method)
    chosen = history.objectives[0] if metric is None else metric
    options = {d.id: d.options for d in decisions(space)}
    rows = tuple(DecisionImportance(key, share, _effects(history, key, options[key], chosen)) for key, share in shares.items())
    return Importance(chosen, method, history.finished_count, rows)


def _effects(history: History, decision: str, options: tuple[Scalar, ...], metric: Metric) -> tuple[OptionEffect, ...]:
    values: dict[Scalar, list[float]] = {option: [] for option in options}
    for trial in np.flatnonzero(history.statuses() == 1).tolist():
        option = history.architecture(trial).get(decision)
        if option in values:
            values[option].append(history.value(trial, metric.name))
    effects = [OptionEffect(option, len(seen), float(np.mean(seen)) if seen else math.nan) for option, seen in values.items()]
    return tuple(sorted(effects, key=lambda e: math.inf if math.isnan(e.mean) else metric.cost(e.mean)))


def _importance_svg(found: Importance, theme: str) -> str:
    colours, rows = palette(theme), found.decisions[:_MOST_BARS]
    names = [place_words(row.decision) for row in rows]
    left = min(200.0, max((text_width(name, 12) for name in names), default=0.0) + 28)
    right, longest = 250.0, max((row.share for row in rows), default=0.0) or 1.0
    room = _WIDTH - left - right - 60
    content = text(16, 24, f"Importance for {found.metric.label}", colours, size=13, weight=600)
    content += text(16, 41, f"{METHODS[found.method]} over {found.trials:,} trials", colours, size=11, fill=colours.ink_2)
    content += text(_WIDTH - right + 16, 41, "best option, on average", colours, size=11, fill=colours.ink_2)
    for i, (row, name) in enumerate(zip(rows, names, strict=True)):
        y, length = _HEAD + i * _ROW, row.share / longest * room
        content += text(left - 10, y + 17, fitted(name, 12, left - 20), colours, anchor="end")
        content += box(left, y + 5, max(length, 1.0), _ROW - 10, colours.brand if row.share else colours.line_2, radius=3)
        content += text(left + max(length, 1.0) + 8, y + 17, f"{row.share:.0%}", colours, fill=colours.ink_2)
        best = row.effects[0]
        if best.count:
            words = f"{option_words(best.option)}, {spoken(best.mean, found.metric.unit)}"
            content += text(_WIDTH - right + 16, y + 17, fitted(words, 12, right - 28), colours)
    more = len(found.decisions) - len(rows)
    height = _HEAD + len(rows) * _ROW + (26 if more > 0 else 10)
    if more > 0:
        content += text(left, height - 10, f"and {more} less important ones", colours, size=11, fill=colours.ink_2)
    return document(content, _WIDTH, height, found.sentence, colours)
