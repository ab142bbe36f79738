"""What each option of each decision went with so far: how its trials differ from all trials, never without how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from nas_explorer.records import History, Metric
from nas_explorer.spaces import Scalar, SearchSpace
from nas_explorer.spaces.indices import layout
from nas_explorer.views.option_codes import Codes, option_codes

CONFIDENCE = 0.95
FEWEST = 6  # trials with which a median has an interval of 95 % at all: twice 0.5 ** n must not be above 5 %
_EXACT = 400  # from so many trials on the normal approximation says the same

Floats: TypeAlias = npt.NDArray[np.float64]
Numbers: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class OptionEffects:
    """The options of one decision.

    Attributes:
        count: (options,) finished trials with each.
        difference: (options,) median of the metric over them less the median over all finished trials, in the metric's unit; NaN
            where there is none.
        low, high: (options,) ends of the difference's 95 % interval; NaN below six trials, which cannot give one.
        best: (options,) the trial with the best value, -1 where there is none.
    """

    decision: str
    options: tuple[Scalar, ...]
    count: Numbers
    difference: Floats
    low: Floats
    high: Floats
    best: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """
    Attributes:
        trials: how many finished ones there are.
        median: of the metric over all of them; NaN without any.
    """

    metric: Metric
    trials: int
    median: float
    decisions: tuple[OptionEffects, ...]


def option_effects(history: History, space: SearchSpace, codes: Codes | None = None, metric: Metric | None = None) -> Effects:
    """How the finished trials with each option differ from all of them.

    The interval lies between two order statistics of the option's own trials, as in the sign test: it asks nothing of the
    distribution but independent draws. The median of all trials is taken as known. What a search tries is no fair sample, as it
    tries good options together with good ones; read an effect as a hint.

    Args:
        codes: as `option_codes` makes them, of as many trials as count.
        metric: None: the first objective.

    Conover, Practical Nonparametric Statistics, 3rd edition 1999, section 3.2.
    """
    chosen = history.objectives[0] if metric is None else metric
    table = option_codes(history, space) if codes is None else codes
    values = history.column(chosen.name)[: len(table)]
    finished = (history.statuses()[: len(values)] == 1) & np.isfinite(values)
    trials, table = np.flatnonzero(finished), table[: len(finished)][finished]
    order = np.argsort(values[trials], kind="stable")
    trials, table = trials[order], table[order]
    ranked = values[trials]
    median = float(np.median(ranked)) if len(ranked) else math.nan
    found = layout(space)
    effects = []
    for at, (key, offered) in enumerate(zip(found.ids, found.offers, strict=True)):
        count, order = _grouped(table[:, at], len(offered))
        best = _best(trials[order], count, chosen.minimize)
        effects.append(OptionEffects(key, offered, count, *_differences(ranked[order], count, median), best))
    return Effects(chosen, len(ranked), median, tuple(effects))


def _grouped(codes: Codes, options: int) -> tuple[Numbers, Numbers]:
    """(options,) how often each is taken, and (taken,) the places of the first option, then those of the second, and so on."""
    narrow = codes.astype(np.int16) if options < 2**15 else codes  # numpy sorts these by their digits, in linear time
    count = np.bincount(codes + 1, minlength=options + 1)
    return count[1:], np.argsort(narrow, kind="stable")[count[0] :]


def _differences(grouped: Floats, count: Numbers, median: float) -> tuple[Floats, Floats, Floats]:
    """(difference, low, high) of each option's values, which stand one option after the other and ascend within each."""
    first = np.cumsum(count) - count
    seen, sure = count > 0, count >= FEWEST
    difference, low, high = (np.full(len(count), math.nan) for _ in range(3))
    start, n = first[seen], count[seen]
    difference[seen] = (grouped[start + (n - 1) // 2] + grouped[start + n // 2]) / 2 - median
    start, n = first[sure], count[sure]
    rank = np.array([interval_rank(size) for size in n.tolist()], dtype=np.int64)
    low[sure], high[sure] = grouped[start + rank] - median, grouped[start + n - 1 - rank] - median
    return difference, low, high


def _best(trials: Numbers, count: Numbers, minimize: bool) -> Numbers:
    ends, seen = np.cumsum(count), count > 0
    found = np.full(len(count), -1, dtype=np.int64)
    found[seen] = trials[(ends - count if minimize else ends - 1)[seen]]
    return found


@lru_cache(maxsize=4096)
def interval_rank(count: int) -> int:
    """How many of so many values lie outside of the median's 95 % interval at either end.

    >>> [interval_rank(n) for n in (6, 8, 9, 20, 100)]
    [0, 0, 1, 5, 39]
    """
    if count > _EXACT:
        return max(0, math.floor((count - 1.959964 * math.sqrt(count)) / 2) - 1)
    tail, chance = 0, 2**count * (1 - CONFIDENCE) / 2
    for rank in range(count):
        tail += math.comb(count, rank)
        if tail > chance:
            return rank - 1
    return count - 1
