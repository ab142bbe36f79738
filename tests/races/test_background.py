"""A race in a background kernel: started, stopped, killed, gone on with, and followed by another handle."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

import nas_explorer as nas
from nas_explorer.errors import RunError
from nas_explorer.races.race import Race, race
from nas_explorer.search.search import Search
from tests.races.tables import OneByOne, SwitchTable
from tests.toys import switches


def phase(race: Race) -> str:
    return race.phase


def until(race: Race, *phases: str, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while race.phase not in phases:
        assert time.monotonic() < end, f"still {race.phase}"
        time.sleep(0.02)


def test_a_race_runs_in_the_background_stops_is_killed_and_comes_to_the_same_end(folder: Path, tmp_path: Path) -> None:
    """The table is the test's own, and travels; no catalog could build it there."""
    settings: Any = {"lanes": ["local_search"], "space": switches(6), "estimator": OneByOne(), "budget": 300, "seeds": 2}
    racing = race(**settings, run=folder, wait=False)
    assert phase(racing) == "running"
    with pytest.raises(RunError, match=r"is running\. stop\(\) ends it"):
        racing.start()
    racing.stop()
    assert phase(racing.wait(30)) == "stopped"
    assert not racing.history.is_through

    racing.resume()
    follower = nas.open(str(folder))
    assert isinstance(follower, Race)
    while not follower.follow():
        time.sleep(0.01)
    os.kill(json.loads((folder / "kernel.owner.json").read_text())["pid"], signal.SIGKILL)
    until(racing, "interrupted")
    follower = nas.open(str(folder), estimator=OneByOne())
    follower.wait()
    assert phase(racing) == "finished"
    assert racing.frame().equals(Race(**settings, run=tmp_path / "here").wait().frame())
    with pytest.raises(RunError, match=r"is finished\. Its budget is spent"):
        racing.resume()


def test_open_knows_a_race_from_a_run(folder: Path, tmp_path: Path) -> None:
    Race(["local_search"], switches(6), SwitchTable(), 5, 2, run=folder).wait()
    assert isinstance(nas.open(str(folder)), Race)
    for _ in Search("nas_bench_201", "random_search", "tabular", budget=2, run=tmp_path / "search").events():
        pass
    assert isinstance(nas.open(str(tmp_path / "search")), Search)
    with pytest.raises(nas.errors.RunNotFound):
        nas.open(str(tmp_path / "nothing"))
