"""Where a one-shot search begins or goes on: from the newest checkpoint that the log has caught up with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from nas_explorer.one_shot.checkpoints import Checkpoint, Checkpoints
from nas_explorer.one_shot.protocol import OneShot
from nas_explorer.one_shot.truth import Comparison
from nas_explorer.records import Edit, Event, History, Measured, Steered, TrialFinished, TrialStarted
from nas_explorer.records.events import Snapshot
from nas_explorer.search.control import Control
from nas_explorer.search.inbox import Inbox
from nas_explorer.search.loop import Standing
from nas_explorer.search.one_shot_loop import OneShotLoop
from nas_explorer.search.plan import SearchPlan
from nas_explorer.search.steered_epochs import SteeredEpochs
from nas_explorer.strategies.protocol import Narrows

WORK = (TrialStarted, Measured, TrialFinished, Snapshot)


class Told:
    """What a log tells: the events that a run itself makes, and how long it has been at work."""

    def __init__(self, plan: SearchPlan, inbox: Inbox) -> None:
        self.work: list[Event] = []
        self.edits: list[Edit] = []
        self._inbox = inbox
        self._history = History(plan.objectives)

    def take(self, event: Event) -> None:
        self._history.apply(event)
        self._inbox.restore(event)
        if isinstance(event, WORK):
            self.work.append(event)
        elif isinstance(event, Steered):
            self.edits.append(Edit.of(event.edit))

    @property
    def standing_epoch(self) -> float:
        """Of the newest snapshot."""
        return self._history.epochs

    @property
    def standing(self) -> Standing:
        return Standing(event_count=self._history.event_count, active_seconds=self._history.elapsed())


def one_shot_loop(
    plan: SearchPlan,
    method: OneShot,
    checkpoints: Checkpoints,
    told: Told,
    control: Control,
    save: Callable[[Checkpoints, Checkpoint], None],
    inbox: Inbox,
) -> OneShotLoop:
    """The loop, with a run that stands at the last good checkpoint.

    Raises:
        RunTooNew, RunDamaged: if a checkpoint is of a newer version or of another space.
        InvalidOption, InvalidSpace, ShapeError: if the method cannot search this space.
    """
    estimator: Any = plan.estimator
    done = checkpoints.newest(len(told.work))
    run = method.begin(plan.space, estimator, plan.seed)
    truth = None
    if plan.truth is not None:
        truth = Comparison(plan.truth, estimator, plan.truth_count, plan.seed)
    if done is not None:
        run.load_state_dict(done.state)
        if truth is not None and done.truth:
            truth.load_state_dict(done.truth)
    known = told.work[done.events if done else 0 :]
    steered = SteeredEpochs(inbox, told.edits, told.standing_epoch)
    if not isinstance(run, Narrows):
        inbox.refuse(f"{type(method).__name__} cannot leave options out while it runs, so it cannot be steered")
    return OneShotLoop(run, steered.budget, told.standing, control, partial(save, checkpoints), done, known, truth, steered=steered)
