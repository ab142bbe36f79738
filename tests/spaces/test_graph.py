"""Drawing: gestures return new graphs, and what can never be true is refused with the place and the reason."""

from __future__ import annotations

import pytest

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces import Graph, choice, op, optional, sample, size, values


@pytest.fixture
def diamond() -> Graph:
    return Graph().input("x").node("a", ["x"]).node("b", {"x": "none"}).node("out", ["a", "b"])


def test_a_gesture_leaves_the_old_graph_as_it_was(diamond):
    edited = diamond.edge("a", "b", "skip").change("out", merge="mean").without("x", "b")
    assert [str(edge) for edge in diamond.edges] == ["x→a", "x→b", "a→out", "b→out"]
    assert [str(edge) for edge in edited.edges] == ["x→a", "a→b", "a→out", "b→out"]
    assert edited["out"].merge == "mean"


def test_a_redrawn_edge_stays_in_its_place(diamond):
    redrawn = diamond.edge("a", "out", op("conv", kernel=1))
    assert [str(edge) for edge in redrawn.into("out")] == ["a→out", "b→out"]
    assert str(redrawn.into("out")[0].op) == "conv_1x1"


def test_an_edge_drawn_backwards_reorders_nodes_and_keeps_the_output():
    graph = Graph().input("x").node("a", ["x"]).node("c", ["x"]).node("b", ["a"])
    moved = graph.edge("b", "c")
    assert moved.names == ("x", "a", "b", "c")
    assert graph.output == moved.output == "b"


def test_a_node_put_on_an_edge_takes_the_source_and_leaves_the_operation(diamond):
    split = diamond.insert("mid", "x", "b", op=op("conv", kernel=1))
    assert split.names == ("x", "a", "mid", "b", "out")
    assert [(str(edge), str(edge.op)) for edge in split.edges if "mid" in (edge.source, edge.target)] == [
        ("x→mid", "skip"), ("mid→b", "none")]


def test_an_erased_node_takes_its_edges_and_what_named_it(diamond):
    graph = diamond.change("b", like="a")
    erased = Graph(graph.inputs, graph.nodes, graph.edges, out="a").without("a")
    assert [str(edge) for edge in erased.edges] == ["x→b", "b→out"]
    assert erased["b"].like is None
    assert erased.output == "out"


def test_a_new_edge_into_a_picking_node_may_be_picked():
    graph = Graph().input("x").node("a", ["x"]).node("b", ["x"], pick=1).edge("a", "b")
    assert [edge.presence for edge in graph.into("b")] == ["picked", "picked"]


def test_a_rename_keeps_every_edge(diamond):
    renamed = diamond.rename("a", "left")
    assert [str(edge) for edge in renamed.edges] == ["x→left", "x→b", "left→out", "b→out"]


@pytest.mark.parametrize(("gesture", "message"), [
    (lambda g: g.edge("out", "a"), "^It would close a cycle: a → out → a.$"),
    (lambda g: g.edge("nowhere", "a"), "no node 'nowhere'; the graph has x, a, b, out"),
    (lambda g: g.edge("a", "x"), "a→x enters an input; draw it from 'x' to a node"),
    (lambda g: g.node("a", ["x"]), "node names must differ"),
    (lambda g: g.node("c", ["x", "x"]).node("d", {"x": "no/name"}), "without / . → -> "),
    (lambda g: g.node("c", "x"), "sources must be a list or a mapping"),
    (lambda g: g.node("c.d", ["x"]), "without / . → -> "),
    (lambda g: g.node("c", ["x"], merge="max"), "merge must be one of sum, mean"),
    (lambda g: g.node("c", ["x"], align="maybe"), "align must be one of project, pad, error"),
    (lambda g: g.node("c", ["x"], stride=0), "stride must be a whole number from 1 to 64, got 0"),
    (lambda g: g.node("c", ["x"], repeat=10**9), "repeat must be a whole number from 1 to 10,000"),
    (lambda g: g.node("c", ["x"], channels="2D"), "like 2C or C/4, got '2D'"),
    (lambda g: g.node("c", ["x"], channels="C/0"), "like 2C or C/4"),
    (lambda g: g.node("c", ["x"], channels=True), "channels must be a whole number"),
    (lambda g: g.node("c", ["x"], pick=values(1, 2)), "pick must be a whole number"),
    (lambda g: g.node("c", ["x"], like="d"), "like must name an earlier node, got 'd'"),
    (lambda g: g.node("c", {"x": 3}), "an operation, its name, or a choice of operations is needed, got 3"),
    (lambda g: g.node("c", {"x": values(1, 2)}), "choice of operations is needed"),
    (lambda g: g.change("z", merge="sum"), "no node 'z'; the graph has a, b, out"),
    (lambda g: g.without("z"), "no node 'z'"),
    (lambda g: g.without("a", "x"), "no edge a→x"),
    (lambda g: g.rename("z", "y"), "no node 'z'"),
    (lambda g: Graph(g.inputs, g.nodes, g.edges, out="z"), "output must be a node of the graph, got 'z'"),
    (lambda g: Graph(g.inputs, g.nodes, (*g.edges, g.edges[0])), "x→a is drawn twice"),
    (lambda g: g.node("c", ["x"], shared=1), "shared must be True or False"),
])
def test_what_can_never_be_true_is_refused(diamond, gesture, message):
    with pytest.raises(InvalidSpace, match=message):
        gesture(diamond)


