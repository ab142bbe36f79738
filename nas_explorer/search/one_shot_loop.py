"""A one-shot search as an iterator of events: what a run hands out, compared with what the log already holds after a restart."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from nas_explorer.errors import NasExplorerError, StrategyFailed
from nas_explorer.one_shot.checkpoints import Checkpoint
from nas_explorer.one_shot.protocol import Progress, Run, Scored
from nas_explorer.one_shot.truth import Comparison
from nas_explorer.records import (
    Event,
    Measured,
    SearchFinished,
    SearchPaused,
    SearchResumed,
    SearchStarted,
    Steered,
    TrialFinished,
    TrialStarted,
)
from nas_explorer.records.events import EndReason, Snapshot, encode
from nas_explorer.search.budget import Budget
from nas_explorer.search.control import Control
from nas_explorer.search.loop import Standing
from nas_explorer.search.measured import checked_values
from nas_explorer.search.steered_epochs import SteeredEpochs

DIGITS = 4  # of a probability, as the log keeps them: what is shown live is what is read back


class OneShotLoop:
    """Runs epochs. Iterate it once.

    After every epoch it hands a checkpoint to `save`. Where the log is ahead of the checkpoint that the run was loaded from, the run
    does that work again; the same events come out, and are not written a second time.

    Args:
        run: stands where `standing` says.
        budget: only its wall_seconds are looked at, the epochs are the run's.
        done: the checkpoint that the run was loaded from; None: it stands at its beginning.
        known: events of trials and snapshots that the log holds beyond that checkpoint.
        truth: compares the shared weights with the truth after each epoch.
        clock: Unix time in seconds.
        steered: edits of the user; None: nobody steers.
    """

    def __init__(
        self,
        run: Run,
        budget: Budget,
        standing: Standing | None = None,
        control: Control | None = None,
        save: Callable[[Checkpoint], None] = lambda checkpoint: None,
        done: Checkpoint | None = None,
        known: Sequence[Event] = (),
        truth: Comparison | None = None,
        clock: Callable[[], float] = time.time,
        steered: SteeredEpochs | None = None,
    ) -> None:
        self.run, self.budget, self.save, self.truth, self.clock = run, budget, save, truth, clock
        self.standing, self.control = standing or Standing(), control or Control()
        self.epochs, self.events, self.trials = (done.number, done.events, done.trials) if done else (0, 0, 0)
        self._known = list(reversed(known))
        self.steered = steered

    def __iter__(self) -> Iterator[Event]:
        now = self.standing.session_started = self.clock()
        yield SearchStarted(self._next(), now, self.standing.resumed)
        try:
            yield from self._epochs()
            while self.steered is not None and not self.steered.inbox.close():
                yield from self._steer(self.epochs + 1)
            yield self._finished(*self._outcome())
        except NasExplorerError as error:
            yield self._finished("failed", str(error), _trace(error))
        except Exception as error:
            message = f"the search raised {type(error).__name__} in epoch {self.epochs + 1}: {error}"
            yield self._finished("failed", message, _trace(error))

    def _outcome(self) -> tuple[EndReason, str]:
        if not self.run.finished:
            return ("stopped" if self.control.stop_wanted else "budget"), ""
        return ("exhausted" if self.run.message else "budget"), self.run.message

    def _epochs(self) -> Iterator[Event]:
        while not self.run.finished and not self._ends():
            yield from self._steer(self.epochs)
            if self.steered is not None:
                self.steered.narrow(self.run, self.epochs)
            for item in self.run.epoch():
                yield from self._steer(self.epochs + 1)
                if isinstance(item, Scored):
                    yield from self._trial(item)
                elif isinstance(item, Progress):
                    yield from self._snapshot(item)
                if self.control.pause_wanted and not self.control.stop_wanted:
                    yield from self._pause()
                if self._ends():
                    return
            self.epochs += 1
            truth = {} if self.truth is None else self.truth.state_dict()
            self.save(Checkpoint(self.epochs, self.events, self.trials, self.run.state_dict(), truth))

    def _ends(self) -> bool:
        """Whether somebody wants it to stop, or its time is over."""
        seconds = self.standing.active_seconds + self.clock() - self.standing.session_started
        return self.control.stop_wanted or (self.budget.wall_seconds is not None and seconds >= self.budget.wall_seconds)

    def _trial(self, scored: Scored) -> Iterator[Event]:
        values, number = checked_values(scored.values), self.trials
        self.trials += 1
        began = self.clock()
        yield from self._write(TrialStarted(0, began, number, scored.architecture))
        yield from self._write(Measured(0, self.clock(), number, 0, values))
        yield from self._write(TrialFinished(0, self.clock(), number))

    def _snapshot(self, progress: Progress) -> Iterator[Event]:
        values = dict(checked_values(progress.values))
        if self.truth is not None:
            if progress.epoch == int(progress.epoch):
                for _ in self.truth.steps(self.run):
                    if self._ends():
                        return
            values |= self.truth.values
        probabilities = {decision: tuple(round(p, DIGITS) for p in options) for decision, options in progress.probabilities.items()}
        yield from self._write(Snapshot(0, self.clock(), progress.epoch, values, probabilities, progress.architecture, progress.warning))

    def _write(self, event: Event) -> Iterator[Event]:
        """The event with the next number; or nothing, where the log holds it already.

        Raises:
            StrategyFailed: if the log holds another one: other settings or versions wrote it.
        """
        self.events += 1
        if not self._known:
            yield replace(event, number=self._next())
            return
        known = self._known.pop()
        if _content(event) != _content(known):
            raise StrategyFailed(
                f"this run cannot go on as it began: event {known.number} of the log is not what comes out now, so it was written with "
                "other settings or versions. Its results stand; start a new search to go on"
            )

    def _pause(self) -> Iterator[Event]:
        paused = self.clock()
        yield SearchPaused(self._next(), paused, self.control.pause_message)
        while self.control.pause_wanted and not self.control.stop_wanted:
            self.control.wait_while_paused()
            yield from self._steer(self.epochs + 1)
        now = self.clock()
        self.standing.session_started += now - paused
        if not self.control.stop_wanted:
            yield SearchResumed(self._next(), now)

    def _steer(self, epoch: int) -> Iterator[Event]:
        """Write down what the user has changed meanwhile; it counts from an epoch on that has not begun."""
        while self.steered is not None and (edit := self.steered.take(epoch, bool(self._known))) is not None:
            self.budget = self.steered.budget
            yield Steered(self._next(), self.clock(), edit.plain)

    def _next(self) -> int:
        number = self.standing.event_count
        self.standing.event_count += 1
        return number

    def _finished(self, reason: EndReason, message: str = "", details: str = "") -> SearchFinished:
        return SearchFinished(self._next(), self.clock(), reason, message, details)


def _content(event: Event) -> str:
    """All that follows from space, settings and seed."""
    return encode(replace(event, number=0, at=0.0))


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)).strip()
