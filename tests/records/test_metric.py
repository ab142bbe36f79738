"""Metrics carry a unit and a direction, and unknown ones are refused in words."""

import pytest

from nas_explorer.errors import InvalidMetric
from nas_explorer.records import Metric, metric, shown


def test_a_metric_at_a_device_keeps_unit_and_direction() -> None:
    latency = metric("latency_ms@raspi4")
    assert (latency.unit, latency.minimize, latency.title) == ("ms", True, "latency on raspi4 (ms)")
    assert latency.is_better(1.0, 2.0)
    assert metric("test_accuracy").is_better(2.0, 1.0)


def test_an_unknown_metric_lists_the_known_ones() -> None:
    with pytest.raises(InvalidMetric, match="there is no metric 'speed'; known are validation_error"):
        metric("speed")
    with pytest.raises(InvalidMetric, match="lower case words joined by _"):
        Metric("Latency (ms)", "ms", True, "latency")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (15.714, "%", "15.71"),
        (94.3, "%", "94.30"),
        (52.1, "ms", "52.10"),
        (0.7, "ms", "0.700"),
        (15625, "", "15,625"),
        (12, "", "12"),
        (-0.6, "", "−0.600"),
        (float("nan"), "%", "–"),
        (12345.6, "s", "12,346"),
    ],
)
def test_numbers_are_shown_with_the_digits_that_count(value: float, unit: str, text: str) -> None:
    assert shown(value, unit) == text
