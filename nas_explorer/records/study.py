"""A run as an Optuna study, for optuna-dashboard and Optuna's plots."""

from __future__ import annotations

import warnings
from datetime import datetime
from typing import Literal

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.trial import TrialState, create_trial

from nas_explorer.records.history import History
from nas_explorer.spaces import SearchSpace, decisions

STATES = {"finished": TrialState.COMPLETE, "failed": TrialState.FAIL}


def to_study(history: History, space: SearchSpace, name: str, storage: str | optuna.storages.BaseStorage | None = None) -> optuna.Study:
    """Every finished and failed trial with its decisions as categorical parameters, its other metrics as user attributes.

    Args:
        storage: None for memory, or what Optuna takes: "sqlite:///run.db", a JournalStorage.

    Raises:
        optuna.exceptions.DuplicatedStudyError: if the storage holds a study of this name.
    """
    directions: list[Literal["minimize", "maximize"]] = ["minimize" if m.minimize else "maximize" for m in history.objectives]
    study = optuna.create_study(storage=storage, study_name=name, directions=directions)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=optuna.exceptions.ExperimentalWarning)
        study.set_metric_names([m.name for m in history.objectives])
    choices: dict[str, BaseDistribution] = {d.id: CategoricalDistribution(d.options) for d in decisions(space)}
    names = [m.name for m in history.objectives]
    trials = []
    for trial in history.trials():
        if trial.status == "running":
            continue
        trials.append(
            create_trial(
                state=STATES[trial.status],
                params=dict(trial.architecture),
                distributions={key: choices[key] for key in trial.architecture},
                values=[trial.values[key] for key in names] if trial.status == "finished" else None,
                user_attrs={
                    **{key: value for key, value in trial.values.items() if key not in names},
                    **({"message": trial.message} if trial.message else {}),
                },
            )
        )
        _date(trials[-1], *history.times(trial.number))
    study.add_trials(trials)
    return study


def _date(trial: optuna.trial.FrozenTrial, started: float, seconds: float) -> None:
    trial.datetime_start = datetime.fromtimestamp(started)
    trial.datetime_complete = datetime.fromtimestamp(started + seconds)
