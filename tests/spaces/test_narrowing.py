"""Fewer options than are drawn, or one more: every ready space keeps its architectures, its costs and its ways to be written."""

from __future__ import annotations

import numpy as np
import pytest

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces import (
    Codec,
    SearchSpace,
    cost,
    decisions,
    enumerate_architectures,
    fits,
    from_indices,
    lifted,
    load,
    mutate,
    names,
    narrowed,
    nas_bench_201,
    projected,
    sample,
    size,
    space_from_json,
    to_code,
    to_indices,
    to_json,
    whole,
    widened,
)
from nas_explorer.spaces.narrowing import whole_rows
from tests.toys import switches


def some_left(space: SearchSpace, rng: np.random.Generator) -> SearchSpace:
    """About half of the decisions lose options."""
    offers = {d.id: [d.options[i] for i in sorted(rng.permutation(len(d.options))[:rng.integers(1, len(d.options))].tolist())]
              for d in decisions(space) if rng.random() < 0.5}
    return narrowed(space, offers)


@pytest.mark.parametrize("name", names())
def test_what_is_left_of_a_ready_space_lifts_to_the_whole_and_back(name: str) -> None:
    rng = np.random.default_rng(0)
    for _ in range(4):
        space = load(name)
        left = some_left(space, rng)
        if not decisions(left):
            continue
        rows = Codec(left).sample(8, rng)
        for row, wide in zip(rows.tolist(), whole_rows(left, rows).tolist(), strict=True):
            architecture = from_indices(left, row)
            high = lifted(left, architecture)
            assert high == from_indices(whole(left), wide)
            assert fits(left, high)
            assert projected(left, high) == architecture
            if not space.constraints:
                assert lifted(left, mutate(left, architecture, rng)) != high
        assert space_from_json(to_json(left)) == left
        drawn: dict = {}
        exec(to_code(left), drawn)
        assert drawn["space"] == left


def test_the_architectures_left_are_those_that_fit() -> None:
    space = switches(5)
    ids = [decision.id for decision in decisions(space)]
    left = narrowed(space, {ids[0]: ["skip"], ids[3]: ["conv_3x3"]})
    fitting = {a for a in enumerate_architectures(space) if a[ids[0]] == "skip" and a[ids[3]] == "conv_3x3"}
    assert {lifted(left, architecture) for architecture in enumerate_architectures(left)} == fitting
    assert size(left) == len(fitting) == 8
    one = sample(left, np.random.default_rng(0))
    assert cost(left, one) == cost(space, lifted(left, one))


@pytest.mark.parametrize(("offers", "words"), [
    ({"cell/0->9": ["skip"]}, "has no such decision"),
    ({"cell/0->1": ["swim"]}, "can keep only what it offers, none, skip"),
    ({"cell/0->1": []}, "can keep only what it offers"),
])
def test_what_cannot_be_left_is_refused(offers: dict, words: str) -> None:
    with pytest.raises(InvalidSpace, match=words):
        narrowed(nas_bench_201(), offers)


def test_an_added_option_is_offered_where_it_was_meant_and_nowhere_else() -> None:
    space = nas_bench_201()
    wide = widened(space, [("cell/0->1", "conv_5x5"), ("cell/1->2", "skip")])
    assert [d.options[5:] for d in decisions(wide)] == [("conv_5x5",), (), (), (), (), ()]
    rng = np.random.default_rng(0)
    for _ in range(5):
        architecture = sample(space, rng)
        assert cost(wide, architecture) == cost(space, architecture)
        to_indices(wide, {**architecture, "cell/0→1": "conv_5x5"})
    assert widened(space, [("cell/0->1", "skip")]) is space
    with pytest.raises(InvalidSpace, match="has no decision"):
        widened(space, [("cell/0->9", "skip")])


def test_a_deeper_stage_brings_its_own_decisions() -> None:
    space = load("chain")
    wide = widened(space, [("stage1.repeat", 3)])
    assert {d.id for d in decisions(wide)} - {d.id for d in decisions(space)} == {
        "stage1[2].op", "stage1[2].conv.kernel", "stage1[2].sep_conv.kernel"}


def test_what_is_drawn_as_edges_cannot_be_added_to() -> None:
    picks = next(d for d in decisions(load("darts")) if d.id.endswith(".inputs"))
    with pytest.raises(InvalidSpace, match="offers all there is"):
        widened(load("darts"), [(picks.id, "8+9")])
