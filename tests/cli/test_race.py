"""`nas-explorer race`: what is printed, and the words of what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nas_explorer.cli import main
from nas_explorer.cli.race import lanes
from nas_explorer.strategies.regularized_evolution import RegularizedEvolution

RACE = ["race", "--space", "nas_bench_201", "--estimator", "tabular", "--dataset", "cifar10", "--strategy", "random_search",
        "--strategy", "regularized_evolution:population_size=10,tournament_size=3"]
Capture = pytest.CaptureFixture[str]


def test_the_race_of_the_paper_prints_one_object_in_which_evolution_wins(capsys: Capture, tmp_path: Path) -> None:
    assert main([*RACE, "--simulated-seconds", "12000", "--seeds", "120", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    random, evolution = found["strategies"]
    assert [random["strategy"], evolution["strategy"]] == ["random_search", "regularized_evolution"]
    assert random["seeds"] == evolution["seeds"] == 120
    assert 100 < random["trials_mean"] < 111
    assert 93 < evolution["trials_mean"] < 106
    for lane in (random, evolution):
        assert set(lane["metrics"]) == {"validation_error", "validation_accuracy@200_epochs", "test_accuracy@200_epochs"}
        assert all(set(metric) == {"mean", "std"} for metric in lane["metrics"].values())
    assert abs(random["metrics"]["test_accuracy@200_epochs"]["mean"] - 93.70) < 0.36          # as published, Table 5
    assert abs(evolution["metrics"]["test_accuracy@200_epochs"]["mean"] - 93.92) < 0.30
    assert abs(evolution["metrics"]["validation_accuracy@200_epochs"]["mean"] - 91.19) < 0.31
    assert found["sentence"].startswith("regularized_evolution beats random_search from ")


def test_without_json_a_table_and_a_sentence(capsys: Capture, tmp_path: Path) -> None:
    assert main([*RACE, "--trials", "30", "--seeds", "5", "--run", str(tmp_path / "r"), "--to", str(tmp_path / "race.html")]) == 0
    printed = capsys.readouterr().out
    assert "strategy" in printed.splitlines()[0]
    assert "Means and standard deviations (ddof 0) of what 5 searches found." in printed
    assert (tmp_path / "r" / "race.json").exists()
    assert "plotly" in (tmp_path / "race.html").read_text(encoding="utf-8")


def test_one_seed_is_said_to_be_one(capsys: Capture) -> None:
    assert main([*RACE, "--trials", "5", "--seeds", "1"]) == 0
    assert "One seed a lane: there are no bands" in capsys.readouterr().out


def test_one_strategy_twice_with_other_options_is_two_lanes() -> None:
    found = lanes(["regularized_evolution:population_size=10,tournament_size=3", "regularized_evolution", "local_search"])
    assert list(found) == ["regularized_evolution:population_size=10,tournament_size=3", "regularized_evolution", "local_search"]
    assert found["regularized_evolution:population_size=10,tournament_size=3"] == RegularizedEvolution(10, 3)


@pytest.mark.parametrize(("words", "message"), [
    (["race", "--trials", "5"], "a race needs at least one --strategy"),
    (["race", "--strategy", "genetic", "--trials", "5"], "there is no strategy 'genetic'"),
    (["race", "--strategy", "local_search:steps=3", "--trials", "5"], "has no option 'steps'"),
    (["race", "--strategy", "local_search:move", "--trials", "5"], "an option is set once, as OPTION=VALUE"),
    (["race", "--strategy", "local_search", "--strategy", "local_search", "--trials", "5"], "'local_search' is given twice"),
    (["race", "--strategy", "local_search"], "a budget needs a limit"),
    (["race", "--strategy", "local_search", "--simulated-seconds", "3"], "no strategy can use a budget of 3 simulated seconds"),
    (["race", "--strategy", "local_search", "--trials", "5", "--seeds", "0"], "seeds must be a whole number of at least 1"),
])
def test_words_that_mean_no_race_are_refused(capsys: Capture, words: list[str], message: str) -> None:
    assert main(words) == 2
    assert message in capsys.readouterr().err
