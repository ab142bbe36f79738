"""The catalog of strategies: names, options from a terminal, and what a run folder keeps."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

import pytest

from nas_explorer import strategies
from nas_explorer.errors import InvalidOption, UnknownName
from nas_explorer.strategies import CATALOG
from nas_explorer.strategies.optuna_sampler import OptunaSampler
from nas_explorer.strategies.random_search import RandomSearch
from nas_explorer.strategies.regularized_evolution import RegularizedEvolution


def test_every_file_is_an_entry() -> None:
    assert {"random_search", "regularized_evolution", "tpe", "nsga2", "nsga3", "gp", "optuna_sampler"} <= set(strategies.names())


def test_options_from_a_terminal_become_what_the_strategy_takes() -> None:
    options = CATALOG.parse("regularized_evolution", {"population_size": "10", "tournament_size": "3"})
    assert CATALOG.make("regularized_evolution", options) == RegularizedEvolution(10, 3)
    options = CATALOG.parse("tpe", {"options": '{"n_startup_trials": 5}'})
    assert CATALOG.make("tpe", options) == OptunaSampler("tpe", {"n_startup_trials": 5})
    assert CATALOG.parse("random_search", {"uniform_over": "architectures"}) == {"uniform_over": "architectures"}


@pytest.mark.parametrize(("name", "options", "message"), [
    ("regularized_evolution", {"population_size": "ten"}, "population_size must be a whole number, got 'ten'"),
    ("regularized_evolution", {"population_size": "10.5"}, "population_size must be a whole number, got '10.5'"),
    ("regularized_evolution", {"population": "10"}, "has no option 'population', did you mean 'population_size'[?] it has population_size"),
    ("random_search", {"uniform_over": "all"}, "uniform_over must be one of options, architectures, got 'all'"),
    ("tpe", {"options": "n_startup_trials=5"}, "options must be a mapping in JSON"),
    ("tpe", {"sampler": "gp"}, "strategy 'tpe' has no option 'sampler'; it has options"),
])
def test_options_that_mean_nothing_are_refused(name: str, options: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        CATALOG.make(name, CATALOG.parse(name, options))


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(UnknownName, match="no strategy 'regularised_evolution'; did you mean 'regularized_evolution'"):
        CATALOG.make("regularised_evolution")


def test_a_preset_is_kept_under_its_own_name_and_another_sampler_under_the_general_one() -> None:
    assert CATALOG.spec(OptunaSampler("nsga2")) == {"name": "nsga2", "options": {"options": {}}}
    assert CATALOG.spec(OptunaSampler("RandomSampler"))["name"] == "optuna_sampler"


def test_a_class_is_found_by_its_name_and_no_other() -> None:
    assert strategies.RandomSearch is RandomSearch
    assert strategies.OptunaSampler is OptunaSampler
    for name in ("NoSuchStrategy", "Protocol", "_hidden", "numpy"):
        with pytest.raises(AttributeError, match="has no attribute"):
            getattr(strategies, name)


def test_a_strategy_of_ones_own_may_be_entered() -> None:
    @dataclass(frozen=True)
    class Mine(RandomSearch):
        """Draw as I like."""

    catalog = type(CATALOG)("strategy", "nas_explorer.strategies", CATALOG.skip)
    catalog.add("mine", Mine)
    assert catalog.make("mine", {"uniform_over": "architectures"}) == Mine("architectures")
    assert "mine" in catalog.names()
    assert "mine" not in CATALOG.names()


def test_two_threads_that_ask_at_once_both_hear_of_every_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = type(CATALOG)("strategy", "nas_explorer.strategies", CATALOG.skip)
    begun, real = threading.Event(), catalog._read

    def slowly(file: str) -> Any:
        begun.set()
        time.sleep(0.005)
        return real(file)

    monkeypatch.setattr(catalog, "_read", slowly)
    thread = threading.Thread(target=catalog.names)
    thread.start()
    begun.wait(10)
    assert catalog.names() == CATALOG.names()
    thread.join(10)
