"""The length of the first gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nas_explorer.records import Metric

if TYPE_CHECKING:
    from nas_explorer.estimators.proxies.observation import Observation

METRIC = Metric("grad_norm", "", False, "gradient norm")
NEEDS = ("gradients",)


def score(observed: Observation) -> float:
    """Σ over layers of the Euclidean norm of ∂L/∂θ. The sum of the layers' norms, as in the released code, not the norm of all.

    Source: Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021, arXiv 2101.08134
    """
    return sum(float(gradient.norm()) for gradient in observed.gradients)
