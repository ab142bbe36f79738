"""The estimator that does not train: zero-cost proxies of an untrained network, from one batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.protocol import find_metrics, knowing
from nas_explorer.estimators.proxies import proxies
from nas_explorer.estimators.training import seed_of
from nas_explorer.models.fit import fit
from nas_explorer.options import check_texts, check_whole_number
from nas_explorer.records import Measurement, Metric
from nas_explorer.spaces import Architecture, Cost, SearchSpace, decisions
from nas_explorer.tasks.bundled import BundledTask
from nas_explorer.tasks.catalog import CATALOG, as_task
from nas_explorer.tasks.task import Task

if TYPE_CHECKING:
    from torch import Tensor

COUNTS = ("parameter_count", "macs")


@dataclass(frozen=True, slots=True)
class ZeroCost:
    """Score untrained networks by zero-cost proxies: one batch, one look, no training.

    All proxies share one forward and one backward pass as far as their definitions let them. The same architecture always has the
    same weights and sees the same batch, both from `seed`. Compare with `parameter_count`, which predicts as well as most.

    Source: Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021, arXiv 2101.08134

    Attributes:
        proxies: what is measured; a search without objectives goes by the first. Parameters and multiply-adds always come with it.
        task: as for `training`; the proxies are for images, spectrograms and rows, not for text.
        batch_size: training examples that the networks look at.
        seed: of weights and batch.

    >>> from nas_explorer.spaces import load, sample
    >>> space = load("digits_cells")
    >>> (seen,) = ZeroCost().for_space(space).evaluate(sample(space, np.random.default_rng(0)))
    >>> list(seen.values)
    ['synflow', 'naswot', 'parameter_count', 'macs']

    Raises:
        UnknownName, InvalidTask: if there is no such task.
        InvalidMetric: if there is no such proxy.
        InvalidOption: if an option is out of range, or the task is text.
    """

    proxies: tuple[str, ...] = ("synflow", "naswot")
    task: str | Mapping[str, Any] | Task = "digits"
    batch_size: int = 64
    seed: int = 0
    _space: SearchSpace | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if isinstance(self.task, BundledTask):
            object.__setattr__(self, "task", CATALOG.spec(self.task))
        check_texts("proxies", self.proxies)
        object.__setattr__(self, "proxies", tuple(self.proxies))             # a run folder gives a list back
        check_whole_number("batch_size", self.batch_size, least=2)           # one example alone has nothing to differ from
        check_whole_number("seed", self.seed, least=0)
        find_metrics((module.METRIC for module in proxies().values()), self.proxies)
        if self.data.kind == "text":
            raise InvalidOption(f"zero-cost proxies are defined for networks that read numbers, and {self.data.name!r} is text; "
                                "take a task of images, spectrograms or rows, or the estimator 'training' with one epoch")

    @property
    def data(self) -> Task:
        """The task, loaded."""
        return as_task(self.task)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Every proxy there is, those that are chosen first."""
        return tuple(proxies()[name].METRIC for name in dict.fromkeys((*self.proxies, *COUNTS, *proxies())))

    @property
    def measured(self) -> tuple[Metric, ...]:
        return find_metrics(self.metrics, dict.fromkeys((*self.proxies, *COUNTS)))

    def measuring(self, names: Sequence[str]) -> ZeroCost:
        find_metrics(self.metrics, names)
        more = replace(self, proxies=tuple(dict.fromkeys((*self.proxies, *(name for name in names if name not in COUNTS)))))
        return more if self._space is None else more.for_space(self._space)

    def check_space(self, space: SearchSpace) -> None:
        decisions(space)
        fit(space, self.data)

    def for_space(self, space: SearchSpace) -> ZeroCost:
        """The same estimator, that knows which space its architectures are from: a search calls this before it begins.

        Raises:
            InvalidSpace: if networks of this space cannot read the task.
        """
        self.check_space(space)
        return knowing(self, _space=space)

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        """One measurement, at step 0.

        Raises:
            InvalidOption: if the estimator does not know the space yet.
            InvalidArchitecture: if a proxy has no value for it: naswot without ReLUs, synflow without a path.
        """
        if self._space is None:
            raise InvalidOption("to build networks, an estimator must know the space its architectures are from: "
                                "ZeroCost(...).for_space(space); a search does this by itself")
        from nas_explorer.models.language import cost_for

        wanted = [metric.name for metric in self.measured]
        cost = cost_for(self._space, architecture, self.data)
        if set(wanted) <= set(COUNTS):
            values = {name: float(getattr(cost, name)) for name in wanted}             # no network is built for what is known without
        else:
            values = self._scores(self._space, architecture, cost, wanted)
        yield Measurement(0, values)

    def _scores(self, space: SearchSpace, architecture: Architecture, cost: Cost, names: Sequence[str]) -> dict[str, float]:
        from nas_explorer.estimators.loops.learner import threads
        from nas_explorer.estimators.proxies.observation import scores
        from nas_explorer.models.language import build_for

        with threads(1):
            network = build_for(space, architecture, self.data, seed_of(architecture, self.seed))
            return scores(network, *self.batch(), cost, names)

    def batch(self) -> tuple[Tensor, Tensor]:
        """The examples that every network looks at: inputs and targets."""
        import torch

        part = self.data.train
        chosen = np.random.default_rng(self.seed).permutation(len(part))[:self.batch_size]
        return torch.tensor(part.inputs[chosen]), torch.tensor(part.targets[chosen])
