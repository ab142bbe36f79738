"""In marimo a widget can be made only while a cell runs, and a click is no cell: so what makes widgets later remembers its own cell."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext


def this_cell() -> Callable[[], AbstractContextManager[None]]:
    """What to act in later, as if the cell that runs now were running; outside of marimo that is nothing special.

    >>> with this_cell()():
    ...     print("as ever")
    as ever
    """
    if "marimo" not in sys.modules:
        return nullcontext
    rooms = importlib.import_module("marimo._runtime.context")
    try:
        context = rooms.get_context()
    except rooms.ContextNotInitializedError:  # marimo was imported, but it is not what runs this
        return nullcontext
    cell = context.cell_id
    if cell is None:
        return nullcontext

    @contextmanager
    def again() -> Iterator[None]:
        with context.install(), context.with_cell_id(cell):
            yield

    return again
