"""Stepping into a one-shot search: what is vetoed is neither drawn nor answered from the next epoch on, and epochs can be done again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import nas_explorer as nas
from nas_explorer.errors import InvalidOption
from nas_explorer.estimators import WeightSharing
from nas_explorer.one_shot import Darts, Enas, Gdas, PcDarts, RandomSampling
from nas_explorer.one_shot.checkpoints import FOLDER
from nas_explorer.records import Event, Snapshot
from nas_explorer.records.events import encode
from nas_explorer.records.store import LogReader
from nas_explorer.search.one_shot_start import WORK
from nas_explorer.search.search import Search
from nas_explorer.spaces import decisions
from tests.one_shot.toys import SMALL, looks, stripes

QUICK = Enas(warm_up=0.0, updates=2, architectures=3, candidates=3)
METHODS = [QUICK, Darts(watch_every=0), Gdas(), PcDarts(share=2, watch_every=0),
           RandomSampling(trials=6, population_size=3, tournament_size=2, watched=2)]
SPACE = looks()
FIRST = decisions(SPACE)[0]


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def made(folder: Path, method: Any = QUICK, epochs: int = 4) -> Search:
    return Search(SPACE, method, WeightSharing(stripes(), epochs, SMALL), run=folder)


def work(folder: Path) -> list[str]:
    return [encode(replace(event, number=0, at=0.0)) for event in LogReader(folder).read() if isinstance(event, WORK)]


def is_snapshot(event: Event, epoch: int) -> bool:
    return isinstance(event, Snapshot) and event.epoch == epoch


@pytest.mark.parametrize("method", METHODS, ids=lambda method: type(method).__name__)
def test_from_the_next_epoch_on_only_what_is_left_is_drawn_and_answered(folder: Path, method: Any) -> None:
    search = made(folder, method)
    for event in search.events():
        if is_snapshot(event, 2):
            search.steer.pin(FIRST.id, FIRST.options[-1])
    after = next(given.trial for given in search.steer.edits)
    later = [search.history.architecture(number) for number in range(after, len(search.history))]
    assert later
    assert all(search.steer.fits(architecture) for architecture in later)
    for snapshot in search.history.snapshots[2:]:
        assert search.steer.fits(snapshot.architecture)
        assert snapshot.probabilities[FIRST.id] == (*(0.0 for _ in FIRST.options[1:]), 1.0)
    assert search.phase == "finished"


def test_undone_before_the_next_epoch_it_is_as_if_never_steered(folder: Path, tmp_path: Path) -> None:
    for event in made(tmp_path / "plain").events():
        assert event is not None
    search = made(folder)
    for event in search.events():
        if is_snapshot(event, 2):
            search.steer.pin(FIRST.id, FIRST.options[0]).clear()
    assert work(folder) == work(tmp_path / "plain")


def test_left_anywhere_a_steered_search_goes_on_to_the_same_log(folder: Path, tmp_path: Path) -> None:
    whole = made(tmp_path / "whole")
    for event in whole.events():
        if is_snapshot(event, 1):
            whole.steer.pin(FIRST.id, FIRST.options[-1])
        elif is_snapshot(event, 3):
            whole.steer.undo()
    search, steered = made(folder), set[int]()
    for patience in range(2, 60, 3):
        for count, event in enumerate(search.events(), 1):
            for epoch, edit in ((1, lambda: search.steer.pin(FIRST.id, FIRST.options[-1])), (3, lambda: search.steer.undo())):
                if is_snapshot(event, epoch) and epoch not in steered:
                    steered.add(epoch)
                    edit()
            if count >= patience and all(given.number is not None for given in search.steer.edits):
                break
        if search.phase == "finished":
            break
        if patience > 20:
            for path in list((folder / FOLDER).iterdir())[:1]:
                path.unlink()
    assert search.phase == "finished"
    assert work(folder) == work(tmp_path / "whole")


def test_a_stopped_one_shot_search_is_steered_in_its_folder(folder: Path) -> None:
    search = made(folder)
    for event in search.events():
        if is_snapshot(event, 1):
            break
    search.steer.pin(FIRST.id, FIRST.options[-1])
    assert search.steer.edits[0].edit.epoch == 2
    for _ in search.events():
        pass
    assert search.history.snapshots[-1].probabilities[FIRST.id][-1] == 1.0


def test_what_a_one_shot_search_cannot_follow_is_said(folder: Path) -> None:
    search = made(folder)
    for event in search.events():
        if is_snapshot(event, 1):
            break
    for edit, words in (
        (lambda: search.steer.limit("parameter_count <= 5_000"), "so it cannot be held to limits"),
        (lambda: search.steer.propose(nas.spaces.sample(SPACE, np.random.default_rng(0))), "none can be tried next"),
        (lambda: search.steer.add(FIRST.id, "conv_7x7"), "shared weights of a one-shot search were made for what is drawn"),
        (lambda: search.steer.budget(50), "a one-shot search ends with its epochs"),
    ):
        with pytest.raises(InvalidOption, match=words):
            edit()
    search.steer.budget(wall_seconds=1000.0)
    assert search.steer.total.wall_seconds == 1000.0
    assert len(search.steer.edits) == 1
