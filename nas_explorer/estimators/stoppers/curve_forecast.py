"""Where a learning curve will end: a weighted ensemble of parametric curves, with its uncertainty.

Every member is a shape f(t), and the curve is taken for limit + scale * f(t) + noise. Limit, scale and noise have a conjugate prior, so
that each member is a Bayesian linear regression in closed form; how well it explains what was seen is its weight. No sampling.

The families are those of Domhan et al., Speeding up Automatic Hyperparameter Optimization of DNNs by Extrapolation of Learning Curves,
IJCAI 2015, table 1 (pow3, exponential, MMF, inverse log), where MCMC fits one weighted sum of them. The curves of trials that ran to
their end are shapes as well: Chandrashekaran and Lane, Speeding up Hyper-parameter Optimization by Extrapolation of Learning Curves using
Previous Builds, ECML 2017.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln
from scipy.stats import t as student

Array = npt.NDArray[np.float64]

LIMIT, SCALE = 1.0, 3.0        # prior spread of limit and scale, in spreads of what was seen
FREEDOM, NOISE = 2.0, 0.02     # prior of the noise: so many observations' worth of this share of a spread
EARLIER = 0.5                  # prior weight of the curves of earlier trials together, once there are some


@lru_cache(maxsize=64)
def parametric_shapes(end: int) -> tuple[Array, Array]:
    """(shapes, end) values at epochs 1 to `end` of curves that fall from 1 at the first towards 0, and their prior weights.

    Every family weighs the same, however many members it has.
    """
    t = np.arange(1, end + 1, dtype=np.float64)
    power = [t**-alpha for alpha in (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)]
    exponential = [np.exp(-(t - 1) / tau) for tau in (end / 8, end / 4, end / 2, end)]
    mmf = [1 / (1 + (t / middle) ** delta) for middle in (end / 8, end / 4, end / 3, end / 2) for delta in (1.5, 2.5, 4.0)]
    inverse_log = [1 / np.log(t + np.e - 1)]
    families = (power, exponential, mmf, inverse_log)
    prior = np.concatenate([np.full(len(family), 1 / len(families) / len(family)) for family in families])
    return np.stack([shape / shape[0] for family in families for shape in family]), prior


def chance_below(values: Sequence[float], end: int, bar: float, earlier: Sequence[Sequence[float]] = ()) -> float:
    """The probability that a curve ends at or below a bar.

    Args:
        values: what was measured at epochs 1, 2, ...; at least two.
        end: the last epoch.
        earlier: whole curves of other trials, `end` values each.

    >>> curve = [5 + 40 / epoch for epoch in range(1, 10)]                 # ends at 9.4
    >>> chance_below(curve[:5], 9, bar=11.0) > 0.9, chance_below(curve[:5], 9, bar=6.0) < 0.05
    (True, True)
    """
    weights, means, spreads, freedom = forecast(values, end, earlier)
    return float(weights @ student.cdf((bar - means) / spreads, freedom))


def forecast(values: Sequence[float], end: int, earlier: Sequence[Sequence[float]] = ()) -> tuple[Array, Array, Array, float]:
    """What each member says of the last value: (weights, means, spreads) of Student's t, and their degrees of freedom."""
    seen = np.asarray(values, dtype=np.float64)
    shapes, prior = _members(end, earlier)
    # In units of what was seen, so that errors in percent, losses and bits need no other settings.
    middle, unit = seen[-1], max(float(np.ptp(seen)), 1e-3 * abs(float(seen[-1])), 1e-12)
    y = (seen - middle) / unit
    n = len(y)
    basis = np.stack([np.ones_like(shapes), shapes], axis=2)                               # (shapes, end, 2)
    x, last = basis[:, :n], basis[:, -1]
    precision = np.diag([LIMIT**-2, SCALE**-2]) / NOISE**-2
    gram = precision + np.einsum("sni,snj->sij", x, x)
    covariance = np.linalg.inv(gram)
    towards = np.einsum("sij,snj,n->si", covariance, x, y)
    freedom = FREEDOM + n
    rest = FREEDOM * NOISE**2 + y @ y - np.einsum("si,sij,sj->s", towards, gram, towards)
    rest = np.maximum(rest, 1e-12)
    evidence = np.log(prior) - 0.5 * np.linalg.slogdet(gram)[1] - 0.5 * freedom * np.log(rest) + gammaln(freedom / 2)
    weights = np.exp(evidence - evidence.max())
    spreads = np.sqrt(rest / freedom * (1 + np.einsum("si,sij,sj->s", last, covariance, last)))
    return weights / weights.sum(), middle + unit * np.einsum("si,si->s", last, towards), unit * spreads, freedom


def _members(end: int, earlier: Sequence[Sequence[float]]) -> tuple[Array, Array]:
    """(shapes, end), and their prior weights."""
    shapes, prior = parametric_shapes(end)
    others = np.asarray([curve for curve in earlier if len(curve) == end and np.ptp(curve) > 0], dtype=np.float64).reshape(-1, end)
    if not len(others):
        return shapes, prior
    others = (others - others[:, -1:]) / np.ptp(others, axis=1, keepdims=True)
    both = np.concatenate([(1 - EARLIER) * prior, np.full(len(others), EARLIER / len(others))])
    return np.concatenate([shapes, others]), both
