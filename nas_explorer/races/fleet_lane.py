"""A lane of a race on a table, all its searches at once as matrices."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nas_explorer.races.lookup import Lookup
from nas_explorer.races.repeats import MAX_REPEATS, repeats_text
from nas_explorer.records import Metric, ParetoFront
from nas_explorer.records.race_events import Found, Progress
from nas_explorer.strategies.protocol import Fleet


class FleetLane:
    """Runs until every search has ended; a trial that does not fit into what is left of the budget does not count, and ends its search.

    A fleet goes on in step: what a search would still do after its end is not looked at. Iterate it once.

    Attributes:
        message: what is worth knowing of how the searches did, at the end.
    """

    def __init__(self, fleet: Fleet, lookup: Lookup, objectives: Sequence[Metric], limits: Mapping[str, float], searches: int,
                 steps: int) -> None:
        """
        Args:
            steps: after so many trials of each search their progress is told.
        """
        self.fleet, self.lookup, self.objectives, self.steps = fleet, lookup, tuple(objectives), steps
        self.limits, self.searches, self.message = limits, searches, ""
        self.signs = np.array([1.0 if m.minimize else -1.0 for m in objectives])
        self.trials = np.zeros(searches, dtype=np.int64)
        self.seconds = np.zeros(searches)
        self.ended = np.zeros(searches, dtype=bool)
        self.best = np.full(searches, np.inf)
        self.fronts = [ParetoFront(objectives) for _ in range(searches)] if len(self.objectives) > 1 else []
        self.found: list[list[Found]] = [[] for _ in range(searches)]
        self._same = np.zeros(searches, dtype=np.int64)
        self._last = np.full(searches, -2)
        self._repeated = 0

    def __iter__(self) -> Iterator[list[Progress]]:
        step = 0
        while not self.ended.all():
            step += 1
            rows = self.fleet.ask()
            places = self.lookup.places(rows)
            costs = self._look(rows, places)
            self.fleet.tell(costs)
            if step % self.steps == 0:
                yield self._progress()
        self.message = repeats_text(self._repeated, self.searches)
        yield self._progress()

    def _look(self, rows: Any, places: Any) -> Any:
        """Count the trials of this step, and keep what is news. (searches, objectives) costs, infinite where the table has none."""
        known = places >= 0
        costs = np.where(known[:, None], self.lookup.columns[places, :len(self.objectives)] * self.signs, np.inf)
        counts = self._spend(np.where(known, self.lookup.seconds[places], 0.0))
        better = counts & (costs[:, 0] < self.best)
        self.best[better] = costs[better, 0]
        for i in np.flatnonzero(counts & known if self.fronts else better).tolist():
            values = tuple(self.lookup.columns[places[i]].tolist())
            joined = bool(self.fronts) and self.fronts[i].add(int(self.trials[i]), values[:len(self.objectives)])
            if better[i] or joined:
                epochs = self.lookup.epochs * float(self.trials[i])
                self.found[i].append(Found(int(self.trials[i]), round(float(self.seconds[i]), 3), epochs, values, tuple(rows[i].tolist())))
        self._end_repeats(places, counts)
        return costs

    def _spend(self, seconds: Any) -> Any:
        """Which trials of this step count; the searches that have no room for theirs end."""
        fits = self.trials < self.limits.get("trials", math.inf)
        fits &= self.seconds + seconds <= self.limits.get("simulated_seconds", math.inf)
        fits &= (self.trials + 1) * self.lookup.epochs <= self.limits.get("epochs", math.inf)
        counts = fits & ~self.ended
        self.trials += counts
        self.seconds += np.where(counts, seconds, 0.0)
        self.ended |= ~fits | (self.trials >= self.limits.get("trials", math.inf))
        return counts

    def _end_repeats(self, places: Any, counts: Any) -> None:
        self._same = np.where(places == self._last, self._same + 1, 0)
        self._last = places
        stuck = (self._same >= MAX_REPEATS - 1) & counts & ~self.ended
        self._repeated += int(stuck.sum())
        self.ended |= stuck

    def _progress(self) -> list[Progress]:
        found, self.found = self.found, [[] for _ in range(self.searches)]
        trials, seconds, ended = self.trials.tolist(), self.seconds.round(3).tolist(), self.ended.tolist()
        return [Progress(i, trials[i], seconds[i], trials[i] * self.lookup.epochs, tuple(found[i]), ended[i]) for i in range(self.searches)]
