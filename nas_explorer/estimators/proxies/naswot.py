"""NASWOT: how differently the ReLUs of an untrained network switch for different examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.records import Metric

if TYPE_CHECKING:
    from nas_explorer.estimators.proxies.observation import Observation

METRIC = Metric("naswot", "", False, "NASWOT")
NEEDS = ("codes",)


def score(observed: Observation) -> float:
    """log |K|, where K counts for two examples the ReLUs at which they agree: all of them less the Hamming distance of their codes.

    Source: Mellor et al., Neural Architecture Search without Training, ICML 2021, arXiv 2006.04647

    Raises:
        InvalidArchitecture: if the network has no ReLU, or does not tell two examples of the batch apart.
    """
    if observed.relu_count == 0:
        raise InvalidArchitecture("naswot compares which ReLUs are on, and what this network computes has no ReLU; take another proxy")
    sign, log_determinant = np.linalg.slogdet(observed.agreement.numpy())
    if sign <= 0 or not np.isfinite(log_determinant):
        raise InvalidArchitecture(f"naswot is minus infinity: all {observed.relu_count:,} ReLUs of this network switch alike for some "
                                  "examples of the batch")
    return float(log_determinant)
