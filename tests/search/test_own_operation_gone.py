"""A run whose space draws with an operation of somebody's own is looked at where that operation is not registered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import nas_explorer as nas
from nas_explorer.cli import main
from nas_explorer.records import Measurement, metric
from nas_explorer.search.questions import known_values
from nas_explorer.search.search import Search
from nas_explorer.spaces import Architecture, Graph, SearchSpace, choice, op, primitives
from nas_explorer.spaces.own_operations import OWN, OwnOperation, register
from nas_explorer.strategies import RegularizedEvolution
from nas_explorer.widgets.dashboard import Dashboard
from nas_explorer.widgets.lineage_view import LineageView


@dataclass(frozen=True)
class WindowSizes:
    """The larger the windows, the smaller the error."""

    metrics = (metric("validation_error"), metric("parameter_count"))

    def check_space(self, space: SearchSpace) -> None:
        return None

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        size = sum(int(str(option)[-1]) for option in architecture.values())
        yield Measurement(0, {"validation_error": 50.0 - size, "parameter_count": 9.0 * size})


def windows() -> SearchSpace:
    graph, last = Graph().input("image"), "image"
    for layer in ("a", "b"):
        graph, last = graph.node(layer, [last], op=choice(*(op("wave", kernel=k) for k in (1, 3, 5))), channels=8), layer
    graph = graph.node("pool", [last], op="global_pool").node("logits", ["pool"], op=op("linear", features=10))
    return SearchSpace("windows", graph, resolution=8, input_channels=(1,))


@pytest.fixture
def run(folder: Path) -> Path:
    """Made with the operation, which is gone afterwards, as in another process."""
    before = dict(primitives._PRIMITIVES), dict(OWN)
    register(OwnOperation("wave", lambda *given: None, lambda *given, **params: (9, 9), {"kernel": 3}))
    for _ in Search(windows(), RegularizedEvolution(4, 2), WindowSizes(), ["validation_error"], budget=12, run=folder).events():
        pass
    for names, kept in zip((primitives._PRIMITIVES, OWN), before, strict=True):
        for name in names.keys() - kept.keys():
            del names[name]
    return folder


def test_every_question_is_answered_with_what_was_measured(run: Path) -> None:
    search = nas.open(run)
    assert "macs" not in known_values(search.plan.space, search.history.trial(0))
    assert "wave" in search.explain(7).sentence
    found = search.compare(0, 7)
    assert [change.metric.name for change in found.changes] == ["validation_error", "parameter_count"]
    assert "wave" in found._repr_html_()
    assert search.neighbours(7).neighbours
    assert search.replay(5)


def test_every_view_shows_it(run: Path) -> None:
    view = LineageView(run)
    for trial in range(12):
        view.selected, view.compared = trial, 3
        view.look()
        detail = view.stream.detail
        assert detail is not None
        assert detail["trial"] == trial
        assert "<svg" in detail["pairs"][0][1]
    assert "<svg" in view._picture()
    view.close()
    dashboard = Dashboard(nas.open(run))
    dashboard.look()
    assert dashboard.stream.header
    dashboard.close()


def test_the_terminal_shows_and_reports_it(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(run), "--trial", "0", "--trial", "7"]) == 0
    assert "validation error" in capsys.readouterr().out
    assert main(["report", str(run), "--to", str(tmp_path / "report.html")]) == 0
    assert "wave" in (tmp_path / "report.html").read_text()
