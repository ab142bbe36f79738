"""A person's session with the replay: play a finished search, step by keyboard, jump to a trial; scrub a running one and come back."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.lab import Notebook

pytestmark = pytest.mark.browser

Open = Callable[[list[str]], Notebook]
EVOLUTION = 'nas.strategies.RegularizedEvolution(population_size=20, tournament_size=5), "tabular"'
FINISHED = f"""import nas_explorer as nas
search = nas.Search("nas_bench_201", {EVOLUTION}, ["validation_error", "latency_ms@raspi4"], budget=300, seed=1)
for _ in search.events(): pass
from nas_explorer.widgets.dashboard import dashboard_of
search"""
RUNNING = f"""search = nas.Search("nas_bench_201", {EVOLUTION}, ["validation_error"], budget=600, pace=12, seed=2)
search.start()
search"""
SHOWN_ROWS = 7  # of the table
PLAYED = "nas.open(str(search.folder)).replay()"


class View:
    """The n-th dashboard on the page, with its replay bar."""

    def __init__(self, notebook: Notebook, n: int = 0) -> None:
        self.notebook, self.page = notebook, notebook.page
        self.root = self.page.locator(".nx-live").nth(n)
        self.root.wait_for(timeout=30_000)
        self.slider = self.root.get_by_role("slider", name="Moment")

    def press(self, name: str) -> None:
        self.root.get_by_role("button", name=name, exact=True).click()

    def place(self) -> int:
        return int(self.root.get_attribute("data-place"))

    def until(self, condition: str, argument: object = None) -> None:
        handle = self.root.element_handle()
        self.page.wait_for_function(f"([el, x]) => {condition}", arg=[handle, argument], timeout=20_000)

    def until_events(self, events: int) -> None:
        """Until all that is shown is of this moment, the plot's dots too."""
        self.until("el.dataset.events === String(x)", events)

    def dots(self) -> list[int]:
        return list(self.root.locator(".nx-figure").evaluate("el => Array.from(el._fullData[0].customdata ?? [])"))

    def until_dots(self, count: int) -> None:
        self.until("(el.querySelector('.nx-figure')._fullData?.[0].x?.length ?? 0) === x", count)

    def rows(self) -> list[int]:
        return [int(row.get_attribute("data-trial")) for row in self.root.locator(".nx-rows tbody tr").all()]

    def check(self, events: int | None = None) -> None:
        """What stands on the page is what Python knew then; None: at the stop where the slider stands."""
        if events is None:
            line = "__import__('nas_explorer').views.timeline_of(search.history)"
            events = self.notebook.python(f"int({line}.events[{self.place()}])")
        then = f"__import__('nas_explorer').records.history_at(search.history, {events})"
        self.until_events(events)
        started, finished = self.notebook.python(f"(lambda h: (len(h), h.finished_count))({then})")
        self.until_dots(finished)
        assert self.dots() == self.notebook.python(f"[int(i) for i in ({then}.statuses() == 1).nonzero()[0]]")
        assert self.rows()[:SHOWN_ROWS] == list(range(started - 1, -1, -1))[:SHOWN_ROWS]
        best = self.notebook.python(f"(lambda h: h.best.number if h.best else None)({then})")
        if best is None:
            assert self.root.get_by_role("heading", name="Plan").is_visible()
        else:
            assert self.root.get_by_role("heading", name=f"Best so far: cell #{best}").is_visible()
        assert self.root.get_by_role("progressbar").get_attribute("aria-valuetext") == f"trial {finished} of " + (
            self.notebook.python("f'{search.plan.budget.trials:,}'")
        )


@pytest.fixture(autouse=True)
def _no_errors_on_the_page(page: Any) -> Any:
    yield
    assert page.errors == []


def test_play_step_jump_and_scrub_a_running_search(open_notebook: Open, page: Any, pictures: Path | None) -> None:
    notebook = open_notebook([FINISHED, RUNNING, PLAYED])
    notebook.run_cell(0)
    view = View(notebook)
    view.until_dots(300)

    view.press("Play from here")
    view.until("Number(el.dataset.place) >= 3 && Number(el.dataset.place) < 200")
    view.press("Stop the replay")
    assert 3 <= view.place() < 250
    view.check()

    view.slider.focus()
    for key in ("ArrowRight", "ArrowRight", "PageUp", "ArrowLeft"):
        page.keyboard.press(key)
    place = view.place()
    view.check()
    assert f"{place} of 300 trials" in view.slider.get_attribute("aria-valuetext")
    page.keyboard.press("Home")
    view.check(0)

    field = view.root.get_by_role("textbox", name="Jump to trial")
    field.fill("150")
    field.press("Enter")
    view.check(notebook.python("int(search.history.spans()[1][150]) + 1"))
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
        for theme in ("Light", "Dark"):
            notebook.theme(f"JupyterLab {theme}")
            for width in (1500, 1000):
                page.set_viewport_size({"width": width, "height": 1400})
                time.sleep(1.0)
                view.root.screenshot(path=pictures / f"replay-{theme.lower()}-{width}.png")
        notebook.theme("JupyterLab Light")
        page.set_viewport_size({"width": 1400, "height": 1500})
    view.press("Live")
    view.check(notebook.python("search.history.event_count"))

    notebook.run_cell(1)
    live = View(notebook, 1)
    live.until("Number(el.dataset.place) >= 30")
    live.slider.click(position={"x": 14, "y": 18})
    live.until("Number(el.dataset.place) < 20")
    live.check()
    moment = notebook.python("dashboard_of(search).moment")
    shown, stops = live.root.locator(".nx-rows").inner_text(), live.slider.get_attribute("aria-valuemax")
    live.until("Number(el.querySelector('[role=slider]').getAttribute('aria-valuemax')) > x + 20", int(stops))
    assert live.root.locator(".nx-rows").inner_text() == shown  # the search goes on, and the moment stands still
    assert live.root.get_by_role("button", name="Pause", exact=True).is_visible()
    page.keyboard.press("l")
    live.until("Number(el.dataset.events) > x", moment)
    notebook.until("dashboard_of(search).moment is None")
    live.press("Stop")
    live.root.locator(".chip", has_text="Stopped").first.wait_for(timeout=20_000)

    notebook.run_cell(2)
    played = View(notebook, 2)
    played.check(0)
    assert played.root.get_by_role("button", name="Resume").count() == 0
    played.press("Play from here")
    played.until("Number(el.dataset.place) >= 2")
    assert notebook.python("search.phase") == "stopped"
