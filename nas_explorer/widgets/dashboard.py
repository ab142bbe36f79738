"""The live dashboard of a search: the Python side of assets/widgets/src/dashboard.tsx.

Traits, in the browser's order: stream, selected, x_metric, y_metric, theme. Clicks and choices come in here; all that is shown
goes out through `stream`, which only the follower's thread writes. The plot is plotly's, but no FigureWidget: that one sends its
columns back to Python after every update, into the shell that runs the user's cells, and its 5 MB once for every widget.
"""

from __future__ import annotations

import threading
import time
import traceback
import weakref
from pathlib import Path
from typing import Any

import anywidget
import pandas  # noqa: F401 - plotly looks for it in sys.modules, and must not find it half loaded by a cell while we draw
import traitlets
from ipywidgets import widget_serialization

from nas_explorer.errors import RunError
from nas_explorer.search.follower import PERIOD_SECONDS, Follower
from nas_explorer.search.search import Search
from nas_explorer.views import ParetoView, figure_json, pareto_figure, retheme, update_pareto
from nas_explorer.widgets.dashboard_content import DashboardContent, Wishes
from nas_explorer.widgets.picture_output import PictureOutput
from nas_explorer.widgets.status import header
from nas_explorer.widgets.steering import ACTIVE, QUIET_SECONDS, Steering
from nas_explorer.widgets.stream import DashboardStream
from nas_explorer.widgets.supernet_view import SupernetView

STATIC = Path(__file__).parent / "static"
FIGURE_SECONDS = 0.25  # a plot is repainted at most so often
LIST_SECONDS = 0.5  # and counters, the curve and the table


class Dashboard(anywidget.AnyWidget):
    """See a search happen, and steer it.

    Args:
        search: the search to show; several views of one dashboard stay in step.

    Attributes:
        selected: number of the trial whose architecture is shown, None for the best so far.
        x_metric, y_metric: what the Pareto plot shows.
    """

    _esm = STATIC / "dashboard.js"
    _css = STATIC / "dashboard.css"

    stream = traitlets.Instance(DashboardStream).tag(sync=True, **widget_serialization)
    selected = traitlets.Int(None, allow_none=True).tag(sync=True)
    x_metric = traitlets.Unicode("").tag(sync=True)
    y_metric = traitlets.Unicode("").tag(sync=True)
    theme = traitlets.Enum(("light", "dark"), "light").tag(sync=True)

    def __init__(self, search: Search) -> None:
        self.search = search
        self._content = DashboardContent(search)
        self._offset = 0
        self._dismissed = 0
        self.follower = Follower(self._look_safely)
        self._steering = Steering(search, self.follower.nudge)
        self._looks_inside = False
        self._drawn_at = self._listed_at = 0.0
        self._seen: tuple[Any, ...] = ()
        x, y = self._content.axes(Wishes())
        self._drawn = self._content.look(Wishes())
        self._figure = pareto_figure(self._drawn, "light", noun=self._content.noun, titles=False)
        super().__init__(stream=DashboardStream(figure=figure_json(self._figure)), x_metric=x.name, y_metric=y.name)
        self.picture = PictureOutput()
        self.on_msg(self._heard)
        self.observe(lambda change: self.follower.nudge(), names=["selected", "x_metric", "y_metric", "theme"])
        self.look()
        self.follower.start()

    def show(self) -> None:
        """Display it, and below it the static picture that stands for it where no kernel runs."""
        from IPython.display import display

        display(self)
        self.picture.display(lambda: self._content.picture(self._wishes(), self._steering.status()))

    def close(self) -> None:
        """Stop following; the search goes on."""
        self.follower.close()
        if isinstance(self.stream.inside, SupernetView):
            self.stream.inside.close()
        super().close()

    # ---- the browser's side speaks
    def _heard(self, _: Dashboard, message: Any, __: Any) -> None:
        """A message from the browser; whatever is not one of ours is left alone."""
        if not isinstance(message, dict):
            return
        if message.get("type") == "hello":
            self.send({"type": "ack", "thread": threading.current_thread().name})
        elif message.get("type") == "page" and type(message.get("offset")) is int:
            self._offset = max(0, message["offset"])
            self.follower.nudge()
        elif message.get("type") == "command":
            name = str(message.get("name"))
            if name == "dismiss":
                self._dismissed = self.search.history.failed_count
            self._steering.command(name)
        elif message.get("type") == "inside":
            self._looks_inside = self.search.plan.one_shot is not None
            self.follower.nudge()

    # ---- our side looks and shows
    def _look_safely(self) -> None:
        """What goes wrong is said in the banner; the thread must outlive it, or the view would stand still without a word."""
        try:
            self.look()
        except RunError as error:
            self._stumbled("This run cannot be read on.", str(error))
        except Exception as error:
            details = "".join(traceback.format_exception(error))
            self._stumbled("This view stumbled.", f"{error}. The search is not touched by it; the view tries again by itself.", details)

    def _stumbled(self, bold: str, text: str, details: str | None = None) -> None:
        self.stream.show({"banner": {"kind": "err", "bold": bold, "text": text, "details": details, "actions": []}})
        self.follower.period = QUIET_SECONDS

    def look(self) -> None:
        """Take in what is new and show it; called by the follower, at most 8 times a second."""
        self.search.follow()
        if self._looks_inside and self.stream.inside is None:
            self.stream.show({"inside": SupernetView(self.search)})
        status = self._steering.status()
        active = status.phase in ACTIVE
        self.follower.period = PERIOD_SECONDS if active else QUIET_SECONDS
        wishes = self._wishes()
        seen = (self.search.history.event_count, status, wishes, self.theme)
        now = time.monotonic()
        if seen == self._seen:
            if active and now - self._listed_at >= LIST_SECONDS:  # only the clock has moved
                self._listed_at = now
                self.stream.show({"header": header(self.search, status)})
            return
        # At once, if the user did something and waits to see it, or if this is the last word; else as often as eyes can follow.
        hurry = seen[1:] != self._seen[1:] or not active
        draws, lists = hurry or now - self._drawn_at >= FIGURE_SECONDS, hurry or now - self._listed_at >= LIST_SECONDS
        content: dict[str, Any] = {"events": seen[0]}
        if draws:
            content |= self._drawing(self._content.look(wishes)) | self._content.plot_panels(wishes)
            self._drawn_at = now
        if lists:
            content |= self._content.list_panels(wishes, status)
            self._listed_at = now
        self.stream.show(content)
        if draws and lists:
            self._seen = seen
        self.picture.update(lambda: self._content.picture(wishes, status), now=not active)

    def _drawing(self, view: ParetoView) -> dict[str, Any]:
        update_pareto(self._figure, view, self._drawn)
        if self._figure.layout.meta["theme"] != self.theme:
            retheme(self._figure, self.theme)
        self._drawn = view
        return {"figure": figure_json(self._figure)}

    def _wishes(self) -> Wishes:
        return Wishes(self.selected, self.x_metric, self.y_metric, self._offset, self._dismissed)


_dashboards: weakref.WeakKeyDictionary[Search, Dashboard] = weakref.WeakKeyDictionary()


def dashboard_of(search: Search) -> Dashboard:
    """The dashboard of a search: one for each, so that its plot's code travels to the browser once."""
    if search not in _dashboards:
        _dashboards[search] = Dashboard(search)
    return _dashboards[search]
