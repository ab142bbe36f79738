"""Fisher: how much the loss would change if channels were taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nas_explorer.records import Metric

if TYPE_CHECKING:
    from nas_explorer.estimators.proxies.observation import Observation

METRIC = Metric("fisher", "", False, "Fisher")
NEEDS = ("outputs",)


def score(observed: Observation) -> float:
    """Σ over channels of ½ · mean over examples of (Σ over places of a · ∂L/∂a)², where a is what a layer gives.

    The released code of Abdelfattah et al. (ICLR 2021) counts every channel as often as it has weights; here it counts once.

    Source: Turner et al., BlockSwap, ICLR 2020, arXiv 1906.04113, eq. 2; Theis et al., arXiv 1801.05787
    """
    total = 0.0
    for output, gradient in observed.outputs:
        saliency = (output * gradient).flatten(2).sum(dim=2) if output.dim() > 2 else output * gradient      # (batch, channels)
        total += float(saliency.square().mean(dim=0).sum()) / 2
    return total
