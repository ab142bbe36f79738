"""The estimator that gives up early on what looks hopeless: any estimator, ASHA, any pruner of Optuna, or curves drawn on."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.protocol import STOPPED, Estimator, OnDemand, Stopper, find_metrics, knowing, last_epoch, measuring
from nas_explorer.estimators.stoppers.asha import Asha
from nas_explorer.estimators.stoppers.curve_extrapolation import CurveExtrapolation
from nas_explorer.estimators.stoppers.optuna_pruner import OptunaPruner, check_known, make_pruner
from nas_explorer.estimators.wrapping import bound, close, estimator_of, kept, measured_by, memory, new_memory
from nas_explorer.records import Measurement, Metric
from nas_explorer.spaces import Architecture, SearchSpace

OURS: Mapping[str, type[Asha] | type[CurveExtrapolation]] = {"asha": Asha, "curve_extrapolation": CurveExtrapolation}


@dataclass(frozen=True, slots=True)
class EarlyStopping:
    """Watch every training epoch by epoch, and stop those that look hopeless beside the others.

    A search decides beside its loop, from the measurements of all trials, on however many workers they run; a search that is resumed
    replays its log and decides on as before. A stopped trial is a finished one: what it measured is true, a strategy learns from it that
    the architecture is not good, and a run of stopped trials is no run of failures. `stopped_at_epoch` says where it stands still, and is
    0 for one that ran to its end. Nothing is stopped after its last epoch, which an estimator names in `epochs`, nor an estimator that
    looks only once. With another estimator around it, or without a search, a process compares the trials that it scored itself, at once.

    `asha` lets trials wait at epochs 1, 3, 9 and so on; those that are among the best third there, now or once others have come, go on
    before new ones begin. `curve_extrapolation` stops a trial whose curve, drawn on, will hardly beat the best. The others are Optuna's,
    and stop at once.

    Source: Li et al., asynchronous successive halving, MLSys 2020, arXiv 1810.05934; Domhan et al., Extrapolation of Learning Curves,
        IJCAI 2015; Akiba et al., Optuna, KDD 2019, arXiv 1907.10902; Li et al., Hyperband, JMLR 2018, arXiv 1603.06560

    Attributes:
        estimator: by name, {"name": ..., "options": {...}}, or one of your own.
        pruner: `asha`, `curve_extrapolation`, or of Optuna `median`, `percentile` (the best quarter goes on), `successive_halving`,
            `hyperband`, `threshold`, `patient`, or a class of `optuna.pruners` by its name.
        options: of the pruner. `asha`: {"min_resource": 1, "reduction_factor": 3, "wait": 9}, the epochs of the first rung, which share
            goes on, and how many others a trial waits for; `curve_extrapolation`: {"threshold": 0.05, "patience": 3}, the least
            chance with which a trial goes on, and the epochs that each one gets; of Optuna's what the class takes.
        metric: what is watched; None: the estimator's first.

    Raises:
        UnknownName, InvalidOption: if there is no such estimator or pruner, or it has no such options.
        InvalidMetric: if the estimator does not measure the metric.
    """
    estimator: str | Mapping[str, Any] | Estimator = "training"
    pruner: str = "median"
    options: Mapping[str, Any] = field(default_factory=dict)
    metric: str | None = None
    _inner: Estimator = field(init=False, repr=False, compare=False)
    _space: SearchSpace | None = field(default=None, init=False, repr=False, compare=False)
    _memory: str = field(default_factory=new_memory, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.options, Mapping):
            raise InvalidOption(f"options must be a mapping of the pruner's settings, got {self.options!r:.60}")
        object.__setattr__(self, "options", dict(self.options))
        object.__setattr__(self, "estimator", kept(self.estimator))
        object.__setattr__(self, "_inner", estimator_of(self.estimator))
        if self.metric is not None:
            object.__setattr__(self, "_inner", measuring(self.wrapped, (self.metric,)))
        self.stopper()

    @property
    def wrapped(self) -> Estimator:
        """The estimator that is watched."""
        return self._inner

    @property
    def watched(self) -> Metric:
        """What decides."""
        return self.wrapped.metrics[0] if self.metric is None else find_metrics(self.wrapped.metrics, (self.metric,))[0]

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return (*self.wrapped.metrics, STOPPED)

    @property
    def measured(self) -> tuple[Metric, ...]:
        return (*measured_by(self.wrapped), STOPPED)

    def measuring(self, names: Sequence[str]) -> EarlyStopping:
        find_metrics(self.metrics, names)
        if not isinstance(self.wrapped, OnDemand):
            return self
        more = replace(self, estimator=self.wrapped.measuring([name for name in names if name != STOPPED.name]))
        return more if self._space is None else more.for_space(self._space)

    def check_space(self, space: SearchSpace) -> None:
        self.wrapped.check_space(space)

    def for_space(self, space: SearchSpace) -> EarlyStopping:
        """The same estimator for a search in this space, with nothing seen yet.

        Raises:
            InvalidSpace: as `check_space`.
        """
        self.check_space(space)
        return knowing(self, _inner=bound(self.wrapped, space), _space=space, _memory=new_memory())

    def stopper(self) -> Stopper:
        """Who decides in a new search."""
        epochs = last_epoch(self.wrapped)
        if not isinstance(self.pruner, str) or self.pruner not in OURS:
            return OptunaPruner(self.watched, epochs, make_pruner(self.pruner, self.options))
        check_known(OURS[self.pruner], self.options, taken=("metric", "epochs"))
        return OURS[self.pruner](self.watched, epochs, **self.options)

    def _stopper_alone(self) -> Stopper:
        """Who decides where nobody can come back to a trial that waits: ASHA as Optuna has it, promoted on arrival or never."""
        if self.pruner != "asha":
            return self.stopper()
        options = {key: value for key, value in {"min_resource": 1, "reduction_factor": 3, **self.options}.items() if key != "wait"}
        return OptunaPruner(self.watched, last_epoch(self.wrapped), make_pruner("successive_halving", options))

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        """What the inner estimator measures, until the pruner has seen enough."""
        stopper, numbers = memory(self._memory, lambda: (self._stopper_alone(), itertools.count()))
        trial, is_over = next(numbers), False              # if it raises, or is closed from outside, it is no example for others
        evaluation = self.wrapped.evaluate(architecture)
        try:
            for measurement in evaluation:
                stop = stopper.see(trial, measurement.step, measurement.values) == "stop"
                yield Measurement(measurement.step, {**measurement.values, STOPPED.name: float(measurement.step if stop else 0)})
                if stop:
                    break
            is_over = True
        finally:
            close(evaluation)
            stopper.ended(trial, is_over)
