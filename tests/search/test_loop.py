"""The loop yields what happens, one numbered event after the other, whatever strategy and estimator do."""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from nas_explorer.records import (
    Event,
    History,
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
    metric,
)
from nas_explorer.search.budget import Budget
from nas_explorer.search.control import Control
from nas_explorer.search.evaluator import Inline
from nas_explorer.search.loop import MAX_FAILURES_IN_A_ROW, Loop
from nas_explorer.spaces import Architecture, sample
from nas_explorer.strategies.protocol import Exhausted
from tests.toys import CountOff, on, switches

SPACE = switches(4)


@dataclass
class Draws:
    """Random architectures, and a diary of what it was told."""

    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    told: list[Trial] = field(default_factory=list)

    def ask(self) -> Architecture:
        return sample(SPACE, self.rng)

    def tell(self, trial: Trial) -> None:
        self.told.append(trial)


def run(proposer: object = None, estimator: object = None, budget: Budget | None = None, control: Control | None = None) -> list[Event]:
    ticks = itertools.count(1000.0, 1.0)
    loop = Loop(
        SPACE,
        proposer or Draws(),
        Inline(estimator or CountOff()),
        ["validation_error"],  # type: ignore[arg-type]
        budget or Budget(trials=5),
        control=control,
        clock=lambda: next(ticks),
    )
    return list(loop)


def test_a_search_is_numbered_from_start_to_finish_and_tells_every_trial() -> None:
    proposer = Draws()
    events = run(proposer)
    assert [event.number for event in events] == list(range(len(events)))
    assert [event.kind for event in events] == ["search_started", *["trial_started", "measured", "trial_finished"] * 5, "search_finished"]
    assert [trial.number for trial in proposer.told] == [0, 1, 2, 3, 4]
    assert all(trial.values["latency_ms"] == on(trial.architecture) for trial in proposer.told)
    assert isinstance(events[-1], SearchFinished)
    assert events[-1].reason == "budget"
    assert events[0] == SearchStarted(0, 1000.0, resumed=False)


def test_a_failed_trial_does_not_stop_the_search() -> None:
    def fail(architecture: Architecture) -> None:
        if on(architecture) == 2:
            raise RuntimeError("out of memory: 3 GB wanted")

    proposer = Draws()
    events = run(proposer, CountOff(misbehave=fail), Budget(trials=30))
    failed = [event for event in events if isinstance(event, TrialFailed)]
    assert 0 < len(failed) < 30
    assert len(proposer.told) == 30
    assert failed[0].message == "out of memory: 3 GB wanted"
    assert "RuntimeError" in failed[0].details
    assert {trial.status for trial in proposer.told} == {"finished", "failed"}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), "validation_error became NaN at step 2"),
        (float("inf"), "validation_error became infinite at step 2"),
        ("low", "validation_error must be a number, got 'low'"),
        (True, "validation_error must be a number, got True"),
        (None, "the estimator did not measure validation_error; it measured latency_ms"),
    ],
)
def test_what_is_no_measurement_is_a_failed_trial(value: object, message: str) -> None:
    class Odd(CountOff):
        def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
            yield Measurement(2, {"latency_ms": 1.0} if value is None else {"validation_error": value})  # type: ignore[dict-item]

    events = run(estimator=Odd(), budget=Budget(trials=1))
    assert [e.message for e in events if isinstance(e, TrialFailed)] == [message]
    assert not any(isinstance(e, TrialFinished) for e in events)


def test_numbers_of_numpy_and_torch_become_plain_numbers() -> None:
    class Numpy(CountOff):
        def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
            yield Measurement(0, {"validation_error": np.float32(2.5), "parameter_count": np.int64(3)})  # type: ignore[dict-item]

    measured = next(e for e in run(estimator=Numpy()) if isinstance(e, Measured))
    assert [type(v) for v in measured.values.values()] == [float, float]


def test_the_simulated_clock_ends_the_search() -> None:
    events = run(estimator=CountOff(epochs=2), budget=Budget(simulated_seconds=90.0))  # each trial says 20 s at its end
    assert sum(isinstance(e, TrialFinished) for e in events) == 5
    assert events[-1].reason == "budget"  # type: ignore[union-attr]


