"""A person's session in the other hosts: watch and scrub a search, steer it, predict, play a recording.

Notebook 7, Voila and marimo are no dependency of the tests: each is skipped where it is not installed
(`pip install notebook voila marimo`).
"""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import psutil
import pytest

from tests.browser.test_replay import View
from tests.browser.test_steer_panel import Panel

pytestmark = pytest.mark.browser

CELLS = [
    """import nas_explorer as nas
search = nas.Search("nas_bench_201", "regularized_evolution", "tabular", ["validation_error"], budget=2000, pace=12, seed=3, run="watched")
search.start()
search""",
    "search.steer",
    """which = nas.course.Predict.choice("Which one wins?", ["random search", "evolution", "tpe"])
which""",
    """which.reveal("evolution", because="It learns from the first fifty.", display=False)
nas.open(nas.recordings()["evolution"]).replay()""",
]


NOT_OURS = ("Cannot read properties of undefined (reading 'schema')",)  # of Notebook 7's own settings, before any cell runs


@dataclass(frozen=True)
class Host:
    """One way to open a notebook: what starts it, at which address it shows the book, and what runs its cells."""

    name: str
    command: Callable[[int], list[str]]
    address: str
    run: Callable[[Any], None] = lambda page: None


def run_all(page: Any) -> None:
    page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel?.status === 'idle'",
                           timeout=60_000)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")


HOSTS = (
    Host("notebook", lambda port: ["notebook", "--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=",
                                   "--JupyterNotebookApp.expose_app_in_browser=True"], "/notebooks/book.ipynb", run_all),
    Host("voila", lambda port: ["voila", "book.ipynb", "--no-browser", f"--port={port}"], "/"),
    Host("marimo", lambda port: ["marimo", "run", "book.py", "--headless", "--no-token", f"--port={port}"], "/"),
)


def write_book(folder: Path) -> None:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, folder / "book.ipynb")
    if importlib.util.find_spec("marimo"):
        subprocess.run([sys.executable, "-m", "marimo", "convert", "book.ipynb", "-o", "book.py"], cwd=folder, check=True, timeout=60)


@pytest.fixture(params=HOSTS, ids=lambda host: host.name)
def opened(request: pytest.FixtureRequest, page: Any, tmp_path: Path) -> Iterator[Any]:
    """The book, open and run in a host; nothing of it is left when the test ends."""
    host = request.param
    if importlib.util.find_spec(host.name) is None:
        pytest.skip(f"{host.name} is not installed")
    write_book(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name.upper()}_DIR": str(tmp_path / name) for name in ("config", "data", "runtime")}
    with open(tmp_path / "host.log", "wb") as log:
        process = subprocess.Popen([sys.executable, "-m", *host.command(port)], cwd=tmp_path, stdout=log, stderr=log,
                                   env={**os.environ, **own, "IPYTHONDIR": str(tmp_path / "ipython")})
        try:
            wait_for(port, process, tmp_path / "host.log")
            page.goto(f"http://127.0.0.1:{port}{host.address}")
            host.run(page)
            yield SimpleNamespace(name=host.name, page=page)
        finally:
            end(process, tmp_path)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it listens. No page is asked for: each visit of Voila runs the book."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
            return
        time.sleep(0.2)
    raise TimeoutError(log.read_text())


def end(process: subprocess.Popen[bytes], folder: Path) -> None:
    """The host, its kernels, and the background kernel, which outlives them all."""
    left = [process, *psutil.Process(process.pid).children(recursive=True)] if process.poll() is None else []
    left += [other for other in psutil.process_iter() if str(folder) in " ".join(command_of(other))]
    for one in left:
        one.kill()
    process.wait(20)


def command_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_watch_scrub_steer_predict_and_play_a_recording(opened: Any, pictures: Path | None) -> None:
    page = opened.page
    live = View(opened, 0)
    live.until("Number(el.dataset.place) >= 30")
    live.slider.focus()
    page.keyboard.press("Home")
    live.until("el.dataset.place === '0'")
    page.keyboard.press("l")
    live.until("Number(el.dataset.place) >= 30")

    panel = Panel(opened)
    panel.cell("0 0").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "d", "d", "p"):  # "d d" deletes a cell in Jupyter
        page.keyboard.press(key)
    panel.until_state("0 3", "pinned")

    asked = page.locator(".pr").first
    asked.get_by_role("radio", name="tpe").click()
    asked.get_by_role("button", name="Guess and reveal").click()
    asked.get_by_text("You said tpe; it is evolution.").wait_for(timeout=10_000)

    played = View(opened, -1)
    played.press("Play from here")
    played.until("Number(el.dataset.place) >= 5")
    played.press("Stop the replay")
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=pictures / f"host-{opened.name}.png", full_page=True)

    live.press("Stop")
    live.root.locator(".chip", has_text="Stopped").first.wait_for(timeout=20_000)
    assert [error for error in page.errors if error not in NOT_OURS] == []
