"""Who may write a run: one process at a time holds the lock of its folder, anyone may ask whether somebody does.

Asking takes the lock, shared and for microseconds, through a file opened for reading: followers on a disk they may not write
can ask, too, and any number of them at once. A writer that begins in just that moment waits until they are gone.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from nas_explorer.errors import RunInUse, RunNotWritable

if sys.platform != "win32":
    import fcntl

FILE = "writer.lock"
PATIENCE_SECONDS = 0.5
LOOK_SECONDS = 0.005


def taken(folder: Path, instead: str) -> FileLock:
    """The lock of this folder, held until its `release()`, from whichever thread.

    Args:
        instead: what to do if another process writes this run, for the error.

    Raises:
        RunInUse: if another process writes this run.
        RunNotWritable: if the folder refuses.
    """
    lock = FileLock(folder / FILE, thread_local=False)
    try:
        lock.acquire(timeout=PATIENCE_SECONDS, poll_interval=LOOK_SECONDS)
    except Timeout:
        raise RunInUse(f"{folder} is being written by another process; {instead}") from None
    except OSError as error:
        raise RunNotWritable(f"{folder} cannot be written: {error.strerror or error}") from error
    return lock


def is_being_written(folder: Path) -> bool:
    """Whether some process holds the writer's lock at this moment."""
    try:
        with open(folder / FILE, "rb") as file:
            return _is_locked(file)
    except OSError:
        return False


def _is_locked(file: BinaryIO) -> bool:
    if sys.platform == "win32":  # locks are not shared there: try to be the writer
        lock = FileLock(file.name)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
    else:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
