"""Tells IPython how a Search shows itself: as its live dashboard, made when it is first shown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nas_explorer.search.search import Search


def connect() -> None:
    """Outside of IPython this does nothing: a Search in a plain terminal shows its repr."""
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None and hasattr(shell, "kernel"):
        formatter = shell.display_formatter.ipython_display_formatter
        formatter.for_type_by_name("nas_explorer.search.search", "Search", show)


def show(search: Search) -> None:
    """Display the dashboard of a search, the same one each time."""
    from nas_explorer.widgets.dashboard import dashboard_of

    dashboard_of(search).show()
