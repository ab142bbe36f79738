"""The winner, trained from scratch: a curve to watch, and at its end one look at the test part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from torch import nn

from nas_explorer.estimators.loops.learner import threads
from nas_explorer.estimators.training import Training
from nas_explorer.records import Measurement, Metric


class Retraining:
    """A network that is trained from scratch while somebody iterates it: a measurement an epoch.

    An iteration that was left goes on where it was with the next one.

    Attributes:
        network: as it stands now, a torch.nn.Module.
        epochs: how many there will be.
        curve: what was measured so far.

    >>> from nas_explorer.spaces import load, sample
    >>> import numpy as np
    >>> space = load("digits_cells")
    >>> retraining = Retraining(Training("digits", epochs=2).for_space(space), sample(space, np.random.default_rng(0)))
    >>> [seen.step for seen in retraining], sorted(retraining.test)
    ([1, 2], ['test_error', 'test_loss'])
    """

    def __init__(self, training: Training, architecture: Mapping[str, Any]) -> None:
        self.training, self.architecture = training, architecture
        self.curve: list[Measurement] = []
        self._learner = training.learner(architecture)
        self._test: Mapping[str, float] | None = None

    @property
    def network(self) -> nn.Module:
        return self._learner.network

    @property
    def metric(self) -> Metric:
        """What the search would go by: the first that the estimator measures."""
        return self.training.metrics[0]

    @property
    def epochs(self) -> int:
        return self.training.epochs

    @property
    def is_done(self) -> bool:
        return len(self.curve) == self.epochs

    def __iter__(self) -> Iterator[Measurement]:
        """
        Raises:
            TrainingFailed: if the loss becomes NaN, or the training passes a limit.
        """
        while not self.is_done:
            with threads(self.training.threads):
                loss = self._learner.train_epoch()
                scores = self._learner.score(self.training.data.validation)
            values = {"train_loss": loss} | {f"validation_{name}": value for name, value in scores.items()}
            self.curve.append(Measurement(len(self.curve) + 1, values | {"train_seconds": self._learner.watch.seconds}))
            yield self.curve[-1]

    @property
    def test(self) -> Mapping[str, float]:
        """What it is worth on the test part, which is read once, when the training is over; empty before."""
        if self._test is None and self.is_done:
            with threads(self.training.threads):
                scores = self._learner.score(self.training.data.test)
            self._test = {f"test_{name}": value for name, value in scores.items()}
        return self._test or {}
