"""Kendall's tau against SciPy, and its interval against how often it holds the true value."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import kendalltau

from nas_explorer.one_shot.kendall import kendall


@pytest.mark.parametrize("ties", [False, True])
def test_tau_is_that_of_scipy(ties: bool) -> None:
    """200 random columns of 2 to 30 scores, seed 0; with ties, scores are of three values."""
    rng = np.random.default_rng(0)
    for _ in range(200):
        x, y = rng.normal(size=(2, rng.integers(2, 30)))
        if ties:
            x, y = np.round(x), np.round(x + y)
        expected = kendalltau(x, y).statistic
        assert kendall(x, y).value == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_without_an_order_there_is_no_tau() -> None:
    tau = kendall([1.0, 1.0, 1.0], [1.0, 2.0, 3.0])
    assert math.isnan(tau.value)
    assert math.isnan(tau.low)
    assert tau.count == 3
    assert math.isnan(kendall([], []).value)
    assert math.isnan(kendall([1.0], [2.0]).value)


@pytest.mark.parametrize(("correlation", "count"), [(0.0, 20), (0.5, 20), (0.5, 60), (0.9, 40)])
def test_the_interval_holds_the_true_value_about_as_often_as_it_says(correlation: float, count: int) -> None:
    """400 draws of normal scores, whose tau is 2/pi * arcsin(r); 95 % +- 4.5 % is 4 sigma of such a share, and small samples are rough."""
    rng = np.random.default_rng(1)
    true = 2 / math.pi * math.asin(correlation)
    held = 0
    for _ in range(400):
        x = rng.normal(size=count)
        tau = kendall(x, correlation * x + math.sqrt(1 - correlation ** 2) * rng.normal(size=count))
        held += tau.low <= true <= tau.high
    assert 0.90 <= held / 400 <= 0.995


def test_agreement_without_exception_is_no_certainty() -> None:
    few, many = kendall(range(4), range(4)), kendall(range(40), range(40))
    assert few.value == many.value == few.high == 1.0
    assert few.low < 0 < many.low < 1
    against = kendall(range(40), range(40, 0, -1))
    assert (against.value, against.low, against.high) == (-1.0, -1.0, -many.low)
