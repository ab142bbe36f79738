"""`nas-explorer lab`: copy the notebooks to a folder, never over a changed file, and open JupyterLab on the first."""

from __future__ import annotations

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nas_explorer
from nas_explorer.errors import NasExplorerError

PACKAGE = Path(nas_explorer.__file__).parent
FIRST = "01_watch_a_search.ipynb"


def add_to(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "lab", help="open JupyterLab on the notebooks", epilog="What follows `--` goes to `jupyter lab` as it is."
    )
    parser.add_argument("folder", nargs="?", help="where your notebooks lie; by default the clone's, or nas_explorer_notebooks/")
    parser.add_argument("--no-open", action="store_true", help="copy the notebooks, but do not start JupyterLab")
    parser.add_argument("--no-browser", action="store_true", help="start JupyterLab, but open no browser")
    parser.set_defaults(run_command=run)


def run(arguments: argparse.Namespace) -> int:
    folder = Path(arguments.folder) if arguments.folder else _own_folder()
    for line in copy_notebooks(folder):
        print(line)
    if arguments.no_open:
        return 0
    extra = ["--no-browser"] if arguments.no_browser else []
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        extra.append("--allow-root")  # in a container everybody is root, and Jupyter would refuse
    command = [sys.executable, "-m", "jupyterlab", *extra, *arguments.passed_on, str(folder / FIRST)]
    return subprocess.call(command)


def source() -> Path:
    """Where the notebooks came with: the clone's folder, or the installed package's."""
    for folder in (PACKAGE.parent / "notebooks", PACKAGE / "notebooks"):
        if (folder / FIRST).exists():
            return folder
    raise NasExplorerError(f"the notebooks are missing beside {PACKAGE}; install nas_explorer again")


def _own_folder() -> Path:
    found = source()
    return found if found.parent == PACKAGE.parent else Path("nas_explorer_notebooks")


def copy_notebooks(folder: Path) -> list[str]:
    """Put what is missing into a folder; says in words what was copied and what was left as the user has it.

    Raises:
        NasExplorerError: if the folder cannot be written.
    """
    origin = source()
    if folder.resolve() == origin.resolve():
        return []
    said = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(p for p in origin.iterdir() if p.suffix == ".ipynb"):
            target = folder / path.name
            if not target.exists():
                shutil.copyfile(path, target)
                said.append(f"{target} is new")
            elif not filecmp.cmp(path, target, shallow=False):
                said.append(f"{target} is yours and stays as it is (the original is {path})")
    except OSError as error:
        raise NasExplorerError(f"{folder} cannot be written: {error.strerror or error}; name another folder") from error
    return said
