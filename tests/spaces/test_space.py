"""Claims about whole spaces: what they refuse, how deep they nest, and that what they remember is nobody's business."""

from __future__ import annotations

import pickle
import time

import numpy as np
import pytest

from nas_explorer.errors import InvalidSpace, ShapeError, UnknownName
from nas_explorer.spaces import (
    Constraint,
    Edge,
    Graph,
    Node,
    SearchSpace,
    choice,
    decisions,
    mutate,
    op,
    optional,
    plan,
    problems,
    sample,
    size,
    trace,
    uniform_weights,
    values,
)
from nas_explorer.spaces.library.darts import darts
from nas_explorer.spaces.library.nas_bench_101 import nas_bench_101
from nas_explorer.spaces.library.tabular_mlp import tabular_mlp
from nas_explorer.spaces.library.transformer import transformer


def network(**fields) -> Graph:
    return Graph().input("x").node("a", ["x"], **fields)


@pytest.mark.parametrize(("make", "message"), [
    (lambda: SearchSpace("", network()), "a space needs a printable name"),
    (lambda: SearchSpace("s", network(), input_channels=(3, 3)), "the network has 1 inputs, input_channels names 2"),
    (lambda: SearchSpace("s", network(), input_channels=(0,)), "input_channels must be a whole number"),
    (lambda: SearchSpace("s", network(), channels=0), "channels must be a whole number from 1 to 1,000,000, got 0"),
    (lambda: SearchSpace("s", network(), resolution=values(32, 10**9)), "resolution must be a whole number"),
    (lambda: SearchSpace("s", network(), dimensions=3), "dimensions must be a whole number from 0 to 2, got 3"),
    (lambda: SearchSpace("s", network(), width=0.0), "width must be a number above 0"),
    (lambda: SearchSpace("s", network(), depth=values(1.0, float(10**6))), "depth must be a number above 0"),
    (lambda: SearchSpace("s", network(), (("conv", network()),)), "cell 'conv' has the name of an operation"),
    (lambda: SearchSpace("s", network(), (("c", network()), ("c", network()))), "cell names must differ, got c, c"),
    (lambda: SearchSpace("s", network(), (("c/d", network()),)), "a cell needs a name"),
    (lambda: SearchSpace("s", network(), constraints=(Constraint("max_edges", 3, "c"),)), "on cell 'c'; cells: none"),
    (lambda: Constraint("max_fun", 3), "must be one of max_edges, max_params, max_macs, got 'max_fun'"),
    (lambda: Constraint("max_edges", "3"), "must be a number, got '3'"),
])
def test_a_wrong_space_is_refused(make, message):
    with pytest.raises(InvalidSpace, match=message):
        make()


def test_a_cell_may_not_contain_itself(nb201):
    with pytest.raises(InvalidSpace, match="cell 'cell' contains itself: cell in cell"):
        nb201.edit("cell", lambda cell: cell.node("4", ["3"], op="cell"))
    with pytest.raises(InvalidSpace, match="no cell 'reduce'; cells: cell"):
        nb201.edit("reduce", lambda cell: cell)


def nested(depth: int, twice: bool = False) -> SearchSpace:
    cells = [("c0", Graph().input("x").node("a", ["x"], op=choice("skip", op("conv", kernel=1))))]
    for i in range(1, depth):
        graph = Graph().input("x").node("a", ["x"], op=f"c{i - 1}", repeat=1)
        cells.append((f"c{i}", graph.node("b", ["a"], op=f"c{i - 1}") if twice else graph))
    return SearchSpace("deep", network(op=f"c{depth - 1}"), tuple(cells))


def test_cells_nest_up_to_thirty_two_deep():
    assert len(plan(nested(32), {"c0/a.op": "conv_1x1"}).steps) == 3
    with pytest.raises(InvalidSpace, match="deeper than 32"):
        nested(33)


