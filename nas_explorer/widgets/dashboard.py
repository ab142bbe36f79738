"""The live dashboard of a search: the Python side of assets/widgets/src/dashboard.tsx.

Traits, in the browser's order: stream, selected, x_metric, y_metric, theme, moment. Clicks and choices come in here; all that is shown
goes out through `stream`, which only the follower's thread writes, and of a replay the moments ahead. The plot is plotly's, but no
FigureWidget: that one sends its columns back to Python after every update, into the shell that runs the user's cells, and its 5 MB
once for every widget.
"""

from __future__ import annotations

import time
import weakref
from dataclasses import replace
from typing import Any

import traitlets
from ipywidgets import widget_serialization

from nas_explorer.search.follower import PERIOD_SECONDS
from nas_explorer.search.replay import Replay
from nas_explorer.search.search import Search
from nas_explorer.views import ParetoView, pareto_plot
from nas_explorer.widgets.dashboard_content import DashboardContent, Wishes
from nas_explorer.widgets.dashboard_moments import without_points
from nas_explorer.widgets.dashboard_replay import DashboardReplay
from nas_explorer.widgets.dashboard_stream import DashboardStream
from nas_explorer.widgets.lineage_view import LineageView
from nas_explorer.widgets.live_view import STATIC, LiveView
from nas_explorer.widgets.marimo_cell import this_cell
from nas_explorer.widgets.status import Status, banner, header
from nas_explorer.widgets.steer_panel import SteerPanel
from nas_explorer.widgets.steering import ACTIVE, QUIET_SECONDS, Steering
from nas_explorer.widgets.supernet_view import SupernetView

FIGURE_SECONDS = 0.25  # a plot is repainted at most so often
LIST_SECONDS = 0.5  # and counters, the curve and the table
TWIN_SECONDS = 0.2  # of one look that the random twin of a long search may take to catch up


