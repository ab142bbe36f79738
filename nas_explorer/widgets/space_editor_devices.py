"""Latency on real devices, where a table holds every network of the drawn space."""

from __future__ import annotations

from functools import cache
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from nas_explorer.errors import NasExplorerError
from nas_explorer.records import Metric
from nas_explorer.spaces import Architecture, SearchSpace
from nas_explorer.spaces.codec import Rows
from nas_explorer.spaces.enumeration import enumerate_indices
from nas_explorer.spaces.indices import layout
from nas_explorer.spaces.quantities import LatencyTable

LATENCY = "latency_ms@"


@runtime_checkable
class Table(Protocol):
    """What a table of trained networks is asked here."""

    @property
    def metrics(self) -> tuple[Metric, ...]: ...
    def check_space(self, space: SearchSpace) -> None: ...
    def index(self, architecture: Architecture) -> int: ...
    def column(self, metric: str) -> NDArray[np.float64]: ...


@cache
def _table() -> Table:
    from nas_explorer.estimators.catalog import CATALOG

    table = CATALOG.make("tabular")
    assert isinstance(table, Table)
    return table


def devices(space: SearchSpace) -> tuple[str, ...]:
    """Whose latency is known for every architecture of a finished space.

    >>> from nas_explorer.spaces import chain, nas_bench_201
    >>> len(devices(nas_bench_201())), devices(chain())
    (27, ())
    """
    table = _table()
    try:
        table.check_space(space)
    except NasExplorerError:
        return ()
    return tuple(metric.name.removeprefix(LATENCY) for metric in table.metrics if metric.name.startswith(LATENCY))


def latency_table(space: SearchSpace, device: str) -> LatencyTable:
    """Latency in milliseconds of every architecture of a space that the table holds."""
    widths = layout(space).widths
    column = _table().column(f"{LATENCY}{device}")[_indices(space)]

    def of(rows: Rows) -> NDArray[np.float64]:
        found: NDArray[np.float64] = column[np.ravel_multi_index(tuple(rows.T), widths)]
        return found
    return LatencyTable(of)


def _indices(space: SearchSpace) -> NDArray[np.int64]:
    """(architectures,) the table's index of each, in the order of their option indices; kept with the space."""
    found: NDArray[np.int64] | None = space._memory.get("table_indices")
    if found is None:
        known, table = layout(space), _table()
        found = np.array([table.index(known.architecture(row)) for row in enumerate_indices(space)], dtype=np.int64)
        space._memory["table_indices"] = found
    return found
