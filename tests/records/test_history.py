"""The history tells, after every event, what was known then."""

import math
import sys
import threading

import numpy as np
import pytest

from nas_explorer.records import (
    History,
    Measured,
    Measurement,
    SearchFinished,
    SearchPaused,
    SearchResumed,
    SearchStarted,
    Snapshot,
    TrialFailed,
    TrialFinished,
    TrialStarted,
    metric,
)
from nas_explorer.spaces import Architecture
from tests.toys import story

A, B, C = (Architecture({"layer0.op": "skip", "depth": n}) for n in range(3))
ERROR, LATENCY = metric("validation_error"), metric("latency_ms")


def told(*events: object) -> History:
    history = History([ERROR, LATENCY])
    for event in events:
        history.apply(event)  # type: ignore[arg-type]
    return history


def test_finished_trials_move_front_and_incumbent() -> None:
    history = told(
        *story(
            [A, B, C],
            [
                {"validation_error": 10.0, "latency_ms": 5.0},
                {"validation_error": 12.0, "latency_ms": 6.0},
                {"validation_error": 9.0, "latency_ms": 7.0},
            ],
        )
    )
    assert history.front.trials == [2, 0]
    assert history.incumbents == [(0, 10.0), (2, 9.0)]
    assert history.best is not None
    assert history.best.number == 2
    assert history.phase == "finished"
    assert history.column("validation_error").tolist() == [10.0, 12.0, 9.0]


def test_a_failed_trial_keeps_its_message_and_never_leads() -> None:
    history = told(
        SearchStarted(0, 0.0),
        TrialStarted(1, 1.0, 0, A),
        Measured(2, 2.0, 0, 1, {"validation_error": 1.0, "latency_ms": 1.0}),
        TrialFailed(3, 3.0, 0, "the loss became NaN in epoch 2", "Traceback"),
    )
    assert history.best is None
    assert len(history.front) == 0
    assert history.trial(0).status == "failed"
    assert history.trial(0).message == "the loss became NaN in epoch 2"
    assert (history.failed_count, history.ended_count, history.failures) == (1, 1, [0])


def test_later_measurements_replace_earlier_ones_and_make_a_curve() -> None:
    history = told(
        SearchStarted(0, 0.0),
        TrialStarted(1, 1.0, 0, A),
        Measured(2, 2.0, 0, 1, {"validation_error": 9.0}),
        Measured(3, 3.0, 0, 2, {"validation_error": 8.0}),
    )
    assert history.value(0, "validation_error") == 8.0
    assert history.curve(0) == [Measurement(1, {"validation_error": 9.0}), Measurement(2, {"validation_error": 8.0})]
    history.apply(Measured(4, 4.0, 0, 1, {"validation_error": 9.5}))  # evaluated anew after a crash
    assert [m.step for m in history.curve(0)] == [1]


def test_pauses_and_broken_off_sessions_do_not_count_as_time_at_work() -> None:
    history = told(SearchStarted(0, 100.0), SearchPaused(1, 110.0), SearchResumed(2, 500.0))
    assert history.elapsed(now=505.0) == 15.0
    history.apply(TrialStarted(3, 510.0, 0, A))  # the last sign of life of a killed session
    history.apply(SearchStarted(4, 900.0, resumed=True))
    assert history.elapsed(now=901.0) == 10.0 + 10.0 + 1.0
    history.apply(SearchFinished(5, 902.0, "stopped"))
    assert history.elapsed(now=9999.0) == 22.0
    assert history.phase == "stopped"


def test_events_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="event 5 came where event 0 was due"):
        told(SearchStarted(5, 0.0))
    with pytest.raises(ValueError, match="trial 3 started where trial 0 was due"):
        told(SearchStarted(0, 0.0), TrialStarted(1, 1.0, 3, A))
    with pytest.raises(ValueError, match="trial 0 is not running"):
        told(SearchStarted(0, 0.0), TrialStarted(1, 1.0, 0, A), TrialFinished(2, 2.0, 0), TrialFinished(3, 3.0, 0))


