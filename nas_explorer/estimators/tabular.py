"""An estimator that has every answer already: accuracies of trained networks from a published table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import numpy.typing as npt

from nas_explorer.estimators import nas_bench_201 as table
from nas_explorer.estimators.protocol import Rank, find_metrics
from nas_explorer.estimators.ranking import Ranking
from nas_explorer.options import check_one_of, check_texts
from nas_explorer.records import Measurement, Metric
from nas_explorer.spaces import Architecture, SearchSpace

STANDARD = ("validation_error", "parameter_count", "macs", "train_seconds")
FINAL = "test_accuracy@200_epochs"
COSTS = ("parameter_count", "macs", "latency_ms")


@dataclass(frozen=True, slots=True)
class Tabular:
    """Look a network up in a published table: what a search would have seen, and what is true in the end.

    A search sees the networks after a short training of `epochs`: `validation_error`, `test_accuracy` and so on. What they are
    worth when fully trained is in `test_accuracy@200_epochs` and its like, the measure of a true rank. `train_seconds` is
    simulated: what the measurement would have cost on the authors' GPU, so a budget in simulated seconds is theirs.

    Source: Dong and Yang, NAS-Bench-201, ICLR 2020, arXiv 2001.00326; latency by HELP (NeurIPS 2021) and HW-NAS-Bench (ICLR 2021)

    Attributes:
        benchmark: `nas_bench_201`, 15,625 cells.
        dataset: `cifar10` (searched on half of the training images, "CIFAR-10 valid"), `cifar100` or `imagenet16_120`.
        epochs: 12, the search time of the paper, or 200.
        also: metrics to measure besides validation error, parameters, multiply-adds and simulated seconds. A search adds
            its objectives by itself.

    >>> Tabular().optimum()[1]
    94.3733

    Raises:
        InvalidOption: if the table has no such data set or number of epochs.
        InvalidMetric: if it has no such metric.
    """

    benchmark: Literal["nas_bench_201"] = "nas_bench_201"
    dataset: table.Dataset = "cifar10"
    epochs: Literal[12, 200] = 12
    also: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_one_of("benchmark", self.benchmark, ("nas_bench_201",))
        if isinstance(self.dataset, str):                          # papers write ImageNet16-120 and CIFAR-10
            object.__setattr__(self, "dataset", table.spelled(self.dataset))
        check_one_of("dataset", self.dataset, table.DATASETS)
        check_one_of("epochs", self.epochs, table.EPOCHS)
        check_texts("also", self.also)
        object.__setattr__(self, "also", tuple(self.also))         # a run folder gives a list back
        find_metrics(self.metrics, self.also)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """All that the table knows of this data set."""
        return table.metrics(self.dataset)

    @property
    def measured(self) -> tuple[Metric, ...]:
        return find_metrics(self.metrics, dict.fromkeys((*STANDARD, *self.also)))

    def measuring(self, names: Sequence[str]) -> Tabular:
        find_metrics(self.metrics, names)
        return replace(self, also=tuple(dict.fromkeys((*self.also, *(name for name in names if name not in STANDARD)))))

    def check_space(self, space: SearchSpace) -> None:
        table.check_space(space)

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        yield _measurements(self.dataset, self.epochs, self.also)[table.index(architecture)]

    def foresee(self, architecture: Architecture) -> Mapping[str, float]:
        """Parameters, MACs and latencies: what a network costs, and not what it learns."""
        row = table.index(architecture)
        return {m.name: self.column(m.name)[row].item() for m in self.metrics if m.name.partition("@")[0] in COSTS}

    def index(self, architecture: Architecture) -> int:
        """The architecture's index in the benchmark, as papers and the official API count them."""
        return table.index(architecture)

    def architecture(self, index: int) -> Architecture:
        """The architecture at an index of the benchmark."""
        return table.architecture(index)

    def column(self, metric: str) -> npt.NDArray[Any]:
        """(15625,) one metric of every architecture, in the order of the benchmark, read-only."""
        find_metrics(self.metrics, (metric,))
        return table.column(self.dataset, self.epochs, metric)

    @property
    def final_metric(self) -> Metric:
        """Test accuracy after 200 epochs."""
        return find_metrics(self.metrics, (FINAL,))[0]

    def rank(self, architecture: Architecture, metric: str | None = None) -> Rank:
        """Where the architecture stands among all of the table, by test accuracy after 200 epochs or another metric.

        >>> Tabular().rank(Tabular().architecture(11472))       # the ResNet cell
        Rank(rank=68, of=15625, percentile=99.5712)
        """
        (by,) = find_metrics(self.metrics, (metric or FINAL,))
        return _ranking(self.dataset, self.epochs).rank(table.index(architecture), by)

    def optimum(self, metric: str | None = None) -> tuple[Architecture, float]:
        (by,) = find_metrics(self.metrics, (metric or FINAL,))
        best = _ranking(self.dataset, self.epochs).best(by)
        return table.architecture(best), self.column(by.name)[best].item()

    def front(self, metrics: Sequence[str]) -> list[tuple[Architecture, tuple[float, ...]]]:
        columns = [self.column(name).tolist() for name in metrics]
        return [(table.architecture(index), tuple(column[index] for column in columns))
                for index in _ranking(self.dataset, self.epochs).front(find_metrics(self.metrics, metrics))]


@cache
def _measurements(dataset: str, epochs: int, also: tuple[str, ...]) -> list[Measurement]:
    """What `evaluate` gives, for every row of the table: made at once, because a search asks thousands of times."""
    names = tuple(dict.fromkeys((*STANDARD, *also)))
    columns = [table.column(dataset, epochs, name).tolist() for name in names]
    return [Measurement(0, dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


@cache
def _ranking(dataset: str, epochs: int) -> Ranking:
    return Ranking(lambda name: table.column(dataset, epochs, name))
