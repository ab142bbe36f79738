"""nas_explorer: see Neural Architecture Search happen, in a notebook.

>>> import nas_explorer as nas
>>> space = nas.spaces.nas_bench_201()
>>> nas.spaces.size(space)
15625

The names below load when they are first used, so that `import nas_explorer` itself is quick and loads no torch.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nas_explorer import course, errors, estimators, models, one_shot, records, spaces, strategies, tasks
    from nas_explorer.errors import NasExplorerError
    from nas_explorer.races.race import Race, race
    from nas_explorer.search.budget import Budget
    from nas_explorer.search.recordings import recordings
    from nas_explorer.search.search import Search
    from nas_explorer.spaces import SearchSpace
    from nas_explorer.widgets.dashboard import Dashboard
    from nas_explorer.widgets.explore import Explore
    from nas_explorer.widgets.learning_curve import watch
    from nas_explorer.widgets.lineage_view import LineageView
    from nas_explorer.widgets.race_view import RaceView
    from nas_explorer.widgets.space_editor import SpaceEditor
    from nas_explorer.widgets.steer_panel import SteerPanel
    from nas_explorer.widgets.supernet_view import SupernetView

__version__ = "0.1.0"
__all__ = [
    "Budget",
    "Dashboard",
    "LineageView",
    "NasExplorerError",
    "Race",
    "RaceView",
    "Search",
    "SpaceEditor",
    "SteerPanel",
    "SupernetView",
    "course",
    "errors",
    "estimators",
    "explore",
    "models",
    "one_shot",
    "open",
    "race",
    "recordings",
    "records",
    "spaces",
    "strategies",
    "tasks",
    "watch",
]

_ROOMS = ("course", "errors", "estimators", "models", "one_shot", "races", "records", "search", "spaces", "strategies", "tasks", "views",
          "widgets")
_NAMES = {
    "Budget": "nas_explorer.search.budget",
    "Dashboard": "nas_explorer.widgets.dashboard",
    "LineageView": "nas_explorer.widgets.lineage_view",
    "NasExplorerError": "nas_explorer.errors",
    "Race": "nas_explorer.races.race",
    "RaceView": "nas_explorer.widgets.race_view",
    "Search": "nas_explorer.search.search",
    "SpaceEditor": "nas_explorer.widgets.space_editor",
    "SteerPanel": "nas_explorer.widgets.steer_panel",
    "SupernetView": "nas_explorer.widgets.supernet_view",
    "race": "nas_explorer.races.race",
    "recordings": "nas_explorer.search.recordings",
    "watch": "nas_explorer.widgets.learning_curve",
}


def open(run: str | os.PathLike[str], **parts: Any) -> Any:
    """A run folder as a search, or the folder of a race as a race: to look at, steer or go on with, from any notebook, after any restart.

    `strategy=` and `estimator=` are for runs with parts of your own, which no file can bring back; for races `strategies=`.
    """
    holds_race = importlib.import_module("nas_explorer.records.race_manifest").is_race(run)
    return __getattr__("Race" if holds_race else "Search").open(run, **parts)


def explore(space: SearchSpace | str | None = None, run: Search | str | None = None) -> Explore:
    """All of it in one cell: draw a space, search it, look inside, race strategies, take a lesson.

    `space=` begins with a space, or the name of a ready one; `run=` with a search, or the folder of a run.
    """
    from nas_explorer.course import lessons
    from nas_explorer.widgets.explore import Explore

    return Explore(space, run, lessons())


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return importlib.import_module(f"nas_explorer.{name}")
    if name not in _NAMES:
        raise AttributeError(f"nas_explorer has no {name!r}; it has {', '.join(__all__)}")
    value = getattr(importlib.import_module(_NAMES[name]), name)
    if name in ("Search", "Race", "race"):
        importlib.import_module("nas_explorer.widgets.display").connect()
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
