"""One writer a folder, and looking never gets in its way."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from nas_explorer.errors import RunInUse
from nas_explorer.records import writer_lock
from nas_explorer.records.writer_lock import is_being_written, taken

fcntl = pytest.importorskip("fcntl")


def test_nobody_writes_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert not is_being_written(tmp_path / "none")


def test_a_writer_waits_for_one_who_only_looks(tmp_path: Path) -> None:
    taken(tmp_path, "").release()
    with open(tmp_path / writer_lock.FILE, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        threading.Timer(0.1, fcntl.flock, (file, fcntl.LOCK_UN)).start()
        begun = time.monotonic()
        taken(tmp_path, "").release()
        assert time.monotonic() - begun > 0.05


def test_thirty_who_look_all_the_time_do_not_keep_the_writer_out(tmp_path: Path) -> None:
    taken(tmp_path, "").release()
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.001):
            is_being_written(tmp_path)

    looking = [threading.Thread(target=look) for _ in range(30)]
    for one in looking:
        one.start()
    try:
        for _ in range(20):
            taken(tmp_path, "").release()
    finally:
        over.set()
        for one in looking:
            one.join()


def test_those_who_look_do_not_take_each_other_for_the_writer(tmp_path: Path) -> None:
    taken(tmp_path, "").release()
    with open(tmp_path / writer_lock.FILE, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        assert not is_being_written(tmp_path)


def test_looking_writes_nothing(tmp_path: Path) -> None:
    lock = taken(tmp_path, "")
    (tmp_path / writer_lock.FILE).chmod(0o444)
    before = (tmp_path / writer_lock.FILE).stat()
    assert is_being_written(tmp_path)
    assert (tmp_path / writer_lock.FILE).stat() == before
    lock.release()


def test_a_second_writer_is_told_what_to_do_instead(tmp_path: Path) -> None:
    lock = taken(tmp_path, "")
    with pytest.raises(RunInUse, match="is being written by another process; look on"):
        taken(tmp_path, "look on")
    lock.release()
