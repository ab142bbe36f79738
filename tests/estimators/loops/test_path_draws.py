"""Which architecture trains next: options take turns, constraints and conditions hold, and draws go on where they were."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from nas_explorer.estimators.loops.path_draws import PathDraws, Sampling
from nas_explorer.spaces import Constraint, load, to_indices
from nas_explorer.spaces.rules import holds


def draws(name: str = "nas_bench_201", sampling: Sampling = "fair", seed: int = 0) -> PathDraws:
    return PathDraws(load(name), sampling, np.random.default_rng(seed))


def test_every_five_draws_train_each_of_five_operations_on_every_edge_once() -> None:
    paths = draws()
    for _ in range(20):
        five = [paths.next() for _ in range(5)]
        assert all(len({path[edge] for path in five}) == 5 for edge in five[0])


def test_decisions_are_drawn_apart() -> None:
    """All 25 pairs of operations on two edges come up in 500 draws, each about 20 times: 5 sigma."""
    paths = draws()
    pairs = Counter((path["cell/0→1"], path["cell/0→3"]) for path in (paths.next() for _ in range(500)))
    assert len(pairs) == 25
    assert max(abs(count - 20) for count in pairs.values()) < 5 * 20 ** 0.5


def test_a_decision_that_is_not_asked_deals_no_card() -> None:
    """Repeats of a chain switch later decisions on; of those the options still take turns."""
    paths = draws("chain")
    drawn = [paths.next() for _ in range(60)]
    assert len({len(path) for path in drawn}) > 1
    for decision in {decision for path in drawn for decision in path}:
        counts = Counter(path[decision] for path in drawn if decision in path)
        assert max(counts.values()) - min(counts.values()) <= 1


def test_what_breaks_a_constraint_is_drawn_again() -> None:
    space = replace(load("nas_bench_101", vertices=5, channels=4, stacks=1, cells=1), constraints=(Constraint("max_edges", 5, "cell"),))
    paths = PathDraws(space, "fair", np.random.default_rng(0))
    assert all(holds(space, to_indices(space, paths.next())) for _ in range(40))


def test_draws_go_on_where_they_were() -> None:
    for sampling in ("fair", "uniform"):
        paths, other = draws(sampling=sampling), draws(sampling=sampling, seed=1)                      # type: ignore[arg-type]
        for _ in range(3):
            paths.next()
        other.load_state_dict(paths.state_dict())
        assert [paths.next() for _ in range(7)] == [other.next() for _ in range(7)]
