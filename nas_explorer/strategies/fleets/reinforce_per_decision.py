"""Many REINFORCE searches at once, each with its own softmax for every decision."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from nas_explorer.spaces import Codec, SearchSpace
from nas_explorer.spaces.codec import Rows

Floats: TypeAlias = NDArray[np.float64]

BETAS, EPSILON = (0.9, 0.999), 1e-8        # of Adam, as torch has them


class PerDecisionFleet:
    """One step of Adam a trial along (reward - baseline) * gradient of log p(architecture): as `ReinforcePerDecision`.

    Attributes:
        logits: (searches, all options), those of decision i from `codec.starts[i]` on.
    """

    def __init__(self, space: SearchSpace, searches: int, learning_rate: float, baseline_decay: float, rng: np.random.Generator) -> None:
        self.codec, self.rng = Codec(space), rng
        self.learning_rate, self.decay = learning_rate, baseline_decay
        options = int(self.codec.starts[-1])
        self.logits: Floats = 1e-3 * rng.standard_normal((searches, options))
        self.mean, self.square = np.zeros((searches, options)), np.zeros((searches, options))
        self.steps, self.sum, self.mass = np.zeros((3, searches))
        self.worst: Floats = np.full(searches, np.inf)
        self._asked: Rows = np.zeros((searches, len(self.codec.widths)), dtype=np.int64)
        self._decision = np.repeat(np.arange(len(self.codec.widths)), self.codec.widths)

    def ask(self) -> Rows:
        draws = self.rng.random(self._asked.shape)
        probabilities = self.probabilities()
        rows = np.empty_like(self._asked)
        for i, start in enumerate(self.codec.starts[:-1].tolist()):
            reached = probabilities[:, start:start + int(self.codec.widths[i]) - 1].cumsum(axis=1)
            rows[:, i] = (reached <= draws[:, i:i + 1]).sum(axis=1)
        self._asked = self.codec.settle(rows)
        return self._asked

    def tell(self, costs: Floats) -> None:
        rewards = -costs[:, 0]
        self.worst = np.minimum(self.worst, np.where(np.isfinite(rewards), rewards, np.inf))
        rewards = np.where(np.isfinite(rewards), rewards, self.worst)      # a failed trial is the worst that was seen
        learns = np.isfinite(rewards)
        self.sum[learns] = self.decay * self.sum[learns] + (1 - self.decay) * rewards[learns]
        self.mass[learns] = self.decay * self.mass[learns] + (1 - self.decay)
        better = np.where(learns, rewards - self.sum / np.where(self.mass > 0, self.mass, 1.0), 0.0)
        self._climb(better[:, None] * self._gradient(), learns)

    def probabilities(self) -> Floats:
        """(searches, all options)."""
        weights = np.exp(self.logits - np.maximum.reduceat(self.logits, self.codec.starts[:-1], axis=1)[:, self._decision])
        found: Floats = weights / np.add.reduceat(weights, self.codec.starts[:-1], axis=1)[:, self._decision]
        return found

    def _gradient(self) -> Floats:
        """Of log p in all logits: one-hot less probability where a decision is active."""
        active = self._asked[:, self._decision] >= 0
        return np.where(active, self.codec.one_hot(self._asked) - self.probabilities(), 0.0)

    def _climb(self, gradient: Floats, learns: NDArray[np.bool_]) -> None:
        """One step of Adam upwards, in the searches that learn."""
        first, second = BETAS
        self.steps += learns
        moves = learns[:, None]
        self.mean = np.where(moves, first * self.mean + (1 - first) * gradient, self.mean)
        self.square = np.where(moves, second * self.square + (1 - second) * gradient ** 2, self.square)
        steps = np.maximum(self.steps, 1)[:, None]
        mean, square = self.mean / (1 - first ** steps), self.square / (1 - second ** steps)
        self.logits += np.where(moves, self.learning_rate * mean / (np.sqrt(square) + EPSILON), 0.0)
