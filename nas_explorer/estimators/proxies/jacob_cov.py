"""jacob_cov: how differently an untrained network reacts to different examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.records import Metric

if TYPE_CHECKING:
    from nas_explorer.estimators.proxies.observation import Observation

METRIC = Metric("jacob_cov", "", False, "Jacobian covariance")
NEEDS = ("sensitivity",)
K = 1e-5


def score(observed: Observation) -> float:
    """−Σ log(λ + k) + 1 / (λ + k), over the eigenvalues λ of the correlations between the Jacobians of examples; k = 1e-5.

    Source: Mellor et al., the first version of Neural Architecture Search without Training, 2020, arXiv 2006.04647v1

    Raises:
        InvalidArchitecture: if the logits do not depend on an example's inputs.
    """
    jacobian = observed.sensitivity.double().numpy()
    if not jacobian.std(axis=1).all():
        raise InvalidArchitecture("jacob_cov compares how logits react to inputs, and no path of this network leads from one to the other")
    # Rounding may leave an eigenvalue of zero a little below it, at a time further than k: the least that counts is zero.
    shifted = np.linalg.eigvalsh(np.corrcoef(jacobian)).clip(min=0.0) + K
    return float(-(np.log(shifted) + 1 / shifted).sum())
