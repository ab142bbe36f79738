"""Everything that is known of one lane of a race: how far its searches have come, and what they found on the way."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from nas_explorer.records import race_events as e
from nas_explorer.records.history import copied
from nas_explorer.records.metric import Metric
from nas_explorer.records.pareto import hypervolume
from nas_explorer.records.race_trace import CLOCKS, Clock

Floats: TypeAlias = npt.NDArray[np.float64]
LaneState: TypeAlias = Literal["waiting", "running", "finished", "stopped"]


class LaneHistory:
    """The searches of one strategy, since it was begun for the last time.

    Attributes:
        spent: clock -> (searches,) how far each search has come.
        ended: (searches,) whether it goes no further.
        message, details: why it stopped, or what is worth knowing of it.
        first: the search from which on it was begun; those before had ended earlier.
    """

    def __init__(self, name: str, metrics: Sequence[Metric], objective_count: int, searches: int) -> None:
        self.name, self.metrics, self.objectives, self.searches = name, tuple(metrics), tuple(metrics[:objective_count]), searches
        self.state: LaneState = "waiting"
        self.vectorised = False
        self.message = self.details = ""
        self.spent: dict[Clock, Floats] = {clock: np.zeros(searches) for clock in CLOCKS}
        self.ended = np.zeros(searches, dtype=bool)
        self.first = 0
        self._began = self._closed = -1                # numbers of the events
        self._steps = array("d")                       # event, seed, clocks and whether it has ended, of every progress
        self._numbers = array("d")                     # event, seed, clocks and values of every find, one after the other
        self._rows: list[tuple[int, ...]] = []
        self._is_incumbent = bytearray()               # grows last: another thread that reads meanwhile counts by it
        self._best = np.full(searches, np.inf)
        self._volumes: tuple[tuple[float, ...], array[float], list[list[tuple[float, ...]]]] | None = None

    # ---- growing
    def start(self, event: e.LaneStarted) -> None:
        self.state, self.vectorised, self.first, self._began = "running", event.vectorised, event.first, event.number

    def keep(self, earlier: LaneHistory, count: int) -> None:
        """Take over what the first searches have come to before."""
        steps, finds = copied(earlier._steps).reshape(-1, 6), earlier._finds()
        self._steps.frombytes(steps[steps[:, 1] < count].tobytes())
        kept = finds[:, 1] < count
        self._numbers.frombytes(finds[kept].tobytes())
        self._rows = [row for row, is_kept in zip(earlier._rows, kept.tolist(), strict=True) if is_kept]
        self._is_incumbent = bytearray(b for b, is_kept in zip(earlier._is_incumbent, kept.tolist(), strict=True) if is_kept)
        for clock in CLOCKS:
            self.spent[clock][:count] = earlier.spent[clock][:count]
        self.ended[:count], self._best[:count] = earlier.ended[:count], earlier._best[:count]

    def advance(self, event: int, progress: e.Progress) -> None:
        amounts = (progress.trials, progress.seconds, progress.epochs)
        for clock, amount in zip(CLOCKS, amounts, strict=True):
            self.spent[clock][progress.seed] = amount
        self.ended[progress.seed] = progress.ended
        self._steps.extend((event, progress.seed, *amounts, progress.ended))
        for found in progress.found:
            cost = self.objectives[0].cost(found.values[0])
            self._numbers.extend((event, progress.seed, found.trial, found.seconds, found.epochs, *found.values))
            self._rows.append(found.row)
            self._is_incumbent.append(bool(cost < self._best[progress.seed]))
            self._best[progress.seed] = np.fmin(self._best[progress.seed], cost)

    def end(self, event: int, state: LaneState, message: str, details: str = "") -> None:
        self._closed, self.message, self.details, self.state = event, message, details, state

    def has_begun(self, events: int) -> bool:
        """Whether it had been begun after so many events of the race."""
        return 0 <= self._began < events

    def at(self, events: int) -> LaneHistory:
        """As it stood after so many events of the race. A copy, which does not grow."""
        then = LaneHistory(self.name, self.metrics, len(self.objectives), self.searches)
        if not self.has_begun(events):
            return then
        then.state, then.vectorised, then.first, then._began = "running", self.vectorised, self.first, self._began
        steps = copied(self._steps).reshape(-1, 6)
        steps = steps[steps[:, 0] < events]
        seeds = steps[:, 1].astype(int)
        for i, clock in enumerate(CLOCKS, start=2):
            then.spent[clock][seeds] = steps[:, i]     # of several, the last counts
        then.ended[seeds] = steps[:, 5] > 0
        finds = self._finds()
        count = int(np.searchsorted(finds[:, 0], events, side="left"))
        then._numbers.frombytes(finds[:count].tobytes())
        then._rows, then._is_incumbent = self._rows[:count], self._is_incumbent[:count]
        if 0 <= self._closed < events:
            then.end(self._closed, self.state, self.message, self.details)
        return then

    # ---- reading
    def column(self, name: str) -> Floats:
        """(incumbents,) of `seed`, a clock or a metric, of every trial that was the best of its search so far, in order."""
        place = ("event", "seed", *CLOCKS, *(m.name for m in self.metrics)).index(name)
        finds = self._finds()
        found: Floats = finds[np.frombuffer(bytes(self._is_incumbent[:len(finds)]), dtype=np.bool_), place]
        return found

    def _finds(self) -> Floats:
        """(finds, event and seed and clocks and metrics); a copy."""
        count, width = len(self._is_incumbent), 5 + len(self.metrics)
        return copied(self._numbers)[:count * width].reshape(count, width)

    def rows(self) -> list[tuple[int, ...] | None]:
        """(searches,) the best architecture of each search by the first objective, as option indices; None before the first."""
        found: list[tuple[int, ...] | None] = [None] * self.searches
        for seed, row, best in zip(self._finds()[:, 1].astype(int).tolist(), self._rows, self._is_incumbent, strict=False):
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
            at = np.searchsorted(grid, finds[:, 2 + CLOCKS.index(clock)], side="left")
            inside = at < len(grid)
            np.maximum.at(volumes, (finds[inside, 1].astype(int), at[inside]), self._volumes_at(tuple(reference), finds)[inside])
        volumes = np.maximum.accumulate(volumes, axis=1)
        volumes[(grid[None] > self.spent[clock][:, None]) & ~self.ended[:, None]] = np.nan
        return volumes

    def _volumes_at(self, reference: tuple[float, ...], finds: Floats) -> Floats:
        """(finds,) the volume of a search's front after each find; remembered, since a live view asks again and again."""
        if self._volumes is None or self._volumes[0] != reference:
            self._volumes = reference, array("d"), [[] for _ in range(self.searches)]
        _, known, points = self._volumes
        for row in finds[len(known):].tolist():
            front = points[int(row[1])]
            front.append(tuple(row[5:5 + len(self.objectives)]))
            known.append(hypervolume(front, reference, self.objectives))
        return copied(known)

    def final_volumes(self, reference: Sequence[float]) -> Floats:
        """(searches,) the volume that each search's front dominates by now; NaN where it has found nothing."""
        volumes = np.full(self.searches, np.nan)
        finds = self._finds()
        np.fmax.at(volumes, finds[:, 1].astype(int), self._volumes_at(tuple(reference), finds))
        return volumes

    def worst(self) -> tuple[float, ...]:
        """The worst value of each objective on any front so far."""
        values = self._finds()[:, 5:5 + len(self.objectives)]
        if not len(values):
            return tuple(m.worst for m in self.objectives)
        return tuple(float(v.max() if m.minimize else v.min()) for m, v in zip(self.objectives, values.T, strict=True))
