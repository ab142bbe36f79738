"""A networkx graph becomes a space of one architecture, or it says why not."""

from __future__ import annotations

import networkx as nx
import pytest

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces import choice, cost, op, problems, size, space_from_networkx
from nas_explorer.spaces.from_layers import Layer, graph_of


@pytest.fixture
def drawn() -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_node("conv.1", op="conv", kernel=3, channels=8, order="conv-bn")
    graph.add_node("join", merge="sum", label="not ours")
    graph.add_node("logits", op=op("linear", features=10))
    graph.add_edges_from([("image", "conv.1"), ("conv.1", "join"), ("join", "pool"), ("pool", "logits")])
    graph.add_edge("image", "join", op=op("conv", kernel=1, order="conv-bn"))
    graph.nodes["pool"]["op"] = "global_pool"
    return graph


def test_a_graph_becomes_a_space_of_one_architecture(drawn):
    space = space_from_networkx(drawn, "mine", resolution=16)
    assert problems(space) == ()
    assert size(space) == 1
    assert space.network.names == ("image", "conv_1", "join", "pool", "logits")
    assert cost(space, {}).parameter_count == (9 * 3 * 8 + 16) + (3 * 8 + 16) + 90
    drawn.edges["image", "join"]["op"] = choice("skip", op("conv", kernel=1))
    drawn.nodes["conv.1"]["kernel"] = (3, 5)
    assert size(space_from_networkx(drawn)) == 4


@pytest.mark.parametrize(("edit", "message"), [
    (lambda g: g.add_edge("logits", "conv.1"), "the graph has a cycle: conv.1 → join → pool → logits → conv.1"),
    (lambda g: g.add_edge("join", "other"), "must have one output, a node that leads nowhere; it has"),
    (lambda g: g.nodes["pool"].update(op=3), "node pool: an operation, its name, or a choice of operations is needed, got 3"),
    (lambda g: g.add_edge("image", "conv+1") or g.add_edge("conv+1", "join"), "node names must differ, got"),
    (lambda g: g.nodes["join"].update(merge="glue"), "merge must be one of"),
])
def test_what_is_no_space_is_refused(drawn, edit, message):
    edit(drawn)
    with pytest.raises(InvalidSpace, match=message):
        space_from_networkx(drawn)


def test_only_directed_graphs_without_parallel_edges_are_read():
    for graph in (nx.Graph([(1, 2)]), nx.MultiDiGraph([(1, 2)])):
        with pytest.raises(InvalidSpace, match=r"a networkx\.DiGraph"):
            space_from_networkx(graph)


def test_runs_of_layers_become_one_operation():
    layers = [Layer("x", "input"), Layer("a", "conv", (0,), (("order", "conv"), ("channels", 8))), Layer("b", "bn", (1,)),
              Layer("c", "activation", (2,), (("kind", "relu"),)), Layer("d", "bn", (3,)), Layer("e", "add", (3, 4)),
              Layer("f", "activation", (5,), (("kind", "silu"),)), Layer("g", "identity", (6,)),
              Layer("h", "linear", (7,), (("features", 4),)), Layer("i", "activation", (8,), (("kind", "gelu"),))]
    drawn = graph_of(layers, 9)
    assert [str(node.op) for node in drawn.nodes] == [
        "conv(order=conv-bn-relu, channels=8)", "bn", "activation(kind=silu)", "dense(channels=4, activation=gelu)"]
    assert [str(edge) for edge in drawn.edges] == ["x→a", "a→d", "a→e", "d→e", "e→h"]


def test_a_value_that_is_added_to_itself_is_read_twice():
    drawn = graph_of([Layer("x", "input"), Layer("a", "add", (0, 0))], 1)
    assert [str(edge) for edge in drawn.edges] == ["x→x again", "x→a", "x again→a"]
    assert drawn.output == "a"