def test_a_small_drawing_of_a_gigantic_network_is_refused_in_time():
    """32 cells, each used twice by the next, are 2**32 operations."""
    started = time.perf_counter()
    space = nested(32, twice=True)
    assert size(space) == 2
    with pytest.raises(InvalidSpace, match="applies more than 100,000 operations"):
        plan(space, {"c0/a.op": "conv_1x1"})
    unshared = SearchSpace("wide", network(op="c", repeat=10_000, shared=False), (
        ("c", Graph().input("x").node("a", ["x"], op=op("conv", kernel=(1, 3)), repeat=10_000, shared=False)),))
    with pytest.raises(InvalidSpace, match="asks for operations in more than 100,000 ways; repeat less"):
        decisions(unshared)
    assert time.perf_counter() - started < 10


def test_a_chain_of_a_thousand_nodes_is_no_trouble():
    nodes = tuple(Node(f"n{i}", op("conv", kernel=(1, 3))) for i in range(1, 1001))
    space = SearchSpace("long", Graph(("n0",), nodes, tuple(Edge(f"n{i - 1}", f"n{i}") for i in range(1, 1001))))
    assert size(space) == 2**1000
    assert len(plan(space, sample(space, np.random.default_rng(0))).steps) == 1002


def test_a_pick_of_too_many_sets_is_refused():
    graph = Graph().input(*map(str, range(40))).node("a", list(map(str, range(40))), pick=20)
    with pytest.raises(InvalidSpace, match="picking 20 of 40 edges has more than 20,000 options; draw the"):
        decisions(SearchSpace("s", graph, input_channels=(3,) * 40))


def test_one_name_may_not_mean_two_lists_of_options():
    graph = (Graph().input("x").node("a", ["x"], op=choice("skip", "none", name="n"))
             .node("b", ["a"], op=choice("none", "skip", name="n")))
    with pytest.raises(InvalidSpace, match="decision 'n' is drawn with two lists of options"):
        decisions(SearchSpace("s", graph))


def test_choices_with_one_name_are_one_decision_of_their_graph():
    graph = (Graph().input("x").node("a", ["x"], op=choice("skip", "none", name="n"))
             .node("b", ["a"], op=choice("skip", "none", name="n")))
    assert [decision.id for decision in decisions(SearchSpace("s", graph))] == ["n"]


def test_a_cell_gets_as_many_values_as_it_has_inputs(nb201):
    two = nb201.edit("cell", lambda cell: cell.input("other"))
    assert two.problems() == ("network: node 'stage1' hands 1 values to cell, which takes 2",
                              "network: node 'stage2' hands 1 values to cell(channels=2C), which takes 2",
                              "network: node 'stage3' hands 1 values to cell(channels=4C), which takes 2")
    handed = SearchSpace("s", network(op="conv", merge="inputs").edge("x", "a", optional()))
    assert handed.problems() == ("network: node 'a' hands its edges to a cell, so they must be plain and always there",)


def test_problems_also_show_what_only_building_shows():
    assert problems(darts(layers=3)) == ()
    kernle = SearchSpace("s", network(op=op("conv", kernle=3)))
    assert problems(kernle) == ("a: conv has no parameter 'kernle'; it has kernel, groups, order",)
    up = Graph().input("x").node("a", ["x"], stride=2).node("b", ["a"], like="x")
    assert problems(SearchSpace("s", up)) == ("a→b: project cannot go from 1/2 to 1/1 of the resolution",)
    unfinished = SearchSpace("s", Graph().input("x").node("a", []))
    assert problems(unfinished) == ("network: node 'a' has no incoming edge; draw one or erase the node",)


