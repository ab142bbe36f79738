"""The adapter against a plain Optuna study."""

from __future__ import annotations

import dataclasses
import logging
import subprocess
import sys
from typing import Any

import optuna
import pytest

from nas_explorer.errors import InvalidOption
from nas_explorer.records import Metric, Trial, metric
from nas_explorer.spaces import Architecture, Constraint, SearchSpace, chain, cost, decisions, nas_bench_201
from nas_explorer.strategies import optuna_sampler
from nas_explorer.strategies.optuna_sampler import OptunaProposer, OptunaSampler
from nas_explorer.strategies.protocol import Problem

ONE, TWO = (metric("validation_error"),), (metric("validation_accuracy"), metric("macs"))


def begin(sampler: OptunaSampler, space: SearchSpace, objectives: tuple[Metric, ...] = ONE, seed: int = 2) -> OptunaProposer:
    proposer = sampler.begin(Problem(space, objectives, seed))
    assert isinstance(proposer, OptunaProposer)
    return proposer


def values(architecture: Architecture) -> list[float]:
    """Two toy values: how many 3x3 convolutions there are, and how long the names are."""
    return [float(sum("3x3" in str(option) for option in architecture.values())), float(len("".join(map(str, architecture.values()))))]


PLAIN = {
    "tpe": (optuna.samplers.TPESampler, {"n_startup_trials": 5}),
    "nsga2": (optuna.samplers.NSGAIISampler, {"population_size": 6}),
    "nsga3": (optuna.samplers.NSGAIIISampler, {"population_size": 6}),
    "RandomSampler": (optuna.samplers.RandomSampler, {}),
}


@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")      # of the plain study's NSGA-III
@pytest.mark.parametrize("objectives", [ONE, TWO], ids=["one objective", "two objectives"])
@pytest.mark.parametrize("name", PLAIN)
def test_the_adapter_is_a_plain_study(name: str, objectives: tuple[Metric, ...]) -> None:
    space, (plain, options) = nas_bench_201(), PLAIN[name]
    study = optuna.create_study(sampler=plain(seed=2, **options), directions=["minimize" if m.minimize else "maximize" for m in objectives])
    proposer = begin(OptunaSampler(name, options), space, objectives)
    for number in range(40):
        trial = study.ask()
        expected = {decision.id: trial.suggest_categorical(decision.id, decision.options) for decision in decisions(space)}
        architecture = proposer.ask()
        assert dict(architecture) == expected, f"trial {number}"
        measured = values(architecture)[:len(objectives)]
        study.tell(trial, measured)
        proposer.tell(Trial(number, architecture, "finished", dict(zip([m.name for m in objectives], measured, strict=True))))


def test_conditional_decisions_become_parameters_only_where_they_are_active() -> None:
    proposer = begin(OptunaSampler("tpe"), chain())
    for number in range(20):
        architecture = proposer.ask()
        proposer.tell(Trial(number, architecture, "finished", {"validation_error": float(cost(chain(), architecture).parameter_count)}))
    params = [trial.params for trial in proposer.study.get_trials(deepcopy=False)]
    assert all("stage1[1].op" in p if p["stage1.repeat"] == 2 else "stage1[1].op" not in p for p in params)


def test_trials_told_in_any_order_reach_their_own_parameters() -> None:
    proposer = begin(OptunaSampler("tpe"), nas_bench_201(), TWO)
    asked = [proposer.ask() for _ in range(6)]
    for number in (4, 0, 5, 2, 1):
        given = dict(zip(("validation_accuracy", "macs"), values(asked[number]), strict=True))
        proposer.tell(Trial(number, asked[number], "finished", given))
    proposer.tell(Trial(3, asked[3], "failed", {}, "out of memory"))
    trials = proposer.study.get_trials(deepcopy=False)
    assert [trial.state.name for trial in trials] == ["COMPLETE"] * 3 + ["FAIL"] + ["COMPLETE"] * 2
    for trial in trials:
        assert trial.state.name == "FAIL" or trial.values == values(Architecture(trial.params))


def test_a_trial_somebody_else_proposed_is_learnt_from() -> None:
    proposer = begin(OptunaSampler("tpe"), nas_bench_201())
    own, foreign = proposer.ask(), Architecture({decision.id: "skip" for decision in decisions(nas_bench_201())})
    proposer.tell(Trial(0, foreign, "finished", {"validation_error": 1.0}))
    proposer.tell(Trial(1, own, "finished", {"validation_error": 2.0}))
    assert proposer.study.best_params == dict(foreign)


@pytest.mark.parametrize("refusals", [0, 100])
def test_the_rules_of_a_space_are_kept(refusals: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optuna_sampler, "MAX_REFUSALS", refusals)
    space = dataclasses.replace(nas_bench_201(), constraints=(Constraint("max_params", 200_000),))
    proposer = begin(OptunaSampler("tpe"), space)
    for number in range(15):
        architecture = proposer.ask()
        assert cost(space, architecture).parameter_count <= 200_000
        proposer.tell(Trial(number, architecture, "finished", {"validation_error": float(number)}))


def test_optuna_stays_silent_and_its_log_as_the_user_set_it(capsys: pytest.CaptureFixture[str]) -> None:
    optuna.logging.set_verbosity(optuna.logging.INFO)
    proposer = begin(OptunaSampler("gp", {"n_startup_trials": 2}), chain())
    for number in range(4):
        proposer.tell(Trial(number, proposer.ask(), "finished", {"validation_error": float(number)}))
    assert optuna.logging.get_verbosity() == logging.INFO
    assert capsys.readouterr() == ("", "")


def test_the_catalog_of_strategies_does_not_load_optuna_or_torch() -> None:
    program = ("import sys, nas_explorer.strategies as s; s.names(); s.describe('tpe'); s.make('regularized_evolution');"
               "assert not {'optuna', 'torch', 'pandas'} & set(sys.modules), 'loaded too much'")
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(("sampler", "message"), [
    ("tpa", r"Optuna has no sampler 'tpa', did you mean 'tpe'\? There is tpe, nsga2"),
    (7, "Optuna has no sampler 7"),
    ("CmaEsSampler", "sampler 'CmaEsSampler' does not fit here: it moves numbers, not options"),
    ("cma_es", "sampler 'cma_es' does not fit here: it moves numbers, not options, and here numbers are options too"),
    ("BruteForceSampler", "does not fit here: it needs study.optimize to end"),
])
def test_a_sampler_that_is_not_there_or_does_not_fit_is_refused(sampler: Any, message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        OptunaSampler(sampler)


@pytest.mark.parametrize(("options", "message"), [
    ({"n_startup_trial": 5}, r"TPESampler has no option 'n_startup_trial', did you mean 'n_startup_trials'\?"),
    ({"seed": 5}, "TPESampler has no option 'seed'"),
    (["n_startup_trials"], "options must be a mapping"),
])
def test_options_that_the_sampler_does_not_have_are_refused(options: Any, message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        OptunaSampler("tpe", options)


def test_options_that_the_sampler_refuses_are_refused_in_its_words() -> None:
    with pytest.raises(InvalidOption, match=r"NSGAIISampler refuses \{'population_size': 0\}: .*population_size"):
        OptunaSampler("nsga2", {"population_size": 0})
