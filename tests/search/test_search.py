"""The handle: made from what is typed, run inline, left, resumed, read; errors in the user's words."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import nas_explorer as nas
from nas_explorer.errors import (
    InvalidMetric,
    InvalidOption,
    InvalidSpace,
    RunDamaged,
    RunExists,
    RunInUse,
    RunNotFound,
    RunNotWritable,
    RunTooNew,
    StrategyFailed,
    UnknownName,
)
from nas_explorer.records import TrialFinished, TrialStarted
from nas_explorer.search.plan import SearchPlan
from nas_explorer.search.search import Search
from nas_explorer.search.session import Session
from tests.toys import CountOff, switches

STRATEGIES = ["random_search", "regularized_evolution", "tpe", "nsga2"]
TWO = ["validation_error", "latency_ms@raspi4"]


def made(folder: Path, strategy: str = "regularized_evolution", trials: int = 60, seed: int = 0, **changes: object) -> Search:
    arguments: dict = {
        "space": "nas_bench_201",
        "strategy": strategy,
        "estimator": "tabular",
        "objectives": TWO,
        "budget": trials,
        "seed": seed,
    }
    return Search(**{**arguments, **changes}, run=folder)


def run_inline(search: Search) -> Search:
    for _ in search.events():
        pass
    return search


def content(search: Search) -> list[tuple]:
    """What a search found, without the times."""
    search.follow()
    return [(t.number, t.architecture, t.status, t.values, t.message) for t in search.history.trials()]


def test_an_inline_search_fills_its_folder_and_opens_again(folder: Path) -> None:
    search = run_inline(made(folder))
    assert search.phase == "finished"
    opened = nas.open(str(folder))
    assert content(opened) == content(search)
    assert opened.phase == "finished"
    assert opened.front == search.front
    assert list(opened.trials.columns[:2]) == ["status", "validation_error"]
    assert list(search.events()) == []


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_search_left_and_resumed_equals_an_uninterrupted_one(tmp_path: Path, strategy: str) -> None:
    whole = content(run_inline(made(tmp_path / "whole", strategy)))
    search = made(tmp_path / "parts", strategy)
    for stop_after in (1, 7, 23, 60, 100):
        for event in search.events():
            if event.number >= stop_after and isinstance(event, (TrialStarted, TrialFinished)):
                break
        search = nas.open(tmp_path / "parts")
        assert search.phase == "interrupted"
    assert content(run_inline(search)) == whole


def test_same_seed_same_search_other_seed_other_search(tmp_path: Path) -> None:
    a, b, c = (content(run_inline(made(tmp_path / name, seed=seed))) for name, seed in (("a", 3), ("b", 3), ("c", 4)))
    assert a == b
    assert a != c


def test_a_budget_in_simulated_seconds_ends_by_the_tables_clock(folder: Path) -> None:
    search = run_inline(made(folder, budget=nas.Budget(simulated_seconds=3000.0)))
    last = search.history.value(len(search.history) - 1, "train_seconds")
    assert 3000.0 <= search.history.simulated_seconds < 3000.0 + last


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"space": "nas_bench_210"}, UnknownName, "there is no space 'nas_bench_210'; did you mean 'nas_bench_201'"),
        ({"strategy": "regularised_evolution"}, UnknownName, "did you mean 'regularized_evolution'"),
        ({"estimator": "tubular"}, UnknownName, "did you mean 'tabular'"),
        ({"objectives": ["validation_eror"]}, InvalidMetric, "did you mean 'validation_error'"),
        ({"objectives": ["latency_ms@abacus"]}, InvalidMetric, "latency_ms@raspi4"),
        ({"objectives": []}, InvalidMetric, "at least one objective"),
        ({"objectives": ["macs", "macs"]}, InvalidMetric, "must differ"),
        ({"budget": 0}, InvalidOption, "above zero"),
        ({"seed": -1}, InvalidOption, "seed must be a whole number from 0, got -1"),
        ({"seed": 1.5}, InvalidOption, "seed must be a whole number"),
        ({"strategy": 7}, InvalidOption, "strategy must be a strategy or the name of one"),
        ({"space": {"name": "x"}}, InvalidOption, "space must be a SearchSpace"),
        ({"estimator": object()}, InvalidOption, "estimator must be an estimator"),
        ({"space": "chain"}, InvalidSpace, "nas_bench_201"),
        (
            {"estimator": CountOff(metrics=CountOff().metrics[:2]), "objectives": None, "budget": {"simulated_seconds": 5}},
            InvalidOption,
            "needs an estimator that measures train_seconds",
        ),
    ],
)
def test_what_is_mistyped_is_named_before_anything_runs(folder: Path, changes: dict, error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        made(folder, **changes)
    assert not folder.exists()


def test_a_folder_with_a_run_is_not_written_over(folder: Path) -> None:
    run_inline(made(folder, trials=3))
    with pytest.raises(RunExists, match=r"holds a run already; open it with nas\.open\("):
        made(folder)


def test_runs_without_a_name_get_the_next_free_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folders = []
    for _ in range(2):
        search = run_inline(Search("nas_bench_201", "random_search", "tabular", budget=2))
        folders.append(str(search.folder))
    assert folders == ["runs/nas_bench_201-random_search-1", "runs/nas_bench_201-random_search-2"]


def test_a_run_in_use_is_followed_but_not_written(folder: Path) -> None:
    search = made(folder)
    events = search.events()
    for _ in range(5):
        next(events)
    other = nas.open(folder)
    assert other.phase == "running"
    with pytest.raises(RunInUse, match="is being written by another process"):
        list(other.events())
    events.close()
    assert other.phase == "interrupted"
    run_inline(other)


def test_a_folder_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(RunNotFound, match=r"holds no run: there is no run\.json in it"):
        nas.open(tmp_path)
    run_inline(made(tmp_path / "new", trials=2))
    manifest = tmp_path / "new" / "run.json"
    sound = json.loads(manifest.read_text())
    for change, error, words in (
        ({"format": 99}, RunTooNew, "has format 99, this version of nas_explorer reads up to 1"),
        ({"format": "one"}, RunDamaged, "no format number"),
        ({"metrics": None}, RunDamaged, "lacks or misspells"),
        ({"objective_count": 0}, RunDamaged, "wrong type"),
    ):
        manifest.write_text(json.dumps({**sound, **change}))
        with pytest.raises(error, match=words):
            nas.open(tmp_path / "new")
    manifest.write_text("{")
    with pytest.raises(RunDamaged, match="cannot be read"):
        nas.open(tmp_path / "new")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunNotWritable, match=r"choose another folder with run=\.\.\."):
        run_inline(made(tmp_path / "file" / "run"))


def test_a_log_of_another_strategy_is_not_gone_on_with(folder: Path) -> None:
    search = made(folder)
    for event in search.events():
        if event.number > 20:
            break
    manifest = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps({**manifest, "seed": 1}))
    with pytest.raises(StrategyFailed, match="this run cannot go on as it began: trial 0 of the log"):
        list(nas.open(folder).events())


def test_a_full_disk_pauses_the_search_with_a_message_and_it_goes_on_when_there_is_room(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = made(folder, trials=10)
    search.run.manifest.write(_made_dir(folder))
    said: list[str | None] = []
    session = Session(folder, search.plan, on_wait=said.append)
    monkeypatch.setattr("nas_explorer.search.session.RETRY_SECONDS", 0.001)
    real, writes = os.write, [0]

    def write(file: int, data: bytes) -> int:
        writes[0] += 1
        if 10 < writes[0] < 14:
            raise OSError(28, "No space left on device")
        return real(file, data)

    monkeypatch.setattr(os, "write", write)
    events = list(session)
    assert len(said) == 2
    assert said[0] is not None
    assert "No space left on device. The search waits and goes on by itself when it can write; nothing finished is lost." in said[0]
    assert said[1] is None
    assert [e.number for e in nas.open(folder).run.history.trials()] == list(range(10))
    assert events[-1].number + 1 == nas.open(folder).history.event_count


def _made_dir(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_a_run_exports_to_an_optuna_study_with_the_same_best(folder: Path) -> None:
    search = run_inline(made(folder, objectives=["validation_error"]))
    study = search.to_study()
    assert search.best is not None
    assert study.best_value == search.best.values["validation_error"]
    assert study.best_params == dict(search.best.architecture)
    assert len(study.trials) == 60
    assert study.best_trial.user_attrs["parameter_count"] == search.best.values["parameter_count"]


def test_the_front_in_optuna_is_our_front(folder: Path) -> None:
    search = run_inline(made(folder))
    ours = {tuple(trial.values[name] for name in TWO) for trial in search.front}
    assert {tuple(trial.values) for trial in search.to_study().best_trials} == ours


def test_a_search_on_the_users_own_space_and_estimator(folder: Path) -> None:
    search = run_inline(
        Search(switches(6), nas.strategies.RegularizedEvolution(population_size=10, tournament_size=3), CountOff(), budget=200, run=folder)
    )
    assert search.best is not None
    assert search.best.values["validation_error"] == 0.0
    assert nas.open(folder).best == search.best
    assert nas.open(folder, estimator=CountOff()).history.ended_count == 200


def test_a_plan_knows_what_a_background_kernel_must_be_handed(folder: Path) -> None:
    plan: SearchPlan = made(folder).plan
    assert plan.custom == {}
    assert set(Search(switches(), "random_search", CountOff(), run=folder).plan.custom) == {"estimator"}
