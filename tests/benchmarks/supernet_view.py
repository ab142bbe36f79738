"""How live the supernet view is, in a real JupyterLab and Chromium: `python -m tests.benchmarks.supernet_view`.

A process writes 8 snapshots a second of a DARTS search, two cells of 17 decisions each; the browser follows. Prints
- how many moments reach the browser, and how late, from a snapshot's own time stamp;
- how large the largest snapshot is in the log, of every space of the library;
- how long `1+1` takes in a cell meanwhile, against the same kernel at rest before and after.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from nas_explorer.records.events import Snapshot, encode
from nas_explorer.records.store import LogReader, LogWriter
from nas_explorer.spaces import load, names
from tests.benchmarks.live import EXECUTE, middle
from tests.browser import lab
from tests.supernet_story import snapshots, written

A_SECOND = 8
SECONDS = 25
WATCH = """() => {
  window.arrivals = [];
  const root = document.querySelector(".sv");
  const look = () => window.arrivals.push([Date.now(), Number(root.dataset.moments)]);
  new MutationObserver(look).observe(root, {attributes: true, attributeFilter: ["data-moments"]});
}"""


def executions(page: Any, count: int, every: float = 0.0) -> list[float]:
    taken = []
    for _ in range(count):
        taken.append(page.evaluate(EXECUTE))
        time.sleep(every)
    return taken


def write(folder: Path) -> None:
    """The search: a snapshot whenever its time has come."""
    began = time.time()
    with LogWriter(folder) as log:
        for number, snapshot in enumerate(snapshots(load("darts"), A_SECOND * SECONDS)):
            time.sleep(max(0.0, began + number / A_SECOND - time.time()))
            log.append(replace(snapshot, at=time.time()))


def main() -> None:
    for name in names():
        largest = max(len(encode(snapshot).encode()) for snapshot in snapshots(load(name), 3))
        print(f"one snapshot of {name}: {largest:,} bytes")
    with tempfile.TemporaryDirectory() as temporary, lab.server(Path(temporary) / "lab") as server, sync_playwright() as playwright:
        run = server.folder / "watched"
        written(run, "darts", count=0, finished=False)
        browser = playwright.chromium.launch(executable_path=lab.chromium_path(), args=lab.FLAGS)
        page = browser.new_context(viewport={"width": 1400, "height": 1400}).new_page()
        server.notebook("view.ipynb", ['import nas_explorer as nas\nview = nas.SupernetView("watched")\nview'])
        notebook = lab.Notebook(page, server, "view.ipynb").open()
        notebook.run_cell(0)
        page.wait_for_selector(".sv .sv-graph", timeout=30_000)
        time.sleep(2)
        executions(page, 10)
        before = executions(page, 60, 0.05)
        page.evaluate(WATCH)
        spent = notebook.python("__import__('time').process_time()")
        writer = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.supernet_view", str(run)])
        time.sleep(3)
        during = executions(page, 120, 0.1)
        spent = notebook.python("__import__('time').process_time()") - spent
        watched = time.time()
        writer.wait(120)
        time.sleep(3)
        after = executions(page, 60, 0.05)
        report(run, page.evaluate("() => window.arrivals"), before + after, during)
        print(f"the notebook's kernel used {spent:.2f} s of the processor in {watched - snapshot_times(run)[0]:.0f} s")
        browser.close()


def snapshot_times(run: Path) -> list[float]:
    return [event.at for event in LogReader(run).read() if isinstance(event, Snapshot)]


def report(run: Path, arrivals: list[list[float]], idle: list[float], during: list[float]) -> None:
    written_at = snapshot_times(run)
    rate = (len(written_at) - 1) / (written_at[-1] - written_at[0])
    late = []
    for number, at in enumerate(written_at):
        seen = next((when for when, known in arrivals if known > number), None)
        if seen is not None:
            late.append(seen - 1000 * at)
    print(f"{len(written_at)} snapshots at {rate:.1f} a second, {len(late)} reached the browser")
    print(f"from snapshot to browser: {middle(late)}, most {max(late):.0f} ms")
    ratio = statistics.median(during) / statistics.median(idle)
    print(f"1+1 at rest: {middle(idle)}; while it runs: {middle(during)}; ratio of medians {ratio:.2f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        write(Path(sys.argv[1]))
    else:
        main()
