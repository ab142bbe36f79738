"""The space editor in a real JupyterLab: a person's session by mouse and by keys, two views, and what stays without a kernel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.lab import Notebook, Server

pytestmark = pytest.mark.browser

EDITOR = ("import nas_explorer as nas\n"
          "from nas_explorer.spaces import nas_bench_201\n"
          "from nas_explorer.widgets.space_editor import SpaceEditor\n"
          "editor = SpaceEditor(nas_bench_201())\n"
          "editor")
CELL = "editor.space.cell('cell')"


class Editor:
    """The editor on the page, as a user sees it."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook, self.page = notebook, notebook.page
        self.root = self.page.locator(".nx.se").first
        self.page.set_default_timeout(15_000)
        self.page.wait_for_selector(".se .react-flow__node", timeout=30_000)
        self.facts_are_there()

    def facts_are_there(self) -> None:
        self.page.wait_for_function("() => document.querySelector('.se-fact .num')?.textContent !== undefined", timeout=20_000)

    def node(self, name: str) -> Any:
        return self.root.locator(f'.react-flow__node[data-name="{name}"]')

    def edge(self, source: str, target: str) -> Any:
        return self.root.locator(f'[data-edge="e:{source}:{target}"]')

    def draw(self, source: str, target: str) -> None:
        """Drag an edge from one node to another, once the nodes have come to rest."""
        self.page.wait_for_function(_AT_REST, timeout=10_000)
        self.node(source).hover()
        self.drag(self.middle(self.node(source).locator(".se-from")), self.middle(self.node(target)))

    def middle(self, element: Any) -> tuple[float, float]:
        box = element.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        (x, y), (to_x, to_y) = start, end
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for step in range(1, 11):
            self.page.mouse.move(x + (to_x - x) * step / 10, y + (to_y - y) * step / 10)
        self.page.mouse.up()

    def keys(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)

    def tab_to(self, name: str, backwards: bool = False) -> None:
        """Press Tab until the element of this name has the focus; the order of the page is what is tested."""
        for _ in range(60):
            self.keys("Shift+Tab" if backwards else "Tab")
            if self.page.evaluate(_FOCUSED) == name:
                return
        raise AssertionError(f"Tab never reached {name!r}")

    def walk_to(self, name: str) -> None:
        """Press arrows until the cursor is on this node: to the right, and where nothing follows up or down."""
        before = ""
        for step in range(30):
            at = self.page.evaluate(_AT)
            if at == name:
                return
            self.keys("ArrowRight" if at != before else ("ArrowDown", "ArrowUp")[step % 2])
            before = at
            self.page.wait_for_timeout(60)           # the focus follows in the next frame
        raise AssertionError(f"the arrows never reached {name!r}")

    def version(self, number: int) -> None:
        """Wait until the drawing is at this version."""
        self.page.wait_for_function(
            "number => document.querySelector('.se .nx-head .chip').textContent === `v${number}`", arg=number, timeout=10_000)

    def refusal(self) -> str:
        self.page.wait_for_selector(".se-call", timeout=10_000)
        return str(self.root.locator(".se-call").inner_text())

    def edges(self) -> list[str]:
        return list(self.notebook.python(f"[str(e) + ('?' if e.presence == 'optional' else '') for e in {CELL}.edges]"))

    def picture(self, pictures: Path | None, name: str) -> None:
        if pictures is not None:
            pictures.mkdir(parents=True, exist_ok=True)
            self.page.wait_for_timeout(400)
            self.root.screenshot(path=pictures / f"{name}.png")


_AT = "() => document.activeElement?.dataset.name ?? document.activeElement?.getAttribute('aria-label') ?? ''"

_FOCUSED = """() => {
  const at = document.activeElement;
  return at?.getAttribute('aria-label') ?? at?.closest('label')?.querySelector('span')?.textContent ?? at?.textContent.trim();
}"""

# The same places over a quarter of a second: on a busy machine a frame may take long.
_AT_REST = """async () => {
  const places = () => JSON.stringify([...document.querySelectorAll('.se .react-flow__node')].map(n => n.getBoundingClientRect().toJSON()));
  const before = places();
  for (let i = 0; i < 3; i++) {
    await new Promise(done => requestAnimationFrame(() => setTimeout(done, 80)));
    if (places() !== before) return false;
  }
  return true;
}"""


@pytest.fixture
def editor(open_notebook: Callable[[list[str]], Notebook]) -> Editor:
    notebook = open_notebook([EDITOR, ""])
    notebook.run_cell(0)
    return Editor(notebook)


def equal_when_run(editor: Editor) -> None:
    """Copy the code with the button, run it in a cell, and compare."""
    page = editor.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    editor.root.get_by_role("tab", name="Code").click()
    editor.root.get_by_role("button", name="Copy").click()
    page.wait_for_selector(".se-code .btn:has-text('Copied')", timeout=5_000)
    run_what_was_copied(editor)


