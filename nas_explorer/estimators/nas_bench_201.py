"""The NAS-Bench-201 table: 15,625 cells, each trained on three data sets. Read array by array from the package's data.

`Tabular` is the estimator that looks things up here. Rows are in the benchmark's own order, so that `index` is the index
that the papers and the official API mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from operator import itemgetter
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from nas_explorer.errors import InvalidArchitecture, InvalidSpace
from nas_explorer.records import Metric, metric
from nas_explorer.spaces import Architecture, Graph, SearchSpace, decisions, from_indices, nas_bench_201
from nas_explorer.spaces.library.nas_bench_201 import EDGES, OPERATIONS
from nas_explorer.spaces.values import Scalar

Column = npt.NDArray[Any]
Dataset = Literal["cifar10", "cifar100", "imagenet16_120"]

DATASETS: tuple[str, ...] = get_args(Dataset)
EPOCHS = (12, 200)
OPTIONS = tuple(OPERATIONS)
"""In the order of their codes in the table."""
CLASSES = {"cifar10": 10, "cifar100": 100, "imagenet16_120": 120}
DEVICES = (
    "1080ti_1", "1080ti_32", "1080ti_256", "2080ti_1", "2080ti_32", "2080ti_256", "titanx_1", "titanx_32", "titanx_256",
    "titanxp_1", "titanxp_32", "titanxp_256", "titan_rtx_1", "titan_rtx_32", "titan_rtx_256",
    "gold_6226", "gold_6240", "silver_4114", "silver_4210r",
    "pixel2", "pixel3", "samsung_a50", "samsung_s7", "essential_ph_1", "raspi4", "eyeriss", "fpga",
)
"""GPUs with their batch size, CPUs, phones, a Raspberry Pi, an ASIC and an FPGA."""

# A search on CIFAR-10 trains on half of the 50,000 images that a table epoch counts ("CIFAR-10 valid").
TRAIN_SHARE = {"cifar10": 0.5, "cifar100": 1.0, "imagenet16_120": 1.0}
TRAIN_IMAGES = {"cifar10": 25_000, "cifar100": 50_000, "imagenet16_120": 151_700}
VALIDATION_IMAGES = {"cifar10": 25_000, "cifar100": 5_000, "imagenet16_120": 3_000}
VALIDATION_COST = 0.35
"""Seconds to validate one image, in seconds to train on one: a forward pass without the backward pass."""



def spelled(dataset: str) -> str:
    """A data set's name as it is typed here; papers write CIFAR-10, CIFAR-100 and ImageNet16-120.

    >>> spelled("ImageNet16-120"), spelled("CIFAR-10"), spelled("svhn")
    ('imagenet16_120', 'cifar10', 'svhn')
    """
    plain = re.sub(r"[^a-z0-9]", "", dataset.lower())
    return next((name for name in DATASETS if name.replace("_", "") == plain), dataset)


_edges_of = itemgetter(*EDGES)


@cache
def array(name: str) -> Column:
    """One array of the bundled file, read-only; data/README.md tells what each holds."""
    with (resources.files("nas_explorer") / "data" / "nas_bench_201.npz").open("rb") as file, np.load(file) as arrays:
        column: Column = arrays[name]
    column.setflags(write=False)
    return column


@cache
def _indices() -> Mapping[tuple[Scalar, ...], int]:
    return {tuple(OPTIONS[code] for code in row): index for index, row in enumerate(array("operations").tolist())}


def index(architecture: Mapping[str, Scalar]) -> int:
    """The index of a cell in the benchmark.

    Raises:
        InvalidArchitecture: if it is no cell of NAS-Bench-201.
    """
    try:
        found = _indices()[_edges_of(architecture)]
    except KeyError:
        found = -1
    if found < 0 or len(architecture) != len(EDGES):
        raise InvalidArchitecture(f"the table holds cells of NAS-Bench-201: one of {', '.join(OPTIONS)} on each of "
                                  f"{', '.join(EDGES)}; got {architecture!r:.300}")
    return found


def architecture(index: int) -> Architecture:
    """The cell at an index of the benchmark.

    Raises:
        InvalidArchitecture: if the index is not from 0 to 15,624.
    """
    operations = array("operations")
    if not 0 <= index < len(operations):
        raise InvalidArchitecture(f"the table holds cells 0 to {len(operations) - 1:,}, got {index}")
    return from_indices(_space(), operations[index].tolist())


@cache
def _space() -> SearchSpace:
    return nas_bench_201()


@cache
def metrics(dataset: str) -> tuple[Metric, ...]:
    """What the table knows of a data set. Latency was measured on networks for images of 32x32, so not for ImageNet16-120."""
    measured = ("validation_error", "validation_accuracy", "test_error", "test_accuracy")
    devices = DEVICES if dataset != "imagenet16_120" else ()
    return (*map(metric, measured), *map(_at_the_end, measured), *map(metric, ("parameter_count", "macs", "train_seconds")),
            *(metric(f"latency_ms@{device}") for device in devices))


def _at_the_end(name: str) -> Metric:
    known = metric(name)
    return Metric(f"{name}@200_epochs", known.unit, known.minimize, f"{known.label} after 200 epochs")


@cache
def column(dataset: str, epochs: int, name: str) -> Column:
    """(15625,) one metric of every cell, in the table's order, read-only.

    Accuracies are means over 1 to 3 trainings, in percent, to four decimals (one image of one training counts 0.0006 or more).
    `macs` is the table's FLOPs less one a class: the table counts the bias of the last layer as an operation.
    `train_seconds` is what the authors' GPU would have taken to train for this many epochs and validate once at the end.
    """
    base, _, where = name.partition("@")
    if base == "parameter_count":
        values = array(f"{dataset}_parameter_count")
    elif base == "macs":
        values = array(f"{dataset}_flops") - CLASSES[dataset]
    elif base == "train_seconds":
        values = _train_seconds(dataset, epochs)
    elif base == "latency_ms":
        values = _as_printed(array(name))
    else:
        values = _percent(dataset, base, 200 if where else epochs)
    values = values.view()
    values.setflags(write=False)
    return values


def _percent(dataset: str, name: str, epochs: int) -> Column:
    part, _, kind = name.partition("_")
    accuracy = np.round(array(f"{dataset}_{part}_accuracy_{epochs}").astype(np.float64), 4)
    return accuracy if kind == "accuracy" else np.round(100.0 - accuracy, 4)


def _train_seconds(dataset: str, epochs: int) -> Column:
    epoch = array(f"{dataset}_train_seconds_per_epoch").astype(np.float64) * TRAIN_SHARE[dataset]
    validation = VALIDATION_COST * VALIDATION_IMAGES[dataset] / TRAIN_IMAGES[dataset]
    return np.round(epoch * (epochs + validation), 3)


def _as_printed(values: Column) -> Column:
    """The shortest decimals that mean these floats of 32 bits: 54.7774, not 54.77740097045898."""
    return values.astype(str).astype(np.float64)


def check_space(space: SearchSpace) -> None:
    """Whether the table holds all architectures of a space.

    Raises:
        InvalidSpace: if not, with what differs.
    """
    offered = {decision.id: decision.options for decision in decisions(space)}
    fits = "the table holds NAS-Bench-201 only, as spaces.nas_bench_201() makes it"
    if extra := [name for name in offered if name not in EDGES]:
        raise InvalidSpace(f"{space.name!r} asks for {extra[0]!r}, which the table does not know; {fits}")
    if missing := [name for name in EDGES if name not in offered]:
        raise InvalidSpace(f"{space.name!r} leaves no choice on {', '.join(missing)}, so its architectures do not name it; "
                           f"{fits}, with at least two operations on each edge")
    for name, options in offered.items():
        if unknown := [option for option in options if option not in OPTIONS]:
            raise InvalidSpace(f"{space.name!r} offers {unknown[0]!r} on {name}; the table holds {', '.join(OPTIONS)}")
    _check_network(space)


def _check_network(space: SearchSpace) -> None:
    reference = _space()
    if _joints(space.cell("cell")) != _joints(reference.cell("cell")):
        raise InvalidSpace(f"the cell of {space.name!r} is joined otherwise than that of NAS-Bench-201, whose nodes 1, 2 and 3 "
                           "each add up what comes from all nodes before them")
    scales = (space.channels, space.width, space.depth)
    stages = [[node for node in s.network.nodes if node.name != "logits"] for s in (space, reference)]
    if scales != (reference.channels, reference.width, reference.depth) or stages[0] != stages[1]:
        raise InvalidSpace(f"the network of {space.name!r} differs from the table's, which has 16 channels and 5 cells a stage: "
                           "its accuracies would not be the table's. Use spaces.nas_bench_201() as it stands")


def _joints(cell: Graph) -> object:
    """How a cell is joined, whatever its edges do."""
    return cell.nodes, [(edge.source, edge.target, edge.presence) for edge in cell.edges]
