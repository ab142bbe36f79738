"""Numbers that may be exact or estimated, and the estimates that are made of random architectures."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

Z = 1.96                           # of an interval that holds in 19 of 20 cases
FEW = 10                           # classes seen once: with fewer, the interval of Chao starts too high


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number, exact or with the interval in which it lies at 95 %, and how it was found."""

    value: float
    low: float
    high: float
    exact: bool
    method: str


def wilson(hits: int, tries: int) -> Estimate:
    """A share with its interval (Wilson 1927), which is honest for no hits as well.

    >>> found = wilson(0, 100)
    >>> found.value, found.low, round(found.high, 3)
    (0.0, 0.0, 0.037)
    """
    if tries == 0:
        return Estimate(0.0, 0.0, 1.0, False, "nothing drawn yet")
    p = hits / tries
    middle = (p + Z * Z / (2 * tries)) / (1 + Z * Z / tries)
    half = Z / (1 + Z * Z / tries) * math.sqrt(p * (1 - p) / tries + Z * Z / (4 * tries * tries))
    low, high = max(0.0, middle - half) if hits else 0.0, min(1.0, middle + half) if hits < tries else 1.0
    return Estimate(p, low, high, False, f"{hits:,} of {tries:,} random architectures")


def chao(seen: Counter[str | None], most: float) -> Estimate:
    """How many classes there are at least, from those that were seen once and twice in a sample.

    Rare classes are missed, so the interval is open upwards: it ends at `most`, and at 95 % starts where the one of Chao
    does, or at what was seen where fewer than ten classes were seen once. Where no two were alike: with fewer than
    n (n - 1) / 6 equally likely classes, some would have been, in 19 of 20 samples.

    Chao, Nonparametric estimation of the number of classes in a population, 1984; the bias-corrected form, and the
    log-normal interval of Chao 1987.

    >>> found = chao(Counter("aabbcd"), 100)
    >>> round(found.value, 2), found.low, found.high
    (4.33, 4, 100)
    """
    n, observed = seen.total(), len(seen)
    once, twice = sum(count == 1 for count in seen.values()), sum(count == 2 for count in seen.values())
    if once == n:
        return Estimate(most, min(most, max(observed, n * (n - 1) / 6)), most, False, f"no two of {n:,} drawings are alike")
    unseen = once * (once - 1) / (2 * (twice + 1))
    variance = (unseen + once * (2 * once - 1) ** 2 / (4 * (twice + 1) ** 2)
                + once**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 4))
    spread = math.exp(Z * math.sqrt(math.log1p(variance / unseen**2))) if unseen else 1.0
    low = observed + unseen / spread if once >= FEW else observed
    return Estimate(min(most, observed + unseen), min(most, low), most, False,
                    f"at least, by {n:,} drawings (Chao 1984)")


def chao_lin(seen: Counter[str | None], total: int) -> Estimate:
    """How many classes there are at least, from a sample of `total` drawings of which none was looked at twice.

    The estimate for drawing with putting back comes out too high here: what is left to draw shrinks. No class can be unseen
    that has no drawing left, which bounds the number from above. Where no two were alike: see `chao`.

    Chao and Lin, Nonparametric lower bounds for species richness and shared species richness under sampling without
    replacement, Biometrics 68, 2012.

    >>> found = chao_lin(Counter("aabbcd"), 12)
    >>> round(found.value, 2), found.low, found.high
    (4.59, 4, 10)
    """
    n, observed = seen.total(), len(seen)
    once, twice = sum(count == 1 for count in seen.values()), sum(count == 2 for count in seen.values())
    high = observed + total - n
    if once == n:
        least = total / (1 + 6 * (total - 1) / max(1, n * (n - 1)))
        return Estimate(high, min(high, max(observed, least)), high, False, f"no two of {n:,} drawings are alike")
    if not once:
        return Estimate(observed, observed, high, False, f"at least, by {n:,} of {total:,} drawings")
    pairs, odds = 2 * n / (n - 1) * twice, n / (total - n)
    unseen = once**2 / (pairs + odds * once)
    variance = unseen + (pairs * unseen**2 + once**2 * unseen) ** 2 / once**5 + (n / (n - 1)) ** 2 * 4 * twice * (unseen / once) ** 4
    low = observed + unseen / math.exp(Z * math.sqrt(math.log1p(variance / unseen**2))) if once >= FEW else observed
    return Estimate(min(high, observed + unseen), min(high, low), high, False,
                    f"at least, by {n:,} of {total:,} drawings (Chao and Lin 2012)")
