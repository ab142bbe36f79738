"""Training a network to say which character comes next, one epoch a call."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from nas_explorer.errors import InvalidTask
from nas_explorer.estimators.loops.classification import place_of, tensors
from nas_explorer.estimators.loops.limits import Watch
from nas_explorer.estimators.loops.optimisation import Optimisation
from nas_explorer.estimators.training_recipe import Recipe
from nas_explorer.models.language import LanguageModel
from nas_explorer.models.network import Network
from nas_explorer.tasks.task import Part, Task


class Language:
    """A language model that is being trained.

    A transformer sees pieces of text of its context's length, cut anew every epoch, in random order. A recurrent network reads
    `batch_size` stretches side by side from start to end; its hidden state goes on from piece to piece, gradients do not
    (truncated back-propagation through time).

    Args:
        network: a LanguageModel, or a Network from (batch, length) tokens to (batch, length, vocabulary) logits.
        epochs: how many will be asked for; the schedule ends with the last.
        seed: of the cuts and the order.
    """

    def __init__(self, network: nn.Module, task: Task, recipe: Recipe, epochs: int, seed: int, watch: Watch) -> None:
        self.network, self.task, self.recipe, self.watch = network, task, recipe, watch
        self.place = place_of(network)
        self.length = recipe.sequence_length if isinstance(network, LanguageModel) else _context(network)
        self.generator = Generator().manual_seed(seed)
        self.steps = self._count(task.train, Generator(), "train")
        self._count(task.validation, None, "validate")
        self.optimisation = Optimisation(network.parameters(), recipe, epochs * self.steps)

    def train_epoch(self) -> float:
        """Read the training text once. Returns the mean loss, in nats a character.

        Raises:
            TrainingFailed: if the loss is no number, or a limit is passed.
        """
        self.network.train()
        total = 0.0
        hidden: Tensor | None = None
        with self.watch:
            for tokens, following in self._pieces(self.task.train, self.generator):
                logits, hidden = self._logits(tokens, hidden)
                loss = F.cross_entropy(logits.flatten(0, 1), following.flatten(), label_smoothing=self.recipe.label_smoothing)
                value = loss.item()
                self.watch.check(value)
                self.optimisation.step(loss)
                total += value
        return total / self.steps

    def score(self, part: Part) -> Mapping[str, float]:
        """On some text: `error` in percent of characters, `loss` in nats, `bits_per_character` and `perplexity`."""
        self.network.eval()
        losses, wrong, count = 0.0, 0, 0
        hidden: Tensor | None = None
        with torch.inference_mode():
            for tokens, following in self._pieces(part, None):
                logits, hidden = self._logits(tokens, hidden)
                losses += F.cross_entropy(logits.flatten(0, 1), following.flatten(), reduction="sum").item()
                wrong += int((logits.argmax(dim=2) != following).sum())
                count += following.numel()
        loss = losses / count
        return {"error": 100.0 * wrong / count, "loss": loss, "bits_per_character": loss / math.log(2),
                "perplexity": math.exp(min(loss, 700.0))}

    def _count(self, part: Part, generator: Generator | None, purpose: str) -> int:
        count = sum(1 for _ in self._pieces(part, generator))
        if count == 0:
            raise InvalidTask(f"{self.task.name!r} has {len(part):,} characters to {purpose} on, too few for {self.recipe.batch_size} "
                              f"sequences of {self.length}; take smaller batches or more text")
        return count

    def _logits(self, tokens: Tensor, hidden: Tensor | None) -> tuple[Tensor, Tensor | None]:
        if isinstance(self.network, LanguageModel):
            logits, state = self.network(tokens, hidden)
            return logits, state.detach()
        return self.network(tokens), None

    def _pieces(self, part: Part, generator: Generator | None) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches (batch, length) of tokens and of what follows each, where the network is."""
        tokens, following = (text.to(self.place) for text in tensors(part))
        if isinstance(self.network, LanguageModel):
            return self._streams(tokens, following)
        return self._cuts(tokens, following, generator)

    def _streams(self, tokens: Tensor, following: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        long = len(tokens) // self.recipe.batch_size
        side_by_side = [text[:long * self.recipe.batch_size].view(self.recipe.batch_size, long) for text in (tokens, following)]
        for start in range(0, long, self.length):
            tokens, following = (text[:, start:start + self.length] for text in side_by_side)
            yield tokens, following

    def _cuts(self, tokens: Tensor, following: Tensor, generator: Generator | None) -> Iterator[tuple[Tensor, Tensor]]:
        offset = 0 if generator is None else int(torch.randint(self.length, (1,), generator=generator))
        count = (len(tokens) - self.length) // self.length           # one fewer, so that any offset has room
        cut = [text[offset:offset + count * self.length].view(count, self.length) for text in (tokens, following)]
        order = torch.arange(count) if generator is None else torch.randperm(count, generator=generator)
        full = count - count % self.recipe.batch_size if generator is not None else count
        for start in range(0, full, self.recipe.batch_size):
            chosen = order[start:start + self.recipe.batch_size]
            yield cut[0][chosen], cut[1][chosen]


def _context(network: nn.Module) -> int:
    if isinstance(network, Network):
        return network.plan.steps[0].shape.size
    raise TypeError(f"a language model is a Network or a LanguageModel, got {type(network).__name__}")
