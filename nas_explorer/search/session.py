"""One process's work on one run folder: take the lock, replay the log, run on, write every event before it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from nas_explorer.errors import RunNotWritable, StrategyFailed
from nas_explorer.records import Event, History, SearchFinished, SearchStarted, TrialFailed, TrialFinished, TrialStarted
from nas_explorer.records.store import LogWriter
from nas_explorer.search.control import Control
from nas_explorer.search.evaluator import Evaluator, Inline
from nas_explorer.search.loop import Loop, Standing, tell
from nas_explorer.search.plan import SearchPlan

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
        replay = Replay(plan)
        self.writer = LogWriter(folder, replay.take)
        standing, proposer = replay.standing, replay.proposer
        self.loop = Loop(
            plan.space,
            proposer,
            evaluator_of(plan),
            [m.name for m in plan.objectives],
            plan.budget,
            standing,
            self.control,
            pace=plan.pace,
        )

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


def evaluator_of(plan: SearchPlan) -> Evaluator:
    """Here, or on workers: a table's look-up is a hundred times quicker than sending it anywhere."""
    if plan.workers == 1:
        return Inline(plan.estimator)
    from nas_explorer.search.dask_workers import DaskWorkers

    return DaskWorkers(plan.estimator, plan.workers)


class Replay:
    """Asks and tells again all that a log holds, so that the strategy stands where it stood."""

    def __init__(self, plan: SearchPlan) -> None:
        self.proposer = plan.strategy.begin(plan.problem)
        self._history = History(plan.objectives)
        self._failures_in_a_row = 0

    def take(self, event: Event) -> None:
        """
        Raises:
            StrategyFailed: if it proposes something else: another version of the strategy or of its libraries wrote the log.
        """
        self._history.apply(event)
        match event:
            case TrialStarted():
                if self.proposer.ask() != event.architecture:
                    raise StrategyFailed(
                        f"this run cannot go on as it began: trial {event.trial} of the log is not what the strategy proposes now, so "
                        "it was written with other settings or versions. Its results stand; start a new search to go on"
                    )
            case TrialFinished() | TrialFailed():
                self._failures_in_a_row = self._failures_in_a_row + 1 if isinstance(event, TrialFailed) else 0
                tell(self.proposer, self._history.trial(event.trial))
            case SearchStarted() | SearchFinished():
                self._failures_in_a_row = 0

    @property
    def standing(self) -> Standing:
        """Where the loop goes on."""
        history = self._history
        unfinished = [(number, history.architecture(number)) for number in history.running]
        return Standing(
            history.event_count, len(history), history.simulated_seconds, history.elapsed(), self._failures_in_a_row, unfinished
        )
