"""A student's notebook in a process of its own: opens a teacher's run in every view, tries every button, and tells what it did to the
disk. `python -m tests.search.classroom_follower RUN RACE [USER_ID]`; with a number it becomes that user first.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nas_explorer as nas
from nas_explorer.errors import NasExplorerError, RunNotWritable
from nas_explorer.widgets.dashboard import Dashboard

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = ("os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate", "os.utime")


class Watched:
    """What this process does to a folder, as Python's own audit hooks tell it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.changes, self.locks = str(folder), list[str](), set[int]()

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and str(arguments[0]).startswith(self.folder) and arguments[2] & WRITING:
            self.changes.append(f"open {arguments[0]}")
        elif event in CHANGES and any(str(argument).startswith(self.folder) for argument in arguments):
            self.changes.append(f"{event} {arguments[0]}")
        elif event == "fcntl.flock":
            self.locks.add(arguments[1])


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def views_of(search: nas.Search, race: Path) -> list[Any]:
    return [Dashboard(search), nas.SupernetView(search), nas.LineageView(search), nas.RaceView(str(race))]


def follow(folder: Path, race: Path) -> dict[str, Any]:
    search = nas.open(str(folder))
    board, *views = views_of(search, race)
    until(lambda: board.stream.events == search.history.event_count)
    said = {}
    for button in ("pause", "stop"):
        board._heard(board, {"type": "command", "name": button}, [])
        until(lambda: board.stream.banner is not None)
        said[button] = f"{board.stream.banner['bold']} {board.stream.banner['text']}"
        board._heard(board, {"type": "command", "name": "dismiss"}, [])
        until(lambda: board.stream.banner is None)
    told = {"phase": search.phase, "trials": len(search.trials), "best": search.best is not None, "said": said}
    told["race"] = views[2].stream.header["word"]
    for view in (board, *views):
        view.close()
    return told


def write(folder: Path) -> str:
    try:
        next(iter(nas.open(str(folder)).events()))
    except RunNotWritable as error:
        return str(error)
    return "written"


def warm_up(folder: Path, race: Path) -> None:
    """Load all that the views load when they are needed: Python's own files may be closed to the user that this process becomes."""
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns("kernel.json"))
        search = nas.open(copy)
        for view in views_of(search, race):
            view.close()
        len(search.trials)
        try:
            search.status()
        except NasExplorerError:
            return


def main(folder: Path, race: Path, user: int | None) -> None:
    if user is not None:
        warm_up(folder, race)
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    watched = Watched(folder.parent)
    sys.addaudithook(watched.hear)
    told = follow(folder, race)
    told |= {"changes": list(watched.changes), "locks": sorted(watched.locks)}
    if user is not None:
        told["write"] = write(folder)
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None)