def test_wall_seconds_leave_pauses_out() -> None:
    now = [0.0]
    control = Control()

    class Slow(CountOff):
        def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
            now[0] += 10.0
            yield from super().evaluate(architecture)

    loop = Loop(SPACE, Draws(), Inline(Slow()), ["validation_error"], Budget(wall_seconds=35.0), control=control, clock=lambda: now[0])
    events = []
    for event in loop:
        events.append(event)
        if isinstance(event, TrialFinished) and event.trial == 1:
            control.pause("by you")
        if isinstance(event, SearchPaused):
            now[0] += 1000.0
            control.resume()
    assert sum(isinstance(e, TrialFinished) for e in events) == 4
    assert sum(isinstance(e, SearchResumed) for e in events) == 1


def test_stop_ends_after_the_trial_under_way() -> None:
    control = Control()
    stopped = run(estimator=CountOff(misbehave=lambda architecture: control.stop()), control=control, budget=Budget(trials=100))
    assert [e.kind for e in stopped] == ["search_started", "trial_started", "measured", "trial_finished", "search_finished"]
    assert stopped[-1].reason == "stopped"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("ask", "the strategy raised KeyError when asked for trial 2: 'population'"),
        ("tell", "the strategy raised KeyError when told of trial 1: 'population'"),
        (
            "foreign",
            "the strategy proposed what is not in the space: decision .layer0.op. of .switches. has no option .conv_9x9.; it offers",
        ),
        ("nonsense", "the strategy proposed what is not in the space: None is no Architecture"),
    ],
)
def test_a_strategy_that_fails_ends_the_search_with_its_words_and_keeps_what_finished(moment: str, words: str) -> None:
    class Broken(Draws):
        def ask(self) -> Architecture:
            if len(self.told) == 2 and moment == "ask":
                raise KeyError("population")
            if len(self.told) == 2 and moment == "foreign":
                return Architecture({"layer0.op": "conv_9x9"})
            if len(self.told) == 2 and moment == "nonsense":
                return None  # type: ignore[return-value]
            return super().ask()

        def tell(self, trial: Trial) -> None:
            if len(self.told) == 1 and moment == "tell":
                raise KeyError("population")
            super().tell(trial)

    events = run(Broken())
    last = events[-1]
    assert isinstance(last, SearchFinished)
    assert last.reason == "failed"
    assert re.match(words, last.message)
    assert sum(isinstance(e, TrialFinished) for e in events) == 2
    history = History([metric("validation_error")])
    for event in events:
        history.apply(event)
    assert history.phase == "failed"


def test_a_strategy_with_nothing_left_ends_the_search_in_peace() -> None:
    class Few(Draws):
        def ask(self) -> Architecture:
            if len(self.told) == 3:
                raise Exhausted("all architectures have been proposed")
            return super().ask()

    last = run(Few())[-1]
    assert isinstance(last, SearchFinished)
    assert (last.reason, last.message) == ("exhausted", "all architectures have been proposed")


def test_many_failures_in_a_row_pause_the_search_and_say_so() -> None:
    def fail(architecture: Architecture) -> None:
        raise ValueError("no GPU")

    control = Control()
    loop = Loop(SPACE, Draws(), Inline(CountOff(misbehave=fail)), ["validation_error"], Budget(trials=100), control=control)
    seen = []
    for event in loop:
        seen.append(event)
        if isinstance(event, SearchPaused):
            control.stop()
    assert sum(isinstance(e, TrialStarted) for e in seen) == MAX_FAILURES_IN_A_ROW
    paused = next(e for e in seen if isinstance(e, SearchPaused))
    assert paused.message.startswith(f"{MAX_FAILURES_IN_A_ROW} trials in a row failed")


def test_a_pace_is_kept_on_average() -> None:
    began = time.monotonic()
    list(Loop(SPACE, Draws(), Inline(CountOff()), ["validation_error"], Budget(trials=20), pace=100.0))
    assert 0.19 <= time.monotonic() - began < 5.0


def test_a_wish_ends_the_wait_for_the_next_trial() -> None:
    control = Control()
    stopping = threading.Timer(0.1, control.stop)
    stopping.start()
    events = list(Loop(SPACE, Draws(), Inline(CountOff()), ["validation_error"], Budget(trials=2), control=control, pace=0.01))
    assert events[-1].reason == "stopped"  # type: ignore[union-attr]
    stopping.join()
