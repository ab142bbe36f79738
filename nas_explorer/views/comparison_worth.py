"""What each difference of two architectures is worth in each metric: exact where every mixture has a value, else as trials hint."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from nas_explorer.records import History, Metric
from nas_explorer.spaces import Architecture, SearchSpace, to_indices
from nas_explorer.spaces.indices import is_active, layout
from nas_explorer.spaces.rules import holds
from nas_explorer.spaces.values import Scalar
from nas_explorer.views.decision_words import option_words, place_words
from nas_explorer.views.differences import Difference, differences
from nas_explorer.views.option_effects import FEWEST, Effects, option_effects
from nas_explorer.views.shapley import MOST_EXACT, ORDERS, worths

Kind = Literal["exact", "sampled", "estimate", "unknown"]
LookUp = Callable[[Sequence[Architecture]], Sequence[Mapping[str, float]]]
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Worth:
    """What one change does to one metric, in its unit.

    Attributes:
        value: NaN where it is not known.
        low, high: `sampled`: two standard errors around it; `estimate`: its 95 % interval; `exact`: the value.
        trials: with the old and the new option; of an `estimate` only.
    """

    value: float
    kind: Kind
    low: float = math.nan
    high: float = math.nan
    trials: tuple[int, int] = (0, 0)


UNKNOWN = Worth(math.nan, "unknown")


@dataclass(frozen=True, slots=True)
class Change:
    """Differences that can only be made together: a decision, and those that it switches on or off."""

    differences: tuple[Difference, ...]

    @property
    def words(self) -> str:
        """
        >>> Change((Difference("a.op", "skip", "conv_3x3"), Difference("a.width", None, 8))).words
        'a went from skip to conv 3×3, with 1 more'
        """
        return self._led.words + self._more

    @property
    def short(self) -> str:
        """
        >>> Change((Difference("a.op", "skip", "conv_3x3"),)).short
        'a: skip → conv 3×3'
        """
        led = self._led
        return f"{place_words(led.decision)}: {option_words(led.first)} → {option_words(led.second)}{self._more}"

    @property
    def _led(self) -> Difference:
        return min(self.differences, key=lambda d: d.first is None or d.second is None)

    @property
    def _more(self) -> str:
        return f", with {len(self.differences) - 1} more" if len(self.differences) > 1 else ""


@dataclass(frozen=True, slots=True)
class WorthRow:
    """One change, and its worth in every metric that is compared."""

    change: Change
    worths: tuple[Worth, ...]


def changes_between(space: SearchSpace, first: Mapping[str, Scalar], second: Mapping[str, Scalar]) -> tuple[Change, ...]:
    """The differences, those that hang on each other joined: what only one of the two asks for goes with what switches it."""
    found = {d.decision: d for d in differences(space, first, second)}
    group = {key: key for key in found}

    def root(key: str) -> str:
        return key if group[key] == key else root(group[key])

    known = layout(space)
    for decision in known.decisions:
        mine = found.get(decision.id)
        if mine is not None and (mine.first is None or mine.second is None):
            for parent, _ in decision.when:
                if known.ids[parent] in found:
                    group[root(decision.id)] = root(known.ids[parent])
    joined: dict[str, list[Difference]] = {}
    for key, difference in found.items():
        joined.setdefault(root(key), []).append(difference)
    return tuple(Change(tuple(members)) for members in joined.values())


def mixture(
    space: SearchSpace, first: Mapping[str, Scalar], second: Mapping[str, Scalar], made: Sequence[Change]
) -> Architecture | None:
    """The first with these changes made; None where a rule of the space forbids it. What nobody asks for any more is dropped."""
    known = layout(space)
    moved = {d.decision for change in made for d in change.differences}
    one, two = to_indices(space, first), to_indices(space, second)
    chosen: list[int] = []
    for decision, a, b in zip(known.decisions, one, two, strict=True):
        wanted, other = (b, a) if decision.id in moved else (a, b)
        chosen.append((wanted if wanted >= 0 else other) if is_active(decision, chosen) else -1)
    return known.architecture(chosen) if holds(space, chosen) else None


def worth_rows(
    space: SearchSpace,
    first: Mapping[str, Scalar],
    second: Mapping[str, Scalar],
    values: tuple[Mapping[str, float], Mapping[str, float]],
    metrics: Sequence[Metric],
    look_up: LookUp | None = None,
    history: History | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[WorthRow, ...]:
    """A row a change; the worths of a metric add up to its whole change, unless they are estimates.

    Args:
        values: of both, as they are shown. Where a look-up says otherwise of an end, of a trial that was stopped early, say, it
            explains another change than the one that is shown, and is not used for that metric.
        look_up: what is known of architectures without training; what it lacks is a hole.
        history: where there is no look-up, the finished trials say what each option went with; None: nothing is estimated.
        rng: of the orders that are drawn where there are more than eight changes.
    """
    made = changes_between(space, first, second)
    if not made or not metrics:
        return ()
    table: list[tuple[Worth, ...]] | None = _looked_up(space, first, second, made, values, metrics, look_up, rng) if look_up else None
    columns = []
    for at, metric in enumerate(metrics):
        if table is not None and any(row[at].kind != "unknown" for row in table):
            columns.append([row[at] for row in table])
        else:
            effects = option_effects(history, space, metric=metric) if history is not None else None
            columns.append([estimated(effects, change) for change in made])
    return tuple(WorthRow(change, tuple(column[i] for column in columns)) for i, change in enumerate(made))


def _looked_up(
    space: SearchSpace,
    first: Mapping[str, Scalar],
    second: Mapping[str, Scalar],
    made: Sequence[Change],
    values: tuple[Mapping[str, float], Mapping[str, float]],
    metrics: Sequence[Metric],
    look_up: LookUp,
    rng: np.random.Generator | None,
) -> list[tuple[Worth, ...]]:
    last = (1 << len(made)) - 1

    def table(combinations: Sequence[int]) -> npt.NDArray[np.float64]:
        mixed = [mixture(space, first, second, [c for i, c in enumerate(made) if bits >> i & 1]) for bits in combinations]
        legal = [architecture for architecture in mixed if architecture is not None]
        known = dict(zip(legal, look_up(legal), strict=True))
        rows = [{} if architecture is None else known[architecture] for architecture in mixed]
        found = np.array([[row.get(m.name, math.nan) for m in metrics] for row in rows], dtype=float)
        for end, shown in ((0, values[0]), (last, values[1])):
            at = combinations.index(end)
            unlike = ~np.isclose(found[at], [shown.get(m.name, math.nan) for m in metrics], rtol=_CLOSE, atol=_CLOSE)
            found[at, unlike] = math.nan
        return found

    found = worths(len(made), table, rng)
    kind: Kind = "exact" if len(made) <= MOST_EXACT else "sampled"
    return [
        tuple(
            UNKNOWN if math.isnan(worth) else Worth(worth, kind, worth - 2 * error, worth + 2 * error)
            for worth, error in zip(row.tolist(), errors.tolist(), strict=True)
        )
        for row, errors in zip(found.worth, found.error, strict=True)
    ]


def estimated(effects: Effects | None, change: Change) -> Worth:
    """How the trials with the new option differ from those with the old: their medians, with a 95 % interval.

    Trials that share one option share others, too, so this is a hint and no cause. The interval of a difference is made of both
    intervals: Zou and Donner, Construction of confidence limits about effect measures, Statistics in Medicine 27, 2008.
    """
    (one, *more) = change.differences
    if effects is None or more or one.first is None or one.second is None:
        return UNKNOWN
    found = next((e for e in effects.decisions if e.decision == one.decision), None)
    if found is None:
        return UNKNOWN
    places = [[(type(o), o) for o in found.options].index((type(option), option)) for option in (one.first, one.second)]
    old, new = places
    trials = int(found.count[old]), int(found.count[new])
    if min(trials) < FEWEST:
        return Worth(math.nan, "unknown", trials=trials)
    a, b = float(found.difference[old]), float(found.difference[new])
    below = math.hypot(b - found.low[new], found.high[old] - a)
    above = math.hypot(found.high[new] - b, a - found.low[old])
    return Worth(b - a, "estimate", b - a - below, b - a + above, trials)


def how(rows: Sequence[WorthRow]) -> str:
    """How the worths were found, in sentences for below a table.

    >>> how([WorthRow(Change((Difference("a", 1, 2),)), (Worth(3.0, "exact", 3.0, 3.0),))])
    'Each is what a change adds, averaged over the orders in which they can be made; they add up to the whole change.'
    """
    kinds = {worth.kind for row in rows for worth in row.worths}
    words = []
    if "exact" in kinds:
        words.append("Each is what a change adds, averaged over the orders in which they can be made; they add up to the whole change.")
    if "sampled" in kinds:
        words.append(f"Averaged over {ORDERS} orders drawn at random, ± two standard errors; they add up to the whole change.")
    if "estimate" in kinds:
        words.append("About (≈): how trials with the new option differ from those with the old, 95 % intervals; these need not add up.")
    if "unknown" in kinds:
        words.append(f"Not known (–): nothing is looked up, and an option has fewer than {FEWEST} finished trials.")
    return " ".join(words)
