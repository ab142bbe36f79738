"""A history as it was after any of its events: what was known then, and nothing of what came later."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from nas_explorer.records.events import Measured
from nas_explorer.records.history import History

Numbers: TypeAlias = npt.NDArray[np.int64]


def history_at(history: History, event_count: int) -> History:
    """What a new history would tell that has applied the first `event_count` events of this one.

    Cut out of its columns and not replayed, so that any moment of ten thousand trials is there in a few milliseconds. The history
    may grow meanwhile, in another thread too.

    Raises:
        ValueError: if there are not so many events.
    """
    if not 0 <= event_count <= history.event_count:
        raise ValueError(f"there are {history.event_count} events, so a moment is a number from 0 to that, got {event_count}")
    began, ended = history.spans()
    count = int(np.searchsorted(began, event_count))
    over = (ended[:count] >= 0) & (ended[:count] < event_count)
    past = History(history.objectives)
    _take_turns(past, history, event_count)
    past.snapshots = history.snapshots[: bisect_left(history.snapshots, event_count, key=lambda snapshot: snapshot.number)]
    still_open = np.flatnonzero(~over).tolist()
    _take_trials(past, history, over, still_open)
    _take_values(past, history, event_count, over, still_open)
    _take_ends(past, history, over, np.flatnonzero(over)[np.argsort(ended[:count][over])])
    return past


def _take_turns(past: History, history: History, event_count: int) -> None:
    """Beginnings, pauses and ends, and with them the time that it was at work."""
    for turn in list(history._turns):
        if turn.number < event_count:
            past._times = history._times[: turn.number]
            past._turn(turn)
    past._times, past.event_count = history._times[:event_count], event_count


def _take_trials(past: History, history: History, over: npt.NDArray[np.bool_], still_open: list[int]) -> None:
    """What is known of a trial from its beginning, and whether it was over."""
    count = len(over)
    past._architectures, past._whys = history._architectures[:count], history._whys[:count]
    past._began, past._started = history._began[:count], history._started[:count]
    past._ended = _with(history._ended[:count], still_open, -1)
    past._seconds = _with(history._seconds[:count], still_open, 0.0)
    past._statuses = bytearray(np.where(over, history.statuses()[:count], 0).astype(np.uint8).tobytes())


def _take_values(past: History, history: History, event_count: int, over: npt.NDArray[np.bool_], still_open: list[int]) -> None:
    """The last value of each metric; of a trial that was not over, what it had been measured until then."""
    for name, first in list(history._named.items()):
        if first < event_count:
            past._named[name] = first
            past._columns[name] = _with(history._columns[name][: len(over)], still_open, math.nan)
    measured = np.array(history._measured[: len(over)], dtype=np.int64)
    past._measured = _with(history._measured[: len(over)], np.flatnonzero(measured >= event_count).tolist(), -1)
    past._looks = {trial: looks for trial, looks in list(history._looks.items()) if trial < len(over) and over[trial]}
    for trial in still_open:
        if not 0 <= measured[trial] < event_count:
            continue
        looks = history._looks.get(trial)
        if looks is None:  # one look, and it is over by now: its values are the last ones
            values = {name: history.value(trial, name) for name in past._columns}
            looks = [Measured(int(measured[trial]), 0.0, trial, 0, {n: v for n, v in values.items() if not math.isnan(v)})]
        past._looks[trial] = [look for look in list(looks) if look.number < event_count]
        for look in past._looks[trial]:
            for name, value in look.values.items():
                past._columns[name][trial] = value


def _take_ends(past: History, history: History, over: npt.NDArray[np.bool_], in_order: Numbers) -> None:
    """Front, incumbents, failures and sums, of the trials that were over, the last also in the order in which they ended."""

    def was_over(trial: int) -> bool:
        return trial < len(over) and bool(over[trial])

    past.finished_count = int(np.count_nonzero(over & (history.statuses()[: len(over)] == 1)))
    past.failed_count = len(in_order) - past.finished_count
    past.incumbents = [found for found in list(history.incumbents) if was_over(found[0])]
    past._failures = {trial: why for trial, why in list(history._failures.items()) if was_over(trial)}
    seconds = past.column("train_seconds")[in_order]
    if len(seconds):  # added up one after the other, as they came: another order would give other last digits
        past.simulated_seconds = float(np.cumsum(np.where(np.isnan(seconds), 0.0, seconds))[-1])
    past.front = history.front.before(was_over)


def _with(column: array[Any], places: list[int], value: float) -> array[Any]:
    """The column, with another value in some places."""
    for place in places:
        column[place] = value
    return column
