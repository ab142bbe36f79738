"""Costs as terms under conditions: exact for every architecture of a space whose shapes do not depend on decisions."""

from __future__ import annotations

import numpy as np
import pytest

from nas_explorer.errors import NotAdditive
from nas_explorer.spaces import (
    Codec,
    Graph,
    SearchSpace,
    cost,
    cost_terms,
    enumerate_indices,
    from_indices,
    load,
    names,
    op,
    optional,
    size,
    values,
)
from nas_explorer.spaces.cost_terms import plan_amounts
from nas_explorer.spaces.distribution import Groups, count_within, ranges
from nas_explorer.spaces.tracer import plan
from tests.spaces.random_spaces import random_space

WITHOUT_SUM = {"mobilenet_v2", "nasnet", "tabular_mlp", "zoph_le"}


@pytest.mark.parametrize("name", names())
def test_terms_cost_what_plans_cost(name):
    space = load(name)
    if name in WITHOUT_SUM:
        with pytest.raises(NotAdditive, match=r"depend|decided elsewhere"):
            cost_terms(space)
    else:
        terms, rows = cost_terms(space), Codec(space).sample(20, np.random.default_rng(3))
        for row, found in zip(rows.tolist(), terms.costs(rows).tolist(), strict=True):
            assert tuple(found) == cost(space, from_indices(space, row))
        if name != "enas_micro":                   # loose ends join all decisions of its cells in two groups
            assert sum(Groups(space, case, 2).count for case in terms.cases) == size(space)


@pytest.fixture(scope="module")
def listed():
    """Random spaces with terms and up to 3,000 architectures, and what all of these cost."""
    rng, found = np.random.default_rng(8), []
    while len(found) < 60:
        space = random_space(rng)
        if size(space) <= 3_000:
            try:
                terms = cost_terms(space)
            except NotAdditive:
                continue
            rows = np.array(list(enumerate_indices(space)), dtype=np.int64).reshape(size(space), -1)
            found.append((terms, rows, np.array([cost(space, from_indices(space, row)) for row in rows[:300].tolist()])))
    return found


def test_terms_of_random_spaces_cost_what_plans_cost(listed):
    assert max(len(rows) for _, rows, _ in listed) > 300
    for terms, rows, exact in listed:
        assert (terms.costs(rows[:300]) == exact).all()


def test_ranges_and_counts_are_those_of_the_whole_list(listed):
    for terms, rows, _ in listed:
        costs = terms.costs(rows)
        assert ranges(terms) == list(zip(costs.min(axis=0).tolist(), costs.max(axis=0).tolist(), strict=True))
        middle = np.median(costs, axis=0)
        for limits in ({0: middle[0]}, {1: middle[1]}, {0: middle[0], 1: middle[1]}, {0: -1.0}):
            wanted = np.all([costs[:, column] <= cap for column, cap in limits.items()], axis=0).sum()
            assert count_within(terms, limits) == wanted


def test_a_device_gives_a_latency_to_every_operation(nb201, rng):
    def device(name, source, shape, stride, params):
        return 0.5 if name == "conv" and params["kernel"] == 3 else 0.1

    terms, rows = cost_terms(nb201, device), Codec(nb201).sample(10, rng)
    for row, found in zip(rows.tolist(), terms.costs(rows), strict=True):
        assert found == pytest.approx(plan_amounts(plan(nb201, from_indices(nb201, row)), device))
    assert terms.quantities == ("parameter_count", "macs", "latency_ms")


def test_what_hangs_on_what_is_there_is_no_sum_of_terms():
    padded = Graph().input("x").node("a", ["x"], stride=2).node("b", {"a": "skip", "x": optional()}, merge="concat", align="pad")
    joined = (Graph().input("x").node("a", ["x"]).node("b", {"a": "none", "x": op("conv", kernel=(1, 3))}, merge="project"))
    wide = SearchSpace("s", Graph().input("x").node("a", ["x"], op="conv"), width=values(*(1 + i / 100 for i in range(65))))
    for space, message in ((SearchSpace("s", padded), "'b' pads to the size"), (SearchSpace("s", joined), "a join of zeros has no weights"),
                           (wide, "more than 64 combinations")):
        with pytest.raises(NotAdditive, match=message):
            cost_terms(space)


def test_too_many_sums_are_refused_in_time():
    space = load("once_for_all")
    with pytest.raises(NotAdditive, match="too many different values"):
        count_within(cost_terms(space), {0: 2_000_000.0}, 50_000)
    with pytest.raises(NotAdditive, match="too many decisions depend on each other"):
        ranges(cost_terms(load("enas_micro")))
