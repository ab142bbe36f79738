"""nas_explorer: see Neural Architecture Search happen, in a notebook.

>>> import nas_explorer as nas
>>> space = nas.spaces.nas_bench_201()
>>> nas.spaces.size(space)
15625

The names below load when they are first used, so that `import nas_explorer` itself is quick and loads no torch.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nas_explorer import errors, estimators, models, one_shot, records, spaces, strategies, tasks
    from nas_explorer.errors import NasExplorerError
    from nas_explorer.races.race import Race, race
    from nas_explorer.search.budget import Budget
    from nas_explorer.search.search import Search
    from nas_explorer.widgets.dashboard import Dashboard
    from nas_explorer.widgets.learning_curve import watch
    from nas_explorer.widgets.lineage_view import LineageView
    from nas_explorer.widgets.space_editor import SpaceEditor
    from nas_explorer.widgets.supernet_view import SupernetView

__version__ = "0.1.0"
__all__ = [
    "Budget",
    "Dashboard",
    "LineageView",
    "NasExplorerError",
    "Race",
    "Search",
    "SpaceEditor",
    "SupernetView",
    "errors",
    "estimators",
    "models",
    "one_shot",
    "open",
    "race",
    "records",
    "spaces",
    "strategies",
    "tasks",
    "watch",
]

_ROOMS = ("errors", "estimators", "models", "one_shot", "races", "records", "search", "spaces", "strategies", "tasks", "views", "widgets")
_NAMES = {
    "Budget": "nas_explorer.search.budget",
    "Dashboard": "nas_explorer.widgets.dashboard",
    "LineageView": "nas_explorer.widgets.lineage_view",
    "NasExplorerError": "nas_explorer.errors",
    "Race": "nas_explorer.races.race",
    "Search": "nas_explorer.search.search",
    "SpaceEditor": "nas_explorer.widgets.space_editor",
    "SupernetView": "nas_explorer.widgets.supernet_view",
    "race": "nas_explorer.races.race",
    "watch": "nas_explorer.widgets.learning_curve",
}


def open(run: str, **parts: Any) -> Search:
    """A run folder as a search: to look at, steer or go on with, from any notebook, after any restart.

    `strategy=` and `estimator=` are for runs with parts of your own, which no file can bring back.
    """
    search: Search = __getattr__("Search").open(run, **parts)
    return search


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return importlib.import_module(f"nas_explorer.{name}")
    if name not in _NAMES:
        raise AttributeError(f"nas_explorer has no {name!r}; it has {', '.join(__all__)}")
    value = getattr(importlib.import_module(_NAMES[name]), name)
    if name == "Search":
        importlib.import_module("nas_explorer.widgets.display").connect()
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