def run_what_was_copied(editor: Editor) -> None:
    """Paste it into the second cell, run that, and compare."""
    page = editor.page
    code = page.evaluate("() => navigator.clipboard.readText()")
    assert code.startswith("from nas_explorer.spaces import")
    page.evaluate("code => { window.jupyterapp.shell.currentWidget.content.widgets[1].model.sharedModel.setSource(code); }", code)
    editor.notebook.run_cell(1)
    assert editor.notebook.python("space == editor.space")


def test_a_persons_session_by_mouse(editor: Editor, pictures: Path | None) -> None:
    root, notebook = editor.root, editor.notebook
    editor.picture(pictures, "space-editor-light-1200")
    root.get_by_role("button", name="Add node").click()
    editor.version(2)
    editor.draw("0", "4")
    editor.version(3)
    editor.draw("4", "3")
    editor.version(4)
    assert set(editor.edges()) == {"0→1", "0→2", "1→2", "0→3", "1→3", "2→3", "0→4", "4→3"}

    editor.edge("0", "2").click()
    root.get_by_role("switch", name="avg pool 3×3").click()
    editor.version(5)
    assert notebook.python(f"[str(o) for o in {CELL}.into('2')[0].op.options]") == ["none", "skip", "conv_1x1", "conv_3x3"]
    root.get_by_role("switch", name="May be absent").click()
    editor.version(6)
    assert "0→2?" in editor.edges()

    editor.node("3").click()
    root.get_by_role("combobox", name="Inputs used").select_option("2")
    editor.version(7)
    assert notebook.python(f"{CELL}['3'].pick") == 2
    editor.picture(pictures, "space-editor-edited")

    editor.draw("3", "1")
    assert editor.refusal().startswith("out → 1 was not added. It would close a cycle: 1 → out → 1.")
    editor.picture(pictures, "space-editor-refused")
    assert len(editor.edges()) == 8
    root.get_by_role("button", name="Dismiss").click()

    root.get_by_role("button", name="Undo: pick 2 inputs at out").click()
    editor.version(8)
    root.get_by_role("button", name="Undo: make in → 2 optional").click()
    editor.version(9)
    assert notebook.python(f"{CELL}['3'].pick") is None
    assert "0→2" in editor.edges()

    root.get_by_role("button", name="Network").click()
    editor.node("stage1").click()
    root.get_by_label("Repeats").fill("3, 5")
    root.get_by_label("Repeats").press("Enter")
    editor.version(10)
    assert notebook.python("list(editor.space.network['stage1'].repeat.options)") == [3, 5]
    equal_when_run(editor)
    assert editor.page.errors == []


def test_the_same_session_by_keys_alone(editor: Editor) -> None:
    notebook, page = editor.notebook, editor.page
    page.evaluate("() => document.querySelector('.se').focus()")
    editor.keys("n")
    editor.version(2)
    page.evaluate("() => document.querySelector('.se').focus()")
    # To `in`: the arrows go from node to label to node.
    for _ in range(12):
        editor.keys("ArrowLeft")
    page.wait_for_function("() => document.activeElement?.dataset.name === '0'", timeout=5_000)
    editor.keys("c")
    page.wait_for_selector(".se-hint", timeout=5_000)
    for _ in range(6):
        editor.keys("ArrowRight")
    page.wait_for_function("() => document.querySelector('.se-hint b').textContent === 'in → 4'", timeout=5_000)
    editor.keys("Enter")
    editor.version(3)
    assert "0→4" in editor.edges()

    editor.keys("Enter", "ArrowRight", "Enter", "5")
    editor.version(4)
    label = page.evaluate("() => document.activeElement?.getAttribute('aria-label')")
    assert "candidates" in label
    editor.keys("o")
    editor.version(5)
    assert sum(edge.endswith("?") for edge in editor.edges()) == 1

    editor.walk_to("3")
    editor.keys("k")
    editor.version(6)
    editor.keys("k")
    editor.version(7)
    assert notebook.python(f"{CELL}['3'].pick") == 2
    editor.keys("c")
    page.wait_for_selector(".se-hint", timeout=5_000)
    for _ in range(6):
        if editor.root.locator(".se-hint b").inner_text() == "out → 1":
            break
        editor.keys("ArrowLeft")
    editor.keys("Enter")
    assert editor.refusal().startswith("out → 1 was not added. It would close a cycle: 1 → out → 1.")
    editor.keys("Escape")
    assert editor.root.locator(".se-call").count() == 0

    editor.keys("Control+z", "Control+z", "Control+z")
    editor.version(10)
    assert not any(edge.endswith("?") for edge in editor.edges())
    assert notebook.python(f"{CELL}['3'].pick") is None

    editor.keys("Escape", "Escape", "Escape")
    page.wait_for_function("() => document.querySelector('.se-crumbs b').textContent === 'Network'", timeout=5_000)
    assert notebook.python("len(editor.space.cell('cell').edges)") == 7

    editor.walk_to("stage1")
    editor.tab_to("Repeats")
    editor.keys("Control+a", "3", "Enter")
    editor.version(11)
    assert notebook.python("editor.space.network['stage1'].repeat") == 3
    editor.tab_to("Graph", backwards=True)
    editor.keys("ArrowRight")
    editor.tab_to("Copy")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    editor.keys("Enter")
    page.wait_for_selector(".se-code .btn:has-text('Copied')", timeout=5_000)
    run_what_was_copied(editor)
    assert page.locator(".jp-Cell").count() == 2, "no key reached the notebook"
    assert page.errors == []


