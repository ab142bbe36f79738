"""The search space as an editable graph: the Python side of assets/widgets/src/space_editor.tsx.

One trait for the browser: stream, the model with all that is shown. Gestures come in as messages; Python decides, and every view
follows. `space` is what stands on the board now.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets
from ipywidgets import widget_serialization

from nas_explorer.errors import InvalidOption, NasExplorerError
from nas_explorer.spaces import SearchSpace, fragments, load, to_code
from nas_explorer.spaces.cost_terms import Device
from nas_explorer.widgets.picture_output import PictureOutput
from nas_explorer.widgets.space_editor_board import Board, Place, Point, Sheet
from nas_explorer.widgets.space_editor_costs import candidate_costs, strip
from nas_explorer.widgets.space_editor_drawing import drawn_sheet
from nas_explorer.widgets.space_editor_edits import host_of, slots_of
from nas_explorer.widgets.space_editor_facts import FactsFinder
from nas_explorer.widgets.space_editor_gestures import apply
from nas_explorer.widgets.space_editor_messages import Given, Request, read_request
from nas_explorer.widgets.space_editor_palette import drawn_palette
from nas_explorer.widgets.space_editor_picture import graph_svg, sheet_svg
from nas_explorer.widgets.space_editor_places import moved_over
from nas_explorer.widgets.space_editor_search import Offer, begin_search
from nas_explorer.widgets.space_editor_settings import on_device
from nas_explorer.widgets.space_editor_stream import SpaceEditorStream

if TYPE_CHECKING:
    from nas_explorer.search.search import Search

STATIC = Path(__file__).parent / "static"


class SpaceEditor(anywidget.AnyWidget):
    """Draw a search space, see at once what that does to it, and search it.

    Args:
        space: what to begin with, or the name of a ready space.
        device: whose latency is shown: one that a table knows, like "raspi4", or the latency of one operation in milliseconds.
        positions: where nodes stand, as `editor.positions` gave them; all others are laid out.
        open_search: shows a search that is begun here; by default its dashboard stands below.

    Attributes:
        space: the space as it is drawn now. Set it to draw another; `editor.observe(f, "space")` hears of every edit, and
            `traitlets.link((one, "space"), (other, "space"))` keeps two editors in step.

    >>> editor = SpaceEditor("nas_bench_201")
    >>> editor.space = editor.space.edit("cell", lambda cell: cell.without("0", "3"))
    >>> editor.undo(), len(editor.space.cell("cell").edges)
    ('draw nas_bench_201', 6)
    >>> editor.close()
    """

    _esm = STATIC / "space_editor.js"
    _css = STATIC / "space_editor.css"

    stream = traitlets.Instance(SpaceEditorStream).tag(sync=True, **widget_serialization)
    space = traitlets.Instance(SearchSpace)

    _is_made = False                             # ipywidgets closes those too that were refused while they were made

    def __init__(self, space: SearchSpace | str, device: Device | str | None = None,
                 positions: Mapping[Place, Point] = MappingProxyType({}), open_search: Callable[[Search], None] | None = None) -> None:
        drawn = load(space) if isinstance(space, str) else space
        sheet = Sheet(drawn, MappingProxyType(dict(positions)))
        self._board = Board(on_device(sheet, device) if isinstance(device, str) else sheet)
        self._lock = threading.RLock()           # callbacks may run on another thread than the user's cells
        super().__init__(stream=SpaceEditorStream(), space=drawn)
        self._picture = PictureOutput("A picture of the search space")
        self._below: Any = None                  # where the dashboard of a search will stand
        self._open_search = open_search or self._open_below
        self._facts = FactsFinder(self._newest, lambda content: self.stream.show({"facts": content}),
                                  None if isinstance(device, str) else device)
        self.on_msg(self._heard)
        self.observe(self._replaced, names="space")
        self._is_made = True
        self._show()
        self._facts.start()

    @property
    def positions(self) -> dict[Place, Point]:
        """(graph, node) -> centre in pixels, of the nodes that somebody has moved; a space itself knows no places."""
        return dict(self._board.sheet.positions)

    def undo(self) -> str:
        """Take the last step back and say which it was; empty if there was none."""
        return self._turn(self._board.undo)

    def redo(self) -> str:
        """Do the step again that was undone last and say which it was; empty if there was none."""
        return self._turn(self._board.redo)

    def svg(self, graph: str = "", theme: str = "light") -> str:
        """One graph as a picture: a cell by its name, the network as "".

        Raises:
            InvalidSpace: if there is no such graph.
        """
        return graph_svg(self._board.sheet, graph, theme)

    def show(self) -> None:
        """Display it, and below it the static picture that stands for it where no kernel runs."""
        from IPython.display import display

        display(_view_of(self), raw=True)
        # What a click displays belongs to no cell, and Lab drops it: the dashboard of a search needs a place made now.
        self._below = display({"text/plain": ""}, raw=True, display_id=True)
        self._picture.display(lambda: sheet_svg(self._board.sheet))

    def _ipython_display_(self) -> None:
        self.show()

    def close(self) -> None:
        """Take it off the page; the space stays."""
        if self._is_made:
            self._facts.close()
            self._picture.stop()
        super().close()

    # ---- the browser's side speaks
    def _heard(self, _: SpaceEditor, content: Any, __: Any) -> None:
        """A message from the browser; what is not one of ours is left alone, and what is malformed is refused."""
        if isinstance(content, dict) and content.get("type") == "hello":
            self.send({"type": "ack", "thread": threading.current_thread().name})
            return
        try:
            request = read_request(content)
        except InvalidOption:
            return
        answer = {"type": "answer", "view": request.view, "number": request.number}
        try:
            with self._lock:
                answer |= self._answer(request)
        except (NasExplorerError, RecursionError) as error:
            answer |= {"refused": str(error)}
        finally:
            # A view waits for its answer, even where an observer of the user's has raised.
            self.send(answer | {"version": self._board.version})

    def _answer(self, request: Request) -> dict[str, Any]:
        if request.kind in self._questions:
            return self._questions[request.kind](self, request.given)
        if request.version != self._board.version:
            raise InvalidOption("That was not done. The drawing had changed meanwhile; look at it and do it again.")
        if request.kind in ("undo", "redo"):
            label = self.undo() if request.kind == "undo" else self.redo()
            return {"done": f"{request.kind} {label}" if label else f"Nothing to {request.kind}"}
        sheet, label = apply(self._board.sheet, request.kind, request.given)
        self._put(sheet, label)
        return {"done": label}

    def _look(self, given: Given) -> dict[str, Any]:
        """What each candidate at a place costs."""
        sheet = self._board.sheet
        name, graph, host = host_of(sheet, given)
        return {"costs": candidate_costs(sheet.space, name, host, slots_of(sheet, name, graph, host))}

    def _copy(self, given: Given) -> dict[str, Any]:
        return {"fragment": fragments.copy(self.space, given.text("graph", least=0), given.names("nodes"))}

    def _export(self, given: Given) -> dict[str, Any]:
        return {"svg": self.svg(given.text("graph", least=0), given.text("theme"))}

    def _start_search(self, given: Given) -> dict[str, Any]:
        """Show the dashboard of a search on this space, where it is started; or ask for an estimator that can score it."""
        begun = begin_search(self._board.sheet, given.text("estimator") if "estimator" in given else "")
        if isinstance(begun, Offer):
            return {"why": begun.why, "estimators": [{"name": name, "summary": summary} for name, summary in begun.estimators]}
        search, words = begun
        self._open_search(search)
        return {"done": words}

    def _open_below(self, search: Search) -> None:
        from nas_explorer.widgets.dashboard import dashboard_of

        if self._below is None:
            raise InvalidOption("The search was not shown. The editor stands in no cell of its own; run editor.show() in one, "
                                "or nas.explore(editor.space).")
        self._below.update(_view_of(dashboard_of(search)), raw=True)

    _questions: ClassVar[Mapping[str, Callable[[SpaceEditor, Given], dict[str, Any]]]] = MappingProxyType({
        "look": _look, "copy": _copy, "export": _export, "start_search": _start_search})

    # ---- the board changes
    def _newest(self) -> tuple[Sheet, int]:
        with self._lock:
            return self._board.sheet, self._board.version

    def _put(self, sheet: Sheet, label: str) -> None:
        self._board.put(sheet, label)
        self._follow_board()

    def _follow_board(self) -> None:
        """The trait first, the views next, and the user's observers last, however long they take."""
        with self.hold_trait_notifications():
            self.space = self._board.sheet.space
            self._show()

    def _turn(self, turn: Callable[[], str]) -> str:
        with self._lock:
            label = turn()
            if label:
                self._follow_board()
        return label

    def _replaced(self, change: dict[str, Any]) -> None:
        """`editor.space = other` from a cell is a step like any other; places of nodes that are still there are kept."""
        with self._lock:
            sheet = self._board.sheet
            if change["new"] != sheet.space:
                if change["new"].name != sheet.space.name:
                    self._facts.compare_from_here()
                self._put(moved_over(sheet, change["new"]), f"draw {change['new'].name}")

    def _show(self) -> None:
        board, space = self._board, self._board.sheet.space
        drawing = drawn_sheet(board.sheet) | {"version": board.version, "name": space.name, "undo": board.undo_label,
                                             "redo": board.redo_label, "strip": strip(board.sheet)}
        self.stream.show({"drawing": drawing, "palette": drawn_palette(space), "code": to_code(space)})
        self._facts.nudge()
        self._picture.update_at_rest(lambda: sheet_svg(board.sheet))


def _view_of(widget: anywidget.AnyWidget) -> dict[str, Any]:
    """The bundle that shows a widget."""
    bundle = widget._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    return dict(data or {})
