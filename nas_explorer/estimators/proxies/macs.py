"""The number of multiply-adds: the other simple proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nas_explorer.records import metric

if TYPE_CHECKING:
    from nas_explorer.estimators.proxies.observation import Observation

METRIC = metric("macs")
NEEDS = ()


def score(observed: Observation) -> float:
    """In closed form. As a proxy, more is better; as a metric, less is.

    Source: the baseline of Ning et al., Evaluating Efficient Performance Estimators, NeurIPS 2021, arXiv 2008.03064
    """
    return observed.cost.macs
