"""Estimates hold the truth as often as they say."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from nas_explorer.spaces import Graph, SearchSpace, carried_share, choice, load, op, size
from nas_explorer.spaces.distinct import count_distinct
from nas_explorer.spaces.estimates import chao, chao_lin, wilson


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.99])
def test_wilson_s_interval_holds_a_share_in_nineteen_of_twenty_cases(share):
    hits = np.random.default_rng(0).binomial(100, share, size=1_000)
    held = sum(found.low <= share <= found.high for found in (wilson(int(hit), 100) for hit in hits))
    assert held >= 920
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0, 1)


@pytest.mark.parametrize("classes", [50, 400, 20_000])
def test_chao_is_a_lower_bound_on_the_number_of_classes(classes):
    rng = np.random.default_rng(1)
    found = [chao(Counter(map(str, rng.integers(classes, size=300))), 10**6) for _ in range(100)]
    assert sum(one.low <= classes for one in found) >= 93
    assert all(one.high == 10**6 for one in found)
    assert chao(Counter("ab"), 10).value == 10                  # no two alike: nothing speaks against all being different


def test_partial_counts_of_nas_bench_201_hold_the_truth_until_they_are_exact(nb201):
    *partial, last = count_distinct(nb201, size(nb201), np.random.default_rng(0))
    assert (last.value, last.exact) == (5_425, True)
    assert len(partial) > 5
    assert all(found.low <= 5_425 <= found.high and not found.exact for found in partial)
    assert all(found.value <= 1.02 * 5_425 for found in partial)          # a lower bound, and no more than noise above it
    assert partial[-1].value > 0.97 * 5_425


@pytest.mark.parametrize("classes", [40, 300, 1_500])
def test_without_putting_back_the_bound_holds_too(classes):
    rng = np.random.default_rng(2)
    drawings = rng.integers(classes, size=2_000)
    truth, held = len(set(drawings.tolist())), 0
    for _ in range(100):
        found = chao_lin(Counter(map(str, rng.permutation(drawings)[:400])), 2_000)
        held += found.low <= truth <= found.high
    assert held >= 93
    assert chao_lin(Counter("ab"), 10).high == 10
    assert chao_lin(Counter("aabb"), 10).value == 2


def test_cells_that_decide_alone_are_counted_one_by_one():
    """Two cells of 3 networks each: an edge that is a convolution, a skip or nothing."""
    cell = Graph().input("0").node("1", {"0": choice("none", "skip", op("conv", kernel=3))})
    network = Graph().input("x").node("a", ["x"], op="one").node("b", ["a"], op="two")
    *_, found = count_distinct(SearchSpace("s", network, (("one", cell), ("two", cell))), 9, np.random.default_rng(0))
    assert (found.value, found.exact) == (9, True)


def test_the_share_that_carries_over_is_counted_or_estimated(nb201):
    fewer = nb201.edit("cell", lambda cell: cell.edge("0", "1", choice("skip", op("conv", kernel=1))))
    counted = carried_share(nb201, fewer)
    assert (counted.value, counted.exact, counted.method) == (2 / 5, True, "6,250 of 15,625 architectures")
    darts = load("darts", layers=3)
    without = darts.edit("normal", lambda cell: cell.edge("0", "2", choice("skip", op("sep_conv", kernel=3))))
    estimated = carried_share(darts, without)
    assert estimated.low < 2 / 7 < estimated.high
    assert not estimated.exact
    assert carried_share(nb201, nb201).value == 1
