"""Events of a race as lines and back, and what a history makes of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nas_explorer.records import metric
from nas_explorer.records.race_events import (
    Found,
    LaneAdvanced,
    LaneFinished,
    LaneStarted,
    LaneStopped,
    Progress,
    RaceEvent,
    RaceFinished,
    RaceStarted,
    decode,
    encode,
)
from nas_explorer.records.race_history import RaceHistory

numbers = st.floats(allow_infinity=False, allow_nan=False, width=32)
founds = st.builds(Found, st.integers(1, 999), numbers, numbers, st.lists(numbers, min_size=1, max_size=3).map(tuple),
                   st.lists(st.integers(-1, 9), max_size=4).map(tuple))
progresses = st.builds(Progress, st.integers(0, 99), st.integers(0, 999), numbers, numbers, st.lists(founds, max_size=3).map(tuple),
                       st.booleans())
texts = st.text(max_size=20)
events = st.one_of(
    st.builds(RaceStarted, st.integers(0, 99), numbers),
    st.builds(LaneStarted, st.integers(0, 99), numbers, texts, st.booleans()),
    st.builds(LaneAdvanced, st.integers(0, 99), numbers, texts, st.lists(progresses, max_size=3).map(tuple)),
    st.builds(LaneFinished, st.integers(0, 99), numbers, texts, texts),
    st.builds(LaneStopped, st.integers(0, 99), numbers, texts, texts, texts),
    st.builds(RaceFinished, st.integers(0, 99), numbers, st.sampled_from(["budget", "stopped"])),
)


@given(events)
def test_an_event_is_one_line_and_comes_back_from_it(event: RaceEvent) -> None:
    line = encode(event)
    assert "\n" not in line
    assert decode(line) == event


def test_a_value_that_was_not_measured_stays_unknown() -> None:
    event = LaneAdvanced(0, 1.0, "a", (Progress(0, 1, 0.0, 0.0, (Found(1, 0.0, 0.0, (5.0, math.nan), (1,)),)),))
    (progress,) = decode(encode(event)).searches  # type: ignore[union-attr]
    assert math.isnan(progress.found[0].values[1])


@pytest.mark.parametrize(("line", "message"), [
    ("[1]", "there is no event None in a race"),
    ('{"event":"trial_started"}', "there is no event 'trial_started' in a race; known are race_started"),
    ('{"event":"lane_started","n":0,"at":1}', "lane_started lacks or misspells a field"),
    ('{"event":"lane_advanced","n":0,"at":1,"lane":"a","searches":[[1,2]]}', "lane_advanced lacks or misspells a field"),
])
def test_what_is_no_event_is_refused(line: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decode(line)


def story() -> RaceHistory:
    """Two searches: the first improves at trials 1, 3 and 7 of 10, the second at 2 of 4."""
    history = RaceHistory((metric("validation_error"), metric("test_accuracy")), 1, ["a"], 2)

    def found(trial: int, error: float, accuracy: float) -> Found:
        return Found(trial, 10.0 * trial, 2.0 * trial, (error, accuracy), (trial,))

    first = Progress(0, 5, 50.0, 10.0, (found(1, 30.0, 70.0), found(3, 20.0, 75.0)))
    second = Progress(1, 4, 40.0, 8.0, (found(2, 25.0, 60.0),))
    more = Progress(0, 10, 100.0, 20.0, (found(7, 10.0, 72.0),), True)
    history.apply(RaceStarted(0, 0.0))
    history.apply(LaneStarted(1, 0.0, "a"))
    history.apply(LaneAdvanced(2, 0.0, "a", (first, second)))
    history.apply(LaneAdvanced(3, 0.0, "a", (more,)))
    return history


def test_the_best_so_far_at_any_moment_by_hand() -> None:
    lane = story().lanes["a"]
    nan = math.nan
    np.testing.assert_array_equal(lane.so_far("validation_error", np.array([1.0, 2.0, 4.0, 5.0, 8.0, 20.0])),
                                  [[30, 30, 20, 20, 10, 10], [nan, 25, 25, nan, nan, nan]])     # the second has not come further
    np.testing.assert_array_equal(lane.so_far("test_accuracy", np.array([30.0, 70.0]), "seconds"), [[75, 72], [60, nan]])
    np.testing.assert_array_equal(lane.final("test_accuracy"), [72.0, 60.0])
    assert lane.rows() == [(7,), (2,)]
    assert lane.spent["epochs"].tolist() == [20.0, 8.0]


def test_what_did_not_improve_the_first_objective_is_no_incumbent() -> None:
    history = RaceHistory((metric("validation_error"), metric("macs")), 2, ["a"], 1)
    found = (Found(1, 0.0, 0.0, (10.0, 5.0), (1,)), Found(2, 0.0, 0.0, (12.0, 3.0), (2,)))
    history.apply(RaceStarted(0, 0.0))
    history.apply(LaneAdvanced(1, 0.0, "a", (Progress(0, 2, 0.0, 0.0, found, True),)))
    lane = history.lanes["a"]
    assert lane.rows() == [(1,)]
    assert lane.worst() == (12.0, 5.0)
    volumes = lane.hypervolumes((20.0, 10.0), np.array([1.0, 2.0]))
    np.testing.assert_allclose(volumes, [[50.0, 66.0]])            # 10 * 5, and 8 * 7 with the overlap of 8 * 5 counted once


def test_a_lane_that_begins_anew_forgets() -> None:
    history = story()
    history.apply(LaneStarted(4, 0.0, "a", True))
    lane = history.lanes["a"]
    assert lane.vectorised
    assert np.isnan(lane.final("validation_error")).all()
    assert lane.spent["trials"].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("event", "message"), [
    (RaceStarted(7, 0.0), "event 7 came where event 4 was due"),
    (LaneStarted(4, 0.0, "b"), "there is no lane 'b' in this race; it has a"),
    (LaneAdvanced(4, 0.0, "a", (Progress(2, 1, 0.0, 0.0, ()),)), "lane 'a' has searches 0 to 1, got 2"),
])
def test_events_that_do_not_follow_are_refused(event: RaceEvent, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        story().apply(event)


def test_only_the_time_of_sessions_counts() -> None:
    history = RaceHistory((metric("validation_error"),), 1, ["a"], 1)
    for event in (RaceStarted(0, 100.0), LaneStarted(1, 101.0, "a"), RaceFinished(2, 103.0, "stopped"), RaceStarted(3, 9_000.0),
                  LaneStarted(4, 9_002.0, "a")):
        history.apply(event)
    assert history.worked == 5.0
