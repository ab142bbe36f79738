"""The adapter against a plain Optuna study."""

from __future__ import annotations

import dataclasses
import logging
import math
import subprocess
import sys
import warnings
from typing import Any

import numpy as np
import optuna
import pytest

from nas_explorer.errors import InvalidOption
from nas_explorer.records import Metric, Trial, metric
from nas_explorer.spaces import Architecture, Constraint, Graph, SearchSpace, chain, cost, decisions, nas_bench_201, op, sample
from nas_explorer.spaces import values as values_of
from nas_explorer.strategies import optuna_sampler
from nas_explorer.strategies.optuna_sampler import OptunaProposer, OptunaSampler
from nas_explorer.strategies.protocol import Problem, Proposer
from nas_explorer.strategies.random_search import RandomSearch
from tests.toys import switches

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
    ("QMCSampler", "sampler 'QMCSampler' does not fit here: it spreads numbers, not options"),
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


WIDTHS, DEPTHS, SIZES = (8, 16, 24, 32, 48, 64, 96, 128), (1, 2, 3, 4, 5, 6), (16, 24, 32, 48, 64)


def scaled() -> SearchSpace:
    """Four stages of a width and a depth each, at one of five resolutions; the widths of the last stand in no order."""
    network, last = Graph().input("image"), "image"
    for stage in range(4):
        widths = WIDTHS if stage < 3 else (64, 8, 32, 128, 16, 96, 24, 48)
        network = network.node(f"stage{stage}", [last], op=op("conv", kernel=3, channels=widths), repeat=values_of(*DEPTHS))
        last = f"stage{stage}"
    network = network.node("pool", [last], op="global_pool").node("logits", ["pool"], op=op("linear", features=10))
    return SearchSpace("scaled", network, resolution=values_of(*SIZES))


def distance(architecture: Architecture) -> float:
    """A valley: how far every number is from one that is neither small nor large, with the depths leaning on the widths."""
    found = (math.log2(float(architecture["resolution"])) - math.log2(48)) ** 2
    for stage in range(4):
        width, depth = math.log2(float(architecture[f"stage{stage}.conv.channels"])), float(architecture[f"stage{stage}.repeat"])
        found += (width - 5.0) ** 2 + (depth - 4 + (width - 5.0)) ** 2 / 4
    return found


def searched(proposer: Proposer, trials: int) -> float:
    best = math.inf
    for number in range(trials):
        architecture = proposer.ask()
        best = min(best, distance(architecture))
        proposer.tell(Trial(number, architecture, "finished", {"validation_error": distance(architecture)}))
    return best


def test_cma_es_is_a_plain_study_of_whole_numbers() -> None:
    space = scaled()
    study = optuna.create_study(sampler=plain_cma_es(), direction="minimize")
    proposer = begin(OptunaSampler("cma_es"), space)
    for number in range(60):
        trial, expected = study.ask(), {}
        for decision in decisions(space):
            in_order = sorted(decision.options)
            expected[decision.id] = in_order[trial.suggest_int(decision.id, 0, len(in_order) - 1)]
        architecture = proposer.ask()
        assert dict(architecture) == expected, f"trial {number}"
        study.tell(trial, distance(architecture))
        proposer.tell(Trial(number, architecture, "finished", {"validation_error": distance(architecture)}))


def plain_cma_es() -> optuna.samplers.BaseSampler:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return optuna.samplers.CmaEsSampler(seed=2, with_margin=True)


def test_on_widths_and_depths_cma_es_beats_random_search() -> None:
    """8 seeds of 80 trials: were they alike, the chance of winning them all would be 0.4 %."""
    problem = [Problem(scaled(), ONE, seed) for seed in range(8)]
    ours = [searched(OptunaSampler("cma_es").begin(one), 80) for one in problem]
    others = [searched(RandomSearch().begin(one), 80) for one in problem]
    assert all(a < b for a, b in zip(ours, others, strict=True))


@pytest.mark.parametrize(("space", "words"), [
    (nas_bench_201(), "'nas_bench_201' has none that is always asked; tpe, gp and nsga2 choose among options"),
    (switches(3), "'switches' has none that is always asked"),
])
def test_where_there_are_no_numbers_cma_es_says_so(space: SearchSpace, words: str) -> None:
    with pytest.raises(InvalidOption, match=f"cma_es moves numbers, such as widths, depths and kernel sizes, and {words}"):
        begin(OptunaSampler("cma_es"), space)


def test_cma_es_draws_what_is_no_number_and_learns_from_what_others_proposed() -> None:
    proposer = begin(OptunaSampler("cma_es"), chain(), TWO)                   # of two objectives the first
    own, foreign = proposer.ask(), sample(chain(), np.random.default_rng(5))
    proposer.tell(Trial(0, foreign, "finished", {"validation_accuracy": 90.0, "macs": 1.0}))
    proposer.tell(Trial(1, own, "finished", {"validation_accuracy": 80.0, "macs": 1.0}))
    best = proposer.study.best_trial
    assert {name: value for name, value in best.params.items() if name.endswith(".op")} == {
        name: value for name, value in foreign.items() if name.endswith(".op")}
    assert best.params["channels"] == (8, 16, 32).index(int(foreign["channels"]))


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InvalidOption, match=r"needs the package cmaes, which is not installed: pip install 'nas_explorer\[cma\]'"):
        OptunaSampler("cma_es")
