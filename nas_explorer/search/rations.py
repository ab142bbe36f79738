"""Rations: trials that are trained only as long as the strategy says they are worth."""

from __future__ import annotations

import math
from collections.abc import Mapping

from nas_explorer.errors import StrategyFailed
from nas_explorer.estimators.protocol import STOPPED, last_epoch
from nas_explorer.strategies.protocol import Proposer, Rationing


class Rations:
    """How long the trials of one search are trained. It is brought up to date by the log, and then by the trials themselves.

    A ration is a share of the estimator's epochs; one that does not say how many it has trains everything in full.
    """

    def __init__(self, proposer: Proposer, estimator: object) -> None:
        self._proposer = proposer if isinstance(proposer, Rationing) else None
        self._last = last_epoch(estimator) or 1
        self._until: dict[int, int] = {}
        self._over: set[int] = set()

    def give(self, trial: int) -> None:
        """Note how long the architecture is trained that the strategy was asked for last.

        Raises:
            StrategyFailed: if the strategy raises, or names no share.
        """
        if self._proposer is None or self._last == 1:
            return
        try:
            share = float(self._proposer.ration())
        except Exception as error:
            raised = type(error).__name__
            raise StrategyFailed(f"the strategy raised {raised} when asked how long to train trial {trial}: {error}") from error
        if not (math.isfinite(share) and 0 < share <= 1):
            raise StrategyFailed(f"a ration is a share of the training, above 0 up to 1, got {share} for trial {trial}")
        self._until[trial] = epoch_of(share, self._last)

    def until(self, trial: int) -> int | None:
        """The epoch at which a trial ends; None: its own end."""
        until = self._until.get(trial)
        return until if until is not None and until < self._last else None

    def see(self, trial: int, step: int, values: Mapping[str, float]) -> dict[str, float]:
        """What a trial measured, with the epoch at which it was stopped; 0 while it was not."""
        seen, until = dict(values), self.until(trial)
        if until is not None and step >= until:
            self._over.add(trial)
            if step < self._last:                      # a table that looks once has had it all
                seen[STOPPED.name] = float(step)
        return seen if trial not in self._until else {STOPPED.name: 0.0, **seen}

    def is_over(self, trial: int) -> bool:
        """Whether a trial has had its ration, and nobody has told its end yet."""
        return trial in self._over

    def end(self, trial: int) -> None:
        self._until.pop(trial, None)
        self._over.discard(trial)


def epoch_of(share: float, epochs: int) -> int:
    """The epoch at which a ration ends.

    >>> [epoch_of(share, 9) for share in (1 / 9, 1 / 3, 1.0)], epoch_of(0.01, 12)
    ([1, 3, 9], 1)
    """
    return max(1, round(share * epochs))