def test_the_frame_has_a_row_a_trial_and_a_column_a_decision() -> None:
    history = told(
        SearchStarted(0, 0.0),
        TrialStarted(1, 1.0, 0, A),
        Measured(2, 2.0, 0, 0, {"validation_error": 9.0}),
        TrialFinished(3, 3.0, 0),
        TrialStarted(4, 4.0, 1, Architecture({"layer0.op": "conv_3x3", "width": 2})),
    )
    frame = history.frame()
    assert frame.index.name == "trial"
    assert frame["status"].tolist() == ["finished", "running"]
    assert frame["layer0.op"].tolist() == ["skip", "conv_3x3"]
    assert frame["depth"].tolist()[0] == 0
    assert frame["width"].tolist()[1] == 2
    assert math.isnan(frame["validation_error"][1])
    assert np.isclose(frame["seconds"][0], 2.0)


def test_simulated_seconds_add_up_over_finished_and_failed_trials() -> None:
    history = told(
        SearchStarted(0, 0.0),
        TrialStarted(1, 1.0, 0, A),
        Measured(2, 2.0, 0, 0, {"validation_error": 9.0, "train_seconds": 100.0}),
        TrialFinished(3, 3.0, 0),
        TrialStarted(4, 4.0, 1, B),
        Measured(5, 5.0, 1, 1, {"train_seconds": 30.0}),
        TrialFailed(6, 6.0, 1, "out of memory"),
    )
    assert history.simulated_seconds == 130.0


def test_snapshots_of_shared_weights_stay_in_order_beside_the_trials() -> None:
    early, late = (Snapshot(number, 1.0, number / 2, {"train_loss": 1.0 / number}, {"depth": (0.5, 0.5)}, A) for number in (1, 2))
    history = told(SearchStarted(0, 0.0), early, late)
    assert history.snapshots == [early, late]
    assert len(history) == 0


def test_why_a_trial_was_proposed_is_kept_and_so_are_the_events_that_began_and_ended_it() -> None:
    history = told(
        SearchStarted(0, 0.0),
        TrialStarted(1, 1.0, 0, A, '{"kind":"random"}'),
        TrialStarted(2, 1.0, 1, B),
        TrialStarted(3, 1.0, 2, C, '{"kind":"mutation","parents":[0]}'),
        TrialFailed(4, 2.0, 1, "out of memory"),
        Measured(5, 2.0, 0, 0, {"validation_error": 1.0, "latency_ms": 1.0}),
        TrialFinished(6, 2.0, 0),
    )
    assert [history.why(trial) for trial in range(3)] == [{"kind": "random"}, {}, {"kind": "mutation", "parents": [0]}]
    began, ended = history.spans()
    assert (began.tolist(), ended.tolist()) == ([1, 2, 3], [6, 4, -1])


def test_what_all_trials_have_in_common_is_kept_once() -> None:
    history = told(SearchStarted(0, 0.0), *(TrialStarted(n + 1, 1.0, n, A, "".join(['{"kind":', '"random"}'])) for n in range(50)))
    assert len({id(text) for text in history._whys}) == 1


def test_a_reader_in_another_thread_never_stops_the_history_from_growing() -> None:
    """numpy's own copy of an array lets other threads run, and an array that is being read cannot grow."""
    history, stop, seen = told(SearchStarted(0, 0.0)), threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            began, ended = history.spans()
            seen.append((len(began), len(ended), len(history.column("validation_error"))))

    reader, before = threading.Thread(target=read), sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    reader.start()
    try:
        for trial in range(3000):
            history.apply(TrialStarted(history.event_count, 1.0, trial, A))
            history.apply(Measured(history.event_count, 1.0, trial, 0, {"validation_error": 1.0, "latency_ms": 1.0}))
            history.apply(TrialFinished(history.event_count, 1.0, trial))
    finally:
        stop.set()
        reader.join()
        sys.setswitchinterval(before)
    assert len(history) == 3000
    assert seen
    assert all(began == ended <= column for began, ended, column in seen)