def test_two_views_stay_in_step_and_a_moved_node_stays(open_notebook: Callable[[list[str]], Notebook]) -> None:
    notebook = open_notebook([EDITOR, "editor"])
    notebook.run_cell(0)
    notebook.run_cell(1)
    editor, page = Editor(notebook), notebook.page
    page.wait_for_function("() => document.querySelectorAll('.nx.se').length === 2", timeout=20_000)
    second = page.locator(".nx.se").nth(1)
    second.scroll_into_view_if_needed()
    second.locator('[data-edge="e:0:3"]').click()
    second.get_by_role("button", name="Remove", exact=True).click()
    page.wait_for_function("() => [...document.querySelectorAll('.se .nx-head .chip')].every(c => c.textContent === 'v2')", timeout=10_000)
    assert "0→3" not in editor.edges()
    assert editor.root.locator('[data-edge="e:0:3"]').count() == 0

    editor.root.scroll_into_view_if_needed()
    box = editor.node("1").bounding_box()
    page.mouse.move(box["x"] + 22, box["y"] + 22)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 22 + 4 * step, box["y"] + 22 + 10 * step)
    page.mouse.up()
    editor.version(3)
    at = notebook.python("list(editor.positions['cell', '1'])")
    editor.root.get_by_role("button", name="Add node").click()
    editor.version(4)
    assert notebook.python("list(editor.positions['cell', '1'])") == at, "what was placed by hand stays there"
    assert page.errors == []


def test_no_drawn_edge_runs_through_a_node_that_was_moved_into_its_way(editor: Editor) -> None:
    page = editor.page
    points = {"2": [400, 128], "1": [250, 128]}
    moved = {"type": "move", "view": "x", "number": 1, "version": 1, "args": {"graph": "cell", "points": points}}
    editor.notebook.python(f"editor._heard(editor, {moved!r}, [])")
    editor.version(2)
    page.wait_for_timeout(300)
    through = page.evaluate(_THROUGH)
    assert through == []


# Points along every line, in pixels of the screen, against the boxes of all nodes that are not its ends.
_THROUGH = """() => {
  const found = [];
  const boxes = [...document.querySelectorAll('.se .react-flow__node')].map(n => [n.dataset.name, n.getBoundingClientRect()]);
  for (const edge of document.querySelectorAll('.se .react-flow__edge')) {
    const line = edge.querySelector('.se-line');
    const matrix = line.getScreenCTM();
    const ends = edge.dataset.edgeName.split('→');
    for (let at = 0; at <= line.getTotalLength(); at += 4) {
      const p = line.getPointAtLength(at).matrixTransform(matrix);
      for (const [name, b] of boxes)
        if (!ends.includes(name) && p.x > b.left + 2 && p.x < b.right - 2 && p.y > b.top + 2 && p.y < b.bottom - 2)
          found.push([edge.dataset.edgeName, name]);
    }
  }
  return found;
}"""


def test_nodes_are_grouped_opened_copied_and_pasted(editor: Editor) -> None:
    root, page = editor.root, editor.page
    editor.node("2").click()
    root.get_by_role("button", name="Group").click()
    editor.version(2)
    page.wait_for_selector('.react-flow__node[data-name="cell2"]', timeout=5_000)
    root.get_by_role("button", name="Open cell2").click()
    assert root.locator(".se-crumbs b").first.inner_text() == "cell2"
    editor.keys("Escape")
    assert root.locator(".se-crumbs b").first.inner_text() == "cell"
    editor.node("1").click()
    editor.keys("Control+c")
    page.wait_for_function("() => document.querySelector('.se .sr').textContent.startsWith('1 node copied')", timeout=5_000)
    editor.keys("Control+v")
    editor.version(3)
    assert editor.notebook.python(f"len({CELL}.names)") == 5


