"""A page of the table of trials, newest first, in JSON's own types."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from nas_explorer.records import History, Metric
from nas_explorer.spaces.values import Scalar
from nas_explorer.views.numbers import Scale, column_label, column_scale
from nas_explorer.views.operation_look import operation_look

MOST_TILES = 14  # operations shown in a row; the others are in the detail
MOST_KEPT = 2000  # trials whose tiles are kept
_EDGE = re.compile(r"(?:.*/)?(?P<edge>[^/.]+→[^/.]+)")


class TileBook:
    """Every operation that any row shows, once: rows name them by their places. It only grows, so that a place keeps its meaning."""

    def __init__(self) -> None:
        self.tiles: list[dict[str, str]] = []
        self._places: dict[tuple[str, ...], int] = {}
        self._kept: dict[int, list[int]] = {}

    def of(self, trial: int, history: History) -> list[int]:
        """The places of a trial's operations."""
        if trial not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[trial] = [self._place(tile) for tile in operation_tiles(history.architecture(trial))]
        return self._kept[trial]

    def _place(self, tile: dict[str, str]) -> int:
        key = tuple(tile.values())
        if key not in self._places:
            self.tiles.append(tile)
            self._places[key] = len(self.tiles) - 1
        return self._places[key]


def trial_table(
    history: History,
    metrics: Sequence[Metric],
    front: Collection[int],
    book: TileBook,
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
        book: of this history; where a row's operations stand.
        selected: this trial comes as `selected_row` if it is not on the page.
        rank: the true rank of a trial's architecture, where a table knows it; a last column.
    """
    total = len(history)
    offset = min(max(0, offset), max(0, total - 1))
    numbers = range(total - 1 - offset, max(-1, total - 1 - offset - page), -1)
    scales = [column_scale(metric, history.column(metric.name)) for metric in metrics]  # type: ignore[arg-type]

    def row(trial: int) -> dict[str, Any]:
        found = _row(history, trial, book, metrics, scales, front)
        return found if rank is None else {**found, "values": [*found["values"], rank(trial)]}

    labels = [{"label": column_label(m, s)} for m, s in zip(metrics, scales, strict=True)]
    apart = selected is not None and 0 <= selected < total and selected not in numbers
    return {
        "columns": labels if rank is None else [*labels, {"label": "True rank"}],
        "rows": [row(trial) for trial in numbers],
        "total": total,
        "offset": offset,
        "page": page,
        "selected_row": row(selected) if apart and selected is not None else None,
    }


def _row(
    history: History,
    trial: int,
    book: TileBook,
    metrics: Sequence[Metric],
    scales: Sequence[Scale],
    front: Collection[int],
) -> dict[str, Any]:
    return {
        "trial": trial,
        "status": history.status(trial),
        "front": trial in front,
        "ops": book.of(trial, history),
        "values": [scale.text(history.value(trial, m.name), m.unit) for m, scale in zip(metrics, scales, strict=True)],
        "message": history.failure(trial)[0],
    }


def operation_tiles(architecture: Mapping[str, Scalar]) -> list[dict[str, str]]:
    """The operations that an architecture decided on, in the order of the decisions, so the eye compares by position.

    >>> operation_tiles({"cell/0→1": "conv_3x3", "channels": 16})
    [{'family': 'conv', 'glyph': 'op-c3', 'label': 'conv 3×3', 'edge': '0→1'}]
    """
    tiles = []
    for key, option in architecture.items():
        edge = _EDGE.fullmatch(key)
        if isinstance(option, str) and (edge or key.endswith(".op")):
            look = operation_look(option)
            place = edge["edge"] if edge else key.rpartition("/")[2].removesuffix(".op")
            tiles.append({"family": look.family, "glyph": look.glyph, "label": look.label, "edge": place})
    return tiles[:MOST_TILES]