@pytest.mark.parametrize(("make", "message"), [
    (lambda: choice(), "at least one option"),
    (lambda: values(*range(10_001)), "a choice has at most 10,000 options, got 10,001"),
    (lambda: values(1, 1.0), "must differ, got 1, 1.0"),
    (lambda: values(0, False), "must differ"),
    (lambda: choice("skip", "skip"), "must differ"),
    (lambda: choice("conv", op("conv", kernel=3)), "same operation once defaults are filled: conv, conv_3x3"),
    (lambda: values(1, float("nan")), "a number, short text or truth value is needed, got nan"),
    (lambda: values(1, 10**400), "got a number past 2"),
    (lambda: values(1, None), "got None"),
    (lambda: op("conv", kernel=(choice("skip"),)), "got Choice"),
    (lambda: op("conv", kernel=choice("skip", "none")), "must choose between scalars"),
    (lambda: op(""), "non-empty"),
    (lambda: op("a\nb"), "printable"),
    (lambda: op("conv", **{"not a name": 1}), "needs a plain name"),
    (lambda: op("conv", choice=1), "needs a plain name, got 'choice'"),
])
def test_a_wrong_operation_or_choice_is_refused(make, message):
    with pytest.raises(InvalidSpace, match=message):
        make()


def test_labels_are_those_of_the_papers():
    assert str(op("sep_conv", kernel=3)) == "sep_conv_3x3"
    assert str(op("mbconv", kernel=5, expand=6)) == "mbconv_5x5(expand=6)"
    assert str(op("conv", kernel="3x5", order="conv-bn")) == "conv_3x5(order=conv-bn)"
    assert str(op("conv", kernel=(1, 3))) == "conv"


def test_a_half_drawn_graph_is_legal_and_says_what_is_missing(nb201):
    half = nb201.edit("cell", lambda cell: cell.without("0", "1"))
    assert half.problems() == ("cell: node '1' has no incoming edge; draw one or erase the node",)
    with pytest.raises(InvalidSpace, match="'nas_bench_201' is unfinished: cell: node '1' has no incoming edge"):
        size(half)
    greedy = nb201.edit("cell", lambda cell: cell.change("3", pick=4))
    assert greedy.problems() == ("cell: node '3' picks 4 of its incoming edges, but 3 may be picked",)


def test_a_node_that_starts_to_pick_may_pick_all_its_plain_edges(nb201):
    picking = nb201.edit("cell", lambda cell: cell.change("3", pick=2))
    assert size(picking) == 5**3 * 3 * 5**2
    assert picking.edit("cell", lambda cell: cell.change("3", pick=None)) == nb201


def test_optional_edges_get_a_decision_of_their_own(nb201, rng):
    space = nb201.edit("cell", lambda cell: cell.node("4", {"3": "skip", "0": optional(op("conv", kernel=(1, 3)))}))
    assert size(space) == 15_625 * 3
    assert "cell/0→4.on" in sample(space, rng)
