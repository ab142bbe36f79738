"""Drawings of architectures: what is drawn, and that they are safe and readable anywhere."""

import numpy as np
import pytest

from nas_explorer.spaces import Graph, SearchSpace, choice, load, names, nas_bench_201, op, optional, sample, values
from nas_explorer.views.diagram import diagram_svg, diagrams, drawn, network_diagram
from nas_explorer.views.drawn_graph import drawn_graph
from tests.views.drawings import HOSTILE, SPACE, checked_svg, hostile_space, words_of

EDGES = ("0→1", "0→2", "1→2", "0→3", "1→3", "2→3")


def cell(*operations: str) -> dict[str, str]:
    return {f"cell/{edge}": operation for edge, operation in zip(EDGES, operations, strict=True)}


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("theme", ["light", "dark", "css"])
def test_every_ready_space_draws_valid_svg(name: str, theme: str) -> None:
    space, rng = load(name), np.random.default_rng(0)
    for _ in range(5):
        root = checked_svg(diagram_svg(space, sample(space, rng), theme, heading="Trial 1", footing="15.71 %"))
        assert {"Trial 1", "15.71 %"} <= set(words_of(root))


def test_a_cell_is_drawn_with_the_name_of_every_operation() -> None:
    svg = diagram_svg(SPACE, cell("conv_3x3", "conv_1x1", "skip", "avg_pool_3x3", "none", "conv_3x3"))
    assert words_of(checked_svg(svg)) == ["none", "conv 3×3", "conv 1×1", "skip", "avg pool 3×3", "conv 3×3", "in", "1", "2", "out"]


def test_the_drawing_has_its_own_ground_except_inside_a_widget() -> None:
    architecture = cell(*["skip"] * 6)
    assert 'fill="#ffffff"/>' in diagram_svg(SPACE, architecture)
    assert 'fill="#212121"/>' in diagram_svg(SPACE, architecture, "dark")
    css = diagram_svg(SPACE, architecture, "css")
    assert "var(--op-skip,#bf2ba6)" in css
    assert '<rect x="0" y="0"' not in css


def test_what_no_path_runs_through_is_marked_dead() -> None:
    graph = drawn_graph(SPACE, cell("conv_3x3", "conv_3x3", "conv_3x3", "skip", "none", "none"), "cell")
    assert [edge.alive for edge in graph.edges] == [False, False, False, True, False, False]
    assert [node.alive for node in graph.nodes] == [True, False, False, True]


def test_a_dead_cell_has_no_living_node() -> None:
    graph = drawn_graph(SPACE, cell("conv_3x3", "none", "none", "none", "none", "conv_3x3"), "cell")
    assert not any(node.alive for node in graph.nodes)


def test_absent_edges_are_not_drawn() -> None:
    graph = Graph().input("in").node("1", {"in": op("conv")}).node("out", {"in": optional(), "1": optional()})
    space = SearchSpace("two", Graph().input("image").node("a", ["image"], op="cell"), (("cell", graph),), 4)
    found = drawn_graph(space, {"cell/in→out.on": True, "cell/1→out.on": False}, "cell")
    assert [(edge.source, edge.target, edge.operation) for edge in found.edges] == [(0, 1, "conv"), (0, 2, "")]
    assert [node.alive for node in found.nodes] == [True, False, True]


def test_nodes_that_only_hand_on_are_left_out() -> None:
    graph = (
        Graph().input("a").node("x", {"a": choice("skip", op("conv"))}).node("y", {"a": choice("skip", op("conv"))}).node("sum", ["x", "y"])
    )
    space = SearchSpace("pairs", Graph().input("image").node("s", ["image"], op="cell"), (("cell", graph),), 4)
    found = drawn_graph(space, {"cell/a→x": "conv", "cell/a→y": "skip"}, "cell")
    assert [node.name for node in found.nodes] == ["a", "sum"]
    assert [edge.operation for edge in found.edges] == ["conv", "skip"]
    checked_svg(diagram_svg(space, {"cell/a→x": "conv", "cell/a→y": "skip"}))


def test_only_graphs_that_decide_something_are_drawn() -> None:
    assert [d.title for d in diagrams(SPACE, cell(*["skip"] * 6))] == ["cell"]
    chain = load("chain")
    assert [d.title for d in diagrams(chain, sample(chain, np.random.default_rng(0)))] == ["network"]


def test_copies_that_decide_alone_are_drawn_once_for_each_that_differs() -> None:
    block = Graph().input("x").node("attend", ["x"], op=op("attention", heads=(2, 4))).node("out", ["x", "attend"])
    network = Graph().input("tokens").node("embed", ["tokens"], op=op("embedding", channels="C"))
    network = network.node("blocks", ["embed"], op="block", repeat=values(1, 3), shared=False)
    space = SearchSpace("t", network, (("block", block),), 8, resolution=16, dimensions=1, input_channels=(1,))
    heads = {f"blocks[{i}]/block/attend.attention.heads": 2 if i else 4 for i in range(3)}
    found = diagrams(space, {"blocks.repeat": 3, **heads})
    assert [d.title for d in found] == ["block in blocks[0]", "block in blocks[1] and 1 more like it", "network"]


def test_the_network_folds_what_repeats_and_tells_channels_and_size() -> None:
    diagram = network_diagram(SPACE, cell(*["skip"] * 6))
    assert [(b.operation.partition("(")[0], b.count) for b in diagram.chain] == [
        ("conv", 1),
        ("cell", 5),
        ("resnet_block", 1),
        ("cell", 5),
        ("resnet_block", 1),
        ("cell", 5),
        ("bn_relu", 1),
        ("global_pool", 1),
        ("linear", 1),
    ]
    words = words_of(checked_svg(drawn(diagram)))
    assert words.count("×5") == 3
    assert words.count("÷2") == 2
    assert {"16", "32", "64", "10", "32²", "16²", "8²"} <= set(words)


def test_an_image_that_is_another_size_is_drawn_with_that_size() -> None:
    small = nas_bench_201(resolution=16, classes=120)
    words = words_of(checked_svg(drawn(network_diagram(small, cell(*["skip"] * 6)))))
    assert {"16²", "4²", "120"} <= set(words)


def test_names_never_become_markup() -> None:
    space = hostile_space()
    architecture = sample(space, np.random.default_rng(0))
    for theme in ("light", "css"):
        svg = diagram_svg(space, architecture, theme, heading=HOSTILE, footing=HOSTILE)
        assert "<script" not in svg
        assert HOSTILE in words_of(checked_svg(svg))
        for diagram in diagrams(space, architecture):
            checked_svg(drawn(diagram, theme))
