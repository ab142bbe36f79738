"""A run on a shared disk, followed by many: nobody writes, nobody steers who may not, and nothing stands still on a slow disk."""

from __future__ import annotations

import builtins
import errno
import fcntl
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import nas_explorer as nas
from nas_explorer.errors import RunDamaged, RunNotWritable
from nas_explorer.records import History
from nas_explorer.records.run import Run
from nas_explorer.records.store import BLOCK_BYTES, LogReader, LogWriter
from nas_explorer.search import kernel
from nas_explorer.search.search import Search
from nas_explorer.widgets.dashboard import Dashboard
from nas_explorer.widgets.status import WORDS, Status, banner
from tests.search.test_background import ROOT, until

NOBODY = 65534
FOLLOWERS = 30
SLOW_SECONDS = 0.2


def made(folder: Path, trials: int = 60, pace: float | None = None) -> Search:
    evolution = nas.strategies.RegularizedEvolution(population_size=10, tournament_size=3)
    return Search("nas_bench_201", evolution, "tabular", ["validation_error"], trials, seed=1, pace=pace, run=folder)


def followed(folder: Path, race: Path, *user: str) -> dict[str, Any]:
    """What a process of its own saw and did."""
    command = [sys.executable, "-W", "error", "-m", "tests.search.classroom_follower", str(folder), str(race), *user]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def listing(folder: Path) -> dict[str, tuple[int, int, int, int]]:
    """All that a write would change, of every file but the log."""
    facts = {path.name: path.stat() for path in folder.iterdir() if path.name != "events.jsonl"}
    return {name: (fact.st_size, fact.st_mtime_ns, fact.st_ctime_ns, fact.st_mode) for name, fact in facts.items()}


@pytest.fixture
def shared() -> Iterator[Path]:
    """A run folder that other users can reach; pytest's own are the owner's."""
    with tempfile.TemporaryDirectory() as disk:
        os.chmod(disk, 0o755)
        yield Path(disk) / "run"


def test_a_student_sees_all_writes_nothing_steers_nothing_and_is_told_why(shared: Path) -> None:
    search = made(shared, trials=400)
    events = search.events()
    for _ in range(300):
        next(events)  # it holds the writer's lock, as a search that runs does
    (shared / kernel.OWNER).write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}))
    (shared / kernel.CONNECTION).write_text("{}")
    as_another = hasattr(os, "geteuid") and os.geteuid() == 0  # only root can become another user
    (shared / kernel.CONNECTION).chmod(0o600 if as_another else 0o644)
    race = nas.race(["local_search"], "nas_bench_201", "tabular", 5, 2, run=shared.parent / "race")
    before = listing(shared), listing(race.folder)
    told = followed(shared, race.folder, *([str(NOBODY)] if as_another else []))
    assert (listing(shared), listing(race.folder)) == before
    assert told["changes"] == []
    assert told["locks"] == [fcntl.LOCK_SH | fcntl.LOCK_NB]  # which keeps no other follower waiting
    assert (told["phase"], told["trials"], told["best"], told["race"]) == ("running", len(search.trials), True, "Finished")
    for button in ("pause", "stop"):
        assert told["said"][button].startswith("That did not work: ")
        assert told["said"][button].endswith("so it is not used; the run can be followed, but not steered from here")
    if as_another:
        assert told["write"] == f"{shared} cannot be written: Permission denied"
    events.close()  # type: ignore[attr-defined]


def test_thirty_follow_a_search_at_full_speed_and_end_with_the_same_history(folder: Path) -> None:
    search = made(folder, trials=300)
    next(iter(search.events()))
    done = threading.Event()
    histories: list[History] = []

    def follow() -> None:
        run = Run.open(folder)
        while not done.is_set() or run.follow():
            assert run.state in ("running", "stopped", "interrupted", "finished")
            time.sleep(0.01)
        histories.append(run.history)

    threads = [threading.Thread(target=follow) for _ in range(FOLLOWERS)]
    for thread in threads:
        thread.start()
    for _ in search.events():
        pass
    done.set()
    for thread in threads:
        thread.join(20)
    assert len(histories) == FOLLOWERS
    assert {history.event_count for history in histories} == {search.history.event_count}
    assert all(list(history.trials()) == list(search.history.trials()) for history in histories)


