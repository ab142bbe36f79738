"""From the answer of a search to a network: built, or trained from scratch. `Search` calls this; the estimator says what for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.training import Training
from nas_explorer.spaces import SearchSpace
from nas_explorer.tasks.catalog import as_task
from nas_explorer.tasks.task import Task

if TYPE_CHECKING:
    from torch import nn

    from nas_explorer.estimators.loops.retraining import Retraining


def build(estimator: object, space: SearchSpace, architecture: Mapping[str, Any], seed: int | None = None) -> nn.Module:
    """The network of an architecture with fresh weights, made for the estimator's task where it has one.

    Args:
        seed: of the weights; None: from torch's generator.

    Raises:
        InvalidArchitecture: if it does not belong to the space.
    """
    from nas_explorer import models

    task = task_of(estimator)
    return models.build(space, architecture, seed) if task is None else models.build_for(space, architecture, as_task(task), seed)


def retraining(
    estimator: object,
    space: SearchSpace,
    architecture: Mapping[str, Any],
    epochs: int | None = None,
    task: str | Mapping[str, Any] | Task | None = None,
    seed: int | None = None,
) -> Retraining:
    """A training from scratch, yet to be run: by the recipe of the search, where it trained.

    Args:
        epochs: None: as many as the search took.
        task: another one than the search's; a search on a table has none, so here it must be said.
        seed: of weights and order; None: as in the search, so that the same epochs give the same network.

    Raises:
        InvalidOption: if there is no task to learn, or an option is out of range.
        InvalidSpace: if networks of the space cannot learn the task.
    """
    from nas_explorer.estimators.loops.retraining import Retraining

    trains = innermost(estimator)
    task = task if task is not None else task_of(estimator)
    if task is None:
        raise InvalidOption(f"{type(trains).__name__} trains no network, so nothing says what this one is to learn; give a task, as in "
                            "task='digits'")
    if isinstance(trains, Training):
        full = trains
    else:                       # shared weights, for example: with their epochs and recipe, one network alone
        full = Training(task, **{name: getattr(trains, name) for name in ("epochs", "recipe", "threads") if hasattr(trains, name)})
    changes: dict[str, Any] = {name: value for name, value in (("epochs", epochs), ("seed", seed)) if value is not None}
    ready = replace(full, task=task, seeds=1, **changes)
    return Retraining(ready.for_space(space), architecture)


def innermost(estimator: object) -> object:
    """The estimator that others wrap; of a proxy task the full training."""
    while hasattr(estimator, "wrapped"):
        estimator = estimator.wrapped
    return estimator


def task_of(estimator: object) -> str | Mapping[str, Any] | Task | None:
    """What the networks of an estimator learn; None if it trains none."""
    task: str | Mapping[str, Any] | Task | None = getattr(innermost(estimator), "task", None)
    return task
