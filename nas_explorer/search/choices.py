"""What of a search follows from what: a method's estimator from its task, its budget from its epochs, its catalog from its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nas_explorer.catalog import Catalog
from nas_explorer.errors import InvalidOption, UnknownName
from nas_explorer.estimators.catalog import CATALOG as ESTIMATORS
from nas_explorer.estimators.protocol import Estimator, NeedsSpace
from nas_explorer.one_shot.catalog import CATALOG as ONE_SHOTS
from nas_explorer.one_shot.protocol import OneShot
from nas_explorer.search.budget import Budget
from nas_explorer.spaces import SearchSpace
from nas_explorer.strategies.catalog import CATALOG as STRATEGIES
from nas_explorer.strategies.protocol import Strategy

SHARED = "weight_sharing"
TRIALS = 100


def catalog_of(strategy: object) -> Catalog[Any]:
    return ONE_SHOTS if isinstance(strategy, OneShot) else STRATEGIES


def catalog_naming(name: str) -> Catalog[Any]:
    """The catalog that has a strategy of this name: that of the one-shot methods, or the other."""
    return ONE_SHOTS if name in ONE_SHOTS.names() else STRATEGIES


def known_catalog(name: str) -> Catalog[Any]:
    """
    Raises:
        UnknownName: if neither a strategy nor a one-shot method has this name; the message lists both.
    """
    catalog = catalog_naming(name)
    if name not in catalog.names():
        raise UnknownName("strategy", name, (*STRATEGIES.names(), *ONE_SHOTS.names()))
    return catalog


def strategy_named(name: str, options: Mapping[str, Any] | None = None) -> Strategy | OneShot:
    """
    Raises:
        UnknownName, InvalidOption: as `known_catalog` and `Catalog.make`.
    """
    made: Strategy | OneShot = known_catalog(name).make(name, options)
    return made


def chosen_estimator(strategy: object, estimator: Estimator | str | None, task: object, epochs: int | None) -> Estimator:
    """The estimator that was given, or the one that a task means: shared weights for a one-shot method, trainings for others.

    Raises:
        UnknownName, InvalidOption: if there is neither or both, or the two do not fit.
    """
    if estimator is None:
        options = {name: value for name, value in (("task", task), ("epochs", epochs)) if value is not None}
        if isinstance(strategy, OneShot):
            return ESTIMATORS.make(SHARED, options)
        if task is None:
            raise InvalidOption(f"a search needs an estimator or the name of one ({', '.join(ESTIMATORS.names())}), or a task to train on, "
                                "as in task='digits'")
        return ESTIMATORS.make("training", options)
    if task is not None or epochs is not None:
        raise InvalidOption("task and epochs are settings of the estimator; give them there, or leave the estimator out")
    made = ESTIMATORS.make(estimator) if isinstance(estimator, str) else estimator
    shared = type(ESTIMATORS.make(SHARED))
    if isinstance(strategy, OneShot) and not isinstance(made, shared):
        raise InvalidOption(f"{type(strategy).__name__} trains weights that all architectures share, so its estimator is "
                            f"WeightSharing(...), got {type(made).__name__}; to compare the weights with it, give it as truth=")
    return made


def checked_budget(strategy: object, estimator: Any, budget: Budget | int | Mapping[str, float] | None, pace: object,
                   workers: object) -> Budget:
    """The budget of a search: a one-shot method ends with its epochs.

    Raises:
        InvalidOption: if a limit has no meaning for this kind of search.
    """
    if not isinstance(strategy, OneShot):
        found = Budget.of(TRIALS if budget is None else budget)
        if found.epochs is not None:
            raise InvalidOption("a budget in epochs is for one-shot methods, which train all architectures at once; give trials, "
                                "simulated_seconds or wall_seconds")
        return found
    epochs = {"epochs": estimator.epochs}
    found = Budget.of(epochs if budget is None else budget)
    if found.trials is not None or found.simulated_seconds is not None or found.epochs not in (None, estimator.epochs):
        raise InvalidOption(f"a one-shot search ends with its epochs, {estimator.epochs} of them; set epochs=, and as a budget "
                            f"wall_seconds at most, got {found.text}")
    for name, value, usual in (("pace", pace, None), ("workers", workers, 1)):
        if value != usual:
            raise InvalidOption(f"{name} is for searches in which every trial is trained or looked up by itself; leave it out for a "
                                "one-shot method")
    return Budget(wall_seconds=found.wall_seconds, **epochs)


def checked_truth(space: SearchSpace, strategy: object, truth: Estimator | str, count: int) -> Estimator:
    """The estimator that shared weights are compared with, ready to score.

    Raises:
        InvalidOption: if the search shares no weights, or the count is too small to order anything.
        UnknownName, InvalidSpace: if there is no such estimator, or it cannot score the space.
    """
    if not isinstance(strategy, OneShot):
        raise InvalidOption("truth is for one-shot methods: it is compared with their shared weights. Other searches score with their "
                            "estimator")
    if isinstance(count, bool) or not isinstance(count, int) or count < 2:
        raise InvalidOption(f"truth_count must be a whole number of at least 2, got {count!r}")
    found = ESTIMATORS.make(truth) if isinstance(truth, str) else truth
    if not isinstance(found, Estimator):
        raise InvalidOption(f"truth must be an estimator or the name of one ({', '.join(ESTIMATORS.names())}), got {truth!r}")
    found.check_space(space)
    return found.for_space(space) if isinstance(found, NeedsSpace) else found
