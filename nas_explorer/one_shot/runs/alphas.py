"""The alphas of a search: how strong every option is, what teaches them, and what they make of a forward pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Generator, Tensor

from nas_explorer.models.supernet import ChosenWeights
from nas_explorer.one_shot.darts_presets import Settings

Noise = Mapping[str, Tensor]
RULED_OUT = -1e9                   # added to an alpha: nothing of it is left, and no gradient is infinite


class Alphas:
    """One number an option, and where edges have strengths of their own one number an edge ("betas" of PC-DARTS).

    Attributes:
        parameters: all of them, decisions first.
        temperature: of the draws, where options are drawn.
    """

    def __init__(self, options: Mapping[str, int], edges: Mapping[str, Sequence[str]], settings: Settings, generator: Generator) -> None:
        """
        Args:
            options: decision -> how many options.
            edges: node -> the decisions of its edges.
        """
        self.settings, self.edges, self.generator = settings, edges, generator
        self.options = {key: self._begun(count) for key, count in options.items()}
        self.betas = {key: self._begun(len(group)) for key, group in edges.items()}
        self.parameters = [*self.options.values(), *self.betas.values()]
        self.optimizer = torch.optim.Adam(self.parameters, settings.learning_rate, settings.betas, weight_decay=settings.weight_decay,
                                          foreach=True)
        self.temperature = settings.temperature[0]
        self._masks: dict[str, Tensor] = {}

    def _begun(self, count: int) -> Tensor:
        return (self.settings.spread * torch.randn(count, generator=self.generator)).requires_grad_()

    def narrow(self, left: Mapping[str, Sequence[int]]) -> None:
        """Let these options only count, the others get nothing of the mixture and learn nothing; decisions that are not named keep all."""
        self._masks = {}
        for key, places in left.items():
            if key in self.options and len(places) < len(self.options[key]):
                mask = torch.full((len(self.options[key]),), RULED_OUT)
                mask[list(places)] = 0.0
                self._masks[key] = mask

    def _logits(self, key: str) -> Tensor:
        return self.options[key] + self._masks[key] if key in self._masks else self.options[key]

    def draw(self) -> Noise:
        """Noise for one draw of every decision, empty where nothing is drawn: the same noise gives the same path again."""
        if not self.settings.gumbel:
            return {}
        uniform = torch.finfo(torch.float32).tiny
        return {key: -torch.log(-torch.log(torch.rand(alpha.shape, generator=self.generator).clamp_min(uniform)))
                for key, alpha in self.options.items()}

    def path(self, noise: Noise | None = None, grad: bool = True) -> dict[str, Tensor]:
        """What a supernet mixes by.

        Args:
            noise: of `draw`; None: draw now, where options are drawn.
            grad: whether the alphas are to get a gradient.
        """
        noise = self.draw() if noise is None else noise
        with torch.set_grad_enabled(grad and torch.is_grad_enabled()):
            betas = {key: beta.softmax(0) for key, beta in self.betas.items()}
            if not noise:
                return {key: self._logits(key).softmax(0) for key in self.options} | betas
            hard = {key: self._straight_through(self._logits(key), noise[key]) for key in self.options}
        return ChosenWeights({key: weights for key, (weights, _) in hard.items()} | betas, {key: place for key, (_, place) in hard.items()})

    def _straight_through(self, alpha: Tensor, noise: Tensor) -> tuple[Tensor, int]:
        """Weights that are 1 where the draw fell and else 0, with the gradient of a softmax; and where it fell."""
        soft = ((alpha.log_softmax(0) + noise) / self.temperature).softmax(0)
        place = int(soft.argmax())
        hard = torch.zeros_like(soft)
        hard[place] = 1.0
        return hard + (soft - soft.detach()), place

    def step(self, gradients: Sequence[Tensor]) -> None:
        for alpha, gradient in zip(self.parameters, gradients, strict=True):
            alpha.grad = gradient
        self.optimizer.step()

    def probabilities(self) -> dict[str, tuple[float, ...]]:
        """Softmax over the options of every decision, in double precision so that it adds up to 1."""
        return {key: tuple(self._logits(key).detach().double().softmax(0).tolist()) for key in self.options}

    def strengths(self) -> dict[str, float]:
        """Softmax over the edges of every node, by the edges' decisions."""
        return {edge: strength for node, group in self.edges.items()
                for edge, strength in zip(group, self.betas[node].detach().double().softmax(0).tolist(), strict=True)}

    def state_dict(self) -> dict[str, Any]:
        return {"values": [alpha.detach().clone() for alpha in self.parameters], "optimizer": self.optimizer.state_dict(),
                "generator": self.generator.get_state()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        with torch.no_grad():
            for alpha, value in zip(self.parameters, state["values"], strict=True):
                alpha.copy_(value)
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generator"])
