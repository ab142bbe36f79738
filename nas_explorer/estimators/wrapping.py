"""What estimators that wrap others share: how the inner one is given, kept, and what is remembered between its trials."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias, TypeVar, cast

from nas_explorer.errors import InvalidOption, UnknownName
from nas_explorer.estimators.catalog import CATALOG
from nas_explorer.estimators.protocol import Estimator, NeedsSpace, OnDemand
from nas_explorer.records import Measurement, Metric
from nas_explorer.spaces import SearchSpace

Given: TypeAlias = str | Mapping[str, Any] | Estimator
"""A name, {"name": ..., "options": {...}}, or the estimator itself."""
T = TypeVar("T")
_MEMORIES: dict[str, Any] = {}


def kept(given: object) -> Given:
    """An inner estimator as a wrapper stores it: as data where a catalog can bring it back.

    >>> from nas_explorer.estimators.tabular import Tabular
    >>> kept(Tabular(dataset="cifar100"))["name"]
    'tabular'

    Raises:
        InvalidOption: if it is no estimator, and no name or description of one.
    """
    if isinstance(given, (str, Mapping)):
        return given if isinstance(given, str) else dict(given)
    if not isinstance(given, Estimator):
        raise InvalidOption(f"the estimator to wrap is a name ({', '.join(CATALOG.names())}), a mapping of its name and options, or one of "
                            f"your own, got {given!r:.100}")
    try:
        return CATALOG.spec(given)
    except (UnknownName, TypeError):
        return given


def estimator_of(given: Given) -> Estimator:
    """
    Raises:
        UnknownName, InvalidOption: if the catalog has no such estimator, or it no such options.
    """
    match given:
        case str():
            return CATALOG.make(given)
        case {"name": str(name), **rest} if not rest:
            return CATALOG.make(name)
        case {"name": str(name), "options": dict(options), **rest} if not rest:
            return CATALOG.make(name, options)
        case Mapping():
            raise InvalidOption("an estimator is described by its name and options, as in {'name': 'training', 'options': {'epochs': 2}}, "
                                f"got {given!r:.100}")
    return given


def bound(estimator: Estimator, space: SearchSpace) -> Estimator:
    """The estimator for architectures of this space."""
    return estimator.for_space(space) if isinstance(estimator, NeedsSpace) else estimator


def measured_by(estimator: Estimator) -> tuple[Metric, ...]:
    return estimator.measured if isinstance(estimator, OnDemand) else estimator.metrics


def new_memory() -> str:
    """The name of a memory that is empty still."""
    return uuid.uuid4().hex


def memory(name: str, make: Callable[[], T]) -> T:
    """What this process remembers under a name; made when it is first asked for.

    An estimator travels to its workers anew with every trial, as a copy. What it learned on the way has to stay behind, in the worker.
    """
    if name not in _MEMORIES:
        _MEMORIES[name] = make()
    return cast(T, _MEMORIES[name])


def close(evaluation: Iterator[Measurement]) -> None:
    """End an evaluation; a user's own iterator need not be a generator."""
    if (closing := getattr(evaluation, "close", None)) is not None:
        closing()
