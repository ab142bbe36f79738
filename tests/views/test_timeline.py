"""Every stop of the time axis is a moment at which something had just happened."""

from __future__ import annotations

from base64 import b64decode

import numpy as np
import pytest

from nas_explorer.records import Edit, History, Steered, history_at
from nas_explorer.views import timeline as stops
from nas_explorer.views.timeline import BEST, FAILED, FINISHED, PAUSED, PLAIN
from tests.records.test_past import eventful, told


@pytest.mark.parametrize("seed", range(3))
def test_a_stop_for_the_beginning_every_end_every_turn_and_now(seed: int) -> None:
    history = told(eventful(seed))
    line = stops.timeline_of(history)
    assert (line.events[0], line.events[-1]) == (0, history.event_count)
    assert (np.diff(line.events) > 0).all()
    assert sorted(line.trials[line.trials >= 0]) == list(range(len(history)))
    for events, trial, ended, kind in zip(line.events, line.trials, line.ended, line.kinds, strict=True):
        then = history_at(history, int(events))
        assert then.ended_count == ended
        if kind == FAILED:
            assert then.failures[-1] == trial
        elif kind == BEST:
            assert then.incumbents[-1][0] == trial
        elif kind == FINISHED:
            assert then.status(int(trial)) == "finished"
            assert not then.incumbents or then.incumbents[-1][0] != trial
        elif kind == PAUSED:
            assert then.phase in ("paused", "running")


def test_nothing_yet_is_one_stop_and_a_running_trial_adds_that_of_now() -> None:
    assert stops.timeline_of(told([])).events.tolist() == [0]
    begun = stops.timeline_of(told(eventful(0)[:2]))
    assert (begun.events.tolist(), begun.kinds.tolist()) == ([0, 2], [PLAIN, PLAIN])


def test_a_very_long_axis_is_thinned_but_for_what_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    history = told(eventful(4, trials=200))
    whole = stops.timeline_of(history)
    monkeypatch.setattr(stops, "MOST", 50)
    thin = stops.timeline_of(history)
    assert len(thin) < len(whole) / 2
    marked = set(whole.events[whole.kinds > FINISHED].tolist())
    assert marked | {0, history.event_count} <= set(thin.events.tolist()) <= set(whole.events.tolist())
    assert (np.diff(thin.ended) >= 0).all()


def test_its_columns_travel_as_little_endian_numbers() -> None:
    line = stops.timeline_of(told(eventful(0)))
    for name in ("events", "trials", "ended", "kinds"):
        assert np.frombuffer(b64decode(line.plain()[name]), "<i4").tolist() == getattr(line, name).tolist()


def test_every_edit_says_what_it_was_also_on_a_thinned_axis(monkeypatch: pytest.MonkeyPatch) -> None:
    history = told(eventful(0))
    place = len(history.edits)
    for edit in (Edit("pin", "cell/0->1", "conv_3x3"), Edit("undo", back=place)):
        history.apply(Steered(history.event_count, 1e6, edit.plain))
    for most in (stops.MOST, 5):
        monkeypatch.setattr(stops, "MOST", most)
        line = stops.timeline_of(history)
        assert len(line.edits) == (line.kinds == stops.EDITED).sum() == place + 2
        assert line.plain()["edits"][-2:] == ["Pin 0→1 to conv 3×3", "Undo: Pin 0→1 to conv 3×3"]


def test_a_history_without_events_has_no_past() -> None:
    assert len(stops.timeline_of(History(told([]).objectives))) == 1
