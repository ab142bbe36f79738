"""How quick a replay is, on Python's side: `python -m tests.benchmarks.replay`. With `--browser` also the frames of a real page.

Prints what it takes to open 10,000 trials, to show any of their moments, and to make the moments of 500 trials ahead; seconds of
processor time, as other programs may be running. In the browser: the gaps between frames while 500 trials are played at 64 a second,
and what the page's thread has to do for one, which other programs do not change; and how long it takes from a press on the slider of
10,000 trials to the frame that shows all of that moment, which they do.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nas_explorer as nas
from nas_explorer.views import pareto_plot, timeline_of
from nas_explorer.widgets.dashboard import TWIN_SECONDS
from nas_explorer.widgets.dashboard_content import DashboardContent, Wishes
from nas_explorer.widgets.dashboard_moments import MOST, moments_message
from nas_explorer.widgets.status import Status

LONG, SHORT = 10_000, 500
PRESSES = 40
DWELL_MS = 150  # a pointer that aims stands over its aim for longer
READY_MS = 500  # and on a button before it presses
NOW, WISHES = Status("finished"), Wishes()
SOURCE = """import nas_explorer as nas
search = nas.open({folder!r})
search"""


def recorded(folder: Path, trials: int) -> Path:
    strategy = nas.strategies.RegularizedEvolution(population_size=100, tournament_size=25)
    search = nas.Search("nas_bench_201", strategy, "tabular", ["validation_error", "latency_ms@raspi4"], budget=trials, run=folder)
    for _ in search.events():
        pass
    return folder


def spread(seconds: list[float]) -> str:
    found = sorted(1000 * value for value in seconds)
    return f"median {statistics.median(found):.1f} ms, 95 % below {found[int(0.95 * len(found))]:.1f} ms"


def opening(folder: Path) -> DashboardContent:
    began = time.process_time()
    search = nas.open(str(folder))
    opened = time.process_time()
    content = DashboardContent(search)
    view = content.look(WISHES, TWIN_SECONDS)
    pareto_plot(view, noun=content.noun, titles=False)
    content.panels(WISHES, NOW)
    timeline_of(search.history).plain()
    shown = time.process_time()
    while content.behind:
        content.look(WISHES, TWIN_SECONDS)
    print(f"open {search.history.ended_count:,} trials: the log {opened - began:.2f} s, the first picture {shown - opened:.2f} s; "
          f"then its random twin in {time.process_time() - shown:.2f} s, look by look")
    return content


def moments(content: DashboardContent) -> None:
    """Any moment, as it goes into the traits: 100 of them, all over the run."""
    content.look(WISHES)
    took = []
    for events in range(0, content.history.event_count, content.history.event_count // 100):
        began = time.process_time()
        then = content.at(events)
        pareto_plot(then.look(WISHES), "light", content.noun, titles=False)
        then.panels(WISHES, NOW)
        took.append(time.process_time() - began)
    print(f"any moment of {content.history.ended_count:,} trials: {spread(took)}")


def ahead(content: DashboardContent) -> None:
    """All moments of a run, message by message, as a browser asks for them while it plays."""
    stops = timeline_of(content.history).events.tolist()
    took, sizes = [], []
    for first in range(0, len(stops), MOST):
        began = time.process_time()
        chunk = stops[first : first + MOST]
        sizes.append(len(json.dumps(moments_message(content, WISHES, NOW, "light", chunk, ""))) / len(chunk))
        took += [(time.process_time() - began) / len(chunk)] * len(chunk)
    print(f"a moment made ahead of {content.history.ended_count:,} trials: {spread(took)}, so {1 / statistics.mean(took):.0f} a second; "
          f"{statistics.mean(sizes) / 1000:.1f} kB each")


# Another trial is chosen, so that all moments have to be made again, and the pointer is so many ms on the button.
READY = """async (el, ms) => {
    el.querySelector(".nx-rows tbody tr").click();
    await new Promise(done => setTimeout(done, 1000));
    el.querySelector("[aria-label='Play from here']").dispatchEvent(new PointerEvent("pointerover", {bubbles: true}));
    await new Promise(done => setTimeout(done, ms));
}"""


PLAY = """async el => {
    const gaps = [], places = [];
    const button = label => Array.from(el.querySelectorAll("button")).find(b => b.getAttribute("aria-label")?.startsWith(label));
    while (!button("Speed 16")) { button("Speed").click(); await new Promise(requestAnimationFrame); }
    while (!button("Play from here")) await new Promise(requestAnimationFrame);
    button("Play from here").click();
    let before = performance.now();
    while (true) {
        await new Promise(requestAnimationFrame);
        const now = performance.now(), place = Number(el.dataset.place);
        if (place > 20 && place < 480) { gaps.push(now - before); places.push([now, place]); }
        before = now;
        if (place >= 480) break;
    }
    const [[first, from], [last, to]] = [places[0], places.at(-1)];
    return {gaps, steps: 1000 * (to - from) / (last - first)};
}"""


# From the press to the second frame after all panels and the plot are of that moment: the first has painted them.
SCRUB = """async (el, [presses, dwell]) => {
    const rail = el.querySelector(".rp-rail").getBoundingClientRect(), slider = el.querySelector("[role=slider]");
    const frame = () => new Promise(requestAnimationFrame), figure = el.querySelector(".nx-figure"), took = [];
    let put = 0; // how often dots were painted over plotly's axes
    const putImageData = CanvasRenderingContext2D.prototype.putImageData;
    CanvasRenderingContext2D.prototype.putImageData = function (...image) { put += 1; return putImageData.apply(this, image); };
    for (let i = 1; i <= presses; i += 1) {
        const drawn = figure._fullData[0].x, before = el.dataset.events, painted = put;
        const at = {clientX: rail.left + rail.width * (0.05 + 0.9 * (i * 0.618034 % 1)), clientY: rail.top + 16};
        if (dwell !== null) {
            slider.dispatchEvent(new PointerEvent("pointermove", {...at, button: -1, buttons: 0, pointerId: 1, bubbles: true}));
            await new Promise(done => setTimeout(done, dwell));
        }
        const began = performance.now();
        slider.dispatchEvent(new PointerEvent("pointerdown", {...at, button: 0, buttons: 1, pointerId: 1, bubbles: true}));
        while (el.dataset.events === before) await frame();
        const told = performance.now() - began;
        while (figure._fullData[0].x === drawn && put === painted) await frame();
        await frame();
        took.push([told, performance.now() - began]);
        await new Promise(done => setTimeout(done, 600)); // plotly follows
    }
    return took;
}"""


@contextmanager
def page_of(folder: Path, scratch: Path, dots: int) -> Iterator[tuple[Any, Any]]:
    """The page and the dashboard of a run, as soon as its plot is drawn."""
    from playwright.sync_api import sync_playwright

    from tests.browser import lab

    with lab.server(scratch) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=lab.chromium_path(), args=lab.FLAGS)
        page = chromium.new_page(viewport={"width": 1400, "height": 1500})
        server.notebook("replay.ipynb", [SOURCE.format(folder=str(folder))])
        lab.Notebook(page, server, "replay.ipynb").open().run_cell(0)
        view = page.locator(".nx-live").first
        view.wait_for()
        page.wait_for_function("([el, n]) => el._fullData?.[0].x?.length > n", arg=[page.locator(".nx-figure").element_handle(), dots])
        yield page, view
        chromium.close()


def scrubbing(folder: Path, scratch: Path) -> None:
    with page_of(folder, scratch, LONG // 2) as (page, view):
        page.wait_for_timeout(5000)  # until its random twin has caught up
        page.evaluate("() => { Element.prototype.setPointerCapture = () => {}; }")  # no real pointer is down
        for dwell, words in ((None, "that comes at once"), (DWELL_MS, f"after {DWELL_MS} ms over it")):
            told, painted = zip(*view.evaluate(SCRUB, [PRESSES, dwell]), strict=True)
            print(f"from a press on the slider of {LONG:,} trials, {words}, until its moment stands in the panels: "
                  f"{spread([ms / 1000 for ms in told])}; until the plot is painted, too: {spread([ms / 1000 for ms in painted])}")


def frames(folder: Path, scratch: Path) -> None:
    with page_of(folder, scratch, SHORT - 100) as (page, view):
        tools = page.context.new_cdp_session(page)
        tools.send("Performance.enable", {"timeDomain": "threadTicks"})

        def busy() -> float:
            return float(next(m["value"] for m in tools.send("Performance.getMetrics")["metrics"] if m["name"] == "TaskDuration"))

        for turn, ready in (("the first time", None), ("again", None), (f"the first time, after {READY_MS} ms over the button", READY_MS)):
            if ready is not None:
                view.evaluate(READY, ready)
            before = busy()
            found = view.evaluate(PLAY)
            gaps, worked = sorted(found["gaps"]), busy() - before
            late = sum(gap > 25 for gap in gaps) / len(gaps)
            print(f"played {turn}: {found['steps']:.0f} steps a second; gaps between frames: median {statistics.median(gaps):.1f} ms, "
                  f"95 % below {gaps[int(0.95 * len(gaps))]:.1f} ms; {late:.1%} of the frames late; the page's thread worked "
                  f"{1000 * worked / len(gaps):.1f} ms a frame, {1000 * worked / SHORT:.1f} ms a step")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        long = opening(recorded(Path(folder) / "long", LONG))
        moments(long)
        ahead_of = DashboardContent(nas.open(str(recorded(Path(folder) / "short", SHORT))))
        ahead_of.look(WISHES)
        moments(ahead_of)
        ahead(ahead_of)
        if "--browser" in sys.argv:
            frames(Path(folder) / "short", Path(folder) / "lab")
            scrubbing(Path(folder) / "long", Path(folder) / "lab of the long one")


if __name__ == "__main__":
    main()
