"""The table of trials: newest first, one scale a column, the selected one always at hand."""

import json

import pytest

from nas_explorer.records import metric
from nas_explorer.views.table import RowBook, operation_tiles, trial_table
from tests.views.drawings import ERROR, PARAMS, searched

METRICS = [ERROR, PARAMS, metric("macs")]


def test_rows_come_newest_first_page_by_page() -> None:
    history = searched(120, 1)
    assert [row["trial"] for row in trial_table(history, METRICS, set(), RowBook(), page=3)["rows"]] == [119, 118, 117]
    last = trial_table(history, METRICS, set(), RowBook(), page=50, offset=100)
    assert [row["trial"] for row in last["rows"]] == list(range(19, -1, -1))
    assert (last["total"], last["offset"]) == (120, 100)
    assert trial_table(history, METRICS, set(), RowBook(), offset=5000)["rows"][0]["trial"] == 0


def test_a_column_has_one_unit_and_so_many_decimals() -> None:
    table = trial_table(searched(40, 2), METRICS, set(), RowBook())
    assert [column["label"] for column in table["columns"]] == ["Error %", "Params M", "MACs M"]
    assert {len(value.partition(".")[2]) for row in table["rows"] for value in row["values"]} == {2}


def test_the_selected_trial_comes_along_if_it_is_on_another_page() -> None:
    history = searched(60, 3)
    assert trial_table(history, METRICS, {4}, RowBook(), page=10, selected=4)["selected_row"]["trial"] == 4
    assert trial_table(history, METRICS, {4}, RowBook(), page=10, selected=4)["selected_row"]["front"]
    assert trial_table(history, METRICS, set(), RowBook(), page=10, selected=55)["selected_row"] is None
    assert trial_table(history, METRICS, set(), RowBook(), page=10, selected=600)["selected_row"] is None


def test_a_failed_trial_says_why_and_has_no_numbers() -> None:
    row = trial_table(searched(5, 4, failed=1), METRICS, set(), RowBook())["rows"][0]
    assert row["status"] == "failed"
    assert row["message"].startswith("the loss became NaN")
    assert row["values"] == ["–", "–", "–"]


def test_a_page_is_json() -> None:
    assert json.loads(json.dumps(trial_table(searched(5, 4), METRICS, {0}, RowBook())))["page"] == 50


def test_tiles_are_the_operations_in_the_order_of_the_decisions() -> None:
    tiles = operation_tiles(searched(1, 0).architecture(0))
    assert [tile["edge"] for tile in tiles] == ["0→1", "0→2", "1→2", "0→3", "1→3", "2→3"]
    others = {"stage1[0].op": "sep_conv_5x5", "normal/2.inputs": "0+1", "normal/0→2.on": True, "stage1.conv.kernel": 3}
    assert [(tile["edge"], tile["label"]) for tile in operation_tiles(others)] == [("stage1[0]", "sep conv 5×5")]


def test_a_row_names_its_operations_by_their_places_which_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nas_explorer.views.table.MOST_KEPT", 7)
    history, book = searched(60, 5), RowBook()
    first = trial_table(history, METRICS, set(), book, page=20, offset=40)["rows"]
    tiles = list(book.tiles)
    rows = trial_table(history, METRICS, set(), book, page=60)["rows"]
    assert book.tiles[: len(tiles)] == tiles
    assert rows[40:] == first
    for row in rows:
        assert [book.tiles[place] for place in row["ops"]] == operation_tiles(history.architecture(row["trial"]))
    assert len({tuple(tile.items()) for tile in book.tiles}) == len(book.tiles)
