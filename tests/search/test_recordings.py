"""The recordings that ship with the package play from their folders alone, and stay small."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

import nas_explorer as nas
from nas_explorer.widgets.dashboard_content import DashboardContent, Wishes
from nas_explorer.widgets.status import Status

MAKE = runpy.run_path(str(Path(__file__).parents[2] / "assets" / "recordings" / "make.py"))


def test_there_is_one_for_each_that_the_script_makes() -> None:
    assert sorted(nas.recordings()) == sorted(MAKE["RECORDINGS"])


@pytest.mark.parametrize("name", MAKE["RECORDINGS"])
def test_a_recording_is_small_and_holds_no_more_than_a_reader_needs(name: str) -> None:
    files = list(nas.recordings()[name].iterdir())
    assert {file.name for file in files} <= set(MAKE["KEPT"])
    assert sum(file.stat().st_size for file in files) <= MAKE["MOST_BYTES"]


@pytest.mark.parametrize(("name", "trials"), [("evolution", 300), ("training", 60)])
def test_a_recorded_search_plays_from_its_first_trial_to_its_last(name: str, trials: int) -> None:
    search = nas.open(nas.recordings()[name])
    assert (search.phase, search.history.ended_count) == ("finished", trials)
    content = DashboardContent(search)
    content.look(Wishes())
    for events in (0, search.history.event_count // 2, search.history.event_count):
        content.at(events).panels(Wishes(), Status("finished"))


def test_the_recorded_training_has_curves() -> None:
    history = nas.open(nas.recordings()["training"]).history
    assert all(len(history.curve(trial)) >= 2 for trial in range(len(history)))


def test_the_recorded_collapse_ends_in_a_warning() -> None:
    snapshots = nas.open(nas.recordings()["collapse"]).history.snapshots
    assert snapshots[0].warning == ""
    assert "sharp" in snapshots[-1].warning
    assert list(snapshots[-1].architecture.values()).count("skip") >= 4


def test_the_recorded_race_has_five_strategies() -> None:
    assert len(nas.open(nas.recordings()["race"]).manifest.lanes) == 5
