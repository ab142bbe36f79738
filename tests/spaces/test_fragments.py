"""Copy and paste: names are made free, cells come along, and a stranger's clipboard is checked like a file."""

from __future__ import annotations

import json

import pytest

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces import Graph, SearchSpace, load, op, problems, size
from nas_explorer.spaces.fragments import copy, paste


@pytest.fixture
def empty() -> SearchSpace:
    return SearchSpace("new", Graph().input("image").node("out", ["image"]))


def test_pasted_nodes_get_free_names_and_keep_the_edges_among_them(nb201):
    fragment = json.loads(json.dumps(copy(nb201, "cell", ["2", "3"])))
    pasted = paste(nb201, "cell", fragment)
    cell = pasted.cell("cell")
    assert cell.names == ("0", "1", "2", "3", "4", "5")
    assert [str(edge) for edge in cell.edges if "5" in str(edge)] == ["4→5"]
    assert cell.output == "3"
    assert paste(nb201, "cell", json.dumps(fragment)) == pasted


def test_cells_come_along_into_another_drawing(nb201, empty):
    pasted = paste(empty, "", copy(nb201, "", ["stage1", "reduce1"]))
    assert pasted.cells == nb201.cells
    joined = pasted.edit("", lambda g: g.edge("image", "stage1").edge("reduce1", "out"))
    assert problems(joined) == ()
    assert size(joined) == 15_625


def test_a_cell_of_the_same_name_and_another_drawing_gets_a_free_name(nb201):
    other = load("nas_bench_101")
    pasted = paste(other, "", copy(nb201, "", ["stage1"]))
    assert [name for name, _ in pasted.cells] == ["cell", "cell2"]
    assert pasted.network["stage1"].op == op("cell2")
    again = paste(pasted, "", copy(pasted, "", ["stage1"]))
    assert again.cells == pasted.cells


@pytest.mark.parametrize(("fragment", "message"), [
    ("print(1)", r"^Nothing was pasted\. The clipboard holds no nodes"),
    ("[" * 100_000, r"^Nothing was pasted"),
    ([], "fragment: an object is needed"),
    ({"nodes": []}, "fragment: 'fragment' is missing"),
    ({"fragment": 2, "nodes": []}, "this library reads format 1, got 2"),
    ({"fragment": 1, "nodes": [{"name": "a"}], "edges": [{"source": "b", "target": "a"}]}, "there is no node 'b'"),
    ({"fragment": 1, "nodes": [{"name": "<b>/"}]}, "a node needs a name"),
    ({"fragment": 1, "nodes": [], "cells": [["conv", {}]]}, "has the name of an operation"),
])
def test_what_is_no_fragment_is_refused(nb201, fragment, message):
    with pytest.raises(InvalidSpace, match=message):
        paste(nb201, "cell", fragment)


def test_inputs_alone_are_nothing_to_copy(nb201):
    with pytest.raises(InvalidSpace, match=r"^Nothing was copied\. Choose nodes other than inputs; the graph has 1, 2, 3"):
        copy(nb201, "cell", ["0"])
