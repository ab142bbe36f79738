"""The Python side of the space editor: gestures become spaces, refusals become sentences, and strangers' messages do no harm."""

from __future__ import annotations

import json
import random
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import traitlets

from nas_explorer import spaces
from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces import Edge, Estimate, Graph, Op, SearchSpace, nas_bench_201, op
from nas_explorer.spaces.gestures import edge_of
from nas_explorer.spaces.values import options_of
from nas_explorer.widgets.space_editor import STATIC, SpaceEditor
from nas_explorer.widgets.space_editor_board import MOST_STEPS, Board, Sheet
from nas_explorer.widgets.space_editor_costs import candidate_costs, strip
from nas_explorer.widgets.space_editor_drawing import drawn_sheet
from nas_explorer.widgets.space_editor_fact_cells import Told, distinct_cell, fact_content, shown_count
from nas_explorer.widgets.space_editor_gestures import GESTURES
from nas_explorer.widgets.space_editor_palette import palette_operations
from nas_explorer.widgets.space_editor_picture import graph_svg, sheet_svg
from nas_explorer.widgets.space_editor_search import Offer, begin_search, scoring_estimators


class Hand:
    """Sends gestures as a browser does, and keeps the answers."""

    def __init__(self, editor: SpaceEditor, monkeypatch: pytest.MonkeyPatch) -> None:
        self.editor, self.number = editor, 0
        self.answers: list[dict[str, Any]] = []
        monkeypatch.setattr(editor, "send", lambda content, buffers=None: self.answers.append(content))

    def __call__(self, gesture: str, /, *, version: int | None = None, **args: Any) -> dict[str, Any]:
        self.number += 1
        args.setdefault("graph", "cell")
        seen = self.editor.stream.drawing["version"] if version is None else version
        self.raw({"type": gesture, "view": "v", "number": self.number, "version": seen, "args": args})
        assert self.answers[-1]["number"] == self.number
        return self.answers[-1]

    def raw(self, message: Any) -> None:
        self.editor._heard(self.editor, message, [])


@pytest.fixture
def editor() -> Iterator[SpaceEditor]:
    made = SpaceEditor(nas_bench_201())
    yield made
    made.close()


@pytest.fixture
def hand(editor: SpaceEditor, monkeypatch: pytest.MonkeyPatch) -> Hand:
    return Hand(editor, monkeypatch)


def edges(editor: SpaceEditor) -> set[str]:
    return {str(edge) for edge in editor.space.cell("cell").edges}


def offered(edge: Edge) -> list[Op]:
    """All operations that may stand on an edge."""
    return [option for option in options_of(edge.op) if isinstance(option, Op)]


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


# ---- gestures
def test_a_node_is_added_connected_and_taken_back(editor: SpaceEditor, hand: Hand) -> None:
    assert hand("add_node")["done"] == "add node 4"
    assert hand("connect", source="0", target="4")["done"] == "connect in → 4"
    assert hand("connect", source="4", target="3")["done"] == "connect 4 → out"
    assert {"0→4", "4→3"} <= edges(editor)
    assert editor.space.cell("cell").output == "3", "a new node does not silently become the output"
    assert hand("undo")["done"] == "undo connect 4 → out"
    assert hand("redo")["done"] == "redo connect 4 → out"
    assert {"0→4", "4→3"} <= edges(editor)


def test_a_cycle_is_refused_in_plain_words_and_nothing_changes(editor: SpaceEditor, hand: Hand) -> None:
    before, version = editor.space, editor.stream.drawing["version"]
    answer = hand("connect", source="3", target="1")
    assert answer["refused"] == "out → 1 was not added. It would close a cycle: 1 → out → 1."
    assert editor.space is before
    assert editor.stream.drawing["version"] == version


def test_a_candidate_that_is_off_keeps_its_slot(editor: SpaceEditor, hand: Hand) -> None:
    assert hand("toggle", edge=[["0", "2"]], index=1)["done"] == "turn off skip on in → 2"
    drawing = editor.stream.drawing
    edge = next(e for e in drawing["graphs"]["cell"]["edges"] if (e["source"], e["target"]) == ("0", "2"))
    shown = [(drawing["operations"][i]["label"], on) for i, on in edge["candidates"]]
    assert shown[:3] == [("none", True), ("skip", False), ("conv 1×1", True)]
    hand("toggle", edge=[["0", "2"]], index=1)
    assert editor.space == nas_bench_201(), "switched on again, it stands where it stood"


