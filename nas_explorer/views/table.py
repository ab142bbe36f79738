"""A page of the table of trials, newest first, in JSON's own types."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias

from nas_explorer.records import History, Metric
from nas_explorer.spaces.values import Scalar
from nas_explorer.views.numbers import Scale, column_label, column_scale
from nas_explorer.views.operation_look import operation_look

MOST_TILES = 14  # operations shown in a row; the others are in the detail
MOST_KEPT = 2000  # rows that are kept of each set of columns
Columns: TypeAlias = tuple[tuple[Metric, Scale], ...]
_EDGE = re.compile(r"(?:.*/)?(?P<edge>[^/.]+→[^/.]+)")


class RowBook:
    """The rows of a search's trials, each made once: those of a trial that is over stay as they are.

    Attributes:
        tiles: every operation that any row shows, once; rows name them by their places. It only grows, so a place keeps its meaning.
    """

    def __init__(self) -> None:
        self.tiles: list[dict[str, str]] = []
        self._places: dict[tuple[str, str], int | None] = {}
        self._rows: dict[Columns, dict[tuple[int, bool], dict[str, Any]]] = {}

    def rows(
        self, history: History, columns: Columns, front: Collection[int], rank: Callable[[int], str] | None
    ) -> Callable[[int], dict[str, Any]]:
        """The row of any trial, not to be changed: who asks again gets the same object."""
        kept = self._rows.setdefault(columns, {})

        def row(trial: int) -> dict[str, Any]:
            status = history.status(trial)
            key = (trial, trial in front)
            if key in kept and status != "running":  # in a replay it may run again
                return kept[key]
            made = self._row(history, *key, columns, rank)
            if status != "running":
                if len(kept) >= MOST_KEPT:
                    kept.pop(next(iter(kept)))
                kept[key] = made
            return made

        return row

    def _row(self, history: History, trial: int, on_front: bool, columns: Columns, rank: Callable[[int], str] | None) -> dict[str, Any]:
        values = [scale.text(history.value(trial, metric.name), metric.unit) for metric, scale in columns]
        return {
            "trial": trial,
            "status": history.status(trial),
            "front": on_front,
            "ops": self._ops(history.architecture(trial)),
            "values": values if rank is None else [*values, rank(trial)],
            "message": history.failure(trial)[0],
        }

    def _ops(self, architecture: Mapping[str, Scalar]) -> list[int]:
        """The places of an architecture's operations."""
        places = (self._place(key, option) for key, option in architecture.items() if isinstance(option, str))
        return list(islice((place for place in places if place is not None), MOST_TILES))

    def _place(self, key: str, option: str) -> int | None:
        if (key, option) not in self._places:
            tile = operation_tile(key, option)
            if tile is not None and tile not in self.tiles:
                self.tiles.append(tile)
            self._places[key, option] = None if tile is None else self.tiles.index(tile)
        return self._places[key, option]


def trial_table(
    history: History,
    metrics: Sequence[Metric],
    front: Collection[int],
    book: RowBook,
    *,
    offset: int = 0,
    page: int = 50,
    selected: int | None = None,
    rank: Callable[[int], str] | None = None,
) -> dict[str, Any]:
    """Rows offset to offset + page, counted from the newest trial.

    Args:
        metrics: the columns.
        front: numbers of the trials on the front that is shown.
        book: of this history and this `rank`; what it holds already is not made again.
        selected: this trial comes as `selected_row` if it is not on the page.
        rank: the true rank of a trial's architecture, where a table knows it; a last column.
    """
    total = len(history)
    offset = min(max(0, offset), max(0, total - 1))
    numbers = range(total - 1 - offset, max(-1, total - 1 - offset - page), -1)
    columns = tuple((metric, column_scale(metric, history.column(metric.name))) for metric in metrics)  # type: ignore[arg-type]
    row = book.rows(history, columns, front, rank)
    labels = [{"label": column_label(metric, scale)} for metric, scale in columns]
    apart = selected is not None and 0 <= selected < total and selected not in numbers
    return {
        "columns": labels if rank is None else [*labels, {"label": "True rank"}],
        "rows": [row(trial) for trial in numbers],
        "total": total,
        "offset": offset,
        "page": page,
        "selected_row": row(selected) if apart and selected is not None else None,
    }


def operation_tiles(architecture: Mapping[str, Scalar]) -> list[dict[str, str]]:
    """The operations that an architecture decided on, in the order of the decisions, so the eye compares by position.

    >>> operation_tiles({"cell/0→1": "conv_3x3", "channels": 16})
    [{'family': 'conv', 'glyph': 'op-c3', 'label': 'conv 3×3', 'edge': '0→1'}]
    """
    tiles = (operation_tile(key, option) for key, option in architecture.items() if isinstance(option, str))
    return [tile for tile in tiles if tile is not None][:MOST_TILES]


def operation_tile(key: str, option: str) -> dict[str, str] | None:
    """How one decision is shown; None of a decision that is on no operation."""
    edge = _EDGE.fullmatch(key)
    if edge is None and not key.endswith(".op"):
        return None
    look = operation_look(option)
    place = edge["edge"] if edge else key.rpartition("/")[2].removesuffix(".op")
    return {"family": look.family, "glyph": look.glyph, "label": look.label, "edge": place}
