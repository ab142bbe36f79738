"""What an estimator hands out is checked where it enters: plain finite numbers, and every objective among them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from nas_explorer.records import Measurement


def checked(measurement: Measurement) -> Mapping[str, float]:
    """The values of a measurement as plain numbers.

    Raises:
        ValueError: if one is no finite number.
    """
    return checked_values(measurement.values, f" at step {measurement.step}" if measurement.step else "")


def checked_values(values: Mapping[str, float], at: str = "") -> Mapping[str, float]:
    """Values as plain numbers.

    Args:
        at: where they were measured, for the message.

    Raises:
        ValueError: if one is no finite number.
    """
    if not all(type(value) in (float, int) for value in values.values()):
        values = {name: _number(name, value) for name, value in values.items()}
    for name, value in values.items():
        if not math.isfinite(value):
            raise ValueError(f"{name} became {'NaN' if math.isnan(value) else 'infinite'}{at}")
    return values


def _number(name: str, value: object) -> float:
    """Numpy's and torch's scalars are welcome, texts and truth values are not."""
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise ValueError(f"{name} must be a number, got {value!r}")
    return float(value)


def check_objectives(values: Mapping[str, float], objectives: Sequence[str]) -> None:
    """
    Raises:
        ValueError: if an objective was not measured.
    """
    missing = [name for name in objectives if name not in values]
    if missing:
        raise ValueError(f"the estimator did not measure {', '.join(missing)}; it measured {', '.join(values) or 'nothing'}")
