"""The estimator that trains: real networks on real data, one measurement an epoch."""

from __future__ import annotations

import hashlib
import json
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nas_explorer.errors import InvalidOption, TrainingFailed
from nas_explorer.estimators.protocol import knowing
from nas_explorer.estimators.training_recipe import Recipe, given_recipe, recipe_for
from nas_explorer.models.devices import check_device
from nas_explorer.models.fit import fit, is_recurrent
from nas_explorer.models.memory import training_memory
from nas_explorer.options import check_whole_number
from nas_explorer.records import Measurement, Metric, metric
from nas_explorer.spaces import Architecture, SearchSpace, decisions, plan
from nas_explorer.tasks.bundled import BundledTask
from nas_explorer.tasks.catalog import CATALOG, as_task
from nas_explorer.tasks.task import Task

if TYPE_CHECKING:
    from nas_explorer.estimators.loops.learner import Learner

OF_TEXT = (
    Metric("validation_bits_per_character", "bit", True, "validation bits a character"),
    Metric("validation_perplexity", "", True, "validation perplexity"),
)
SPREAD = Metric("validation_error_spread", "%", True, "spread of validation error over seeds")


@dataclass(frozen=True, slots=True)
class Training:
    """Train every network from scratch, and measure it on the validation part after each epoch.

    The same architecture always gets the same weights to start from and sees its examples in the same order, whatever else a
    search tries: both follow from `seed` and the architecture. The test part is never read.

    Source: the plain way of Zoph and Le, Neural Architecture Search with Reinforcement Learning, ICLR 2017, arXiv 1611.01578

    Attributes:
        task: a bundled task by name, {"name": ..., "options": {...}}, or a task of your own from `tasks.from_arrays` and its like.
        epochs: how often each training example is seen.
        recipe: `default` (by kind of task), `nas_bench_201`, `darts`, or the fields of a Recipe that differ from the default.
        seeds: networks trained side by side with different weights and orders; measured is their mean, and the spread of the error.
        seed: same seed, same results.
        time_limit: seconds of training after which a trial fails, over all of its seeds; None: no limit.
        memory_limit_mb: memory that a training may take, checked in closed form before it begins and by the process's size after
            each step; None: no limit.
        threads: of torch while it trains. More than one helps only with large images on an idle machine.
        device: where it trains: `cpu`, `cuda`, `cuda:0`, ... Weights and order are the same on each, sums may be rounded otherwise.

    Raises:
        UnknownName: if there is no such task, recipe or augmentation.
        InvalidOption: if an option is out of range.
    """

    task: str | Mapping[str, Any] | Task = "digits"
    epochs: int = 4
    recipe: str | Mapping[str, Any] = "default"
    seeds: int = 1
    seed: int = 0
    time_limit: float | None = None
    memory_limit_mb: float | None = None
    threads: int = 1
    device: str = "cpu"
    _space: SearchSpace | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if isinstance(self.task, BundledTask):
            object.__setattr__(self, "task", CATALOG.spec(self.task))
        object.__setattr__(self, "recipe", given_recipe(self.recipe))
        for name in ("epochs", "seeds", "threads"):
            check_whole_number(name, getattr(self, name))
        check_whole_number("seed", self.seed, least=0)
        for name in ("time_limit", "memory_limit_mb"):
            _check_limit(name, getattr(self, name))
        check_device(self.device)
        recipe_for(self.recipe, self.data.kind)

    @property
    def data(self) -> Task:
        """The task, loaded."""
        return as_task(self.task)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """For text, bits a character come first; with several seeds there is a spread."""
        first = OF_TEXT if self.data.kind == "text" else ()
        spread = (SPREAD,) if self.seeds > 1 else ()
        names = ("validation_error", "validation_loss", "parameter_count", "macs", "train_seconds")
        return (*first, *map(metric, names), *spread)

    def check_space(self, space: SearchSpace) -> None:
        decisions(space)
        fit(space, self.data)

    def for_space(self, space: SearchSpace) -> Training:
        """The same estimator, that knows which space its architectures are from: a search calls this before it begins.

        Raises:
            InvalidSpace: if networks of this space cannot learn the task.
        """
        self.check_space(space)
        return knowing(self, _space=space)

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        """Train one architecture: a measurement after each epoch.

        Raises:
            InvalidOption: if the estimator does not know the space yet.
            TrainingFailed: if the loss becomes NaN, or the training passes a limit.
            DeviceMissing: if the machine that trains has no such device.
        """
        learners = [self.learner(architecture, repeat) for repeat in range(self.seeds)]
        known = self.foresee(architecture)
        for epoch in range(1, self.epochs + 1):
            scores = [self._epoch(learner) for learner in learners]
            seconds = sum(learner.watch.seconds for learner in learners)
            values = {f"validation_{name}": statistics.fmean(score[name] for score in scores) for name in scores[0]}
            if self.seeds > 1:
                values[SPREAD.name] = statistics.stdev(score["error"] for score in scores)
            yield Measurement(epoch, {**values, **known, "train_seconds": seconds})

    def foresee(self, architecture: Architecture) -> Mapping[str, float]:
        """Parameters and MACs, in closed form.

        Raises:
            InvalidOption: if the estimator does not know the space yet.
        """
        from nas_explorer.models.language import cost_for

        return cost_for(self.space, architecture, self.data)._asdict()

    @property
    def space(self) -> SearchSpace:
        """
        Raises:
            InvalidOption: if the estimator does not know it yet.
        """
        if self._space is None:
            raise InvalidOption("to train, an estimator must know the space its architectures are from: "
                                "Training(...).for_space(space); a search does this by itself")
        return self._space

    def learner(self, architecture: Mapping[str, Any], repeat: int = 0) -> Learner:
        """A fresh network of an architecture with everything that trains it, for loops of your own.

        Args:
            repeat: which of the seeds.

        Raises:
            TrainingFailed: if the network would take more memory than allowed.
            DeviceMissing: if this machine has no such device.
        """
        from nas_explorer.estimators.loops.learner import make_learner

        recipe = recipe_for(self.recipe, self.data.kind)
        self._check_memory(architecture, recipe)
        limit = None if self.time_limit is None else self.time_limit / self.seeds
        return make_learner(self.space, architecture, self.data, recipe, self.epochs, seed_of(architecture, self.seed, repeat), limit,
                            self.memory_limit_mb, self.device)

    def _check_memory(self, architecture: Mapping[str, Any], recipe: Recipe) -> None:
        if self.memory_limit_mb is None:
            return
        applied = recipe.sequence_length if is_recurrent(self.space) else 1          # a cell runs once a character
        needed = training_memory(plan(fit(self.space, self.data), architecture), recipe.batch_size * applied) * self.seeds / 1e6
        if needed > self.memory_limit_mb:
            raise TrainingFailed(f"the training would take about {needed:,.0f} MB in batches of {recipe.batch_size}, more than its limit "
                                 f"of {self.memory_limit_mb:,.0f} MB")

    def _epoch(self, learner: Learner) -> Mapping[str, float]:
        from nas_explorer.estimators.loops.learner import threads

        with threads(self.threads):
            learner.train_epoch()
            return learner.score(self.data.validation)


def seed_of(architecture: Mapping[str, Any], seed: int, repeat: int = 0) -> int:
    """The seed of a training: of the architecture and the estimator's seed alone, not of the trial.

    >>> seed_of({"a": 1, "b": 2}, 0) == seed_of({"b": 2, "a": 1}, 0) != seed_of({"a": 1, "b": 2}, 1)
    True
    """
    text = json.dumps([sorted(architecture.items()), seed, repeat], ensure_ascii=False)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), "big")


def _check_limit(name: str, value: object) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e12):
        raise InvalidOption(f"{name} must be a number above 0, or None, got {value!r:.60}")
