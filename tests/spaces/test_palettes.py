"""Palettes: a list of operations is written once, and edited once for all places where it stands."""

from __future__ import annotations

import json

import pytest

from nas_explorer.errors import InvalidSpace, UnknownName
from nas_explorer.spaces import Graph, SearchSpace, choice, load, names, op, palettes, size, space_from_json, to_code, to_json, with_palette


def test_a_list_of_operations_is_saved_once():
    data = to_json(load("enas_micro"))
    text = json.dumps(data)
    assert list(data["palettes"]) == ["operations"]
    assert text.count('"avg_pool"') == 1
    assert len(text) < 14_000                              # 24,531 with the list on every edge
    assert data["cells"][0][1]["edges"][2]["op"] == {"palette": "operations", "name": "2x.op"}


def test_palettes_are_named_after_the_cell_that_alone_uses_them():
    one, two = choice("skip", "none"), choice("skip", op("conv", kernel=3))
    cell = Graph().input("0").node("1", {"0": one}).node("2", {"0": one, "1": one})
    network = Graph().input("x").node("a", {"x": two}).node("b", {"a": two}, op="my cell")
    assert list(palettes(SearchSpace("s", network, (("my cell", cell),)))) == ["operations", "my_cell_operations"]


def test_one_edit_reaches_every_edge(nb201):
    fewer = with_palette(nb201, "operations", ["skip", op("conv", kernel=3)])
    assert size(fewer) == 2**6
    micro = with_palette(load("enas_micro"), "operations", ["skip", "none"])
    assert size(micro) == (2**5 * 720) ** 4
    fixed = with_palette(nb201, "operations", ["skip"])
    assert size(fixed) == 1


def test_an_unknown_or_empty_palette_is_refused(nb201):
    with pytest.raises(UnknownName, match=r"there is no palette 'ops'.* operations"):
        with_palette(nb201, "ops", ["skip"])
    with pytest.raises(InvalidSpace, match=r"^Palette operations was not changed"):
        with_palette(nb201, "operations", [])


@pytest.mark.parametrize(("change", "message"), [
    ({"palettes": []}, "space.palettes: an object is needed"),
    ({"palettes": {"operations": [3]}}, r"space.palettes.operations\[0\]: an object is needed"),
    ({"palettes": {}}, r"space.cells\[0\]\[1\].edges\[0\].op: there is no palette 'operations'; there is: none"),
    ({"palettes": {"operations": []}}, "a choice needs at least one option"),
])
def test_a_damaged_palette_is_refused_with_the_place(nb201, change, message):
    with pytest.raises(InvalidSpace, match=message):
        space_from_json({**to_json(nb201), **change})


def test_a_small_file_cannot_ask_for_a_million_options():
    edges = [{"source": "x", "target": f"n{i}", "op": {"palette": "p", "name": f"d{i}"}} for i in range(5_000)]
    data = {"format": 1, "name": "s", "palettes": {"p": [{"op": f"o{i}"} for i in range(1_000)]},
            "network": {"inputs": ["x"], "nodes": [{"name": f"n{i}"} for i in range(5_000)], "edges": edges}}
    with pytest.raises(InvalidSpace, match="the palettes are used for more than 100,000 options; name less choices"):
        space_from_json(data)


@pytest.mark.parametrize("name", names())
def test_code_says_a_list_of_operations_once_and_breaks_long_lines(name):
    space = load(name)
    code = to_code(space)
    for operation in {str(option) for options in palettes(space).values() for option in options if option.params}:
        kind, kernel = operation.rpartition("_")[0], operation[-1]
        assert code.count(f"op('{kind}', kernel={kernel})") <= 1
    assert max(map(len, code.splitlines())) <= 130
