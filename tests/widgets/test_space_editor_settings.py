"""What belongs to a drawn space as a whole: limits, scales, its name, and the device whose latency counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from nas_explorer import spaces
from nas_explorer.errors import InvalidSpace, UnknownName
from nas_explorer.estimators import Tabular
from nas_explorer.spaces import Choice, Constraint, SearchSpace, nas_bench_201, size
from nas_explorer.spaces.indices import layout
from nas_explorer.widgets.space_editor import SpaceEditor
from nas_explorer.widgets.space_editor_board import Sheet
from nas_explorer.widgets.space_editor_devices import devices, latency_table
from nas_explorer.widgets.space_editor_search import Offer, begin_search
from tests.widgets.test_space_editor import Hand, until


@pytest.fixture
def editor() -> Iterator[SpaceEditor]:
    made = SpaceEditor(nas_bench_201())
    yield made
    made.close()


@pytest.fixture
def hand(editor: SpaceEditor, monkeypatch: pytest.MonkeyPatch) -> Hand:
    return Hand(editor, monkeypatch)


def cell(editor: SpaceEditor, label: str) -> dict[str, Any]:
    return next(cell for cell in editor.stream.facts["cells"] if cell["label"] == label)


def known(editor: SpaceEditor, version: int) -> None:
    until(lambda: editor.stream.facts.get("version") == version)


# ---- scales
@pytest.mark.parametrize(("field", "typed", "kept"), [
    ("channels", "8, 16", Choice((8, 16))), ("width", "0.5, 1, 2", Choice((0.5, 1, 2))), ("depth", "2", 2),
    ("resolution", "32, 64", Choice((32, 64)))])
def test_what_scales_the_whole_network_can_be_a_choice(editor: SpaceEditor, hand: Hand, field: str, typed: str, kept: Any) -> None:
    what = "channel count" if field == "channels" else field
    assert hand("set_scale", field=field, value=typed)["done"] == f"set the {what} of the space to {typed}"
    assert getattr(editor.space, field) == kept
    assert editor.stream.drawing["scales"][field] == typed
    if isinstance(kept, Choice):
        assert size(editor.space) == len(kept.options) * 15_625
    names: dict[str, Any] = {}
    exec(editor.stream.code, names)
    assert names["space"] == editor.space
    editor.undo()
    assert editor.space == nas_bench_201()


@pytest.mark.parametrize(("field", "typed", "words"), [
    ("channels", "0", "The channel count was not changed. Channels must be"), ("width", "-1", "Width must be a number above 0"),
    ("resolution", "", "It needs a value, or several"), ("depth", "<b>", "Depth must be a number above 0"),
    ("colour", "3", "no scale 'colour'")])
def test_a_scale_that_makes_no_sense_is_refused(editor: SpaceEditor, hand: Hand, field: str, typed: str, words: str) -> None:
    assert words in hand("set_scale", field=field, value=typed)["refused"]
    assert editor.space == nas_bench_201()


def test_a_space_is_renamed(editor: SpaceEditor, hand: Hand) -> None:
    assert hand("rename_space", name="mine")["done"] == "rename nas_bench_201 to mine"
    assert editor.space.name == editor.stream.drawing["name"] == "mine"
    assert "needs a printable name" in hand("rename_space", name="\x00")["refused"]


# ---- limits
def test_the_edges_of_one_graph_are_limited_and_judged(editor: SpaceEditor, hand: Hand) -> None:
    hand("set_presence", edge=[["0", "3"]], presence="optional")
    assert hand("set_limit", kind="max_edges", value="5")["done"] == "limit edges of cell to 5"
    assert editor.space.constraints == (Constraint("max_edges", 5, "cell"),)
    drawn = editor.stream.drawing["graphs"]
    assert (drawn["cell"]["most_edges"], drawn[""]["most_edges"]) == ("5", "")
    known(editor, 3)
    assert cell(editor, "Limits")["note"] == "16.7 % of the architectures fit.", "the edge is absent, or one of five"
    assert hand("set_limit", kind="max_edges", value="")["done"] == "remove the limit on edges of cell"
    assert not editor.space.constraints


def test_limits_of_two_kinds_stand_side_by_side(editor: SpaceEditor, hand: Hand) -> None:
    hand("set_limit", graph="", kind="max_params", value="300000")
    hand("set_limit", graph="", kind="max_macs", value="5e7")
    assert editor.space.constraints == (Constraint("max_params", 300_000), Constraint("max_macs", 50_000_000))
    known(editor, 3)
    assert cell(editor, "Parameters")["note"] == "limit 300.0 k"
    assert cell(editor, "Limits")["value"] == "Satisfiable"
    for wrong in ("0", "many", "3, 4", "1e30", "nan"):
        assert hand("set_limit", graph="", kind="max_macs", value=wrong)["refused"].startswith("The limit was not set."), wrong


# ---- devices
def test_the_latency_of_a_device_is_the_table_s(editor: SpaceEditor, hand: Hand) -> None:
    known(editor, 1)
    latency = cell(editor, "Latency")
    assert (latency["value"], latency["device"], len(latency["devices"])) == ("–", "", 27)
    assert hand("set_device", device="raspi4")["done"] == "show latency on raspi4"
    known(editor, 2)
    column = Tabular().column("latency_ms@raspi4")
    assert cell(editor, "Latency")["value"] == f"{column.min():.1f} – {column.max():.1f} ms"
    hand("set_limit", graph="", kind="max_latency_ms", value="30")
    known(editor, 3)
    share = (column <= 30).mean()
    assert cell(editor, "Latency")["note"] == "limit 30.0 ms"
    assert cell(editor, "Limits")["note"] == f"{100 * share:.1f} % of the architectures fit."
    assert editor.space == nas_bench_201(), "a device belongs to the drawing, not to the space"
    hand("undo")
    hand("undo")
    known(editor, 5)
    assert cell(editor, "Latency")["device"] == ""


def test_latency_of_a_narrower_space_is_that_of_its_own_architectures() -> None:
    space = nas_bench_201().edit("cell", lambda drawn: drawn.edge("0", "1", spaces.choice("skip", "none")))
    names = layout(space).decisions
    rows = np.array([[0] * len(names), [1, *[2] * (len(names) - 1)]])
    of, table = latency_table(space, "pixel3").of, Tabular()
    column = table.column("latency_ms@pixel3")
    assert of(rows).tolist() == [column[table.index(layout(space).architecture(row))] for row in rows.tolist()]
    assert names[0].options == ("skip", "none"), "the options stand in another order than in the table"


def test_a_space_that_no_table_holds_has_no_devices(editor: SpaceEditor, hand: Hand) -> None:
    hand("set_device", device="raspi4")
    hand("offer", edge=[["0", "2"]], key="max_pool_3x3")
    known(editor, 3)
    assert devices(editor.space) == ()
    assert cell(editor, "Latency")["note"] == "its table does not hold this space"
    assert "No table of measured latencies holds this space" in hand("set_device", device="pixel3")["refused"]
    hand("undo")
    assert "no device 'abacus'" in hand("set_device", device="abacus")["refused"]


def test_an_editor_opens_on_a_device() -> None:
    made = SpaceEditor("nas_bench_201", device="fpga")
    known(made, 1)
    assert cell(made, "Latency")["device"] == "fpga"
    made.close()
    with pytest.raises(UnknownName, match="did you mean 'raspi4'"):
        SpaceEditor("nas_bench_201", device="raspi")
    with pytest.raises(InvalidSpace, match="No table of measured latencies"):
        SpaceEditor("chain", device="raspi4")


def test_a_search_of_a_drawing_with_a_device_minds_its_latency(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert objectives(Sheet(nas_bench_201(), device="raspi4")) == ["validation_error", "latency_ms@raspi4"]
    assert objectives(Sheet(nas_bench_201())) == ["validation_error"]


def objectives(sheet: Sheet) -> list[str]:
    begun = begin_search(sheet)
    assert not isinstance(begun, Offer)
    return [metric.name for metric in begun[0].plan.objectives]


def test_a_device_of_ones_own_is_a_function_of_one_operation() -> None:
    made = SpaceEditor(spaces.chain(), device=lambda name, before, after, stride, parameters: 1.0 if name == "mbconv" else 0.0)
    known(made, 1)
    latency = cell(made, "Latency")
    assert latency["devices"] == []
    assert latency["value"].endswith("ms")
    made.close()


def test_nothing_is_said_of_an_unfinished_space_but_what_is_missing(editor: SpaceEditor, hand: Hand) -> None:
    hand("add_node")
    known(editor, 2)
    assert "No table" in hand("set_device", device="raspi4")["refused"]
    assert isinstance(editor.space, SearchSpace)
