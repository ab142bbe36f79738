"""Axes: nice, robust, calm."""

import numpy as np
import pytest

from nas_explorer.views.axes import Axis, nice_axis, robust_axis, without_far_ends


@pytest.mark.parametrize("seed", range(30))
def test_a_nice_axis_holds_its_values_in_few_round_ticks(seed: int) -> None:
    rng = np.random.default_rng(seed)
    low, high = np.sort(rng.normal(size=2) * 10.0 ** rng.integers(-4, 8))
    axis = nice_axis(float(low), float(high))
    assert axis.holds(low, high)
    assert 3 <= len(axis.ticks) <= 11
    assert all(tick / axis.step == pytest.approx(round(tick / axis.step)) for tick in axis.ticks)


def test_a_single_value_has_an_axis() -> None:
    assert nice_axis(0.0, 0.0).holds(0.0, 0.0)
    assert nice_axis(15.0, 15.0).holds(15.0, 15.0)


def test_an_axis_without_extent_is_refused() -> None:
    with pytest.raises(ValueError, match="from low to a greater high"):
        Axis(1.0, 1.0, 1.0)


def test_outliers_lie_off_the_chart_but_the_best_never() -> None:
    values = np.append(np.linspace(15, 30, 95), [90.0] * 5)
    axis = robust_axis(values, minimize=True)
    assert axis.high < 40
    assert axis.low <= 15
    accuracy = robust_axis(100 - values, minimize=False)
    assert accuracy.high >= 85
    assert accuracy.low > 60


def test_an_axis_stays_while_it_serves() -> None:
    axis = robust_axis(np.linspace(10, 50, 50), minimize=True)
    assert robust_axis(np.linspace(12, 45, 60), minimize=True, previous=axis) is axis
    assert robust_axis(np.linspace(12, 80, 60), minimize=True, previous=axis) is not axis
    assert robust_axis(np.linspace(10, 14, 60), minimize=True, previous=axis) is not axis


def test_the_best_by_the_other_metric_keeps_its_place_however_far_it_is() -> None:
    x, y = np.array([2.5, 5.0, 20.0, 60.0]), np.array([26.0, 22.0, 17.0, 15.0])
    assert without_far_ends(x, y).all()


def test_ticks_are_written_as_short_as_they_can_be() -> None:
    axis = Axis(0.0, 1_600_000.0, 200_000.0)
    assert [axis.tick_text(tick) for tick in axis.ticks[:3]] == ["0", "200k", "400k"]
    assert Axis(-0.5, 0.5, 0.25).tick_text(-0.25) == "−0.25"