class Dashboard(LiveView):
    """See a search happen, and steer it.

    Args:
        search: the search to show; several views of one dashboard stay in step.
        commands: whether it has buttons to steer with; else it only looks.

    Attributes:
        selected: number of the trial whose architecture is shown, None for the best so far.
        x_metric, y_metric: what the Pareto plot shows.
        moment: how many events were known at the moment that is shown, None for now.
    """

    _esm = STATIC / "dashboard.js"
    _css = STATIC / "dashboard.css"

    stream = traitlets.Instance(DashboardStream).tag(sync=True, **widget_serialization)
    selected = traitlets.Int(None, allow_none=True).tag(sync=True)
    x_metric = traitlets.Unicode("").tag(sync=True)
    y_metric = traitlets.Unicode("").tag(sync=True)
    theme = traitlets.Enum(("light", "dark"), "light").tag(sync=True)
    moment = traitlets.Int(None, allow_none=True).tag(sync=True)

    def __init__(self, search: Search, moment: int | None = None, commands: bool = True) -> None:
        self._get_ready()
        self._inside: SupernetView | None = None
        self._lineage: LineageView | None = None
        self._steer: SteerPanel | None = None
        self.search = search
        self._content = DashboardContent(search)
        self._offset = 0
        self._dismissed = 0
        self._steering = Steering(search, self.follower.nudge)
        self._commands = commands
        self._cell = this_cell()
        self._drawn_at = self._listed_at = 0.0
        x, y = self._content.axes(Wishes())
        super().__init__(stream=DashboardStream(), x_metric=x.name, y_metric=y.name, moment=moment)
        self._replay = DashboardReplay(search, self._content, self.stream)
        self._go_live(["selected", "x_metric", "y_metric", "theme", "moment"])

    def close(self) -> None:
        """Stop following, in every tab; the search goes on."""
        self.follower.close()  # before the tabs, which its looks show
        for view in (self._inside, self._lineage, self._steer):
            if view is not None:
                view.close()
        super().close()

    # ---- the browser's side speaks
    def _take(self, message: dict[str, Any]) -> None:
        if message.get("type") == "page" and type(message.get("offset")) is int:
            self._offset = max(0, message["offset"])
            self.follower.nudge()
        elif message.get("type") == "command":
            name = str(message.get("name"))
            if name == "dismiss":
                self._dismissed = self.search.history.failed_count
            if self._commands or name == "dismiss":
                self._steering.command(name)
        elif message.get("type") == "inside":
            if self.search.plan.one_shot is not None and self._inside is None:
                with self._cell():
                    self._inside = SupernetView(self.search)
            self.follower.nudge()
        elif message.get("type") == "lineage":
            self._hold_against(message.get("trial"))
        elif message.get("type") == "steer":
            if self._commands and self._steer is None:
                with self._cell():
                    self._steer = SteerPanel(self.search)
                traitlets.dlink((self, "selected"), (self._steer, "start"))
            self.follower.nudge()
        elif message.get("type") == "ahead":
            self._replay.ask(message)
            self.follower.nudge()

    def _hold_against(self, trial: object) -> None:
        """Make the lineage view, where a trial is held against any other."""
        if self.search.plan.one_shot is None:
            if self._lineage is None:
                with self._cell():
                    self._lineage = LineageView(self.search)
            if type(trial) is int and 0 <= trial < len(self.search.history):
                self._lineage.compared, self._lineage.selected = trial, None
            self.follower.nudge()

    # ---- our side looks and shows
    def look(self) -> None:
        """Take in what is new and show it; called by the follower, at most 8 times a second."""
        self.search.follow()
        if self._inside is not None and self.stream.inside is None:
            self.stream.show({"inside": self._inside})
        if self._lineage is not None and self.stream.lineage is None:
            self.stream.show({"lineage": self._lineage})
        if self._steer is not None and self.stream.steer is None:
            self.stream.show({"steer": self._steer})
        status = replace(self._steering.status(), commands=self._commands)
        active = status.phase in ACTIVE
        self.follower.period = PERIOD_SECONDS if active else QUIET_SECONDS
        wishes = self._wishes()
        if self.moment is None or self.moment >= self.search.history.event_count:
            self._look_at_now(wishes, status, active)
        else:
            self._look_back(max(0, self.moment), wishes, status)
        if self._replay.waits:
            self._frame(wishes)
            self._replay.tell(wishes, status, self.theme)
        self._replay.show_line()
        if self._content.behind or self._replay.waits:
            self.follower.nudge()
        seen = (self.search.history.event_count, status, wishes)
        self.picture.follow(lambda: self._content.picture(wishes, status), seen, active)

    def _look_at_now(self, wishes: Wishes, status: Status, active: bool) -> None:
        seen = (self.search.history.event_count, status, wishes, self.theme)
        now = time.monotonic()
        if seen == self._seen and not self._content.behind:
            if active and now - self._listed_at >= LIST_SECONDS:  # only the clock has moved
                self._listed_at = now
                self.stream.show({"header": header(self.search, status)})
            return
        # At once, if the user did something and waits to see it, or if this is the last word; else as often as eyes can follow.
        hurry = seen[1:] != self._seen[1:] or not active
        draws, lists = hurry or now - self._drawn_at >= FIGURE_SECONDS, hurry or now - self._listed_at >= LIST_SECONDS
        content: dict[str, Any] = {"events": seen[0]}
        if draws:
            content |= self._drawing(self._content.look(wishes, TWIN_SECONDS)) | self._content.plot_panels(wishes)
            self._drawn_at = now
        if lists:
            content |= self._content.list_panels(wishes, status)
            self._listed_at = now
        self.stream.show(content)
        if draws and lists:
            self._seen = seen

    def _look_back(self, moment: int, wishes: Wishes, status: Status) -> None:
        """Show what was known when so many events were; nothing of it changes while the search goes on."""
        seen = (moment, status, wishes, self.theme, "then")
        if seen == self._seen and not self._content.behind:
            return
        self._frame(wishes)
        then = self._content.at(moment)
        content = self._drawing(then.look(wishes), moment) | then.panels(wishes, status) | self._replay.points(wishes, moment)
        if status.refusal:  # of a command of now
            content["banner"] = banner(self.search, status, None, self.search.history.failed_count)
        self.stream.show(content)
        self._seen = seen

    def _frame(self, wishes: Wishes) -> None:
        """The axes of the newest moment, which a replay keeps."""
        view = self._content.view
        if view is None or (view.x, view.y) != self._content.axes(wishes) or self._content.behind:
            self._content.look(wishes, TWIN_SECONDS)

    def _drawing(self, view: ParetoView, then: int | None = None) -> dict[str, Any]:
        """The plot of a view. To that of a moment of the past the browser adds the dots."""
        plot = pareto_plot(view, self.theme, self._content.noun, titles=False)
        return {"figure": plot if then is None else without_points(plot) | {"then": then}}

    def _picture(self) -> str:
        return self._content.picture(self._wishes(), self._steering.status())

    def _wishes(self) -> Wishes:
        return Wishes(self.selected, self.x_metric, self.y_metric, self._offset, self._dismissed)


_dashboards: weakref.WeakKeyDictionary[Search, Dashboard] = weakref.WeakKeyDictionary()


def dashboard_of(search: Search) -> Dashboard:
    """The dashboard of a search: one for each, so that its plot's code travels to the browser once."""
    if search not in _dashboards:
        _dashboards[search] = Dashboard(search)
    return _dashboards[search]


_replays: weakref.WeakKeyDictionary[Search, Dashboard] = weakref.WeakKeyDictionary()


def replay_of(replay: Replay) -> Dashboard:
    """The dashboard of a replay, at its beginning; one for each search, beside the one that steers it."""
    if replay.search not in _replays:
        _replays[replay.search] = Dashboard(replay.search, replay.moment, commands=False)
    _replays[replay.search].moment = replay.moment
    return _replays[replay.search]
