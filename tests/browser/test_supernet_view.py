"""A person's session with the supernet view: watch shared weights learn, replay by keyboard, reload, restart, come from the dashboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.lab import Notebook, Server
from tests.supernet_story import written

pytestmark = pytest.mark.browser

Open = Callable[[list[str]], Notebook]
SEARCH = """import nas_explorer as nas
space = nas.spaces.load("digits_cells")
search = nas.Search(space, "random_sampling", task="digits", epochs=4, run="live")
search.start()
view = nas.SupernetView(search)
view"""


class View:
    """The n-th supernet view on the page."""

    def __init__(self, notebook: Notebook, n: int = 0) -> None:
        self.notebook, self.page = notebook, notebook.page
        self.root = self.page.locator(".sv").nth(n)
        self.root.wait_for(timeout=30_000)

    def until(self, word: str) -> None:
        self.root.locator(".chip", has_text=word).first.wait_for(timeout=60_000)

    def until_moments(self, count: int) -> None:
        handle = self.root.element_handle()
        self.page.wait_for_function("([el, n]) => Number(el.dataset.moments) >= n", arg=[handle, count], timeout=60_000)

    def until_moment(self, number: int) -> None:
        handle = self.root.element_handle()
        self.page.wait_for_function("([el, n]) => el.dataset.moment === String(n)", arg=[handle, number], timeout=10_000)

    @property
    def moments(self) -> int:
        return int(self.root.get_attribute("data-moments"))

    def chip(self, decision: str) -> Any:
        return self.root.locator(f'[role=option][data-decision="{decision}"]')

    def until_python(self, expression: str, value: Any) -> None:
        for _ in range(50):
            if self.notebook.python(expression) == value:
                return
            self.page.wait_for_timeout(100)
        assert self.notebook.python(expression) == value


@pytest.fixture(autouse=True)
def _no_errors_on_the_page(page: Any) -> Any:
    yield
    assert page.errors == []


def test_watch_replay_by_keyboard_and_reload(open_notebook: Open) -> None:
    notebook = open_notebook([SEARCH])
    notebook.run_cell(0)
    view = View(notebook)
    view.until_moments(2)
    view.until("Running")
    assert view.root.get_by_role("listbox", name="Decisions of cell").is_visible()
    assert view.page.locator(".jp-OutputArea-child").count() == 2  # the view, and the picture for readers without a kernel
    view.until("Finished")
    count = notebook.python("len(search.history.snapshots)")
    view.until_moments(count)
    view.until_moment(count - 1)

    slider = view.root.get_by_role("slider", name="Epoch")
    slider.focus()
    view.page.keyboard.press("Home")
    view.until_moment(0)
    view.until_python("view.snapshot", 0)
    view.page.keyboard.press("ArrowRight")
    view.until_moment(1)
    assert slider.get_attribute("aria-valuetext") == f"epoch 2, moment 2 of {count}"
    view.page.keyboard.press("Space")  # plays to the end, and is live there
    view.until_moment(count - 1)
    view.until_python("view.snapshot", None)

    # What a moment shows is what its snapshot holds.
    notebook.python("setattr(view, 'snapshot', 2)")
    view.until_moment(2)
    shares = notebook.python("list(search.history.snapshots[2].probabilities['cell/0→1'])")
    name = view.chip("cell/0→1").get_attribute("aria-label")
    assert name.startswith("in → 1: ")
    assert f"{round(100 * max(shares))} %" in name

    view.chip("cell/0→1").focus()
    view.page.keyboard.press("ArrowRight")
    view.until_python("view.selected", "cell/1→2")
    assert view.root.get_by_role("heading", name="1 → 2").is_visible()

    notebook.save()
    notebook.reload()
    view = View(notebook)
    view.until_moments(count)
    view.until_moment(2)
    notebook.python("view.close()")


def test_dark_narrow_and_a_restarted_kernel(open_notebook: Open, jupyterlab: Server) -> None:
    written(jupyterlab.folder / "ended", count=8)
    notebook = open_notebook(['import nas_explorer as nas\nview = nas.SupernetView("ended")\nview'])
    notebook.page.set_viewport_size({"width": 850, "height": 1400})
    notebook.theme("JupyterLab Dark")
    notebook.run_cell(0)
    view = View(notebook)
    view.until_moments(8)
    assert view.root.get_by_text("Likely collapse:", exact=True).is_visible()
    body = view.root.evaluate("el => ({width: el.clientWidth, inside: el.scrollWidth})")
    assert body["inside"] <= body["width"] < 900  # nothing sticks out
    overlap = view.root.evaluate("""el => [...el.querySelectorAll('.sec, .sv-area, .sv-graph')]
        .filter(part => part.getBoundingClientRect().right > el.getBoundingClientRect().right + 1).length""")
    assert overlap == 0
    notebook.page.evaluate("async () => { await window.jupyterapp.shell.currentWidget.context.sessionContext.restartKernel(); }")
    view.until("Not attached")
    assert "nothing is lost" in view.root.inner_text()
    assert 'nas.SupernetView("ended")' in view.root.inner_text()
    view.root.get_by_role("button", name="Previous moment").click()  # the moments are the page's own
    view.until_moment(6)
    notebook.theme("JupyterLab Light")


def test_the_dashboard_of_a_search_with_shared_weights_opens_it(open_notebook: Open, jupyterlab: Server) -> None:
    written(jupyterlab.folder / "inside", count=8)
    notebook = open_notebook(['import nas_explorer as nas\nnas.open("inside")'])
    notebook.run_cell(0)
    board = notebook.page.locator(".nx-live").first
    board.get_by_role("button", name="Inside", exact=True).click()
    view = View(notebook)
    view.until_moments(8)
    assert not board.locator(".nx-pareto").is_visible()
    board.get_by_role("button", name="Trials", exact=True).click()
    board.locator(".nx-pareto").wait_for(timeout=5000)
    assert notebook.page.locator(".sv").count() == 0
