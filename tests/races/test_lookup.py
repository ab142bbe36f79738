"""A table as matrices gives what the table gives one by one."""

from __future__ import annotations

import numpy as np
import pytest

from nas_explorer.estimators.tabular import Tabular
from nas_explorer.races import lookup as module
from nas_explorer.races.lookup import Lookup, Table
from nas_explorer.records import metric
from nas_explorer.spaces import Codec, SearchSpace, chain, enumerate_indices, from_indices, nas_bench_201
from tests.races.tables import SwitchTable
from tests.toys import switches

ERROR = (metric("validation_error"),)


def lookup_of(table: SwitchTable, space: SearchSpace) -> Lookup:
    return Lookup(table, table, space, ERROR)


def test_rows_are_found_where_the_table_has_them() -> None:
    space, table = nas_bench_201(), Tabular()
    lookup, rows = Lookup(table, table, space, ERROR), Codec(space).sample(200, np.random.default_rng(0))
    expected = [table.index(from_indices(space, row)) for row in rows.tolist()]
    assert lookup.places(rows).tolist() == expected
    assert [lookup.place(tuple(row)) for row in rows.tolist()] == expected
    assert lookup.missing == 0


def test_a_space_that_is_too_large_is_looked_up_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_DENSE", 10)
    space, table = switches(6), SwitchTable()
    lookup, rows = Lookup(table, table, space, ERROR), Codec(space).sample(50, np.random.default_rng(0))
    assert lookup.places(rows).tolist() == [table.index(from_indices(space, row)) for row in rows.tolist()]
    assert np.isnan(lookup.missing)


def test_what_the_table_lacks_is_counted() -> None:
    space = switches(6)
    lookup = lookup_of(SwitchTable(lacking=16), space)
    assert lookup.missing == 0.25
    assert lookup.places(np.zeros((1, 6), dtype=np.int64)).tolist() == [-1]          # all skip: the worst


class Counting(SwitchTable):
    """Numbers the architectures of any space in order."""

    def __init__(self, space: SearchSpace) -> None:
        super().__init__(6)
        object.__setattr__(self, "known", {from_indices(space, row): i for i, row in enumerate(enumerate_indices(space))})

    def index(self, architecture: object) -> int:
        return int(self.known[architecture])  # type: ignore[attr-defined]


def test_decisions_that_are_not_active_find_their_row() -> None:
    space = chain(stages=1)
    table = Counting(space)
    lookup = Lookup(table, table, space, ERROR)
    rows = np.array(list(enumerate_indices(space)))
    assert (rows < 0).any()
    assert lookup.places(rows).tolist() == list(range(len(rows)))


def test_tables_are_known_by_what_they_can() -> None:
    assert isinstance(Tabular(), Table)
    assert isinstance(SwitchTable(), Table)


def test_a_table_looks_once_or_has_learning_curves() -> None:
    from nas_explorer.estimators.digits_cells import DigitsCells
    from nas_explorer.spaces import load

    assert lookup_of(SwitchTable(lacking=16), switches(6)).looks_once
    curves = DigitsCells()
    assert not Lookup(curves, curves, load("digits_cells"), ERROR).looks_once
