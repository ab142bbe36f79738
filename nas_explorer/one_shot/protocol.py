"""What a one-shot method is: settings that begin a run, and a run that trains weights which all architectures share.

Unlike a strategy it is not asked and told: it decides by itself which architecture sees the next batch. It writes no file and
keeps no clock; what it hands out follows from the space, the estimator's settings and the seed alone, so that a search which
goes on from a checkpoint writes the same log as one that was never interrupted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeAlias, runtime_checkable

from nas_explorer.estimators.weight_sharing import WeightSharing
from nas_explorer.spaces import Architecture, SearchSpace


@dataclass(frozen=True, slots=True)
class Progress:
    """How the search stands: what a snapshot holds.

    Attributes:
        epoch: passes over the data that the weights learn from; within an epoch it has a fraction.
        values: by name, such as `train_loss`, `reward`, `entropy` (nats); finite numbers.
        probabilities: decision id -> one number an option, in the order of its options.
        architecture: what the search would answer if it ended now.
        warning: in words, where something goes wrong; else empty.
    """

    epoch: float
    values: Mapping[str, float]
    probabilities: Mapping[str, tuple[float, ...]]
    architecture: Architecture
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """An architecture that was scored with the shared weights: a trial of the search.

    Attributes:
        values: metric name -> value, as `WeightSharing.values` gives them; nothing that depends on the clock.
    """

    architecture: Architecture
    values: Mapping[str, float]


Item: TypeAlias = Progress | Scored | None


class Run(Protocol):
    """A one-shot search under way. One that can leave options out (`strategies.protocol.Narrows`) is told so between two epochs.

    Attributes:
        finished: whether there is no epoch left.
        message: why it ended early, in words; else empty.
    """

    @property
    def finished(self) -> bool: ...

    @property
    def message(self) -> str: ...

    def epoch(self) -> Iterator[Item]:
        """The next epoch, step by step. None: a step was done, and here it may pause or stop.

        An epoch that is left in the middle is lost: whoever goes on loads the state that stood before it.

        Raises:
            TrainingFailed: if a loss or a reward is no number.
        """
        ...

    def score(self, architecture: Architecture) -> Mapping[str, float]:
        """The values of one architecture with the shared weights as they are; changes nothing."""
        ...

    def state_dict(self) -> dict[str, Any]:
        """Everything that the next epoch depends on, generators too: tensors and plain values, between two epochs.

        It need not be a copy: who wants to keep it writes it down before the next epoch begins.
        """
        ...

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Stand where `state_dict` was taken."""
        ...


@runtime_checkable
class OneShot(Protocol):
    """The settings of a one-shot method: a frozen dataclass whose fields are the options, checked when it is made.

    Attributes:
        shares_weights: always True; it tells a one-shot method from a strategy, which begins in another way.
    """

    shares_weights: ClassVar[bool]

    def begin(self, space: SearchSpace, estimator: WeightSharing, seed: int) -> Run:
        """Start a search from nothing.

        Args:
            estimator: made for this space by `for_space`.

        Raises:
            InvalidSpace: if there is nothing to decide, or the space cannot share weights.
            InvalidOption: if the settings do not fit the space or the task.
        """
        ...
