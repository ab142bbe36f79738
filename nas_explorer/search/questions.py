"""Questions to a search about its trials: why one was proposed, what lies between two, what lies around one, what mattered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nas_explorer.errors import InvalidOption, RunError
from nas_explorer.estimators.protocol import Truth, find_metrics
from nas_explorer.records import History, Trial
from nas_explorer.spaces import Architecture, SearchSpace, cost
from nas_explorer.views.comparison import Comparison, compare
from nas_explorer.views.explanation import Explanation, explain
from nas_explorer.views.neighbours import LookUp, Neighbourhood, neighbourhood

if TYPE_CHECKING:
    from nas_explorer.records.importance import Method
    from nas_explorer.search.search import Search
    from nas_explorer.views.importance import Importance


def explanation(search: Search, which: Trial | int | None) -> Explanation:
    return explain(search.history, search.plan.space, number_of(search.history, which))


def comparison(search: Search, first: Trial | int, second: Trial | int | None) -> Comparison:
    history, space = search.history, search.plan.space
    numbers = number_of(history, first), number_of(history, second)
    one, other = (history.trial(number) for number in numbers)
    metrics = search.run.manifest.metrics
    return compare(
        space,
        one.architecture,
        other.architecture,
        (known_values(space, one), known_values(space, other)),
        metrics,
        (f"trial {numbers[0]}", f"trial {numbers[1]}"),
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
    """What was measured, and the costs that are counted of every architecture."""
    counted = cost(space, trial.architecture)
    return {"parameter_count": float(counted.parameter_count), "macs": float(counted.macs), **trial.values}


def _look_up(search: Search) -> LookUp:
    table = search.plan.estimator

    def values(architecture: Architecture) -> Mapping[str, float]:
        return {name: value for measured in table.evaluate(architecture) for name, value in measured.values.items()}

    return values
