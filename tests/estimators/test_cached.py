"""No network is scored twice, and what the cache says is true of the network that asks."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from nas_explorer.errors import InvalidArchitecture, InvalidOption, InvalidSpace, UnknownName
from nas_explorer.estimators import conformance
from nas_explorer.estimators.cached import Cached, key_of
from nas_explorer.estimators.tabular import Tabular
from nas_explorer.records import Measurement, Metric, metric
from nas_explorer.spaces import Architecture, SearchSpace, canonical, chain, cost, enumerate_architectures, load, nas_bench_201, sample
from nas_explorer.spaces.library.nas_bench_201 import EDGES

CELLS = load("digits_cells")


@dataclass(frozen=True)
class Counting:
    """Writes down what it is asked."""

    asked: list[Architecture] = field(default_factory=list)
    fails: bool = False
    metrics: tuple[Metric, ...] = (metric("validation_error"), metric("parameter_count"))

    def check_space(self, space: SearchSpace) -> None:
        if space.name != CELLS.name:
            raise InvalidSpace(f"not for {space.name}")

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        self.asked.append(architecture)
        for step in (1, 2):
            yield Measurement(step, {"validation_error": 9.0 - step, "parameter_count": cost(CELLS, architecture).parameter_count})
        if self.fails:
            raise InvalidArchitecture("no")


def cell(**options: str) -> Architecture:
    return Architecture({**dict.fromkeys(EDGES, "none"), **{f"cell/{key[1]}→{key[2]}": option for key, option in options.items()}})


def test_the_same_architecture_is_scored_once_and_measured_alike() -> None:
    inner = Counting()
    estimator = Cached(inner).for_space(CELLS)
    once, again = (list(estimator.evaluate(cell(e03="skip"))) for _ in range(2))
    assert once == again
    assert [measurement.step for measurement in once] == [1, 2]
    assert len(inner.asked) == 1


def test_an_isomorphic_cell_is_the_same_network() -> None:
    inner = Counting()
    estimator = Cached(inner).for_space(CELLS)
    through_1, through_2 = cell(e01="conv_3x3", e13="conv_3x3"), cell(e02="conv_3x3", e23="conv_3x3")
    assert list(estimator.evaluate(through_1)) == list(estimator.evaluate(through_2))
    assert inner.asked == [through_1]


def test_a_dead_branch_has_parameters_of_its_own_and_is_no_hit() -> None:
    inner = Counting()
    estimator = Cached(inner).for_space(CELLS)
    lean, with_dead_branch = cell(e03="conv_3x3"), cell(e03="conv_3x3", e01="conv_3x3")
    assert canonical(CELLS, lean) == canonical(CELLS, with_dead_branch)
    for architecture in (lean, with_dead_branch):
        *_, last = estimator.evaluate(architecture)
        assert last.values["parameter_count"] == cost(CELLS, architecture).parameter_count
    assert len(inner.asked) == 2


def test_over_a_quarter_of_a_space_each_key_has_one_cost_and_one_graph() -> None:
    architectures = list(enumerate_architectures(CELLS))[::4]
    keys = {key_of(CELLS, architecture) for architecture in architectures}
    pairs = {(canonical(CELLS, architecture), *cost(CELLS, architecture)) for architecture in architectures}
    assert keys == pairs
    assert len({key[0] for key in keys}) < len(keys) < len(architectures)


def test_what_was_broken_off_or_failed_is_scored_again() -> None:
    for inner in (Counting(), Counting(fails=True)):
        estimator = Cached(inner).for_space(CELLS)
        evaluation = estimator.evaluate(cell())
        next(evaluation)
        evaluation.close()                                                     # type: ignore[attr-defined]
        for _ in range(2):
            if inner.fails:
                with pytest.raises(InvalidArchitecture, match="no"):
                    list(estimator.evaluate(cell()))
            else:
                list(estimator.evaluate(cell()))
        assert len(inner.asked) == (3 if inner.fails else 2)


def test_a_new_search_begins_with_an_empty_memory() -> None:
    inner = Counting()
    for _ in range(2):
        list(Cached(inner).for_space(CELLS).evaluate(cell()))
    assert len(inner.asked) == 2


def test_a_copy_sent_to_a_worker_shares_the_worker_s_memory() -> None:
    """As every trial brings the estimator along anew."""
    estimator = Cached({"name": "training", "options": {"epochs": 1}}).for_space(CELLS)
    once, again = (list(pickle.loads(pickle.dumps(estimator)).evaluate(cell(e03="skip"))) for _ in range(2))
    assert once == again                                                       # train_seconds of the clock, too


def test_it_measures_what_the_inner_one_can(objectives: tuple[Metric, Metric]) -> None:
    space, names = nas_bench_201(), [objective.name for objective in objectives]
    estimator = Cached("tabular").measuring(names).for_space(space)
    architecture = sample(space, np.random.default_rng(0))
    (seen,) = estimator.evaluate(architecture)
    assert seen == next(Tabular().measuring(names).evaluate(architecture))
    assert estimator.measured == Tabular().measuring(names).measured
    options = {"dataset": "cifar100", "benchmark": "nas_bench_201", "epochs": 12, "also": ()}
    assert Cached(Tabular(dataset="cifar100")) == Cached({"name": "tabular", "options": options})


def test_one_of_one_s_own_conforms_when_it_is_wrapped() -> None:
    for check in conformance.CHECKS[1:]:                                       # its options are no JSON
        check(conformance.Case(Cached(Counting()), CELLS, chain()))


def test_what_cannot_be_wrapped_is_refused() -> None:
    with pytest.raises(UnknownName, match="there is no estimator 'trainin'; did you mean 'training'"):
        Cached("trainin")
    with pytest.raises(InvalidOption, match="an estimator is described by its name and options"):
        Cached({"estimator": "training"})
    with pytest.raises(InvalidOption, match="the estimator to wrap is a name"):
        Cached(3)                                                              # type: ignore[arg-type]
    with pytest.raises(InvalidOption, match=r"Cached\(...\).for_space\(space\)"):
        next(Cached().evaluate(cell()))
