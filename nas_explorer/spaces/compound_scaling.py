"""Compound scaling: a small network made larger in depth, width and resolution at once, in proportions that a small grid search found."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nas_explorer.errors import InvalidOption, InvalidSpace
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import Choice

STEPS = tuple(round(1 + 0.05 * step, 2) for step in range(21))           # 1.00 to 2.00
MOST_PHI = 16.0


@dataclass(frozen=True, slots=True)
class Scaling:
    """How much deeper, wider and sharper-eyed a network becomes with every step of phi.

    Multiply-adds grow in proportion to depth, and to the squares of width and resolution, so with every step by `cost`.

    >>> round(PUBLISHED.cost, 2), PUBLISHED.at(2)
    (1.92, (1.44, 1.21, 1.3225))

    Tan and Le, EfficientNet, ICML 2019, arXiv 1905.11946, equation 3.

    Attributes:
        alpha, beta, gamma: of depth, of width, of resolution.
    """

    alpha: float
    beta: float
    gamma: float

    def __post_init__(self) -> None:
        for name in ("alpha", "beta", "gamma"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 1 <= value <= 16:
                raise InvalidOption(f"{name} must be a number from 1 to 16, for a network becomes no smaller, got {value!r:.60}")

    @property
    def cost(self) -> float:
        """How many times the multiply-adds that one step of phi takes."""
        return self.alpha * self.beta**2 * self.gamma**2

    def at(self, phi: float) -> tuple[float, float, float]:
        """Depth, width and resolution, each as a factor.

        Raises:
            InvalidOption: if phi is out of range.
        """
        if isinstance(phi, bool) or not isinstance(phi, (int, float)) or not 0 <= phi <= MOST_PHI:
            raise InvalidOption(f"phi must be from 0 to {MOST_PHI:g}, got {phi!r:.60}")
        depth, width, resolution = (round(float(factor**phi), 4) for factor in (self.alpha, self.beta, self.gamma))
        return depth, width, resolution


PUBLISHED = Scaling(1.2, 1.1, 1.15)
"""What the paper found for EfficientNet-B0."""


def scaling_grid(
    alphas: Sequence[float] = STEPS, betas: Sequence[float] = STEPS, gammas: Sequence[float] = STEPS, budget: float = 2.0,
    tolerance: float = 0.1,
) -> list[Scaling]:
    """The grid to search: all that make the network about `budget` times as dear with one step of phi.

    Each is then trained with phi = 1, and the best kept for every larger phi: found small, used large.

    Args:
        tolerance: how far `cost` may be from the budget.

    >>> PUBLISHED in scaling_grid()
    True
    >>> [(s.alpha, s.beta, s.gamma) for s in scaling_grid((1.0, 2.0), (1.0, 1.4), (1.0, 1.4))]
    [(1.0, 1.0, 1.4), (1.0, 1.4, 1.0), (2.0, 1.0, 1.0)]

    Tan and Le, EfficientNet, ICML 2019, arXiv 1905.11946, section 3.3.

    Raises:
        InvalidOption: if nothing is left, or a value is out of range.
    """
    found = [one for values in itertools.product(alphas, betas, gammas) if abs((one := Scaling(*values)).cost - budget) <= tolerance]
    if not found:
        raise InvalidOption(f"no combination of these factors costs {budget:g} ± {tolerance:g} times as much; take finer steps, or a "
                            "larger tolerance")
    return found


def scaled(space: SearchSpace, scaling: Scaling, phi: float = 1.0) -> SearchSpace:
    """The space with all its networks scaled up: repeats rounded up, channels to multiples of 8, as the released code does.

    So a step may cost more than the formula says, most where stages have few repeats: one that is there once comes twice.

    >>> from nas_explorer.spaces import cost
    >>> from nas_explorer.spaces.library.efficientnet import efficientnet
    >>> b0 = efficientnet("b0", searched=False)
    >>> larger = cost(scaled(b0, PUBLISHED), {}).macs / cost(b0, {}).macs
    >>> round(larger, 2)
    2.57

    Raises:
        InvalidSpace: if the space chooses its own scale.
    """
    for name in ("depth", "width", "resolution"):
        if isinstance(getattr(space, name), Choice):
            raise InvalidSpace(f"{space.name!r} chooses its {name}, so nobody can scale it; fix it with "
                               f"dataclasses.replace(space, {name}=...)")
    depth, width, resolution = scaling.at(phi)
    return replace(space, depth=space.depth * depth, width=space.width * width,  # type: ignore[operator]
                   resolution=max(1, round(space.resolution * resolution)))      # type: ignore[operator]
