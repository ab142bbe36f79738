"""Axes in nice steps: robust against outliers, and growing rarely, so that nothing jumps while a search runs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nas_explorer.records import shown

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_ROBUST_SHARE = 0.85  # an axis reaches at least as far as this share of the points ...
_STRETCH = 1.6  # ... and to all of them if that makes it at most this much longer


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows, in the unit of what is measured; `step` lies between two ticks."""

    low: float
    high: float
    step: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high and self.step > 0):
            raise ValueError(f"an axis goes from low to a greater high in positive steps, got {self}")

    @property
    def ticks(self) -> tuple[float, ...]:
        first, last = math.ceil(self.low / self.step - 1e-9), math.floor(self.high / self.step + 1e-9)
        return tuple(i * self.step for i in range(first, last + 1))

    def holds(self, low: float, high: float) -> bool:
        return self.low <= low and high <= self.high

    def fraction(self, value: float) -> float:
        """0 at the low end, 1 at the high end."""
        return (value - self.low) / (self.high - self.low)

    def tick_text(self, value: float) -> str:
        """A tick's number, as exact as the step needs, thousands and millions in short.

        >>> Axis(0, 2_000_000, 500_000).tick_text(1_500_000), Axis(0, 1, 0.25).tick_text(0.25), Axis(0, 70, 10).tick_text(20)
        ('1.5M', '0.25', '20')
        """
        largest = max(abs(self.low), abs(self.high))
        scale, suffix = (1e9, "G") if largest >= 2e9 else (1e6, "M") if largest >= 2e6 else (1e3, "k") if largest >= 2e4 else (1.0, "")
        digits = next((d for d in range(7) if math.isclose(self.step / scale * 10**d, round(self.step / scale * 10**d))), 6)
        return f"{value / scale:,.{digits}f}{suffix if value else ''}".replace("-", "−")


def nice_axis(low: float, high: float, intervals: int = 8) -> Axis:
    """The shortest axis in nice steps, or half steps, that holds low to high; it starts at 0 if that costs little.

    >>> nice_axis(2.7, 61.0)
    Axis(low=0.0, high=70.0, step=10.0)
    """
    if not low < high:
        room = abs(low) * 0.1 or 1.0
        low, high = low - room, high + room
    if 0 < low < 0.15 * high:
        low = 0.0
    step = nice_step((high - low) / intervals)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    # A mark on the very edge of a chart would be cut in half, so half a step of room is added where one comes near.
    room_below = 0.5 * (low != 0 and low / step - first < 0.1)
    room_above = 0.5 * (last - high / step < 0.1)
    return Axis((first - room_below) * step, (last + room_above) * step, step)


def nice_step(rough: float) -> float:
    """The next number at or above that is 1, 2, 2.5 or 5 times a power of ten.

    >>> nice_step(7.3), nice_step(0.021)
    (10.0, 0.025)
    """
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor for factor in _STEPS if factor * power >= rough * (1 - 1e-9)) * power


def robust_axis(values: npt.NDArray[np.float64], minimize: bool, shown_too: npt.ArrayLike = (), previous: Axis | None = None) -> Axis:
    """An axis from the best value to where most values end; outliers at the bad end lie off the chart.

    Args:
        values: (n,) finite.
        shown_too: more values that must be on the axis.
        previous: kept while all that should be seen is on it and fills half of it.
    """
    sign = 1.0 if minimize else -1.0
    good, bad = _extent(values * sign, np.asarray(shown_too, dtype=float) * sign)
    low, high = (good, bad) if minimize else (-bad, -good)
    if previous is not None and previous.holds(low, high) and high - low > 0.5 * (previous.high - previous.low):
        return previous
    return nice_axis(low, high)


def _extent(costs: npt.NDArray[np.float64], shown_too: npt.NDArray[np.float64]) -> tuple[float, float]:
    if not len(costs) + len(shown_too):
        return 0.0, 1.0
    good = float(min(costs.min(initial=np.inf), shown_too.min(initial=np.inf)))
    needed = float(shown_too.max(initial=good))
    if not len(costs):
        return good, needed
    most, bad = max(float(np.quantile(costs, _ROBUST_SHARE)), needed), float(costs.max())
    return good, bad if bad - good <= _STRETCH * (most - good) or most <= good else max(good + 1.1 * (most - good), needed)


def without_far_ends(xs: npt.NDArray[np.float64], ys: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """(k,) which points of a front are worth a place on a chart; costs, sorted by x, so y falls.

    Broken architectures sit at an end of many fronts: nearly nothing gained in one metric, all lost in the other. An end is
    cut off behind a gap of more than half the front's extent if it gains less than a tenth of the other extent.

    >>> without_far_ends(np.array([0.1, 2.5, 20.0, 54.0]), np.array([90.0, 26.0, 18.0, 15.0])).tolist()
    [False, True, True, True]
    """
    first, end = 0, len(xs)
    while end - first > 2:
        x, y = xs[first:end], ys[first:end]
        falls, rises = (y[:-1] - y[1:]) / (y[0] - y[-1]), (x[1:] - x[:-1]) / (x[-1] - x[0])
        fall, rise = int(falls.argmax()), int(rises.argmax())
        if falls[fall] > max(0.5, rises[rise]) and x[fall + 1] - x[0] < 0.1 * (x[-1] - x[0]):
            first += fall + 1
        elif rises[rise] > 0.5 and y[rise] - y[-1] < 0.1 * (y[0] - y[-1]):
            end = first + rise + 1
        else:
            break
    return (np.arange(len(xs)) >= first) & (np.arange(len(xs)) < end)


def spoken(value: float, unit: str) -> str:
    """A number with its unit, as in a sentence.

    >>> spoken(15.7, "%"), spoken(1531546, "")
    ('15.70 %', '1,531,546')
    """
    return f"{shown(value, unit)} {unit}".rstrip()
