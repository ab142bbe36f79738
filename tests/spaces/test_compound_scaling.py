"""Compound scaling against the published coefficients, and against counted multiply-adds."""

from __future__ import annotations

import dataclasses
import math

import pytest

from nas_explorer.errors import InvalidOption, InvalidSpace
from nas_explorer.spaces import cost, load, values
from nas_explorer.spaces.compound_scaling import PUBLISHED, Scaling, scaled, scaling_grid
from nas_explorer.spaces.library.efficientnet import efficientnet

B0 = efficientnet("b0", searched=False)


def test_the_published_coefficients_are_in_the_grid_and_cost_1_92() -> None:
    assert (PUBLISHED.alpha, PUBLISHED.beta, PUBLISHED.gamma) == (1.2, 1.1, 1.15)
    assert math.isclose(PUBLISHED.cost, 1.2 * 1.1**2 * 1.15**2)
    assert round(PUBLISHED.cost, 2) == 1.92
    assert PUBLISHED in scaling_grid()


def test_the_grid_is_all_there_is_within_the_tolerance() -> None:
    found = {(one.alpha, one.beta, one.gamma) for one in scaling_grid(budget=2.0, tolerance=0.1)}
    steps = [round(1 + 0.05 * i, 2) for i in range(21)]
    assert found == {(a, b, c) for a in steps for b in steps for c in steps if abs(a * b * b * c * c - 2) <= 0.1}


@pytest.mark.parametrize("phi", [0.5, 1.0, 2.0])
def test_scaling_b0_is_the_formula_of_the_library(phi: float) -> None:
    """The library's spaces are written down by themselves: width, depth and resolution by 1.1, 1.2 and 1.15 to the phi."""
    ours, theirs = scaled(B0, PUBLISHED, phi), efficientnet("b0", phi=phi, searched=False)
    assert (ours.width, ours.depth, ours.resolution) == (theirs.width, theirs.depth, theirs.resolution)
    assert cost(ours, {}) == cost(theirs, {})


@pytest.mark.parametrize(("alone", "grows"), [
    (Scaling(2.0, 1.0, 1.0), 2.0), (Scaling(1.0, 2.0, 1.0), 4.0), (Scaling(1.0, 1.0, 2.0), 4.0),
], ids=["depth", "width", "resolution"])
def test_multiply_adds_grow_as_the_formula_says_but_for_stem_and_head(alone: Scaling, grows: float) -> None:
    """Repeats of a stage begin with one that strides, and the stem is there once: within 15 %."""
    assert alone.cost == grows
    assert cost(scaled(B0, alone), {}).macs / cost(B0, {}).macs == pytest.approx(grows, rel=0.15)


def test_nothing_changes_at_phi_zero() -> None:
    assert scaled(B0, PUBLISHED, 0.0) == B0
    assert PUBLISHED.at(0) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(("values_", "message"), [((0.9, 1.0, 1.0), "alpha must be a number from 1 to 16, .* got 0.9"),
                                                  ((1.0, float("nan"), 1.0), "beta must be a number from 1 to 16")])
def test_what_makes_a_network_smaller_is_refused(values_: tuple[float, float, float], message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        Scaling(*values_)


def test_errors_say_what_to_do() -> None:
    with pytest.raises(InvalidOption, match=r"no combination of these factors costs 2 ± 0\.01 times as much; take finer steps"):
        scaling_grid((1.0,), (1.0, 1.3), (1.0,), tolerance=0.01)
    with pytest.raises(InvalidOption, match="phi must be from 0 to 16, got -1"):
        PUBLISHED.at(-1)
    with pytest.raises(InvalidSpace, match="chooses its width, so nobody can scale it"):
        scaled(dataclasses.replace(load("nas_bench_201"), width=values(1.0, 2.0)), PUBLISHED)
