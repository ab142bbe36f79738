"""Longer work in the space editor: several nodes at once, two editors, devices, an estimator to choose, the way back."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.browser.lab import Notebook
from tests.browser.test_space_editor import _AT_REST, CELL, EDITOR, Editor

pytestmark = pytest.mark.browser

PLACES = "sorted([*place, *at] for place, at in editor.positions.items())"
TWO = EDITOR.removesuffix("editor") + "other = SpaceEditor('chain')\neditor"


@pytest.fixture
def editor(open_notebook: Callable[[list[str]], Notebook]) -> Editor:
    notebook = open_notebook([EDITOR, ""])
    notebook.run_cell(0)
    return Editor(notebook)


def select_box(editor: Editor, first: str, last: str) -> None:
    """Drag a box with Shift around everything from one node to another."""
    editor.page.wait_for_function(_AT_REST, timeout=10_000)
    boxes = [editor.node(name).bounding_box() for name in (first, last)]
    editor.page.keyboard.down("Shift")
    editor.drag((boxes[0]["x"] - 8, boxes[0]["y"] - 14), (boxes[1]["x"] + boxes[1]["width"] + 8, boxes[1]["y"] + boxes[1]["height"] + 14))
    editor.page.keyboard.up("Shift")


def test_several_nodes_are_selected_duplicated_grouped_and_repeated(editor: Editor) -> None:
    root, notebook = editor.root, editor.notebook
    select_box(editor, "1", "2")
    editor.page.wait_for_selector(".se-inspector >> text=selected", timeout=5_000)
    assert root.locator(".se-inspector h4").first.inner_text().startswith("2 nodes, ")
    root.get_by_role("button", name="Duplicate").click()
    editor.version(2)
    assert notebook.python(f"list({CELL}.names)") == ["0", "1", "2", "3", "4", "5"]
    assert {"0→4", "0→5", "4→5"} <= set(editor.edges()), "the edges between them and into them came along"
    assert root.locator(".react-flow__node.selected").count() == 2, "what was added is selected"
    root.get_by_role("button", name="Group into a cell").click()
    editor.version(3)
    assert notebook.python("[name for name, _ in editor.space.cells]") == ["cell", "cell2"]
    editor.node("cell2").click()
    root.get_by_label("Repeats").fill("1, 2")
    root.get_by_label("Repeats").press("Enter")
    editor.version(4)
    assert notebook.python(f"list({CELL}['cell2'].repeat.options)") == [1, 2]
    root.get_by_role("combobox", name="Merge by").select_option("mean")
    editor.version(5)
    assert notebook.python(f"{CELL}['cell2'].merge") == "mean"
    editor.node("1").click()
    editor.page.keyboard.down("Control")
    editor.node("2").click()
    editor.page.keyboard.up("Control")
    assert root.locator(".react-flow__node.selected").count() == 2
    editor.keys("Delete")
    editor.version(6)
    assert "1" not in notebook.python(f"list({CELL}.names)")
    assert editor.page.errors == []


def test_nodes_are_copied_from_one_editor_and_pasted_in_another(open_notebook: Callable[[list[str]], Notebook]) -> None:
    notebook = open_notebook([TWO, "other"])
    notebook.run_cell(0)
    notebook.run_cell(1)
    editor, page = Editor(notebook), notebook.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.wait_for_function("() => document.querySelectorAll('.nx.se .react-flow__node').length > 6", timeout=20_000)
    select_box(editor, "1", "2")
    editor.keys("Control+c")
    page.wait_for_function("() => [...document.querySelectorAll('.se .sr')][0].textContent.startsWith('2 nodes copied')", timeout=5_000)
    second = page.locator(".nx.se").nth(1)
    second.scroll_into_view_if_needed()
    before = notebook.python("len(other.space.network.names)")
    second.locator(".react-flow__pane").click(position={"x": 8, "y": 8})
    editor.keys("Control+v")
    page.wait_for_function("() => [...document.querySelectorAll('.se .nx-head .chip')][1].textContent === 'v2'", timeout=10_000)
    assert notebook.python("len(other.space.network.names)") == before + 2
    assert notebook.python("other.space.network.into('2')[0].op.labels") == notebook.python(f"{CELL}.into('2')[1].op.labels")
    assert notebook.python("editor.space == nas.spaces.nas_bench_201()"), "the first editor is as it was"
    assert page.errors == []


def test_a_parameter_of_an_operation_can_be_a_choice_and_an_edge_gets_a_node(editor: Editor) -> None:
    root, notebook = editor.root, editor.notebook
    editor.edge("0", "2").click()
    root.get_by_role("button", name="Parameters of conv 3×3").click()
    root.get_by_label("kernel", exact=True).fill("3, 5")
    root.get_by_label("kernel", exact=True).press("Enter")
    editor.version(2)
    assert notebook.python(f"list(dict({CELL}.into('2')[0].op.options[3].params)['kernel'].options)") == [3, 5]
    root.get_by_label("kernel", exact=True).fill("-1")
    root.get_by_label("kernel", exact=True).press("Enter")
    editor.version(3)
    editor.page.wait_for_selector(".se-fact >> text=conv cannot have kernel=-1", timeout=20_000)
    root.get_by_role("button", name=re.compile("^Undo: set kernel of")).click()
    editor.version(4)
    root.get_by_role("button", name="Node on it").click()
    editor.version(5)
    assert {"0→4", "4→2"} <= set(editor.edges())
    assert "0→2" not in editor.edges()


def test_a_device_is_chosen_and_its_latency_limited(editor: Editor) -> None:
    root, page = editor.root, editor.page
    device = root.get_by_role("combobox", name="Device")
    device.select_option("raspi4")
    editor.version(2)
    page.wait_for_selector(".se-fact >> text=98.9 ms", timeout=15_000)
    root.get_by_role("button", name="Limit on latency: no limit").click()
    root.get_by_role("textbox", name="Limit on latency").fill("30")
    root.get_by_role("textbox", name="Limit on latency").press("Enter")
    editor.version(3)
    page.wait_for_selector(".se-fact >> text=64.7 % of the architectures fit.", timeout=15_000)
    root.get_by_role("button", name="Undo: limit latency to 30 ms").click()
    editor.version(4)
    page.wait_for_selector(".se-fact >> text=None set", timeout=15_000)
    assert page.errors == []


def test_scales_and_edges_of_the_whole_are_set_in_the_inspector(editor: Editor) -> None:
    root, notebook = editor.root, editor.notebook
    root.get_by_label("Most edges").fill("5")
    root.get_by_label("Most edges").press("Enter")
    editor.version(2)
    assert notebook.python("[(c.kind, c.limit, c.graph) for c in editor.space.constraints]") == [["max_edges", 5, "cell"]]
    root.get_by_role("button", name="Network").click()
    for version, label, typed, field in ((3, "Channels C", "8, 16", "channels"), (4, "Resolution", "16, 32", "resolution")):
        root.get_by_label(label).fill(typed)
        root.get_by_label(label).press("Enter")
        editor.version(version)
        assert notebook.python(f"list(editor.space.{field}.options)") == [int(part) for part in typed.split(",")]
    root.get_by_label("Depth ×").fill("0")
    root.get_by_label("Depth ×").press("Enter")
    assert editor.refusal().startswith("The depth was not changed.")
    assert notebook.python("editor.space.depth") == 1


def test_a_space_that_no_table_holds_is_searched_by_what_can_score_it(editor: Editor) -> None:
    root, page = editor.root, editor.page
    editor.edge("0", "2").click()
    root.get_by_role("button", name="Offer max pool 3×3").click()
    editor.version(2)
    root.get_by_role("button", name="Start a search").click()
    offer = root.get_by_role("group", name="Choose an estimator")
    offer.wait_for(timeout=90_000)
    assert "No table can score this space." in offer.inner_text()
    assert "offers 'max_pool_3x3' on cell/0→2" in offer.inner_text()
    offer.get_by_role("button", name="Search with zero_cost").click()
    page.wait_for_selector(".nx.nx-live:not(.se)", timeout=90_000)
    assert offer.count() == 0
    assert page.errors == []


def test_after_a_restart_the_copied_code_draws_the_edited_space_again(editor: Editor) -> None:
    notebook, page, root = editor.notebook, editor.page, editor.root
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    root.get_by_role("button", name="Add node").click()
    editor.version(2)
    page.wait_for_function(_AT_REST, timeout=10_000)
    editor.draw("0", "4")
    editor.version(3)
    page.wait_for_function(_AT_REST, timeout=10_000)
    x, y = editor.middle(editor.node("4"))
    editor.drag((x, y), (x + 30, y + 70))
    editor.version(4)
    space, places = notebook.python("nas.spaces.to_json(editor.space)"), notebook.python(PLACES)
    page.evaluate("async () => { await window.jupyterapp.shell.currentWidget.context.sessionContext.restartKernel(); }")
    page.wait_for_selector(".se .ban.warn", timeout=30_000)
    root.get_by_role("button", name="Copy the code").click()
    page.wait_for_selector(".se .ban .btn:has-text('Copied')", timeout=5_000)
    code = page.evaluate("() => navigator.clipboard.readText()")
    page.evaluate("code => { window.jupyterapp.shell.currentWidget.content.widgets[1].model.sharedModel.setSource(code); }", code)
    notebook.ready()
    notebook.run_cell(1)
    page.wait_for_function("() => document.querySelectorAll('.nx.se').length === 2", timeout=30_000)
    assert notebook.python("nas.spaces.to_json(editor.space)") == space
    assert notebook.python(PLACES) == places


def test_a_saved_notebook_as_html_shows_the_picture_and_no_script_of_ours(editor: Editor) -> None:
    notebook, page = editor.notebook, editor.page
    editor.root.get_by_role("button", name="Add node").click()
    editor.version(2)
    page.wait_for_timeout(2_500)                 # the picture follows when nobody has drawn for a second
    notebook.save()
    file = notebook.server.folder / notebook.name
    subprocess.run([sys.executable, "-m", "nbconvert", "--to", "html", str(file)], check=True, capture_output=True, timeout=120)
    html = file.with_suffix(".html").read_text()
    (picture,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', html)
    assert "Space nas_bench_201" in base64.b64decode(picture).decode()
    outputs = [output for cell in json.loads(file.read_text())["cells"] for output in cell.get("outputs", [])]
    texts = ["".join(output["data"].get("text/plain", "")) for output in outputs if "image/svg+xml" in output.get("data", {})]
    assert texts == ["A picture of the search space"]


EVIL = """import nas_explorer as nas
from nas_explorer.spaces import Graph, SearchSpace, choice, op
evil = '"><img src=x onerror="harmed = 1"><b>'
cell = Graph().input("0").node(evil, {"0": choice("skip", "none")})
network = Graph().input("image").node(evil + "2", ["image"], op=op("conv")).node("s", [evil + "2"], op=op("cell"))
editor = nas.SpaceEditor(SearchSpace("<script>harmed = 1</script>", network, (("cell", cell),)))
editor"""


def test_a_name_is_only_ever_text(open_notebook: Callable[[list[str]], Notebook]) -> None:
    notebook = open_notebook([EVIL])
    notebook.run_cell(0)
    editor, page = Editor(notebook), notebook.page
    for part in (editor.root.get_by_role("tab", name="Code"), editor.root.get_by_role("tab", name="Graph"),
                 editor.root.get_by_role("button", name="Network")):
        part.click()
        assert editor.root.locator("img, script, b:not(.b)").count() == 0
    page.wait_for_timeout(2_000)                 # the static picture as well
    assert page.evaluate("() => window.harmed") is None
    assert '"><img src=x' in editor.root.inner_text()
    assert page.errors == []
