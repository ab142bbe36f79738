"""An estimator that replays real trainings: the learning curves of every network of a small space, trained again and again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from nas_explorer.errors import InvalidArchitecture, InvalidOption
from nas_explorer.estimators.protocol import Rank, find_metrics
from nas_explorer.estimators.ranking import Ranking
from nas_explorer.estimators.reference_space import check_drawn_as
from nas_explorer.options import check_whole_number
from nas_explorer.records import Measurement, Metric, metric
from nas_explorer.spaces import Architecture, SearchSpace, enumerate_architectures, load
from nas_explorer.tasks.bundled import arrays

CURVES = ("validation_error", "validation_loss", "train_loss")
MEASURED = tuple(map(metric, ("validation_error", "validation_loss", "parameter_count", "macs", "latency_ms", "train_seconds")))
FINAL = metric("test_error")
KNOWN = (*MEASURED, FINAL)


@dataclass(frozen=True, slots=True)
class DigitsCells:
    """Replay how every network of `digits_cells` learned handwritten digits, epoch by epoch.

    The 729 drawings of the space are 99 different networks, and each was trained for 9 epochs with five seeds, on 359 digits
    only, so that networks differ. What a search sees is one training, or the mean of all; the truth is the mean error on 719
    test digits. A single training is noisy, as trainings are: how much is told in data/README.md.

    Source: trained for this package by data/make_digits_cells.py

    Attributes:
        seed: which training is replayed, from 0 on; None: the mean of all.

    Raises:
        InvalidOption: if there is no such training.
    """

    seed: int | None = 0

    def __post_init__(self) -> None:
        if self.seed is not None:
            check_whole_number("seed", self.seed, least=0)
            if self.seed >= self.seeds:
                raise InvalidOption(f"seed must be one of 0 to {self.seeds - 1}, or None for the mean of all, got {self.seed}")

    @property
    def seeds(self) -> int:
        """How many trainings there are of each network."""
        return int(arrays("digits_cells")["validation_error"].shape[1])

    @property
    def epochs(self) -> int:
        return int(arrays("digits_cells")["validation_error"].shape[2])

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """What a search sees. `column`, `rank`, `optimum` and `front` know the test error as well."""
        return MEASURED

    def check_space(self, space: SearchSpace) -> None:
        check_drawn_as(space, _space(), "the table holds spaces.load('digits_cells')")

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        """
        Raises:
            InvalidArchitecture: if it is none of the table.
        """
        row = self.index(architecture)
        costs = self.foresee(architecture)
        seconds = self._seconds()[row].item()
        curves = {name: self._seen(name)[row].tolist() for name in CURVES[:2]}
        for epoch in range(self.epochs):
            values = {name: curve[epoch] for name, curve in curves.items()}
            yield Measurement(epoch + 1, {**values, **costs, "train_seconds": seconds * (epoch + 1)})

    def foresee(self, architecture: Architecture) -> Mapping[str, float]:
        """Parameters, MACs, and the latency on the machine that trained."""
        row = self.index(architecture)
        return {name: self.column(name)[row].item() for name in ("parameter_count", "macs", "latency_ms")}

    def curves(self, name: str) -> npt.NDArray[Any]:
        """(729, seeds, epochs) `validation_error`, `validation_loss` or `train_loss` of every architecture and training, read-only."""
        find_metrics((*map(metric, CURVES[:2]), Metric("train_loss", "", True, "training loss")), (name,))
        return _per_architecture(name)

    def index(self, architecture: Architecture) -> int:
        """The row of an architecture: its place in `spaces.enumerate_architectures`.

        Raises:
            InvalidArchitecture: if it is none of the table.
        """
        if architecture not in _rows():
            raise InvalidArchitecture(f"the table holds the architectures of spaces.load('digits_cells'), got {architecture!r:.300}")
        return _rows()[architecture]

    def architecture(self, index: int) -> Architecture:
        """The architecture of a row.

        Raises:
            InvalidArchitecture: if there is no such row.
        """
        if not 0 <= index < len(_architectures()):
            raise InvalidArchitecture(f"the table holds architectures 0 to {len(_architectures()) - 1}, got {index}")
        return _architectures()[index]

    def column(self, metric: str) -> npt.NDArray[Any]:
        """(729,) one metric of every architecture after the last epoch; the test error is always the mean of all trainings."""
        find_metrics(KNOWN, (metric,))
        found: npt.NDArray[Any]
        if metric in ("parameter_count", "macs"):
            found = arrays("digits_cells")[metric].astype(np.int64)
        elif metric == FINAL.name:
            found = _per_architecture(metric).mean(axis=1)
        elif metric == "train_seconds":
            found = self._seconds() * self.epochs
        else:
            found = _per_architecture(metric) if metric == "latency_ms" else self._seen(metric)[:, -1]
        return found

    @property
    def final_metric(self) -> Metric:
        """Test error, the mean of all trainings."""
        return FINAL

    def rank(self, architecture: Architecture, metric: str | None = None) -> Rank:
        """Where an architecture stands among all 729. Drawings of the same network are equal."""
        (by,) = find_metrics(KNOWN, (metric or FINAL.name,))
        return _ranking(self).rank(self.index(architecture), by)

    def optimum(self, metric: str | None = None) -> tuple[Architecture, float]:
        (by,) = find_metrics(KNOWN, (metric or FINAL.name,))
        best = _ranking(self).best(by)
        return self.architecture(best), self.column(by.name)[best].item()

    def front(self, metrics: Sequence[str]) -> list[tuple[Architecture, tuple[float, ...]]]:
        rows = _ranking(self).front(find_metrics(KNOWN, metrics))
        columns = [self.column(name).tolist() for name in metrics]
        return [(self.architecture(row), tuple(column[row] for column in columns)) for row in rows]

    def _seen(self, name: str) -> npt.NDArray[Any]:
        """(729, epochs) what a search sees of a curve."""
        curves = _per_architecture(name)
        return curves.mean(axis=1) if self.seed is None else curves[:, self.seed]

    def _seconds(self) -> npt.NDArray[Any]:
        """(729,) CPU seconds of one epoch."""
        return _per_architecture("train_seconds_per_epoch")


@cache
def _space() -> SearchSpace:
    return load("digits_cells")


@cache
def _architectures() -> tuple[Architecture, ...]:
    return tuple(enumerate_architectures(_space()))


@cache
def _rows() -> dict[Architecture, int]:
    return {architecture: row for row, architecture in enumerate(_architectures())}


@cache
def _per_architecture(name: str) -> npt.NDArray[Any]:
    """What the file has a row a network of, a row an architecture."""
    bundled = arrays("digits_cells")
    values: npt.NDArray[Any] = bundled[name][bundled["network"]].astype(np.float64)
    values.setflags(write=False)
    return values


@cache
def _ranking(table: DigitsCells) -> Ranking:
    return Ranking(table.column)
