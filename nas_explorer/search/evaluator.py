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
        waiting: how many of those under way stand still, until they are promoted or end.
    """

    @property
    def slots(self) -> int: ...

    @property
    def waiting(self) -> int: ...

    def submit(self, trial: int, architecture: Architecture, until: int | None = None) -> None:
        """Begin to score a trial.

        Args:
            until: the first measurement at or past this step is the last that is wanted: drop it then; None: its own end.

        Raises:
            WorkersLost: if there is nobody left to do it.
        """
        ...

    def use(self, estimator: Estimator) -> None:
        """Score with this estimator from the next trial on: it knows more options than the one before."""
        ...

    def promote(self) -> bool:
        """Let one that waits go on, if there is one that may; says whether there was."""
        ...

    def report(self) -> Seen | Ended:
        """Wait for the next thing to happen to a trial under way. Where all wait and nobody else comes, one of them ends."""
        ...

    def drop(self, trial: int, finished: bool = False) -> None:
        """Stop scoring a trial: nothing more of it will be reported.

        Args:
            finished: whether it measured all that was wanted.
        """
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class Legs(Protocol):
    """Scores trials leg by leg. A leg ends with the first measurement at or past its last step, and the evaluation stands still there."""

    @property
    def slots(self) -> int: ...

    def submit(self, trial: int, architecture: Architecture, until: int | None = None) -> None:
        """Begin to score a trial.

        Args:
            until: the last step of its first leg; None: its own end.
        """
        ...

    def use(self, estimator: Estimator) -> None: ...

    def go_on(self, trial: int, until: int | None) -> None:
        """Begin the next leg of a trial."""
        ...

    def report(self) -> Seen | Ended: ...

    def drop(self, trial: int, finished: bool = False) -> None: ...

    def close(self) -> None: ...


class Inline:
    """Scores in this thread, one trial at a time, one measurement at each report."""

    slots = 1
    waiting = 0

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator
        self._trial = -1
        self._evaluations: dict[int, Iterator[Measurement]] = {}

    def submit(self, trial: int, architecture: Architecture, until: int | None = None) -> None:
        self._trial = trial
        self._evaluations[trial] = _evaluation(self._estimator, architecture)

    def use(self, estimator: Estimator) -> None:
        self._estimator = estimator

    def go_on(self, trial: int, until: int | None) -> None:
        """Every evaluation stands still after a measurement: here it is only said which is meant."""
        self._trial = trial

    def promote(self) -> bool:
        return False

    def report(self) -> Seen | Ended:
        trial = self._trial
        try:
            return Seen(trial, next(self._evaluations[trial]))
        except StopIteration:
            del self._evaluations[trial]
            return Ended(trial)
        except Exception as error:
            del self._evaluations[trial]
            return failed(trial, error)

    def drop(self, trial: int, finished: bool = False) -> None:
        # A user's own iterator need not be a generator.
        close = getattr(self._evaluations.pop(trial, None), "close", None)
        if close is not None:
            close()

    def close(self) -> None:
        for trial in list(self._evaluations):
            self.drop(trial)


def _evaluation(estimator: Estimator, architecture: Architecture) -> Iterator[Measurement]:
    """A generator, so that an `evaluate` that raises when it is called does so within the trial."""
    yield from estimator.evaluate(architecture)


def failed(trial: int, error: BaseException) -> Ended:
    return Ended(trial, f"{error}" or type(error).__name__, "".join(traceback.format_exception(error)).strip())
