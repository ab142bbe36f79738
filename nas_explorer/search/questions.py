"""Questions to a search about its trials: why one was proposed, what lies between two, what lies around one, what mattered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from nas_explorer.errors import InvalidArchitecture, InvalidOption, NotAdditive, RunError, UnknownName
from nas_explorer.estimators.protocol import Estimator, Truth, find_metrics, foreseen
from nas_explorer.records import History, Metric, Trial
from nas_explorer.spaces import Architecture, SearchSpace, cost, cost_terms, to_indices
from nas_explorer.views.comparison import Comparison, compare
from nas_explorer.views.explanation import Explanation, explain
from nas_explorer.views.neighbours import LookUp, Neighbourhood, neighbourhood

if TYPE_CHECKING:
    from nas_explorer.records.importance import Method
    from nas_explorer.search.search import Search
    from nas_explorer.views.importance import Importance

COUNTED = ("parameter_count", "macs")
FEW = 16  # architectures: so many plans cost as much as the terms of the space


def explanation(search: Search, which: Trial | int | None) -> Explanation:
    return explain(search.history, search.plan.space, number_of(search.history, which))


def comparison(search: Search, first: Trial | int, second: Trial | int | None) -> Comparison:
    numbers = number_of(search.history, first), number_of(search.history, second)
    return compared(search.history, search.plan.space, search.plan.estimator, search.run.manifest.metrics, numbers)


def compared(
    history: History, space: SearchSpace, estimator: Estimator, metrics: tuple[Metric, ...], numbers: tuple[int, int]
) -> Comparison:
    """Two trials of a run, with what each difference is worth where that is known without training, or as its trials hint."""
    one, other = (history.trial(number) for number in numbers)
    return compare(
        space,
        one.architecture,
        other.architecture,
        (known_values(space, one), known_values(space, other)),
        metrics,
        (f"trial {numbers[0]}", f"trial {numbers[1]}"),
        known_without_training(space, estimator),
        history,
    )


def around(search: Search, which: Trial | int | None) -> Neighbourhood:
    history = search.history
    number = number_of(history, which)
    look_up = _look_up(search) if isinstance(search.plan.estimator, Truth) else None
    return neighbourhood(history, search.plan.space, history.architecture(number), f"trial {number}", look_up)


def importance_of(search: Search, metric: str | None, method: Method) -> Importance:
    from nas_explorer.views.importance import importance  # which loads Optuna: a second that no view should wait for

    objectives = search.history.objectives
    chosen = None if metric is None else find_metrics(objectives, [metric])[0]
    return importance(search.history, search.plan.space, chosen, method)


def number_of(history: History, which: Trial | int | None) -> int:
    """
    Raises:
        RunError: if it is to be the best, and no trial has finished.
        InvalidOption: if there is no trial of this number.
    """
    if isinstance(which, Trial):
        return which.number
    if which is None:
        if history.best is None:
            raise RunError("no trial has finished yet, so there is no best one; name a trial by its number")
        return history.best.number
    if isinstance(which, bool) or not isinstance(which, int) or not 0 <= which < len(history):
        there = f"a number from 0 to {len(history) - 1}" if len(history) else "a number, and none has begun yet"
        raise InvalidOption(f"trial must be {there}, got {which!r}")
    return which


def known_values(space: SearchSpace, trial: Trial) -> Mapping[str, float]:
    """What was measured, and the costs that are counted of every architecture whose operations are known here."""
    return {**counted(space, trial.architecture), **trial.values}


def known_without_training(space: SearchSpace, estimator: Estimator) -> Callable[[Sequence[Architecture]], list[Mapping[str, float]]]:
    """Looks architectures up: in the estimator's table, else what it foresees; and counts their costs where neither says them."""

    def look_up(architectures: Sequence[Architecture]) -> list[Mapping[str, float]]:
        found = [_known(estimator, architecture) for architecture in architectures]
        missing = [at for at, known in enumerate(found) if not known.keys() >= set(COUNTED)]
        costs = counted_costs(space, [architectures[at] for at in missing])
        for at, cost_of in zip(missing, costs, strict=True):
            found[at] = {**cost_of, **found[at]}
        return found

    return look_up


def counted_costs(space: SearchSpace, architectures: Sequence[Architecture]) -> list[Mapping[str, float]]:
    """Parameters and multiply-adds of many architectures; of few, or where costs are no sum of terms, one by one."""
    if len(architectures) < FEW:
        return [counted(space, architecture) for architecture in architectures]
    try:
        terms = cost_terms(space)
    except (NotAdditive, UnknownName):
        return [counted(space, architecture) for architecture in architectures]
    rows = np.array([to_indices(space, architecture) for architecture in architectures], dtype=np.int64)
    return [dict(zip(COUNTED, row, strict=True)) for row in terms.costs(rows).tolist()]


def counted(space: SearchSpace, architecture: Architecture) -> Mapping[str, float]:
    """Nothing where an operation of somebody's own is not registered here."""
    try:
        return dict(zip(COUNTED, map(float, cost(space, architecture)), strict=True))
    except UnknownName:
        return {}


def _known(estimator: Estimator, architecture: Architecture) -> Mapping[str, float]:
    try:
        return _measured(estimator, architecture) if isinstance(estimator, Truth) else foreseen(estimator, architecture)
    except InvalidArchitecture:  # a hole in a table, or what can never be built
        return {}


def _look_up(search: Search) -> LookUp:
    return lambda architecture: _measured(search.plan.estimator, architecture)


def _measured(table: Estimator, architecture: Architecture) -> Mapping[str, float]:
    return {name: value for measured in table.evaluate(architecture) for name, value in measured.values.items()}
