"""A race that is held to constraints: every lane keeps them, and the best there is means the best that does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nas_explorer as nas
from nas_explorer import cli
from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.digits_cells import DigitsCells
from nas_explorer.estimators.tabular import Tabular
from nas_explorer.records import pareto_mask
from nas_explorer.search.kept_truth import KeptTruth, truth_of
from nas_explorer.search.search import Search
from nas_explorer.spaces import from_indices, load
from nas_explorer.widgets.dashboard_content import DashboardContent, Wishes

LIMIT = "parameter_count <= 400_000"
TABLE = Tabular()
KEPT = TABLE.column("parameter_count") <= 400_000


def raced(folder: Path, lanes: Any, **changes: Any) -> nas.Race:
    race = nas.Race(lanes, "nas_bench_201", TABLE, 30, 4, run=folder, constraints=LIMIT, **changes)
    for _ in race.events():
        pass
    return race


def test_every_lane_keeps_the_constraint_and_regret_is_counted_from_the_best_that_does(folder: Path) -> None:
    race = raced(folder, ["regularized_evolution", "local_search"])
    space, best = load("nas_bench_201"), TABLE.column("validation_error")[KEPT].min()
    assert best > TABLE.column("validation_error").min()
    assert race.manifest.optima["validation_error"] == best
    assert race.manifest.constraints == ("parameter_count <= 400000",)
    for lane in race.history.lanes.values():
        assert lane.spent["trials"].tolist() == [30] * 4
        assert KEPT[[TABLE.index(from_indices(space, list(row))) for row in lane.rows() if row is not None]].all()
        assert min(lane.final("validation_error")) >= best
    assert f"Every proposal keeps parameter_count <= 400000; the best there is means: of the {KEPT.sum():,} that do." in race.manifest.notes


def test_without_constraints_a_lane_runs_as_matrices_and_with_them_search_by_search(folder: Path, tmp_path: Path) -> None:
    from nas_explorer.records.race_events import LaneStarted

    free = nas.Race(["regularized_evolution"], "nas_bench_201", TABLE, 10, 2, run=tmp_path / "free")
    kept = nas.Race(["regularized_evolution"], "nas_bench_201", TABLE, 10, 2, run=folder, constraints=[LIMIT])
    vectorised = [[event.vectorised for event in race.events() if isinstance(event, LaneStarted)] for race in (free, kept)]
    assert vectorised == [[True, True], [False, False]]


def test_a_search_of_a_race_is_the_search_by_itself(folder: Path, tmp_path: Path) -> None:
    race = raced(folder, ["regularized_evolution"], seed=5)
    search = Search("nas_bench_201", "regularized_evolution", TABLE, budget=30, seed=6, run=tmp_path / "alone", constraints=LIMIT)
    for _ in search.events():
        pass
    assert race.history.lanes["regularized_evolution"].final("validation_error")[1] == search.best.values["validation_error"]


def test_an_opened_race_still_knows_its_constraints(folder: Path) -> None:
    race = nas.Race(["local_search"], "nas_bench_201", TABLE, 20, 2, run=folder, constraints=[LIMIT])
    for number, _ in enumerate(race.events()):
        if number == 3:
            break
    again = nas.open(folder)
    for _ in again.events():
        pass
    space = load("nas_bench_201")
    for lane in again.history.lanes.values():
        assert KEPT[[TABLE.index(from_indices(space, list(row))) for row in lane.rows() if row is not None]].all()


def test_trained_lanes_keep_them_too_and_their_rations(folder: Path) -> None:
    race = nas.Race(["hyperband"], "digits_cells", DigitsCells(), {"epochs": 40}, 2, run=folder, constraints="parameter_count <= 4_000")
    for _ in race.events():
        pass
    table = DigitsCells()
    for lane in race.history.lanes.values():
        found = [table.index(from_indices(load("digits_cells"), list(row))) for row in lane.rows() if row is not None]
        assert (table.column("parameter_count")[found] <= 4_000).all()
    assert race.history.lanes["hyperband"].spent["trials"].min() > 40 / 9 + 2          # most were trained for an epoch or three


@pytest.mark.parametrize(("constraint", "words"), [
    ("validation_error <= 5", "this estimator does not know 'validation_error' by then"),
    ("parameter_count <= 1", "none of 2,000 random architectures of 'nas_bench_201' keeps parameter_count <= 1"),
])
def test_what_cannot_be_kept_is_refused_before_the_race(constraint: str, words: str, folder: Path) -> None:
    with pytest.raises(InvalidOption, match=words):
        nas.Race(["local_search"], "nas_bench_201", TABLE, 20, 2, run=folder, constraints=constraint)


def test_from_a_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["race", "--strategy", "local_search", "--trials", "10", "--seeds", "2", "--constraint", LIMIT, "--json"]
    assert cli.main(words) == 0
    assert "Every proposal keeps parameter_count <= 400000" in " ".join(json.loads(capsys.readouterr().out)["notes"])


def test_the_truth_of_a_search_is_that_of_what_keeps_its_constraints(folder: Path) -> None:
    search = Search("nas_bench_201", "random_search", TABLE, ["validation_error", "latency_ms@pixel3"], 5, run=folder,
                    constraints=[LIMIT, "latency_ms@pixel3 <= 4"])
    for _ in search.events():
        pass
    truth, kept = truth_of(search.plan), KEPT & (TABLE.column("latency_ms@pixel3") <= 4)
    assert isinstance(truth, KeptTruth)
    rows, errors = np.flatnonzero(kept), TABLE.column("validation_error")
    best, error = truth.optimum("validation_error")
    assert (TABLE.index(best), error) == (rows[errors[rows].argmin()], errors[rows].min())
    assert truth.rank(best, "validation_error").rank == 1
    final = TABLE.column(truth.final_metric.name)
    better = final[rows] < final[rows[7]] if truth.final_metric.minimize else final[rows] > final[rows[7]]
    assert truth.rank(TABLE.architecture(rows[7])).rank == better.sum() + 1
    assert truth.rank(TABLE.architecture(rows[7])).of == kept.sum()
    front = truth.front(["validation_error", "latency_ms@pixel3"])
    points = np.stack([errors[rows], TABLE.column("latency_ms@pixel3")[rows]], axis=1)
    on = rows[pareto_mask(points, search.plan.objectives)]
    assert sorted(TABLE.index(architecture) for architecture, _ in front) == sorted(on)
    assert [values[0] for _, values in front] == sorted(values[0] for _, values in front)

    content = DashboardContent(search)
    view = content.look(Wishes())
    assert view.truth is not None
    assert view.truth.y.min() == error
    assert content.curve().optimum == error


def test_without_constraints_the_truth_is_the_tables(folder: Path) -> None:
    assert truth_of(Search("nas_bench_201", "random_search", TABLE, budget=5, run=folder).plan) == TABLE
    assert truth_of(Search("chain", "random_search", task="digits", budget=5, run=folder / "other").plan) is None
