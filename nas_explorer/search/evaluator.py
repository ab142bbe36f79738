"""Where trials are scored: here, one after the other, or on workers, several at once. The loop sees no difference."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from nas_explorer.estimators.protocol import Estimator
from nas_explorer.records import Measurement
from nas_explorer.spaces import Architecture


@dataclass(frozen=True, slots=True)
class Seen:
    """A trial under way was measured."""

    trial: int
    measurement: Measurement


@dataclass(frozen=True, slots=True)
class Ended:
    """A trial's evaluation is over; with a message it failed."""

    trial: int
    message: str = ""
    details: str = ""


class Evaluator(Protocol):
    """Scores trials that are submitted, and reports in whatever order they come.

    Attributes:
        slots: how many trials may be under way at once.
    """

    @property
    def slots(self) -> int: ...

    def submit(self, trial: int, architecture: Architecture) -> None:
        """Begin to score a trial.

        Raises:
            WorkersLost: if there is nobody left to do it.
        """
        ...

    def report(self) -> Seen | Ended:
        """Wait for the next thing to happen to a trial under way."""
        ...

    def drop(self, trial: int) -> None:
        """Stop scoring a trial: nothing more of it will be reported."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class Inline:
    """Scores in this thread, one trial at a time, one measurement at each report."""

    slots = 1

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator
        self._trial = -1
        self._measurements: Iterator[Measurement] = iter(())

    def submit(self, trial: int, architecture: Architecture) -> None:
        self._trial, self._measurements = trial, _evaluation(self._estimator, architecture)

    def report(self) -> Seen | Ended:
        try:
            return Seen(self._trial, next(self._measurements))
        except StopIteration:
            return Ended(self._trial)
        except Exception as error:
            return failed(self._trial, error)

    def drop(self, trial: int) -> None:
        self.close()

    def close(self) -> None:
        self._measurements, measurements = iter(()), self._measurements
        close = getattr(measurements, "close", None)  # a user's own iterator need not be a generator
        if close is not None:
            close()


def _evaluation(estimator: Estimator, architecture: Architecture) -> Iterator[Measurement]:
    """A generator, so that an `evaluate` that raises when it is called does so within the trial."""
    yield from estimator.evaluate(architecture)


def failed(trial: int, error: BaseException) -> Ended:
    return Ended(trial, f"{error}" or type(error).__name__, "".join(traceback.format_exception(error)).strip())
