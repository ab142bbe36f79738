"""The tree of a lineage as columns for a drawing: births from left to right, the first objective as height."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nas_explorer.records import History
from nas_explorer.spaces import SearchSpace
from nas_explorer.spaces.values import Scalar
from nas_explorer.views.axes import Axis, robust_axis
from nas_explorer.views.decision_words import option_words, place_words
from nas_explorer.views.differences import differences
from nas_explorer.views.lineage import Lineage
from nas_explorer.views.operation_look import operation_look

NO_TREE = "there is no tree: the dots are its trials in the order of their birth."


@dataclass(frozen=True, slots=True)
class Mutation:
    """What tells a child from its first parent: the first decision in which they differ, and how many more there are.

    `before` and `after` are None where that architecture does not ask for the decision.
    """

    place: str
    before: Scalar | None
    after: Scalar | None
    more: int = 0

    @property
    def words(self) -> str:
        """
        >>> Mutation("0→1", "skip", "conv_3x3").words
        '0→1 skip to conv 3×3'
        """
        rest = f" and {self.more} more" if self.more else ""
        return f"{self.place} {option_words(self.before)} to {option_words(self.after)}{rest}"


def mutations(history: History, space: SearchSpace, found: Lineage, first: int = 0) -> list[Mutation | None]:
    """Of every trial from `first` on; None where it has no parent or equals it."""
    return [_mutation(history, space, found.parents[trial], trial) for trial in range(first, len(found.parents))]


def _mutation(history: History, space: SearchSpace, parents: Sequence[int], trial: int) -> Mutation | None:
    if not parents:
        return None
    changed = differences(space, history.architecture(parents[0]), history.architecture(trial))
    if not changed:
        return None
    one = next((d for d in changed if d.first is not None and d.second is not None), changed[0])
    return Mutation(place_words(one.decision), one.first, one.second, len(changed) - 1)


def value_axis(history: History, previous: Axis | None = None) -> Axis:
    """The height of the tree: where most values of the first objective are, and the best of all."""
    metric = history.objectives[0]
    finished = np.flatnonzero(history.statuses() == 1)
    values = history.column(metric.name)[finished]
    return robust_axis(values[np.isfinite(values)], metric.minimize, previous=previous)


def tree_columns(history: History, found: Lineage, changes: Sequence[Mutation | None], axis: Axis) -> dict[str, Any]:
    """A list a column, a row a trial, in JSON's own types; whatever changes with time is the number of an event.

    Columns: `parent`, the first of them, -1 without; `began`, `ended`, `died`, -1 if not yet; `value` of the first objective,
    null if it failed or runs; `generation`; `change`, a place in the list `changes`, -1 without.
    """
    metric = history.objectives[0]
    count = len(found.parents)
    finished = history.statuses()[:count] == 1
    values = history.column(metric.name)[:count]
    known: dict[Mutation, int] = {}
    change = [-1 if c is None else known.setdefault(c, len(known)) for c in changes]
    return {
        "parent": [own[0] if own else -1 for own in found.parents],
        "began": found.began.tolist(),
        "ended": found.ended.tolist(),
        "died": found.died.tolist(),
        "value": [v if ok and math.isfinite(v) else None for v, ok in zip(values.tolist(), finished.tolist(), strict=True)],
        "generation": found.generations.tolist(),
        "change": change,
        "changes": [_shown(c) for c in known],
        "population": found.population_size,
        "incumbents": [list(pair) for pair in found.incumbents],
        "events": found.events,
        "axis": {
            "low": axis.low,
            "high": axis.high,
            "ticks": [[tick, axis.tick_text(tick)] for tick in axis.ticks],
            "title": metric.title,
            "label": metric.label,
            "unit": metric.unit,
            "minimize": metric.minimize,
        },
    }


def _shown(change: Mutation) -> dict[str, Any]:
    return {
        "place": change.place,
        "before": option_tile(change.before),
        "after": option_tile(change.after),
        "more": change.more,
        "words": change.words,
    }


def option_tile(option: Scalar | None) -> dict[str, str]:
    """How an option is shown where there is little room: an operation by its sign, a number by itself (`family` empty)."""
    if isinstance(option, str):
        look = operation_look(option)
        return {"family": look.family, "glyph": look.glyph, "label": f"{look.label} {look.details}".rstrip(), "edge": ""}
    return {"family": "", "glyph": "", "label": option_words(option), "edge": ""}


def tree_words(history: History, found: Lineage, strategy: str) -> str:
    """What there is to say of a lineage that is no tree; empty of one that is."""
    if found.is_tree or not len(history):
        return ""
    if found.population_size:
        return f"Still in the random start: the first child comes after {found.population_size:,} architectures."
    why: Mapping[str, Any] = history.why(0)
    if why:
        return f"{strategy} makes no architecture from another, so {NO_TREE}"
    return f"{strategy} does not tell the log where its architectures come from, so {NO_TREE}"
