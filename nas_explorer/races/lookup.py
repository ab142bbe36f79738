"""A table as matrices: what a benchmark knows of thousands of architectures at once, found by their option indices."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from nas_explorer.errors import InvalidArchitecture, InvalidMetric
from nas_explorer.estimators.protocol import Estimator
from nas_explorer.records import Metric
from nas_explorer.spaces import Architecture, Codec, SearchSpace, enumerate_indices, from_indices, size
from nas_explorer.spaces.codec import Rows

Floats: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.int64]

LOOKS = 1_000                      # for an architecture that the table has
MAX_DENSE = 200_000                # architectures of a space that are all looked up before the race


@runtime_checkable
class Table(Protocol):
    """What an estimator offers besides that has every answer in columns."""

    def index(self, architecture: Architecture) -> int:
        """The row of an architecture.

        Raises:
            InvalidArchitecture: if the table has none.
        """
        ...

    def column(self, metric: str) -> npt.NDArray[Any]:
        """(rows,) one metric of every row."""
        ...


class Lookup:
    """Option indices in, values out. Architectures that the table does not have are failed trials.

    Attributes:
        missing: the share of the space's architectures that the table does not have; NaN where the space is too large to look.
    """

    def __init__(self, table: Table, estimator: Estimator, space: SearchSpace, metrics: Sequence[Metric]) -> None:
        """
        Args:
            table, estimator: the same one, as what it offers in both ways.
        """
        self.table, self.estimator, self.space = table, estimator, space
        self.columns: Floats = np.stack([np.asarray(table.column(m.name), dtype=np.float64) for m in metrics], axis=1)
        self.seconds = self._column("train_seconds", 0.0)
        self.epochs = float(getattr(table, "epochs", 0) or 0)
        self._memo: dict[tuple[int, ...], int] = {}
        widths = Codec(space).widths + 1               # 0 stands for a decision that is not active
        self._radix: Places = np.append(np.cumprod(widths[:0:-1])[::-1], 1).astype(np.int64) if len(widths) else np.zeros(0, np.int64)
        self._dense = self._all(int(np.prod(widths))) if _is_small(space, widths) else None

    def places(self, rows: Rows) -> Places:
        """(n, decisions) option indices -> (n,) rows of the table, -1 where it has none."""
        if self._dense is not None:
            found: Places = self._dense[(rows + 1) @ self._radix]
            return found
        return np.array([self.place(tuple(row)) for row in rows.tolist()], dtype=np.int64)

    def place(self, row: tuple[int, ...]) -> int:
        """The same for one architecture."""
        if self._dense is not None:
            return int(self._dense[int(np.dot(np.array(row) + 1, self._radix))])
        if row not in self._memo:
            self._memo[row] = self._index(row)
        return self._memo[row]

    @property
    def looks_once(self) -> bool:
        """Whether the table has one length of training only, and no learning curves."""
        for row in itertools.islice(enumerate_indices(self.space), LOOKS):
            if self.place(tuple(row)) >= 0:
                return next(iter(self.estimator.evaluate(from_indices(self.space, row)))).step == 0
        return True

    def values(self, names: Sequence[str]) -> list[Mapping[str, float]]:
        """What a trial measures, for every row of the table."""
        columns = [np.asarray(self.table.column(name)).tolist() for name in names]
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]

    def _all(self, codes: int) -> Places:
        found = np.full(codes, -1, dtype=np.int64)
        rows = list(enumerate_indices(self.space))
        places = [self._index(tuple(row)) for row in rows]
        if rows:
            found[(np.array(rows) + 1) @ self._radix] = places
        self.missing = places.count(-1) / len(places)
        return found

    def _index(self, row: tuple[int, ...]) -> int:
        try:
            return int(self.table.index(from_indices(self.space, row)))
        except InvalidArchitecture:
            return -1

    def _column(self, name: str, default: float) -> Floats:
        try:
            return np.asarray(self.table.column(name), dtype=np.float64)
        except InvalidMetric:
            return np.full(len(self.columns), default)

    missing: float = float("nan")


def _is_small(space: SearchSpace, widths: npt.NDArray[np.int64]) -> bool:
    return size(space) <= MAX_DENSE and float(np.prod(widths.astype(float))) <= 20 * MAX_DENSE
