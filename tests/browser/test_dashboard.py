"""A person's session with the dashboard: start, watch, click, pause, reload, re-attach, stop; by mouse and by keyboard."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.lab import Notebook, Server

pytestmark = pytest.mark.browser

Open = Callable[[list[str]], Notebook]
MAKE = """import nas_explorer as nas
search = nas.Search("nas_bench_201", nas.strategies.RegularizedEvolution(population_size=10, tournament_size=3), "tabular",
                    ["validation_error", "latency_ms@raspi4"], budget={trials}, pace={pace}, seed=0)
search"""


def made(trials: int = 5000, pace: float = 40) -> str:
    return MAKE.format(trials=trials, pace=pace)


class View:
    """The n-th dashboard on the page."""

    def __init__(self, notebook: Notebook, n: int = 0) -> None:
        self.notebook, self.page = notebook, notebook.page
        self.root = self.page.locator(".nx-live").nth(n)
        self.root.wait_for(timeout=30_000)

    def press(self, name: str) -> None:
        self.root.get_by_role("button", name=name, exact=True).click()

    def until(self, word: str) -> None:
        self.root.locator(".chip", has_text=word).first.wait_for(timeout=20_000)

    def points(self) -> int:
        """Dots that plotly has drawn."""
        return self.root.locator(".nx-figure").evaluate("el => el._fullData ? el._fullData[0].x.length : 0")

    def until_points(self, count: int) -> None:
        handle = self.root.locator(".nx-figure").element_handle()
        self.page.wait_for_function("([el, n]) => el._fullData && el._fullData[0].x.length >= n", arg=[handle, count], timeout=60_000)

    def click_point(self) -> int:
        """Click the first dot of the front that is on the chart, with the mouse; returns its trial. An axis that grows in that very
        moment moves the dot away, and a person clicks again."""
        from playwright.sync_api import TimeoutError as Late

        for _ in range(5):
            trial = self._click_once()
            try:
                self.root.get_by_role("heading", name=f"Cell #{trial}").wait_for(timeout=1500)
                return trial
            except Late:
                continue
        pytest.fail("five clicks on a dot selected nothing")

    def _click_once(self) -> int:
        place = self.root.locator(".nx-figure").evaluate("""el => {
            const trace = el._fullData.find(one => one.name === 'front trials'), box = el.getBoundingClientRect(), layout = el._fullLayout;
            const index = Array.from(trace.y).findIndex(y => y < layout.yaxis.range[1] - 1);
            return {x: box.left + layout.xaxis._offset + layout.xaxis.l2p(trace.x[index]),
                    y: box.top + layout.yaxis._offset + layout.yaxis.l2p(trace.y[index]), trial: trace.customdata[index]};
        }""")
        self.page.mouse.move(place["x"], place["y"], steps=3)
        self.page.mouse.click(place["x"], place["y"])
        return int(place["trial"])


@pytest.fixture(autouse=True)
def _no_errors_on_the_page(page: Any) -> Any:
    yield
    assert page.errors == []


def finish(notebook: Notebook) -> None:
    """Leave no search running behind the test."""
    notebook.python("search.stop().wait(20)")


def test_start_watch_click_pause_reload_and_stop(open_notebook: Open) -> None:
    notebook = open_notebook([made(), "1 + 1"])
    notebook.run_cell(0)
    view = View(notebook)
    view.until("Idle")
    assert view.root.get_by_text("No trials yet").is_visible()
    assert view.root.get_by_text("nas_bench_201, 15,625 cells").is_visible()
    view.press("Start")
    view.until("Running")
    view.until_points(40)
    trial = view.click_point()
    view.root.get_by_role("heading", name=f"Cell #{trial}").wait_for(timeout=5000)
    assert view.root.locator(".nx-detail svg, .nx-diagram svg").first.is_visible()
    assert notebook.python(f"search.history.trial({trial}).status") == "finished"
    assert "of 15,625" in view.root.inner_text()
    view.press("Pause")
    view.until("Paused")
    seen = notebook.python("search.history.ended_count")
    view.until_points(seen)
    notebook.save()
    notebook.reload()
    view = View(notebook)
    view.until("Paused")
    view.until_points(seen)
    assert view.root.get_by_role("heading", name=f"Cell #{trial}").is_visible()
    view.press("Resume")
    view.until("Running")
    view.until_points(seen + 20)
    view.press("Stop")
    view.until("Stopped")
    assert notebook.python("search.phase") == "stopped"
    view.until_points(notebook.python("search.history.finished_count"))


def test_a_restarted_kernel_shows_not_attached_and_the_way_back(open_notebook: Open) -> None:
    notebook = open_notebook([made(), "import nas_explorer as nas\nsearch = nas.open(FOLDER)\nsearch"])
    notebook.run_cell(0)
    view = View(notebook)
    view.press("Start")
    view.until_points(20)
    folder = notebook.python("str(search.folder)")
    notebook.page.evaluate("async () => { await window.jupyterapp.shell.currentWidget.context.sessionContext.restartKernel(); }")
    view.until("Not attached")
    assert "nothing is lost" in view.root.inner_text()
    assert f'nas.open("{folder}")' in view.root.inner_text()
    notebook.ready()
    notebook.page.evaluate(
        """text => { const model = window.jupyterapp.shell.currentWidget.content.widgets[1].model;
                              model.sharedModel.setSource(model.sharedModel.getSource().replace("FOLDER", JSON.stringify(text))); }""",
        folder,
    )
    notebook.run_cell(1)
    again = View(notebook, 1)
    again.until("Running")  # the search went on while nobody watched
    again.until_points(40)
    finish(notebook)


def test_two_views_stay_in_step_and_so_does_python(open_notebook: Open) -> None:
    notebook = open_notebook([made(trials=60, pace=200), "search"])
    notebook.run_cell(0)
    notebook.run_cell(1)
    first, second = View(notebook, 0), View(notebook, 1)
    first.press("Start")
    for view in (first, second):
        view.until("Finished")
        view.until_points(60)
    trial = first.click_point()
    second.root.get_by_role("heading", name=f"Cell #{trial}").wait_for(timeout=5000)
    notebook.python("nas.widgets.dashboard.dashboard_of(search).set_trait('selected', 3)")
    for view in (first, second):
        view.root.get_by_role("heading", name="Cell #3").wait_for(timeout=5000)
    second.root.get_by_label("x axis").select_option("parameter_count")
    handle = first.root.locator(".nx-figure").element_handle()
    notebook.page.wait_for_function("el => el._fullLayout.xaxis.range[1] > 1000", arg=handle, timeout=5000)
    assert first.root.get_by_label("x axis").input_value() == "parameter_count"


def test_by_keyboard_alone(open_notebook: Open) -> None:
    notebook = open_notebook([made(trials=4000)])
    notebook.run_cell(0)
    view = View(notebook)
    view.root.get_by_role("button", name="Start").focus()
    notebook.page.keyboard.press("Enter")
    view.until("Running")
    view.until_points(10)
    view.root.focus()
    notebook.page.keyboard.press("Space")
    view.until("Paused")
    notebook.page.keyboard.press("ArrowDown")
    notebook.page.keyboard.press("ArrowDown")
    notebook.page.keyboard.press("Enter")
    notebook.page.wait_for_function("() => document.querySelector('.nx-live tr.sel')", timeout=5000)
    notebook.until("nas.widgets.dashboard.dashboard_of(search).selected is not None")
    selected = notebook.python("nas.widgets.dashboard.dashboard_of(search).selected")
    view.root.get_by_role("heading", name=f"Cell #{selected}").wait_for(timeout=5000)
    notebook.page.keyboard.press("d")
    notebook.page.keyboard.press("d")  # JupyterLab would delete the cell
    notebook.page.keyboard.press("Escape")
    notebook.page.wait_for_function("() => !document.querySelector('.nx-live tr.sel')", timeout=5000)
    assert notebook.page.locator(".jp-Notebook .jp-Cell").count() == 1
    notebook.page.keyboard.press("Space")
    view.until("Running")
    finish(notebook)


def test_failed_trials_say_why_and_the_search_goes_on(open_notebook: Open) -> None:
    notebook = open_notebook(
        [
            """import nas_explorer as nas
