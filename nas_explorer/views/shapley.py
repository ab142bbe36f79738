"""What each of several changes is worth, where all of them may be made in any order and a value is known after each step."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MOST_EXACT = 8  # changes; 256 combinations of them
ORDERS = 60  # that are drawn above that

Floats = npt.NDArray[np.float64]
Values = Callable[[Sequence[int]], Floats]  # combinations -> (combinations, metrics); bit i of a combination: change i is made


@dataclass(frozen=True, slots=True, eq=False)
class Worths:
    """
    Attributes:
        worth: (changes, metrics) NaN where no order is known from its beginning to its end.
        error: (changes, metrics) standard error of the worth, 0 where all orders were counted.
        orders: (metrics,) how many orders count.
    """

    worth: Floats
    error: Floats
    orders: tuple[int, ...]


def worths(changes: int, values: Values, rng: np.random.Generator | None = None, orders: int = ORDERS) -> Worths:
    """The Shapley value: what a change adds to what was made before it, on average over the orders in which all can be made.

    Where every combination has a value these are all orders, and the worths add up to the whole change. An order that passes a
    combination without a value, one that breaks a rule of the space or lies in a hole of a table, does not count; each that does
    leads from the first to the second, so the worths still add up.

    Args:
        values: of combinations of changes, a row each, with NaN where one is not known.
        rng: draws the orders, where there are more than eight changes; None: one of seed 0.

    Shapley, A Value for n-Person Games, 1953. Only possible orders: Faigle and Kern, The Shapley Value for Cooperative Games under
    Precedence Constraints, 1992. Drawn orders: Castro et al., Polynomial Calculation of the Shapley Value Based on Sampling, 2009,
    and of attributions Lundberg and Lee, NIPS 2017, arXiv 1705.07874.

    >>> both = {0: 0.0, 1: 4.0, 2: 2.0, 3: 10.0}                 # the two together are worth 4 more than each alone
    >>> worths(2, lambda made: np.array([[both[m]] for m in made])).worth[:, 0].tolist()
    [6.0, 4.0]
    """
    if changes <= MOST_EXACT:
        return _exact(changes, values)
    return _sampled(changes, values, np.random.default_rng(0) if rng is None else rng, orders)


def _exact(changes: int, values: Values) -> Worths:
    table = np.asarray(values(range(1 << changes)), dtype=float)
    worth = np.full((changes, table.shape[1]), math.nan)
    ways: dict[bytes, tuple[Floats, int]] = {}
    orders = []
    for metric in range(table.shape[1]):
        known = np.isfinite(table[:, metric])
        if known.tobytes() not in ways:
            ways[known.tobytes()] = _shares(changes, known)
        shares, count = ways[known.tobytes()]
        orders.append(count)
        if count:
            column = np.where(known, table[:, metric], 0.0)
            made = np.arange(1 << changes)
            worth[:, metric] = [float(shares[i] @ (column[made | 1 << i] - column)) for i in range(changes)]
    return Worths(worth, np.where(np.isnan(worth), math.nan, 0.0), tuple(orders))


def _shares(changes: int, known: npt.NDArray[np.bool_]) -> tuple[Floats, int]:
    """(changes, combinations) in which share of the possible orders a change is made right after a combination, and how many there are."""
    last = (1 << changes) - 1
    there, onward = [0] * (last + 1), [0] * (last + 1)  # orders that lead to a combination, and on from it to the end
    there[0], onward[last] = int(known[0]), int(known[last])
    for made in range(1, last + 1):
        if known[made]:
            there[made] = sum(there[made ^ 1 << i] for i in range(changes) if made >> i & 1)
    for made in range(last - 1, -1, -1):
        if known[made]:
            onward[made] = sum(onward[made | 1 << i] for i in range(changes) if not made >> i & 1)
    count = there[last]
    shares = np.zeros((changes, last + 1))
    for made in range(last + 1 if count else 0):
        for i in range(changes):
            if not made >> i & 1:
                shares[i, made] = there[made] * onward[made | 1 << i] / count
    return shares, count


def _sampled(changes: int, values: Values, rng: np.random.Generator, orders: int) -> Worths:
    drawn = np.array([rng.permutation(changes) for _ in range(orders)])
    paths = [[0, *itertools.accumulate(1 << i for i in order)] for order in drawn.tolist()]
    met = list(dict.fromkeys(made for path in paths for made in path))
    table = np.asarray(values(met), dtype=float)
    places = {made: at for at, made in enumerate(met)}
    steps = np.empty((orders, changes, table.shape[1]))
    for at, (order, path) in enumerate(zip(drawn, paths, strict=True)):
        steps[at, order] = np.diff(table[[places[made] for made in path]], axis=0)  # NaN where either end is not known
    possible: npt.NDArray[np.bool_] = np.asarray(np.isfinite(steps).all(axis=1))  # (orders, metrics)
    worth, error = (np.full(steps.shape[1:], math.nan) for _ in range(2))
    for metric in range(possible.shape[1]):
        mine = possible[:, metric]
        if mine.sum() > 1:
            counted = steps[mine, :, metric]
            worth[:, metric] = counted.mean(axis=0)
            error[:, metric] = counted.std(axis=0, ddof=1) / math.sqrt(len(counted))
    return Worths(worth, error, tuple(possible.sum(axis=0).tolist()))

