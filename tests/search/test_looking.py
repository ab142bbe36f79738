"""Any run folder can be looked at and replayed, whoever made it; only who wants to go on needs what made it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import nas_explorer as nas
from nas_explorer.errors import InvalidOption, RunDamaged, RunError, RunTooNew
from nas_explorer.records.manifest import FILE
from nas_explorer.search.search import Search
from nas_explorer.widgets.dashboard_content import DashboardContent, Wishes
from nas_explorer.widgets.status import Status
from nas_explorer.widgets.supernet_view_content import SupernetContent
from tests.toys import CountOff, switches


@dataclass(frozen=True)
class Mine:
    """A strategy of somebody's own."""

    def begin(self, problem: Any) -> Any:
        return nas.strategies.RandomSearch().begin(problem)


def interrupted(folder: Path, **changes: Any) -> Search:
    parts = {"space": switches(6), "strategy": Mine(), "estimator": CountOff(), "objectives": ["validation_error", "latency_ms"], **changes}
    search = Search(**parts, budget=20, run=folder)
    events = search.events()
    for _ in range(31):
        next(events)
    events.close()
    return search


def rewrite(folder: Path, **changes: Any) -> None:
    manifest = json.loads((folder / FILE).read_text())
    (folder / FILE).write_text(json.dumps({**manifest, **changes}))


def test_a_run_with_parts_of_ones_own_opens_without_them(folder: Path) -> None:
    made = interrupted(folder)
    opened = nas.open(folder)
    assert (opened.best, opened.front) == (made.best, made.front)
    assert (opened.plan.strategy_name, opened.plan.estimator_name) == ("Mine", "CountOff")
    assert opened.plan.budget == made.plan.budget
    panels = DashboardContent(opened).panels(Wishes(), Status("interrupted"))
    assert panels["header"]["name"] == "switches · Mine"
    assert [then.ended_count for then in opened.replay().moments()] == list(range(opened.history.ended_count + 1))


def test_whoever_goes_on_is_told_what_is_missing_and_then_can(folder: Path) -> None:
    interrupted(folder)
    opened = nas.open(folder)
    for go_on in (opened.resume, lambda: next(opened.events())):
        with pytest.raises(RunError, match=r"can be looked at and replayed, but not gone on with: .*hand it to nas\.open as strategy="):
            go_on()
    assert nas.open(folder).history.ended_count == opened.history.ended_count
    whole = nas.open(folder, strategy=Mine(), estimator=CountOff())
    for _ in whole.events():
        pass
    assert whole.phase == "finished"


def test_a_part_that_is_there_is_used_though_another_is_not(folder: Path) -> None:
    interrupted(folder, strategy="random_search")
    opened = nas.open(folder)
    assert opened.plan.strategy == nas.strategies.RandomSearch()
    with pytest.raises(RunError, match=r"hand it to nas\.open as estimator="):
        opened.resume()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"strategy": {"name": "of_a_package", "options": {}}}, "there is no strategy 'of_a_package'"),
        ({"estimator": {"name": "of_a_package", "options": {}}}, "there is no estimator 'of_a_package'"),
        ({"strategy": {"name": "random_search", "options": {"of_a_newer_version": 1}}}, "of_a_newer_version"),
    ],
)
def test_what_this_version_does_not_know_stands_empty(folder: Path, changes: dict[str, Any], words: str) -> None:
    made = interrupted(folder, space="nas_bench_201", strategy="random_search", estimator="tabular", objectives=["validation_error"])
    rewrite(folder, **changes)
    opened = nas.open(folder)
    assert opened.history.ended_count == made.history.ended_count
    DashboardContent(opened).panels(Wishes(), Status("interrupted"))
    with pytest.raises(RunError, match=words):
        opened.resume()


def test_shared_weights_of_somebody_elses_method_can_be_seen_inside(folder: Path) -> None:
    interrupted(folder)
    rewrite(folder, strategy={"name": "theirs", "options": {}, "custom": True}, budget={"epochs": 20})
    opened = nas.open(folder)
    assert opened.plan.one_shot is not None
    assert DashboardContent(opened).panels(Wishes(), Status("interrupted"))["header"]["inside"] is True
    assert SupernetContent(opened).state(Status("interrupted"))["header"]["title"] == "Supernet"


def test_a_newer_format_is_refused_with_what_to_do(folder: Path) -> None:
    interrupted(folder)
    rewrite(folder, format=99)
    with pytest.raises(RunTooNew, match="has format 99, this version of nas_explorer reads up to 1; open it with a newer version"):
        nas.open(folder)


def test_a_recording_that_was_cut_short_plays_up_to_there(folder: Path) -> None:
    interrupted(folder)
    log = folder / "events.jsonl"
    log.write_bytes(log.read_bytes()[:-20])
    opened = nas.open(folder)
    assert opened.history.event_count == 30
    assert opened.phase == "interrupted"
    assert len(list(opened.replay().moments())) == opened.history.ended_count + 1


def test_an_event_that_only_a_newer_version_knows_is_named_with_its_line(folder: Path) -> None:
    interrupted(folder)
    with open(folder / "events.jsonl", "a", encoding="utf-8") as log:
        log.write('{"n":31,"at":1.0,"event":"telepathy"}\n')
    with pytest.raises(RunDamaged, match=r"line 32: there is no event 'telepathy'.*The 31 events before it are sound"):
        nas.open(folder)


def test_a_replay_begins_at_a_trial_that_has_ended(folder: Path) -> None:
    search = interrupted(folder)
    replay = search.replay(trial=4)
    first = next(replay.moments())
    assert (first.status(4), first.ended_count) == ("finished", 5)
    assert "nas-explorer replay" in repr(replay)
    for wrong in (99, -1, True, "4", 10):
        with pytest.raises(InvalidOption, match="a replay begins where a trial had ended"):
            search.replay(trial=wrong)  # type: ignore[arg-type]


def test_operations_of_somebodys_own_need_not_be_registered_to_look(folder: Path) -> None:
    made = interrupted(folder)
    manifest = json.loads((folder / FILE).read_text())
    foreign = json.dumps(manifest["space"]).replace('"conv"', '"theirs"').replace("conv_3x3", "theirs_3x3")
    rewrite(folder, space=json.loads(foreign))
    log = folder / "events.jsonl"
    log.write_text(log.read_text().replace("conv_3x3", "theirs_3x3"))
    opened = nas.open(folder)
    panels = DashboardContent(opened).panels(Wishes(selected=0), Status("interrupted"))
    (drawing,) = panels["detail"]["diagrams"]               # what goes along its edges is not known, but what is on them is
    assert "theirs" in drawing["svg"]
    assert {fact["label"] for fact in panels["detail"]["facts"]} >= {"Error", "Latency"}
    assert panels["table"]["total"] == len(made.history)
    assert "<svg" in DashboardContent(opened).picture(Wishes(), Status("interrupted"))