from dataclasses import dataclass
from nas_explorer.records import Measurement, metric
@dataclass(frozen=True)
class Fragile:
    metrics = (metric("validation_error"), metric("latency_ms"))
    def check_space(self, space): pass
    def evaluate(self, architecture):
        convolutions = sum("conv_3x3" == option for option in architecture.values())
        if convolutions == 2:
            raise RuntimeError("out of memory: <b>3 GB</b> wanted")
        yield Measurement(0, {"validation_error": 50.0 - convolutions, "latency_ms": 1.0 + convolutions})
search = nas.Search("nas_bench_201", "random_search", Fragile(), ["validation_error", "latency_ms"], budget=80, pace=200)
search"""
        ]
    )
    notebook.run_cell(0)
    view = View(notebook)
    view.press("Start")
    view.until("Finished")
    failed = notebook.python("search.history.failures")
    assert 0 < len(failed) < 80
    alert = view.root.get_by_role("alert")
    assert f"Trial {failed[-1]} failed: out of memory: <b>3 GB</b> wanted. The search goes on; it counts as worst." in alert.inner_text()
    assert f"{len(failed)} of 80 trials failed." in alert.inner_text()
    view.press("Dismiss")
    view.root.get_by_text("Done.").wait_for(timeout=5000)
    assert view.points() == 80 - len(failed)


def test_a_stop_during_a_busy_cell_is_not_lost(open_notebook: Open) -> None:
    notebook = open_notebook([made(), "import time\ntime.sleep(6)"])
    notebook.run_cell(0)
    view = View(notebook)
    view.press("Start")
    view.until_points(10)
    notebook.run_cell(1, wait=False)
    view.press("Stop")
    view.until("Stopped")


def test_a_saved_notebook_shows_the_picture_without_a_kernel(open_notebook: Open, jupyterlab: Server, pictures: Path | None) -> None:
    notebook = open_notebook([made(trials=60, pace=200)])
    notebook.run_cell(0)
    view = View(notebook)
    assert not notebook.page.locator(".jp-RenderedSVG").is_visible()  # the live view stands for it
    view.press("Start")
    view.until("Finished")
    view.until_points(60)
    best = notebook.python("search.best.number")
    notebook.page.wait_for_function(
        """() => JSON.stringify(window.jupyterapp.shell.currentWidget.content.model.toJSON())
                                       .includes("60 cells")""",
        timeout=10_000,
    )
    notebook.save()
    saved = json.loads((jupyterlab.folder / notebook.name).read_text())
    svg = next("".join(output["data"]["image/svg+xml"]) for output in saved["cells"][0]["outputs"] if "image/svg+xml" in output["data"])
    assert f"Cell #{best}" in svg
    assert "Finished" in svg
    notebook.page.evaluate("async () => { await window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown(); }")
    notebook.page.reload()
    picture = notebook.page.locator(".jp-RenderedSVG img, .jp-RenderedSVG svg")
    picture.first.wait_for(timeout=30_000)
    assert picture.first.is_visible()
    if pictures:
        notebook.page.screenshot(path=pictures / "without-a-kernel.png")
    page = jupyterlab.folder / "page.html"
    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "html", str(jupyterlab.folder / notebook.name), "--output", str(page)],
        check=True,
        capture_output=True,
    )
    notebook.page.goto(page.as_uri())
    assert notebook.page.locator(".jp-RenderedSVG").first.is_visible()
    notebook.page.errors.clear()  # the exported page asks for MathJax and require.js, which are not here


def test_it_fits_and_follows_the_theme(open_notebook: Open, page: Any, pictures: Path | None) -> None:
    page.set_viewport_size({"width": 1400, "height": 1600})
    notebook = open_notebook([made(trials=120, pace=400)])
    page.evaluate("() => { const shell = window.jupyterapp.shell; if (!shell.leftCollapsed) shell.collapseLeft(); }")
    notebook.run_cell(0)
    view = View(notebook)
    view.press("Start")
    view.until("Finished")
    view.until_points(120)
    figure = view.root.locator(".nx-figure")
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        before = figure.evaluate("el => el._fullLayout.font.color")
        notebook.theme(theme)
        page.wait_for_function("([el, before]) => el._fullLayout.font.color !== before", arg=[figure.element_handle(), before])
        drawn = figure.evaluate("el => el._fullLayout.font.color")
        assert (_lightness(drawn) > 128) == ("Dark" in theme)
        ink, ground = (view.root.evaluate(f"el => getComputedStyle(el).{key}") for key in ("color", "backgroundColor"))
        assert (_lightness(ink) > _lightness(ground)) == ("Dark" in theme)
        for width in (1400, 760):
            page.set_viewport_size({"width": width, "height": 1600})
            page.wait_for_timeout(500)
            overflow = view.root.evaluate("el => el.scrollWidth - el.clientWidth")
            assert overflow <= 1
            if pictures:
                page.screenshot(path=pictures / f"dashboard-{theme.split()[-1].lower()}-{width}.png")


def _lightness(colour: str) -> float:
    """Of `rgb(1, 2, 3)`, `color(srgb .1 .2 .3)` or `#112233`, from 0 to 255."""
    if colour.startswith("#"):
        return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5)) / 3
    numbers = [float(part) for part in colour[colour.index("(") + 1 : -1].replace("srgb", "").replace(",", " ").split()[:3]]
    return sum(numbers) / 3 * (255 if colour.startswith("color") else 1)
