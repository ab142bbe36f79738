"""What is measured: names that carry their unit, each with a direction. Everybody who shows or compares a number asks here."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from nas_explorer.errors import InvalidMetric

_NAME = re.compile(r"[a-z][a-z0-9_]*(@[A-Za-z0-9_.\-]+)?")


@dataclass(frozen=True, slots=True)
class Metric:
    """One measured quantity.

    Attributes:
        name: `validation_error`, `latency_ms@raspi4`; what stands behind `@` is where it was measured.
        unit: `%`, `ms`, `s`, `mJ`, or empty for counts.
        minimize: whether less is better.
        label: words for an axis, without the unit.
    """

    name: str
    unit: str
    minimize: bool
    label: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InvalidMetric(
                f"a metric's name is lower case words joined by _, with @device behind it where it belongs to one, got {self.name!r}"
            )

    @property
    def title(self) -> str:
        """Label and unit, as an axis title shows them: `latency on raspi4 (ms)`."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def worst(self) -> float:
        return math.inf if self.minimize else -math.inf

    def is_better(self, value: float, other: float) -> bool:
        return value < other if self.minimize else value > other

    def cost(self, value: float) -> float:
        """The value turned so that less is better."""
        return value if self.minimize else -value


KNOWN = {
    m.name: m
    for m in (
        Metric("validation_error", "%", True, "validation error"),
        Metric("validation_accuracy", "%", False, "validation accuracy"),
        Metric("validation_loss", "", True, "validation loss"),
        Metric("test_error", "%", True, "test error"),
        Metric("test_accuracy", "%", False, "test accuracy"),
        Metric("parameter_count", "", True, "parameters"),
        Metric("macs", "", True, "multiply-adds"),
        Metric("latency_ms", "ms", True, "latency"),
        Metric("energy_mj", "mJ", True, "energy"),
        Metric("train_seconds", "s", True, "training time"),
    )
}


def metric(name: str) -> Metric:
    """A metric of the known ones, at a device if the name says so.

    >>> metric("latency_ms@raspi4").title
    'latency on raspi4 (ms)'

    Raises:
        InvalidMetric: if the name is not known. An estimator with quantities of its own gives its own `Metric`s.
    """
    base, _, where = name.partition("@")
    if base not in KNOWN:
        raise InvalidMetric(f"there is no metric {name!r}; known are {', '.join(KNOWN)}, each also at a device, as in latency_ms@raspi4")
    known = KNOWN[base]
    return replace(known, name=name, label=f"{known.label} on {where}") if where else known


def shown(value: float, unit: str = "") -> str:
    """A number as a table shows it: 4 digits that count, thousands grouped, a true minus.

    >>> shown(52.14), shown(1531546), shown(-0.6)
    ('52.14', '1,531,546', '−0.600')
    """
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    if value == int(value) and size >= 1000:
        text = f"{int(value):,}"
    elif unit == "%":
        text = f"{value:.2f}"
    elif size >= 1000:
        text = f"{value:,.0f}"
    else:
        text = f"{value:.{2 if size >= 10 else 3}f}" if value != int(value) else f"{int(value)}"
    return text.replace("-", "−")
