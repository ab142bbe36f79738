"""A search is an iterator of events: ask, evaluate, tell. No threads, no files; a test just lists it."""

from __future__ import annotations

import math
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nas_explorer.errors import InvalidArchitecture, StrategyFailed
from nas_explorer.estimators.protocol import Estimator
from nas_explorer.records import (
    Event,
    Measured,
    Measurement,
    SearchFinished,
    SearchPaused,
    SearchResumed,
    SearchStarted,
    Trial,
    TrialFailed,
    TrialFinished,
    TrialStarted,
)
from nas_explorer.records.events import EndReason
from nas_explorer.search.budget import Budget
from nas_explorer.search.control import Control
from nas_explorer.spaces import Architecture, SearchSpace, to_indices
from nas_explorer.strategies.protocol import Exhausted, Proposer

MAX_FAILURES_IN_A_ROW = 20
LATE_SECONDS = 0.5


@dataclass(slots=True)
class Standing:
    """How far a search has come: what the loop needs to go on, taken from the log on resume."""

    event_count: int = 0
    trial_count: int = 0
    simulated_seconds: float = 0.0
    active_seconds: float = 0.0
    failures_in_a_row: int = 0
    unfinished: tuple[int, Architecture] | None = None
    session_started: float = field(default=0.0)

    @property
    def resumed(self) -> bool:
        return self.event_count > 0


