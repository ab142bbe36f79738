"""Numbers in columns and facts: one unit scale a column, short names for the metrics that everybody knows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nas_explorer.records import Metric, shown

_SCALES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
_SHORT = {
    "validation_error": "Error",
    "validation_accuracy": "Accuracy",
    "validation_loss": "Loss",
    "test_error": "Test error",
    "test_accuracy": "Test accuracy",
    "parameter_count": "Params",
    "macs": "MACs",
    "latency_ms": "Latency",
    "energy_mj": "Energy",
    "train_seconds": "Training",
}


@dataclass(frozen=True, slots=True)
class Scale:
    """What the numbers of a column are divided by, the sign of that, and how many decimals all of them have."""

    divisor: float = 1.0
    sign: str = ""
    decimals: int | None = None

    def text(self, value: float, unit: str = "") -> str:
        """
        >>> Scale(1e6, "M").text(861546)
        '0.86'
        """
        if not math.isfinite(value) or (self.divisor == 1.0 and self.decimals is None):
            return shown(value, unit)
        return f"{value / self.divisor:,.{2 if self.decimals is None else self.decimals}f}".replace("-", "−")


def column_scale(metric: Metric, values: Sequence[float]) -> Scale:
    """One scale for all values of a column: counts in M or k, measured quantities as they are.

    >>> from nas_explorer.records import metric
    >>> column_scale(metric("parameter_count"), [73_306.0, 1_531_546.0]).text(73_306)
    '0.07'
    """
    sizes = np.abs(np.asarray(values, dtype=float))
    sizes = sizes[np.isfinite(sizes)]
    largest = float(sizes.max(initial=0.0))
    if metric.unit:
        typical = float(np.partition(sizes, len(sizes) // 2)[len(sizes) // 2]) if len(sizes) else 0.0
        return Scale(decimals=2 if metric.unit == "%" or typical < 10 else 1 if typical < 1000 else 0)
    if largest < 10_000:
        return Scale()
    return next((Scale(divisor, sign) for divisor, sign in _SCALES if largest >= 0.5 * divisor), Scale())


def short_label(metric: Metric) -> str:
    """
    >>> from nas_explorer.records import metric
    >>> short_label(metric("latency_ms@raspi4"))
    'Latency'
    """
    label = _SHORT.get(metric.name.partition("@")[0], metric.label)
    return label[:1].upper() + label[1:]


def column_label(metric: Metric, scale: Scale) -> str:
    """Short name and unit, as a table's head has them: `Error %`, `Params M`."""
    return " ".join(filter(None, (short_label(metric), scale.sign + metric.unit)))


def fact(metric: Metric, value: float) -> dict[str, str]:
    """One named number: `{"label": "Params", "value": "0.86 M"}`."""
    scale = Scale() if metric.unit else column_scale(metric, [value])
    return {"label": short_label(metric), "value": " ".join(filter(None, (scale.text(value, metric.unit), scale.sign + metric.unit)))}
