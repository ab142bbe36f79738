"""A search is an iterator of events: ask, evaluate, tell. No threads, no files; a test just lists it."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from nas_explorer.errors import InvalidArchitecture, StrategyFailed, WorkersLost
from nas_explorer.records import (
    Event,
    Measured,
    SearchFinished,
    SearchPaused,
    SearchResumed,
    SearchStarted,
    Steered,
    Trial,
    TrialFailed,
    TrialFinished,
    TrialStarted,
)
from nas_explorer.records.events import EndReason, why_text
from nas_explorer.search.budget import Budget
from nas_explorer.search.control import Control
from nas_explorer.search.evaluator import Ended, Evaluator, Seen, failed
from nas_explorer.search.inbox import Inbox
from nas_explorer.search.measured import check_objectives, checked
from nas_explorer.search.rations import Rations
from nas_explorer.search.steered_proposer import SteeredProposer
from nas_explorer.spaces import Architecture, SearchSpace, to_indices
from nas_explorer.strategies.protocol import Exhausted, Explains, Proposer

MAX_FAILURES_IN_A_ROW = 20
LATE_SECONDS = 0.5


@dataclass(slots=True)
class Standing:
    """How far a search has come: what the loop needs to go on, taken from the log on resume.

    Attributes:
        unfinished: trials that began and did not end.
        seen: what was measured of those that go on from there.
    """

    event_count: int = 0
    trial_count: int = 0
    simulated_seconds: float = 0.0
    active_seconds: float = 0.0
    failures_in_a_row: int = 0
    unfinished: list[tuple[int, Architecture]] = field(default_factory=list)
    seen: dict[int, dict[str, float]] = field(default_factory=dict)
    session_started: float = field(default=0.0)

    @property
    def resumed(self) -> bool:
        return self.event_count > 0


@dataclass(slots=True)
class _Running:
    """A trial under way."""

    architecture: Architecture
    started: float
    values: dict[str, float] = field(default_factory=dict)


class Loop:
    """Runs trials, as many at once as the evaluator has slots. Iterate it once.

    Args:
        proposer: has been told everything that `standing` counts.
        objectives: names of the metrics that every trial must give.
        control: lets another thread pause or stop it; without one it runs to the end of its budget.
        clock: Unix time in seconds.
        pace: trials a second at most.
        rations: have been told everything that `standing` counts; without them every trial is trained in full.
        inbox: edits of the user, for a `SteeredProposer`; without one nobody steers.
    """

    def __init__(
        self,
        space: SearchSpace,
        proposer: Proposer,
        evaluator: Evaluator,
        objectives: Sequence[str],
        budget: Budget,
        standing: Standing | None = None,
        control: Control | None = None,
        clock: Callable[[], float] = time.time,
        pace: float | None = None,
        rations: Rations | None = None,
        inbox: Inbox | None = None,
    ) -> None:
        self.space, self.proposer, self.evaluator, self.budget = space, proposer, evaluator, budget
        self._explaining = proposer if isinstance(proposer, Explains) else None
        self.objectives = tuple(objectives)
        self.standing = standing or Standing()
        self.control = control or Control()
        self.rations = rations or Rations(proposer, None)
        self.clock, self.inbox = clock, inbox
        self._steered = proposer if inbox is not None and isinstance(proposer, SteeredProposer) else None
        self.seconds_a_trial = 1.0 / pace if pace else 0.0
        self._due = 0.0
        self._running: dict[int, _Running] = {}

    def __iter__(self) -> Iterator[Event]:
        now = self.standing.session_started = self._due = self.clock()
        resumed = self.standing.resumed
        yield SearchStarted(self._next(), now, resumed)
        try:
            yield from self._trials()
            reason: EndReason = "stopped" if self.control.stop_wanted else "budget"
            yield self._finished(reason)
        except Exhausted as end:
            yield from self._last_edits()
            yield self._finished("exhausted", str(end))
        except (StrategyFailed, WorkersLost) as error:
            yield from self._last_edits()
            yield self._finished("failed", str(error), _trace(error.__cause__ or error))
        finally:
            self.evaluator.close()

    def _trials(self) -> Iterator[Event]:
        while True:
            yield from self._steer()
            while self.evaluator.waiting and not self.standing.unfinished and self._may_go_on() and self.evaluator.promote():
                pass
            while len(self._running) < self.evaluator.slots and self._may_begin():
                yield from self._begin()
                yield from self._steer()
                if self.seconds_a_trial and len(self._running) < self.evaluator.slots:
                    self._keep_pace()
            if len(self._running) > self.evaluator.waiting:
                yield from self._take(self.evaluator.report())
            elif self.control.pause_wanted and not self.control.stop_wanted and not self._spent():
                yield from self._pause()
            elif self._running and not self.control.stop_wanted:
                yield from self._take(self.evaluator.report())  # no other comes, so those that wait for company end
            elif not self._may_begin() and self._nobody_steers():
                return

    def _may_begin(self) -> bool:
        """Whether another trial may begin: somebody may want a pause, or what is under way may be the last of the budget."""
        return self._may_go_on() and self._has_next()

    def _may_go_on(self) -> bool:
        return not (self.control.stop_wanted or self.control.pause_wanted or self._spent())

    def _has_next(self) -> bool:
        return bool(self.standing.unfinished) or self.budget.trials is None or self.standing.trial_count < self.budget.trials

    def _begin(self) -> Iterator[Event]:
        if self.standing.unfinished:
            number, architecture = self.standing.unfinished.pop(0)
            started = self.clock()
        else:
            started = self.clock()
            number, architecture, why = self.standing.trial_count, self._ask(), self._why()
            self.rations.give(number)
            self.standing.trial_count += 1
            if self.inbox is not None:
                self.inbox.begin()
            yield TrialStarted(self._next(), started, number, architecture, why)
        self._running[number] = _Running(architecture, started, self.standing.seen.pop(number, {}))
        if self.rations.is_over(number):                     # the log has all that it was to measure
            yield from self._take(Ended(number))
        else:
            self.evaluator.submit(number, architecture, self.rations.until(number))

    def _take(self, report: Seen | Ended) -> Iterator[Event]:
        number, running = report.trial, self._running[report.trial]
        try:
            if isinstance(report, Seen):
                seen = self.rations.see(number, report.measurement.step, checked(report.measurement))
                running.values.update(seen)
                yield Measured(self._next(), self.clock(), number, report.measurement.step, seen)
                if not self.rations.is_over(number):
                    return
                report = Ended(number)
            if not report.message:
                check_objectives(running.values, self.objectives)
            if self.rations.is_over(number):
                self.evaluator.drop(number, finished=not report.message)
        except ValueError as error:
            self.evaluator.drop(number)
            report = failed(number, error)
        yield from self._end(number, self._running.pop(number), report)
        if self.seconds_a_trial:
            self._keep_pace()

    def _end(self, number: int, running: _Running, report: Ended) -> Iterator[Event]:
        ended = self.clock()
        self.rations.end(number)
        self.standing.simulated_seconds += running.values.get("train_seconds", 0.0)
        seconds = ended - running.started
        if report.message:
            self.standing.failures_in_a_row += 1
            yield TrialFailed(self._next(), ended, number, report.message, report.details)
            tell(self.proposer, Trial(number, running.architecture, "failed", running.values, report.message, seconds))
        else:
            self.standing.failures_in_a_row = 0
            yield TrialFinished(self._next(), ended, number)
            tell(self.proposer, Trial(number, running.architecture, "finished", running.values, "", seconds))
        if self.standing.failures_in_a_row >= MAX_FAILURES_IN_A_ROW:
            self.standing.failures_in_a_row = 0
            self.control.pause(f"{MAX_FAILURES_IN_A_ROW} trials in a row failed. Resume goes on all the same.")

    def _pause(self) -> Iterator[Event]:
        paused = self.clock()
        yield SearchPaused(self._next(), paused, self.control.pause_message)
        while self.control.pause_wanted and not self.control.stop_wanted:
            self.control.wait_while_paused()
            yield from self._steer()
        now = self.clock()
        self.standing.session_started += now - paused
        if not self.control.stop_wanted:
            yield SearchResumed(self._next(), now)

    def _steer(self) -> Iterator[Event]:
        """Follow what the user has changed meanwhile, from the next proposal on."""
        while self._steered is not None and self.inbox is not None and (edit := self.inbox.take()) is not None:
            event = Steered(self._next(), self.clock(), edit.plain)
            self._steered.steer(event)
            self.space, self.budget = self._steered.plan.space, self._steered.left.budget
            self.evaluator.use(self._steered.plan.estimator)
            yield event

    def _last_edits(self) -> Iterator[Event]:
        """Write down what was accepted, and accept nothing more."""
        while not self._nobody_steers():
            yield from self._steer()

    def _nobody_steers(self) -> bool:
        """Whether it may end now: an edit that has just come may give it more to do."""
        return self.inbox is None or self.inbox.close()

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

    def _why(self) -> str:
        if self._explaining is None:
            return ""
        try:
            found = self._explaining.why()
            return why_text(found) if found else ""
        except Exception as error:
            raise StrategyFailed(
                f"the strategy raised {type(error).__name__} when asked why it proposed trial {self.standing.trial_count}: {error}"
            ) from error

    def _spent(self) -> bool:
        standing = self.standing
        ended = standing.trial_count - len(standing.unfinished) - len(self._running)
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


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)).strip()
