"""Curves with a known end, drawn on from their beginning: near the truth, and as sure as they are right."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from nas_explorer.estimators.stoppers.curve_extrapolation import CurveExtrapolation
from nas_explorer.estimators.stoppers.curve_forecast import chance_below, forecast
from nas_explorer.records import metric

END = 20
T = np.arange(1, END + 1)
KNOWN: dict[str, Callable[[float, float], np.ndarray]] = {
    "pow3": lambda limit, scale: limit + scale * T**-0.8,
    "exponential": lambda limit, scale: limit + scale * np.exp(-T / 5),
    "mmf": lambda limit, scale: limit + scale / (1 + (T / 6) ** 2.5),
}


def expected(values: np.ndarray, earlier: list[list[float]] | None = None) -> float:
    weights, means, _, _ = forecast(values.tolist(), END, earlier or [])
    return float(weights @ means)


@pytest.mark.parametrize("family", KNOWN)
def test_a_noiseless_curve_is_drawn_on_to_its_end(family: str) -> None:
    curve = KNOWN[family](12.0, 50.0)
    errors = [abs(expected(curve[:seen]) - curve[-1]) for seen in (6, 10, 15)]
    assert errors[1] < 5                                            # a tenth of the whole fall
    assert errors[2] < 2


def test_the_unit_does_not_matter() -> None:
    curve = KNOWN["exponential"](12.0, 50.0)[:8]
    assert expected(curve / 1000) * 1000 == pytest.approx(expected(curve), rel=1e-6)
    assert chance_below((curve / 1000).tolist(), END, 0.013) == pytest.approx(chance_below(curve.tolist(), END, 13.0), rel=1e-6)


def test_what_it_is_sure_of_comes_true() -> None:
    """600 noisy curves, seeded: of those to which it gives 5 % at most, at most one in ten ends below the bar; of the 95 %, nine in ten."""
    rng = np.random.default_rng(0)
    chances, came = [], []
    for _ in range(600):
        family = KNOWN[rng.choice(list(KNOWN))]
        curve = family(rng.uniform(5, 30), rng.uniform(20, 70)) + rng.normal(0, 0.7, END)
        bar = curve[-1] + rng.normal(0, 5)
        chances.append(chance_below(curve[: rng.integers(4, 14)].tolist(), END, bar))
        came.append(curve[-1] <= bar)
    chances, came = np.array(chances), np.array(came)
    low, high = chances <= 0.05, chances >= 0.95
    assert low.sum() > 50
    assert high.sum() > 50
    assert came[low].mean() <= 0.10
    assert came[high].mean() >= 0.90


def test_curves_of_earlier_trials_teach_a_shape_that_no_family_has() -> None:
    """A schedule that lets the error fall at the end only: nobody can know, who has not seen one before."""
    shape = np.where(T < 15, 1.0 - 0.01 * T, 0.3)
    earlier = [(limit + scale * shape).tolist() for limit, scale in ((5, 40), (10, 60), (8, 50))]
    curve = 7 + 45 * shape + np.random.default_rng(0).normal(0, 0.2, END)
    alone, taught = abs(expected(curve[:10]) - curve[-1]), abs(expected(curve[:10], earlier) - curve[-1])
    assert taught < 0.5 * alone


def test_a_flat_curve_is_no_division_by_zero() -> None:
    assert chance_below([3.0] * 5, END, 2.0) < 0.5 < chance_below([3.0] * 5, END, 4.0)
    assert chance_below([0.0] * 5, END, 1.0) > 0.5


def test_the_best_of_many_is_kept_and_most_of_the_others_stop_early() -> None:
    """50 searches of 40 curves, seeded: the winner is within one of the best there was, at less than two thirds of the epochs."""
    rng = np.random.default_rng(1)
    losses, epochs = [], 0
    for _ in range(50):
        stopper, best = CurveExtrapolation(metric("validation_error"), END), []
        curves = [KNOWN[rng.choice(list(KNOWN))](rng.uniform(5, 40), rng.uniform(20, 60)) + rng.normal(0, 0.4, END) for _ in range(40)]
        for trial, curve in enumerate(curves):
            for step, value in enumerate(curve, start=1):
                epochs += 1
                if stopper.see(trial, step, {"validation_error": float(value)}) == "stop":
                    break
            else:
                best.append(curve[-1])
            stopper.ended(trial, True)
        losses.append(min(best) - min(curve[-1] for curve in curves))
    assert np.mean(losses) < 0.5
    assert np.mean(np.array(losses) <= 1.0) >= 0.9
    assert epochs < 50 * 40 * END * 2 / 3
