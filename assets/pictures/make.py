"""Makes the README's pictures from the running product: a JupyterLab, a Chromium, a search at about 60 % of its budget.

    python assets/pictures/make.py

needs the extra `test`, a Chromium and Pillow. Every picture is a screenshot of the dashboard alone, 1200 pixels wide, made smaller
without loss that an eye would notice: 256 colours.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from tests.browser import lab  # noqa: E402 - the repository's own tests know how to drive a JupyterLab

WIDTH = 1200
BUDGET, PERCENT, PACE = 500, 60, 12
SELECTED = 253                                   # on the front at 60 %, and all its edges carry something
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
CELL = f"""import nas_explorer as nas

search = nas.Search(
    "nas_bench_201", nas.strategies.RegularizedEvolution(population_size=50, tournament_size=10), "tabular",
    ["validation_error", "latency_ms@raspi4"], budget={BUDGET}, seed=1, pace={PACE})
search.start()
search"""
TIDY = """
.jp-SideBar, #jp-left-stack, #jp-right-stack, .jp-InputPrompt, .jp-OutputPrompt, .jp-Cell-inputWrapper, .jp-OutputArea-promptOverlay
  { display: none !important; }
"""
"""What would take width from the dashboard."""


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch, lab.server(Path(scratch) / "lab") as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=lab.chromium_path(), args=lab.FLAGS)
        for theme in THEMES:
            picture = HERE / f"dashboard-{theme}.png"
            picture.write_bytes(small(screenshot(chromium, server, theme)))
            print(f"{picture.name}: {picture.stat().st_size / 1000:.0f} kB")
        chromium.close()


def screenshot(chromium: Any, server: lab.Server, theme: str) -> bytes:
    """The dashboard of a search under way, with a trial selected."""
    page = chromium.new_page(viewport={"width": 1400, "height": 1500})
    server.notebook(f"{theme}.ipynb", [CELL])
    notebook = lab.Notebook(page, server, f"{theme}.ipynb").open()
    notebook.theme(THEMES[theme])
    page.add_style_tag(content=TIDY)
    notebook.run_cell(0, wait=False)
    dashboard = page.locator(".nx-live")
    dashboard.wait_for(timeout=60_000)
    page.set_viewport_size({"width": 1400 + WIDTH - round(dashboard.bounding_box()["width"]), "height": 1500})
    reached(page, 100 * SELECTED / BUDGET + 1)
    notebook.python(f"setattr(nas.widgets.dashboard.dashboard_of(search), 'selected', {SELECTED})")
    dashboard.get_by_text(f"Cell #{SELECTED}", exact=True).wait_for(timeout=20_000)
    reached(page, PERCENT)
    image: bytes = dashboard.screenshot()
    page.close()
    return image


def reached(page: Any, percent: float) -> None:
    page.wait_for_function(f"() => document.querySelector('.nx-live [role=progressbar]').getAttribute('aria-valuenow') >= {percent}",
                           timeout=120_000)


def small(image: bytes) -> bytes:
    picture = Image.open(io.BytesIO(image)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    data = io.BytesIO()
    picture.save(data, "PNG", optimize=True)
    return data.getvalue()


if __name__ == "__main__":
    main()
