"""A history cut at an event tells what a new one would that has applied the events before it."""

from __future__ import annotations

import math
import random
import threading
from typing import Any

import pytest

from nas_explorer.records import (
    Event,
    History,
    Measured,
    SearchFinished,
    SearchPaused,
    SearchResumed,
    SearchStarted,
    Snapshot,
    Steered,
    TrialFailed,
    TrialFinished,
    TrialStarted,
    history_at,
    metric,
)
from nas_explorer.spaces import Architecture

ERROR, LATENCY = metric("validation_error"), metric("latency_ms")


def eventful(seed: int, trials: int = 30) -> list[Event]:
    """A log with three workers, failures, curves, values that come late, evaluations anew after a crash, pauses, edits, snapshots."""
    rng = random.Random(seed)
    events: list[Event] = [SearchStarted(0, 100.0)]
    running: list[int] = []
    steps: dict[int, int] = {}
    started = 0

    def at() -> tuple[int, float]:
        return len(events), 100.0 + len(events) + rng.random() / 2

    while started < trials or running:
        kind = rng.random()
        if started < trials and ((len(running) < 3 and kind < 0.4) or not running):
            architecture = Architecture({"layer0.op": rng.choice(["skip", "conv"]), "depth": started})
            events.append(TrialStarted(*at(), started, architecture, '{"kind":"random"}' if kind < 0.2 else ""))
            running.append(started)
            started += 1
        elif kind < 0.75:
            trial = rng.choice(running)
            once = trial % 4 == 0
            steps[trial] = 0 if once or rng.random() < 0.1 else steps.get(trial, 0) + 1  # it may begin anew
            values = {"validation_error": float(rng.randint(1, 12)), "latency_ms": float(rng.randint(1, 6))}
            more = {"train_seconds": rng.random() * 10} if rng.random() < 0.7 else {}
            events.append(Measured(*at(), trial, steps[trial], {**values, **more}))
        elif kind < 0.92:
            trial = running.pop(rng.randrange(len(running)))
            failed = rng.random() < 0.2
            events.append(TrialFailed(*at(), trial, f"it broke in {trial}", "raw") if failed else TrialFinished(*at(), trial))
        elif kind < 0.95:
            values = {"train_loss": rng.random()}
            events.append(Snapshot(*at(), len(events) / 10, values, {"layer0.op": (0.5, 0.5)}, Architecture({"depth": 1}), ""))
        elif kind < 0.97:
            events += [SearchPaused(*at(), "by you")]
            events += [SearchResumed(*at())]
        elif kind < 0.985:
            edit = {"kind": "undo"} if rng.random() < 0.3 else {"kind": "veto", "decision": "layer0.op", "option": "skip"}
            events.append(Steered(*at(), edit))
        else:
            events.append(SearchStarted(*at(), resumed=True))
    return [*events, SearchFinished(len(events), 1000.0, "budget", "well done")]


def told(events: list[Event]) -> History:
    history = History([ERROR, LATENCY])
    for event in events:
        history.apply(event)
    return history


def everything(history: History) -> dict[str, Any]:
    """All that a history can be asked; NaN as a word, for it equals nothing."""
    numbers = range(len(history))
    names = history.metric_names
    return {
        "counts": (len(history), history.event_count, history.finished_count, history.failed_count, history.ended_count),
        "phase": (history.phase, history.message, history.details),
        "clock": (history.elapsed(), history.elapsed(5000.0), history.simulated_seconds, history.epochs),
        "best": (history.best, history.incumbents),
        "front": (history.front.trials, history.front.points),
        "snapshots": history.snapshots,
        "names": names,
        "columns": [[repr(v) for v in history.column(name)] for name in (*names, "never_measured")],
        "trials": list(history.trials()),
        "curves": [history.curve(i) for i in numbers],
        "failures": (history.failures, [history.failure(i) for i in numbers]),
        "statuses": (history.statuses().tolist(), history.running),
        "spans": [column.tolist() for column in history.spans()],
        "times": [history.times(i) for i in numbers],
        "edits": history.edits,
        "whys": [history.why(i) for i in numbers],
    }


@pytest.mark.parametrize("seed", range(6))
def test_every_moment_of_a_log_is_what_a_new_history_knew_then(seed: int) -> None:
    events = eventful(seed)
    whole, grown = told(events), History([ERROR, LATENCY])
    assert whole.failed_count
    for number, event in enumerate(events):
        assert everything(history_at(whole, number)) == everything(grown), f"seed {seed}, after {number} events"
        grown.apply(event)
    assert everything(history_at(whole, len(events))) == everything(whole)


def test_a_moment_of_a_moment_is_that_moment() -> None:
    whole = told(eventful(3))
    past = history_at(whole, 60)
    assert everything(history_at(past, 25)) == everything(history_at(whole, 25))


def test_the_past_grows_on_like_any_history_and_leaves_the_whole_alone() -> None:
    events = eventful(1)
    whole = told(events)
    before = everything(whole)
    past = history_at(whole, 40)
    for event in events[40:]:
        past.apply(event)
    assert everything(past) == everything(whole) == before


@pytest.mark.parametrize("count", [1, 3])
def test_fronts_of_one_and_of_three_objectives(count: int) -> None:
    objectives = [ERROR, LATENCY, metric("train_seconds")][:count]
    events = eventful(2)
    whole, grown = History(objectives), History(objectives)
    for event in events:
        whole.apply(event)
    for number, event in enumerate(events):
        past = history_at(whole, number)
        assert (past.front.trials, past.front.points) == (grown.front.trials, grown.front.points)
        grown.apply(event)


def test_a_moment_that_has_not_come_is_refused() -> None:
    with pytest.raises(ValueError, match="there are 5 events, so a moment is a number from 0 to that, got 6"):
        history_at(told(eventful(0)[:5]), 6)


def test_the_past_can_be_read_while_another_thread_writes_on() -> None:
    events = eventful(5, trials=400)
    whole = History([ERROR, LATENCY])
    known = everything(told(events[:300]))
    for event in events[:300]:
        whole.apply(event)
    writer = threading.Thread(target=lambda: [whole.apply(event) for event in events[300:]])
    writer.start()
    while writer.is_alive():
        assert everything(history_at(whole, 300)) == known
    writer.join()
    assert whole.event_count == len(events)
    assert not math.isnan(whole.elapsed())
