"""The paper's table, run again on few searches: within the published spread, in the published protocol."""

from __future__ import annotations

import numpy as np

from nas_explorer.races.published_table import COLUMNS, METHODS, deviations_off, own_rows, published_rows, side_by_side

PUBLISHED = {row.method: row for row in published_rows()}


def test_our_searches_land_within_the_published_standard_deviations() -> None:
    """150 searches a method: the standard error of a mean is below a tenth of the published deviation."""
    own = own_rows(runs=150, methods=("RS", "REA", "REINFORCE"))
    for row in own:
        off = deviations_off(row, PUBLISHED[row.method])
        assert len(off) == len(COLUMNS) == 6
        assert max(value for value in off if value is not None) < 0.5, row
        spreads = [mine / theirs for (_, mine), (_, theirs) in zip(row.cells, PUBLISHED[row.method].cells, strict=True) if mine and theirs]
        assert 0.6 < min(spreads) < max(spreads) < 1.8, row
    random, evolution, reinforce = (row.cells[1][0] for row in own)
    assert random < min(evolution, reinforce)


def test_every_method_of_ours_has_a_published_row() -> None:
    assert set(METHODS) <= set(PUBLISHED)
    assert all(len(row.cells) == 6 and not row.ours and row.evidence for row in PUBLISHED.values())


def test_rows_stand_side_by_side_and_the_others_follow() -> None:
    (ours,) = own_rows(runs=2, methods=("RS",))
    table = side_by_side([ours], list(PUBLISHED.values()))
    assert [(row.method, row.ours) for row in table[:2]] == [("RS", True), ("RS", False)]
    assert len(table) == len(PUBLISHED) + 1
    assert np.isfinite([mean for row in table for mean, _ in row.cells]).all()


def test_where_no_deviation_was_published_there_is_no_distance_in_it() -> None:
    assert deviations_off(PUBLISHED["ResNet"], PUBLISHED["ResNet"]) == [None] * 6
