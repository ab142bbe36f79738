"""A kernel density over architectures as rows of option indices: where good ones have been seen."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from nas_explorer.spaces.codec import Rows

Floats: TypeAlias = NDArray[np.float64]


class OptionDensity:
    """The mean of one kernel a row: in every decision it keeps the row's option, or moves evenly to another.

    The chance to move is 1.06 * (standard deviation of the indices) * n ** (-1 / (4 + decisions)), the "normal reference" rule that
    HpBandSter uses, kept between `least` and the point at which every option is as likely.

    Aitchison and Aitken, Multivariate binary discrimination by the kernel method, Biometrika 63, 1976.

    Args:
        rows: (n, decisions) option indices; -1, not active, becomes what a random row has there, else a random option.
        widths: (decisions,) how many options each has.
    """

    def __init__(self, rows: Rows, widths: Rows, least: float, rng: np.random.Generator) -> None:
        self.rows, self.widths = _filled(rows, widths, rng), widths
        n, decisions = rows.shape
        reference = 1.06 * self.rows.std(axis=0) * n ** (-1 / (4 + decisions))
        self.move: Floats = np.minimum(np.maximum(reference, least), 1 - 1 / widths)

    def at(self, rows: Rows) -> Floats:
        """(m, decisions) -> (m,) the density, which sums to 1 over all rows there are."""
        elsewhere = self.move / np.maximum(self.widths - 1, 1)
        kernels = np.where(rows[:, None] == self.rows[None], 1 - self.move, elsewhere)     # (m, n, decisions)
        found: Floats = kernels.prod(axis=2).mean(axis=1)
        return found

    def sample(self, count: int, rng: np.random.Generator) -> Rows:
        """(count, decisions): random rows of ours, each decision drawn anew with the chance to move, as HpBandSter does."""
        start = self.rows[rng.integers(len(self.rows), size=count)]
        moves = rng.random(start.shape) < self.move
        return np.where(moves, rng.integers(0, self.widths, size=start.shape), start)


def _filled(rows: Rows, widths: Rows, rng: np.random.Generator) -> Rows:
    filled = rows.copy()
    for decision in np.flatnonzero((rows < 0).any(axis=0)).tolist():
        missing = rows[:, decision] < 0
        known = rows[~missing, decision]
        fill = rng.choice(known, size=missing.sum()) if len(known) else rng.integers(0, widths[decision], size=missing.sum())
        filled[missing, decision] = fill
    return filled
