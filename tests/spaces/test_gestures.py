"""Gestures: each gives a new graph, or says in plain words what was not done and why; the old graph stays as it was."""

from __future__ import annotations

import pytest

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces import Choice, Graph, choice, op, optional, size
from nas_explorer.spaces.gestures import (
    add_node,
    change,
    connect,
    duplicate,
    free_name,
    remove,
    rename,
    reroute,
    set_candidates,
    set_output,
    set_parameter,
    set_presence,
)


@pytest.fixture
def cell(nb201) -> Graph:
    return nb201.cell("cell")


def test_a_new_node_gets_the_next_number_and_is_not_the_output(cell):
    grown = add_node(cell)
    assert grown.names == ("0", "1", "2", "3", "4")
    assert grown.output == cell.output == "3"
    assert add_node(Graph().input("x"), sources=["x"], op=op("conv", kernel=3)).output == "0"
    assert free_name(("conv", "conv9"), "conv9") == "conv10"


def test_an_edge_that_closes_a_cycle_is_refused_in_words():
    graph = Graph().input("0").node("1", ["0"]).node("2", ["1"]).node("out", ["2"])
    with pytest.raises(InvalidSpace, match=r"^out → 1 was not added\. It would close a cycle: 1 → 2 → out → 1\.$"):
        connect(graph, "out", "1")
    with pytest.raises(InvalidSpace, match=r"^1 → 1 was not added\. It would close a cycle: 1 → 1\.$"):
        connect(graph, "1", "1")


@pytest.mark.parametrize(("gesture", "message"), [
    (lambda g: connect(g, "0", "1"), r"^0 → 1 was not added\. It is there already; offer more"),
    (lambda g: connect(g, "1", "0"), r"^1 → 0 was not added\. 0 is an input, which nothing enters\.$"),
    (lambda g: connect(g, "9", "1"), r"^9 → 1 was not added\. There is no node '9'; the graph has 0, 1, 2, 3\.$"),
    (lambda g: add_node(g, "a/b"), r"^Node a/b was not added\. A node needs a name"),
    (lambda g: reroute(g, ("0", "1"), source="3"), r"^0 → 1 was not moved to 3 → 1\. It would close a cycle: 1 → 3 → 1\.$"),
    (lambda g: reroute(g, ("0", "1"), target="2"), r"^0 → 1 was not moved to 0 → 2\. It is there already"),
    (lambda g: reroute(g, ("1", "0")), r"^There is no edge 1 → 0; the graph has 0→1"),
    (lambda g: remove(g, ["0"]), r"^0 was not removed\. It is the only input"),
    (lambda g: remove(g, ["9"]), "there is no node '9'"),
    (lambda g: duplicate(g, ["0"]), r"^Nothing was duplicated\. Choose nodes other than inputs"),
    (lambda g: change(g, "3", repeat=0), r"^Node 3 was not changed\. Node '3': repeat must be a whole number from 1 to 10,000, got 0\.$"),
    (lambda g: change(g, "3", merge="add"), r"^Node 3 was not changed\. Node '3': merge must be one of sum, mean"),
    (lambda g: set_presence(g, ("0", "1"), "picked"), r"^0 → 1 was not changed\. Node 1 picks none of its edges"),
    (lambda g: set_presence(g, ("0", "1"), "loose"), r"^0 → 1 was not changed\. Edge 0→1: a loose end carries no operation"),
    (lambda g: set_presence(g, ("0", "1"), "maybe"), r"^0 → 1 was not changed\. Edge 0→1: presence must be one of"),
    (lambda g: set_candidates(g, ("0", "1"), []), r"^0 → 1 was not changed\. Something has to stand there"),
    (lambda g: set_candidates(g, "3", ["skip", "skip"]), r"^Node 3 was not changed\. The options of a choice must differ"),
    (lambda g: set_parameter(g, ("0", "1"), "conv_9x9", "kernel", 3), r"^0 → 1 was not changed\. It offers no conv_9x9; it offers none"),
    (lambda g: set_parameter(g, ("0", "1"), "conv_1x1", "kernel", 3), r"^0 → 1 was not changed\. The options of a choice must differ"),
    (lambda g: rename(g, "1", "2"), r"^1 was not renamed\. Node names must differ"),
    (lambda g: set_output(g, "9"), r"^The output was not moved\. The output must be a node of the graph, got '9'"),
])
def test_what_cannot_be_done_is_said_in_words(cell, gesture, message):
    before = cell
    with pytest.raises(InvalidSpace, match=message):
        gesture(cell)
    assert cell == before


