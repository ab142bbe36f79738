"""A kernel is launched where nobody writes: it waits for one who is just leaving, and is refused by one who stays."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from nas_explorer.errors import RunInUse
from nas_explorer.records.writer_lock import taken
from nas_explorer.search import background
from nas_explorer.search.background import Background
from nas_explorer.search.kernel import BackgroundKernel


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    folders: list[Path] = []

    class Kernel:
        def command(self, *_: object, **__: object) -> None:
            return None

    def launch(folder: Path, host: str) -> Kernel:
        folders.append(folder)
        return Kernel()

    monkeypatch.setattr(BackgroundKernel, "launch", launch)
    return folders


def test_it_waits_for_a_writer_that_is_just_leaving(folder: Path, launched: list[Path]) -> None:
    folder.mkdir()
    lock = taken(folder, "look on")
    leaving = threading.Timer(0.15, lock.release)
    leaving.start()
    Background(folder).launch("")
    leaving.join()
    assert launched == [folder]


def test_one_who_stays_is_named_and_nothing_is_launched(folder: Path, launched: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "LEAVE_SECONDS", 0.1)
    folder.mkdir()
    lock = taken(folder, "look on")
    with pytest.raises(RunInUse, match="is being written by another process; follow it"):
        Background(folder).launch("")
    lock.release()
    assert launched == []