class Loop:
    """Runs trials one after the other. Iterate it once.

    Args:
        proposer: has been told everything that `standing` counts.
        objectives: names of the metrics that every trial must give.
        control: lets another thread pause or stop it; without one it runs to the end of its budget.
        clock: Unix time in seconds.
        pace: trials a second at most.
    """

    def __init__(
        self,
        space: SearchSpace,
        proposer: Proposer,
        estimator: Estimator,
        objectives: Sequence[str],
        budget: Budget,
        standing: Standing | None = None,
        control: Control | None = None,
        clock: Callable[[], float] = time.time,
        pace: float | None = None,
    ) -> None:
        self.space, self.proposer, self.estimator, self.budget = space, proposer, estimator, budget
        self.objectives = tuple(objectives)
        self.standing = standing or Standing()
        self.control = control or Control()
        self.clock = clock
        self.seconds_a_trial = 1.0 / pace if pace else 0.0
        self._due = 0.0

    def __iter__(self) -> Iterator[Event]:
        now = self.standing.session_started = self._due = self.clock()
        resumed = self.standing.resumed
        yield SearchStarted(self._next(), now, resumed)
        try:
            yield from self._trials()
            reason: EndReason = "stopped" if self.control.stop_wanted else "budget"
            yield self._finished(reason)
        except Exhausted as end:
            yield self._finished("exhausted", str(end))
        except StrategyFailed as error:
            yield self._finished("failed", str(error), _trace(error.__cause__ or error))

    def _trials(self) -> Iterator[Event]:
        while not self._spent():
            yield from self._pauses()
            if self.control.stop_wanted:
                return
            yield from self._trial()
            if self.seconds_a_trial:
                self._keep_pace()
            if self.standing.failures_in_a_row >= MAX_FAILURES_IN_A_ROW:
                self.standing.failures_in_a_row = 0
                self.control.pause(f"{MAX_FAILURES_IN_A_ROW} trials in a row failed. Resume goes on all the same.")

    def _trial(self) -> Iterator[Event]:
        started = self.clock()
        if self.standing.unfinished is not None:
            number, architecture = self.standing.unfinished
            self.standing.unfinished = None
        else:
            number, architecture = self.standing.trial_count, self._ask()
            self.standing.trial_count += 1
            yield TrialStarted(self._next(), started, number, architecture)
        values: dict[str, float] = {}
        message = details = ""
        try:
            for measurement in self.estimator.evaluate(architecture):
                seen = checked(measurement)
                values.update(seen)
                yield Measured(self._next(), self.clock(), number, measurement.step, seen)
            check_objectives(values, self.objectives)
        except Exception as error:
            message, details = f"{error}" or type(error).__name__, _trace(error)
        ended = self.clock()
        seconds = values.get("train_seconds", 0.0)
        self.standing.simulated_seconds += seconds
        if message:
            self.standing.failures_in_a_row += 1
            yield TrialFailed(self._next(), ended, number, message, details)
            tell(self.proposer, Trial(number, architecture, "failed", values, message, ended - started))
        else:
            self.standing.failures_in_a_row = 0
            yield TrialFinished(self._next(), ended, number)
            tell(self.proposer, Trial(number, architecture, "finished", values, "", ended - started))

    def _pauses(self) -> Iterator[Event]:
        if not self.control.pause_wanted or self.control.stop_wanted:
            return
        paused = self.clock()
        yield SearchPaused(self._next(), paused, self.control.pause_message)
        self.control.wait_while_paused()
        now = self.clock()
        self.standing.session_started += now - paused
        if not self.control.stop_wanted:
            yield SearchResumed(self._next(), now)

    def _keep_pace(self) -> None:
        """Wait until the next trial is due: by a timetable, so that no delay adds up; one that is far behind is not chased."""
        now = self.clock()
        self._due = max(self._due + self.seconds_a_trial, now - LATE_SECONDS)
        self.control.wait_for_wish(self._due - now)

    def _ask(self) -> Architecture:
        try:
            architecture = self.proposer.ask()
            if not isinstance(architecture, Architecture):
                raise InvalidArchitecture(f"{architecture!r} is no Architecture")
            to_indices(self.space, architecture)
        except (Exhausted, StrategyFailed):
            raise
        except InvalidArchitecture as error:
            raise StrategyFailed(f"the strategy proposed what is not in the space: {error}") from error
        except Exception as error:
            raise StrategyFailed(
                f"the strategy raised {type(error).__name__} when asked for trial {self.standing.trial_count}: {error}"
            ) from error
        return architecture

    def _spent(self) -> bool:
        standing = self.standing
        ended = standing.trial_count - (standing.unfinished is not None)
        return self.budget.spent(ended, standing.simulated_seconds, standing.active_seconds + self.clock() - standing.session_started)

    def _next(self) -> int:
        number = self.standing.event_count
        self.standing.event_count += 1
        return number

    def _finished(self, reason: EndReason, message: str = "", details: str = "") -> SearchFinished:
        return SearchFinished(self._next(), self.clock(), reason, message, details)


def tell(proposer: Proposer, trial: Trial) -> None:
    """Tell, with a strategy's own errors named as such."""
    try:
        proposer.tell(trial)
    except Exception as error:
        raise StrategyFailed(f"the strategy raised {type(error).__name__} when told of trial {trial.number}: {error}") from error


def checked(measurement: Measurement) -> Mapping[str, float]:
    """The values of a measurement as plain numbers.

    Raises:
        ValueError: if one is no finite number.
    """
    values = measurement.values
    if not all(type(value) in (float, int) for value in values.values()):
        values = {name: _number(name, value) for name, value in values.items()}
    for name, value in values.items():
        if not math.isfinite(value):
            at = f" at step {measurement.step}" if measurement.step else ""
            raise ValueError(f"{name} became {'NaN' if math.isnan(value) else 'infinite'}{at}")
    return values


def _number(name: str, value: object) -> float:
    """Numpy's and torch's scalars are welcome, texts and truth values are not."""
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise ValueError(f"{name} must be a number, got {value!r}")
    return float(value)


def check_objectives(values: Mapping[str, float], objectives: Sequence[str]) -> None:
    missing = [name for name in objectives if name not in values]
    if missing:
        raise ValueError(f"the estimator did not measure {', '.join(missing)}; it measured {', '.join(values) or 'nothing'}")


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)).strip()
