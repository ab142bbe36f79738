"""Asynchronous successive halving: a trial waits at each rung until it is among the best there, and may be promoted at any time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.protocol import Verdict
from nas_explorer.options import check_whole_number
from nas_explorer.records import Metric


@dataclass(slots=True)
class Rung:
    """What was measured after so many epochs.

    Attributes:
        costs: trial -> value, turned so that less is better.
        waiting: trials that stand here -> how many had come when they came.
    """

    step: int
    costs: dict[int, float] = field(default_factory=dict)
    waiting: dict[int, int] = field(default_factory=dict)


class Asha:
    """Promotes the best 1/`reduction_factor` of each rung, whoever they are by now, before a new trial begins.

    Where the paper lets a trial wait for ever, here it ends when `wait` others have come to its rung and it is still not among the best:
    a network that waits holds memory, and a strategy that learns wants to be told.

    Li et al., A System for Massively Parallel Hyperparameter Tuning, MLSys 2020, algorithm 2, arXiv 1810.05934; r is `min_resource`, eta
    is `reduction_factor`, R is `epochs`.

    Args:
        metric: what is compared.
        epochs: of a whole training, where no rung is needed; None: not known, then rungs go on for ever.

    Raises:
        InvalidOption: if an option is out of range.
    """

    def __init__(
        self, metric: Metric, epochs: int | None, min_resource: int = 1, reduction_factor: int = 3, wait: int | None = None
    ) -> None:
        check_whole_number("min_resource", min_resource)
        check_whole_number("reduction_factor", reduction_factor, least=2)
        self.metric, self.epochs, self.factor = metric, epochs, reduction_factor
        self.first = min_resource
        self.wait = reduction_factor**2 if wait is None else wait
        check_whole_number("wait", self.wait, least=0)
        if epochs is not None and min_resource >= epochs > 1:
            raise InvalidOption(f"min_resource must be below the {epochs} epochs of a training, got {min_resource}")
        self.rungs: list[Rung] = []

    def look_after(self, step: int) -> int | None:
        rung = self.first
        while rung <= step:
            rung *= self.factor
        return None if self.epochs is not None and rung >= self.epochs else rung

    def see(self, trial: int, step: int, values: Mapping[str, float]) -> Verdict:
        self._leave(trial)
        due = self.look_after(self._reached(trial))
        if due is None or step < due or self.metric.name not in values:
            return "go on"
        if self._height(trial) == len(self.rungs):
            self.rungs.append(Rung(due))
        rung = self.rungs[self._height(trial)]
        rung.costs[trial] = self.metric.cost(values[self.metric.name])
        rung.waiting[trial] = len(rung.costs)
        return "wait"

    def promoted(self) -> int | None:
        for rung in reversed(self.rungs):
            best = sorted(rung.costs, key=rung.costs.__getitem__)[: len(rung.costs) // self.factor]
            for trial in best:
                if rung.waiting.pop(trial, None) is not None:
                    return trial
        return None

    def given_up(self) -> int | None:
        for rung in self.rungs:
            for trial, came in rung.waiting.items():
                if len(rung.costs) - came >= self.wait:
                    del rung.waiting[trial]
                    return trial
        return None

    def ended(self, trial: int, finished: bool) -> None:
        """One that failed stays on its rungs: what it measured there was true."""
        self._leave(trial)

    def _leave(self, trial: int) -> None:
        for rung in self.rungs:
            rung.waiting.pop(trial, None)

    def _height(self, trial: int) -> int:
        """The rungs that it has climbed."""
        return sum(trial in rung.costs for rung in self.rungs)

    def _reached(self, trial: int) -> int:
        height = self._height(trial)
        return self.rungs[height - 1].step if height else 0
