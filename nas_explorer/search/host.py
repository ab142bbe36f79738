"""The background kernel's side: runs the session in a thread, so that the kernel's shell stays free for commands.

`command(...)` is the only thing that the other side calls, as the code of an execute request. It answers in JSON.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from nas_explorer.errors import NasExplorerError
from nas_explorer.records import Edit
from nas_explorer.records.manifest import Manifest
from nas_explorer.search.control import Control
from nas_explorer.search.parcel import unpacked
from nas_explorer.search.plan import plan_of
from nas_explorer.search.session import Session

NICENESS = 5
EXIT_SECONDS = 0.5
T = TypeVar("T")


class Host:
    """One run, one thread.

    Attributes:
        waiting: why nothing can be written just now, or None.
        error: what ended the session against its will, in words.
    """

    def __init__(self, folder: Path, custom: dict[str, Any]) -> None:
        plan = plan_of(Manifest.read(folder), **custom)
        self.control = Control()
        self.waiting: str | None = None
        self.error = ""
        self.session = Session(folder, plan, self.control, self._wait)
        self.thread = threading.Thread(target=self._run, name="search", daemon=True)
        self.thread.start()

    def _wait(self, message: str | None) -> None:
        self.waiting = message

    def _run(self) -> None:
        try:
            for _ in self.session:
                pass
        except NasExplorerError as error:
            self.error = str(error)
        finally:
            leave()

    def status(self) -> dict[str, Any]:
        return {"alive": self.thread.is_alive(), "waiting": self.waiting, "error": self.error, "pid": os.getpid()}


def leave() -> None:
    """The work is done and the log has it, or it never began: a kernel that stayed would hold memory for nothing."""
    threading.Timer(EXIT_SECONDS, os.kill, (os.getpid(), signal.SIGTERM)).start()


def answered(do: Callable[[], dict[str, Any]]) -> str:
    """What comes of it, in JSON; an error comes back as {"error": type, "message": text}."""
    try:
        return json.dumps(do())
    except Exception as error:
        return json.dumps({"error": type(error).__name__, "message": str(error)})


def begun(make: Callable[[], T]) -> T:
    """The work that this kernel is for, behind the notebook that asked for it; where it cannot begin, the kernel ends."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    try:
        return make()
    except BaseException:
        leave()
        raise


_host: Host | None = None


def command(name: str, folder: str = "", custom: str = "", edit: str = "") -> str:
    """Do what the other side asks."""
    return answered(lambda: _do(name, folder, custom, edit))


def _do(name: str, folder: str, custom: str, edit: str) -> dict[str, Any]:
    global _host
    if name == "start":
        _host = begun(lambda: Host(Path(folder), unpacked(custom)))
    elif _host is None:
        raise NasExplorerError("no search has been started in this kernel")
    elif name in ("pause", "resume", "stop"):
        {"pause": _host.control.pause, "resume": _host.control.resume, "stop": _host.control.stop}[name]()
    elif name == "steer":
        return {"edit": _host.session.inbox.hand_in(Edit.of(json.loads(edit))).plain}
    elif name != "status":
        raise NasExplorerError(f"there is no command {name!r}")
    return _host.status()
