"""The estimator that scores with weights that all architectures share: one training for a whole space."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from nas_explorer.errors import InvalidOption, InvalidSpace
from nas_explorer.estimators.loops.parts import check_batches
from nas_explorer.estimators.loops.path_draws import Sampling
from nas_explorer.estimators.protocol import knowing
from nas_explorer.estimators.training import OF_TEXT
from nas_explorer.estimators.training_recipe import Recipe, given_recipe, recipe_for
from nas_explorer.estimators.wrapping import memory
from nas_explorer.models.fit import fit
from nas_explorer.options import check_number, check_one_of, check_whole_number
from nas_explorer.records import Measurement, Metric, metric
from nas_explorer.spaces import Architecture, SearchSpace, decisions, to_json
from nas_explorer.tasks.bundled import BundledTask
from nas_explorer.tasks.catalog import CATALOG, as_task
from nas_explorer.tasks.task import Task

if TYPE_CHECKING:
    from nas_explorer.estimators.loops.shared_learner import SharedLearner

BatchNorm = Literal["batch", "running", "refit"]


@dataclass(frozen=True, slots=True)
class WeightSharing:
    """Train one network that holds all architectures, and score each with its part of the shared weights.

    The training part of the task is split in two. Weights learn from the first; the second teaches whoever chooses architectures,
    ENAS its controller and DARTS its alphas. Scores are of the validation part, which neither has seen. The test part is never
    read.

    Paired with a strategy that asks and tells, it trains the shared weights once, each batch on an architecture drawn at random,
    and then scores what the strategy proposes. Methods that learn weights and choice together (`nas.one_shot`) begin with fresh
    weights.

    Source: Bender et al., Understanding and Simplifying One-Shot Architecture Search, ICML 2018; Guo et al., arXiv 1904.00420;
    fair draws: Chu et al., FairNAS, arXiv 1907.01845

    Attributes:
        task: a bundled task by name, {"name": ..., "options": {...}}, or a task of your own.
        epochs: passes over the part that the weights learn from.
        recipe: how the weights learn, as in `training`.
        batch_norm: which statistics batch norms use while an architecture is scored, which often decides the result. `batch`: those
            of the batch that is scored. `running`: the averages of the training, a mixture over all architectures that came along.
            `refit`: averages made anew for every architecture on some batches of training data; truest, and slowest.
        train_share: how much of the training part the weights learn from; what is left teaches the choice.
        seed: same seed, same results.
        threads: of torch while it trains.
        sampling: how architectures are drawn that train the weights, where no method chooses them: `fair`, so that the options of
            a decision take turns, or `uniform`, each draw by itself.

    Raises:
        UnknownName: if there is no such task, recipe or augmentation.
        InvalidOption: if an option is out of range.
    """

    task: str | Mapping[str, Any] | Task = "digits"
    epochs: int = 20
    recipe: str | Mapping[str, Any] = "default"
    batch_norm: BatchNorm = "batch"
    train_share: float = 0.5
    seed: int = 0
    threads: int = 1
    sampling: Sampling = "fair"
    _space: SearchSpace | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if isinstance(self.task, BundledTask):
            object.__setattr__(self, "task", CATALOG.spec(self.task))
        object.__setattr__(self, "recipe", given_recipe(self.recipe))
        for name in ("epochs", "threads"):
            check_whole_number(name, getattr(self, name))
        check_whole_number("seed", self.seed, least=0)
        check_one_of("batch_norm", self.batch_norm, get_args(BatchNorm))
        check_one_of("sampling", self.sampling, get_args(Sampling))
        check_number("train_share", self.train_share, "above 0 and below 1", lambda share: 0 < share < 1)
        recipe_for(self.recipe, self.data.kind)

    @property
    def data(self) -> Task:
        """The task, loaded."""
        return as_task(self.task)

    @property
    def training_recipe(self) -> Recipe:
        return recipe_for(self.recipe, self.data.kind)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """For text, bits a character come first."""
        first = OF_TEXT if self.data.kind == "text" else ()
        return (*first, *map(metric, ("validation_error", "validation_loss", "parameter_count", "macs")))

    def check_space(self, space: SearchSpace) -> None:
        """
        Raises:
            InvalidSpace: if there is nothing to decide, or networks of this space cannot learn the task.
            InvalidOption: if a batch is larger than the data.
        """
        if not decisions(space):
            raise InvalidSpace(f"{space.name!r} has one architecture only, so there is nothing to share or to choose; draw a choice")
        check_batches(self.data, fit(space, self.data), self.training_recipe, self.train_share, self.seed)

    def for_space(self, space: SearchSpace) -> WeightSharing:
        """The same estimator, that knows which space its architectures are from: a search calls this before it begins.

        Raises:
            InvalidSpace: as `check_space`.
        """
        self.check_space(space)
        return knowing(self, _space=space)

    @property
    def space(self) -> SearchSpace:
        """
        Raises:
            InvalidOption: if the estimator does not know it yet.
        """
        if self._space is None:
            raise InvalidOption("to share weights, an estimator must know the space its architectures are from: "
                                "WeightSharing(...).for_space(space); a search does this by itself")
        return self._space

    def learner(self, seed: int = 0, affine: bool = True, norm_pools: bool = False, partial: int = 1) -> SharedLearner:
        """Fresh shared weights with everything that trains them.

        Args:
            seed: of the search; together with the estimator's own it decides weights and batches.
            affine: whether batch norms learn a scale and a shift; DARTS searches without.
            norm_pools, partial: as of `Supernet`.

        Raises:
            ShapeError: if shapes depend on too many decisions to hold weights for all architectures.
        """
        from nas_explorer.estimators.loops.shared_learner import SharedLearner

        return SharedLearner(self.space, self.data, self.training_recipe, self.epochs, self.train_share, self.batch_norm, affine,
                             (self.seed, seed), self.threads, norm_pools, partial, self.sampling)

    def values(self, learner: SharedLearner, architecture: Architecture) -> dict[str, float]:
        """Everything it measures of an architecture with these weights."""
        from nas_explorer.models.language import cost_for

        cost = cost_for(self.space, architecture, self.data)
        scores = {f"validation_{name}": value for name, value in learner.score(architecture).items()}
        return {**scores, "parameter_count": cost.parameter_count, "macs": cost.macs}

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        """Score one architecture; the first call in a process trains the shared weights.

        Raises:
            InvalidOption: if the estimator does not know the space yet.
            TrainingFailed: if a loss becomes NaN.
        """
        yield Measurement(0, self.values(memory(self._memory_name, self._trained), architecture))

    def _trained(self) -> SharedLearner:
        learner = self.learner()
        for _ in range(self.epochs):
            learner.train_uniformly()
        return learner

    @property
    def _memory_name(self) -> str:
        """Equal settings share one training in a process, and weights never go over the wire."""
        settings = [self.task if isinstance(self.task, (str, dict)) else id(self.task), self.epochs, self.recipe, self.batch_norm,
                    self.train_share, self.seed, self.sampling, to_json(self.space)]
        return json.dumps(["weight_sharing", *settings])
