"""Early stopping beside the loop: an evaluator around another, which sees what all trials measure, on whatever worker they run."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from nas_explorer.estimators.protocol import STOPPED, Estimator, Stopper, Verdict, Watched
from nas_explorer.records import Event, Measured, Measurement, TrialFailed, TrialFinished
from nas_explorer.search.evaluator import Ended, Legs, Seen
from nas_explorer.search.measured import checked
from nas_explorer.spaces import Architecture


class Verdicts:
    """What a stopper has seen and said so far. It is brought up to date by the log, and then by the trials themselves.

    Attributes:
        steps: trial under way -> its last step.
        waiting: trials that wait to be promoted.
        stopped: trials that were stopped and whose end is not told yet.
    """

    def __init__(self, stopper: Stopper) -> None:
        self.stopper = stopper
        self.steps: dict[int, int] = {}
        self.waiting: set[int] = set()
        self.stopped: set[int] = set()

    def take(self, event: Event) -> None:
        """An event of the log; what was decided then is decided again."""
        match event:
            case Measured():
                self.see(event.trial, Measurement(event.step, event.values))
            case TrialFinished() | TrialFailed():
                self.end(event.trial, isinstance(event, TrialFinished))

    def see(self, trial: int, measurement: Measurement) -> Verdict:
        self.waiting.discard(trial)
        self.steps[trial] = measurement.step
        verdict = self.stopper.see(trial, measurement.step, measurement.values)
        if verdict != "go on":
            (self.waiting if verdict == "wait" else self.stopped).add(trial)
        return verdict

    def end(self, trial: int, finished: bool) -> None:
        self.stopper.ended(trial, finished)
        self.waiting.discard(trial)
        self.stopped.discard(trial)
        self.steps.pop(trial, None)

    def promoted(self) -> int | None:
        """A trial that waited and may go on now."""
        if (trial := self.stopper.promoted()) is not None:
            self.waiting.discard(trial)
        return trial

    def given_up(self) -> int | None:
        """A trial that has waited long enough."""
        if (trial := self.stopper.given_up()) is not None:
            self.waiting.discard(trial)
        return trial

    def due(self, trial: int) -> int | None:
        """The step up to which a trial may run before it is asked about again."""
        return self.stopper.look_after(self.steps.get(trial, 0))


@dataclass(slots=True)
class _Watched:
    """A trial that has begun and not ended.

    Attributes:
        until: the step that ends its leg; None: its own end.
        most: the step of the last measurement that is wanted; None: its own end.
        is_held: its evaluation stands still where it was scored, and can go on.
        is_behind: it is scored anew up to where the log knows it.
    """

    architecture: Architecture
    most: int | None = None
    until: int | None = None
    is_held: bool = False
    is_behind: bool = False


class Watching:
    """Scores trials in legs, from one step that the stopper wants to look at to the next.

    A trial that waits keeps its network where it was scored, and takes no slot. After a restart it is scored from its beginning, if it
    is promoted; what the log has of it already is not told again.
    """

    def __init__(self, evaluator: Legs, verdicts: Verdicts) -> None:
        self._evaluator, self._verdicts = evaluator, verdicts
        self._scored: dict[int, _Watched] = {}
        self._waits: dict[int, _Watched] = {}
        self._reports: deque[Ended] = deque()

    @property
    def slots(self) -> int:
        return self._evaluator.slots + len(self._waits)

    @property
    def waiting(self) -> int:
        return len(self._waits)

    def use(self, estimator: Estimator) -> None:
        self._evaluator.use(estimator.wrapped if isinstance(estimator, Watched) else estimator)

    def submit(self, trial: int, architecture: Architecture, until: int | None = None) -> None:
        if trial in self._verdicts.waiting:
            self._waits[trial] = _Watched(architecture, until)
        elif trial in self._verdicts.stopped:
            self._reports.append(Ended(trial))
        else:
            self._run(trial, _Watched(architecture, until))

    def promote(self) -> bool:
        self._give_up()
        if len(self._scored) >= self._evaluator.slots or (trial := self._verdicts.promoted()) is None:
            return False
        self._run(trial, self._waits.pop(trial))
        return True

    def _run(self, trial: int, watched: _Watched) -> None:
        self._scored[trial] = watched
        watched.until = self._leg(trial, watched)
        if watched.is_held:
            watched.is_held = False
            self._evaluator.go_on(trial, watched.until)
        else:
            watched.is_behind = trial in self._verdicts.steps
            self._evaluator.submit(trial, watched.architecture, watched.until)

    def _leg(self, trial: int, watched: _Watched) -> int | None:
        """The step that ends the next leg of a trial."""
        return min((step for step in (self._verdicts.due(trial), watched.most) if step is not None), default=None)

    def report(self) -> Seen | Ended:
        """Where all that is left waits for company that will not come, the first of it ends."""
        while not self._reports:
            if not self._scored:
                self._reports.append(Ended(min(self._waits)))
                continue
            report = self._evaluator.report()
            if isinstance(report, Ended):
                self._reports.append(report)
            elif (seen := self._seen(report)) is not None:
                return seen
        report = self._reports.popleft()
        self._forget(report.trial, finished=not report.message)
        return report

    def _seen(self, report: Seen) -> Seen | None:
        """What the loop is told of a measurement; nothing where the log has it."""
        trial, measurement = report.trial, report.measurement
        watched = self._scored[trial]
        if watched.is_behind and measurement.step <= self._verdicts.steps[trial]:
            return None
        watched.is_behind = False
        try:
            values = checked(measurement)
        except ValueError:
            return report                                   # the loop says what is wrong with it
        verdict = self._verdicts.see(trial, Measurement(measurement.step, values))
        if watched.most is not None and measurement.step >= watched.most:
            return Seen(trial, Measurement(measurement.step, {**values, STOPPED.name: 0.0}))      # the loop drops it
        if verdict == "stop":
            self._evaluator.drop(trial)
            self._reports.append(Ended(trial))
        elif verdict == "wait":
            self._waits[trial] = self._scored.pop(trial)
            watched.is_held = True
        elif watched.until is not None and measurement.step >= watched.until:
            watched.until = self._leg(trial, watched)
            self._evaluator.go_on(trial, watched.until)
        self._give_up()
        stands = float(0 if verdict == "go on" else measurement.step)
        return Seen(trial, Measurement(measurement.step, {**values, STOPPED.name: stands}))

    def _give_up(self) -> None:
        while (trial := self._verdicts.given_up()) is not None:
            self._reports.append(Ended(trial))

    def drop(self, trial: int, finished: bool = False) -> None:
        self._evaluator.drop(trial, finished)
        self._forget(trial, finished)

    def _forget(self, trial: int, finished: bool) -> None:
        self._scored.pop(trial, None)
        if (waited := self._waits.pop(trial, None)) is not None and waited.is_held:
            self._evaluator.drop(trial)
        self._verdicts.end(trial, finished)

    def close(self) -> None:
        self._evaluator.close()
