"""How a space is drawn with its probabilities: every decision once, in its place, on every space of the library."""

from __future__ import annotations

import itertools
import json
import math

import pytest

from nas_explorer import spaces
from nas_explorer.spaces import Graph, SearchSpace, choice, op, optional
from nas_explorer.views.supernet import SupernetDrawing, supernet_drawing
from nas_explorer.views.supernet_parts import PAGE, DrawnChip, DrawnSupernetGraph

DRAWINGS = {name: supernet_drawing(spaces.load(name)) for name in spaces.names()}


@pytest.fixture(params=list(DRAWINGS))
def drawing(request: pytest.FixtureRequest) -> SupernetDrawing:
    return DRAWINGS[request.param]


def shown(graph: DrawnSupernetGraph) -> list[int]:
    """The decisions that can be seen on a graph: those with a chip, and optional edges by their line."""
    chips = [chip.decision for chip in graph.chips]
    return chips + [line.presence.decision for line in graph.lines if line.presence and line.presence.decision not in chips]


def test_every_decision_is_on_its_own_graph(drawing: SupernetDrawing) -> None:
    for number, graph in enumerate(drawing.graphs):
        assert set(shown(graph)) == {i for i, decision in enumerate(drawing.decisions) if decision.graph == number}
        assert len({chip.decision for chip in graph.chips}) == len(graph.chips)


def test_options_keep_all_of_the_spaces_and_say_which_is_which(drawing: SupernetDrawing) -> None:
    for decision in drawing.decisions:
        assert sorted(decision.order) == list(range(len(decision.labels)))
        assert len(decision.options) == len(decision.labels)
        looks = [(option.family, option.tone) for option in decision.options]
        assert len(set(looks)) == len(looks)  # no two of one colour


def test_a_drawing_is_as_wide_as_a_page_and_nothing_sticks_out(drawing: SupernetDrawing) -> None:
    json.dumps(drawing.plain(), allow_nan=False)
    for graph in drawing.graphs:
        assert graph.width <= PAGE
        for part in (*graph.chips, *graph.nodes):
            assert part.width / 2 <= part.x <= graph.width - part.width / 2 + 1
            assert part.height / 2 <= part.y <= graph.height - part.height / 2


def test_no_chip_covers_another_or_a_node(drawing: SupernetDrawing) -> None:
    for graph in drawing.graphs:
        for one, other in itertools.combinations((*graph.chips, *graph.nodes), 2):
            apart = abs(one.x - other.x) >= (one.width + other.width) / 2 or abs(one.y - other.y) >= (one.height + other.height) / 2
            assert apart, (graph.title, one, other)


def test_every_line_ends_at_its_node(drawing: SupernetDrawing) -> None:
    for graph in drawing.graphs:
        for line in graph.lines:
            node = graph.nodes[line.target]
            assert abs(line.tip[0] - node.x) <= node.width / 2 + 3
            assert abs(line.tip[1] - node.y) <= node.height / 2 + 4
            assert all(math.isfinite(number) for number in (*line.tip, *line.spot))


def chips(name: str) -> set[str]:
    return {chip.style for graph in DRAWINGS[name].graphs for chip in graph.chips}


def test_small_cells_are_drawn_as_cells_and_long_networks_in_rows() -> None:
    assert chips("nas_bench_201") == {"full"}
    assert chips("darts") == {"small"}
    assert chips("nas_bench_101") == {"small", "pill"}
    assert chips("enas_macro") == chips("enas_rnn") == chips("chain") == {"row"}


def test_darts_has_two_cells_of_which_an_edge_is_there_if_its_node_picks_it() -> None:
    drawing = DRAWINGS["darts"]
    assert [graph.title for graph in drawing.graphs] == ["normal", "reduce"]
    normal = drawing.graphs[0]
    assert [node.name for node in normal.nodes] == ["0", "1", "2", "3", "4", "5", "out"]
    picks = next(i for i, decision in enumerate(drawing.decisions) if decision.id == "normal/3.inputs")
    assert [option.label for option in drawing.decisions[picks].options] == ["0 + 1", "0 + 2", "1 + 2"]
    presences = {(line.source, line.target): line.presence.options for line in normal.lines if line.presence and line.target == 3}
    assert presences == {(0, 3): (0, 1), (1, 3): (0, 2), (2, 3): (1, 2)}


def test_an_optional_edge_is_there_under_its_first_shown_option() -> None:
    drawing = DRAWINGS["enas_macro"]
    lines = [line for line in drawing.graphs[0].lines if line.presence]
    assert len(lines) == 66
    assert all(line.presence and line.presence.options == (0,) for line in lines)
    assert drawing.decisions[lines[0].presence.decision].options[0].label == "there"  # type: ignore[union-attr]


def test_an_operation_that_several_edges_share_is_made_at_their_node() -> None:
    drawing = DRAWINGS["enas_micro"]
    shared = next(i for i, decision in enumerate(drawing.decisions) if decision.id == "normal/3x.op")
    assert drawing.decisions[shared].label == "3x operation"
    coloured = [line for line in drawing.graphs[0].lines if line.operation == shared]
    assert len(coloured) == 3  # from 0, 1 and 2


def test_options_stand_family_by_family_and_pale_within_one() -> None:
    edge = DRAWINGS["darts"].decisions[0]
    assert [(option.label, option.tone) for option in edge.options] == [
        ("skip", 0),
        ("sep conv 3×3", 0),
        ("sep conv 5×5", 1),
        ("dil conv 3×3", 2),
        ("dil conv 5×5", 3),
        ("max pool 3×3", 0),
        ("avg pool 3×3", 1),
    ]


def test_a_space_of_ones_own_is_drawn_too() -> None:
    network = Graph().input("image").node("a", {"image": choice("skip", op("conv", kernel=3))}, channels=4)
    network = network.node("b", {"a": "skip", "image": optional()}, op=choice("skip", op("attention", heads=2)))
    network = network.node("pool", ["b"], op="global_pool").node("logits", ["pool"], op=op("linear", features=10))
    drawing = supernet_drawing(SearchSpace("own", network, channels=4, resolution=8))
    assert [decision.label for decision in drawing.decisions] == ["in → a", "in → b", "b operation"]
    assert [option.label for option in drawing.decisions[2].options] == ["skip", "attention, heads 2"]


def test_a_chip_is_where_its_decision_is_made() -> None:
    graph = DRAWINGS["nas_bench_201"].graphs[0]
    by_decision: dict[int, DrawnChip] = {chip.decision: chip for chip in graph.chips}
    for line in graph.lines:
        assert line.operation is not None
        chip = by_decision[line.operation]
        assert (chip.x, chip.y) == line.spot
