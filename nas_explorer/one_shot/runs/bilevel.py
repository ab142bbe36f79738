"""Two levels of learning: alphas descend the validation loss of weights that descend the training loss.

Loss functions are called with nothing and give a scalar that can be differentiated; they read the weights and alphas where these
stand. What is not differentiated does not require a gradient while the loss is computed, which halves the work of each level.

Liu et al., DARTS, ICLR 2019, arXiv 1806.09055, section 2.3; released code quark0/darts, cnn/architect.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import torch
from torch import Tensor

Loss: TypeAlias = Callable[[], Tensor]
RADIUS = 0.01                      # how far the finite difference moves the weights, in all


@dataclass(frozen=True, slots=True)
class Ahead:
    """The step that the weights would take next: w' = w - rate * (momentum * buffer + gradient + decay * w).

    That is SGD as the authors write it, with the momentum of the optimiser's state. Nesterov's correction and the clipping of
    gradients are left out, as in their code for images.

    Attributes:
        rate: the learning rate of this step.
        state: the optimiser's, by parameter; its `momentum_buffer` is read, where there is one.
    """

    rate: float
    momentum: float = 0.0
    decay: float = 0.0
    state: Mapping[Any, Mapping[str, Any]] = field(default_factory=dict)

    def steps(self, weights: Sequence[Tensor], gradients: Sequence[Tensor]) -> list[Tensor]:
        found = []
        for weight, gradient in zip(weights, gradients, strict=True):
            step = gradient.add(weight.detach(), alpha=self.decay)
            buffer = self.state.get(weight, {}).get("momentum_buffer")
            found.append(step if buffer is None else step.add_(buffer, alpha=self.momentum))
        return found


def first_order(validation_loss: Loss, weights: Sequence[Tensor], alphas: Sequence[Tensor]) -> tuple[list[Tensor], float]:
    """Gradient of the validation loss at the weights as they are; the loss."""
    with frozen(weights):
        loss = validation_loss()
        return gradients_of(loss, alphas), loss.item()


def finite_difference(train_loss: Loss, validation_loss: Loss, weights: Sequence[Tensor], alphas: Sequence[Tensor],
                      ahead: Ahead) -> tuple[list[Tensor], float]:
    """Gradient of the validation loss one step ahead, the second derivative by two more gradients, as the authors do it.

    grad_alpha L_val(w', alpha) - rate * (grad_alpha L_train(w+, alpha) - grad_alpha L_train(w-, alpha)) / (2 * epsilon), where
    w+ and w- are w plus and minus epsilon * v, v = grad_w' L_val(w', alpha) and epsilon = 0.01 / |v|. No second model is made: the
    weights move and come back to the last bit.

    Returns:
        Gradients of the alphas, and the validation loss one step ahead.
    """
    with kept(weights) as before:
        at_validation, along, loss = _one_step_ahead(train_loss, validation_loss, weights, alphas, ahead)
        length = float(torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(v) for v in along])))
        if length == 0.0:                          # the validation loss does not depend on the weights, so nothing depends on the step
            return at_validation, loss
        epsilon = RADIUS / length
        sides = []
        for sign in (epsilon, -epsilon):
            _put(weights, torch._foreach_add(before, along, alpha=sign))
            with frozen(weights):
                sides.append(gradients_of(train_loss(), alphas))
    curvature = [(plus - minus) / (2 * epsilon) for plus, minus in zip(*sides, strict=True)]
    return [g.sub(c, alpha=ahead.rate) for g, c in zip(at_validation, curvature, strict=True)], loss


def exact(train_loss: Loss, validation_loss: Loss, weights: Sequence[Tensor], alphas: Sequence[Tensor],
          ahead: Ahead) -> tuple[list[Tensor], float]:
    """The same with the second derivative itself: `train_loss` must allow to be differentiated twice. Slower, and takes more memory."""
    with kept(weights):
        at_validation, along, loss = _one_step_ahead(train_loss, validation_loss, weights, alphas, ahead)
    gradients = torch.autograd.grad(train_loss(), weights, create_graph=True, allow_unused=True)
    pairs = [(g, v) for g, v in zip(gradients, along, strict=True) if g is not None and g.requires_grad]
    mixed = torch.autograd.grad([g for g, _ in pairs], alphas, [v for _, v in pairs], allow_unused=True) if pairs else [None] * len(alphas)
    return [g if m is None else g.sub(m, alpha=ahead.rate) for g, m in zip(at_validation, mixed, strict=True)], loss


def _one_step_ahead(train_loss: Loss, validation_loss: Loss, weights: Sequence[Tensor], alphas: Sequence[Tensor],
                    ahead: Ahead) -> tuple[list[Tensor], list[Tensor], float]:
    """Leaves the weights at w'. Returns the validation loss there, before it its gradients by alphas and by weights."""
    with frozen(alphas):
        steps = ahead.steps(weights, gradients_of(train_loss(), weights))
    _put(weights, torch._foreach_sub([weight.detach() for weight in weights], steps, alpha=ahead.rate))
    del steps
    loss = validation_loss()
    gradients = gradients_of(loss, [*alphas, *weights])
    return gradients[:len(alphas)], gradients[len(alphas):], loss.item()


def gradients_of(loss: Tensor, of: Sequence[Tensor]) -> list[Tensor]:
    """Zeros where the loss does not depend on something; on nothing at all where a draw fell on `none` everywhere."""
    if not loss.requires_grad:
        return [torch.zeros_like(one) for one in of]
    found = torch.autograd.grad(loss, of, allow_unused=True)
    return [torch.zeros_like(one) if gradient is None else gradient for one, gradient in zip(of, found, strict=True)]


@contextmanager
def frozen(tensors: Iterable[Tensor]) -> Iterator[None]:
    """Inside, these need no gradient."""
    changed = [tensor for tensor in tensors if tensor.requires_grad]
    for tensor in changed:
        tensor.requires_grad_(False)
    try:
        yield
    finally:
        for tensor in changed:
            tensor.requires_grad_(True)


@contextmanager
def kept(weights: Sequence[Tensor]) -> Iterator[list[Tensor]]:
    """Their values, which they have again afterwards."""
    before = [weight.detach().clone() for weight in weights]
    try:
        yield before
    finally:
        _put(weights, before)


@torch.no_grad()
def _put(weights: Sequence[Tensor], values: Sequence[Tensor]) -> None:
    torch._foreach_copy_(list(weights), list(values))
