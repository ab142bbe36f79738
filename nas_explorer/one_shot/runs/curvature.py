"""The dominant eigenvalue of a loss's Hessian, without the Hessian."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Generator, Tensor

TOLERANCE = 1e-2                   # relative; the rule that reads it looks for a growth by 1.3
MAX_PRODUCTS = 12


def hessian_product(loss: Tensor, alphas: Sequence[Tensor]) -> Callable[[Tensor], Tensor]:
    """v -> H v, where H is the second derivative of a loss that can be differentiated twice.

    Args:
        alphas: all in all n numbers; v is (n,).
    """
    gradients = torch.autograd.grad(loss, alphas, create_graph=True, allow_unused=True)
    pairs = [(alpha, g if g is not None else torch.zeros_like(alpha)) for alpha, g in zip(alphas, gradients, strict=True)]
    flat = torch.cat([g.flatten() for _, g in pairs])

    def product(v: Tensor) -> Tensor:
        if not flat.requires_grad:
            return torch.zeros_like(v)
        found = torch.autograd.grad(flat, alphas, v, retain_graph=True, allow_unused=True)
        return torch.cat([(torch.zeros_like(alpha) if part is None else part).flatten() for alpha, part in zip(alphas, found, strict=True)])
    return product


def dominant_eigenvalue(product: Callable[[Tensor], Tensor], start: Tensor, products: int = MAX_PRODUCTS,
                        tolerance: float = TOLERANCE) -> float:
    """The size of the eigenvalue that is largest in size, by power iteration.

    Args:
        start: (n,), any direction.
        products: at most so many.
    """
    v = start / torch.linalg.vector_norm(start)
    found = 0.0
    for _ in range(products):
        along = product(v)
        before, found = found, float(torch.linalg.vector_norm(along))
        if found == 0.0:
            return 0.0
        v = along / found
        if abs(found - before) <= tolerance * found:
            break
    return found


def direction(count: int, generator: Generator, like: Tensor) -> Tensor:
    return torch.randn(count, generator=generator, dtype=torch.float64).to(like.dtype)
