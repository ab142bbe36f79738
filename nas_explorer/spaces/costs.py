"""Costs in closed form: one number per option instead of a plan, where a space is additive."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from nas_explorer.errors import NotAdditive
from nas_explorer.spaces.codec import Codec, Rows
from nas_explorer.spaces.indices import layout, to_indices
from nas_explorer.spaces.moves import covering
from nas_explorer.spaces.plans import Cost
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.tracer import plan
from nas_explorer.spaces.values import Scalar


def cost(space: SearchSpace, architecture: Mapping[str, Scalar]) -> Cost:
    """Parameter count and MACs of one architecture, read from its plan; for very many use a CostTable.

    >>> from nas_explorer.spaces import nas_bench_201, sample
    >>> space = nas_bench_201()
    >>> cost(space, dict.fromkeys(sample(space, np.random.default_rng(0)), "none"))
    Cost(parameter_count=73306, macs=7783040)
    """
    return plan(space, architecture).cost()


class CostTable:
    """Parameter counts and MACs as a sum over chosen options, fitted on some architectures, checked exactly on others.

    The one-hot code of a row is 0 for inactive decisions, so conditional spaces fit as well. The same space always
    gives the same table.

    Raises:
        NotAdditive: if the cost of an option depends on other options: free channels, free repeats, loose ends.
    """

    def __init__(self, space: SearchSpace, checks: int = 50) -> None:
        self.space, self.codec = space, Codec(space)
        rng = np.random.default_rng(0)
        fitted = np.unique(np.concatenate([self._probes(rng), self.codec.sample(checks, rng)]), axis=0)
        measured = self._measure(fitted)
        self._table = np.linalg.lstsq(self._design(fitted), measured, rcond=None)[0]
        unseen = self.codec.sample(checks, rng)
        if (self.costs(fitted) != measured).any() or (self.costs(unseen) != self._measure(unseen)).any():
            raise NotAdditive(f"costs of {space.name!r} are no sum over its decisions; use cost(space, architecture)")
        self._constant: list[float] = self._table[0].tolist()
        self._options = [self._table[1 + start:1 + stop].tolist()
                         for start, stop in itertools.pairwise(self.codec.starts)]

    def __call__(self, architecture: Mapping[str, Scalar]) -> Cost:
        """The cost of one architecture, in microseconds."""
        parameter_count, macs = self._constant
        for options, index in zip(self._options, to_indices(self.space, architecture), strict=True):
            if index >= 0:
                count, work = options[index]
                parameter_count += count
                macs += work
        return Cost(round(parameter_count), round(macs))

    def costs(self, rows: Rows) -> NDArray[np.int64]:
        """(n, decisions) option indices -> (n, 2): parameter counts and MACs."""
        return np.rint(self._design(rows) @ self._table).astype(np.int64)

    def _probes(self, rng: np.random.Generator) -> Rows:
        """Every option once, and every option of every always-active decision against the same background."""
        rows = [self.codec.encode(architecture) for architecture in covering(self.space, rng)]
        for decision, width in enumerate(self.codec.widths):
            for option in range(width):
                changed = rows[0].copy()
                changed[changed < 0] = 0
                changed[decision] = option
                rows.append(changed)
        return self.codec.settle(np.array(rows, dtype=np.int64).reshape(len(rows), len(self.codec.widths)))

    def _measure(self, rows: Rows) -> NDArray[np.float64]:
        known = layout(self.space)
        costs = [plan(self.space, known.architecture(row.tolist())).cost() for row in rows]
        return np.array(costs, dtype=np.float64)

    def _design(self, rows: Rows) -> NDArray[np.float64]:
        return np.hstack([np.ones((len(rows), 1)), self.codec.one_hot(rows).astype(np.float64)])