@pytest.mark.parametrize(("operation", "error", "message"), [
    ("covn", UnknownName, "no operation at a: 'covn'; did you mean 'conv'"),
    (op("conv", kernle=3), InvalidSpace, "a: conv has no parameter 'kernle'; it has kernel, groups, order"),
    (op("conv", kernel="big"), InvalidSpace, "a: conv cannot have kernel='big'; its default is 3"),
    (op("sep_conv", kernel="3x5"), InvalidSpace, "sep_conv cannot have kernel='3x5'"),
    (op("mbconv", expand=-1), InvalidSpace, "mbconv cannot have expand=-1"),
    (op("linear", bias=1), InvalidSpace, "linear cannot have bias=1; its default is True"),
])
def test_an_unknown_operation_or_parameter_is_named_with_its_place(operation, error, message):
    with pytest.raises(error, match=message):
        plan(SearchSpace("s", network(op=operation)), {})


def test_shapes_that_must_agree_but_do_not_are_named():
    with pytest.raises(ShapeError, match=r"the options of 'layer1.op' give different shapes, so they cannot be mixed"):
        trace(tabular_mlp(), lambda _, options: tuple(range(len(options))))
    strict = SearchSpace("s", network(channels=8, align="error"))
    with pytest.raises(ShapeError, match="3 channels at 1/1 cannot become 8 at 1/1 unaided; draw an"):
        plan(strict, {})


def test_what_a_space_remembers_is_no_part_of_it(nb201):
    space = SearchSpace(nb201.name, nb201.network, nb201.cells)
    before = pickle.dumps(space)
    size(space)
    sample(space, np.random.default_rng(0))
    assert pickle.dumps(space) == before
    assert pickle.loads(before) == space == nb201
    assert hash(space) == hash(nb201)


def test_constraints_bind_every_move(rng):
    space = nas_bench_101()
    for _ in range(20):
        architecture = mutate(space, sample(space, rng), rng)
        assert sum(option is True for option in architecture.values()) <= 9


def test_uniform_weights_make_architectures_equally_likely(rng):
    space = transformer()
    weights = uniform_weights(space)
    depths = [sample(space, rng, weights)["blocks.repeat"] for _ in range(3000)]
    expected = 9**4 / sum(9**n for n in range(1, 5))
    assert abs(depths.count(4) / 3000 - expected) < 6 * (expected * (1 - expected) / 3000) ** 0.5       # 6 sigma


def test_uniform_weights_refuse_what_they_cannot_weigh():
    gate = choice("skip", op("conv", kernel=values(1, 3, name="k")))
    space = SearchSpace("s", Graph().input("x").node("a", ["x"], op=gate).node("b", ["a"], op=gate))
    assert [len(decision.when) for decision in decisions(space)] == [0, 0, 2]
    assert size(space) == 1 + 3 * 2
    with pytest.raises(InvalidSpace, match="has decisions with two parents; draw options uniformly instead"):
        uniform_weights(space)


def test_numbers_of_any_size_can_be_counted_and_weighed(rng):
    nodes = tuple(Node(f"n{i}", op("conv", kernel=(1, 3))) for i in range(1, 1201))
    edges = tuple(Edge(f"n{i - 1}", f"n{i}") for i in range(1, 1201))
    space = SearchSpace("long", network(op="c", repeat=values(1, 2)), (("c", Graph(("n0",), nodes, edges)),))
    assert size(space) == 2**1201
    assert len(sample(space, rng, uniform_weights(space))) == 1201


@pytest.mark.parametrize(("params", "message"), [
    ({"stride": "2"}, "a: stride of conv must be a whole number from 1 to 64, got '2'"),
    ({"stride": 0}, "stride of conv must be a whole number"),
    ({"channels": 0}, "channels must be a whole number from 1 to 1,000,000, got 0"),
    ({"channels": 1.5}, "channels must be a whole number"),
    ({"features": "all"}, "a: features of conv must be a whole number from 1 to 1,000,000, got 'all'"),
])
def test_a_wrong_width_or_stride_of_an_operation_is_a_problem_with_its_place(params, message):
    (found,) = problems(SearchSpace("s", network(op=op("conv", **params))))
    assert message in found
