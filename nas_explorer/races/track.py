"""One search of a race: what it has spent, whether there is room for more, and what it found."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from nas_explorer.records import Metric, ParetoFront
from nas_explorer.records.race_events import Found, Progress


class Track:
    """Grows trial by trial. A trial that does not fit into what is left of the budget does not count, and ends the search.

    Attributes:
        trials, seconds, epochs: spent so far.
        ended: whether it goes no further.
    """

    def __init__(self, seed: int, objectives: Sequence[Metric], limits: Mapping[str, float]) -> None:
        self.seed, self.objectives = seed, tuple(objectives)
        self.most_trials = limits.get("trials", math.inf)
        self.most_seconds = limits.get("simulated_seconds", math.inf)
        self.most_epochs = limits.get("epochs", math.inf)
        self.trials, self.seconds, self.epochs = 0, 0.0, 0.0
        self.ended = False
        self.front = ParetoFront(self.objectives) if len(self.objectives) > 1 else None
        self.best = math.inf
        self.found: list[Found] = []

    def has_room(self, seconds: float, epochs: float) -> bool:
        """Whether a trial that costs so much still fits; where not, the search has ended."""
        fits = self.trials < self.most_trials and self.seconds + seconds <= self.most_seconds and self.epochs + epochs <= self.most_epochs
        self.ended = self.ended or not fits
        return fits

    def add(self, values: tuple[float, ...] | None, seconds: float, epochs: float, row: Sequence[int]) -> None:
        """A trial ended; without values it failed, and only costs."""
        self.trials += 1
        self.seconds += seconds
        self.epochs += epochs
        if self.trials >= self.most_trials:
            self.ended = True
        if values is not None and self._is_news(values):
            self.found.append(Found(self.trials, round(self.seconds, 3), self.epochs, values, tuple(row)))

    def _is_news(self, values: tuple[float, ...]) -> bool:
        cost = self.objectives[0].cost(values[0])
        better = cost < self.best
        if better:
            self.best = cost
        joined = self.front is not None and self.front.add(self.trials, values[:len(self.objectives)])
        return better or joined

    def progress(self) -> Progress:
        """What is new since the last time."""
        news, self.found = tuple(self.found), []
        return Progress(self.seed, self.trials, round(self.seconds, 3), self.epochs, news, self.ended)
