"""One process's work on one run folder: take the lock, replay the log, run on, write every event before it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nas_explorer.errors import RunNotWritable, StrategyFailed
from nas_explorer.estimators.protocol import Estimator, Watched
from nas_explorer.one_shot.checkpoints import Checkpoint, Checkpoints
from nas_explorer.one_shot.protocol import OneShot
from nas_explorer.records import (
    Event,
    History,
    Measured,
    SearchFinished,
    SearchStarted,
    Steered,
    TrialFailed,
    TrialFinished,
    TrialStarted,
)
from nas_explorer.records.store import LogWriter
from nas_explorer.search.control import Control
from nas_explorer.search.evaluator import Evaluator, Inline
from nas_explorer.search.inbox import Inbox
from nas_explorer.search.loop import Loop, Standing, tell
from nas_explorer.search.one_shot_loop import OneShotLoop
from nas_explorer.search.one_shot_start import Told, one_shot_loop
from nas_explorer.search.parcel import packed
from nas_explorer.search.plan import SearchPlan
from nas_explorer.search.rations import Rations
from nas_explorer.search.steered_proposer import SteeredProposer
from nas_explorer.search.watching import Verdicts, Watching
from nas_explorer.spaces.own_operations import own_operations

if TYPE_CHECKING:
    from nas_explorer.search.dask_workers import DaskWorkers

RETRY_SECONDS = 1.0


class Session:
    """Start a run, or go on with one. Iterate it once; leaving the iteration releases the run.

    Args:
        on_wait: is told why nothing can be written (full disk), and None when it goes on.

    Raises:
        RunInUse, RunDamaged, RunNotWritable: as LogWriter.
        StrategyFailed: if the strategy does not propose again what the log says it proposed.
    """

    def __init__(
        self, folder: Path, plan: SearchPlan, control: Control | None = None, on_wait: Callable[[str | None], None] = lambda message: None
    ) -> None:
        self.control = control or Control()
        self.on_wait = on_wait
        self.inbox = Inbox(plan, self.control)
        self.loop: Iterable[Event] = self._one_shot(folder, plan, plan.one_shot) if plan.one_shot else self._trials(folder, plan)

    def _trials(self, folder: Path, plan: SearchPlan) -> Loop:
        replay = Replay(plan, self.inbox)
        self.writer = LogWriter(folder, replay.take)
        objectives = [m.name for m in plan.objectives]
        plan = replay.proposer.plan                            # with what the user added
        evaluator = evaluator_of(plan, replay.verdicts)
        standing, rations = replay.standing, replay.rations
        return Loop(plan.space, replay.proposer, evaluator, objectives, replay.proposer.left.budget, standing, self.control,
                    pace=plan.pace, rations=rations, inbox=self.inbox)

    def _one_shot(self, folder: Path, plan: SearchPlan, method: OneShot) -> OneShotLoop:
        told = Told(plan, self.inbox)
        self.writer = LogWriter(folder, told.take)
        try:
            return one_shot_loop(plan, method, Checkpoints(folder, plan.space), told, self.control, self._save, self.inbox)
        except BaseException:
            self.writer.close()
            raise

    def _save(self, checkpoints: Checkpoints, checkpoint: Checkpoint) -> None:
        """Where the disk is full, go on without: the checkpoint before it stays, so a restart repeats an epoch more."""
        try:
            checkpoints.save(checkpoint)
        except RunNotWritable as error:
            self.on_wait(f"{error}. The search goes on; if it is interrupted now, it repeats its last epochs.")
        else:
            self.on_wait(None)

    def __iter__(self) -> Iterator[Event]:
        with self.writer:
            for event in self.loop:
                self._append(event)
                yield event

    def _append(self, event: Event) -> None:
        """Write; where the disk is full, wait until there is room. Nothing is asked or evaluated meanwhile."""
        try:
            self.writer.append(event)
        except RunNotWritable as error:
            self.on_wait(f"{error}. The search waits and goes on by itself when it can write; nothing finished is lost.")
            while self._refused(event):
                if self.control.wait_for_stop(RETRY_SECONDS):
                    raise
            self.on_wait(None)

    def _refused(self, event: Event) -> bool:
        try:
            self.writer.append(event)
        except RunNotWritable:
            return True
        return False


def evaluator_of(plan: SearchPlan, verdicts: Verdicts | None = None) -> Evaluator:
    """Here, or on workers: a table's look-up is a hundred times quicker than sending it anywhere.

    Args:
        verdicts: of early stopping, to decide it on this side, over all workers; None: an estimator that stops early does so by itself.
    """
    if verdicts is not None and isinstance(plan.estimator, Watched):
        return Watching(_scoring(plan, plan.estimator.wrapped), verdicts)
    return _scoring(plan, plan.estimator)


def _scoring(plan: SearchPlan, estimator: Estimator) -> Inline | DaskWorkers:
    if plan.workers == 1:
        return Inline(estimator)
    from nas_explorer.search.dask_workers import DaskWorkers

    return DaskWorkers(estimator, plan.workers, packed({}, own_operations(plan.space)))


class Replay:
    """Asks and tells again all that a log holds, so that the strategy stands where it stood."""

    def __init__(self, plan: SearchPlan, inbox: Inbox) -> None:
        self.proposer, self._inbox = SteeredProposer(plan), inbox
        self.rations = Rations(self.proposer, plan.estimator)
        self.verdicts = Verdicts(plan.estimator.stopper()) if isinstance(plan.estimator, Watched) else None
        self._history = History(plan.objectives)
        self._failures_in_a_row = 0

    def take(self, event: Event) -> None:
        """
        Raises:
            StrategyFailed: if it proposes something else: another version of the strategy or of its libraries wrote the log.
        """
        self._history.apply(event)
        self._inbox.restore(event)
        match event:
            case Steered():
                self.proposer.steer(event)
            case TrialStarted():
                if self.proposer.ask() != event.architecture:
                    raise StrategyFailed(
                        f"this run cannot go on as it began: trial {event.trial} of the log is not what the strategy proposes now, so "
                        "it was written with other settings or versions. Its results stand; start a new search to go on"
                    )
                self.rations.give(event.trial)
            case Measured():
                self.rations.see(event.trial, event.step, event.values)
            case TrialFinished() | TrialFailed():
                self._failures_in_a_row = self._failures_in_a_row + 1 if isinstance(event, TrialFailed) else 0
                self.rations.end(event.trial)
                tell(self.proposer, self._history.trial(event.trial))
            case SearchStarted() | SearchFinished():
                self._failures_in_a_row = 0
        if self.verdicts is not None:
            self.verdicts.take(event)

    @property
    def standing(self) -> Standing:
        """Where the loop goes on."""
        history = self._history
        unfinished = [(number, history.architecture(number)) for number in history.running]
        # Without verdicts a trial that broke off is scored anew, unless it had its ration; with them it goes on from its last measurement.
        known = [number for number, _ in unfinished if self.verdicts is not None or self.rations.is_over(number)]
        seen = {number: dict(history.trial(number).values) for number in known}
        return Standing(
            history.event_count, len(history), history.simulated_seconds, history.elapsed(), self._failures_in_a_row, unfinished, seen
        )
