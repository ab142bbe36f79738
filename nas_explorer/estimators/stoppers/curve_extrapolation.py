"""Stops a trial whose learning curve, drawn on to its end, will hardly beat the best."""

from __future__ import annotations

from collections.abc import Mapping

from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.protocol import Verdict
from nas_explorer.estimators.stoppers.curve_forecast import chance_below
from nas_explorer.options import check_whole_number
from nas_explorer.records import Metric

MOST_EARLIER = 30


class CurveExtrapolation:
    """Asks after every epoch how likely this curve is to end better than the best trial did, and stops it where that is too little.

    Domhan et al., IJCAI 2015, section 3.3; how a curve is drawn on is told in `curve_forecast`.

    Args:
        metric: what is watched.
        epochs: of a whole training.
        threshold: the least chance with which a trial goes on.
        patience: epochs that every trial gets; fewer than three say nothing of a curve.

    Raises:
        InvalidOption: if an option is out of range, or nobody says how long a training is.
    """

    def __init__(self, metric: Metric, epochs: int | None, threshold: float = 0.05, patience: int = 3) -> None:
        check_whole_number("patience", patience, least=2)
        if isinstance(threshold, bool) or not isinstance(threshold, (int, float)) or not 0 < threshold < 1:
            raise InvalidOption(f"threshold must be a chance above 0 and below 1, got {threshold!r:.60}")
        if epochs is None:
            raise InvalidOption("to draw a curve on, somebody must say where it ends: the estimator needs an attribute `epochs`")
        self.metric, self.epochs, self.threshold, self.patience = metric, epochs, threshold, patience
        self.best = float("inf")
        self._curves: dict[int, list[float]] = {}
        self._whole: list[list[float]] = []

    def look_after(self, step: int) -> int | None:
        return step + 1 if step + 1 < self.epochs else self.epochs

    def see(self, trial: int, step: int, values: Mapping[str, float]) -> Verdict:
        curve = self._curves.setdefault(trial, [])
        if step != len(curve) + 1 or self.metric.name not in values:                       # a gap: it is no curve by epochs
            return "go on"
        curve.append(self.metric.cost(values[self.metric.name]))
        if step < self.patience or step >= self.epochs or self.best == float("inf"):
            return "go on"
        return "stop" if chance_below(curve, self.epochs, self.best, self._whole) < self.threshold else "go on"

    def promoted(self) -> int | None:
        return None

    def given_up(self) -> int | None:
        return None

    def ended(self, trial: int, finished: bool) -> None:
        curve = self._curves.pop(trial, [])
        if finished and len(curve) == self.epochs:
            self.best = min(self.best, curve[-1])
            self._whole = [*self._whole, curve][-MOST_EARLIER:]
