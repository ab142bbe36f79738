"""A person's session with the race view: guess, watch lines grow, read who won, go back in time, take files along."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.lab import Notebook, Server

pytestmark = pytest.mark.browser

Open = Callable[[list[str]], Notebook]
RACE = """import nas_explorer as nas
race = nas.Race({"evolution": nas.strategies.RegularizedEvolution(10, 3), "local search": "local_search", "tpe": "tpe"},
                "nas_bench_201", "tabular", budget=60, seeds=6, run="seen")
race.start()
view = nas.RaceView(race, hidden=True)
view"""


class View:
    """The race view on the page."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook, self.page = notebook, notebook.page
        self.root = self.page.locator(".rv").first
        self.root.wait_for(timeout=30_000)
        self.slider = self.root.get_by_role("slider", name="Moment")

    def until(self, condition: str, argument: object = None) -> None:
        self.page.wait_for_function(f"([el, x]) => {condition}", arg=[self.root.element_handle(), argument], timeout=30_000)

    def points(self) -> list[int]:
        """How far each line is drawn."""
        return [int(line.get_attribute("data-points")) for line in self.root.locator("path[data-lane]").all()]

    def pressed(self, name: str) -> bool:
        return bool(self.root.get_by_role("button", name=name).get_attribute("aria-pressed") == "true")


@pytest.fixture(autouse=True)
def _no_errors_on_the_page(page: Any) -> Any:
    yield
    assert page.errors == []


def test_guess_watch_go_back_and_take_it_along(open_notebook: Open, jupyterlab: Server, page: Any, pictures: Path | None) -> None:
    page.set_viewport_size({"width": 1640, "height": 1200})
    notebook = open_notebook([RACE])
    notebook.run_cell(0)
    view = View(notebook)

    # Nothing is told before the guess.
    view.root.get_by_text("Which strategy will win?").first.wait_for(timeout=10_000)
    assert view.points() == []
    assert view.root.locator("tr[data-lane]").count() == 0
    view.root.locator(".rv-answers").get_by_role("button", name="tpe").click()
    view.until("el.querySelectorAll('path[data-lane]').length === 4")
    notebook.until("view.guess == 'tpe'")

    # Lines come in while the kernel of the notebook is free; at the end there is a winner, and the guess is judged.
    view.root.locator(".chip", has_text="Finished").first.wait_for(timeout=60_000)
    places = notebook.python("[row['place'] for row in view.stream.table['rows'] if row['name'] == 'tpe']")
    view.root.get_by_text(f"You guessed tpe: place {places[0]} of 4.").first.wait_for(timeout=10_000)
    assert notebook.python("race.ranking().sentence") in view.root.locator(".ban").inner_text()
    whole = view.points()
    assert min(whole) > 10

    # By keyboard: axes, and back in time. JupyterLab gets no key: "x" would cut the cell, "d d" delete it.
    view.root.locator("h4").first.click()
    for key in ("x", "d", "d"):
        page.keyboard.press(key)
    assert view.pressed("Logarithmic clock")
    assert page.locator(".jp-Notebook .jp-Cell").count() == 1
    view.slider.focus()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("PageUp")
    view.until("el.querySelector('.ban').innerText.startsWith('Then:')")
    moment = notebook.python("view.moment")
    assert all(now <= then for now, then in zip(view.points(), whole, strict=True))
    assert sum(view.points()) < sum(whole)
    trials = notebook.python(f"race.history.at({moment}).lanes['tpe'].spent['trials'].mean()")
    assert notebook.python("[row['trials'] for row in view.stream.table['rows'] if row['name'] == 'tpe']") == [f"{trials:,.0f}"]
    view.root.get_by_role("button", name="Live").click()
    view.until("Number(el.dataset.place) > x", 20)
    assert view.points() == whole

    # One strategy more, on the same budget and seeds: it runs at once.
    view.root.get_by_role("combobox", name="Strategy to add").select_option("hyperband")
    view.root.get_by_role("button", name="Add strategy").click()
    view.until("el.querySelectorAll('tr[data-lane]').length === 5")
    view.root.locator(".chip", has_text="Finished").first.wait_for(timeout=60_000)
    assert notebook.python("race.history.lanes['hyperband'].ended.all().item()")

    # Another clock, a band more, and files.
    view.root.get_by_role("combobox", name="Clock").select_option("seconds")
    view.root.get_by_text("seconds of training").first.wait_for(timeout=10_000)
    bands = view.root.locator(".rv-band").count()
    view.root.get_by_role("checkbox", name="local search").click()
    assert abs(view.root.locator(".rv-band").count() - bands) == 1
    for kind, begins in (("CSV", b"lane,search,trials"), ("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download(timeout=20_000) as download:
            view.root.get_by_role("button", name=kind, exact=True).click()
        assert Path(download.value.path()).read_bytes().startswith(begins)

    for theme in ("Light", "Dark"):
        notebook.theme(f"JupyterLab {theme}")
        for width in (1640, 1140):                     # of the window; the view is some 440 narrower
            page.set_viewport_size({"width": width, "height": 1400})
            fits(view)
            if pictures:
                pictures.mkdir(parents=True, exist_ok=True)
                view.root.screenshot(path=pictures / f"race-{theme.lower()}-{width}.png")
    notebook.theme("JupyterLab Light")
    notebook.save()
    book = json.loads((jupyterlab.folder / notebook.name).read_text())
    (saved,) = [out["data"]["image/svg+xml"] for out in book["cells"][0]["outputs"] if "image/svg+xml" in out.get("data", {})]
    assert "Beats random" in "".join(saved)


def fits(view: View) -> None:
    """Nothing stands over the edge."""
    view.page.wait_for_timeout(400)
    box = view.root.bounding_box()
    assert view.root.evaluate("el => el.scrollWidth <= el.clientWidth + 1")
    for part in view.root.locator("section, .rv-controls, .rp-bar, .rv-chart svg").all():
        inner = part.bounding_box()
        assert inner["x"] >= box["x"] - 1
        assert inner["x"] + inner["width"] <= box["x"] + box["width"] + 1
