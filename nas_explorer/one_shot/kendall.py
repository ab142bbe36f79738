"""Kendall's tau: do two columns of scores order architectures alike? With a confidence interval, because few are compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Tau:
    """A rank correlation.

    Attributes:
        value: from -1, the opposite order, to 1, the same order; NaN where all of a column are equal, so that there is no order.
        low, high: ends of the confidence interval.
        count: how many pairs of scores it is made of.
    """

    value: float
    low: float
    high: float
    count: int


def kendall(x: Sequence[float], y: Sequence[float], confidence: float = 0.95) -> Tau:
    """Tau-b: the share of ordered pairs less that of inverted ones, corrected for ties.

    The interval is that of the large-sample distribution of tau with its variance estimated from the scores themselves (no
    assumption on their distribution), on the scale of the inverse hyperbolic tangent so that it stays within -1 and 1. Below ten
    scores it is rough.

    >>> tau = kendall([1, 2, 3, 4, 5], [1, 2, 3, 5, 4])
    >>> tau.value, tau.count
    (0.8, 5)

    Kendall, A New Measure of Rank Correlation, Biometrika 1938; the variance as in Hollander and Wolfe, Nonparametric Statistical
    Methods, section 8.3 (Noether, Samara and Randles).
    """
    signs = np.sign(np.subtract.outer(x, x)) * np.sign(np.subtract.outer(y, y))
    count = len(x)
    untied = [float(np.count_nonzero(np.subtract.outer(column, column))) for column in (x, y)]
    if not all(untied):
        return Tau(math.nan, math.nan, math.nan, count)
    scale = math.sqrt(untied[0] * untied[1])
    value = float(signs.sum()) / scale
    if abs(value) > 1 - 1e-12:
        return _without_exception(value, count, confidence)
    spread = signs.sum(axis=1)
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * _deviation(spread, count) * count * (count - 1) / scale / (1 - value ** 2)
    middle = math.atanh(value)
    return Tau(value, math.tanh(middle - reach), math.tanh(middle + reach), count)


def _deviation(agreement: npt.NDArray[np.float64], count: int) -> float:
    """Standard deviation of tau, without its correction for ties.

    Args:
        agreement: (count,) for each architecture, pairs in the same order less pairs in the opposite one.
    """
    value = float(agreement.sum()) / (count * (count - 1))
    spread = float(((agreement - agreement.mean()) ** 2).sum())
    variance = 2 / (count * (count - 1)) * (2 * (count - 2) / (count * (count - 1) ** 2) * spread + 1 - value ** 2)
    return math.sqrt(max(variance, 0.0))


def _without_exception(value: float, count: int, confidence: float) -> Tau:
    """All pairs agree, or none does, so there is no spread to estimate from.

    What can be said: so many pairs with no architecture in common would all agree this often only if at least that share of all
    pairs does.
    """
    share = (1 - confidence) ** (1 / (count // 2))
    return Tau(value, 2 * share - 1, 1.0, count) if value > 0 else Tau(value, -1.0, 1 - 2 * share, count)