def test_the_last_candidate_cannot_be_turned_off(editor: SpaceEditor, hand: Hand) -> None:
    for index in range(4):
        hand("toggle", edge=[["0", "1"]], index=index)
    assert hand("toggle", edge=[["0", "1"]], index=4)["refused"].startswith("in → 1 was not changed. Something has to stand there")


@pytest.mark.parametrize(("kind", "arguments", "words"), [
    ("insert", {"edge": [["0", "3"]]}, "put node 4 on in → out"),
    ("reroute", {"edge": [["1", "3"]], "source": "1", "target": "2"}, None),
    ("duplicate", {"nodes": ["2"]}, "duplicate 2"),
    ("group", {"nodes": ["1"]}, "group 1 into cell2"),
    ("rename", {"node": "2", "name": "middle"}, "rename 2 to middle"),
    ("set_presence", {"edge": [["0", "3"]], "presence": "optional"}, "make in → out optional"),
    ("set_field", {"node": "3", "field": "pick", "value": "2"}, "pick 2 inputs at out"),
    ("set_field", {"node": "3", "field": "merge", "value": "concat"}, "set merge of out to concat"),
    ("set_field", {"graph": "", "node": "stage1", "field": "repeat", "value": "3, 5"}, "repeat stage1 ×3, 5"),
    ("set_field", {"graph": "", "node": "stem", "field": "channels", "value": "8, 16"}, "set channels of stem to 8, 16"),
    ("offer", {"edge": [["0", "2"]], "key": "sep_conv_3x3"}, "offer sep conv 3×3 on in → 2"),
    ("offer", {"node": "2", "key": "max_pool_3x3"}, "offer max pool 3×3 on 2"),
    ("set_parameter", {"edge": [["0", "2"]], "index": 3, "parameter": "kernel", "value": "3, 5"}, "set kernel of conv 3×3 to 3, 5"),
    ("set_output", {"node": "2"}, "make 2 the output"),
    ("rename_cell", {"name": "block"}, "rename cell to block"),
    ("remove", {"nodes": ["2"]}, "remove 2"),
    ("remove", {"edges": [["0", "3"], ["1", "3"]]}, "remove in → out, 1 → out"),
    ("move", {"points": {"1": [10, 20]}}, "move 1"),
    ("set_limit", {"kind": "max_params", "value": "1e6"}, "limit parameters to 1,000,000"),
])
def test_every_gesture_has_a_name_and_is_undone(editor: SpaceEditor, hand: Hand, kind: str, arguments: dict[str, Any],
                                                words: str | None) -> None:
    answer = hand(kind, **arguments)
    if words is None:
        assert "It is there already" in answer["refused"]
        return
    assert answer.get("done") == words, answer
    json.dumps(editor.stream.drawing, allow_nan=False)
    assert editor.undo() == words
    assert editor.space == nas_bench_201()
    assert editor.positions == {}


def test_a_node_cannot_pick_more_than_flows_in(editor: SpaceEditor, hand: Hand) -> None:
    refused = hand("set_field", node="3", field="pick", value="4")["refused"]
    assert refused.startswith("out was not changed. 3 of its inputs may be picked, so it can use 1 to 3 of them, got 4")
    assert "from 1 to" in hand("set_field", graph="", node="stage1", field="repeat", value="0")["refused"]


def test_nodes_stay_where_they_were_put_and_new_ones_get_free_places(editor: SpaceEditor, hand: Hand) -> None:
    hand("move", points={"1": [300, 400]})
    before = editor.positions
    assert before["cell", "1"] == (300.0, 400.0)
    assert len(before) == 4, "the others stay as well"
    hand("add_node")
    assert {place: at for place, at in editor.positions.items() if place in before} == before
    x, y = editor.positions["cell", "4"]
    assert all(abs(x - a) >= 90 or abs(y - b) >= 70 for a, b in before.values())
    hand("rename", node="1", name="left")
    assert editor.positions["cell", "left"] == (300.0, 400.0)
    again = SpaceEditor(editor.space, positions=editor.positions)
    assert again.stream.drawing["graphs"]["cell"]["nodes"] == editor.stream.drawing["graphs"]["cell"]["nodes"]
    again.close()
    hand("lay_out")
    assert editor.positions == {}