# ---- a slow disk, and one that fails
@pytest.fixture
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From its call on, opening a file of a run takes as long as on a network disk."""

    def slowly(*arguments: Any, **settings: Any) -> Any:
        time.sleep(SLOW_SECONDS)
        return builtins.open(*arguments, **settings)

    def begin() -> None:
        for room in ("store", "writer_lock"):
            monkeypatch.setattr(f"nas_explorer.records.{room}.open", slowly, raising=False)

    return begin


def test_on_a_slow_disk_the_notebook_stays_quick_and_nothing_is_missed(folder: Path, slow_disk: Callable[[], None]) -> None:
    events = iter(made(folder).events())
    for _ in range(40):
        next(events)
    board = Dashboard(nas.open(str(folder)))
    slow_disk()
    waits = []
    for trial in range(10):
        next(events)
        began = time.monotonic()
        board.selected = trial
        board._heard(board, {"type": "page", "offset": 0}, [])
        waits.append(time.monotonic() - began)
        time.sleep(0.05)
    assert max(waits) < SLOW_SECONDS / 2
    until(lambda: board.stream.events == 50 and board.stream.detail["trial"] == 9)
    board.close()


def test_a_long_log_takes_few_reads(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    search = made(folder, trials=300)
    for _ in search.events():
        pass
    sizes: list[int] = []
    real = builtins.open

    def counted(path: Any, mode: str = "r", buffering: int = -1, **settings: Any) -> Any:
        sizes.append(buffering)
        return real(path, mode, buffering, **settings)

    monkeypatch.setattr("nas_explorer.records.store.open", counted, raising=False)
    assert len(list(LogReader(folder).read())) == search.history.event_count
    assert sizes == [BLOCK_BYTES]


def test_a_disk_that_fails_for_a_while_is_named_and_then_followed_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    search = made(folder)
    for _ in search.events():
        pass
    board = Dashboard(nas.open(str(folder)))

    def stale(*arguments: Any, **settings: Any) -> Any:
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    with monkeypatch.context() as patch:
        patch.setattr("nas_explorer.records.store.open", stale, raising=False)
        board.follower.nudge()
        until(lambda: board.stream.banner["bold"] == "This run cannot be read on.")  # type: ignore[index]
        assert "Stale file handle" in board.stream.banner["text"]  # type: ignore[index]
        with pytest.raises(RunDamaged, match=r"events\.jsonl cannot be read: Stale file handle\. What has been read of it so far is kept"):
            search.run.follow()
    board.follower.nudge()
    until(lambda: board.stream.banner["bold"] == "Done.")  # type: ignore[index]
    board.close()


def test_where_a_disk_keeps_no_secret_no_kernel_is_started(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def insecure(path: str, **settings: Any) -> None:
        Path(path).write_text("{}")
        raise RuntimeError(f"Permissions assignment failed for secure file: '{path}'. Got '0o777' instead of '0o0600'.")

    monkeypatch.setattr(kernel, "write_connection_file", insecure)
    with pytest.raises(RunNotWritable, match=r"every user may read every file.*choose a folder on another disk with run="):
        made(folder).start()
    assert not (folder / kernel.CONNECTION).exists()


@pytest.mark.parametrize("phase", sorted(WORDS))
def test_a_command_that_failed_is_said_in_every_phase(folder: Path, phase: str) -> None:
    said = banner(made(folder), Status(phase, "No space left.", refusal="the folder cannot be written"), None, 0)
    assert said is not None
    assert (said["bold"], said["text"]) == ("That did not work:", "the folder cannot be written")


def test_a_writer_is_never_kept_out_by_those_who_look(folder: Path) -> None:
    made(folder)
    folder.mkdir()
    done = threading.Event()
    (folder / "writer.lock").touch()

    def look() -> None:
        run = Run(folder, made(folder.parent / "other").run.manifest)
        while not done.is_set():
            assert run.state in ("idle", "running", "interrupted")

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(30):
            LogWriter(folder).close()
    finally:
        done.set()
        for thread in threads:
            thread.join(10)
