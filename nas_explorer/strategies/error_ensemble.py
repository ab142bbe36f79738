"""An ensemble of small neural networks that predict a cost from an encoding, and how sure they are. No torch: it is this small."""

from __future__ import annotations

import itertools
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from nas_explorer.strategies.reinforce_per_decision import Adam

Floats: TypeAlias = NDArray[np.float64]


class ErrorEnsemble:
    """Networks of the same size with different first weights and orders of training, all trained at once.

    Costs are standardized first. Every hidden layer is fully connected with a ReLU; the loss is the mean absolute error. Fit anew for
    every set of data: the weights of the last fit are not kept.

    White et al., BANANAS, AAAI 2021, arXiv 1910.11858, section 4: five networks of 10 layers of 20 units, trained for 150 epochs with
    Adam at 0.01 in the released code; three layers do as well on these data, and fit a few times as fast.

    Args:
        members: networks.
        hidden: units of each hidden layer, one entry a layer.
        epochs: passes over the data.
        batch: examples a step.
    """

    def __init__(self, members: int = 5, hidden: tuple[int, ...] = (20, 20, 20), epochs: int = 100, batch: int = 32,
                 learning_rate: float = 0.01) -> None:
        self.members, self.hidden, self.epochs, self.batch, self.learning_rate = members, hidden, epochs, batch, learning_rate
        self.weights: list[Floats] = []
        self.biases: list[Floats] = []
        self.centre, self.scale = 0.0, 1.0

    def fit(self, features: Floats, costs: Floats, rng: np.random.Generator) -> None:
        """
        Args:
            features: (n, features).
            costs: (n,) finite.
        """
        self.centre, self.scale = float(costs.mean()), float(costs.std()) or 1.0
        targets = (costs - self.centre) / self.scale
        sizes = [features.shape[1], *self.hidden, 1]
        self.weights = [rng.standard_normal((self.members, a, b)) * (2 / max(1, a)) ** 0.5 for a, b in itertools.pairwise(sizes)]
        self.biases = [np.zeros((self.members, 1, b)) for b in sizes[1:]]
        parameters = [*self.weights, *self.biases]
        steps = [Adam(parameter.shape, self.learning_rate) for parameter in parameters]
        for _ in range(self.epochs):
            orders = rng.permuted(np.tile(np.arange(len(costs)), (self.members, 1)), axis=1)
            for start in range(0, len(costs), self.batch):
                chosen = orders[:, start:start + self.batch]                       # (members, batch)
                gradients = self._gradients(features[chosen], targets[chosen])
                for parameter, adam, gradient in zip(parameters, steps, gradients, strict=True):
                    parameter -= adam.step(gradient)

    def predict(self, features: Floats) -> Floats:
        """(n, features) -> (members, n) costs."""
        found: Floats = self._forward(features)[-1][..., 0] * self.scale + self.centre
        return found

    def _forward(self, features: Floats) -> list[Floats]:
        """What every layer gives, the input first: (members, n, units) each."""
        values = [features]
        for i, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            value = values[-1] @ weight + bias
            values.append(np.maximum(value, 0.0) if i < len(self.weights) - 1 else value)
        return values

    def _gradients(self, features: Floats, targets: Floats) -> list[Floats]:
        """Of the mean absolute error in all weights, then in all biases."""
        values = self._forward(features)
        back = np.sign(values[-1] - targets[..., None]) / targets.shape[1]
        weights: list[Floats] = []
        biases: list[Floats] = []
        for i in reversed(range(len(self.weights))):
            weights.insert(0, values[i].swapaxes(-1, -2) @ back)
            biases.insert(0, back.sum(axis=1, keepdims=True))
            if i:
                back = (back @ self.weights[i].swapaxes(-1, -2)) * (values[i] > 0)
        return [*weights, *biases]
