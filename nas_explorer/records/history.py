"""Everything that is known of a search: the one object that grows, one event at a time. Views, handle and reports read it."""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from nas_explorer.records import events as e
from nas_explorer.records.edits import Edit
from nas_explorer.records.given import Given, given
from nas_explorer.records.metric import Metric
from nas_explorer.records.pareto import ParetoFront
from nas_explorer.records.trial import Measurement, Status, Trial
from nas_explorer.spaces import Architecture

if TYPE_CHECKING:
    import pandas as pd

Phase = Literal["idle", "running", "paused", "finished", "stopped", "failed"]
_STATUSES: tuple[Status, ...] = ("running", "finished", "failed")


class History:
    """Trials in columns: a hundred thousand take some tens of megabytes.

    Attributes:
        objectives: the first is the one that the incumbent is judged by.
        front: Pareto front of the finished trials over all objectives.
        incumbents: (trial, value) whenever a finished trial was the best so far by the first objective.
        event_count: how many events were applied; the next has this number.
        snapshots: of shared weights, in order; empty where every trial has weights of its own.
        phase: as the log tells it; whether a process is still at work the log cannot know.
    """

    def __init__(self, objectives: Sequence[Metric]) -> None:
        self.objectives = tuple(objectives)
        self.front = ParetoFront(self.objectives)
        self.incumbents: list[tuple[int, float]] = []
        self.event_count = 0
        self.snapshots: list[e.Snapshot] = []
        self.phase: Phase = "idle"
        self.message = ""
        self.details = ""
        self.finished_count = 0
        self.failed_count = 0
        self.simulated_seconds = 0.0
        self._architectures: list[Architecture] = []
        self._statuses = bytearray()
        self._columns: dict[str, array[float]] = {}
        self._named: dict[str, int] = {}  # the event that first spoke of each metric
        self._started, self._seconds = array("d"), array("d")
        self._began, self._ended = array("q"), array("q")  # numbers of the events; -1 of one that runs
        self._measured = array("q")  # the number of the event that measured a trial first; -1 before
        self._whys: list[str] = []
        self._looks: dict[int, list[e.Measured]] = {}  # of trials that were measured more than once, or still run
        self._failures: dict[int, tuple[str, str]] = {}
        self._active_seconds = 0.0
        self._active_since: float | None = None
        self._times = array("d")  # of every event
        self._edits: list[e.Steered] = []
        self._turns: list[e.Event] = []  # when the search began, paused, went on, ended

    # ---- growing
    def apply(self, event: e.Event) -> None:
        """Take the next event.

        Raises:
            ValueError: if it is not the next one, or speaks of a trial that never started.
        """
        if event.number != self.event_count:
            raise ValueError(f"event {event.number} came where event {self.event_count} was due")
        match event:
            case e.TrialStarted():
                self._start(event)
            case e.Measured():
                self._measure(event)
            case e.TrialFinished():
                self._finish(event)
            case e.TrialFailed():
                self._fail(event)
            case e.Snapshot():
                self.snapshots.append(event)
            case _:
                self._turn(event)
        self._times.append(event.at)
        self.event_count += 1

    def _start(self, event: e.TrialStarted) -> None:
        if event.trial != len(self._architectures):
            raise ValueError(f"trial {event.trial} started where trial {len(self._architectures)} was due")
        self._architectures.append(event.architecture)
        self._statuses.append(0)
        self._started.append(event.at)
        self._seconds.append(0.0)
        for column in self._columns.values():
            column.append(math.nan)
        # What many trials have in common, "drawn at random", is kept once.
        self._whys.append(self._whys[-1] if self._whys and self._whys[-1] == event.why else event.why)
        self._began.append(event.number)
        self._ended.append(-1)
        self._measured.append(-1)

    def _measure(self, event: e.Measured) -> None:
        trial = self._open_trial(event.trial)
        for name, value in event.values.items():
            column = self._columns.get(name)
            if column is None:
                column = self._columns[name] = array("d", [math.nan]) * len(self._architectures)
                self._named[name] = event.number
            column[trial] = value
        self._looks.setdefault(trial, []).append(event)
        if self._measured[trial] < 0:
            self._measured[trial] = event.number

    def _finish(self, event: e.TrialFinished) -> None:
        trial = self._close(event, 1)
        self.finished_count += 1
        values = [self.value(trial, m.name) for m in self.objectives]
        self.front.add(trial, values)
        if not math.isnan(values[0]) and (not self.incumbents or self.objectives[0].is_better(values[0], self.incumbents[-1][1])):
            self.incumbents.append((trial, values[0]))

    def _fail(self, event: e.TrialFailed) -> None:
        self._failures[self._close(event, 2)] = (event.message, event.details)
        self.failed_count += 1

    def _turn(self, event: e.Event) -> None:
        self._turns.append(event)
        if isinstance(event, e.Steered):
            self._edits.append(event)
            return
        if isinstance(event, (e.SearchStarted, e.SearchResumed)):
            if self._active_since is not None:  # the session before broke off without a word
                self._active_seconds += self._last_at - self._active_since
            self._active_since, self.phase, self.message, self.details = event.at, "running", "", ""
            return
        if self._active_since is not None:
            self._active_seconds += event.at - self._active_since
            self._active_since = None
        if isinstance(event, e.SearchPaused):
            self.phase, self.message = "paused", event.message
        elif isinstance(event, e.SearchFinished):
            self.phase = event.reason if event.reason in ("stopped", "failed") else "finished"
            self.message, self.details = event.message, event.details

    def _open_trial(self, trial: int) -> int:
        if not trial < len(self._architectures) or self._statuses[trial]:
            raise ValueError(f"trial {trial} is not running")
        return trial

    def _close(self, event: e.TrialFinished | e.TrialFailed, status: int) -> int:
        trial = self._open_trial(event.trial)
        self._statuses[trial] = status
        self._seconds[trial] = event.at - self._started[trial]
        self._ended[trial] = event.number
        looks = self._looks.get(trial, ())
        if len(looks) == 1 and not looks[0].step:
            del self._looks[trial]  # what it said stands in the columns
        seconds = self.value(trial, "train_seconds")
        self.simulated_seconds += 0.0 if math.isnan(seconds) else seconds
        return trial

    # ---- reading
    @property
    def _last_at(self) -> float:
        """Unix time of the newest event."""
        return self._times[-1] if self._times else 0.0

    def __len__(self) -> int:
        """How many trials have started."""
        return len(self._architectures)

    @property
    def ended_count(self) -> int:
        return self.finished_count + self.failed_count

    @property
    def turns(self) -> list[e.Event]:
        """The events of the search as a whole: when it began, paused, went on, ended."""
        return list(self._turns)

    @property
    def edits(self) -> list[Given]:
        """What the user changed while it ran, in order, undoing too."""
        return self.edits_with(())

    def edits_with(self, accepted: Sequence[tuple[float, Edit]]) -> list[Given]:
        """The same, with (Unix time, edit) of what a search has accepted and not yet written."""
        return given(tuple(self._edits), self._began, accepted) if self._edits or accepted else []

    def edits_before(self, trial: int) -> list[Given]:
        """The edits as they stood when a trial was proposed."""
        began = self._began[trial]
        return given([event for event in self._edits if event.number < began], self._began[:trial])

    @property
    def epochs(self) -> float:
        """Of shared weights, as far as the newest snapshot tells; 0 without one."""
        return self.snapshots[-1].epoch if self.snapshots else 0.0

    @property
    def metric_names(self) -> tuple[str, ...]:
        """Of what was measured so far."""
        return tuple(self._columns)

    def elapsed(self, now: float | None = None) -> float:
        """Seconds at work, pauses left out. `now` counts a session that is under way up to this moment."""
        if self._active_since is None:
            return self._active_seconds
        return self._active_seconds + max(0.0, (self._last_at if now is None else now) - self._active_since)

    def value(self, trial: int, name: str) -> float:
        """NaN where nothing was measured."""
        column = self._columns.get(name)
        return column[trial] if column is not None else math.nan

    def column(self, name: str) -> npt.NDArray[np.float64]:
        """(trials,) the last value of a metric, NaN where there is none; a copy."""
        if name not in self._columns:
            return np.full(len(self), math.nan)
        return copied(self._columns[name])

    def statuses(self) -> npt.NDArray[np.uint8]:
        """(trials,) 0 running, 1 finished, 2 failed; a copy."""
        return np.frombuffer(bytes(self._statuses), dtype=np.uint8)

    def architecture(self, trial: int) -> Architecture:
        return self._architectures[trial]

    def status(self, trial: int) -> Status:
        return _STATUSES[self._statuses[trial]]

    def failure(self, trial: int) -> tuple[str, str]:
        """(message, details) of a failed trial, two empty strings of any other."""
        return self._failures.get(trial, ("", ""))

    @property
    def running(self) -> list[int]:
        """The numbers of the trials that have started and not ended."""
        return [number for number, status in enumerate(self._statuses) if not status]

    @property
    def failures(self) -> list[int]:
        """The numbers of the failed trials, in the order in which they failed."""
        return list(self._failures)

    def curve(self, trial: int) -> list[Measurement]:
        """The measurements of a trial that was measured step by step, empty where the estimator looked once."""
        curve: list[Measurement] = []
        for look in tuple(self._looks.get(trial, ())):
            if curve and look.step <= curve[-1].step:  # evaluated anew after a crash: the new measurements count
                curve.clear()
            if look.step or curve:
                curve.append(Measurement(look.step, look.values))
        return curve

    def trial(self, number: int) -> Trial:
        values = {name: column[number] for name, column in self._columns.items() if not math.isnan(column[number])}
        return Trial(number, self._architectures[number], self.status(number), values, self.failure(number)[0], self._seconds[number])

    def times(self, number: int) -> tuple[float, float]:
        """(Unix time of the start, seconds it took) of a trial."""
        return self._started[number], self._seconds[number]

    def spans(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """(trials,) the numbers of the events that began and ended each trial, -1 where it runs; copies."""
        ended = copied(self._ended)  # first: where another thread adds a trial now, it is one that has only begun
        return copied(self._began)[: len(ended)], ended

    def why(self, number: int) -> dict[str, Any]:
        """What the strategy said why it proposed this one; empty if it said nothing. Words as in `strategies.protocol.Explains`."""
        found: dict[str, Any] = json.loads(self._whys[number] or "{}")
        return found

    def trials(self) -> Iterator[Trial]:
        return (self.trial(number) for number in range(len(self)))

    @property
    def best(self) -> Trial | None:
        """The incumbent: the finished trial with the best first objective, the earliest of equals."""
        return self.trial(self.incumbents[-1][0]) if self.incumbents else None

    def frame(self) -> pd.DataFrame:
        """One row a trial: status, metrics, message, seconds, and a column a decision."""
        import pandas as pd

        number = pd.RangeIndex(len(self), name="trial")
        decided: dict[str, list[object]] = {}
        for i, architecture in enumerate(self._architectures):
            for decision, option in architecture.items():
                decided.setdefault(decision, [None] * len(self))[i] = option
        return pd.DataFrame(
            {
                "status": [_STATUSES[s] for s in self._statuses],
                **{name: self.column(name) for name in self._columns},
                "seconds": copied(self._seconds),
                "message": [self.failure(i)[0] for i in range(len(self))],
                **decided,
            },
            index=number,
        )


def copied(column: array[Any]) -> npt.NDArray[Any]:
    """A copy made in one go. numpy's own lets other threads run meanwhile, and an array cannot grow while it is being read."""
    return np.frombuffer(bytearray(column), dtype=column.typecode)
