"""A warm start proposes the promising first, and the inner strategy knows of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nas_explorer.errors import InvalidOption, UnknownName
from nas_explorer.records import Trial, metric
from nas_explorer.spaces import Architecture, SearchSpace, chain, cost, load, nas_bench_201
from nas_explorer.strategies import CATALOG, Problem
from nas_explorer.strategies.local_search import LocalSearch
from nas_explorer.strategies.regularized_evolution import Evolution, RegularizedEvolution
from nas_explorer.strategies.warm_start import WarmProposer, WarmStart
from tests.toys import on, switches

ERROR = (metric("validation_error"),)


def begin(strategy: WarmStart, space: SearchSpace, seed: int = 0) -> WarmProposer:
    return strategy.begin(Problem(space, ERROR, seed))


@pytest.mark.parametrize("space", [nas_bench_201(), chain(), load("tabular_mlp")], ids=lambda space: space.name)
@pytest.mark.parametrize("score", ["parameter_count", "macs"])
def test_the_first_are_the_largest_of_the_pool_from_the_best_on(space: SearchSpace, score: str) -> None:
    proposer = begin(WarmStart(score=score, pool=60, first=8), space)
    scores = [getattr(cost(space, proposer.ask()), score) for _ in range(8)]
    assert scores == sorted(scores, reverse=True)
    rest = begin(WarmStart(score=score, pool=60, first=60), space).first
    assert min(scores) >= max(getattr(cost(space, a), score) for a, _ in list(rest)[8:])
    assert [value for _, value in list(rest)[:8]] == scores


def test_a_score_of_ones_own_decides_and_what_is_no_number_comes_last() -> None:
    def score(architecture: Architecture) -> float:
        return math.nan if on(architecture) == 6 else float(on(architecture))

    proposer = begin(WarmStart(LocalSearch(), score, pool=500, first=10), switches(6))
    assert [on(proposer.ask()) for _ in range(10)] == [5] * 6 + [4] * 4


def test_what_is_proposed_first_differs() -> None:
    proposer = begin(WarmStart(pool=1000, first=30), nas_bench_201())
    assert len({proposer.ask() for _ in range(30)}) == 30


def test_an_evolution_takes_them_as_its_first_population() -> None:
    proposer = begin(WarmStart(RegularizedEvolution(5, 2), pool=100, first=5), nas_bench_201())
    first = [proposer.ask() for _ in range(5)]
    for number, architecture in enumerate(first):
        proposer.tell(Trial(number, architecture, "finished", {"validation_error": float(number)}))
    assert isinstance(proposer.inner, Evolution)
    assert [architecture for _, architecture in proposer.inner.population] == first
    child = proposer.ask()
    assert min(sum(child[key] != parent[key] for key in child) for parent in first) == 1       # a mutant, no random draw


def test_the_inner_strategy_goes_on_where_the_pool_is_spent() -> None:
    proposer = begin(WarmStart({"name": "random_search"}, first=3), nas_bench_201(), seed=4)
    alone = CATALOG.make("random_search").begin(Problem(nas_bench_201(), ERROR, 4))
    for _ in range(3):
        proposer.ask()
    assert [proposer.ask() for _ in range(5)] == [alone.ask() for _ in range(5)]


def test_on_the_table_a_warm_start_begins_better() -> None:
    """Over 20 seeds, the mean error of the first ten by parameters against that of ten random draws."""
    from nas_explorer.estimators.tabular import Tabular

    table = Tabular()

    def mean(name: str, seed: int) -> float:
        proposer = CATALOG.make(name).begin(Problem(nas_bench_201(), ERROR, seed))
        return float(np.mean([table.column("validation_error")[table.index(proposer.ask())] for _ in range(10)]))

    warm, cold = (np.mean([mean(name, seed) for seed in range(20)]) for name in ("warm_start", "random_search"))
    assert warm < cold - 2.0


@pytest.mark.parametrize(("options", "error", "message"), [
    ({"score": 3}, InvalidOption, "score must be the name of one, such as parameter_count or synflow, or a function"),
    ({"task": "digits"}, InvalidOption, "a task is for zero-cost proxies, which look at it; leave out task='digits'"),
    ({"score": "synflow", "task": 3}, InvalidOption, "task must be the name of one, got 3"),
    ({"first": 20, "pool": 10}, InvalidOption, "first must be at most pool, got first=20, pool=10"),
    ({"strategy": "genetic"}, UnknownName, "there is no strategy 'genetic'"),
    ({"strategy": 3}, InvalidOption, "the strategy to wrap is a name"),
    ({"strategy": {"title": "tpe"}}, InvalidOption, "a strategy is described by its name and options"),
])
def test_settings_that_mean_nothing_are_refused(options: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        WarmStart(**options)  # type: ignore[arg-type]


def test_a_run_folder_brings_it_back() -> None:
    warm = WarmStart(RegularizedEvolution(10, 3), "macs", 50, 5)
    assert CATALOG.make(**CATALOG.spec(warm)) == warm
    assert CATALOG.spec(warm)["options"]["strategy"] == {"name": "regularized_evolution",
                                                         "options": {"population_size": 10, "tournament_size": 3}}
