"""SNIP: how much the loss would change if weights were taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nas_explorer.records import Metric

if TYPE_CHECKING:
    from nas_explorer.estimators.proxies.observation import Observation

METRIC = Metric("snip", "", False, "SNIP")
NEEDS = ("gradients",)


def score(observed: Observation) -> float:
    """Σ |θ · ∂L/∂θ| over the weights of all layers.

    Source: Lee et al., SNIP, ICLR 2019, arXiv 1810.02340, summed over a network as by Abdelfattah et al., ICLR 2021, arXiv 2101.08134
    """
    pairs = zip(observed.weights, observed.gradients, strict=True)
    return sum(float((weight.detach() * gradient).abs().sum()) for weight, gradient in pairs)