def test_a_rerouted_edge_keeps_its_operations_and_its_rank(cell):
    grown = add_node(cell, "4", ["3"])
    moved = reroute(grown, ("0", "1"), target="4")
    assert [str(edge) for edge in moved.into("4")] == ["3→4", "0→4"]
    assert moved.into("4")[1].op == cell.edges[0].op
    beside = add_node(grown, "5", ["0"])
    assert [str(edge) for edge in reroute(beside, ("0", "2"), source="5").into("2")] == ["5→2", "1→2"]
    assert reroute(cell, ("0", "1")) == cell


def test_a_rerouted_edge_becomes_one_to_pick_from_where_it_arrives(cell):
    picking = change(add_node(cell, "4", ["2", "3"]), "4", pick=1)
    assert reroute(picking, ("0", "2"), target="4").into("4")[0].presence == "picked"
    plain = add_node(picking, "5", ["3"])
    assert reroute(plain, ("2", "4"), target="5").into("5")[-1].presence == "always"


def test_removing_takes_edges_nodes_and_inputs(cell):
    assert [str(edge) for edge in remove(cell, ["2"], [("0", "1"), ("0", "2")]).edges] == ["0→3", "1→3"]
    two = Graph().input("a", "b").node("1", ["a", "b"], like="b")
    assert remove(two, ["b"]).names == ("a", "1")
    assert remove(two, ["b"])["1"].like is None


def test_duplicates_keep_the_edges_among_them_and_those_that_enter(cell):
    twice = duplicate(cell, ["1", "2"])
    assert twice.names == (*cell.names, "4", "5")
    assert {str(edge) for edge in twice.edges if "4" in str(edge) or "5" in str(edge)} == {"0→4", "0→5", "4→5"}
    assert twice.output == "3"
    assert {str(edge) for edge in duplicate(cell, ["1", "2"], with_inputs=False).edges} - {str(e) for e in cell.edges} == {"4→5"}
    named = duplicate(Graph().input("x").node("conv", ["x"]), ["conv"])
    assert named.names == ("x", "conv", "conv2")


def test_an_edge_becomes_optional_and_back(nb201, cell):
    graph = set_presence(cell, ("0", "1"), "optional")
    assert size(nb201.edit("cell", lambda _: graph)) == 5**5 * (1 + 5)
    assert set_presence(graph, ("0", "1"), "always") == cell


def test_candidates_are_set_and_a_single_one_is_fixed(cell):
    assert set_candidates(cell, ("0", "1"), ["skip"]).edges[0].op == op("skip")
    assert set_candidates(cell, "3", ["skip", op("conv", kernel=3)])["3"].op == choice("skip", op("conv", kernel=3))
    shared = Graph().input("x").node("a", {"x": choice("skip", "none", name="n")})
    assert set_candidates(shared, ("x", "a"), ["skip"]).edges[0].op == Choice((op("skip"),), "n")


def test_a_parameter_becomes_a_choice_a_value_or_its_default():
    graph = Graph().input("x").node("a", {"x": optional(op("conv", kernel=3))})
    wide = set_parameter(graph, ("x", "a"), "conv_3x3", "kernel", (3, 5))
    assert wide.edges[0].op == op("conv", kernel=(3, 5))
    assert set_parameter(wide, ("x", "a"), "conv", "kernel", [5]).edges[0].op == op("conv", kernel=5)
    assert set_parameter(wide, ("x", "a"), "conv", "kernel", None).edges[0].op == op("conv")
    assert wide.edges[0].presence == "optional"


def test_a_stage_gets_repeats_to_choose_from(nb201):
    network = change(nb201.network, "stage1", repeat=(1, 3, 5))
    assert size(nb201.edit("", lambda _: network)) == 15_625 * 3
    assert set_output(nb201.network, "pool").output == "pool"
    assert rename(nb201.network, "pool", "pool") is nb201.network
