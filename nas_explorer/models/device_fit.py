"""From sums of parts to latencies of networks: two numbers that are fitted, and how good the predictions are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Values: TypeAlias = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How good a table's predictions were, on random networks that it was not fitted to and that were measured whole.

    Attributes:
        count: networks.
        correlation: Pearson's, between predicted and measured latency.
        tau: Kendall's tau-b: whether the order is right.
        percent_off: mean absolute error, in percent of the measured latency.
        spread: root mean square of measured over predicted latency, less 1.
    """

    count: int
    correlation: float
    tau: float
    percent_off: float
    spread: float


def fitted(sums: Values, taken: Values) -> tuple[float, float]:
    """(base, scale) with the least relative errors of base + scale * sums. Where all sums are alike, they are only scaled.

    >>> fitted(np.array([1.0, 2.0, 3.0]), np.array([2.5, 4.0, 5.5]))
    (1.0, 1.5)
    """
    if np.ptp(sums) < 1e-3 * sums.mean():
        return 0.0, float((taken / sums).mean())
    base, scale = np.linalg.lstsq(np.stack([1 / taken, sums / taken], axis=1), np.ones(len(sums)), rcond=None)[0]
    base, scale = round(float(base), 9), round(float(scale), 9)
    return (base, scale) if base >= 0 and scale > 0 else (0.0, float((taken / sums).mean()))


def accuracy_of(predicted: Values, taken: Values) -> Accuracy:
    """Predictions beside measurements of the same networks."""
    from scipy.stats import kendalltau

    correlation = tau = 0.0
    if np.ptp(predicted) > 0 and np.ptp(taken) > 0:
        correlation, tau = float(np.corrcoef(predicted, taken)[0, 1]), float(kendalltau(predicted, taken).statistic)
    off = taken / predicted - 1
    return Accuracy(len(taken), correlation, tau, float(100 * np.abs(predicted / taken - 1).mean()), float(np.sqrt((off**2).mean())))
