"""The space editor for everyone: names and states in the accessibility tree, what is announced, and any width in both themes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.lab import Notebook
from tests.browser.test_space_editor import EDITOR, Editor

pytestmark = pytest.mark.browser

CONTROLS = {"button", "switch", "tab", "textbox", "searchbox", "combobox", "application", "link"}
PARTS = {"region", "navigation", "complementary", "group", "tablist", "tabpanel", "list"}

SET_WIDTH = """width => {
  const style = document.querySelector("#test-width") ?? document.head.appendChild(document.createElement("style"));
  style.id = "test-width";
  style.textContent = `.nx.se { width: ${width}px !important; max-width: none !important; }`;
}"""

# Texts that are cut, boxes of the strip that lie over each other, and parts that stick out of the widget.
FAULTS = """() => {
  const root = document.querySelector(".nx.se"), found = [];
  const texts = ".se-block .clip, .se-shape, .se-fact .num, .se-fact .fv, .se-fact .fl, .btn, .se-row, .se-h, .se-crumbs nav, .tab";
  for (const element of root.querySelectorAll(texts))
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1) found.push(`cut: ${element.textContent}`);
  const blocks = [...root.querySelectorAll(".se-blocks li")].map(block => block.getBoundingClientRect());
  blocks.slice(1).forEach((block, i) => { if (block.left < blocks[i].right - 0.5) found.push(`block ${i + 1} lies over the one before`); });
  const right = root.getBoundingClientRect().right;
  for (const element of root.querySelectorAll(".nx-head > *, .se-crumbs > *, .se-fact, .se-inspector .sec"))
    if (element.getBoundingClientRect().right > right + 1) found.push(`sticks out: ${element.textContent}`);
  return found;
}"""

LAST_SAID = "words => [...document.querySelectorAll('.se [aria-live=polite]')].at(-1).textContent === words"

OUT_OF_SIGHT = """() => {
  const stage = document.querySelector(".se .se-stage").getBoundingClientRect();
  return [...document.querySelectorAll(".se .react-flow__node, .se .se-onedge")].filter(element => {
    const box = element.getBoundingClientRect();
    return box.left < stage.left || box.right > stage.right || box.top < stage.top || box.bottom > stage.bottom;
  }).map(element => element.dataset.name ?? element.dataset.edge);
}"""


@pytest.fixture
def editor(open_notebook: Callable[[list[str]], Notebook], page: Any) -> Editor:
    page.set_viewport_size({"width": 1900, "height": 1500})
    notebook = open_notebook([EDITOR])
    notebook.run_cell(0)
    return Editor(notebook)


def tree(page: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """(role, name, states) of everything in the editor, as the browser tells assistive software."""
    session = page.context.new_cdp_session(page)
    root = session.send("Runtime.evaluate", {"expression": "document.querySelector('.nx.se')"})["result"]["objectId"]
    found = []
    for node in session.send("Accessibility.queryAXTree", {"objectId": root})["nodes"]:
        if not node.get("ignored"):
            states = {state["name"]: state["value"].get("value") for state in node.get("properties", [])}
            found.append((node["role"]["value"], node.get("name", {}).get("value", ""), states))
    session.detach()
    return found


def states(page: Any, role: str, name: str) -> dict[str, Any]:
    matching = [found for kind, called, found in tree(page) if (kind, called) == (role, name)]
    assert len(matching) == 1, f"{len(matching)} {role}s are called {name!r}"
    return matching[0]


@pytest.mark.parametrize("width", [700, 1200])
def test_every_control_has_a_role_a_name_and_its_state(editor: Editor, width: int) -> None:
    page, root = editor.page, editor.root
    page.evaluate(SET_WIDTH, width)
    editor.edge("0", "2").click()
    root.get_by_role("button", name="Parameters of conv 3×3").click()
    found = tree(page)
    assert [role for role, name, _ in found if role in CONTROLS | PARTS and not name.strip()] == []
    names = Counter((role, name) for role, name, _ in found if role in CONTROLS)
    assert [called for called, count in names.items() if count > 1] == [], "two controls of one name cannot be told apart"
    for name in ("Add node", "Lay out", "Undo", "Redo", "Start a search", "Keys", "Zoom in", "Zoom out", "Show all",
                 "Save as SVG", "Save as PNG", "Network", "Remove", "Node on it", "Limit on parameters: no limit",
                 "Limit on MACs: no limit"):
        assert ("button", name) in names
    assert states(page, "button", "edge in to 2, 5 of 5 candidates")["pressed"] == "true"
    assert states(page, "button", "node out")["pressed"] == "false"
    assert states(page, "switch", "conv 3×3")["checked"] == "true"
    assert states(page, "button", "Parameters of conv 3×3")["expanded"] is True
    assert states(page, "button", "Parameters of conv 1×1")["expanded"] is False
    assert states(page, "tab", "Graph")["selected"] is True
    assert states(page, "tab", "Code")["selected"] is False
    assert states(page, "button", "Undo")["disabled"] is True
    assert states(page, "button", "Keys")["expanded"] is False
    root.get_by_role("button", name="Keys").click()
    assert states(page, "button", "Keys")["expanded"] is True
    editor.keys("Escape")
    root.get_by_role("tab", name="Code").click()
    assert any(role == "tabpanel" and name == "Code" for role, name, _ in tree(page))


def test_what_is_done_and_what_is_refused_is_announced(editor: Editor) -> None:
    page, root = editor.page, editor.root
    live = root.locator("[aria-live=polite]").last
    root.get_by_role("button", name="Add node").click()
    editor.version(2)
    page.wait_for_function(LAST_SAID, arg="add node 4", timeout=5_000)
    editor.node("3").click()
    editor.keys("c")
    assert live.inner_text().startswith("Connect from out to")
    for _ in range(6):
        editor.keys("ArrowLeft")
    assert live.inner_text() == "to in"
    editor.keys("Enter")
    assert editor.refusal().startswith("out → in was not added.")
    assert root.get_by_role("alert").inner_text().startswith("out → in was not added.")
    editor.keys("Control+z")
    editor.version(3)
    page.wait_for_function(LAST_SAID, arg="undo add node 4", timeout=5_000)


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_nothing_is_cut_and_nothing_lies_over_another_at_any_width(editor: Editor, theme: str, pictures: Path | None) -> None:
    page = editor.page
    editor.notebook.theme(f"JupyterLab {theme}")
    try:
        editor.edge("0", "2").click()
        for width in (700, 800, 900, 968, 1000, 1200, 1600):
            page.evaluate(SET_WIDTH, width)
            page.wait_for_timeout(300)
            assert page.evaluate(FAULTS) == [], f"at {width} pixels"
            assert page.evaluate(OUT_OF_SIGHT) == [], f"at {width} pixels"
            editor.picture(pictures, f"space-editor-{theme.lower()}-{width}")
    finally:
        editor.notebook.theme("JupyterLab Light")


def test_what_was_just_added_stands_whole_in_sight(editor: Editor) -> None:
    page, root = editor.page, editor.root
    page.evaluate(SET_WIDTH, 700)
    page.wait_for_timeout(300)
    for number in range(4):
        root.get_by_role("button", name="Add node", exact=True).click()
        editor.version(2 + number)
        editor.node(str(4 + number)).wait_for()
        # At once: no later frame may be needed to bring it in.
        assert page.evaluate(OUT_OF_SIGHT) == []
