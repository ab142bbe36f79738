"""The whole in one cell: the Python side of assets/widgets/src/explore.tsx.

Traits, in the browser's order: stream, tab. What stands in the tabs are the package's other widgets, each as it is in a cell of its
own; here they are only made, named and put away again.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import anywidget
import traitlets
from ipywidgets import widget_serialization

from nas_explorer.errors import InvalidOption, NasExplorerError
from nas_explorer.races.race import Race
from nas_explorer.records.race_manifest import is_race
from nas_explorer.search.search import Search
from nas_explorer.spaces import SearchSpace, load
from nas_explorer.widgets.dashboard import Dashboard, dashboard_of
from nas_explorer.widgets.display import view_bundle
from nas_explorer.widgets.explore_offers import Lesson, offered_lesson, ready_spaces, recorded, runs_in
from nas_explorer.widgets.explore_picture import invitation_svg
from nas_explorer.widgets.explore_race import offered, race_of
from nas_explorer.widgets.explore_stream import ExploreStream
from nas_explorer.widgets.lineage_view import LineageView
from nas_explorer.widgets.marimo_cell import this_cell
from nas_explorer.widgets.picture_output import PictureOutput
from nas_explorer.widgets.race_view import RaceView, race_view_of
from nas_explorer.widgets.space_editor import SpaceEditor
from nas_explorer.widgets.space_editor_messages import Given, read_request
from nas_explorer.widgets.supernet_view import SupernetView

STATIC = Path(__file__).parent / "static"
TABS = ("start", "space", "search", "inside", "race", "lesson")
RUNS = Path("runs")  # where a search writes unless it is told otherwise


class Explore(anywidget.AnyWidget):
    """Draw a space, search it, look inside, race strategies, take a lesson: all in one cell.

    Args:
        space: what to draw on, or the name of a ready space.
        run: a search or a race, or the folder of one.
        lessons: what the start page offers to learn.

    Attributes:
        tab: what is open: "start", "space", "search", "inside", "race" or "lesson".
        editor, search, race: what stands in these; None until it has been opened.

    >>> app = Explore("nas_bench_201")
    >>> app.tab, app.editor.space.name
    ('space', 'nas_bench_201')
    >>> app.close()

    Raises:
        UnknownName: if there is no such space.
        RunNotFound, RunDamaged, RunTooNew: if the folder cannot be read.
    """

    _esm = STATIC / "explore.js"
    _css = STATIC / "explore.css"

    stream = traitlets.Instance(ExploreStream).tag(sync=True, **widget_serialization)
    tab = traitlets.Enum(TABS, "start").tag(sync=True)

    def __init__(self, space: SearchSpace | str | None = None, run: Search | Race | str | os.PathLike[str] | None = None,
                 lessons: Iterable[Lesson] = ()) -> None:
        self.editor: SpaceEditor | None = None
        self.search: Search | None = None
        self.race: Race | None = None
        self._lessons = [offered_lesson(lesson) for lesson in lessons]
        self._ours: list[Any] = []               # views of the search that nobody else shows,
        self._our_race: RaceView | None = None   # and of the race
        self._lock = threading.RLock()           # callbacks may run on another thread than the user's cells
        self._cell = this_cell()
        super().__init__(stream=ExploreStream(offers=self._offers()))
        self._picture = PictureOutput("A picture of the search space")
        self.on_msg(self._heard)
        self.observe(self._turned, names="tab")
        if run is not None:
            self.open_run(run)
        if space is not None:
            self.open_space(space)

    # ---- what a cell may do, too
    def open_space(self, space: SearchSpace | str) -> None:
        """Draw on this space; what was drawn before can be had back by undoing."""
        drawn = load(space) if isinstance(space, str) else space
        with self._lock:
            if self.editor is None:
                self.editor = SpaceEditor(drawn, open_search=self._begun)
                self.editor.observe(lambda change: self._renamed(), names="space")
                self.stream.show({"space": self.editor})
            else:
                self.editor.space = drawn
            self._renamed()
            self.tab = "space"

    def open_run(self, run: Search | Race | str | os.PathLike[str]) -> None:
        """See a search or a race, or what a folder holds."""
        if isinstance(run, Search):
            self._show_search(run, dashboard_of(run))
        elif isinstance(run, Race):
            self._show_race(run, race_view_of(run))
        elif is_race(run):
            race = Race.open(run)
            self._show_race(race, RaceView(race), ours=True)
        else:
            search = Search.open(run)
            self._show_search(search, Dashboard(search), ours=True)

    def play(self, run: str | os.PathLike[str]) -> None:
        """See a run again from its beginning, as it was when it was recorded; nothing is computed for it."""
        if is_race(run):
            self.open_run(run)
            return
        search = Search.open(run)
        self._show_search(search, Dashboard(search, moment=0, commands=False), ours=True)

    def show(self) -> None:
        """Display it, and below it the static picture that stands for it where no kernel runs."""
        from IPython.display import display

        display(view_bundle(self), raw=True)
        self._picture.display(self._drawn)

    def _ipython_display_(self) -> None:
        self.show()

    def close(self) -> None:
        """Take it off the page; searches go on."""
        self._put_away()
        if self._our_race is not None:
            self._our_race.close()
        if self.editor is not None:
            self.editor.close()
        super().close()

    # ---- the browser's side speaks
    def _heard(self, _: Explore, content: Any, __: Any) -> None:
        """A message from the browser; what is not one of ours is left alone, and what is malformed is refused."""
        if isinstance(content, dict) and content.get("type") == "hello":
            self.send({"type": "ack", "thread": threading.current_thread().name})
            return
        try:
            request = read_request(content)
        except InvalidOption:
            return
        if request.kind not in self._wishes:
            return
        answer: dict[str, Any] = {"type": "answer", "view": request.view, "number": request.number, "version": 0}
        try:
            with self._cell():
                self._wishes[request.kind](self, request.given)
        except NasExplorerError as error:
            answer |= {"refused": str(error)}
        except Exception as error:
            answer |= {"refused": f"That did not work: {error!r}."}
            raise
        finally:
            self.send(answer)

    def _wish_space(self, given: Given) -> None:
        self.open_space(given.text("name"))

    def _wish_run(self, given: Given) -> None:
        self.open_run(given.text("folder"))

    def _wish_recording(self, given: Given) -> None:
        self.play(given.text("folder"))

    def _wish_race(self, given: Given) -> None:
        """Show a race and begin it: its kernel takes a moment."""
        race = race_of(given, self.editor.space if self.editor is not None else None)
        self._show_race(race, RaceView(race), ours=True)
        race.start()

    _wishes: ClassVar[Mapping[str, Callable[[Explore, Given], None]]] = MappingProxyType({
        "open_space": _wish_space, "open_run": _wish_run, "play": _wish_recording, "begin_race": _wish_race})

    # ---- what stands in the tabs
    def _begun(self, search: Search) -> None:
        """The editor's button: a search that waits to be started."""
        with self._cell():
            self._show_search(search, Dashboard(search), ours=True)

    def _show_search(self, search: Search, board: Dashboard, ours: bool = False) -> None:
        with self._lock:
            self._put_away()
            self.search = search
            self._ours = [board] if ours else []
            self.stream.show({"search": board, "inside": None, "names": self._names()})
            self.tab = "search"

    def _show_race(self, race: Race, view: RaceView, ours: bool = False) -> None:
        with self._lock:
            if self._our_race is not None:
                self._our_race.close()
            self.race, self._our_race = race, view if ours else None
            self.stream.show({"race": view, "names": self._names()})
            self.tab = "race"

    def _put_away(self) -> None:
        for view in self._ours:
            view.close()
        self._ours = []

    def _turned(self, change: Mapping[str, Any]) -> None:
        with self._lock:
            if change["new"] == "start":
                self.stream.show({"offers": self._offers()})
            if change["new"] == "inside" and self.search is not None and self.stream.inside is None:
                with self._cell():
                    view = (LineageView if self.search.plan.one_shot is None else SupernetView)(self.search)
                self._ours.append(view)
                self.stream.show({"inside": view})
        self._picture.update_at_rest(self._drawn)

    def _renamed(self) -> None:
        self.stream.show({"names": self._names()})

    def _names(self) -> dict[str, str]:
        names = {}
        if self.editor is not None:
            names["space"] = self.editor.space.name
        if self.search is not None:
            names["search"] = str(self.search.folder)
        if self.race is not None:
            names["race"] = str(self.race.folder)
        return names

    def _offers(self) -> dict[str, Any]:
        return {"spaces": ready_spaces(), "runs": runs_in([RUNS]), "runs_folder": str(RUNS), "recordings": recorded(),
                "race": offered(), "lessons": self._lessons}

    def _drawn(self) -> str:
        return invitation_svg() if self.editor is None else self.editor.svg()
