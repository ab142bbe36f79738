"""Tells IPython how things show themselves: a Search as its live dashboard, made when it is first shown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anywidget import AnyWidget

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


def view_bundle(widget: AnyWidget) -> dict[str, Any]:
    """The bundle that shows a widget: for `display(..., raw=True)` in a widget that says itself how it is displayed."""
    bundle = widget._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    return dict(data or {})
