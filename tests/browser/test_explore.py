"""A person's session with the explorer: from a space to a search, inside it, a race, a recording and the lessons, by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.lab import Notebook

pytestmark = pytest.mark.browser

Open = Callable[[list[str]], Notebook]


class App:
    """The explorer on the page."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook, self.page = notebook, notebook.page
        self.root = self.page.locator(".ex").first
        self.root.wait_for(timeout=30_000)

    def tab(self, name: str) -> None:
        self.root.get_by_role("tab", name=name, exact=True).first.click()

    @property
    def panel(self) -> Any:
        return self.root.locator(".ex-panel:not([hidden])")

    def fits(self) -> None:
        box = self.root.bounding_box()
        assert self.root.evaluate("el => el.scrollWidth <= el.clientWidth + 1")
        for part in self.panel.locator("section, .nx, ul, input").all():
            inner = part.bounding_box()
            if inner is not None:
                assert inner["x"] >= box["x"] - 1
                assert inner["x"] + inner["width"] <= box["x"] + box["width"] + 1


def test_from_a_space_to_a_search_a_race_a_recording_and_the_lessons(open_notebook: Open, page: Any, pictures: Path | None) -> None:
    notebook = open_notebook(["import nas_explorer as nas\napp = nas.explore()\napp"])
    notebook.run_cell(0)
    app = App(notebook)

    def picture(name: str) -> None:
        app.fits()
        if pictures:
            pictures.mkdir(parents=True, exist_ok=True)
            app.root.screenshot(path=pictures / f"explore-{name}.png")

    picture("start")
    app.panel.get_by_role("button", name="digits_cells 729 architectures").click()
    app.panel.locator(".se").wait_for(timeout=20_000)
    app.panel.locator(".react-flow__node").first.wait_for(timeout=20_000)
    notebook.until("app.tab == 'space'")
    app.panel.get_by_role("button", name="Undo").first.focus()
    page.keyboard.press("d")
    page.keyboard.press("d")  # JupyterLab would delete the cell
    assert page.locator(".jp-Notebook .jp-Cell").count() == 1

    notebook.python("app.open_space('nas_bench_201')")
    app.panel.locator(".nx-name", has_text="nas_bench_201").wait_for(timeout=10_000)
    app.panel.get_by_role("button", name="Start a search").click()
    app.panel.locator(".nx-pareto").wait_for(timeout=30_000)
    app.panel.locator(".nx-head").get_by_role("button", name="Start", exact=True).click()
    app.panel.locator(".chip", has_text="Finished").first.wait_for(timeout=60_000)
    picture("search")
    assert notebook.python("app.search.history.ended_count") == 100

    app.root.get_by_role("tab", name="Search", exact=True).focus()
    page.keyboard.press("ArrowRight")
    app.panel.locator(".lv").wait_for(timeout=20_000)
    assert app.root.get_by_role("tab", name="Inside", exact=True).get_attribute("aria-selected") == "true"
    picture("inside")

    page.set_viewport_size({"width": 1000, "height": 1500})
    notebook.theme("JupyterLab Dark")
    app.tab("Race")
    app.panel.get_by_role("checkbox", name="regularized_evolution").uncheck()
    app.panel.get_by_role("button", name="Start the race").click()
    app.panel.locator(".rv").wait_for(timeout=30_000)
    app.panel.locator(".rv .chip", has_text="Finished").first.wait_for(timeout=90_000)
    picture("race-dark")

    app.tab("Start")
    app.panel.get_by_role("textbox", name="Folder of a run").fill("nowhere")
    page.keyboard.press("Enter")
    app.root.get_by_role("alert").filter(has_text="nowhere holds no run").wait_for(timeout=10_000)
    app.panel.get_by_role("button", name="evolution nas_bench_201").click()
    app.panel.locator(".nx-pareto").wait_for(timeout=30_000)
    assert app.root.get_by_role("alert").count() == 0
    notebook.until("app.stream.search.moment == 0")
    picture("recording-dark")
    app.tab("Lesson")
    link = app.panel.get_by_role("link").first
    assert app.panel.get_by_text("How does a computer find a neural network?").is_visible()
    assert link.count() == 0 or link.get_attribute("href").endswith(".ipynb")
    picture("lessons-dark")
    notebook.theme("JupyterLab Light")
    assert page.errors == []
