"""Weights that all architectures share, in training: one step on a path or on the mixture, and scores with what was learned."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np
import torch
import torch.nn.functional as F
from torch import Generator, Tensor
from torch.nn.modules.batchnorm import _BatchNorm

from nas_explorer.estimators.loops.batches import Batch, Batches, Examples, Texts
from nas_explorer.estimators.loops.layout import channels_last
from nas_explorer.estimators.loops.learner import threads
from nas_explorer.estimators.loops.limits import Watch
from nas_explorer.estimators.loops.optimisation import Optimisation
from nas_explorer.estimators.loops.parts import divided, sequence_length
from nas_explorer.estimators.loops.path_draws import PathDraws, Sampling
from nas_explorer.estimators.training_recipe import Recipe
from nas_explorer.models.shared_network import Path, SharedNetwork
from nas_explorer.spaces import Architecture, Scalar, SearchSpace
from nas_explorer.tasks.task import Task

REFIT_BATCHES = 4                  # of the weights' part, for `refit`


class SharedLearner:
    """A supernet and everything that trains it.

    Weights that a path does not use get no gradient and stay as they are, without weight decay or momentum. The released code of
    ENAS and DARTS is of 2018, when an unused weight's gradient was zero, so that both went on moving it.

    Attributes:
        network: the supernet, made for the task.
        batches: of the weights, of the choice, of the validation part.
        optimisation: optimiser and schedule; `optimisation.done` counts steps, `batches.steps` make an epoch.
        paths: which architecture trains next, where nobody chooses.
        epochs_done: how many epochs `train_epoch` and its like have ended.
    """

    def __init__(self, space: SearchSpace, task: Task, recipe: Recipe, epochs: int, train_share: float = 0.5,
                 batch_norm: Literal["batch", "running", "refit"] = "batch", affine: bool = True, seed: Sequence[int] = (0,),
                 thread_count: int = 1, norm_pools: bool = False, partial: int = 1, sampling: Sampling = "fair") -> None:
        """
        Args:
            affine, norm_pools, partial: as of `Supernet`.
            sampling: as of `PathDraws`.
            space: as it is drawn; it is fitted to the task here.
            epochs: how many there will be; the schedule ends with the last.
            seed: numbers that together decide weights and batches. The training part is cut by the first alone.

        Raises:
            InvalidSpace, ShapeError: if the space cannot learn the task, or cannot share weights.
        """
        rng = np.random.default_rng([*seed, 0x5A])
        weights_seed, batches_seed, paths_seed = (int(number) for number in rng.integers(2 ** 62, size=3))
        self.space, self.task, self.recipe, self.epochs, self.thread_count = space, task, recipe, epochs, thread_count
        self.network = SharedNetwork(space, task, affine, weights_seed, norm_pools, partial)
        if len(task.input_shape) == 3:
            channels_last(self.network)
        self.batch_norm = batch_norm
        self.batches = batches_of(task, space, recipe, train_share, seed[0])
        self.generator = Generator().manual_seed(batches_seed)
        self.paths = PathDraws(space, sampling, np.random.default_rng(paths_seed))
        self.watch = Watch(epochs, None, None)
        self.optimisation = Optimisation(self.network.parameters(), recipe, epochs * self.batches.steps)
        if recipe.optimizer == "sgd" and recipe.momentum:
            # torch's fused steps refuse parameters of which some moved before and some did not; from zeros, the first step is the same.
            for weights in self.optimisation.parameters:
                self.optimisation.optimizer.state[weights]["momentum_buffer"] = torch.zeros_like(weights)
        self.epochs_done = 0
        self.hidden: Tensor | None = None
        self._norms = [(part, part.momentum) for part in self.network.modules() if isinstance(part, _BatchNorm)]
        self._mode: Literal["", "train", "score"] = ""

    # ---- learning
    def train_uniformly(self) -> float:
        """An epoch in which every batch trains an architecture drawn without favour. Returns the mean loss.

        Raises:
            TrainingFailed: if a loss is no number.
        """
        losses = [self.train(self.paths.next(), batch) for batch in self.epoch()]
        return sum(losses) / len(losses)

    def epoch(self) -> Iterator[Batch]:
        """The batches of one epoch of the weights, one after the other; `epochs_done` counts it when it is through."""
        self.hidden = None
        with self.watch:
            yield from self.batches.of_weights(self.generator)
        self.epochs_done += 1

    def choice_batch(self) -> Batch:
        """A batch of the part that teaches the choice of architectures."""
        return self.batches.of_choice(self.generator)

    def train(self, path: Path, batch: Batch) -> float:
        """One step of the shared weights on a path or on the mixture. Returns the loss, in nats.

        Raises:
            TrainingFailed: if the loss is no number; the weights stay as they were.
        """
        self.to_train()
        with threads(self.thread_count):
            logits, hidden = self.network(path, batch.inputs, self.hidden if batch.goes_on else None)
            loss = cross_entropy(logits, batch.targets, self.recipe.label_smoothing)
            value = loss.item()
            self.watch.check(value)
            self.optimisation.step(loss)
        self.hidden = None if hidden is None else hidden.detach()
        return value

    def loss(self, path: Path, batch: Batch) -> Tensor:
        """The loss of a path or of the mixture, to differentiate; batch norms see the batch, and learn its statistics."""
        self.to_train()
        logits, _ = self.network(path, batch.inputs, self.hidden if batch.goes_on else None)
        return cross_entropy(logits, batch.targets)

    # ---- scoring
    def score(self, architecture: Mapping[str, Scalar], batch: Batch | None = None) -> dict[str, float]:
        """`error` in percent and `loss` of an architecture; of text `bits_per_character` and `perplexity`, too.

        Args:
            batch: to score on; None: the validation part.
        """
        architecture = architecture if isinstance(architecture, Architecture) else Architecture(architecture)
        self.to_score()
        batches = self.batches.of_validation() if batch is None else [batch]
        with threads(self.thread_count), torch.no_grad(), self._statistics(architecture):
            return self._scored(architecture, batches)

    def _scored(self, path: Path, batches: Iterable[Batch]) -> dict[str, float]:
        losses, wrong, count = 0.0, 0, 0
        hidden: Tensor | None = None
        for batch in batches:
            logits, hidden = self.network(path, batch.inputs, hidden if batch.goes_on else None)
            losses += cross_entropy(logits, batch.targets).item() * batch.targets.numel()
            wrong += int((logits.argmax(dim=-1) != batch.targets).sum())
            count += batch.targets.numel()
        loss = losses / count
        found = {"error": 100.0 * wrong / count, "loss": loss}
        if self.task.kind == "text":
            found |= {"bits_per_character": loss / math.log(2), "perplexity": math.exp(min(loss, 700.0))}
        return found

    @contextmanager
    def _statistics(self, architecture: Architecture) -> Iterator[None]:
        """Inside, batch norms use what `batch_norm` says; outside they are what they were."""
        if self.batch_norm != "refit":
            yield
            return
        norms = [norm for norm in self.network.batch_norms(architecture) if norm.running_mean is not None]
        before = [(norm.running_mean.clone(), norm.running_var.clone(), norm.num_batches_tracked.clone())  # type: ignore[union-attr]
                  for norm in norms]
        momenta = [norm.momentum for norm in norms]
        try:
            for norm in norms:
                norm.reset_running_stats()
                norm.train()
                norm.momentum = None                                   # a plain average over the batches
            for batch in self.batches.plain(REFIT_BATCHES):
                self.network(architecture, batch.inputs)
            for norm in norms:
                norm.eval()
            yield
        finally:
            for norm, momentum, (mean, variance, tracked) in zip(norms, momenta, before, strict=True):
                norm.eval()
                norm.momentum = momentum
                norm.running_mean.copy_(mean)                                                          # type: ignore[union-attr]
                norm.running_var.copy_(variance)                                                       # type: ignore[union-attr]
                norm.num_batches_tracked.copy_(tracked)                                                # type: ignore[union-attr]

    # ---- modes: setting one walks over every module of the supernet, so it is done when it changes only
    def to_train(self) -> None:
        if self._mode != "train":
            self.network.train()
            for norm, momentum in self._norms:
                norm.momentum = momentum
            self._mode = "train"

    def to_score(self) -> None:
        if self._mode != "score":
            self.network.eval()
            if self.batch_norm == "batch":
                for norm, _ in self._norms:
                    norm.train()
                    norm.momentum = 0.0                                # what is scored leaves no trace in the averages
            self._mode = "score"

    # ---- keeping
    def state_dict(self) -> dict[str, Any]:
        """Between two epochs."""
        return {"network": self.network.supernet.state_dict(), "around": {} if self.network.around is None else _around(self.network),
                "optimizer": self.optimisation.optimizer.state_dict(), "steps": self.optimisation.done, "epochs": self.epochs_done,
                "generator": self.generator.get_state(), "paths": self.paths.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.network.supernet.load_state_dict(state["network"])
        if self.network.around is not None:
            self.network.around.load_state_dict(state["around"], strict=False)
        self.optimisation.optimizer.load_state_dict(state["optimizer"])
        self.optimisation.done, self.epochs_done, self.watch.epoch = state["steps"], state["epochs"], state["epochs"]
        self.generator.set_state(state["generator"])
        self.paths.load_state_dict(state["paths"])
        self.hidden = None


def batches_of(task: Task, space: SearchSpace, recipe: Recipe, train_share: float, seed: int) -> Batches:
    weights, choice = divided(task, train_share, seed)
    if task.kind != "text":
        return Examples(weights, choice, task.validation, recipe)
    return Texts(weights, choice, task.validation, recipe.batch_size, sequence_length(task, space, recipe))


def _around(network: SharedNetwork) -> dict[str, Tensor]:
    assert network.around is not None
    return {name: value for name, value in network.around.state_dict().items() if not name.startswith("cell.")}


def cross_entropy(logits: Tensor, targets: Tensor, label_smoothing: float = 0.0) -> Tensor:
    """Mean over (batch,) classes or (batch, length) characters, in nats."""
    if targets.dim() == 2:
        logits, targets = logits.flatten(0, 1), targets.flatten()
    return F.cross_entropy(logits, targets, label_smoothing=label_smoothing)
