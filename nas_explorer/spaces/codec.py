"""The fast path for many: an architecture is a row of option indices, -1 where inactive; a thousand are a matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nas_explorer.spaces.architecture import Architecture
from nas_explorer.spaces.decisions import decisions
from nas_explorer.spaces.indices import from_indices, to_indices
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import Scalar

Rows = NDArray[np.int64]


class Codec:
    """Rows of one space: (n, decisions) int64. Constraints are ignored here; filter rows with rules.holds.

    >>> from nas_explorer.spaces import nas_bench_201
    >>> codec = Codec(nas_bench_201())
    >>> codec.sample(1000, np.random.default_rng(0)).shape
    (1000, 6)
    """

    def __init__(self, space: SearchSpace) -> None:
        self.space, self.decisions = space, decisions(space)
        self.widths: Rows = np.array([len(decision.options) for decision in self.decisions], dtype=np.int64)
        self.starts: Rows = np.concatenate([[0], np.cumsum(self.widths)]).astype(np.int64)
        self._lookup = {i: [(parent, np.isin(np.arange(-1, self.widths[parent]), sorted(options)))
                            for parent, options in decision.when]
                        for i, decision in enumerate(self.decisions) if decision.when}

    def settle(self, rows: Rows) -> Rows:
        """Set -1 wherever a row's own options switch a decision off. In place."""
        for i, alternatives in self._lookup.items():
            active = np.zeros(len(rows), dtype=bool)
            for parent, allowed in alternatives:
                active |= allowed[rows[:, parent] + 1]
            rows[~active, i] = -1
        return rows

    def sample(self, n: int, rng: np.random.Generator) -> Rows:
        """n rows, every active decision uniform."""
        return self.settle(rng.integers(0, self.widths, size=(n, len(self.widths))))

    def mutate(self, rows: Rows, rng: np.random.Generator) -> Rows:
        """One changed active decision a row; what that switches on is drawn. A row without decisions stays."""
        n, fresh = len(rows), rng.integers(0, self.widths, size=rows.shape)
        if rows.size == 0:
            return rows.copy()
        at = np.where(rows >= 0, rng.random(rows.shape), -1.0).argmax(axis=1)
        children = np.where(rows >= 0, rows, fresh)
        old, width = rows[np.arange(n), at], self.widths[at]
        children[np.arange(n), at] = (old + rng.integers(1, width)) % width
        return self.settle(children)

    def one_hot(self, rows: Rows) -> NDArray[np.float32]:
        """(n, all options) of 0 and 1; an inactive decision is all zeros."""
        out = np.zeros((len(rows), int(self.starts[-1])), dtype=np.float32)
        row, decision = np.nonzero(rows >= 0)
        out[row, self.starts[decision] + rows[row, decision]] = 1
        return out

    def encode(self, architecture: Mapping[str, Scalar]) -> Rows:
        """One row; raises InvalidArchitecture as to_indices does."""
        return np.array(to_indices(self.space, architecture), dtype=np.int64)

    def decode(self, row: Sequence[int] | Rows) -> Architecture:
        """The architecture of one row."""
        return from_indices(self.space, [int(option) for option in row])
