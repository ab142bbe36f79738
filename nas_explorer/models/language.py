"""Networks that predict the next character: a recurrent cell with what is around it. And the one door to build for a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import torch
from torch import Tensor, nn

from nas_explorer.errors import InvalidSpace
from nas_explorer.models.fit import fit, is_recurrent
from nas_explorer.models.network import build
from nas_explorer.spaces.costs import cost
from nas_explorer.spaces.plans import Cost, Plan
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import Scalar
from nas_explorer.tasks.task import Task

SCALE = 0.1                # initial weights of cell and embedding are uniform in this range either way, as in ENAS


class LanguageModel(nn.Module):
    """Embedding, a recurrent cell run over the characters, and the answer with the embedding's own weights.

    ENAS and DARTS tie the two matrices in this way.
    """

    def __init__(self, cell: nn.Module, width: int, vocabulary: int) -> None:
        super().__init__()
        self.cell, self.embedding, self.bias = cell, nn.Embedding(vocabulary, width), nn.Parameter(torch.zeros(vocabulary))
        for weights in self.parameters():
            if weights.dim() > 1:
                nn.init.uniform_(weights, -SCALE, SCALE)

    def forward(self, tokens: Tensor, hidden: Tensor | None = None,
                cell: Callable[[Tensor, Tensor], Tensor] | None = None) -> tuple[Tensor, Tensor]:
        """
        Args:
            tokens: (batch, length) whole numbers.
            hidden: (batch, width), where the text before ended; None: nothing came before.
            cell: what maps (input, hidden) to the next hidden state here, such as one path of a supernet; None: the model's own.

        Returns:
            (batch, length, vocabulary) logits, and the hidden state to go on from.
        """
        step = self.cell if cell is None else cell
        inputs = self.embedding(tokens)
        hidden = inputs.new_zeros(len(tokens), inputs.shape[2]) if hidden is None else hidden
        states = []
        for x in inputs.unbind(dim=1):
            hidden = cast(Tensor, step(x, hidden))
            states.append(hidden)
        return nn.functional.linear(torch.stack(states, dim=1), self.embedding.weight, self.bias), cast(Tensor, hidden)


def build_for(space: SearchSpace, architecture: Mapping[str, Scalar], task: Task, seed: int | None = None) -> nn.Module:
    """The network of an architecture, made for a task: inputs, classes, and for a recurrent cell what is around it.

    Args:
        seed: of the weights; the generator that torch uses elsewhere is left as it was.

    Raises:
        InvalidSpace: if networks of the space cannot learn the task.
        InvalidArchitecture: if it does not belong to the space.
    """
    fitted = fit(space, task)
    if not is_recurrent(fitted):
        return build(fitted, architecture, seed)
    with torch.random.fork_rng(devices=[]):
        if seed is not None:
            torch.manual_seed(seed)
        cell = build(fitted, architecture)
        return LanguageModel(cell, hidden_width(fitted, cell.plan), len(task.classes))


def hidden_width(space: SearchSpace, cell: Plan) -> int:
    """How wide the hidden state is that a recurrent cell takes and gives.

    Raises:
        InvalidSpace: if it gives one of another width.
    """
    width = space.input_channels[1]
    if (given := cell.steps[-1].shape.channels) != width:
        raise InvalidSpace(f"a recurrent cell must give back a hidden state as wide as it got, {width}, and {space.name!r} gives {given}")
    return width


def cost_for(space: SearchSpace, architecture: Mapping[str, Scalar], task: Task) -> Cost:
    """Parameters and MACs in closed form of what `build_for` builds; MACs of a recurrent model are those of one character."""
    fitted = fit(space, task)
    inner = cost(fitted, architecture)
    if not is_recurrent(fitted):
        return inner
    answer = fitted.input_channels[1] * len(task.classes)
    return Cost(inner.parameter_count + answer + len(task.classes), inner.macs + answer)
