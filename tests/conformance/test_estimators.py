"""Every estimator that the catalog finds goes through the same checks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest

from nas_explorer.estimators import CATALOG, conformance
from nas_explorer.records import Measurement, Metric, metric
from nas_explorer.spaces import Architecture, SearchSpace, chain, load, nas_bench_201

FITS: dict[str, tuple[SearchSpace, SearchSpace]] = {
    "zero_cost": (chain(), load("tabular_mlp")),
    "reduced": (load("digits_cells"), load("tabular_mlp")),
    "cached": (load("digits_cells"), load("tabular_mlp")),
    "early_stopping": (load("digits_cells"), load("tabular_mlp")),
    "tabular": (nas_bench_201(), chain()),
    "training": (load("digits_cells"), load("tabular_mlp")),
    "weight_sharing": (load("digits_cells"), load("tabular_mlp")),
    "ec_nas": (load("nas_bench_101", vertices=5), chain()),
    "on_device": (load("digits_cells"), load("tabular_mlp")),
    "digits_cells": (load("digits_cells"), chain()),
}
"""For each estimator a space that it scores and one that it cannot."""
TWO_EPOCHS = {"name": "training", "options": {"epochs": 2}}
QUICK: dict[str, dict[str, object]] = {
    "training": {"epochs": 2},
    "weight_sharing": {"epochs": 1},
    "cached": {"estimator": TWO_EPOCHS},
    "on_device": {"estimator": TWO_EPOCHS},
    "reduced": {"estimator": TWO_EPOCHS, "data_share": 0.5},
    # Of nine evaluations of three networks none is to be stopped, so that all of them measure the same.
    "early_stopping": {"estimator": TWO_EPOCHS, "options": {"n_startup_trials": 100}},
}
"""Options that make the checks take seconds."""


@pytest.mark.parametrize("check", conformance.CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", CATALOG.names())
def test_an_estimator_conforms(name: str, check: Callable[[conformance.Case], None]) -> None:
    space, foreign = FITS[name]
    seed = 0 if name == "ec_nas" else 5            # its seed 5 draws a cell without a path, which is no network
    check(conformance.Case(CATALOG.make(name, QUICK.get(name)), space, foreign, seed=seed))


@pytest.mark.parametrize("name", CATALOG.names())
def test_a_run_folder_brings_the_estimator_back(name: str) -> None:
    estimator = CATALOG.make(name)
    spec = json.loads(json.dumps(CATALOG.spec(estimator)))
    assert CATALOG.make(spec["name"], spec["options"]) == estimator


@dataclass(frozen=True)
class Overeager:
    """Say one thing and measure another.

    Source: what beginners write
    """

    metrics: tuple[Metric, ...] = ()

    def check_space(self, space: SearchSpace) -> None:
        pass

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        yield Measurement(0, {"macs": float(len(architecture))})

    @property
    def measured(self) -> Sequence[Metric]:
        return (metric("macs"), metric("test_error"))


def test_the_checks_find_an_estimator_that_does_not_do_what_it_says() -> None:
    case = conformance.Case(Overeager(), nas_bench_201(), chain())
    with pytest.raises(AssertionError, match="it says that it measures"):
        conformance.measures_what_it_says(case)
    with pytest.raises(AssertionError, match="space 'chain' must be refused"):
        conformance.knows_its_spaces(case)
    with pytest.raises(AssertionError):
        conformance.check_estimator(Overeager(), nas_bench_201(), chain())
