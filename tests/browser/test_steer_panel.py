"""A person steers a running search: pins by keyboard, vetoes by mouse, sees it in effect, takes it back, tries one by hand."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.lab import Notebook, Server

pytestmark = pytest.mark.browser

Open = Callable[[list[str]], Notebook]
START = """import nas_explorer as nas
search = nas.Search("nas_bench_201", "regularized_evolution", "tabular", ["validation_error"], budget=400, pace=12, seed=3, run="steered")
search.start()
search.steer"""
WITHIN_MS = 300
OUTSIDE = """() => {
  window.outside = (el) => {
    const trace = el.querySelector(".js-plotly-plot")?.data.find((trace) => trace.name?.includes("outside"));
    return trace?.x.bdata === undefined ? 0 : atob(trace.x.bdata).length / 4;
  };
}"""


class Panel:
    """The steering panel on the page."""

    def __init__(self, notebook: Notebook, within: str = ".st") -> None:
        self.notebook, self.page = notebook, notebook.page
        self.root = self.page.locator(within).first
        self.root.wait_for(timeout=60_000)
        self.page.evaluate(OUTSIDE)

    def until(self, condition: str, argument: object = None, seconds: float = 15) -> None:
        handle = self.root.element_handle()
        self.page.wait_for_function(f"([el, x]) => {condition}", arg=[handle, argument], timeout=seconds * 1000)

    def cell(self, at: str) -> Any:
        return self.root.locator(f'[data-at="{at}"]')

    def until_state(self, at: str, state: str) -> None:
        self.until(f"el.querySelector('[data-at=\"{at}\"]').classList.contains(x)", state)

    def milliseconds(self, do: Callable[[], object], condition: str) -> float:
        """From the gesture to the page that shows it, on the page's own clock."""
        self.page.evaluate(
            """([el, condition]) => {
              const holds = new Function("el", `return ${condition}`);
              window.shown = new Promise((resolve) => {
                let began = null;
                const begin = () => (began ??= performance.now());
                for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, begin, { capture: true, once: true });
                const look = () => (began !== null && holds(el) ? resolve(performance.now() - began) : requestAnimationFrame(look));
                look();
              });
            }""",
            [self.root.element_handle(), condition],
        )
        do()
        return float(self.page.evaluate("window.shown"))

    def until_outside(self) -> int:
        """How many dots of the dashboard's plot are greyed, once any is."""
        self.until("window.outside(el) > 0")
        return int(self.root.evaluate("el => window.outside(el)"))

    def fits(self) -> None:
        box = self.root.bounding_box()
        assert self.root.evaluate("el => el.scrollWidth <= el.clientWidth + 1")
        for part in self.root.locator("section, .st-row, .st-field, .btn").all():
            inner = part.bounding_box()
            if inner is not None:
                assert inner["x"] >= box["x"] - 1
                assert inner["x"] + inner["width"] <= box["x"] + box["width"] + 1


@pytest.fixture(autouse=True)
def _no_errors_on_the_page(page: Any) -> Any:
    yield
    assert page.errors == []


