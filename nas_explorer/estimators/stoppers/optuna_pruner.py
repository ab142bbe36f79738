"""Any pruner of Optuna as a stopper: it is told of every epoch, and stops at once what it takes for hopeless."""

from __future__ import annotations

import difflib
import inspect
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.protocol import Verdict
from nas_explorer.records import Metric

if TYPE_CHECKING:
    import optuna

ALIASES = {
    "median": "MedianPruner", "percentile": "PercentilePruner", "successive_halving": "SuccessiveHalvingPruner",
    "hyperband": "HyperbandPruner", "threshold": "ThresholdPruner", "patient": "PatientPruner",
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


class OptunaPruner:
    """Compares the trials of one search in a study in memory, in the order in which they were first measured.

    Args:
        metric: what is watched.
        epochs: of a whole training, after which there is nothing to stop; None: not known.
    """

    def __init__(self, metric: Metric, epochs: int | None, pruner: optuna.pruners.BasePruner) -> None:
        self.metric, self.epochs = metric, epochs
        self._study = _study(pruner, metric)
        self._trials: dict[int, optuna.Trial] = {}
        self._values: dict[int, float] = {}

    def look_after(self, step: int) -> int | None:
        return step + 1

    def see(self, trial: int, step: int, values: Mapping[str, float]) -> Verdict:
        watched = self._trials.get(trial) or self._trials.setdefault(trial, self._study.ask())
        if self.metric.name in values:
            self._values[trial] = values[self.metric.name]
        if trial not in self._values or step == 0:
            return "go on"
        watched.report(self._values[trial], step)
        if step == self.epochs or not watched.should_prune():
            return "go on"
        self._tell(trial, "PRUNED")
        return "stop"

    def promoted(self) -> int | None:
        return None

    def given_up(self) -> int | None:
        return None

    def ended(self, trial: int, finished: bool) -> None:
        """A trial that failed or was left is no example for others."""
        if trial in self._trials:
            self._tell(trial, "COMPLETE" if finished and trial in self._values else "FAIL")

    def _tell(self, trial: int, state: str) -> None:
        from optuna.trial import TrialState

        value = self._values.pop(trial, None)
        self._study.tell(self._trials.pop(trial), value if state == "COMPLETE" else None, TrialState[state])


def make_pruner(name: object, options: Mapping[str, Any]) -> optuna.pruners.BasePruner:
    """A pruner of Optuna, by its name here or there.

    Raises:
        InvalidOption: if there is no such pruner, it does not fit here, or it refuses the options.
    """
    import optuna

    found = _pruner_class(name)
    check_known(found, options)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", category=optuna.exceptions.ExperimentalWarning)
            pruner: optuna.pruners.BasePruner = found(**{**NEEDED.get(found.__name__, {}), **options})
    except Exception as error:
        raise InvalidOption(f"{found.__name__} refuses {dict(options)}: {error}") from error
    return pruner


def check_known(kind: type[Any], options: Mapping[str, Any], taken: tuple[str, ...] = ()) -> None:
    """
    Args:
        taken: parameters that are no options.

    Raises:
        InvalidOption: if a class has no such option; the message lists those it has.
    """
    known = [parameter for parameter in inspect.signature(kind).parameters if parameter not in taken]
    for key in options:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1, cutoff=0.5)
            hint = f", did you mean {near[0]!r}? It" if near else "; it"
            raise InvalidOption(f"{kind.__name__} has no option {key!r}{hint} has {', '.join(known)}")


def _pruner_class(name: object) -> type[Any]:
    from optuna import pruners

    there = [known for known in dir(pruners) if known.endswith("Pruner")]
    wanted = ALIASES.get(name, name) if isinstance(name, str) else str(name)
    if wanted in UNFIT:
        raise InvalidOption(f"pruner {name!r} does not fit here: {UNFIT[wanted]}")
    if wanted not in there:
        fit = ["asha", "curve_extrapolation", *ALIASES, *(known for known in there if known not in UNFIT)]
        near = difflib.get_close_matches(str(name), fit, n=1, cutoff=0.5)
        hint = f", did you mean {near[0]!r}? There is" if near else "; there is"
        raise InvalidOption(f"there is no pruner {name!r}, here or in Optuna{hint} {', '.join(fit)}")
    found: type[Any] = getattr(pruners, wanted)
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
