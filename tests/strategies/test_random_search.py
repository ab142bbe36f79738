"""Random search against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chisquare

from nas_explorer.errors import InvalidOption
from nas_explorer.records import metric
from nas_explorer.spaces import SearchSpace, chain, nas_bench_201, size, to_indices
from nas_explorer.strategies.protocol import Problem
from nas_explorer.strategies.random_search import RandomProposer, RandomSearch


def begin(space: SearchSpace, seed: int = 0, **options: str) -> RandomProposer:
    return RandomSearch(**options).begin(Problem(space, (metric("validation_error"),), seed))  # type: ignore[arg-type]


def test_the_best_of_n_is_distributed_as_it_must_be() -> None:
    """P(best rank of n <= r) = 1 - (1 - r/N)**n over seeds 0 to 1,499; chi-square of ten even classes, p > 0.001."""
    space, draws, seeds = nas_bench_201(), 12, 1500
    digits = 5 ** np.arange(6)
    best = []
    for seed in range(seeds):
        proposer = begin(space, seed)
        best.append(min(int(np.dot(to_indices(space, proposer.ask()), digits)) for _ in range(draws)))
    share = 1 - (1 - (np.array(best) + 1) / size(space)) ** draws
    seen = np.histogram(share, bins=10, range=(0, 1))[0]
    assert chisquare(seen).pvalue > 0.001


def depth_shares(**options: str) -> tuple[float, int]:
    proposer, count = begin(chain(), seed=4, **options), 3000
    return sum(proposer.ask()["stage1.repeat"] == 2 for _ in range(count)) / count, count


def test_options_are_uniform_by_default() -> None:
    """Depth 2 in half of the draws; 6 sigma."""
    share, count = depth_shares()
    assert abs(share - 0.5) < 6 * (0.25 / count) ** 0.5


def test_architectures_can_be_uniform_instead() -> None:
    """A stage has 4 architectures of depth 1 and 16 of depth 2, so depth 2 in 80 % of the draws; 6 sigma."""
    share, count = depth_shares(uniform_over="architectures")
    assert abs(share - 0.8) < 6 * (0.16 / count) ** 0.5


@pytest.mark.parametrize("value", ["networks", True, 1.5, None, float("nan")])
def test_another_uniformity_is_refused(value: object) -> None:
    with pytest.raises(InvalidOption, match="uniform_over must be one of options, architectures, got"):
        RandomSearch(uniform_over=value)  # type: ignore[arg-type]
