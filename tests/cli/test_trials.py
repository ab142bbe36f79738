"""`show --trial` explains one trial, and holds two against each other, from the run folder alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nas_explorer.cli import main
from nas_explorer.search.search import Search
from nas_explorer.strategies import RegularizedEvolution


@pytest.fixture
def run(folder: Path) -> Search:
    search = Search("nas_bench_201", RegularizedEvolution(5, 3), "tabular", ["validation_error"], budget=20, run=folder)
    for _ in search.events():
        pass
    return search


def test_one_trial_is_explained(run: Search, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(run.folder), "--trial", "12"]) == 0
    assert capsys.readouterr().out.strip() == str(run.explain(12))
    assert main(["show", str(run.folder), "--trial", "12", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["trials"]
    assert (found["trial"], found["why"]) == (12, run.explain(12).sentence)
    assert found["parents"] == list(run.explain(12).parents)
    assert found["architecture"]["arch_str"].startswith("|")


def test_two_trials_are_held_against_each_other(run: Search, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(run.folder), "--trial", "3", "--trial", "12"]) == 0
    assert capsys.readouterr().out.rstrip().endswith(str(run.compare(3, 12)))
    assert main(["show", str(run.folder), "--trial", "3", "--trial", "12", "--json"]) == 0
    between = json.loads(capsys.readouterr().out)["difference"]
    assert set(between["decisions"]) == {d.decision for d in run.compare(3, 12).differences}
    error = between["metrics"]["validation_error"]
    assert error["change"] == error["second"] - error["first"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--trial", "20"], "trial must be a number from 0 to 19, got 20"),
        (["--trial", "1", "--trial", "2", "--trial", "3"], "given once to explain a trial or twice to compare two, got 3"),
    ],
)
def test_wrong_trials_are_named(run: Search, words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(run.folder), *words]) == 2
    assert message in capsys.readouterr().err
