"""Who won a race, how sure that is, and from when on: means with bootstrap intervals, and a plain sentence."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from nas_explorer.records import Metric
from nas_explorer.records.race_history import Clock, LaneHistory, RaceHistory
from nas_explorer.views.race import clock_grid
from nas_explorer.views.race_measure import VOLUME, Measure, What, fair_point, measure

Floats: TypeAlias = npt.NDArray[np.float64]
RESAMPLES = 1_000
FEW = 5                            # searches, below which bootstrap intervals are too narrow to be trusted


@dataclass(frozen=True, slots=True)
class Standing:
    """One lane at the end: mean over its searches, with a 95 % bootstrap interval of the mean, and their standard deviation (ddof 0)."""

    name: str
    mean: float
    low: float
    high: float
    std: float
    searches: int
    trials_mean: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A lane against another.

    Attributes:
        difference: of the means, better than the other where it is negative, whatever the metric's direction.
        low, high: its 95 % bootstrap interval.
        since: where on the clock the first stays better (or worse) to the end; None where they cannot be told apart, or nobody asked.
    """

    name: str
    other: str
    difference: float
    low: float
    high: float
    since: float | None

    @property
    def is_clear(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Ranking:
    """The lanes, best first.

    Attributes:
        against_random: every other lane against random search.
        neighbours: each lane against the next.
        upto: where on the clock they are compared while not all have come to their end; None: at the end.
        sentence: the same for a reader.
    """

    metric: Metric
    standings: tuple[Standing, ...]
    against_random: tuple[Comparison, ...]
    neighbours: tuple[Comparison, ...]
    sentence: str
    upto: float | None = None


def ranking(history: RaceHistory, metric: str | None = None, clock: Clock = "trials", random_lane: str | None = None,
            what: What = "best") -> Ranking:
    """Compare what the lanes have found so far: while they run, where all of them have come to, so that nobody has had more.

    Searches of different lanes are independent, so the interval of a difference comes from resampling both. Intervals are percentiles of
    1,000 resamples from one fixed seed; they are not corrected for looking at many pairs.

    Args:
        metric: of the best architecture by the first objective; by default that objective.
        random_lane: the name of the lane that is random search.
        what: `best` compares values of the metric, `hypervolume` the fronts.

    Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    compared = measure(history, metric, what)
    by = VOLUME if what == "hypervolume" else compared.metric
    upto = fair_point(history, clock)
    finals = {name: compared.final(lane, clock, upto) for name, lane in history.lanes.items()}
    lanes = {name: lane for name, lane in history.lanes.items() if np.isfinite(finals[name]).any()}
    resampled = {name: _Resampled(lane, compared, finals[name]) for name, lane in lanes.items()}
    order = sorted(lanes, key=lambda name: by.cost(resampled[name].mean))
    standings = tuple(resampled[name].standing() for name in order)
    grid = clock_grid(history, clock)
    grid = grid if upto is None else grid[grid <= upto]

    against = tuple(_comparison(resampled[name], resampled[random_lane], by, grid, clock)
                    for name in order if random_lane in lanes and random_lane and name != random_lane)
    neighbours = tuple(_comparison(resampled[name], resampled[other], by) for name, other in itertools.pairwise(order))
    return Ranking(by, standings, against, neighbours, _sentence(standings, against, neighbours, clock), upto)


class _Resampled:
    """The final values of one lane, and the means of resamples of its searches."""

    def __init__(self, lane: LaneHistory, by: Measure, values: Floats) -> None:
        self.lane, self.by = lane, by
        self.known = np.isfinite(values)
        self.values: Floats = values[self.known]
        count = len(self.values)
        rng = np.random.default_rng([len(lane.name), *lane.name.encode()])
        # (resamples, searches) how often each search is drawn, in parts of all.
        self.weights: Floats = rng.multinomial(count, np.full(count, 1 / count), size=RESAMPLES) / count
        self.means: Floats = self.weights @ self.values
        self.mean = float(self.values.mean())
        self._curves: Floats | None = None

    def so_far(self, grid: Floats, clock: Clock) -> Floats:
        """(resamples, points) the means of resamples at every moment; NaN where not all searches have come to."""
        if self._curves is None:
            self._curves = self.weights @ self.by.so_far(self.lane, grid, clock)[self.known]
        return self._curves

    def standing(self) -> Standing:
        lane = self.lane
        low, high = np.quantile(self.means, (0.025, 0.975)) if len(self.values) > 1 else (np.nan, np.nan)
        return Standing(lane.name, self.mean, float(low), float(high), float(self.values.std()), len(self.values),
                        float(lane.spent["trials"].mean()))


def _comparison(one: _Resampled, two: _Resampled, by: Metric, grid: Floats | None = None, clock: Clock = "trials") -> Comparison:
    """Without a grid, nobody asks since when."""
    sign = 1.0 if by.minimize else -1.0
    difference = sign * (one.mean - two.mean)
    if min(len(one.values), len(two.values)) < 2:
        return Comparison(one.lane.name, two.lane.name, difference, -np.inf, np.inf, None)
    low, high = np.quantile(sign * (one.means - two.means), (0.025, 0.975))
    clear = low > 0 or high < 0
    since = _since(one, two, sign if difference < 0 else -sign, grid, clock) if clear and grid is not None else None
    return Comparison(one.lane.name, two.lane.name, difference, float(low), float(high), since)


def _since(one: _Resampled, two: _Resampled, sign: float, grid: Floats, clock: Clock) -> float | None:
    """The first point from which on the interval of the difference stays on one side of 0, up to the last that all have reached."""
    differences = sign * (one.so_far(grid, clock) - two.so_far(grid, clock))
    there = ~np.isnan(differences).any(axis=0)
    if not there.any():
        return None
    stays = np.quantile(differences[:, there], 0.975, axis=0) < 0
    unclear = np.flatnonzero(~stays)
    begin = 0 if not len(unclear) else int(unclear[-1]) + 1
    return float(grid[there][begin]) if begin < int(there.sum()) else None


def _sentence(standings: Sequence[Standing], against: Sequence[Comparison], neighbours: Sequence[Comparison], clock: Clock) -> str:
    if not standings:
        return "Nothing has been found yet."
    if max(standing.searches for standing in standings) == 1:
        return "One search a lane: which is better cannot be told. Give more seeds."
    parts = [_against(comparison, clock) for comparison in against if comparison.is_clear]
    unclear = [comparison.name for comparison in against if not comparison.is_clear]
    if unclear:
        parts.append(f"{listed(unclear)} cannot be told apart from {against[0].other}")
    random = against[0].other if against else ""
    for group in groups(standings, neighbours):
        apart = [name for name in group if name != random and name not in unclear]
        if len(apart) > 1:
            parts.append(f"{listed(apart)} cannot be told apart" + (" one from the next" if len(apart) > 2 else ""))
    text = "; ".join(parts)
    few = min(standing.searches for standing in standings)
    caution = f" With {few} searches a lane intervals are too narrow to be trusted." if few < FEW else ""
    return f"{text or f'{standings[0].name} ran alone'}.{caution}"


def _against(comparison: Comparison, clock: Clock) -> str:
    verb = "beats" if comparison.difference < 0 else "is worse than"
    if comparison.since is None:
        return f"{comparison.name} {verb} {comparison.other}"
    where = {"trials": "trial {:,.0f}", "seconds": "{:,.0f} s", "epochs": "epoch {:,.0f}"}[clock].format(comparison.since)
    return f"{comparison.name} {verb} {comparison.other} from {where} on"


def groups(standings: Sequence[Standing], neighbours: Sequence[Comparison]) -> list[list[str]]:
    """Lanes in order, cut where one is clearly better than the next; none where there are none."""
    if not standings:
        return []
    found = [[standings[0].name]]
    for comparison in neighbours:
        if comparison.is_clear:
            found.append([comparison.other])
        else:
            found[-1].append(comparison.other)
    return found


def listed(names: Sequence[str]) -> str:
    """
    >>> listed(["TPE", "evolution", "BOHB"]), listed(["TPE"])
    ('TPE, evolution and BOHB', 'TPE')
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))
