"""How live the dashboard is, in a real JupyterLab and Chromium: `python -m tests.benchmarks.live`.

Prints, from one session of one browser:
- the time from pressing Start to the first point on screen;
- at 1,000 events a second: how many reach the browser, and how late (from the event's own time stamp to the number in the header);
- how long `1+1` takes in a cell meanwhile, against the same kernel at rest before and after;
- how long one update takes at 10,000 trials, from Python's assignment to the painted frame.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from nas_explorer.records.store import LogReader
from tests.browser import lab

EVENTS_A_SECOND = 1000
SECONDS = 15
CELL = """import nas_explorer as nas
search = nas.Search("nas_bench_201", "regularized_evolution", "tabular", ["validation_error", "latency_ms@raspi4"], budget={trials},
                    pace={pace})
search"""

WATCH = """() => {
  window.arrivals = [];
  const root = document.querySelector(".nx-live");
  const look = () => window.arrivals.push([Date.now(), Number(root.dataset.events)]);
  new MutationObserver(look).observe(root, {attributes: true, attributeFilter: ["data-events"]});
}"""
POINTS = "() => { const el = document.querySelector('.nx-live .nx-figure'); return el && el._fullData ? el._fullData[0].x.length : 0; }"
EXECUTE = """async () => {
  const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  const began = performance.now();
  await kernel.requestExecute({code: "1+1"}).done;
  return performance.now() - began;
}"""
UPDATE = """async () => {
  const el = document.querySelector(".nx-live .nx-figure");
  const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  const painted = new Promise(resolve => el.on("plotly_afterplot", () => requestAnimationFrame(() =>
    setTimeout(() => resolve(Date.now()), 0))));
  let sent = 0;
  const future = kernel.requestExecute({code: "import time; print(time.time()); update()"});
  future.onIOPub = message => { if (message.header.msg_type === "stream") sent = 1000 * Number(message.content.text); };
  const end = await painted;
  await future.done;
  return end - sent;
}"""


def executions(page: Any, count: int) -> list[float]:
    return [page.evaluate(EXECUTE) for _ in range(count)]


def middle(values: list[float]) -> str:
    ordered = sorted(values)
    return f"median {statistics.median(ordered):.0f} ms, 95 % {ordered[int(0.95 * len(ordered))]:.0f} ms (n={len(ordered)})"


def main() -> None:
    trials = EVENTS_A_SECOND // 3 * SECONDS
    with tempfile.TemporaryDirectory() as folder, lab.server(Path(folder) / "lab") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=lab.chromium_path(), args=lab.FLAGS)
        page = browser.new_context(viewport={"width": 1400, "height": 1400}).new_page()
        server.notebook("live.ipynb", [CELL.format(trials=trials, pace=EVENTS_A_SECOND / 3)])
        notebook = lab.Notebook(page, server, "live.ipynb").open()
        notebook.run_cell(0)
        page.wait_for_selector(".nx-live .js-plotly-plot, .nx-live .nx-figure.js-plotly-plot", timeout=30_000)
        executions(page, 10)
        before = executions(page, 40)
        page.evaluate(WATCH)
        page.locator(".nx-live").get_by_role("button", name="Start").click()
        began = time.perf_counter()
        while not page.evaluate(POINTS):
            time.sleep(0.01)
        print(f"first point on screen {time.perf_counter() - began:.2f} s after Start")
        during = executions(page, 60)
        page.wait_for_function("() => document.querySelector('.nx-live').innerText.includes('Finished')", timeout=120_000)
        time.sleep(2)
        after = executions(page, 40)
        run = server.folder / notebook.python("str(search.folder)")
        report_arrivals(run, page.evaluate("() => window.arrivals"), trials, page.evaluate(POINTS))
        idle = before + after
        print(
            f"1+1 at rest: {middle(idle)}; while it runs: {middle(during)}; ratio of medians "
            f"{statistics.median(during) / statistics.median(idle):.2f}"
        )
        report_updates(page, notebook)
        browser.close()


def report_arrivals(run: Path, arrivals: list[list[float]], trials: int, points: int) -> None:
    """From each event's own time stamp to the moment at which the view knew of it."""
    events = list(LogReader(run).read())
    rate = len(events) / (events[-1].at - events[0].at)
    late, at = [], 0
    for event in events:
        while at < len(arrivals) and arrivals[at][1] <= event.number:
            at += 1
        if at < len(arrivals):
            late.append(arrivals[at][0] - 1000 * event.at)
    share = 100 * sum(x <= 200 for x in late) / len(late)
    print(f"{len(events)} events at {rate:.0f} a second, {len(late)} reached the browser; {points} of {trials} points drawn")
    print(f"from event to browser: {middle(late)}, most {max(late):.0f} ms, within 200 ms: {share:.1f} %")


def report_updates(page: Any, notebook: lab.Notebook) -> None:
    code = (
        "import nas_explorer.widgets.dashboard as d; board = d.dashboard_of(search); board.follower.close(); "
        "more = nas.Search('nas_bench_201', 'random_search', 'tabular', ['validation_error', 'latency_ms@raspi4'], budget=10_000)\n"
        "for _ in more.events(): pass\n"
        "import itertools; turn = itertools.count()\n"                # another trial is selected each time, or nothing would change
        "def update(): board.stream.show(board._drawing(board._content.look(d.Wishes(next(turn), board.x_metric, board.y_metric))))\n"
        "board.search.run = more.run; board._content.twin = None; board.stream.show(board._drawing(board._content.look(board._wishes())))"
    )
    page.evaluate(
        """async code => { await window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel
                                    .requestExecute({code}).done; }""",
        code,
    )
    page.wait_for_function("() => document.querySelector('.nx-live .nx-figure')._fullData[0].x.length > 9000", timeout=60_000)
    taken = [page.evaluate(UPDATE) for _ in range(15)]
    print(f"one update at 10,000 trials, from Python to the painted frame: {middle(taken)}")


if __name__ == "__main__":
    main()
