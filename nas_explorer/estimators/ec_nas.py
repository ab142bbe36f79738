"""An estimator that knows what training costs in energy: the EC-NAS table of small NAS-Bench-101 cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.estimators import nas_bench_101_cells as cells
from nas_explorer.estimators.protocol import Rank, find_metrics
from nas_explorer.estimators.ranking import Ranking
from nas_explorer.estimators.reference_space import check_drawn_as
from nas_explorer.options import check_one_of
from nas_explorer.records import Measurement, Metric, metric
from nas_explorer.spaces import Architecture, SearchSpace, load
from nas_explorer.tasks.bundled import arrays

ENERGY = Metric("train_energy_kj", "kJ", True, "energy of training")
MEASURED = (metric("validation_error"), ENERGY, metric("train_seconds"), metric("parameter_count"))
KNOWN = (*MEASURED, metric("validation_accuracy"), metric("test_error"), metric("test_accuracy"))
FINAL = metric("test_accuracy")


@dataclass(frozen=True, slots=True)
class EcNas:
    """Look up what a small cell of NAS-Bench-101 reached in four epochs, and the energy that its training took.

    Every cell was trained on CIFAR-10 on an NVIDIA Quadro RTX 6000, and its energy measured: three times with 4 vertices, of which
    this is the mean, once with 5. Four epochs are noisy: among the three trainings of one cell, validation accuracy has a standard
    deviation of 5.4 percentage points on average. Drawings of the same network are one row; a cell without a path from input to
    output is none, and its trial fails. `parameter_count` is that of the network they trained, which splits its channels where
    vertices meet, and not that of `nas_bench_101`, which adds them up.

    Source: Bakhtiarifard, Igel and Selvan, EC-NAS, ICASSP 2024, arXiv 2210.06015; cells by Ying et al., ICML 2019, arXiv 1902.09635

    Attributes:
        vertices: of the cell, with input and output: 5 (2,532 networks) or 4 (91). Draw the space to it:
            `spaces.load("nas_bench_101", vertices=5)`.

    >>> table = EcNas(vertices=4)
    >>> best, energy = table.optimum("train_energy_kj")            # nothing between input and output
    >>> round(energy, 1), [edge for edge, there in best.items() if there is True]
    (19.5, ['cell/in→out.on'])

    Raises:
        InvalidOption: if the table has no cells of so many vertices.
    """

    vertices: Literal[4, 5] = 5

    def __post_init__(self) -> None:
        check_one_of("vertices", self.vertices, (4, 5))

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """What a search sees. `column`, `rank`, `optimum` and `front` know validation accuracy and the test set as well."""
        return MEASURED

    def check_space(self, space: SearchSpace) -> None:
        check_drawn_as(space, _space(self.vertices), f"the table holds cells of {self.vertices} vertices as "
                       f"spaces.load('nas_bench_101', vertices={self.vertices}) draws them")

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        """
        Raises:
            InvalidArchitecture: if it is no cell of the table, or has no path from input to output.
        """
        row = self.index(architecture)
        yield Measurement(0, {m.name: self.column(m.name)[row].item() for m in MEASURED})

    def foresee(self, architecture: Architecture) -> Mapping[str, float]:
        """Parameters of the network that they trained."""
        return {"parameter_count": self.column("parameter_count")[self.index(architecture)].item()}

    def index(self, architecture: Architecture) -> int:
        """The row of an architecture's network. Rows are sorted by the source's hash, which is NAS-Bench-101's.

        Raises:
            InvalidArchitecture: as `evaluate`.
        """
        network = cells.canonical(*cells.drawing(architecture, self.vertices))
        if network is None:
            raise InvalidArchitecture("this cell has no path from its input to its output, so there is no network to train")
        if network not in _rows(self.vertices):
            raise InvalidArchitecture(f"the table holds cells of at most 9 edges, got {len(network.edges)}")
        return _rows(self.vertices)[network]

    def architecture(self, index: int) -> Architecture:
        """A drawing of the network in a row.

        Raises:
            InvalidArchitecture: if there is no such row.
        """
        operations, edges = _drawings(self.vertices)
        if not 0 <= index < len(edges):
            raise InvalidArchitecture(f"the table holds networks 0 to {len(edges) - 1:,}, got {index}")
        return cells.architecture(operations[index].tolist(), edges[index].tolist(), self.vertices)

    def column(self, metric: str) -> npt.NDArray[Any]:
        """(91,) or (2532,) one metric of every network, read-only; the mean where there are several trainings."""
        find_metrics(KNOWN, (metric,))
        return _column(self.vertices, metric)

    @property
    def final_metric(self) -> Metric:
        """Test accuracy after the same four epochs: the table has no longer training."""
        return FINAL

    def rank(self, architecture: Architecture, metric: str | None = None) -> Rank:
        (by,) = find_metrics(KNOWN, (metric or FINAL.name,))
        return _ranking(self.vertices).rank(self.index(architecture), by)

    def optimum(self, metric: str | None = None) -> tuple[Architecture, float]:
        (by,) = find_metrics(KNOWN, (metric or FINAL.name,))
        best = _ranking(self.vertices).best(by)
        return self.architecture(best), self.column(by.name)[best].item()

    def front(self, metrics: Sequence[str]) -> list[tuple[Architecture, tuple[float, ...]]]:
        rows = _ranking(self.vertices).front(find_metrics(KNOWN, metrics))
        return [(self.architecture(row), tuple(self.column(name)[row].item() for name in metrics)) for row in rows]


@cache
def _space(vertices: int) -> SearchSpace:
    return load("nas_bench_101", vertices=vertices)


@cache
def _drawings(vertices: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    bundled = arrays("ec_nas")
    return bundled[f"operations_{vertices}"], bundled[f"edges_{vertices}"]


@cache
def _rows(vertices: int) -> dict[cells.Cell, int]:
    found = {cells.canonical(*drawing): row for row, drawing in enumerate(zip(*(a.tolist() for a in _drawings(vertices)), strict=True))}
    return {network: row for network, row in found.items() if network is not None}


@cache
def _column(vertices: int, name: str) -> npt.NDArray[Any]:
    if name == "parameter_count":
        values = arrays("ec_nas")[f"{name}_{vertices}"].view()
    elif name.endswith("_error"):
        values = 100.0 - _column(vertices, name.replace("error", "accuracy"))
    else:
        values = arrays("ec_nas")[f"{name}_{vertices}"].astype(np.float64).mean(axis=1)
    values.setflags(write=False)
    return values


@cache
def _ranking(vertices: int) -> Ranking:
    return Ranking(lambda name: _column(vertices, name))
