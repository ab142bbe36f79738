"""The background kernel: started, steered, found again, killed, and nothing finished is ever lost."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager

import nas_explorer as nas
from nas_explorer.errors import KernelLost, RunError
from nas_explorer.records import Measurement
from nas_explorer.search import kernel
from nas_explorer.search.search import Search
from nas_explorer.spaces import Architecture
from tests.toys import CountOff, switches

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("NAS_EXPLORER_KILLS", "4"))


@dataclass(frozen=True)
class Slow(CountOff):
    """A trial takes two milliseconds, so that there is a middle to kill it in."""

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        time.sleep(0.002)
        yield from super().evaluate(architecture)


EVOLUTION = nas.strategies.RegularizedEvolution(population_size=10, tournament_size=3)


def made(folder: Path, trials: int) -> Search:
    return Search(switches(10), EVOLUTION, Slow(), ["validation_error", "latency_ms"], trials, run=folder)


def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def content(search: Search) -> list[tuple]:
    search.follow()
    return [(t.number, t.architecture, t.status, t.values) for t in search.history.trials()]


def uninterrupted(folder: Path, trials: int) -> list[tuple]:
    search = made(folder, trials)
    for _ in search.events():
        pass
    return content(search)


@pytest.fixture(autouse=True)
def _in_the_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)  # the background kernel imports what the notebook can import


@pytest.fixture
def leave_nothing_running(folder: Path) -> Iterator[None]:
    yield
    kill(folder)


def kill(folder: Path) -> None:
    if kernel.is_running(folder):
        os.kill(json.loads((folder / kernel.OWNER).read_text())["pid"], signal.SIGKILL)
        until(lambda: not kernel.is_running(folder))


@pytest.mark.usefixtures("leave_nothing_running")
def test_start_pause_resume_stop_and_reattach(folder: Path) -> None:
    search = made(folder, 100_000).start()
    until(lambda: search.phase == "running" and search.history.ended_count > 5)
    with pytest.raises(RunError, match=r"is running\. pause\(\) and stop\(\) steer it"):
        search.start()
    assert search.pause().phase in ("pausing", "paused")
    assert search.wait(10) == "paused"
    seen = search.history.ended_count
    other = nas.open(folder, estimator=Slow())
    assert other.phase == "paused"
    assert other.history.ended_count == seen
    other.resume()
    until(lambda: search.phase == "running" and other.history.ended_count >= seen)
    other.stop()
    assert search.wait(10) == "stopped"
    until(lambda: not kernel.is_running(folder))  # its work is done, so the kernel is gone
    with pytest.raises(RunError, match=r"is stopped\. resume\(\) goes on from its last trial"):
        search.start()
    with pytest.raises(KernelLost, match="is not running on this machine"):
        nas.open(folder, estimator=Slow()).status()
    search.resume()
    until(lambda: search.phase == "running" and search.history.ended_count > seen)


@pytest.mark.usefixtures("leave_nothing_running")
def test_a_finished_search_says_so_and_its_kernel_ends(folder: Path) -> None:
    search = made(folder, 20).start()
    assert search.wait(20) == "finished"
    assert search.history.ended_count == 20
    until(lambda: not kernel.is_running(folder))
    with pytest.raises(RunError, match=r"is finished\. Its budget is spent; begin a new Search for more"):
        search.resume()


@pytest.mark.usefixtures("leave_nothing_running")
def test_an_error_in_the_background_comes_back_with_its_type(folder: Path) -> None:
    search = made(folder, 2000)
    search.start()
    kill(folder)
    until(lambda: search.phase == "interrupted")
    manifest = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps({**manifest, "format": 99}))
    with pytest.raises(nas.errors.RunTooNew, match="has format 99"):
        search.resume()
    until(lambda: not kernel.is_running(folder))


@pytest.mark.usefixtures("leave_nothing_running")
def test_a_connection_file_that_others_may_read_is_not_used(folder: Path) -> None:
    made(folder, 100_000).start()
    assert (folder / kernel.CONNECTION).stat().st_mode & 0o777 == 0o600  # whoever reads it can run code as its owner
    (folder / kernel.CONNECTION).chmod(0o644)
    with pytest.raises(KernelLost, match="may be read by others, so it is not used"):
        nas.open(folder, estimator=Slow()).pause()


@pytest.mark.usefixtures("leave_nothing_running")
def test_the_background_kernel_killed_again_and_again_loses_no_finished_trial(folder: Path, tmp_path: Path) -> None:
    moments = random.Random(7)
    search = made(folder, 1500)
    search.start()
    finished: list[tuple] = []
    for _ in range(KILLS):
        time.sleep(moments.uniform(0.0, 0.25))
        before = [trial for trial in content(search) if trial[2] == "finished"]
        kill(folder)
        until(lambda search=search: search.phase in ("interrupted", "finished"))  # other threads of it may hold the lock a moment longer
        after = [trial for trial in content(search) if trial[2] == "finished"]
        assert after[: len(before)] == before
        assert after[: len(finished)] == finished
        finished = after
        search = nas.open(folder, estimator=Slow())
        if search.phase == "interrupted":
            search.resume()
    assert search.wait(60) == "finished"
    assert content(search) == uninterrupted(tmp_path / "whole", 1500)


@pytest.mark.usefixtures("leave_nothing_running")
def test_the_notebooks_kernel_killed_again_and_again_does_not_touch_the_search(folder: Path, tmp_path: Path) -> None:
    moments = random.Random(8)
    trials = 6000
    opening = f"""
import nas_explorer as nas
from pathlib import Path
from tests.search.test_background import Slow, made
folder = Path({str(folder)!r})
search = nas.open(folder, estimator=Slow()) if folder.exists() else made(folder, {trials}).start()
"""
    for kill_number in range(KILLS):
        notebook = KernelManager()
        notebook.start_kernel(cwd=str(ROOT), env={**os.environ, "JPY_PARENT_PID": str(os.getpid())})
        client = notebook.blocking_client()
        client.start_channels(hb=False)
        client.wait_for_ready(timeout=60)
        reply = client.execute_interactive(opening, timeout=60, output_hook=lambda message: None)
        assert reply["content"]["status"] == "ok", reply["content"]
        if kill_number % 4 == 3:
            client.execute("search.pause(); search.wait(); search.resume()")
        time.sleep(moments.uniform(0.0, 0.1))
        os.kill(notebook.provisioner.pid, signal.SIGKILL)  # type: ignore[union-attr]
        notebook.provisioner.process.wait()  # type: ignore[union-attr]
        client.stop_channels()
        notebook.cleanup_resources()
    search = nas.open(folder, estimator=Slow())
    if search.phase == "paused":  # killed between its pause and its resume
        search.resume()
    assert search.wait(90) == "finished"
    assert content(search) == uninterrupted(tmp_path / "whole", trials)
