"""The number of parameters: the simplest proxy, and hard to beat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nas_explorer.records import metric

if TYPE_CHECKING:
    from nas_explorer.estimators.proxies.observation import Observation

METRIC = metric("parameter_count")
NEEDS = ()


def score(observed: Observation) -> float:
    """In closed form. As a proxy, more is better; as a metric, less is: larger networks tend to learn better and cost more.

    Source: the baseline of Ning et al., Evaluating Efficient Performance Estimators, NeurIPS 2021, arXiv 2008.03064
    """
    return observed.cost.parameter_count
