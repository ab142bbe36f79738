"""How much each decision of a space mattered in a run: Optuna's importance evaluators on the run as a study."""

from __future__ import annotations

import warnings
from typing import Literal, get_args

import optuna

from nas_explorer.errors import InvalidMetric, InvalidOption, RunError
from nas_explorer.records.history import History
from nas_explorer.records.metric import Metric
from nas_explorer.records.study import to_study
from nas_explorer.spaces import SearchSpace, decisions

Method = Literal["ped_anova", "fanova"]
FEWEST = 10  # finished trials; the evaluators compare two groups of them


def importances(
    history: History, space: SearchSpace, metric: Metric | None = None, method: Method = "ped_anova", seed: int = 0
) -> dict[str, float]:
    """Decision id -> its share of what all decisions matter, the largest first; the shares add up to 1.

    PED-ANOVA asks which decisions set the best tenth of the trials apart from all. fANOVA fits a random forest and asks what
    share of the variance each decision explains by itself. Decisions that hang on others are judged by the trials that asked
    for them: by PED-ANOVA as they are, by fANOVA in a forest of their own; a decision with fewer than ten such trials counts 0.

    Args:
        metric: an objective; None: the first.
        method: `fanova` needs scikit-learn.
        seed: of the forest.

    Raises:
        InvalidMetric: if the metric is no objective of the run.
        InvalidOption: if there is no such method, or scikit-learn is not there.
        RunError: if fewer than ten trials have finished.

    Watanabe et al., PED-ANOVA, IJCAI 2023, arXiv 2304.10255. Hutter et al., fANOVA, ICML 2014.
    """
    chosen = history.objectives[0] if metric is None else metric
    if chosen not in history.objectives:
        raise InvalidMetric(f"{chosen.name} is no objective of this run; there is {', '.join(m.name for m in history.objectives)}")
    if history.finished_count < FEWEST:
        raise RunError(f"importance needs {FEWEST} finished trials, and there are {history.finished_count}; let the search go on")
    at = history.objectives.index(chosen)
    study = _quiet_study(history, space)
    evaluator = _evaluator(method, seed)
    sign = 1.0 if chosen.minimize else -1.0

    def target(trial: optuna.trial.FrozenTrial) -> float:
        value: float = trial.values[at]
        return sign * value

    found: dict[str, float] = {}
    for group in _groups(history, space):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # each evaluator warns that a target is to be small, which ours is
            found |= evaluator.evaluate(study, params=group, target=target)
    total = sum(found.values())
    shares = {d.id: float(found.get(d.id, 0.0) / total) if total else 0.0 for d in decisions(space)}
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def _quiet_study(history: History, space: SearchSpace) -> optuna.Study:
    """Without Optuna's line about it; the user's setting of Optuna's log stays as it was."""
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        return to_study(history, space, "importance")
    finally:
        optuna.logging.set_verbosity(verbosity)


def _groups(history: History, space: SearchSpace) -> list[list[str]]:
    """Decisions that are asked in the same trials are judged together; those of too few trials, or with one option, not at all."""
    asked: dict[str, list[int]] = {d.id: [] for d in decisions(space) if len(d.options) > 1}
    for trial in history.trials():
        if trial.status == "finished":
            for key in trial.architecture:
                if key in asked:
                    asked[key].append(trial.number)
    groups: dict[tuple[int, ...], list[str]] = {}
    for key, trials in asked.items():
        if len(trials) >= FEWEST:
            groups.setdefault(tuple(trials), []).append(key)
    return list(groups.values())


def _evaluator(method: str, seed: int) -> optuna.importance.BaseImportanceEvaluator:
    if method not in get_args(Method):
        raise InvalidOption(f"method must be one of {', '.join(get_args(Method))}, got {method!r}")
    from optuna import importance

    if method == "ped_anova":
        return importance.PedAnovaImportanceEvaluator()
    try:
        return importance.FanovaImportanceEvaluator(seed=seed)
    except ImportError as error:
        raise InvalidOption(f"method='fanova' needs scikit-learn ({error}); pip install scikit-learn, or take 'ped_anova'") from error
