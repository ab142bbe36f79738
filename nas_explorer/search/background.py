"""A background kernel as the handle sees it: launched with the parts of the user's own, found again from the folder."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from nas_explorer.errors import KernelLost, RunInUse
from nas_explorer.records.writer_lock import is_being_written
from nas_explorer.search.kernel import HOST, BackgroundKernel

LEAVE_SECONDS = 3.0  # a writer whose log says that it has ended still holds the folder for a moment, longer on a busy machine
POLL_SECONDS = 0.05


class Background:
    """Reaches the kernel that works on a folder, if there is one.

    Args:
        host: the module that the kernel runs.
    """

    def __init__(self, folder: Path, host: str = HOST) -> None:
        self.folder, self.host = folder, host
        self._kernel: BackgroundKernel | None = None

    def launch(self, parcel: str) -> None:
        """Run it there, from its folder.

        Args:
            parcel: of parts and operations that no catalog has; see `search.parcel`.

        Raises:
            RunInUse: if it is being written.
            KernelLost, RunNotWritable: if no kernel comes up.
        """
        end = time.monotonic() + LEAVE_SECONDS
        while is_being_written(self.folder):
            if time.monotonic() >= end:
                raise RunInUse(f"{self.folder} is being written by another process; follow it with nas.open({str(self.folder)!r})")
            time.sleep(POLL_SECONDS)
        self._kernel = BackgroundKernel.launch(self.folder, self.host)
        self._kernel.command("start", timeout=60.0, folder=str(self.folder.absolute()), custom=parcel)

    def command(self, name: str, timeout: float = 10.0, **arguments: str) -> dict[str, Any]:
        """
        Raises:
            KernelLost: if there is none that answers.
        """
        if self._kernel is None:
            self._kernel = BackgroundKernel.attach(self.folder, self.host)
        try:
            return self._kernel.command(name, timeout=timeout, **arguments)
        except KernelLost:
            self._kernel.close()
            self._kernel = None
            raise
