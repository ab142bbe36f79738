"""The estimator that gives up early on what looks hopeless: any estimator, any pruner of Optuna."""

from __future__ import annotations

import difflib
import inspect
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.protocol import Estimator, OnDemand, find_metrics, knowing, measuring
from nas_explorer.estimators.wrapping import bound, close, estimator_of, kept, last_epoch, measured_by, memory, new_memory
from nas_explorer.records import Measurement, Metric
from nas_explorer.spaces import Architecture, SearchSpace

if TYPE_CHECKING:
    import optuna

STOPPED = Metric("stopped_at_epoch", "", True, "stopped at epoch")
ALIASES = {
    "median": "MedianPruner", "percentile": "PercentilePruner", "successive_halving": "SuccessiveHalvingPruner",
    "asha": "SuccessiveHalvingPruner", "hyperband": "HyperbandPruner", "threshold": "ThresholdPruner", "patient": "PatientPruner",
}
UNFIT = {
    "BasePruner": "it is only a base class",
    "NopPruner": "it stops nothing; take the estimator without early stopping",
    "WilcoxonPruner": "it compares the same problem instances, and epochs are none",
}
"""Pruners that cannot judge a training by its epochs, and why."""
NEEDED: Mapping[str, Mapping[str, Any]] = {
    "PercentilePruner": {"percentile": 25.0}, "PatientPruner": {"wrapped_pruner": None, "patience": 2},
}
"""Options that Optuna has no default for."""


@dataclass(frozen=True, slots=True)
class EarlyStopping:
    """Watch every training epoch by epoch, and stop those that a pruner of Optuna takes for hopeless.

    A stopped trial is a finished one: what it measured is true, a strategy learns from it that the architecture is not good, and a run
    of stopped trials is no run of failures. `stopped_at_epoch` says where it ended, and is 0 for one that ran to its end. A trial is
    compared with those before it in the same search; with several workers, with those that the same worker ran. A search that is resumed
    begins to compare anew. Nothing is stopped after its last epoch, which an estimator names in `epochs`, nor an estimator that looks
    only once.

    Source: Akiba et al., Optuna, KDD 2019, arXiv 1907.10902; Li et al., asynchronous successive halving, MLSys 2020, arXiv 1810.05934
        (Optuna stops what is not promoted on arrival, where the paper lets it wait); Li et al., Hyperband, JMLR 2018, arXiv 1603.06560

    Attributes:
        estimator: by name, {"name": ..., "options": {...}}, or one of your own.
        pruner: `median`, `percentile` (the best quarter goes on), `successive_halving` or `asha`, `hyperband`, `threshold`, `patient`, or a
            class of `optuna.pruners` by its name.
        options: what that class takes: {"n_startup_trials": 10}.
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
        make_pruner(self.pruner, self.options)
        if self.metric is not None:
            object.__setattr__(self, "_inner", measuring(self.wrapped, (self.metric,)))

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

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        """What the inner estimator measures, until the pruner has seen enough."""
        from optuna.trial import TrialState

        study = memory(self._memory, lambda: _study(make_pruner(self.pruner, self.options), self.watched))
        trial = study.ask()
        state, value = TrialState.FAIL, None               # also if it raises, or is closed from outside: no example for others
        evaluation = self.wrapped.evaluate(architecture)
        try:
            for measurement in evaluation:
                value = measurement.values.get(self.watched.name, value)
                stop = value is not None and self._is_hopeless(trial, measurement.step, value)
                yield Measurement(measurement.step, {**measurement.values, STOPPED.name: float(measurement.step if stop else 0)})
                if stop:
                    state = TrialState.PRUNED
                    return
            state = TrialState.FAIL if value is None else TrialState.COMPLETE
        finally:
            close(evaluation)
            study.tell(trial, value if state == TrialState.COMPLETE else None, state)

    def _is_hopeless(self, trial: optuna.Trial, step: int, value: float) -> bool:
        if step == 0:
            return False
        trial.report(value, step)
        return step != last_epoch(self.wrapped) and trial.should_prune()


def make_pruner(name: object, options: Mapping[str, Any]) -> optuna.pruners.BasePruner:
    """A pruner of Optuna, by its name here or there.

    Raises:
        InvalidOption: if there is no such pruner, it does not fit here, or it refuses the options.
    """
    import optuna

    found = _pruner_class(name)
    known = list(inspect.signature(found).parameters)
    for key in options:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1, cutoff=0.5)
            hint = f", did you mean {near[0]!r}? It" if near else "; it"
            raise InvalidOption(f"{found.__name__} has no option {key!r}{hint} has {', '.join(known)}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", category=optuna.exceptions.ExperimentalWarning)
            pruner: optuna.pruners.BasePruner = found(**{**NEEDED.get(found.__name__, {}), **options})
    except Exception as error:
        raise InvalidOption(f"{found.__name__} refuses {dict(options)}: {error}") from error
    return pruner


def _pruner_class(name: object) -> type[Any]:
    from optuna import pruners

    there = [known for known in dir(pruners) if known.endswith("Pruner")]
    wanted = ALIASES.get(name, name) if isinstance(name, str) else name
    if wanted in UNFIT:
        raise InvalidOption(f"pruner {name!r} does not fit here: {UNFIT[str(wanted)]}")
    if wanted not in there:
        fit = [*ALIASES, *(known for known in there if known not in UNFIT)]
        near = difflib.get_close_matches(str(name), fit, n=1, cutoff=0.5)
        hint = f", did you mean {near[0]!r}? There is" if near else "; there is"
        raise InvalidOption(f"Optuna has no pruner {name!r}{hint} {', '.join(fit)}")
    found: type[Any] = getattr(pruners, str(wanted))
    return found


def _study(pruner: optuna.pruners.BasePruner, metric: Metric) -> optuna.Study:
    """A study in memory, made without Optuna's line about it; it draws nothing, it only compares."""
    import optuna

    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        # Hyperband sorts trials into brackets by the study's name, so that a name made up anew would sort them anew.
        return optuna.create_study(study_name="early_stopping", pruner=pruner, sampler=optuna.samplers.RandomSampler(seed=0),
                                   direction="minimize" if metric.minimize else "maximize")
    finally:
        optuna.logging.set_verbosity(verbosity)
