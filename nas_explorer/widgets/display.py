"""Tells IPython how things show themselves: a Search as its live dashboard, its `steer` as the panel that steers it, a Race as its live
view, each made when first shown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anywidget import AnyWidget

    from nas_explorer.races.race import Race
    from nas_explorer.search.replay import Replay
    from nas_explorer.search.search import Search
    from nas_explorer.search.steering import Steering


def connect() -> None:
    """Outside of IPython and marimo this does nothing: a Search in a plain terminal shows its repr."""
    if "marimo" in sys.modules:
        _tell_marimo()
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None and hasattr(shell, "kernel"):
        formatter = shell.display_formatter.ipython_display_formatter
        formatter.for_type_by_name("nas_explorer.search.search", "Search", show)
        formatter.for_type_by_name("nas_explorer.search.replay", "Replay", show_replay)
        formatter.for_type_by_name("nas_explorer.search.steering", "Steering", show_steering)
        formatter.for_type_by_name("nas_explorer.races.race", "Race", show_race)


def _tell_marimo() -> None:
    """There an object says itself what is shown for it."""
    from nas_explorer.races.race import Race
    from nas_explorer.search.replay import Replay
    from nas_explorer.search.search import Search
    from nas_explorer.search.steering import Steering
    from nas_explorer.widgets.dashboard import dashboard_of, replay_of
    from nas_explorer.widgets.race_view import race_view_of
    from nas_explorer.widgets.steer_panel import steer_panel_of

    Search._display_ = dashboard_of  # type: ignore[attr-defined]
    Replay._display_ = replay_of  # type: ignore[attr-defined]
    Steering._display_ = lambda steer: steer_panel_of(steer.search)  # type: ignore[attr-defined]
    Race._display_ = race_view_of  # type: ignore[attr-defined]


def show(search: Search) -> None:
    """Display the dashboard of a search, the same one each time."""
    from nas_explorer.widgets.dashboard import dashboard_of

    dashboard_of(search).show()


def show_replay(replay: Replay) -> None:
    """Display a dashboard that only looks, at the moment where the replay begins."""
    from nas_explorer.widgets.dashboard import replay_of

    replay_of(replay).show()


def show_steering(steer: Steering) -> None:
    """Display the panel that steers a search, the same one each time."""
    from nas_explorer.widgets.steer_panel import steer_panel_of

    steer_panel_of(steer.search).show()


def show_race(race: Race) -> None:
    """Display the view of a race, the same one each time."""
    from nas_explorer.widgets.race_view import race_view_of

    race_view_of(race).show()


def view_bundle(widget: AnyWidget) -> dict[str, Any]:
    """The bundle that shows a widget: for `display(..., raw=True)` in a widget that says itself how it is displayed."""
    bundle = widget._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    return dict(data or {})
