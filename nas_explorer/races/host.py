"""The background kernel's side of a race: runs it in a thread, so that the kernel's shell stays free for commands.

`command(...)` is the only thing that the other side calls, as the code of an execute request. It answers in JSON.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

from nas_explorer.errors import NasExplorerError
from nas_explorer.races.race import Race
from nas_explorer.search.host import answered, begun, leave
from nas_explorer.search.parcel import unpacked


class RaceHost:
    """One race, one thread. The race is being written as soon as this is made."""

    def __init__(self, folder: Path, custom: dict[str, Any]) -> None:
        self.race = Race.open(folder, **custom)
        self._events = self.race.events()
        next(self._events, None)
        self.error = ""
        self.thread = threading.Thread(target=self._run, name="race", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            for _ in self._events:
                pass
        except NasExplorerError as error:
            self.error = str(error)
        finally:
            leave()

    def status(self) -> dict[str, Any]:
        return {"alive": self.thread.is_alive(), "error": self.error, "pid": os.getpid()}


_host: RaceHost | None = None


def command(name: str, folder: str = "", custom: str = "") -> str:
    """Do what the other side asks."""
    return answered(lambda: _do(name, folder, custom))


def _do(name: str, folder: str, custom: str) -> dict[str, Any]:
    global _host
    if name == "start":
        _host = begun(lambda: RaceHost(Path(folder), unpacked(custom)))
    elif _host is None:
        raise NasExplorerError("no race has been started in this kernel")
    elif name == "stop":
        _host.race.stop()
    elif name != "status":
        raise NasExplorerError(f"there is no command {name!r}")
    return _host.status()
