"""Training a network to tell classes apart, one epoch a call."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from nas_explorer.estimators.loops.augmentation import augmented
from nas_explorer.estimators.loops.layout import channels_last
from nas_explorer.estimators.loops.limits import Watch
from nas_explorer.estimators.loops.optimisation import Optimisation
from nas_explorer.estimators.training_recipe import Recipe
from nas_explorer.tasks.task import Part, Task

SCORED_AT_ONCE = 512


class Classification:
    """A network that is being trained.

    Args:
        network: maps (batch, ...) inputs to (batch, classes) logits. It stands where it is to be trained; batches are drawn and
            augmented on the CPU, the same for each device.
        epochs: how many will be asked for; the schedule ends with the last.
        seed: of the order of the examples and of the augmentation.
    """

    def __init__(self, network: nn.Module, task: Task, recipe: Recipe, epochs: int, seed: int, watch: Watch) -> None:
        if len(task.input_shape) == 3:
            network = channels_last(network)
        self.network, self.task, self.recipe, self.watch = network, task, recipe, watch
        self.place = place_of(network)
        self.x, self.y = tensors(task.train)
        self.generator = Generator().manual_seed(seed)
        self.batch = min(recipe.batch_size, len(self.x))
        full, rest = divmod(len(self.x), self.batch)
        # Batch norms cannot learn from one example, so a last batch of one is left out.
        self.steps = full + (rest > 1)
        self.optimisation = Optimisation(network.parameters(), recipe, epochs * self.steps)

    def train_epoch(self) -> float:
        """See every training example once. Returns the mean loss.

        Raises:
            TrainingFailed: if the loss is no number, or a limit is passed.
        """
        self.network.train()
        order = torch.randperm(len(self.x), generator=self.generator)
        total = 0.0
        with self.watch:
            for step in range(self.steps):
                chosen = order[step * self.batch:(step + 1) * self.batch]
                x = augmented(self.x[chosen], self.recipe.augmentation, self.generator).to(self.place)
                loss = F.cross_entropy(self.network(x), self.y[chosen].to(self.place), label_smoothing=self.recipe.label_smoothing)
                value = loss.item()
                self.watch.check(value)
                self.optimisation.step(loss)
                total += value
        return total / self.steps

    def score(self, part: Part) -> Mapping[str, float]:
        """`error` in percent and `loss` on some examples."""
        self.network.eval()
        x, y = tensors(part)
        with torch.inference_mode():
            logits = torch.cat([self.network(x[start:start + SCORED_AT_ONCE].to(self.place)).cpu()
                                for start in range(0, len(x), SCORED_AT_ONCE)])
        wrong = int((logits.argmax(dim=1) != y).sum())
        return {"error": 100.0 * wrong / len(y), "loss": F.cross_entropy(logits, y).item()}


def place_of(network: nn.Module) -> torch.device:
    """Where a network's weights are."""
    return next(network.parameters(), torch.empty(0)).device


@lru_cache(maxsize=16)
def tensors(part: Part) -> tuple[Tensor, Tensor]:
    """Inputs and targets, copied once for all trainings on them."""
    return torch.tensor(part.inputs), torch.tensor(part.targets)
