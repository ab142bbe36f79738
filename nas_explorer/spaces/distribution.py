"""The exact distribution of costs over all architectures, where costs are terms and decisions fall apart into small groups.

Two decisions belong to one group if one switches the other on, or if a term depends on both. Groups are independent: the
range of a sum is the sum of their ranges, and its distribution their convolution, however large the space is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from nas_explorer.errors import NotAdditive
from nas_explorer.spaces.codec import Rows
from nas_explorer.spaces.cost_terms import Amounts, Case, Conditions, CostTerms, evaluated
from nas_explorer.spaces.indices import layout
from nas_explorer.spaces.space import SearchSpace

MAX_ROWS = 50_000                  # settings of one group that are listed
QUICK, PATIENT = 100_000, 2_000_000      # pairs that a convolution adds, some 30 ms and 1 s; of several quantities, less

Terms: TypeAlias = Sequence[tuple[Conditions, Amounts]]
Values: TypeAlias = NDArray[np.float64]            # (n, quantities)


class Groups:
    """The groups of one case: for every setting of their own decisions what it adds to every quantity."""

    def __init__(self, space: SearchSpace, case: Case, quantities: int) -> None:
        known = layout(space)
        parents = [[parent for parent, _ in decision.when] for decision in known.decisions]
        self.values: list[Values] = []
        self.count = 1
        for members in _components(parents, case.terms):
            mine = [(conditions, amounts) for conditions, amounts in case.terms if conditions and conditions[0][0] in members]
            rows = settings(space, members, {i: case.fixed[i] for i in members if i in case.fixed})
            self.count *= len(rows)
            self.values.append(evaluated(mine, rows, quantities))
        constant = np.zeros((1, quantities))
        for conditions, amounts in case.terms:
            constant += np.array(amounts) * (not conditions)
        self.values.append(constant)

    def least(self) -> Values:
        return np.sum([values.min(axis=0) for values in self.values], axis=0)      # type: ignore[no-any-return]

    def most(self) -> Values:
        return np.sum([values.max(axis=0) for values in self.values], axis=0)      # type: ignore[no-any-return]

    def within(self, limits: Mapping[int, float], most_work: int = PATIENT) -> int:
        """How many settings of all groups together keep quantities at or below their limits.

        Raises:
            NotAdditive: if there are too many different sums to follow.
        """
        at, caps = list(limits), np.array(list(limits.values()))
        # What no setting of the groups still to come can lower below the limit need not be followed.
        rest = np.sum([values[:, at].min(axis=0) for values in self.values], axis=0)
        sums, counts, work = np.zeros((1, len(at))), np.array([1], dtype=object), 0
        for values in sorted(self.values, key=len):
            mine, times = _counted(values[:, at], np.ones(len(values), dtype=object))
            rest = rest - values[:, at].min(axis=0)
            if len(mine) == 1:                     # decides nothing about these quantities
                sums, counts = sums + mine, counts * times
                continue
            work += len(sums) * len(mine) * len(at) ** 3
            if work > most_work:
                raise NotAdditive("the costs take too many different values to count them all")
            pairs = (sums[:, None] + mine[None]).reshape(-1, len(at))
            both = (counts[:, None] * times[None]).reshape(-1)
            kept = ((pairs + rest) <= caps + 1e-9).all(axis=1)
            sums, counts = _counted(pairs[kept], both[kept])
        return int(counts.sum()) if len(counts) else 0


def ranges(terms: CostTerms) -> list[tuple[float, float]]:
    """(least, most) of every quantity over all architectures, constraints ignored.

    Raises:
        NotAdditive: if a group of decisions is too large to be listed.
    """
    groups = [Groups(terms.space, case, len(terms.quantities)) for case in terms.cases]
    least = np.min([group.least() for group in groups], axis=0)
    most = np.max([group.most() for group in groups], axis=0)
    return list(zip(least.tolist(), most.tolist(), strict=True))


def _counted(values: Values, counts: NDArray[np.object_]) -> tuple[Values, NDArray[np.object_]]:
    """Different rows, and how often each is there."""
    if len(values) == 0:
        return values, counts
    rounded = np.round(values, 9)
    # A single column sorts ten times faster as numbers than as rows.
    order = np.argsort(rounded[:, 0], kind="stable") if rounded.shape[1] == 1 else np.lexsort(rounded.T)
    ordered = rounded[order]
    starts = np.flatnonzero(np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)]))
    return ordered[starts], np.add.reduceat(counts[order], starts)


def _components(parents: Sequence[Sequence[int]], terms: Terms) -> list[list[int]]:
    """The groups of decisions, each in order."""
    leader = list(range(len(parents)))

    def found(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    def join(members: Iterable[int]) -> None:
        together = sorted({found(i) for i in members})
        for i in together[1:]:
            leader[i] = together[0]

    for i, above in enumerate(parents):
        join((i, *above))
    for conditions, _ in terms:
        join(decision for decision, _ in conditions)
    groups: dict[int, list[int]] = {}
    for i in range(len(parents)):
        groups.setdefault(found(i), []).append(i)
    return list(groups.values())


def settings(space: SearchSpace, members: Sequence[int], fixed: Mapping[int, int] = MappingProxyType({})) -> Rows:
    """All settings of some decisions that hang on no others: (n, all decisions), -1 elsewhere and where not active.

    Raises:
        NotAdditive: if they are more than 50,000.
    """
    known = layout(space)
    rows = np.full((1, len(known.widths)), -1, dtype=np.int64)
    for i in members:
        active = np.array([not known.decisions[i].when] * len(rows))
        for parent, options in known.decisions[i].when:
            active |= np.isin(rows[:, parent], sorted(options))
        width = 1 if i in fixed else known.widths[i]
        times = np.where(active, width, 1)
        if times.sum() > MAX_ROWS:
            raise NotAdditive("too many decisions depend on each other to list their settings")
        rows = np.repeat(rows, times, axis=0)
        number = np.arange(len(rows)) - np.repeat(np.cumsum(times) - times, times)
        rows[:, i] = np.where(np.repeat(active, times), fixed.get(i, 0) + number, -1)
    return rows


def count_within(terms: CostTerms, limits: Mapping[int, float], most_work: int = PATIENT) -> int:
    """How many architectures keep every quantity, given by its number, at or below its limit.

    Raises:
        NotAdditive: if a group of decisions is too large to be listed, or the sums are too many to follow.
    """
    return sum(Groups(terms.space, case, len(terms.quantities)).within(limits, most_work) for case in terms.cases)
