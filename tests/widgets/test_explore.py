"""The Python side of the explorer: what it opens, what it refuses, and what it puts away."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import nas_explorer as nas
from nas_explorer.errors import RunNotFound, UnknownName
from nas_explorer.widgets.dashboard import Dashboard
from nas_explorer.widgets.explore import TABS, Explore
from nas_explorer.widgets.explore_offers import MOST_RUNS, offered_lesson, runs_in, size_words
from nas_explorer.widgets.lineage_view import LineageView
from nas_explorer.widgets.race_view import RaceView
from nas_explorer.widgets.supernet_view import SupernetView
from tests.supernet_story import written


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


class Hand:
    """Wishes as a browser sends them, and their answers."""

    def __init__(self, app: Explore, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app, self.number = app, 0
        self.answers: list[dict[str, Any]] = []
        monkeypatch.setattr(app, "send", lambda content, buffers=None: self.answers.append(content))

    def __call__(self, wish: str, /, **args: Any) -> str:
        """Why it was refused, or ""."""
        self.number += 1
        self.raw({"type": wish, "view": "v", "number": self.number, "version": 0, "args": args})
        assert self.answers[-1]["number"] == self.number
        return str(self.answers[-1].get("refused", ""))

    def raw(self, message: Any) -> None:
        self.app._heard(self.app, message, [])


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def app() -> Iterator[Explore]:
    made = nas.explore()
    yield made
    made.close()


@pytest.fixture
def hand(app: Explore, monkeypatch: pytest.MonkeyPatch) -> Hand:
    return Hand(app, monkeypatch)


def evolution(folder: Path, trials: int = 20) -> nas.Search:
    strategy = nas.strategies.RegularizedEvolution(population_size=5, tournament_size=2)
    search = nas.Search("nas_bench_201", strategy, "tabular", ["validation_error"], trials, seed=1, run=folder)
    for _ in search.events():
        pass
    return search


# ---- what it offers
def test_the_start_page_offers_every_space_every_recording_and_every_lesson(app: Explore) -> None:
    offers = json.loads(json.dumps(app.stream.offers, allow_nan=False))
    assert app.tab == "start"
    assert [space["name"] for space in offers["spaces"]] == list(nas.spaces.names())
    assert {"name": "nas_bench_201", "size": "15,625 architectures"}.items() <= next(
        space for space in offers["spaces"] if space["name"] == "nas_bench_201"
    ).items()
    assert [(entry["name"], entry["folder"]) for entry in offers["recordings"]] == [
        (name, str(folder)) for name, folder in sorted(nas.recordings().items())
    ]
    assert [lesson["question"] for lesson in offers["lessons"]] == [lesson.question for lesson in nas.course.lessons()]


def test_runs_are_listed_when_the_start_page_is_shown_the_newest_first(app: Explore) -> None:
    assert app.stream.offers["runs"] == []
    evolution(Path("runs/first"), trials=3)
    nas.race(["local_search"], "nas_bench_201", "tabular", 5, 2, run="runs/second")
    Path("runs/third").mkdir()
    (Path("runs/third") / "run.json").write_text("[]")
    app.tab = "lesson"
    app.tab = "start"
    runs = app.stream.offers["runs"]
    assert [(run["name"], run["kind"]) for run in runs] == [("second", "race"), ("first", "run"), ("third", "unreadable")]
    assert runs[0]["words"] == "nas_bench_201 · local_search, random_search"
    assert runs[1]["words"] == "nas_bench_201 · regularized_evolution · tabular"
    assert "is no run of nas_explorer" in runs[2]["words"]


def test_of_many_runs_the_newest_are_listed_and_a_strange_date_is_none(tmp_path: Path) -> None:
    first = evolution(tmp_path / "all" / "0", trials=1)
    manifest = json.loads((first.folder / "run.json").read_text())
    for number in range(1, MOST_RUNS + 3):
        folder = tmp_path / "all" / str(number)
        folder.mkdir()
        (folder / "run.json").write_text(json.dumps({**manifest, "created": "soon" if number == 1 else 1e9 + number}))
    listed = runs_in([tmp_path / "all"])
    assert len(listed) == MOST_RUNS
    assert "1" not in [entry["name"] for entry in listed]
    assert runs_in([tmp_path / "nowhere"]) == []


def test_a_lesson_names_its_notebook_as_a_page_of_jupyter_may_know_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    Path("notebooks").mkdir()
    lesson = nas.course.lessons()[0]
    (Path("notebooks") / lesson.notebook).touch()
    told = offered_lesson(lesson)
    assert told["paths"] == [str(tmp_path / "notebooks" / lesson.notebook), f"~/notebooks/{lesson.notebook}"]
    assert (told["number"], told["minutes"], told["goals"]) == (lesson.number, lesson.minutes, list(lesson.goals))


def test_sizes_are_words() -> None:
    assert size_words(999_999) == "999,999 architectures"
    assert size_words(1_000_000) == "1.0 × 10⁶ architectures"


# ---- what it opens
def test_a_space_is_drawn_searched_and_looked_into(app: Explore, hand: Hand) -> None:
    assert hand("open_space", name="nas_bench_201") == ""
    assert (app.tab, app.stream.space, app.stream.names) == ("space", app.editor, {"space": "nas_bench_201"})
    assert app.editor is not None
    assert app.editor._start_search(_given()) == {"done": "search with tabular"}
    assert app.search is not None
    assert app.tab == "search"
    assert isinstance(app.stream.search, Dashboard)
    assert app.stream.search.search is app.search
    assert app.search.phase == "idle"
    app.tab = "inside"
    assert isinstance(app.stream.inside, LineageView)


def _given(**values: Any) -> Any:
    from nas_explorer.widgets.space_editor_messages import Given

    return Given(values)


def test_another_space_is_a_step_that_can_be_undone(app: Explore, hand: Hand) -> None:
    hand("open_space", name="chain")
    editor = app.editor
    hand("open_space", name="digits_cells")
    assert app.editor is editor is not None
    assert app.stream.names["space"] == "digits_cells"
    editor.undo()
    assert app.stream.names["space"] == "chain"


def test_a_run_a_race_and_a_recording_are_opened_each_in_its_tab(app: Explore, hand: Hand) -> None:
    evolution(Path("one"))
    nas.race(["local_search"], "nas_bench_201", "tabular", 5, 2, run="two")
    assert hand("open_run", folder="one") == ""
    assert (app.tab, app.stream.names["search"]) == ("search", "one")
    first = app.stream.search
    assert hand("open_run", folder="two") == ""
    assert (app.tab, app.stream.names["race"]) == ("race", "two")
    assert isinstance(app.stream.race, RaceView)
    assert hand("play", folder="one") == ""
    assert app.tab == "search"
    assert isinstance(app.stream.search, Dashboard)
    assert app.stream.search is not first
    assert first.comm is None, "the view that nobody sees any more follows no longer"
    assert app.stream.search.moment == 0
    assert app.stream.search.stream.header["buttons"] == []


def test_inside_a_search_that_shares_weights_is_its_supernet(app: Explore, tmp_path: Path) -> None:
    app.open_run(written(tmp_path / "shared"))
    assert app.stream.inside is None
    app.tab = "inside"
    assert isinstance(app.stream.inside, SupernetView)


def test_a_race_is_begun_from_the_form(app: Explore, hand: Hand) -> None:
    assert hand("begin_race", space="nas_bench_201", lanes=["local_search"], trials=20, seeds=3) == ""
    assert app.race is not None
    assert app.tab == "race"
    assert app.race.folder.parent == Path("runs")
    until(lambda: app.race.phase == "finished", 30)  # type: ignore[union-attr]
    assert list(app.race.history.lanes) == ["local_search", "random_search"]


def test_a_search_that_somebody_shows_elsewhere_is_not_closed_with_the_explorer(tmp_path: Path) -> None:
    from nas_explorer.widgets.dashboard import dashboard_of

    search = evolution(tmp_path / "mine")
    app = nas.explore(run=search)  # type: ignore[arg-type]
    assert app.stream.search is dashboard_of(search)
    app.close()
    assert dashboard_of(search).comm is not None
    dashboard_of(search).close()


def test_space_and_run_open_at_once_and_what_is_wrong_is_named() -> None:
    evolution(Path("one"))
    app = nas.explore("chain", "one")
    assert app.tab == "space"
    assert app.search is not None
    app.close()
    with pytest.raises(UnknownName, match="did you mean 'chain'"):
        nas.explore("chian")
    with pytest.raises(RunNotFound, match="nowhere holds no run"):
        nas.explore(run="nowhere")


# ---- what it refuses
@pytest.mark.parametrize(
    ("wish", "args", "words"),
    [
        ("open_space", {"name": "chian"}, "did you mean 'chain'"),
        ("open_space", {}, "name must be a text"),
        ("open_run", {"folder": "nowhere"}, "nowhere holds no run"),
        ("open_run", {"folder": ["runs"]}, "folder must be a text"),
        ("play", {"folder": "x" * 500}, "folder must be a text"),
        ("begin_race", {"space": "chain", "lanes": ["tpe"], "trials": 5, "seeds": 2}, "a race of this form is on nas_bench_201"),
        ("begin_race", {"space": "drawn", "lanes": ["tpe"], "trials": 5, "seeds": 2}, "a race of this form is on nas_bench_201"),
        ("begin_race", {"space": "nas_bench_201", "lanes": [], "trials": 5, "seeds": 2}, "got none"),
        ("begin_race", {"space": "nas_bench_201", "lanes": ["magic"], "trials": 5, "seeds": 2}, "got magic"),
        ("begin_race", {"space": "nas_bench_201", "lanes": ["tpe"], "trials": 10**6, "seeds": 2}, "trials must be a whole number"),
        ("begin_race", {"space": "nas_bench_201", "lanes": ["tpe"], "trials": 5, "seeds": -1}, "seeds must be a whole number"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(app: Explore, hand: Hand, wish: str, args: dict[str, Any], words: str) -> None:
    assert words in hand(wish, **args)
    assert (app.tab, app.stream.space, app.stream.search, app.stream.race) == ("start", None, None, None)


@pytest.mark.parametrize(
    "message", [None, [], "open", {}, {"type": "open_run"}, {"type": "delete", "view": "v", "number": 1, "version": 0}]
)
def test_messages_that_are_not_ours_change_nothing(app: Explore, hand: Hand, message: Any) -> None:
    hand.raw(message)
    assert hand.answers == []
    assert app.tab == "start"


def test_a_fault_of_ours_is_said_too_and_the_view_does_not_wait_for_ever(app: Explore, hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(space: str) -> None:
        raise ZeroDivisionError("half of nothing")

    monkeypatch.setattr(app, "open_space", broken)
    with pytest.raises(ZeroDivisionError):
        hand("open_space", name="chain")
    assert hand.answers[-1]["refused"] == "That did not work: ZeroDivisionError('half of nothing')."


def test_the_pictures_stand_for_it_in_a_saved_notebook(app: Explore) -> None:
    assert "run this cell to open it" in app._drawn()
    app.open_space("nas_bench_201")
    assert app._drawn().startswith("<svg")
    assert "run this cell" not in app._drawn()


def test_every_tab_can_be_opened_with_nothing_in_it(app: Explore) -> None:
    for tab in TABS:
        app.tab = tab
    assert app.stream.inside is None
