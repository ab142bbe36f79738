"""Random search with the same budget, beside every search on a table: the bar that a strategy has to clear."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nas_explorer.estimators.protocol import Truth
from nas_explorer.records import Event, History, Trial, history_at
from nas_explorer.search.budget import Budget
from nas_explorer.search.constraints import within
from nas_explorer.search.evaluator import Inline
from nas_explorer.search.loop import Loop
from nas_explorer.search.plan import SearchPlan
from nas_explorer.spaces import Architecture, SearchSpace, sample

SALT = 0x5EED
_SOME = 300  # events between two looks at the clock


@dataclass(slots=True)
class _Random:
    """Architectures drawn uniformly, option by option; learns nothing."""

    space: SearchSpace
    rng: np.random.Generator

    def ask(self) -> Architecture:
        return sample(self.space, self.rng)

    def tell(self, trial: Trial) -> None:
        return None


class RandomTwin:
    """Grows with the search that it stands beside.

    Attributes:
        history: what random search has found with the budget that was used so far.
    """

    def __init__(self, plan: SearchPlan) -> None:
        random = _Random(plan.space, np.random.default_rng([plan.seed, SALT]))
        proposer = within(random, plan.space, plan.estimator, plan.limits, plan.seed)
        objectives = [m.name for m in plan.objectives]
        self._by_seconds = plan.budget.simulated_seconds is not None
        self._events: Iterator[Event] = iter(Loop(plan.space, proposer, Inline(plan.estimator), objectives, Budget(trials=10**9)))
        self.history = History(plan.objectives)

    def follow(self, history: History, patience: float | None = None) -> bool:
        """Use as much budget as the search has: as many trials, or as many simulated seconds if those are the budget.

        Args:
            patience: seconds after which it is left behind for now; None: until it is there.

        Returns:
            Whether it is there.
        """
        end = None if patience is None else time.monotonic() + patience
        while self._behind(history):
            if end is not None and time.monotonic() > end:
                return False
            for _ in range(_SOME):
                if not self._behind(history):
                    break
                self.history.apply(next(self._events))
        return True

    def _behind(self, history: History) -> bool:
        if self._by_seconds:
            return self.history.simulated_seconds < history.simulated_seconds
        return self.history.ended_count < history.ended_count

    def at(self, past: History) -> History:
        """What it had found when the search stood at a moment of its past."""
        self.follow(past)
        spent = past.simulated_seconds if self._by_seconds else past.ended_count
        if not spent:
            return history_at(self.history, 0)
        _, ended = self.history.spans()
        seconds = self.history.column("train_seconds")
        used = np.cumsum(np.where(np.isnan(seconds), 0.0, seconds)) if self._by_seconds else np.arange(1, len(seconds) + 1)
        last = int(np.searchsorted(used, spent))
        return history_at(self.history, int(ended[last]) + 1)


def twin_of(plan: SearchPlan) -> RandomTwin | None:
    """A twin where scoring costs nothing, that is for a table; None where networks would have to be trained for it."""
    return RandomTwin(plan) if isinstance(plan.estimator, Truth) else None
