"""The proxy task: a training made smaller on purpose, and how well it still ranks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from nas_explorer.errors import InvalidOption, InvalidSpace
from nas_explorer.estimators.protocol import Estimator, knowing
from nas_explorer.estimators.training import Training
from nas_explorer.estimators.wrapping import estimator_of, kept
from nas_explorer.models.fit import fit
from nas_explorer.options import check_whole_number
from nas_explorer.records import Measurement, Metric
from nas_explorer.spaces import Architecture, SearchSpace, cost, decisions, sample
from nas_explorer.tasks.resize import resized
from nas_explorer.tasks.task import Part, Task


@dataclass(frozen=True, slots=True)
class Reduced:
    """Train a smaller version of every network, on less: a proxy task whose ranking stands for the full one.

    `parameter_count` and `macs` are those of the full network, for they are known; all else is what the small training measured.
    `agreement` says how far the two rankings agree, and what is saved.

    Source: Zoph et al., Learning Transferable Architectures, CVPR 2018, arXiv 1707.07012 (small on CIFAR-10, then large); Zhou et al.,
        EcoNAS: Finding Proxies for Economical Neural Architecture Search, CVPR 2020, arXiv 2001.01233 (which reductions rank well)

    Attributes:
        estimator: the full training, as "training" or {"name": "training", "options": {...}}.
        epochs: how many instead; None: as many.
        data_share: of the training examples, the same share of every class.
        side: of the images instead; None: as they are.
        width: the channels of the space, times this.
        depth: how often cells are repeated, times this, rounded up.

    Raises:
        InvalidOption: if an option is out of range, or the estimator is no training.
    """

    estimator: str | Mapping[str, Any] | Training = "training"
    epochs: int | None = None
    data_share: float = 1.0
    side: int | None = None
    width: float = 1.0
    depth: float = 1.0
    _full: Training = field(init=False, repr=False, compare=False)
    _small: Training = field(init=False, repr=False, compare=False)
    _space: SearchSpace | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "estimator", kept(self.estimator))
        full = estimator_of(self.estimator)
        if not isinstance(full, Training):
            raise InvalidOption(f"a proxy task is a reduction of a training, got {type(full).__name__}; give 'training' and its options")
        for name in ("epochs", "side"):
            if getattr(self, name) is not None:
                check_whole_number(name, getattr(self, name))
        for name in ("data_share", "width", "depth"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 1:
                raise InvalidOption(f"{name} must be a number above 0 and at most 1, got {value!r:.60}")
        if self.side is not None and full.data.kind not in ("image", "spectrogram"):
            raise InvalidOption(f"side is for images, and the task {full.data.name!r} is a {full.data.kind}")
        task = full.task if self.data_share == 1 and self.side is None else reduced_task(full.data, float(self.data_share), self.side)
        object.__setattr__(self, "_full", full)
        object.__setattr__(self, "_small", replace(full, task=task, epochs=self.epochs or full.epochs))

    @property
    def wrapped(self) -> Training:
        """The full training."""
        return self._full

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return self.wrapped.metrics

    def check_space(self, space: SearchSpace) -> None:
        self.wrapped.check_space(space)
        self._small.check_space(reduced_space(space, self.width, self.depth))

    def for_space(self, space: SearchSpace) -> Reduced:
        """The same estimator for architectures of this space.

        Raises:
            InvalidSpace: if networks cannot learn the task, or cannot be made smaller in this way.
        """
        self.check_space(space)
        small = self._small.for_space(reduced_space(space, self.width, self.depth))
        return knowing(self, _full=self.wrapped.for_space(space), _small=small, _space=space)

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        """Train the small version: a measurement after each epoch.

        Raises:
            InvalidOption: if the estimator does not know the space yet.
            TrainingFailed: as the full training.
        """
        if self._space is None:
            raise InvalidOption("to make networks smaller, an estimator must know the space its architectures are from: "
                                "Reduced(...).for_space(space); a search does this by itself")
        full = cost(fit(self._space, self.wrapped.data), architecture)._asdict()
        for measurement in self._small.evaluate(architecture):
            yield Measurement(measurement.step, {**measurement.values, **full})


@lru_cache(maxsize=8)
def reduced_task(task: Task, share: float, side: int | None) -> Task:
    """Fewer examples to train on, smaller images everywhere. Text keeps its beginning."""
    train = task.train
    if task.kind == "text":
        chosen = np.arange(math.ceil(share * len(train)))
    else:
        order = np.random.default_rng(task.seed).permutation(len(train))
        places = [order[train.targets[order] == label] for label in range(len(task.classes))]
        chosen = np.sort(np.concatenate([mine[:math.ceil(share * len(mine))] for mine in places]))

    def sized(part: Part) -> Part:
        return part if side is None else Part(resized(part.inputs, (side, side)), part.targets)

    return replace(task, train=sized(Part(train.inputs[chosen], train.targets[chosen])), validation=sized(task.validation),
                   held_out=sized(task.held_out))


def reduced_space(space: SearchSpace, width: float, depth: float) -> SearchSpace:
    """The same decisions over fewer channels and fewer repeats.

    Raises:
        InvalidSpace: if there is nothing to make smaller, or if that would change what is decided.
    """
    small = space
    if width < 1:
        if not isinstance(space.channels, int):
            raise InvalidSpace(f"{space.name!r} chooses its channels, so a width of {width:g} would be no reduction of one architecture")
        small = replace(small, channels=max(1, round(space.channels * width)))
    if depth < 1:
        nodes = tuple(replace(node, repeat=math.ceil(node.repeat * depth)) if isinstance(node.repeat, int) else node
                      for node in space.network.nodes)
        if nodes == space.network.nodes:
            raise InvalidSpace(f"{space.name!r} repeats no cell a fixed number of times, so a depth of {depth:g} changes nothing")
        small = replace(small, network=replace(space.network, nodes=nodes))
    if decisions(small) != decisions(space):
        raise InvalidSpace(f"with a depth of {depth:g}, {space.name!r} has other decisions: its copies decide for themselves")
    return small


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two rankings agree.

    Attributes:
        tau: Kendall's tau-b, 1 for the same order; NaN where all values are equal.
        low, high: 95 % interval, by resampling the architectures.
        count: architectures that were compared.
        speedup: seconds of full training for one second of the proxy task.
    """

    tau: float
    low: float
    high: float
    count: int
    speedup: float


