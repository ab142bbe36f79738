"""How fast the space editor is, in a real JupyterLab and Chromium: `python -m tests.benchmarks.editor_speed`.

Prints, what is asked for beside what is measured:
- from a click in the browser to the new space in Python (NAS-Bench-201 and a cell of 60 nodes), by the clocks of both, which are one;
- from `editor.space = other` in Python to the painted frame;
- the times between frames while a node is dragged and while the canvas is panned, at 60 and at 300 nodes;
- how large the bundle is.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from nas_explorer.widgets.space_editor import STATIC
from tests.browser import lab

CELL = """import random, time
import nas_explorer as nas
from nas_explorer.spaces import Graph, SearchSpace, choice

def dag(nodes, edges):
    rng, operations = random.Random(0), choice("skip", "conv", "avg_pool")
    pairs = {(i - 1, i) for i in range(1, nodes)}
    while len(pairs) < edges:
        source = rng.randrange(nodes - 1)
        pairs.add((source, min(nodes - 1, source + 1 + int(rng.random() * 6))))
    graph = Graph().input("0")
    for i in range(1, nodes):
        graph = graph.node(str(i), {str(a): operations for a, b in sorted(pairs) if b == i})
    return SearchSpace("dag", graph)

spaces = {"nas_bench_201": nas.spaces.nas_bench_201(), "60 nodes": dag(60, 120), "300 nodes": dag(300, 600)}
arrived = []
editor = nas.SpaceEditor("nas_bench_201")
editor.observe(lambda change: arrived.append(1000 * time.time()), "space")
editor"""

CLICK = """() => {
  const at = performance.timeOrigin + performance.now();
  [...document.querySelectorAll(".se .btn")].find(button => button.textContent.includes("Add node")).click();
  return at;
}"""
# From the assignment in Python to two frames after the number of the drawing has changed: then it is painted.
REDRAW = """async code => {
  const chip = document.querySelector(".se .nx-head .chip");
  const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  const painted = new Promise(resolve => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now())));
    });
    observer.observe(chip, {characterData: true, subtree: true, childList: true});
  });
  const reply = await kernel.requestExecute({code, user_expressions: {at: "1000 * at"}}).done;
  return (await painted) - Number(reply.content.user_expressions.at.data["text/plain"]);
}"""
WATCH = """() => {
  window.frames_ = [];
  let last = performance.now();
  const frame = now => { window.frames_.push(now - last); last = now; window.watching = requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
}"""
WATCHED = "() => { cancelAnimationFrame(window.watching); return window.frames_.slice(2); }"
# A node in sight, with nothing over its middle.
NODE = """() => {
  const stage = document.querySelector(".se-stage").getBoundingClientRect();
  for (const node of document.querySelectorAll(".se .react-flow__node")) {
    const box = node.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    if (x < stage.left + 90 || x > stage.right - 160 || y < stage.top + 60 || y > stage.bottom - 120) continue;
    if (document.elementFromPoint(x, y)?.closest(".react-flow__node") === node) return [node.dataset.name, x, y];
  }
  throw new Error("no node can be taken hold of");
}"""
EMPTY = """() => {
  const stage = document.querySelector(".se-stage").getBoundingClientRect();
  for (let y = stage.top + 20; y < stage.bottom - 120; y += 10)
    for (let x = stage.left + 20; x < stage.right - 120; x += 10)
      if (document.elementFromPoint(x, y)?.classList.contains("react-flow__pane")) return [x, y];
  throw new Error("no place of the canvas is empty");
}"""
PLACE = "name => document.querySelector(`.se .react-flow__node[data-name=\"${name}\"]`).style.transform"
VIEW = "() => document.querySelector('.se .react-flow__viewport').style.transform"


def middle(values: list[float]) -> str:
    ordered = sorted(values)
    return f"median {statistics.median(ordered):6.1f} ms, 95 % {ordered[int(0.95 * len(ordered))]:6.1f} ms (n={len(ordered)})"


def show(notebook: lab.Notebook, name: str) -> None:
    notebook.python(f"setattr(editor, 'space', spaces[{name!r}])")
    wanted = notebook.python("'v' + str(editor.stream.drawing['version'])")
    notebook.page.wait_for_function("v => document.querySelector('.se .nx-head .chip').textContent === v", arg=wanted, timeout=30_000)
    notebook.page.wait_for_timeout(2_000)


def edits(notebook: lab.Notebook, times: int = 12) -> list[float]:
    """From the click to the observer in Python that sees the new space."""
    found = []
    for _ in range(times):
        before = notebook.python("len(arrived)")
        clicked = notebook.page.evaluate(CLICK)
        deadline = time.monotonic() + 20
        while notebook.python("len(arrived)") == before:
            if time.monotonic() > deadline:
                raise TimeoutError("the edit did not reach Python within 20 s")
        found.append(notebook.python(f"arrived[{before}]") - clicked)
        notebook.page.wait_for_timeout(100)
    return found


def redraws(page: Any, name: str, times: int = 12) -> list[float]:
    code = ("at = time.time(); "
            "editor.space = spaces[{name!r}].edit('{graph}', lambda g: nas.spaces.gestures.add_node(g, 'n{k}'))")
    graph = "cell" if name == "nas_bench_201" else ""
    return [page.evaluate(REDRAW, code.format(name=name, graph=graph, k=k)) for k in range(times)]


def frames(page: Any, start: tuple[float, float], has_moved: Callable[[], bool], seconds: float = 2.0) -> list[float]:
    """Times between frames while the pointer goes in circles with its button down."""
    x, y = start
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 6, y + 6)
    page.evaluate(WATCH)
    end, step = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        step += 1
        page.mouse.move(x + 6 + step % 60, y + 6 + step % 40)
    found = list(page.evaluate(WATCHED))
    if not has_moved():
        raise AssertionError("nothing followed the pointer, so the frames say nothing")
    page.mouse.up()
    page.wait_for_timeout(500)
    return found


def drag(page: Any) -> list[float]:
    name, x, y = page.evaluate(NODE)
    before = page.evaluate(PLACE, name)
    return frames(page, (x, y), lambda: page.evaluate(PLACE, name) != before)


def pan(page: Any) -> list[float]:
    before = page.evaluate(VIEW)
    return frames(page, tuple(page.evaluate(EMPTY)), lambda: page.evaluate(VIEW) != before)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, lab.server(Path(folder) / "lab") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=lab.chromium_path(), args=lab.FLAGS)
        page = browser.new_context(viewport={"width": 1400, "height": 1400}).new_page()
        server.notebook("speed.ipynb", [CELL])
        notebook = lab.Notebook(page, server, "speed.ipynb").open()
        notebook.run_cell(0)
        page.wait_for_selector(".se .react-flow__node", timeout=30_000)
        page.wait_for_timeout(2_000)
        for name in ("nas_bench_201", "60 nodes"):
            show(notebook, name)
            print(f"{name:14} edit in the browser -> new space in Python  {middle(edits(notebook))}   wanted 150 ms", flush=True)
            print(f"{name:14} Python's change     -> painted              {middle(redraws(page, name))}   wanted 250 ms", flush=True)
        for name, wanted in (("60 nodes", "60 frames a second: 16.7 ms"), ("300 nodes", "20 frames a second: 50 ms")):
            show(notebook, name)
            print(f"{name:14} between frames, drag  {middle(drag(page))}   wanted {wanted}", flush=True)
            print(f"{name:14} between frames, pan   {middle(pan(page))}   wanted {wanted}", flush=True)
        browser.close()
    size = (STATIC / "space_editor.js").stat().st_size
    print(f"bundle {size / 1000:.0f} kB minified   wanted under 600 kB")


if __name__ == "__main__":
    main()
