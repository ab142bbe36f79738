"""Worths of changes, against all orders by hand and against the axioms that the Shapley value is known by."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from nas_explorer.views.shapley import MOST_EXACT, Floats, worths


def game(table: Floats) -> Callable[[Sequence[int]], Floats]:
    return lambda made: table[list(made)]


def brute_force(changes: int, table: Floats) -> tuple[Floats, int]:
    """The mean over every order that meets no unknown combination, written out."""
    steps = []
    for order in itertools.permutations(range(changes)):
        made, step = 0, np.empty(changes)
        for i in order:
            step[i] = table[made | 1 << i] - table[made]
            made |= 1 << i
        if not np.isnan(step).any():
            steps.append(step)
    return (np.mean(steps, axis=0) if steps else np.full(changes, np.nan)), len(steps)


@pytest.mark.parametrize("changes", [1, 2, 3, 5, 6])
def test_the_worths_are_the_mean_over_all_orders_and_add_up(changes: int) -> None:
    table = np.random.default_rng(changes).normal(size=(1 << changes, 2))
    found = worths(changes, game(table))
    for metric in range(2):
        np.testing.assert_allclose(found.worth[:, metric], brute_force(changes, table[:, metric])[0])
    np.testing.assert_allclose(found.worth.sum(axis=0), table[-1] - table[0])
    assert not found.error.any()


@pytest.mark.parametrize("seed", range(6))
def test_with_holes_only_the_possible_orders_count_and_the_worths_still_add_up(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(32, 1))
    table[rng.choice(np.arange(1, 31), 6, replace=False)] = np.nan
    found = worths(5, game(table))
    expected, orders = brute_force(5, table[:, 0])
    assert found.orders == (orders,)
    np.testing.assert_allclose(found.worth[:, 0], expected)
    if orders:
        np.testing.assert_allclose(found.worth.sum(), table[-1, 0] - table[0, 0])


def test_two_changes_that_do_the_same_are_worth_the_same_and_one_that_does_nothing_is_worth_nothing() -> None:
    values = np.array([[(bin(made & 3).count("1")) ** 2.0] for made in range(8)])  # the third changes nothing
    np.testing.assert_allclose(worths(3, game(values)).worth[:, 0], [2.0, 2.0, 0.0], atol=1e-12)


def test_where_no_order_is_possible_nothing_is_known() -> None:
    found = worths(2, game(np.array([[0.0], [np.nan], [np.nan], [1.0]])))
    assert np.isnan(found.worth).all()
    assert found.orders == (0,)


def test_above_the_bound_drawn_orders_add_up_exactly_and_are_near_the_closed_form() -> None:
    changes, alone = MOST_EXACT + 4, np.arange(1.0, MOST_EXACT + 5)

    def values(made: Sequence[int]) -> Floats:
        bits = np.array([[m >> i & 1 for i in range(changes)] for m in made])
        return ((bits @ alone) + (bits[:, 0] * bits[:, 1]) * 6.0)[:, None]  # a pair that is worth 6 more is halved between them

    found = worths(changes, values, np.random.default_rng(0))
    expected = alone + np.array([3.0, 3.0, *[0.0] * (changes - 2)])
    assert found.orders == (60,)
    np.testing.assert_allclose(found.worth.sum(), alone.sum() + 6.0)
    assert (np.abs(found.worth[:, 0] - expected) <= 5 * found.error[:, 0] + 1e-9).all()
    assert found.error[0, 0] > 0.1
    assert found.error[5, 0] == pytest.approx(0.0, abs=1e-9)
    again = worths(changes, values, np.random.default_rng(0))
    np.testing.assert_array_equal(found.worth, again.worth)