def test_nodes_are_copied_to_another_editor(editor: SpaceEditor, hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    fragment = hand("copy", nodes=["1", "2"])["fragment"]
    other = SpaceEditor("chain")
    paste = Hand(other, monkeypatch)
    assert paste("paste", graph="", fragment=json.dumps(fragment))["done"] == "paste"
    assert {"1", "2"} <= set(other.space.network.names)
    assert edge_of(other.space.network, ("1", "2")).op == edge_of(editor.space.cell("cell"), ("1", "2")).op
    assert paste("paste", graph="", fragment="hello")["refused"] == "Nothing was pasted. The clipboard holds no nodes of a space."
    other.close()


# ---- Python's side
def test_a_new_space_is_drawn_and_can_be_taken_back(editor: SpaceEditor) -> None:
    heard: list[SearchSpace] = []
    editor.observe(lambda change: heard.append(change["new"]), "space")
    editor.space = spaces.chain()
    assert editor.stream.drawing["name"] == "chain"
    assert editor.undo() == "draw chain"
    assert heard == [spaces.chain(), nas_bench_201()]
    with pytest.raises(traitlets.TraitError, match="SearchSpace"):
        editor.space = "nas_bench_201"  # type: ignore[assignment]


def test_two_editors_that_are_linked_stay_in_step(editor: SpaceEditor, hand: Hand) -> None:
    other = SpaceEditor(nas_bench_201())
    link = traitlets.link((editor, "space"), (other, "space"))
    hand("remove", edges=[["0", "3"]])
    assert other.space == editor.space
    other.undo()
    assert editor.space == nas_bench_201()
    link.unlink()
    other.close()


def test_the_code_of_a_drawing_rebuilds_it(editor: SpaceEditor, hand: Hand) -> None:
    hand("add_node")
    hand("connect", source="1", target="4")
    hand("connect", source="4", target="3")
    hand("set_presence", edge=[["0", "3"]], presence="optional")
    names: dict[str, Any] = {}
    exec(editor.stream.code, names)
    assert names["space"] == editor.space


def test_the_board_forgets_the_oldest_steps() -> None:
    board = Board(Sheet(nas_bench_201()))
    for number in range(MOST_STEPS + 10):
        board.put(Sheet(nas_bench_201()), f"step {number}")
    assert len(board.past) == MOST_STEPS
    assert board.undo() == f"step {MOST_STEPS + 9}"
    board.put(board.sheet, "another")
    assert board.redo() == "", "what was undone is gone once something else is done"


# ---- what cannot be trusted
def test_a_gesture_on_an_old_drawing_is_refused(editor: SpaceEditor, hand: Hand) -> None:
    hand("add_node")
    before = editor.space
    assert hand("remove", nodes=["4"], version=1)["refused"].startswith("That was not done. The drawing had changed meanwhile")
    assert editor.space is before


@pytest.mark.parametrize("message", [
    None, 7, "undo", [], {}, {1: 2}, {"type": 3}, {"type": "undo"}, {"type": "undo", "view": "v", "number": "1", "version": 1},
    {"type": "undo", "view": "v", "number": 1, "version": True}, {"type": "undo", "view": "v" * 1000, "number": 1, "version": 1}])
def test_what_is_no_message_of_ours_is_left_alone(editor: SpaceEditor, hand: Hand, message: Any) -> None:
    before = editor.space
    hand.raw(message)
    assert hand.answers == []
    assert editor.space is before


def test_hello_is_answered_with_the_thread(hand: Hand) -> None:
    hand.raw({"type": "hello"})
    assert hand.answers == [{"type": "ack", "thread": "MainThread"}]


def test_a_thousand_fuzzed_messages_do_no_harm(editor: SpaceEditor, hand: Hand) -> None:
    rng = random.Random(0)
    junk: list[Any] = [
        None, True, -1, 0, 1, 3, 10**400, 1.5, float("nan"), "", "0", "1", "2", "3", "4", "cell", "<script>alert(1)</script>", "a" * 500,
        "in", "→", "\x00", [], ["0"], [["0", "2"]], [["0"]], [["0", "1"], ["1", "2"]], {}, {"0": [1, 2]}, {"1": ["x", None]},
        [[[[[[]]]]]], {"fragment": 1, "nodes": [{"name": "<b>"}]}, "pick", "repeat", "concat", "optional", "conv_3x3", "light", "1e999",
        "raspi4", "max_edges", "max_latency_ms", "channels", "resolution", "8, 16"]
    keys = ("graph", "node", "nodes", "edge", "edges", "source", "target", "index", "name", "field", "value", "key", "points", "fragment",
            "presence", "kind", "parameter", "cell", "only", "at", "theme", "device")
    kinds = (*GESTURES, "undo", "redo", "look", "copy", "export", "nothing", "__class__")
    for number in range(1000):
        arguments = {key: rng.choice(junk) for key in rng.sample(keys, rng.randint(3, len(keys)))}
        arguments["graph"] = rng.choice(["cell", "", rng.choice(junk)])
        version = rng.choice([editor.stream.drawing["version"]] * 200 + junk)
        hand.raw({"type": rng.choice(kinds), "view": rng.choice(["v", "w"]), "number": number, "version": version, "args": arguments})
        assert isinstance(editor.space, SearchSpace)
    assert len(hand.answers) > 700
    assert sum("refused" in answer for answer in hand.answers) > 300
    assert editor.stream.drawing["version"] > 20, "some of them were gestures"
    assert "<script" not in sheet_svg(editor._board.sheet)
    while editor.undo():
        pass
    assert editor.space == nas_bench_201()


def test_a_name_is_only_ever_text() -> None:
    evil = '"><img src=x onerror=alert(1)>'
    graph = Graph().input("image").node(evil, ["image"], op=op("conv")).node("z", [evil])
    svg = graph_svg(Sheet(SearchSpace("<b>", graph)), "")
    assert "<img" not in svg
    ElementTree.fromstring(svg)


def test_a_graph_that_nobody_could_look_at_is_not_drawn() -> None:
    graph = Graph().input("image")
    for number in range(500):
        graph = graph.node(f"n{number}", ["image" if number == 0 else f"n{number - 1}"])
    drawn = drawn_sheet(Sheet(SearchSpace("long", graph)))["graphs"][""]
    assert (drawn["too_many"], drawn["nodes"]) == (501, [])


# ---- what is shown
@pytest.mark.parametrize("name", spaces.names())
def test_every_library_space_is_drawn_as_json_and_as_a_picture(name: str) -> None:
    sheet = Sheet(spaces.load(name))
    drawing = drawn_sheet(sheet)
    json.dumps(drawing, allow_nan=False)
    json.dumps(strip(sheet))
    for graph in drawing["graphs"].values():
        assert all(node["problem"] == "" for node in graph["nodes"]), "a ready space is finished"
        assert len({node["name"] for node in graph["nodes"]}) == len(graph["nodes"])
    for theme in ("light", "dark"):
        ElementTree.fromstring(sheet_svg(sheet, theme))


@pytest.mark.parametrize("name", spaces.names())
def test_no_laid_out_edge_runs_through_a_node(name: str) -> None:
    for graph in drawn_sheet(Sheet(spaces.load(name)))["graphs"].values():
        boxes = {node["name"]: node for node in graph["nodes"]}
        for edge in graph["edges"]:
            for (ax, ay), (bx, by) in zip(edge["points"], edge["points"][1:], strict=False):
                for other, box in boxes.items():
                    if other not in (edge["source"], edge["target"]):
                        outside = (max(ax, bx) <= box["x"] - box["width"] / 2 or min(ax, bx) >= box["x"] + box["width"] / 2
                                   or max(ay, by) <= box["y"] - box["height"] / 2 or min(ay, by) >= box["y"] + box["height"] / 2)
                        assert outside, f"{name}: {edge['shown']} runs through {other}"


def test_candidates_cost_what_the_network_then_costs_more() -> None:
    space = nas_bench_201()
    slots = offered(space.cell("cell").edges[0])
    found = candidate_costs(space, "cell", ("0", "2"), slots)
    assert [cost["parameters"] for cost in found] == ["0", "0", "+28.0 k", "+243 k", "0"]
    assert [cost["macs"] for cost in found] == ["0", "0", "+3.9 M", "+35.4 M", "0"]


def test_the_cost_of_a_picked_edge_is_seen() -> None:
    space = spaces.load("darts")
    edge = next(edge for edge in space.cell("normal").edges if edge.presence == "picked")
    found = candidate_costs(space, "normal", (edge.source, edge.target), offered(edge))
    assert sum(cost["parameters"] != "0" for cost in found) == 4, "two separable and two dilated convolutions cost, pools and skip are free"


def test_a_cell_of_sixty_nodes_is_laid_out_and_drawn_at_once() -> None:
    """200 ms of processor time; measured 5 ms."""
    rng, graph = random.Random(0), Graph().input("0")
    operations = spaces.choice("skip", "conv", "avg_pool")
    for i in range(1, 60):
        sources = {str(i - 1), str(max(0, i - 1 - int(rng.random() * 6)))}
        graph = graph.node(str(i), dict.fromkeys(sorted(sources), operations))
    sheet = Sheet(SearchSpace("sixty", graph))
    began = time.thread_time()
    drawing = drawn_sheet(sheet)
    assert time.thread_time() - began < 0.2
    assert len(drawing["graphs"][""]["nodes"]) == 60


def test_the_bundle_stays_small() -> None:
    assert (STATIC / "space_editor.js").stat().st_size < 600_000


def test_the_strip_shows_shapes_and_repeats() -> None:
    blocks = strip(Sheet(nas_bench_201()))
    assert [(block["label"], block["repeat"], block["shape"]) for block in blocks[1:4]] == [
        ("cell", "×5", "16 · 32²"), ("ResNet block", "", "32 · 16²"), ("cell", "×5", "32 · 16²")]
    assert [block["reduces"] for block in blocks[:5]] == [False, False, True, False, True]
    assert strip(Sheet(spaces.load("zoph_le"))) == [], "a network that is no chain is looked at on the canvas"


def test_every_operation_of_the_palette_is_one_that_can_be_built() -> None:
    keys = [str(operation) for _, operation in palette_operations(nas_bench_201())]
    assert len(set(keys)) == len(keys)
    assert {"conv_3x3", "sep_conv_3x3", "skip", "none", "attention", "cell"} <= set(keys)


def test_facts_follow_an_edit_and_say_what_was_before(editor: SpaceEditor, hand: Hand) -> None:
    until(lambda: editor.stream.facts.get("version") == 1)
    assert editor.stream.facts["cells"][0]["value"] == "15,625"
    hand("toggle", edge=[["0", "2"]], index=4)
    began = time.process_time()
    until(lambda: editor.stream.facts["version"] == 2, seconds=30.0)
    assert time.process_time() - began < 1.0               # of all threads; measured 40 ms
    cells = editor.stream.facts["cells"]
    assert (cells[0]["value"], cells[0]["note"]) == ("12,500", "15,625 before your edits")
    assert cells[2]["value"] == "0.07 – 1.53 M"


def test_an_unfinished_drawing_says_what_is_missing(editor: SpaceEditor, hand: Hand) -> None:
    hand("add_node")
    until(lambda: editor.stream.facts.get("version") == 2)
    assert editor.stream.facts["cells"][-1]["value"] == "Unfinished"
    assert "Cell: node '4' has no incoming edge" in editor.stream.facts["findings"][0]
    node = next(node for node in editor.stream.drawing["graphs"]["cell"]["nodes"] if node["name"] == "4")
    assert node["problem"].startswith("Nothing flows in yet")


def test_a_limit_is_judged_before_any_training(editor: SpaceEditor, hand: Hand) -> None:
    hand("set_limit", kind="max_params", value="50000")
    until(lambda: editor.stream.facts.get("version") == 2)
    limits = editor.stream.facts["cells"][-1]
    assert (limits["value"], limits["tone"]) == ("Not satisfiable", "err")
    assert limits["note"].startswith("No architecture fits: the smallest has 0.073 M parameters")
    assert hand("set_limit", kind="max_params", value="-1")["refused"].startswith("The limit was not set.")


@pytest.mark.parametrize(("count", "shown"), [(7.0, "7"), (999_999_999, "999,999,999"), (10**9, "1.00 × 10⁹"), (4.2e24, "4.20 × 10²⁴")])
def test_counts_are_short(count: float, shown: str) -> None:
    assert shown_count(count) == shown


@pytest.mark.parametrize(("found", "value", "note"), [
    (Estimate(5_425, 5_425, 5_425, True, "all 15,625 drawings compared"), "5,425", "exactly"),
    (Estimate(5_373.2, 5_301, 9_000, False, "at least, by 11,534 of 15,625 drawings (Chao and Lin 2012)"), "about 5,373",
     "at least 5,301, 95 %"),
    (Estimate(9_700.4, 8_612, 781_250, False, "at least, by 3,000 drawings (Chao 1984)"), "about 9,700", "at least 8,612, 95 %"),
    (Estimate(1e18, 1_499_500, 1e18, False, "no two of 3,000 drawings are alike"), "≥ 1,499,500",
     "95 %; no two of 3,000 drawings are alike"),
])
def test_the_number_of_different_networks_says_how_sure_it_is(found: Estimate, value: str, note: str) -> None:
    cell = distinct_cell(found)
    assert (cell["value"], cell["note"]) == (value, note)


def test_the_facts_of_a_space_without_limits_say_so() -> None:
    space = spaces.chain()
    found = next(spaces_facts(space))
    cells = fact_content(found, Told(Sheet(space), (), 2400, {"parameter_count": 10**9, "macs": 10**9}))["cells"]
    assert cells[0]["note"] == "2,400 before your edits"
    assert cells[-1]["value"] == "None set"


def spaces_facts(space: SearchSpace) -> Iterator[Any]:
    from nas_explorer.spaces.facts import facts
    return facts(space)


# ---- searching
def test_a_table_scores_its_own_space_and_an_edited_one_gets_what_can() -> None:
    able, _ = scoring_estimators(nas_bench_201())
    assert "tabular" in [name for name, _ in able]
    wider = nas_bench_201().edit("cell", lambda cell: cell.edge("0", "2", "max_pool"))
    able, unable = scoring_estimators(wider)
    assert "tabular" not in [name for name, _ in able]
    assert "tabular" in dict(unable)


def test_a_search_begins_on_the_space_as_it_is_drawn(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    space = nas_bench_201().edit("cell", lambda cell: cell.edge("0", "2", spaces.choice("none", "skip")))
    begun = begin_search(Sheet(space))
    assert not isinstance(begun, Offer)
    assert begun[0].plan.space == space
    assert begun[1] == "search with tabular"
    assert begun[0].plan.strategy.population_size < begun[0].plan.budget.trials, "or nothing would ever evolve"
    with pytest.raises(InvalidSpace, match=r"The search was not started\. The space is unfinished: cell: node '9'"):
        begin_search(Sheet(space.edit("cell", lambda cell: cell.node("9", []))))


def test_where_no_table_holds_the_space_what_can_score_it_is_offered(editor: SpaceEditor, hand: Hand) -> None:
    hand("offer", edge=[["0", "2"]], key="max_pool_3x3")
    answer = hand("start_search")
    assert "offers 'max_pool_3x3' on cell/0→2; the table holds" in answer["why"]
    names = [estimator["name"] for estimator in answer["estimators"]]
    assert {"training", "zero_cost"} <= set(names)
    assert not {"tabular", "cached", "reduced"} & set(names), "what wraps another is not offered beside it"
    assert all(estimator["summary"].endswith(".") for estimator in answer["estimators"])
    refused = hand("start_search", estimator="tabular")["refused"]
    assert refused.startswith("The search was not started. tabular cannot score this space: ")
    assert "no estimator 'abacus'" in hand("start_search", estimator="abacus")["refused"]


def test_a_picture_of_every_graph_is_exported(editor: SpaceEditor, hand: Hand) -> None:
    svg = hand("export", theme="dark")["svg"]
    ElementTree.fromstring(svg)
    assert "#212121" in svg
    assert "no cell 'lost'" in hand("export", graph="lost", theme="dark")["refused"]
