"""What shared weights are trained on, batch by batch: one part for the weights, one for the choice, one to score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Generator, Tensor

from nas_explorer.estimators.loops.augmentation import augmented
from nas_explorer.estimators.loops.classification import tensors
from nas_explorer.estimators.training_recipe import Recipe
from nas_explorer.tasks.task import Part

SCORED_AT_ONCE = 512               # examples
STREAMS_AT_ONCE = 256              # of text, read side by side: more take fewer of the slow steps along the text


@dataclass(frozen=True, slots=True)
class Batch:
    """Some examples.

    Attributes:
        inputs: as the task has them; for text (batch, length) whole numbers.
        targets: (batch,) classes; for text (batch, length).
        goes_on: whether it continues the text of the batch before, so that a hidden state is worth keeping.
    """

    inputs: Tensor
    targets: Tensor
    goes_on: bool = False


class Batches(Protocol):
    """Where a supernet's batches come from.

    Attributes:
        steps: batches in an epoch of the weights.
    """

    steps: int

    def of_weights(self, generator: Generator) -> Iterator[Batch]:
        """One epoch of the part that the weights learn from, in random order, augmented."""
        ...

    def of_choice(self, generator: Generator) -> Batch:
        """A batch drawn from the part that teaches the choice of architectures; not augmented."""
        ...

    def plain(self, count: int) -> Iterator[Batch]:
        """The first `count` batches of the weights' part as they are, to fit statistics on: always the same."""
        ...

    def of_validation(self) -> Iterator[Batch]:
        """All of the validation part."""
        ...


class Examples:
    """Batches of a task whose examples stand alone: images, spectrograms, rows."""

    def __init__(self, weights: Part, choice: Part, validation: Part, recipe: Recipe) -> None:
        self.weights, self.choice, self.validation = tensors(weights), tensors(choice), tensors(validation)
        self.batch, self.recipe = recipe.batch_size, recipe
        full, rest = divmod(len(weights), self.batch)
        # Batch norms cannot learn from one example, so a last batch of one is left out.
        self.steps = full + (rest > 1)

    def of_weights(self, generator: Generator) -> Iterator[Batch]:
        x, y = self.weights
        order = torch.randperm(len(x), generator=generator)
        for step in range(self.steps):
            chosen = order[step * self.batch:(step + 1) * self.batch]
            yield Batch(augmented(x[chosen], self.recipe.augmentation, generator), y[chosen])

    def of_choice(self, generator: Generator) -> Batch:
        x, y = self.choice
        chosen = torch.randperm(len(x), generator=generator)[:self.batch]
        return Batch(x[chosen], y[chosen])

    def plain(self, count: int) -> Iterator[Batch]:
        x, y = self.weights
        order = torch.randperm(len(x), generator=Generator().manual_seed(0))
        for step in range(min(count, len(x) // self.batch)):
            chosen = order[step * self.batch:(step + 1) * self.batch]
            yield Batch(x[chosen], y[chosen])

    def of_validation(self) -> Iterator[Batch]:
        x, y = self.validation
        pieces = -(-len(x) // SCORED_AT_ONCE)
        for inputs, targets in zip(x.tensor_split(pieces), y.tensor_split(pieces), strict=True):
            yield Batch(inputs, targets)


class Texts:
    """Batches of a text.

    The weights read `batch_size` stretches side by side from start to end. A batch for the choice is cut anywhere and goes on
    from nothing.
    """

    def __init__(self, weights: Part, choice: Part, validation: Part, batch: int, length: int) -> None:
        """
        Args:
            length: characters of a batch's sequences.
        """
        self.weights, self.choice, self.validation = tensors(weights), tensors(choice), tensors(validation)
        self.batch, self.length = batch, length
        self.steps = len(self._starts(len(weights) // batch))

    def of_weights(self, generator: Generator) -> Iterator[Batch]:
        return self._streams(self.weights, self.batch)

    def of_choice(self, generator: Generator) -> Batch:
        x, y = self.choice
        starts = torch.randint(len(x) - self.length + 1, (self.batch, 1), generator=generator) + torch.arange(self.length)
        return Batch(x[starts], y[starts])

    def plain(self, count: int) -> Iterator[Batch]:
        for batch, _ in zip(self._streams(self.weights, self.batch), range(count), strict=False):
            yield batch

    def of_validation(self) -> Iterator[Batch]:
        return self._streams(self.validation, min(STREAMS_AT_ONCE, len(self.validation[0]) // self.length))

    def _streams(self, text: tuple[Tensor, Tensor], streams: int) -> Iterator[Batch]:
        long = len(text[0]) // streams
        x, y = (side[:long * streams].view(streams, long) for side in text)
        for start in self._starts(long):
            stop = start + self.length
            yield Batch(x[:, start:stop], y[:, start:stop], goes_on=start > 0)

    def _starts(self, long: int) -> range:
        """Where pieces begin; a rest that is shorter than the others is left out, because a transformer reads one length only."""
        return range(0, long - self.length + 1, self.length)

