"""A real JupyterLab and a real Chromium for tests: started once, driven by Lab's own commands, never by menu clicks."""

from __future__ import annotations

import ast
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


def chromium_path() -> str | None:
    """NAS_EXPLORER_CHROMIUM names one; else the first that is on the PATH."""
    named = os.environ.get("NAS_EXPLORER_CHROMIUM")
    return named or next((found for name in CHROMIUMS if (found := shutil.which(name))), None)


class Server:
    """A JupyterLab on a folder of its own, with settings of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.token = folder / "work", secrets.token_hex(16)
        self.folder.mkdir(parents=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        own = {f"JUPYTERLAB_{name}_DIR": str(folder / name.lower()) for name in ("SETTINGS", "WORKSPACES")}
        environment = {
            **os.environ,
            **own,
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "IPYTHONDIR": str(folder / "ipython"),
        }
        notification = folder / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
        notification.parent.mkdir(parents=True)
        notification.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
        self.log = open(folder / "lab.log", "wb")  # noqa: SIM115 - it lives as long as the server
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "jupyterlab",
                "--no-browser",
                "--allow-root",
                f"--port={self.port}",
                f"--IdentityProvider.token={self.token}",
                "--ServerApp.port_retries=0",
                "--LabApp.expose_app_in_browser=True",
                "--LabApp.news_url=None",
                f"--ServerApp.root_dir={self.folder}",
            ],
            env=environment,
            stdout=self.log,
            stderr=self.log,
            cwd=self.folder,
        )
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url('/api/status')}", timeout=2):
                    return
            except OSError:
                assert self.process.poll() is None, "JupyterLab did not start; see lab.log"
                time.sleep(0.1)
        raise TimeoutError("JupyterLab did not answer within 60 s")

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}?token={self.token}"

    def notebook(self, name: str, cells: list[str]) -> None:
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(book, self.folder / name)

    def end_kernels(self) -> None:
        """A notebook's kernel outlives its page, and goes on looking at its run."""
        with urllib.request.urlopen(self.url("/api/sessions"), timeout=10) as answer:
            sessions = json.load(answer)
        for session in sessions:
            with urllib.request.urlopen(urllib.request.Request(self.url(f"/api/sessions/{session['id']}"), method="DELETE"), timeout=10):
                pass

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        self.log.close()


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    running = Server(folder)
    try:
        yield running
    finally:
        running.close()


class Notebook:
    """A notebook open in a browser tab."""

    def __init__(self, page: Any, server: Server, name: str) -> None:
        self.page, self.server, self.name = page, server, name

    def open(self) -> Notebook:
        self.page.goto(self.server.url(f"/lab/tree/{self.name}") + "&reset")
        return self.ready()

    def reload(self) -> Notebook:
        self.page.reload()
        return self.ready()

    def ready(self) -> Notebook:
        """Wait until Lab shows the notebook and its kernel is idle."""
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        self.page.wait_for_function(
            "() => window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel?.status === 'idle'", timeout=60_000
        )
        return self

    def command(self, name: str, arguments: dict[str, Any] | None = None) -> None:
        self.page.evaluate("([name, args]) => window.jupyterapp.commands.execute(name, args)", [name, arguments or {}])

    def run_cell(self, index: int, wait: bool = True) -> None:
        self.page.evaluate("index => { const n = window.jupyterapp.shell.currentWidget.content; n.activeCellIndex = index; }", index)
        self.command("notebook:run-cell")
        if wait:
            self.page.wait_for_function(
                "() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.status === 'idle'", timeout=60_000
            )

    def python(self, expression: str) -> Any:
        """The value of a Python expression in the notebook's kernel, by way of JSON."""
        return json.loads(ast.literal_eval(self.page.evaluate(_EVALUATE, f"__import__('json').dumps({expression})")))

    def until(self, condition: str) -> None:
        """Wait for an expression to become true in the kernel: what was clicked is on the page before Python has heard of it."""
        end = time.monotonic() + 10
        while not self.python(f"bool({condition})"):
            assert time.monotonic() < end, f"waited in vain for {condition}"
            time.sleep(0.05)

    def save(self) -> None:
        """Save, and once more for as long as something that changes the notebook arrived while it was being saved."""
        for _ in range(20):
            self.command("docmanager:save")
            if not self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.model.dirty"):
                return
            self.page.wait_for_timeout(500)
        raise AssertionError("the notebook changes as fast as it is saved")

    def theme(self, name: str) -> None:
        """ "JupyterLab Light" or "JupyterLab Dark"."""
        self.command("apputils:change-theme", {"theme": name})
        light = "true" if "Light" in name else "false"
        self.page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=light, timeout=20_000)


_EVALUATE = """async code => {
  const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  const future = kernel.requestExecute({code: "", silent: true, store_history: false, user_expressions: {value: code}});
  const reply = await future.done;
  const value = reply.content.user_expressions.value;
  if (value.status !== "ok") throw new Error(value.ename + ": " + value.evalue);
  return value.data["text/plain"];
}"""
