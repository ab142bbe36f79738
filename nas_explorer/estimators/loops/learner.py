"""What is being trained, whatever it learns; and the doors to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

import torch
from torch import nn

from nas_explorer.estimators.loops.classification import Classification
from nas_explorer.estimators.loops.language import Language
from nas_explorer.estimators.loops.limits import Watch
from nas_explorer.estimators.training_recipe import Recipe
from nas_explorer.models.devices import torch_device
from nas_explorer.models.language import build_for
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import Scalar
from nas_explorer.tasks.task import Part, Task


class Learner(Protocol):
    """A network in training."""

    network: nn.Module
    watch: Watch

    def train_epoch(self) -> float:
        """One epoch; returns the mean training loss.

        Raises:
            TrainingFailed: if the loss is no number, or a limit is passed.
        """
        ...

    def score(self, part: Part) -> Mapping[str, float]:
        """`error` in percent, `loss`, and what else the task has."""
        ...


def make_learner(space: SearchSpace, architecture: Mapping[str, Scalar], task: Task, recipe: Recipe, epochs: int, seed: int,
                 time_limit: float | None = None, memory_limit_mb: float | None = None, device: str = "cpu") -> Learner:
    """A fresh network and everything that trains it.

    Raises:
        DeviceMissing: if this machine has no such device.
    """
    place = torch_device(device)
    watch = Watch(epochs, time_limit, memory_limit_mb)
    network = build_for(space, architecture, task, seed).to(place)              # made on the CPU: the same weights on each device
    kind = Language if task.kind == "text" else Classification
    return kind(network, task, recipe, epochs, seed, watch)


@contextmanager
def threads(count: int) -> Iterator[None]:
    """So many of torch's threads inside, as many as before outside."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
