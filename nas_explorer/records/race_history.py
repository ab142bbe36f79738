"""Everything that is known of a race: the one object that grows, one event at a time. Views and reports read it."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from nas_explorer.records import race_events as e
from nas_explorer.records.metric import Metric
from nas_explorer.records.pareto import hypervolume

Clock: TypeAlias = Literal["trials", "seconds", "epochs"]
Floats: TypeAlias = npt.NDArray[np.float64]
LaneState: TypeAlias = Literal["waiting", "running", "finished", "stopped"]
CLOCKS: tuple[Clock, ...] = ("trials", "seconds", "epochs")


class LaneHistory:
    """The searches of one strategy.

    Attributes:
        spent: clock -> (searches,) how far each search has come.
        ended: (searches,) whether it goes no further.
        message, details: why it stopped, or what is worth knowing of it.
    """

    def __init__(self, name: str, metrics: Sequence[Metric], objective_count: int, searches: int) -> None:
        self.name, self.metrics, self.objectives, self.searches = name, tuple(metrics), tuple(metrics[:objective_count]), searches
        self.state: LaneState = "waiting"
        self.vectorised = False
        self.message = self.details = ""
        self._reset()

    def _reset(self) -> None:
        self.spent: dict[Clock, Floats] = {clock: np.zeros(self.searches) for clock in CLOCKS}
        self.ended = np.zeros(self.searches, dtype=bool)
        self._numbers = array("d")                     # seed, clocks and values of every find, one after the other
        self._is_incumbent = bytearray()
        self._rows: list[tuple[int, ...]] = []
        self._best = np.full(self.searches, np.inf)
        self._volumes: tuple[tuple[float, ...], array[float], list[list[tuple[float, ...]]]] | None = None

    # ---- growing
    def start(self, event: e.LaneStarted) -> None:
        self._reset()
        self.state, self.vectorised, self.message, self.details = "running", event.vectorised, "", ""

    def advance(self, progress: e.Progress) -> None:
        for clock, amount in zip(CLOCKS, (progress.trials, progress.seconds, progress.epochs), strict=True):
            self.spent[clock][progress.seed] = amount
        self.ended[progress.seed] = progress.ended
        objective = self.objectives[0]
        for found in progress.found:
            cost = objective.cost(found.values[0])
            self._numbers.extend((progress.seed, found.trial, found.seconds, found.epochs, *found.values))
            self._rows.append(found.row)
            self._is_incumbent.append(bool(cost < self._best[progress.seed]))
            self._best[progress.seed] = np.fmin(self._best[progress.seed], cost)

    def end(self, state: LaneState, message: str, details: str = "") -> None:
        self.state, self.message, self.details = state, message, details

    # ---- reading
    def column(self, name: str) -> Floats:
        """(incumbents,) of `seed`, a clock or a metric, of every trial that was the best of its search so far, in order."""
        place = ("seed", *CLOCKS, *(m.name for m in self.metrics)).index(name)
        found: Floats = self._finds()[np.frombuffer(bytes(self._is_incumbent), dtype=np.bool_), place]
        return found

    def _finds(self) -> Floats:
        """(finds, seed and clocks and metrics); a copy."""
        return np.array(self._numbers).reshape(len(self._rows), 4 + len(self.metrics))

    def rows(self) -> list[tuple[int, ...] | None]:
        """(searches,) the best architecture of each search by the first objective, as option indices; None before the first."""
        found: list[tuple[int, ...] | None] = [None] * self.searches
        for seed, row, best in zip(self._finds()[:, 0].astype(int).tolist(), self._rows, self._is_incumbent, strict=True):
            if best:
                found[seed] = row
        return found

    def so_far(self, metric: str, grid: Floats, clock: Clock = "trials") -> Floats:
        """(searches, points): a metric of the best architecture by the first objective, where each search had spent so much.

        NaN before a search found anything, and past where it has come; a search that ended keeps what it found.
        """
        found = np.full((self.searches, len(grid)), np.nan)
        at = np.searchsorted(grid, self.column(clock), side="left")
        inside = at < len(grid)
        found[self.column("seed")[inside].astype(int), at[inside]] = self.column(metric)[inside]     # of several, the last counts
        last = np.maximum.accumulate(np.where(np.isnan(found), 0, np.arange(len(grid))), axis=1)
        found = np.take_along_axis(found, last, axis=1)
        found[(grid[None] > self.spent[clock][:, None]) & ~self.ended[:, None]] = np.nan
        return found

    def final(self, metric: str) -> Floats:
        """(searches,) a metric of the best architecture that each search has found; NaN where there is none."""
        found = np.full(self.searches, np.nan)
        found[self.column("seed").astype(int)] = self.column(metric)
        return found

    def hypervolumes(self, reference: Sequence[float], grid: Floats, clock: Clock = "trials") -> Floats:
        """(searches, points): the volume that each search's front dominates, up to the reference point."""
        volumes = np.zeros((self.searches, len(grid)))
        if self._rows:
            finds = self._finds()
            at = np.searchsorted(grid, finds[:, 1 + CLOCKS.index(clock)], side="left")
            inside = at < len(grid)
            np.maximum.at(volumes, (finds[inside, 0].astype(int), at[inside]), self._volumes_at(tuple(reference), finds)[inside])
        volumes = np.maximum.accumulate(volumes, axis=1)
        volumes[(grid[None] > self.spent[clock][:, None]) & ~self.ended[:, None]] = np.nan
        return volumes

    def _volumes_at(self, reference: tuple[float, ...], finds: Floats) -> Floats:
        """(finds,) the volume of a search's front after each find; remembered, since a live view asks again and again."""
        if self._volumes is None or self._volumes[0] != reference:
            self._volumes = reference, array("d"), [[] for _ in range(self.searches)]
        _, known, points = self._volumes
        for row in finds[len(known):].tolist():
            front = points[int(row[0])]
            front.append(tuple(row[4:4 + len(self.objectives)]))
            known.append(hypervolume(front, reference, self.objectives))
        return np.array(known)

    def worst(self) -> tuple[float, ...]:
        """The worst value of each objective on any front so far."""
        values = self._finds()[:, 4:4 + len(self.objectives)]
        if not len(values):
            return tuple(m.worst for m in self.objectives)
        return tuple(float(v.max() if m.minimize else v.min()) for m, v in zip(self.objectives, values.T, strict=True))


