"""What an estimator is: it scores an architecture, measurement by measurement. It does not choose."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, TypeVar, runtime_checkable

from nas_explorer.errors import InvalidMetric
from nas_explorer.records import Measurement, Metric
from nas_explorer.spaces import Architecture, SearchSpace

E = TypeVar("E")
Verdict: TypeAlias = Literal["go on", "stop", "wait"]
STOPPED = Metric("stopped_at_epoch", "", True, "stopped at epoch")
"""Where a trial was stopped early; 0 for one that ran to its end."""


@runtime_checkable
class Estimator(Protocol):
    """A frozen dataclass whose fields are the options, checked when it is made."""

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Everything it can measure; the first is the objective where a search names none."""
        ...

    def check_space(self, space: SearchSpace) -> None:
        """Say before a search whether architectures of this space can be scored.

        Raises:
            InvalidSpace: if not, with what would fit.
        """
        ...

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        """Score one architecture: one measurement an epoch, or just one. Closing the iterator stops the evaluation.

        Raises:
            InvalidArchitecture: if it cannot be scored.
        """
        ...


@runtime_checkable
class OnDemand(Estimator, Protocol):
    """An estimator that could measure more than is worth writing down for every trial."""

    @property
    def measured(self) -> tuple[Metric, ...]:
        """What `evaluate` does measure of that, as it stands."""
        ...

    def measuring(self, names: Sequence[str]) -> OnDemand:
        """The same estimator, that measures these as well: a search calls this with its objectives before it begins.

        Raises:
            InvalidMetric: if it cannot measure one of them; the message lists what it can.
        """
        ...


@runtime_checkable
class Foresees(Estimator, Protocol):
    """An estimator that knows some of its metrics before it scores: a search holds proposals against its constraints with them."""

    def foresee(self, architecture: Architecture) -> Mapping[str, float]:
        """What is known of an architecture without scoring it, by the name of the metric; the same each time.

        Raises:
            InvalidArchitecture: if it cannot be scored.
        """
        ...


@runtime_checkable
class NeedsSpace(Estimator, Protocol):
    """An estimator that builds networks, and so must know which space its architectures are from."""

    def for_space(self, space: SearchSpace) -> Estimator:
        """The same estimator for architectures of this space: a search calls this before it begins.

        Raises:
            InvalidSpace: as `check_space`.
        """
        ...


class Stopper(Protocol):
    """Sees what all trials of one search measure, in the order of its log, and says which go on.

    The same calls in the same order give the same answers: a search that is resumed replays its log.
    """

    def look_after(self, step: int) -> int | None:
        """The next step after this one at which it has to be asked about a trial; None: never again."""
        ...

    def see(self, trial: int, step: int, values: Mapping[str, float]) -> Verdict:
        """A trial was measured: it goes on, is stopped, or waits to be promoted. One that waited was promoted before."""
        ...

    def promoted(self) -> int | None:
        """A trial that waits and goes on now, if there is one; it waits no longer."""
        ...

    def given_up(self) -> int | None:
        """A trial that has waited long enough and ends now, if there is one; it waits no longer."""
        ...

    def ended(self, trial: int, finished: bool) -> None:
        """A trial is over: it ran to its end, was stopped, or failed."""
        ...


@runtime_checkable
class Watched(Estimator, Protocol):
    """An estimator whose trials are stopped early, by what all of them measure: a search decides beside its loop, not in a worker."""

    @property
    def wrapped(self) -> Estimator:
        """What scores."""
        ...

    def stopper(self) -> Stopper:
        """Who decides in a new search."""
        ...


def knowing(estimator: E, **facts: object) -> E:
    """A copy of an estimator, a frozen dataclass, that knows these private facts too: for `for_space`.

    Fields that are no options cannot be given to `dataclasses.replace`.
    """
    copied = copy.copy(estimator)
    for name, fact in facts.items():
        object.__setattr__(copied, name, fact)
    return copied


def measuring(estimator: Estimator, names: Sequence[str]) -> Estimator:
    """The estimator, measuring these as well where that has to be said.

    Raises:
        InvalidMetric: if it does not measure one of them.
    """
    find_metrics(estimator.metrics, names)
    return estimator.measuring(names) if isinstance(estimator, OnDemand) else estimator


def find_metrics(metrics: Iterable[Metric], names: Iterable[str]) -> tuple[Metric, ...]:
    """The metrics of these names, for an estimator's `measuring`.

    Raises:
        InvalidMetric: if there is none of a name; the message lists those there are.
    """
    known = {metric.name: metric for metric in metrics}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}? It measures" if near else "it measures"
            raise InvalidMetric(f"this estimator does not measure {name!r}; {hint} {', '.join(known)}")
    return tuple(known[name] for name in names)


def foreseen(estimator: object, architecture: Architecture) -> Mapping[str, float]:
    """What an estimator, or the one that it wraps, knows of an architecture without scoring it."""
    while estimator is not None:
        if isinstance(estimator, Foresees):
            return estimator.foresee(architecture)
        estimator = getattr(estimator, "wrapped", None)
    return {}


def last_epoch(estimator: object) -> int | None:
    """The step of an estimator's last measurement, where it, or the one that it wraps, says so."""
    while estimator is not None:
        epochs = getattr(estimator, "epochs", None)
        if isinstance(epochs, int):
            return epochs
        estimator = getattr(estimator, "wrapped", None)
    return None


@dataclass(frozen=True, slots=True)
class Rank:
    """Where an architecture stands among all.

    Attributes:
        rank: 1 is the best; equal values share the smallest rank.
        of: how many architectures there are.
        percentile: share of architectures that are not better, in percent.
    """

    rank: int
    of: int
    percentile: float


@runtime_checkable
class Truth(Protocol):
    """What an estimator knows that has every architecture in a table."""

    @property
    def final_metric(self) -> Metric:
        """What counts in the end, and what a true rank means if nothing else is said."""
        ...

    def rank(self, architecture: Architecture, metric: str | None = None) -> Rank:
        """True rank of an architecture by one metric; by the final one if none is named."""
        ...

    def optimum(self, metric: str | None = None) -> tuple[Architecture, float]:
        """The best architecture there is, and its value; the first in the table of equals."""
        ...

    def front(self, metrics: Sequence[str]) -> list[tuple[Architecture, tuple[float, ...]]]:
        """The true Pareto front, sorted by the first metric from its best end."""
        ...
