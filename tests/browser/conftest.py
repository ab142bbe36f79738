"""One JupyterLab and one Chromium for all browser tests. Where there is no Chromium they are skipped, and say so."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import lab

REASON = "no Chromium found: install one (Debian: apt-get install chromium) or name it in NAS_EXPLORER_CHROMIUM"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = lab.chromium_path()
    if path is None:
        if os.environ.get("NAS_EXPLORER_BROWSER_TESTS") == "must":
            pytest.fail(REASON)
        pytest.skip(REASON)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=lab.FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def jupyterlab(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[lab.Server]:
    with lab.server(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1400, "height": 1500})
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    context.close()


@pytest.fixture
def open_notebook(page: Any, jupyterlab: lab.Server, request: pytest.FixtureRequest) -> Iterator[Callable[[list[str]], lab.Notebook]]:
    """Open a new notebook with these cells."""

    def open_(cells: list[str]) -> lab.Notebook:
        name = f"{request.node.name.replace('[', '-').replace(']', '')}.ipynb"
        jupyterlab.notebook(name, cells)
        return lab.Notebook(page, jupyterlab, name).open()

    yield open_
    jupyterlab.end_kernels()


@pytest.fixture
def pictures() -> Path | None:
    """Where screenshots go, if somebody wants to look at them: NAS_EXPLORER_PICTURES names a folder."""
    folder = os.environ.get("NAS_EXPLORER_PICTURES")
    return Path(folder) if folder else None
