"""The work behind the facts of a space: what can be solved is solved at once, the rest is learned piece by piece."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from nas_explorer.errors import NotAdditive
from nas_explorer.spaces.bounds import climbed
from nas_explorer.spaces.codec import Codec, Rows
from nas_explorer.spaces.distinct import count_distinct, draw, sampling_weights
from nas_explorer.spaces.distribution import PATIENT, QUICK, count_within, ranges
from nas_explorer.spaces.effects import dead_parts, idle_decisions
from nas_explorer.spaces.enumeration import enumerate_indices
from nas_explorer.spaces.estimates import Estimate
from nas_explorer.spaces.fit import Fit, Seen, Values
from nas_explorer.spaces.indices import layout
from nas_explorer.spaces.quantities import Quantities
from nas_explorer.spaces.size import size
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.tracer import plan

MAX_LISTED = 2_000                 # architectures that are all traced, where costs are no sums
MAX_AT_ONCE = 20_000               # architectures that are all measured at once, where a table knows something more than sums
STEPS_AT_ONCE = 3_000              # of plans that are measured in one piece, some 50 ms
ROWS_AT_ONCE = 10_000              # in one piece where costs are sums
SAMPLES = 40                       # pieces of random architectures
CLIMB = 100                        # pieces of a climb


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most there is of a quantity; if not exact, the least and the most that was found."""

    least: float
    most: float
    exact: bool


class Study:
    """What is known so far. Each worker is an iterator that yields True after a piece of work, so that they take turns."""

    def __init__(self, space: SearchSpace, measured: Quantities, seed: int) -> None:
        self.space, self.measured, self.seed = space, measured, seed
        self.size = size(space)
        self.distinct = Estimate(self.size, 1, self.size, False, "not compared yet")
        self.least = np.full(len(measured.names), np.inf)
        self.most = -self.least
        self.solved = False                        # the ranges are exact
        self.dead, self.idle = dead_parts(space), tuple[str, ...]()
        limits = measured.limits
        together = [limits] if len(limits) > 1 else []
        self.seen = [Seen(group, measured.caps(group)) for group in [*((limit,) for limit in limits), *together]]
        self._at_once = ROWS_AT_ONCE if measured.sums is not None else self._affordable()
        self._solve()
        self.start = self._draw(0) if self._is_open() else np.zeros(0, dtype=np.int64)

    def ranges(self) -> dict[str, Range]:
        return {name: Range(float(self.least[i]), float(self.most[i]), self.solved) for i, name in enumerate(self.measured.costs)}

    def fits(self) -> tuple[Fit, ...]:
        """One for each limit, then one for all together if they are several."""
        least = dict(zip(self.measured.names, self.least.tolist(), strict=True))
        return tuple(seen.fit(self.size, least) for seen in self.seen)

    def workers(self) -> list[Iterator[bool]]:
        """What is left to do."""
        is_small = self.measured.terms is None and self.size <= MAX_LISTED
        costs = [] if not self._is_open() else [self._list_all()] if is_small else [self._count_patiently(), self._sample(), self._climb()]
        return [*costs, self._compare(), self._try_decisions()]

    # ---- at once
    def _solve(self) -> None:
        terms = self.measured.terms
        if terms is None:
            if self.measured.sums is not None and self.size <= MAX_AT_ONCE:
                deque(self._list_all(), maxlen=0)
            return
        try:
            found = np.array(ranges(terms))
            self.least, self.most, self.solved = found[:, 0], found[:, 1], True
        except NotAdditive:
            self.solved = False                    # too many decisions depend on each other; sampling follows
        for seen in self.seen:
            self._count(seen, QUICK)

    def _count(self, seen: Seen, most_work: int) -> None:
        try:
            seen.counted = self._counted(seen, most_work)
        except NotAdditive:
            seen.counted = None                    # the sums take too many values; sampling follows

    def _counted(self, seen: Seen, most_work: int) -> int:
        if self.solved and all(self.most[column] <= cap for column, cap in seen.caps.items()):
            return self.size
        if self.solved and any(self.least[column] > cap for column, cap in seen.caps.items()):
            return 0
        assert self.measured.terms is not None
        return count_within(self.measured.terms, seen.caps, most_work)

    def _is_open(self) -> bool:
        return not self.solved or any(seen.counted is None for seen in self.seen)

    def _affordable(self) -> int:
        first = next(enumerate_indices(self.space))
        steps = len(plan(self.space, layout(self.space).architecture(first)).steps)
        return max(4, min(256, STEPS_AT_ONCE // steps))

    # ---- piece by piece
    def _list_all(self) -> Iterator[bool]:
        """Every architecture of a small space."""
        for seen in self.seen:
            seen.tried = seen.fitting = 0
        rows = enumerate_indices(self.space)
        while piece := list(islice(rows, self._at_once)):
            self._note(self.measured.measure(np.array(piece, dtype=np.int64).reshape(len(piece), -1)), sampled=True)
            yield True
        self.solved = True
        for seen in self.seen:
            seen.counted = seen.fitting

    def _count_patiently(self) -> Iterator[bool]:
        for seen in self.seen:
            if seen.counted is None and self.measured.terms is not None:
                self._count(seen, PATIENT)
                yield True

    def _sample(self) -> Iterator[bool]:
        for number in range(1, SAMPLES):
            if self._is_open():                    # it may have been counted meanwhile
                self._draw(number)
                yield True

    def _draw(self, number: int) -> Rows:
        """Look at random architectures; returns the one with the fewest parameters among them."""
        rng = np.random.default_rng((self.seed, number))
        at_once = self._at_once if number else max(4, self._at_once // 4)        # the first answer should not wait
        rows = draw(Codec(self.space), at_once, rng, sampling_weights(self.space))
        values = self.measured.measure(rows)
        self._note(values, sampled=True)
        smallest: Rows = rows[int(values[:, 0].argmin())]
        return smallest

    def _climb(self) -> Iterator[bool]:
        """From a random architecture to the least and the most of everything, and to the limits."""
        for number, goal in enumerate(self._goals()):
            rng = np.random.default_rng((self.seed, SAMPLES + number))
            for values in islice(climbed(self.measured, self.start, goal, rng), CLIMB):
                self._note(values, sampled=False)
                yield True

    def _goals(self) -> Iterator[Callable[[Values], Values]]:
        for seen in self.seen:
            if seen.counted is None and not seen.found:
                yield seen.excess
        for column in () if self.solved else range(len(self.measured.costs)):
            yield _downwards(column)
            yield _upwards(column)

    def _compare(self) -> Iterator[bool]:
        for estimate in count_distinct(self.space, self.size, np.random.default_rng((self.seed, 1_000))):
            self.distinct = estimate
            yield True

    def _try_decisions(self) -> Iterator[bool]:
        for decision_id, is_idle in idle_decisions(self.space, np.random.default_rng((self.seed, 2_000))):
            self.idle += (decision_id,) if is_idle else ()
            yield True

    def _note(self, values: Values, sampled: bool) -> None:
        if not self.solved:
            self.least, self.most = np.minimum(self.least, values.min(axis=0)), np.maximum(self.most, values.max(axis=0))
        for seen in self.seen:
            seen.note(values, sampled)


def _downwards(column: int) -> Callable[[Values], Values]:
    return lambda values: values[:, column]


def _upwards(column: int) -> Callable[[Values], Values]:
    return lambda values: -values[:, column]