def test_pin_by_keyboard_veto_by_mouse_undo_propose_and_read_why_not(
    open_notebook: Open, jupyterlab: Server, page: Any, pictures: Path | None
) -> None:
    page.set_viewport_size({"width": 1440, "height": 1100})
    notebook = open_notebook([START])
    notebook.run_cell(0)
    panel = Panel(notebook)
    panel.until("el.querySelectorAll('.st-bar > .sure').length > 3", seconds=30)

    # ---- pin by keyboard, from the first cell to the conv 3x3 of the first edge
    panel.cell("0 0").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    pinned = panel.milliseconds(lambda: page.keyboard.press("p"), """el.querySelector('[data-at="0 3"]').classList.contains('pinned')""")
    assert pinned < WITHIN_MS
    assert panel.cell("0 3").get_attribute("aria-selected") == "true"
    assert "pinned" in panel.cell("0 3").get_attribute("aria-label")
    panel.until("el.querySelector('.st-left').textContent.includes('3,125')")

    # ---- veto by mouse
    panel.cell("1 0").click()
    page.get_by_role("menuitem", name="Veto").click()
    panel.until_state("1 0", "vetoed")
    panel.until("el.querySelector('.st-left').textContent.includes('2,500')")
    panel.until("/from trial \\d+ on/.test(el.querySelector('.st-edits li:last-child').textContent)")

    # ---- in effect within one proposal of the event
    (first, last) = notebook.python("[(one.number, one.trial) for one in search.steer.edits]")
    panel.until("Number(el.dataset.edits) === 2")
    end = time.monotonic() + 20
    while notebook.python("len(search.trials)") < last[1] + 8:
        assert time.monotonic() < end
    began = notebook.python("[search.history.spans()[0][t].item() for t in range(len(search.history))]")
    since = next(trial for trial, number in enumerate(began) if number > first[0])
    taken = notebook.python(f"[search.history.architecture(t)['cell/0→1'] for t in range({since}, len(search.history))]")
    assert since == first[1]
    assert set(taken) == {"conv_3x3"}
    assert "none" not in notebook.python(f"[search.history.architecture(t)['cell/0→2'] for t in range({last[1]}, len(search.history))]")

    # ---- what cannot be done is said where it was asked for
    panel.cell("0 1").focus()
    page.keyboard.press("p")
    refused = panel.root.locator(".st-refused")
    refused.wait_for(timeout=5000)
    assert "'cell/0→1' is pinned to conv_3x3" in refused.inner_text()
    limit = panel.root.get_by_role("textbox", name="Limit")
    limit.fill("weight <= 5")
    limit.press("Enter")
    said = panel.root.locator(".st-said.errc")
    said.wait_for(timeout=20_000)  # the first limit counts parameters, for which torch loads
    assert "weight" in said.inner_text()
    assert limit.input_value() == "weight <= 5"  # not lost
    limit.fill("parameter_count <= 1_000_000")
    limit.press("Enter")
    panel.until("el.querySelector('.st-side').textContent.includes('parameter_count ≤ 1,000,000')")
    assert limit.input_value() == ""

    # ---- undo, twice: the limit, then the veto
    panel.root.get_by_role("button", name="Undo last").click()
    panel.until("!el.querySelector('.st-side').textContent.includes('≤')")
    panel.cell("0 3").focus()
    page.keyboard.press("u")
    panel.until_state("1 0", "open")

    # ---- a clear is one more thing to undo
    panel.root.get_by_role("button", name="Clear all").click()
    panel.until_state("0 3", "open")
    undo = panel.root.get_by_role("button", name="Undo last")
    assert undo.get_attribute("title") == "Clear all edits"
    undo.click()
    panel.until_state("0 3", "pinned")
    assert panel.root.locator(".st-edits li").last.inner_text().splitlines()[-1].endswith("Undo: Clear all edits")

    # ---- try one by hand, beginning from the best
    panel.root.get_by_role("button", name="Choose its options").click()
    panel.cell("5 4").click()
    panel.cell("4 4").focus()
    page.keyboard.press("Enter")
    panel.until_state("4 4", "chosen")
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
        panel.root.screenshot(path=pictures / "steer-compose.png")
    panel.root.get_by_role("button", name="Try it next").click()
    panel.until("/trial \\d+/.test(el.querySelector('.st-edits li:last-child').textContent)")
    trial = notebook.python("search.steer.edits[-1].trial")
    tried = notebook.python(f"dict(search.history.architecture({trial}))")
    assert (tried["cell/1→3"], tried["cell/2→3"]) == ("avg_pool_3x3", "avg_pool_3x3")

    # ---- no key reaches the notebook
    panel.cell("2 1").focus()
    page.keyboard.press("d")
    page.keyboard.press("d")
    assert page.locator(".jp-Notebook .jp-Cell").count() == 1
    for theme, width in (("JupyterLab Light", 940), ("JupyterLab Light", 1440), ("JupyterLab Dark", 1440), ("JupyterLab Dark", 700)):
        notebook.theme(theme)
        page.set_viewport_size({"width": width, "height": 1300})
        page.wait_for_timeout(200)
        panel.fits()
        if pictures:
            if width == 1440:
                panel.cell("3 1").click()
            panel.root.screenshot(path=pictures / f"steer-{theme.split()[-1].lower()}-{width}.png")
            page.keyboard.press("Escape")
    notebook.theme("JupyterLab Light")

    # ---- after the end it is off, and says why; the saved notebook keeps a picture
    notebook.python("[search.stop(), search.wait(20)][1]")
    notebook.python("[search.steer.budget(trials=len(search.history)), search.resume(), search.wait(20)][-1]")
    panel.until("el.textContent.includes('Steering is off.')")
    assert panel.root.get_by_role("button", name="Undo last").get_attribute("aria-disabled") == "true"
    notebook.save()
    book = json.loads((jupyterlab.folder / notebook.name).read_text())
    (saved,) = [out["data"]["image/svg+xml"] for out in book["cells"][0]["outputs"] if "image/svg+xml" in out.get("data", {})]
    assert "From the next trial on" in "".join(saved)


def test_the_dashboard_has_it_beside_the_trials_and_greys_what_is_out(open_notebook: Open, page: Any, pictures: Path | None) -> None:
    page.set_viewport_size({"width": 1440, "height": 1100})
    source = START.replace("budget=400, pace=12", "budget=2000, pace=15").replace('"steered"', '"board"').removesuffix(".steer")
    notebook = open_notebook([source])
    notebook.run_cell(0)
    board = Panel(notebook, ".nx-live")
    board.until("Number(el.dataset.events) > 60", seconds=30)
    board.root.get_by_role("button", name="Steer").click()
    panel = Panel(notebook, ".st")
    panel.until("el.querySelectorAll('.st-cell').length === 30")
    panel.cell("0 3").click()
    page.get_by_role("menuitem", name="Pin").click()
    panel.until_state("0 3", "pinned")
    board.fits()
    if pictures:
        board.root.screenshot(path=pictures / "steer-in-dashboard.png")
    board.root.get_by_role("button", name="Trials").click()
    board.until("el.querySelector('.rp-rail .mark[data-kind=edit] title')?.textContent === 'Pin 0→1 to conv 3×3'")
    notebook.python("search.stop() and search.wait(30)")
    board.until("el.querySelector('.nx-head .chip').textContent.includes('Stopped')", seconds=30)
    outside = board.until_outside()
    fit = notebook.python("search.steer.fitting")
    assert outside == notebook.python("search.history.finished_count") - fit
    if pictures:
        board.root.screenshot(path=pictures / "steer-outside.png")
    board.root.locator(".nx-trials tbody tr").nth(3).click()
    board.until("el.querySelector('.nx-detail h4').textContent.startsWith('Cell #')")
    board.root.get_by_role("button", name="Compare with…").click()
    view = Panel(notebook, ".lv")
    view.root.get_by_role("heading", name="Two architectures").wait_for(timeout=10_000)
    board.fits()
    if pictures:
        board.root.screenshot(path=pictures / "steer-compare.png")
