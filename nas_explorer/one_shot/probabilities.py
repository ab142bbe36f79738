"""What probabilities over options say of a search: how undecided it is, and how far it leans to skips. No torch."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from nas_explorer.spaces import Decision
from nas_explorer.strategies.priors import is_skip_connection

SKIPS = ("skip", "identity")


def mean_entropy(probabilities: Mapping[str, Sequence[float]]) -> float:
    """Of a decision, in nats, averaged over decisions.

    >>> round(mean_entropy({"a": (0.5, 0.5), "b": (1.0, 0.0)}), 4)           # log(2) / 2
    0.3466
    """
    entropies = [-sum(p * math.log(p) for p in options if p > 0) for options in probabilities.values()]
    return sum(entropies) / len(entropies)


def skip_share(decisions: Sequence[Decision], probabilities: Mapping[str, Sequence[float]]) -> float | None:
    """The share of decisions, of those that offer a skip, in which the skip is the most probable option; None: none offers one.

    An optional edge that is on counts as a skip.
    """
    offering = [decision for decision in decisions if skip_option(decision) is not None]
    if not offering:
        return None
    return sum(_likeliest(probabilities[decision.id]) == skip_option(decision) for decision in offering) / len(offering)


def skip_option(decision: Decision) -> int | None:
    """Which option of a decision is the skip; None if none is."""
    if is_skip_connection(decision):
        return 1
    return next((at for at, option in enumerate(decision.options) if option in SKIPS), None)


def _likeliest(options: Sequence[float]) -> int:
    return max(range(len(options)), key=options.__getitem__)