def test_an_operation_is_found_and_dragged_onto_an_edge(editor: Editor) -> None:
    root = editor.root
    root.get_by_label("Find an operation").fill("max pool")
    root.locator(".se-entry").first.drag_to(editor.edge("0", "2"))
    editor.version(2)
    assert "max_pool_3x3" in editor.notebook.python(f"[str(o) for o in {CELL}.into('2')[0].op.options]")


def test_a_reload_shows_the_drawing_and_a_restart_says_how_to_go_on(editor: Editor) -> None:
    notebook, page = editor.notebook, editor.page
    editor.root.get_by_role("button", name="Add node").click()
    editor.version(2)
    notebook.save()
    notebook.reload()
    again = Editor(notebook)
    assert again.node("4").count() == 1
    assert page.locator(".jp-OutputArea-child:has(> .jp-RenderedSVG)").first.is_hidden(), "one picture of it is enough"
    page.evaluate("async () => { await window.jupyterapp.shell.currentWidget.context.sessionContext.restartKernel(); }")
    page.wait_for_selector(".se .ban.warn", timeout=20_000)
    assert "This view is not attached." in again.root.locator(".ban.warn").inner_text()
    assert again.node("4").count() == 1, "it stays to be looked at"


def test_a_notebook_without_its_kernel_shows_the_picture(editor: Editor) -> None:
    notebook, page = editor.notebook, editor.page
    editor.root.get_by_role("button", name="Add node").click()
    editor.version(2)
    page.wait_for_timeout(2_000)             # the picture follows when nobody has drawn for a second
    notebook.save()
    saved = (notebook.server.folder / notebook.name).read_text()
    assert "image/svg+xml" in saved
    assert "Space nas_bench_201" in saved


def test_a_search_starts_from_the_drawing(editor: Editor) -> None:
    editor.root.get_by_role("button", name="Start a search").click()
    editor.page.wait_for_selector(".nx.nx-live:not(.se)", timeout=60_000)
    assert editor.page.errors == []


def test_a_picture_is_saved_as_svg_and_png(editor: Editor) -> None:
    for kind, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with editor.page.expect_download(timeout=10_000) as download:
            editor.root.get_by_role("button", name=f"Save as {kind}").click()
        assert download.value.suggested_filename == f"nas_bench_201-cell.{kind.lower()}"
        assert Path(download.value.path()).read_bytes().startswith(start)


def test_an_edge_is_rerouted_by_its_end_and_by_keys(editor: Editor) -> None:
    page, root = editor.page, editor.root
    root.get_by_role("button", name="Add node").click()
    editor.version(2)
    page.wait_for_function(_AT_REST, timeout=10_000)
    editor.edge("0", "3").click()
    end = root.locator('.react-flow__edge[data-id="e:0:3"] .react-flow__edgeupdater-target')
    editor.drag(editor.middle(end), editor.middle(editor.node("4")))
    editor.version(3)
    assert "0→3" not in editor.edges()
    assert "0→4" in editor.edges()
    assert editor.notebook.python(f"len({CELL}.into('4')[0].op.options)") == 5, "its candidates came along"

    page.wait_for_function(_AT_REST, timeout=10_000)
    editor.edge("1", "3").click()
    editor.keys("r")
    page.wait_for_selector(".se-hint", timeout=5_000)
    for _ in range(6):
        if root.locator(".se-hint b").inner_text() == "to 4":
            break
        editor.keys("ArrowRight")
    assert root.locator(".se-hint b").inner_text() == "to 4"
    editor.keys("Enter")
    editor.version(4)
    assert set(editor.edges()) == {"0→1", "0→2", "1→2", "2→3", "0→4", "1→4"}
    editor.keys("Control+z", "Control+z")
    editor.version(6)
    assert set(editor.edges()) == {"0→1", "0→2", "1→2", "0→3", "1→3", "2→3"}
    assert page.errors == []


def test_an_edge_is_drawn_by_two_taps(browser: Any, jupyterlab: Server) -> None:
    context = browser.new_context(viewport={"width": 1000, "height": 1500}, has_touch=True)
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    jupyterlab.notebook("touch.ipynb", [EDITOR])
    notebook = Notebook(page, jupyterlab, "touch.ipynb").open()
    notebook.run_cell(0)
    editor = Editor(notebook)
    editor.root.get_by_role("button", name="Add node").tap()
    editor.version(2)
    page.wait_for_function(_AT_REST, timeout=10_000)
    editor.node("0").tap()
    page.wait_for_selector('.react-flow__node.selected[data-name="0"]', timeout=5_000)
    assert editor.root.locator(".clickconnecting").count() == 0, "the first tap selects"
    editor.node("0").locator(".se-from").tap()
    editor.node("4").tap()
    editor.version(3)
    assert "0→4" in editor.edges()
    editor.edge("0", "2").tap()
    editor.root.get_by_role("switch", name="May be absent").tap()
    editor.version(4)
    assert "0→2?" in editor.edges()
    assert page.errors == []
    context.close()
