"""A person's session with the lineage view: watch a family grow, click, hold two against each other, scrub; and a search without one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.lab import Notebook, Server

pytestmark = pytest.mark.browser

Open = Callable[[list[str]], Notebook]
EVOLUTION = """import nas_explorer as nas
search = nas.Search("nas_bench_201", nas.strategies.RegularizedEvolution(population_size=8, tournament_size=3), "tabular",
                    ["validation_error"], budget={trials}, pace={pace}, seed=2, run="{name}")
"""
INLINE = EVOLUTION + "for _ in search.events(): pass\nview = nas.LineageView(search)\nview"


class View:
    """The lineage view on the page."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook, self.page = notebook, notebook.page
        self.root = self.page.locator(".lv").first
        self.root.wait_for(timeout=30_000)
        self.tree = self.root.get_by_role("listbox")

    def until(self, condition: str, argument: object) -> None:
        handle = self.root.element_handle()
        self.page.wait_for_function(f"([el, x]) => {condition}", arg=[handle, argument], timeout=20_000)

    def until_births(self, count: int) -> None:
        self.until("Number(el.dataset.births) >= x", count)

    def heading(self, words: str) -> Any:
        return self.root.get_by_role("heading", name=words, exact=True)

    def click(self, trial: int, *, shift: bool = False) -> None:
        """Where Python says that a trial stands: found by its ring, after the keyboard has gone there and back."""
        self.notebook.python(f"view.set_trait('selected', {trial})")
        self.until("el.querySelector('.lv-chart [role=option]')?.dataset.trial === String(x)", trial)
        place = self.root.locator(".lv-chart [role=option] .lv-ring").bounding_box()
        self.notebook.python("view.set_trait('selected', None)")
        self.until("el.querySelector('.lv-chart [role=option]')?.dataset.trial !== String(x)", trial)
        if shift:
            self.page.keyboard.down("Shift")
        self.page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
        if shift:
            self.page.keyboard.up("Shift")


@pytest.fixture(autouse=True)
def _no_errors_on_the_page(page: Any) -> Any:
    yield
    assert page.errors == []


def test_watch_a_family_grow_click_compare_and_scrub_by_keyboard(open_notebook: Open) -> None:
    source = EVOLUTION.format(trials=60, pace=4, name="grow") + "search.start()\nview = nas.LineageView(search)\nview"
    notebook = open_notebook([source])
    notebook.run_cell(0)
    view = View(notebook)
    view.until_births(4)
    view.root.locator(".chip", has_text="Running").first.wait_for(timeout=10_000)
    view.until_births(60)
    view.root.locator(".chip", has_text="Finished").first.wait_for(timeout=20_000)

    view.click(30)
    parent = notebook.python("search.history.why(30)['parents'][0]")
    view.root.locator(".lv-side", has_text="Child #30").wait_for(timeout=5000)
    assert view.root.locator(".lv-side", has_text=f"Parent #{parent}").is_visible()
    notebook.until("view.selected == 30")
    assert view.root.locator(".lv-drawn > svg").count() == 2
    assert f"A mutation of trial {parent}, the best of 3" in view.root.inner_text()

    view.tree.focus()
    view.page.keyboard.press("c")  # pin, then walk to the parent's parent
    view.page.keyboard.press("ArrowUp")
    view.page.keyboard.press("ArrowUp")
    view.heading("Two architectures").wait_for(timeout=5000)
    notebook.until("view.compared == 30")
    view.page.keyboard.press("Escape")
    view.page.keyboard.press("d")
    view.page.keyboard.press("d")  # JupyterLab would delete the cell
    assert view.page.locator(".jp-Notebook .jp-Cell").count() == 1
    view.page.keyboard.press("b")

    slider = view.root.get_by_role("slider", name="Births")
    slider.focus()
    view.page.keyboard.press("Home")
    for _ in range(14):
        view.page.keyboard.press("ArrowRight")
    view.until("el.dataset.place === String(x)", 14)
    best = min(range(15), key=lambda trial: notebook.python(f"search.history.value({trial}, 'validation_error')"))
    assert f"15 born, best #{best}," in view.tree.get_attribute("aria-label")
    view.root.locator(".lv-side", has_text=f"#{best}").last.wait_for(timeout=5000)
    view.page.keyboard.press("End")
    view.until("el.dataset.place === String(x)", 59)
    notebook.until("view.moment is None")


@pytest.mark.parametrize(("theme", "width"), [("JupyterLab Light", 1400), ("JupyterLab Dark", 1000)])
def test_it_fits_follows_the_theme_and_leaves_a_picture(
    open_notebook: Open, jupyterlab: Server, page: Any, theme: str, width: int, pictures: Path | None
) -> None:
    page.set_viewport_size({"width": width, "height": 1100})
    notebook = open_notebook([INLINE.format(trials=90, pace=None, name=f"fit-{width}")])
    notebook.theme(theme)
    notebook.run_cell(0)
    view = View(notebook)
    view.until_births(90)
    box = view.root.bounding_box()
    assert view.root.evaluate("el => el.scrollWidth <= el.clientWidth + 1")
    for part in view.root.locator("section, table, .rp-bar").all():
        inner = part.bounding_box()
        assert inner["x"] >= box["x"] - 1
        assert inner["x"] + inner["width"] <= box["x"] + box["width"] + 1
    ground = view.root.evaluate("el => getComputedStyle(el).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == ("Light" in theme)
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
        view.root.screenshot(path=pictures / f"lineage-{theme.split()[-1].lower()}-{width}.png")
    notebook.save()
    book = json.loads((jupyterlab.folder / notebook.name).read_text())
    (saved,) = [out["data"]["image/svg+xml"] for out in book["cells"][0]["outputs"] if "image/svg+xml" in out.get("data", {})]
    assert "Path to the best" in "".join(saved)
    notebook.theme("JupyterLab Light")


def test_random_search_says_that_it_keeps_no_family(open_notebook: Open) -> None:
    source = """import nas_explorer as nas
search = nas.Search("nas_bench_201", "random_search", "tabular", ["validation_error"], budget=30)
for _ in search.events(): pass
nas.LineageView(search)"""
    notebook = open_notebook([source])
    notebook.run_cell(0)
    view = View(notebook)
    view.heading("Trials in the order of birth").wait_for(timeout=10_000)
    assert "random_search makes no architecture from another, so there is no tree" in view.root.inner_text()
    assert view.root.locator(".lv-card").count() == 0
