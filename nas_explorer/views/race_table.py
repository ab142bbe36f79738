"""The final table of a race: for every lane what its searches came to, and how it stands against random search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from nas_explorer.records.race_history import RaceHistory
from nas_explorer.views.race import LaneCurve, RaceLines
from nas_explorer.views.race_measure import Measure
from nas_explorer.views.race_ranking import Comparison, Ranking, Standing, groups

Floats: TypeAlias = npt.NDArray[np.float64]
Verdict: TypeAlias = Literal["better", "worse", "unclear", "baseline", "stopped", ""]


@dataclass(frozen=True, slots=True)
class RaceRow:
    """One lane, in what the race is measured by, where the ranking compares; NaN where nothing was found.

    Attributes:
        place: `1`; `2–3` where two cannot be told apart; empty where nothing was found.
        middle, low, high: median and quartiles over its searches.
        mean, mean_low, mean_high: their mean, and its 95 % bootstrap interval.
        finals: (searches that found something,) in the order of their seeds.
        trials: mean over its searches.
        speed_up: how many times sooner its median reached what random search's has reached; None where it was not sooner.
        beats: share of all pairs of its searches with random ones in which it is the better; ties count half.
        verdict: against random search, by the interval of the difference; `baseline` is random search itself, `stopped` a lane
            that has not had the whole budget, empty with one search.
    """

    name: str
    place: str
    middle: float
    low: float
    high: float
    mean: float
    mean_low: float
    mean_high: float
    finals: Floats
    trials: float
    speed_up: float | None
    beats: float | None
    verdict: Verdict


def race_rows(history: RaceHistory, by: Measure, lines: RaceLines, ranked: Ranking, random_lane: str | None) -> list[RaceRow]:
    """Best first, those that found nothing last."""
    standings = {standing.name: standing for standing in ranked.standings}
    places = _places(ranked)
    against = {comparison.name: comparison for comparison in ranked.against_random}
    curves = {curve.name: curve for curve in lines.lanes}
    values = {name: by.final(lane, lines.clock, ranked.upto) for name, lane in history.lanes.items()}
    finals = {name: found[np.isfinite(found)] for name, found in values.items()}
    rows = []
    for name in (*standings, *(name for name in history.lanes if name not in standings)):
        verdict = "baseline" if name == random_lane else _verdict(against.get(name), ranked)
        verdict = "stopped" if history.lanes[name].state == "stopped" else verdict
        random = random_lane if random_lane in finals and name != random_lane else None
        rows.append(RaceRow(
            name, places.get(name, ""), *_quartiles(finals[name]), *_mean(standings.get(name), by), finals[name],
            float(history.lanes[name].spent["trials"].mean()),
            None if random is None or verdict != "better" else _speed_up(curves[name], curves[random], by.less_is_better),
            None if random is None else _beats(finals[name], finals[random], by.less_is_better), verdict,
        ))
    return rows


def _places(ranked: Ranking) -> Mapping[str, str]:
    found: dict[str, str] = {}
    first = 1
    for group in groups(ranked.standings, ranked.neighbours):
        last = first + len(group) - 1
        found |= dict.fromkeys(group, str(first) if first == last else f"{first}–{last}")
        first = last + 1
    return found


def _verdict(comparison: Comparison | None, ranked: Ranking) -> Verdict:
    if comparison is None or max(standing.searches for standing in ranked.standings) == 1:
        return ""
    if not comparison.is_clear:
        return "unclear"
    return "better" if comparison.difference < 0 else "worse"


def _quartiles(finals: Floats) -> tuple[float, float, float]:
    if not finals.size:
        return np.nan, np.nan, np.nan
    low, middle, high = np.quantile(finals, (0.25, 0.5, 0.75))
    return float(middle), float(low), float(high)


def _mean(standing: Standing | None, by: Measure) -> tuple[float, float, float]:
    """The ranking compares values of the metric; here they are what the race is measured by."""
    if standing is None:
        return np.nan, np.nan, np.nan
    values = (standing.mean, standing.low, standing.high)
    if by.what != "regret" or by.optimum is None:
        return values
    mean, low, high = (value - by.optimum if by.metric.minimize else by.optimum - value for value in values)
    return mean, min(low, high), max(low, high)


def _speed_up(curve: LaneCurve, random: LaneCurve, less_is_better: bool) -> float | None:
    if not curve.x.size or not random.x.size:
        return None
    goal = random.middle[-1]
    there = np.flatnonzero(curve.middle <= goal if less_is_better else curve.middle >= goal)
    first = np.flatnonzero(random.middle == goal)[0]
    if not there.size or curve.x[there[0]] >= random.x[first]:
        return None
    return float(random.x[first] / curve.x[there[0]])


def _beats(finals: Floats, random: Floats, less_is_better: bool) -> float | None:
    """The probability that a search is better than a random one; the Mann-Whitney statistic as a share."""
    if not finals.size or not random.size:
        return None
    ordered = np.sort(random)
    below, upto = np.searchsorted(ordered, finals, "left"), np.searchsorted(ordered, finals, "right")
    better = len(random) - upto if less_is_better else below
    return float((better + (upto - below) / 2).mean() / len(random))
