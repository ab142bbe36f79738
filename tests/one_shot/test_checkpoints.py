"""Checkpoints where there is no room for them: the search says so, goes on, and leaves nothing half-written behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nas_explorer.errors import RunNotWritable
from nas_explorer.estimators import WeightSharing
from nas_explorer.one_shot import RandomSampling
from nas_explorer.one_shot.checkpoints import FOLDER, Checkpoint, Checkpoints
from nas_explorer.records import SearchFinished
from nas_explorer.search.search import Search
from nas_explorer.search.session import Session
from tests.one_shot.toys import SMALL, looks, stripes


def full(file: int) -> None:
    raise OSError(28, "No space left on device")


def test_half_a_checkpoint_does_not_take_the_last_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be missing for the log, and the search would wait for ever."""
    checkpoints = Checkpoints(tmp_path, looks())
    checkpoints.save(Checkpoint(1, 10, 2, {"a": 1}, {}))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunNotWritable, match=r"000002.pt cannot be written: No space left on device"):
        checkpoints.save(Checkpoint(2, 20, 4, {"a": 2}, {}))
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["000001.pt"]
    found = checkpoints.newest(20)
    assert found is not None
    assert found.state == {"a": 1}


def test_a_search_without_room_for_a_checkpoint_says_so_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    method = RandomSampling(trials=2, population_size=2, tournament_size=2, watched=1)
    search = Search(looks(), method, WeightSharing(stripes(), 3, SMALL), run=tmp_path / "run")
    said: list[str | None] = []
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        if Path(target).name == "000002.pt":
            full(0)
        real(source, target)

    session = Session(tmp_path / "run", search.plan, on_wait=said.append)
    monkeypatch.setattr(os, "replace", replace)
    events = list(session)
    assert isinstance(events[-1], SearchFinished)
    assert events[-1].reason == "budget"
    assert [message is None for message in said] == [True, False, True, True]
    assert "000002.pt cannot be written: No space left on device. The search goes on; if it is interrupted now, it " in (said[1] or "")
    assert sorted(path.name for path in (tmp_path / "run" / FOLDER).iterdir()) == ["000003.pt", "000004.pt"]
