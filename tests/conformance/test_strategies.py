"""Every strategy that the catalog finds goes through the same checks, on a table's space and on one with conditional decisions."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from nas_explorer.errors import InvalidOption
from nas_explorer.records import Metric, Trial, metric
from nas_explorer.spaces import Architecture, SearchSpace, chain, nas_bench_201, sample
from nas_explorer.strategies import CATALOG, Problem, conformance
from nas_explorer.strategies.fleets import random_search as fleets
from tests.toys import switches

ONE, TWO = (metric("validation_error"),), (metric("validation_accuracy"), metric("macs"))
SPACES = {"nas_bench_201": nas_bench_201(), "chain": chain()}
TRIALS = {"gp": 12}                # its first ten are random; each one after them costs half a second
NEEDS_NUMBERS = ("cma_es",)        # and the table's space has none


@pytest.mark.parametrize("objectives", [ONE, TWO], ids=["one objective", "two objectives"])
@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("check", conformance.CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", CATALOG.names())
def test_a_strategy_conforms(name: str, check: Callable[[conformance.Case], None], space: str,
                             objectives: tuple[Metric, ...]) -> None:
    if name in NEEDS_NUMBERS and space == "nas_bench_201":
        with pytest.raises(InvalidOption, match="moves numbers"):
            CATALOG.make(name).begin(Problem(SPACES[space], objectives))
        return
    check(conformance.Case(CATALOG.make(name), SPACES[space], objectives, TRIALS.get(name, 16)))


@pytest.mark.parametrize("name", CATALOG.names())
def test_a_run_folder_brings_the_strategy_back(name: str) -> None:
    strategy = CATALOG.make(name)
    spec = json.loads(json.dumps(CATALOG.spec(strategy)))
    assert CATALOG.make(spec["name"], spec["options"]) == strategy


@pytest.mark.parametrize("name", CATALOG.names())
def test_a_strategy_has_a_summary_and_a_source(name: str) -> None:
    description = CATALOG.describe(name)
    assert description.summary.endswith(".")
    assert len(description.source) > 10
    assert all(option.type for option in description.options)


@dataclass(frozen=True)
class Careless:
    """Draw from the user's generator.

    Source: what beginners write
    """

    def begin(self, problem: Problem) -> Careless.Proposer:
        return Careless.Proposer(problem.space)

    class Proposer:
        def __init__(self, space: SearchSpace) -> None:
            self.space = space

        def ask(self) -> Architecture:
            return sample(self.space, np.random.default_rng(random.getrandbits(32)))

        def tell(self, trial: Trial) -> None:
            pass


@dataclass(frozen=True)
class Forgetful(Careless):
    """Refuse to go on after a failure.

    Source: what beginners write next
    """

    def begin(self, problem: Problem) -> Careless.Proposer:
        class Proposer(Careless.Proposer):
            def ask(self) -> Architecture:
                return Architecture({"cell/0→1": "skip"})
        return Proposer(problem.space)


def test_the_checks_find_a_strategy_that_uses_global_randomness() -> None:
    case = conformance.Case(Careless(), nas_bench_201())
    with pytest.raises(AssertionError, match="the same seed proposed"):
        conformance.repeats_itself(case)
    with pytest.raises(AssertionError, match="it drew from random"):
        conformance.leaves_global_randomness_alone(case)


def test_the_checks_find_a_strategy_that_proposes_nonsense() -> None:
    with pytest.raises(Exception, match="asks for decision"):
        conformance.proposes_from_the_space(conformance.Case(Forgetful(), nas_bench_201()))


@dataclass(frozen=True)
class Greedy(Careless):
    """Want more than there is.

    Source: what beginners write last
    """

    def begin(self, problem: Problem) -> Careless.Proposer:
        class Proposer(Careless.Proposer):
            def ask(self) -> Architecture:
                return sample(self.space, np.random.default_rng(0))

            def ration(self) -> float:
                return 1.5
        return Proposer(problem.space)

    def begin_many(self, problem: Problem, searches: int) -> fleets.RandomFleet:
        return fleets.RandomFleet(problem.space, searches, np.random.default_rng())


def test_the_checks_find_a_ration_above_the_whole_and_a_fleet_without_seed() -> None:
    case = conformance.Case(Greedy(), nas_bench_201())
    with pytest.raises(AssertionError, match=r"a ration is above 0 and at most 1, got 1\.5 for trial 0"):
        conformance.rations_are_shares(case)
    with pytest.raises(AssertionError, match="the same seed gave a fleet other proposals as trial 0"):
        conformance.fleets_propose_from_the_space(case)


@pytest.mark.parametrize("name", ["exhaustive", "local_search", "bananas", "random_search", "hyperband"])
def test_a_space_that_is_soon_exhausted_is_no_error(name: str) -> None:
    conformance.check_strategy(CATALOG.make(name), switches(3), trials=20)


@dataclass(frozen=True)
class Boastful(Careless):
    """Name a parent that is yet to be born.

    Source: what beginners write to impress
    """

    def begin(self, problem: Problem) -> Careless.Proposer:
        class Proposer(Careless.Proposer):
            def ask(self) -> Architecture:
                return sample(self.space, np.random.default_rng(0))

            def why(self) -> dict[str, object]:
                return {"kind": "mutation", "parents": [7]}
        return Proposer(problem.space)


def test_the_checks_find_a_parent_that_was_not_told() -> None:
    with pytest.raises(AssertionError, match=r"parents are trials it was told of, got .* for trial 0"):
        conformance.explains_in_words_json_has(conformance.Case(Boastful(), nas_bench_201()))


def test_one_call_checks_a_strategy_of_ones_own() -> None:
    with pytest.raises(AssertionError, match="the same seed proposed"):
        conformance.check_strategy(Careless(), nas_bench_201())
    conformance.check_strategy(CATALOG.make("random_search"), chain())