class RaceHistory:
    """All lanes of a race.

    Attributes:
        metrics: the objectives first, then what else is reported.
        lanes: in the order of the race.
        event_count: how many events were applied; the next has this number.
        finished: whether the race has ended.
    """

    def __init__(self, metrics: Sequence[Metric], objective_count: int, lanes: Sequence[str], searches: int) -> None:
        self.metrics, self.objectives = tuple(metrics), tuple(metrics[:objective_count])
        self.lanes: Mapping[str, LaneHistory] = {name: LaneHistory(name, metrics, objective_count, searches) for name in lanes}
        self.event_count = 0
        self.finished = False

    def apply(self, event: e.RaceEvent) -> None:
        """Take the next event.

        Raises:
            ValueError: if it is not the next one, or speaks of a lane or a search that the race has not.
        """
        if event.number != self.event_count:
            raise ValueError(f"event {event.number} came where event {self.event_count} was due")
        match event:
            case e.RaceStarted():
                self.finished = False
            case e.LaneStarted():
                self._lane(event.lane).start(event)
            case e.LaneAdvanced():
                lane = self._lane(event.lane)
                for progress in event.searches:
                    if not 0 <= progress.seed < lane.searches:
                        raise ValueError(f"lane {event.lane!r} has searches 0 to {lane.searches - 1}, got {progress.seed}")
                    lane.advance(progress)
            case e.LaneFinished():
                self._lane(event.lane).end("finished", event.message)
            case e.LaneStopped():
                self._lane(event.lane).end("stopped", event.message, event.details)
            case e.RaceFinished():
                self.finished = True
        self.event_count += 1

    def _lane(self, name: str) -> LaneHistory:
        if name not in self.lanes:
            raise ValueError(f"there is no lane {name!r} in this race; it has {', '.join(self.lanes)}")
        return self.lanes[name]
