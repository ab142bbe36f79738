"""A supernet made for a task: what reads its inputs, one path or the mixture, and what answers with its classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from nas_explorer.models.fit import fit, is_recurrent
from nas_explorer.models.language import LanguageModel, hidden_width
from nas_explorer.models.shared_plans import shared_plans
from nas_explorer.models.supernet import Supernet
from nas_explorer.spaces.architecture import Architecture
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.tracer import plan
from nas_explorer.spaces.values import Scalar
from nas_explorer.tasks.task import Task

Path = Mapping[str, Scalar] | Mapping[str, Tensor]
"""An architecture runs alone; decision id -> (options,) weights run as the mixture."""


class SharedNetwork(nn.Module):
    """All architectures of a space as one network that learns a task.

    Attributes:
        supernet: of the space as it was fitted to the task.
        around: embedding and answer of a recurrent cell; None where the supernet does it all.
    """

    def __init__(self, space: SearchSpace, task: Task, affine: bool = True, seed: int | None = None, norm_pools: bool = False,
                 partial: int = 1) -> None:
        """
        Args:
            affine, norm_pools, partial: as of `Supernet`.

        Raises:
            InvalidSpace: if networks of the space cannot learn the task.
            ShapeError: if shapes depend on too many decisions to hold weights for all architectures.
        """
        super().__init__()
        fitted = fit(space, task)
        self.supernet = Supernet(fitted, affine, seed=seed, norm_pools=norm_pools, partial=partial)
        self.around: LanguageModel | None = None
        if is_recurrent(fitted):
            (width,) = {hidden_width(fitted, part) for part in shared_plans(fitted)}
            with torch.random.fork_rng(devices=[], enabled=seed is not None):
                if seed is not None:
                    torch.manual_seed(seed)
                self.around = LanguageModel(self.supernet, width, len(task.classes))

    def forward(self, path: Path, inputs: Tensor, hidden: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        """
        Args:
            path: an architecture, or weights of the options for the mixture.
            inputs: a batch as the task has it.
            hidden: of a recurrent cell, (batch, width); None: nothing came before.

        Returns:
            Logits, and the hidden state to go on from; None where there is no recurrent cell.
        """
        run = self.supernet.mixed if is_mixture(path) else self.supernet.single
        if self.around is None:
            return run(path, inputs), None                                                         # type: ignore[arg-type]
        return self.around(inputs, hidden, lambda x, state: run(path, x, state))                   # type: ignore[arg-type,no-any-return]

    def batch_norms(self, architecture: Mapping[str, Scalar]) -> Iterator[_BatchNorm]:
        """The batch norms on the path of one architecture."""
        for step in plan(self.supernet.space, architecture).steps:
            if step.kind == "op":
                yield from (part for part in self.supernet.bank[step.key].modules() if isinstance(part, _BatchNorm))


def is_mixture(path: Path) -> bool:
    return not isinstance(path, Architecture) and any(isinstance(value, Tensor) for value in path.values())
