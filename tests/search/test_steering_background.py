"""Stepping into a search in a background kernel: at once, from another handle, and through kill -9."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import nas_explorer as nas
from nas_explorer.cli import main
from nas_explorer.errors import InvalidOption
from nas_explorer.records import TrialFinished
from nas_explorer.search import kernel
from nas_explorer.spaces import decisions
from tests.search.test_background import EVOLUTION, ROOT, Slow, content, kill, until
from tests.toys import switches

SPACE = switches(10)
IDS = [decision.id for decision in decisions(SPACE)]
CONFIRMED_SECONDS = 0.3
SECONDS_ON_A_BUSY_MACHINE = 3.0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(ROOT)
    yield tmp_path / "run"
    kill(tmp_path / "run")


def made(folder: Path, trials: int = 160) -> nas.Search:
    return nas.Search(SPACE, EVOLUTION, Slow(), ["validation_error", "latency_ms"], trials, run=folder, pace=150)


def test_steered_killed_and_resumed_it_is_as_uninterrupted(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    search = made(folder).start()
    until(lambda: search.history.ended_count + search.follow() > 30)
    taken = []
    for edit in (lambda: search.steer.pin(IDS[0], "skip"), lambda: search.steer.veto(IDS[1], "conv_3x3")):
        asked = time.perf_counter()
        edit()
        taken.append(time.perf_counter() - asked)
    assert min(taken) < CONFIRMED_SECONDS, "a command is accepted within 300 ms"
    assert max(taken) < SECONDS_ON_A_BUSY_MACHINE
    with pytest.raises(InvalidOption, match="is pinned to skip"):
        search.steer.pin(IDS[0], "conv_3x3")
    until(lambda: [given.number for given in search.steer.edits if given.number is not None] != [] and len(search.history) > 70)
    os.kill(json.loads((folder / kernel.OWNER).read_text())["pid"], signal.SIGKILL)
    until(lambda: search.phase == "interrupted")
    other = nas.open(folder, estimator=Slow())
    other.steer.propose(dict.fromkeys(IDS, "skip"))        # straight into the log, which nobody writes now
    other.resume()
    until(lambda: search.follow() > -1 and search.history.ended_count > 110)
    other.steer.undo()
    assert other.wait(60) == "finished"
    edits = other.steer.edits
    assert [given.edit.kind for given in edits] == ["pin", "veto", "propose", "undo"]
    assert all(architecture[IDS[0]] == "skip" for architecture in (t[1] for t in content(other)[edits[0].trial:]))

    whole = made(tmp_path / "whole")
    for event in whole.events():
        if isinstance(event, TrialFinished):
            for given in edits:
                if given.trial == event.trial + 1:
                    whole.steer._give(given.edit)
    assert content(whole) == content(other)

    capsys.readouterr()
    assert main(["steer", str(folder), "undo"]) == 1
    assert "cannot be steered any more" in capsys.readouterr().err
