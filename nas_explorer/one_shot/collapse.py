"""Whether a search by gradients runs into skip connections, and when to stop it. No torch.

Zela et al., Understanding and Robustifying Differentiable Architecture Search, ICLR 2020, arXiv 1909.09656; released code
automl/RobustDARTS, src/utils.py, `EVLocalAvg`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

WINDOW = 5                         # curvatures that one local average spans
BACK = 4                           # averages between the two that are compared
RATIO = 1.3                        # the growth from which the released code stops; the paper's 0.75 is about 1 / 1.3
FIRST_EPOCH = 10                   # of a search of 50; before, alphas have hardly moved
MANY_SKIPS = 0.75                  # of the decisions that offer a skip


@dataclass(slots=True)
class CollapseWatch:
    """Remembers the dominant eigenvalue of the validation loss's Hessian in the alphas, and what the search would have answered.

    A large one means a sharp place: the loss of the mixture says little of the loss of the one architecture that is taken from it.
    Its growth comes with the rise of skip connections.

    Attributes:
        first_epoch: before it, nothing is said.
    """

    first_epoch: float
    epochs: list[float] = field(default_factory=list)
    eigenvalues: list[float] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)

    def see(self, epoch: float, eigenvalue: float, answer: Mapping[str, Any]) -> None:
        self.epochs.append(epoch)
        self.eigenvalues.append(eigenvalue)
        self.answers.append(dict(answer))

    def average(self, at: int) -> float:
        """Mean over measurement `at` and the four before it, as far as there are any."""
        near = self.eigenvalues[max(0, at - WINDOW + 1):at + 1]
        return sum(near) / len(near)

    @property
    def growth(self) -> float | None:
        """The last local average over the one before; None while there are too few."""
        last = len(self.eigenvalues) - 1
        if last - BACK < WINDOW // 2 or self.epochs[-1] < self.first_epoch:      # an average of less than three says little
            return None
        before = self.average(last - BACK)
        return self.average(last) / before if before > 0 else None

    @property
    def collapses(self) -> bool:
        return self.growth is not None and self.growth > RATIO

    @property
    def answer_before(self) -> tuple[float, dict[str, Any]]:
        """Epoch and architecture of the measurement that the last one is compared with: what the released code returns."""
        return self.epochs[-1 - BACK], self.answers[-1 - BACK]

    def warning(self, epoch: float, skips: float | None) -> str:
        """In plain words; empty where nothing is wrong."""
        found = []
        if skips is not None and skips >= MANY_SKIPS and epoch >= self.first_epoch:
            found.append(f"{skips:.0%} of the choices lean to a skip connection: the search collapses, as searches by gradients do when "
                         "they run long, because skips help the shared weights to learn more than they help the network")
        if self.collapses:
            found.append(f"the validation loss has become {self.growth:.2f} times as sharp in the alphas since epoch "
                         f"{self.answer_before[0]:g}: what is taken from the mixture may be much worse than the mixture")
        return ". ".join(found)

    def state_dict(self) -> dict[str, Any]:
        return {"epochs": list(self.epochs), "eigenvalues": list(self.eigenvalues), "answers": list(self.answers)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.epochs, self.eigenvalues, self.answers = (list(state[name]) for name in ("epochs", "eigenvalues", "answers"))