def agreement(estimator: Reduced, space: SearchSpace, count: int = 20, seed: int = 0) -> Agreement:
    """Train random architectures in full and on the proxy task, and compare how they rank by the first metric.

    Args:
        count: architectures, at least 3.
    """
    check_whole_number("count", count, least=3)
    ready, rng = estimator.for_space(space), np.random.default_rng(seed)
    values, seconds = np.zeros((count, 2)), np.zeros((count, 2))
    name = ready.metrics[0].name
    judges: tuple[Estimator, Estimator] = (ready.wrapped, ready)
    for i in range(count):
        architecture = sample(space, rng)
        for j, judge in enumerate(judges):
            *_, last = judge.evaluate(architecture)
            values[i, j], seconds[i, j] = last.values[name], last.values["train_seconds"]
    return compared(values, seconds, rng)


def compared(values: np.ndarray[Any, Any], seconds: np.ndarray[Any, Any], rng: np.random.Generator) -> Agreement:
    """(count, 2) values and seconds, full and proxy, as an Agreement."""
    from scipy.stats import kendalltau

    def tau(rows: np.ndarray[Any, Any]) -> float:
        return float(kendalltau(rows[:, 0], rows[:, 1]).statistic)

    drawn = [tau(values[rng.integers(len(values), size=len(values))]) for _ in range(500)]
    known = [value for value in drawn if math.isfinite(value)]
    low, high = np.quantile(known, (0.025, 0.975)).tolist() if known else (math.nan, math.nan)
    return Agreement(tau(values), low, high, len(values), float(seconds[:, 0].sum() / seconds[:, 1].sum()))
