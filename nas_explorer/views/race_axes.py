"""The axes of a race's plot, linear and logarithmic, in round steps: they grow rarely, so that nothing jumps while lines come in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nas_explorer.records import shown
from nas_explorer.views.axes import Axis, nice_axis
from nas_explorer.views.race import RaceLines

_STEPS = (1, 2, 5)
_MOST_TICKS = 8
_SETTLED = 0.03  # of the clock: first guesses may be far worse than all that follows, and run off a linear axis


@dataclass(frozen=True, slots=True)
class RaceAxis:
    """
    Attributes:
        ticks: (value, words).
        is_log: whether equal factors are equally long.
        zero: whether the lower edge of a logarithmic axis stands for 0, which it cannot show.
    """

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    is_log: bool
    zero: bool = False

    def share(self, value: float) -> float:
        """0 at the low end, 1 at the high end, and nothing beyond."""
        if self.is_log:
            value = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        else:
            value = (value - self.low) / (self.high - self.low)
        return min(1.0, max(0.0, value))


def y_axis(lines: RaceLines, log: bool) -> RaceAxis:
    """Of the values: all lines and bands. Logarithmic only for values that begin at 0, as a regret does."""
    parts = [part for lane in lines.lanes for part in (lane.middle, lane.low, lane.high)]
    values = np.concatenate([*parts, np.zeros(0)])
    positive = values[values > 0]
    if log and positive.size:
        zero = bool((values <= 0).any())
        low, high = _below(float(positive.min()) / (1.8 if zero else 1.0)), _above(float(positive.max()))
        high = high if high > low else 10 * low
        ticks = [(value, _words(value)) for value in _round_values(low, high) if not zero or value > 1.5 * low]
        return RaceAxis(low, high, ((low, "0"), *ticks) if zero else tuple(ticks), True, zero)
    settled = [part[np.searchsorted(lane.x, lane.x[-1] * _SETTLED):]
               for lane in lines.lanes if lane.x.size for part in (lane.middle, lane.low, lane.high) if part.size]
    values = np.concatenate(settled) if settled else np.array([0.0, 1.0])
    return _linear(nice_axis(float(values.min()), float(values.max()), 6))


def x_axis(lines: RaceLines, end: float, log: bool) -> RaceAxis:
    """Of the clock, up to its end."""
    starts = [float(lane.x[0]) for lane in lines.lanes if lane.x.size]
    low = min(starts, default=1.0)
    if log and 0 < low < end:
        return RaceAxis(low, end, tuple((value, _words(value)) for value in _round_values(low, end)), True)
    end = max(end, 1.0)
    step = _step(end)
    return RaceAxis(0.0, end, tuple((i * step, _words(i * step)) for i in range(math.floor(end / step + 1e-9) + 1)), False)


def _step(end: float) -> float:
    """Between two ticks of an axis from 0: such that the last stands at its end, if there is such a round step.

    >>> _step(12_000), _step(300), _step(70.0), _step(11_347)
    (3000.0, 50.0, 10.0, 2500.0)
    """
    power = 10.0 ** math.floor(math.log10(end / 4))
    steps = [lead * power for lead in (1, 1.5, 2, 2.5, 3, 4, 5, 10, 15, 20)]
    fits = [step for step in steps if abs(end / step - round(end / step)) < 1e-9 and 3 <= round(end / step) <= 7]
    return min(fits, key=lambda step: abs(end / step - 4.5)) if fits else nice_axis(0.0, end, 5).step


def _linear(axis: Axis) -> RaceAxis:
    return RaceAxis(axis.low, axis.high, tuple((value, axis.tick_text(value)) for value in axis.ticks), False)


def _round_values(low: float, high: float) -> list[float]:
    """1, 2, 5 times powers of ten within a range; fewer of them where it is long."""
    for steps in (_STEPS, (1, 3), (1,)):
        found = list(_within(low, high, steps))
        if len(found) <= _MOST_TICKS:
            return found
    return found[:: math.ceil(len(found) / _MOST_TICKS)]


def _within(low: float, high: float, steps: tuple[int, ...]) -> Iterator[float]:
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        for step in steps:
            value = float(f"{step}e{power}")
            if low * (1 - 1e-9) <= value <= high * (1 + 1e-9):
                yield value


def _below(value: float) -> float:
    power = math.floor(math.log10(value))
    return max(float(f"{step}e{power}") for step in _STEPS if float(f"{step}e{power}") <= value * (1 + 1e-9))


def _above(value: float) -> float:
    power = math.floor(math.log10(value))
    return min(v for step in (*_STEPS, 10) if (v := float(f"{step}e{power}")) >= value * (1 - 1e-9))


def _words(value: float) -> str:
    """
    >>> _words(0.05), _words(20.0), _words(12_000.0)
    ('0.05', '20', '12,000')
    """
    return f"{value:,.0f}" if value >= 1 else f"{value:g}" if value >= 1e-4 else shown(value)
