"""A table of one's own: read, checked, and then a benchmark like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import nas_explorer as nas
from nas_explorer.errors import InvalidArchitecture, InvalidMetric, InvalidOption, InvalidSpace
from nas_explorer.estimators import conformance
from nas_explorer.estimators.own_table import from_table
from nas_explorer.estimators.protocol import Truth
from nas_explorer.estimators.tabular import Tabular
from nas_explorer.races.lookup import Table
from nas_explorer.records import Metric
from nas_explorer.spaces import Architecture, chain, decisions, enumerate_architectures, nas_bench_201, size
from tests.toys import on, switches

SPACE = switches(3)


def frame(**columns: Any) -> pd.DataFrame:
    """All eight rows of three switches, and a percentage that is best where all are on."""
    rows = [dict(architecture) for architecture in enumerate_architectures(SPACE)]
    errors = [float(10 * (4 - sum(v == "conv_3x3" for v in row.values()))) for row in rows]
    return pd.DataFrame(rows).assign(validation_error=errors, **columns)


def test_a_data_frame_becomes_a_benchmark_that_knows_the_truth() -> None:
    table = from_table(frame(**{"latency_ms@phone": np.arange(8.0)}), SPACE)
    assert isinstance(table, Truth)
    assert isinstance(table, Table)
    best, error = table.optimum("validation_error")
    assert (on(best), error) == (3, 10.0)
    assert table.rank(best).rank == 1
    assert table.coverage == 1.0
    assert [m.name for m in table.metrics] == ["validation_error", "latency_ms@phone"]
    assert table.final_metric.name == "validation_error"
    assert [values for _, values in table.front(["validation_error", "latency_ms@phone"])][-1][1] == 0.0
    assert table.index(table.architecture(5)) == 5
    for check in conformance.CHECKS:
        if check is not conformance.is_described:              # its fields are data, which no run folder could bring back
            check(conformance.Case(table, SPACE, nas_bench_201()))


def test_a_csv_gives_what_the_frame_gives(tmp_path: Path) -> None:
    """Decisions in ASCII, conditional ones empty, whole numbers and truth values as texts."""
    space = chain()
    rows = [dict(architecture) for architecture in list(enumerate_architectures(space))[::97]]
    data = pd.DataFrame(rows).assign(validation_accuracy=np.linspace(50, 90, len(rows)))
    path = tmp_path / "table.csv"
    data.rename(columns=lambda name: name.replace("→", "->")).to_csv(path, index=False)
    from_file, from_frame = from_table(path, space), from_table(data, space)
    assert list(from_file.rows) == list(from_frame.rows) == [Architecture(row) for row in rows]
    np.testing.assert_array_equal(from_file.columns["validation_accuracy"], from_frame.columns["validation_accuracy"])
    assert from_file.coverage == len(rows) / size(space)
    assert any(len(row) < len(decisions(space)) for row in rows)


def test_architectures_may_be_json_in_one_column() -> None:
    texts = ['{"layer0.op": "skip", "layer1.op": "skip", "layer2.op": "skip"}']
    table = from_table(pd.DataFrame({"architecture": texts, "macs": [7]}), SPACE)
    assert table.index(Architecture({"layer0.op": "skip", "layer1.op": "skip", "layer2.op": "skip"})) == 0


def test_the_published_table_through_ones_own_is_the_published_table() -> None:
    tabular, space = Tabular(), nas_bench_201()
    rows = [dict(tabular.architecture(i)) for i in range(0, 15_625, 25)]
    names = ["validation_error", "test_accuracy", "train_seconds"]
    data = pd.DataFrame(rows).assign(**{name: tabular.column(name)[::25] for name in names})
    table = from_table(data, space)
    assert table.coverage == pytest.approx(1 / 25)
    for i in (0, 77, 624):
        (mine,), (theirs,) = table.evaluate(table.architecture(i)), tabular.evaluate(tabular.architecture(25 * i))
        assert mine.values["validation_error"] == theirs.values["validation_error"]
    assert table.final_metric.name == "test_accuracy"


def test_what_the_table_lacks_is_said_and_a_trial_of_it_fails(folder: Path) -> None:
    table = from_table(frame().iloc[:6], SPACE)
    assert table.coverage == 0.75
    missing = list(enumerate_architectures(SPACE))[7]
    with pytest.raises(InvalidArchitecture, match=r"the table has no such architecture \(it has 75.0% of 'switches'\)"):
        table.index(missing)
    search = nas.Search(SPACE, "exhaustive", table, budget=8, run=folder)
    for _ in search.events():
        pass
    assert search.history.failed_count == 2
    with pytest.raises(InvalidOption, match=r"the table lacks 25\.0% of the 8 architectures of 'switches'"):
        from_table(frame().iloc[:6], SPACE, missing="error")


def test_duplicates_are_refused_averaged_or_left_out() -> None:
    twice = pd.concat([frame(), frame(), frame().assign(validation_error=70.0)], ignore_index=True)
    with pytest.raises(InvalidArchitecture, match="row 8 is the architecture of row 0 again, one of 16 that come more than once"):
        from_table(twice, SPACE)
    first, mean = (from_table(twice, SPACE, duplicates=how) for how in ("first", "mean"))  # type: ignore[arg-type]
    assert first.columns["validation_error"].tolist() == frame().validation_error.tolist()
    np.testing.assert_allclose(mean.columns["validation_error"], (2 * frame().validation_error + 70) / 3)
    assert mean.coverage == 1.0


def test_a_direction_is_asked_for_and_a_metric_may_be_described() -> None:
    data = frame(score=np.arange(8.0), weight=np.arange(8.0))
    with pytest.raises(InvalidMetric, match=r"whether more or less is better of column 'score' is not known: say metrics=.'score': 'min'}"):
        from_table(data, SPACE)
    table = from_table(data, SPACE, {"score": "max"})
    assert [(m.name, m.minimize) for m in table.metrics] == [("validation_error", True), ("score", False)]     # weight is left out
    own = Metric("carbon_grams", "g", True, "carbon")
    described = from_table(data, SPACE, {"weight": own, "score": "test_accuracy"}, scale={"test_accuracy": 10.0}, final="carbon_grams")
    assert described.final_metric == own
    assert described.columns["test_accuracy"].max() == 70.0


@pytest.mark.parametrize(("change", "error", "message"), [
    ({"validation_error": ["x"] * 8}, InvalidMetric, "validation_error must be a finite number in every row, got 'x' in row 0, and 7 more"),
    ({"validation_error": [1.0] * 7 + [np.nan]}, InvalidMetric, "got .*nan.* in row 7"),
    ({"validation_error": [0.1] * 8}, InvalidMetric, r"no value of validation_error is above 1; if these are fractions, give scale="),
    ({"validation_error": [120.0] * 8}, InvalidMetric, "validation_error is in %, and row 0 has 120"),
    ({"macs": [-1] * 8}, InvalidMetric, "macs cannot be below 0, and row 0 has -1"),
    ({"layer0.op": ["conv_5x5"] * 8}, InvalidArchitecture, "row 0: decision 'layer0.op' of 'switches' has no option 'conv_5x5'"),
    ({"layer0.op": ["skip", ""] * 4}, InvalidArchitecture, "row 1: 'switches' asks for decision 'layer0.op'"),
])
def test_cells_that_cannot_be_are_refused_with_their_row(change: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        from_table(frame().assign(**change), SPACE)


def test_tables_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("a,b\n")
    for data, error, message in (
        (3, InvalidOption, "a table is a data frame, or the path of a CSV or parquet file, got int"),
        (tmp_path / "gone.csv", InvalidOption, "gone.csv is no table that can be read"),
        (tmp_path / "empty.csv", InvalidOption, "the table has no rows"),
        (pd.DataFrame({"a": [1]}), InvalidArchitecture, "no column of the table is a decision of 'switches'"),
        (pd.DataFrame({"architecture": ["[1]"], "macs": [1]}), InvalidArchitecture, r"row 0: an architecture is a JSON object"),
        (frame().drop(columns="validation_error"), InvalidMetric, "the table has no column that measures anything"),
    ):
        with pytest.raises(error, match=message):
            from_table(data, SPACE)  # type: ignore[arg-type]


@pytest.mark.parametrize(("settings", "error", "message"), [
    ({"duplicates": "last"}, InvalidOption, "duplicates must be one of error, mean, first"),
    ({"missing": "guess"}, InvalidOption, "missing must be one of fail, error"),
    ({"metrics": {"speed": "max"}}, InvalidMetric, "there is no column 'speed' to measure; the table has validation_error"),
    ({"scale": {"macs": 2.0}}, InvalidOption, "scale names 'macs', which is no metric of the table"),
    ({"final": "macs"}, InvalidMetric, "does not measure 'macs'"),
])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        from_table(frame(), SPACE, **settings)


def test_a_space_that_the_table_does_not_know_is_refused() -> None:
    table = from_table(frame(), SPACE)
    with pytest.raises(InvalidSpace, match=r"asks for 'layer3.op', which the table of 'switches' does not know"):
        table.check_space(switches(4))
    with pytest.raises(InvalidSpace, match=r"does not ask for 'layer2.op', which the table's architectures name"):
        table.check_space(switches(2))


def test_a_parquet_file_gives_what_the_frame_gives(tmp_path: Path) -> None:
    """Columns of whole numbers with gaps come back as fractions, and texts with gaps as objects."""
    space = chain()
    rows = [dict(architecture) for architecture in list(enumerate_architectures(space))[::97]]
    data = pd.DataFrame(rows).assign(validation_accuracy=np.linspace(50, 90, len(rows)), parameter_count=range(len(rows)))
    path = tmp_path / "table.parquet"
    data.to_parquet(path, index=False)
    table = from_table(path, space)
    assert list(table.rows) == [Architecture(row) for row in rows]
    np.testing.assert_array_equal(table.columns["validation_accuracy"], data["validation_accuracy"])
    assert table.foresee(table.architecture(3)) == {"parameter_count": 3.0}


def test_what_is_no_parquet_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    path.write_text("op,validation_error\n")
    with pytest.raises(InvalidOption, match=r"table.parquet is no table that can be read: .*[Pp]arquet"):
        from_table(path, SPACE)


def test_what_is_known_before_a_trial_can_be_held_to_a_constraint(tmp_path: Path) -> None:
    data = frame(**{"latency_ms@phone": np.arange(8.0), "synflow": np.arange(8.0), "energy_mj": np.arange(8.0)})
    table = from_table(data, SPACE, {"synflow": "max"})
    assert table.known == ("latency_ms@phone", "synflow")
    assert from_table(data, SPACE, {"synflow": "max"}, known=["energy_mj"]).known == ("energy_mj",)
    search = nas.Search(SPACE, "random_search", table, budget=20, run=tmp_path / "run", constraints="latency_ms@phone <= 2")
    for _ in search.events():
        pass
    assert {trial.values["latency_ms@phone"] for trial in search.history.trials()} == {0.0, 1.0, 2.0}
    with pytest.raises(InvalidMetric, match="does not measure 'beauty'"):
        from_table(data, SPACE, {"synflow": "max"}, known=["beauty"])


def test_parquet_without_its_reader_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(path: object, engine: str) -> None:
        raise ImportError("Missing optional dependency 'pyarrow'")

    monkeypatch.setattr(pd, "read_parquet", none)
    with pytest.raises(InvalidOption, match=r"cannot be read without the package pyarrow: pip install 'nas_explorer\[parquet\]'"):
        from_table(tmp_path / "table.parquet", SPACE)


def test_a_race_on_ones_own_table(folder: Path) -> None:
    race = nas.race(["local_search"], SPACE, nas.estimators.from_table(frame(), SPACE), budget=8, seeds=4, run=folder)
    assert race.history.lanes["local_search"].final("validation_error").tolist() == [10.0] * 4
