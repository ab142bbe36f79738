"""GraSP: how much taking weights away would change the flow of the gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nas_explorer.records import Metric

if TYPE_CHECKING:
    from nas_explorer.estimators.proxies.observation import Observation

METRIC = Metric("grasp", "", False, "GraSP")
NEEDS = ("curvature",)


def score(observed: Observation) -> float:
    """Σ −θ · (H g), with g = ∂L/∂θ and H the Hessian of the loss, over the weights of all layers.

    Source: Wang et al., Picking Winning Tickets, ICLR 2020, arXiv 2002.07376, with the sign of Abdelfattah et al., arXiv 2101.08134
    """
    pairs = zip(observed.weights, observed.curvature, strict=True)
    return -sum(float((weight.detach() * product).sum()) for weight, product in pairs)
