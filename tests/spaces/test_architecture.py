"""Architectures are small immutable mappings, and they belong to one space."""

from __future__ import annotations

import pickle
import tracemalloc

import numpy as np
import pytest

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.spaces import (
    Architecture,
    Decision,
    Graph,
    SearchSpace,
    carry_over,
    chain,
    decisions,
    from_indices,
    nas_bench_201,
    op,
    optional,
    sample,
    to_indices,
    values,
)
from nas_explorer.spaces.library.nas_bench_201 import arch_str

SKIPS = {"cell/0→1": "skip", "cell/0→2": "skip", "cell/1→2": "skip", "cell/0→3": "skip", "cell/1→3": "skip",
         "cell/2→3": "skip"}


def test_equality_does_not_look_at_the_order_or_at_the_space_it_was_drawn_from(nb201, rng):
    architecture = sample(nb201, rng)
    backwards = Architecture(reversed(list(architecture.items())))
    elsewhere = from_indices(nas_bench_201(), to_indices(nb201, architecture))
    assert architecture == backwards == elsewhere == dict(architecture)
    assert hash(architecture) == hash(backwards) == hash(elsewhere)
    assert {architecture, backwards, elsewhere} == {architecture}
    assert architecture != sample(nb201, rng)


def test_an_architecture_cannot_be_changed(nb201, rng):
    architecture = sample(nb201, rng)
    with pytest.raises(TypeError, match="does not support item assignment"):
        architecture["cell/0→1"] = "skip"
    with pytest.raises(AttributeError):
        architecture.anything = 1
    given = dict(SKIPS)
    kept = Architecture(given)
    given["cell/0→1"] = "none"
    assert kept["cell/0→1"] == "skip"


def test_an_arrow_may_be_written_in_ascii(nb201):
    written = {key.replace("→", "->"): option for key, option in SKIPS.items()}
    architecture = from_indices(nb201, to_indices(nb201, written))
    assert architecture == Architecture(SKIPS) == Architecture(written)
    assert architecture["cell/0->1"] == architecture["cell/0→1"] == "skip"
    assert architecture.get("cell/0->9") is None
    assert "cell/0->1" in architecture
    assert list(architecture) == list(SKIPS)
    assert carry_over(written, nb201) == architecture
    assert arch_str(written) == arch_str(architecture)
    with pytest.raises(InvalidArchitecture, match="'cell/0->1' is given twice, with -> and with →; leave one out"):
        to_indices(nb201, SKIPS | {"cell/0->1": "none"})


def test_a_missing_key_is_a_key_error(nb201, rng):
    with pytest.raises(KeyError, match="cell/0→9"):
        sample(nb201, rng)["cell/0→9"]


@pytest.mark.parametrize("draw", [nas_bench_201, chain])
def test_pickles_come_back_and_share_their_ids(draw, rng):
    space = draw()
    many = [sample(space, rng) for _ in range(100)]
    back = pickle.loads(pickle.dumps(many))
    assert back == many
    assert len({id(architecture._positions) for architecture in back}) == len({id(a._positions) for a in many})


def test_a_hundred_thousand_architectures_need_less_than_35_megabytes(nb201, rng):
    tracemalloc.start()
    try:
        many = [sample(nb201, rng) for _ in range(20_000)]
        hashes = {hash(architecture) for architecture in many}
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(hashes) > 10_000
    assert 5 * size < 35e6


@pytest.mark.parametrize(("change", "message"), [
    ({"cell/0→1": "conv_9x9"}, "decision 'cell/0→1' of 'nas_bench_201' has no option 'conv_9x9'; "
                               "it offers none, skip, conv_1x1, conv_3x3, avg_pool_3x3"),
    ({"cell/0→1": ["skip"]}, r"has no option \['skip'\]"),
    ({"cell/0→1": None}, "has no option None"),
    ({"cell/3→4": "skip"}, "'nas_bench_201' has no decision 'cell/3→4'; it asks for cell/0→1, cell/0→2"),
    ({7: "skip"}, "has no decision '7'"),
])
def test_an_architecture_of_another_space_is_refused_with_what_is_offered(nb201, change, message):
    with pytest.raises(InvalidArchitecture, match=message):
        to_indices(nb201, SKIPS | change)


def test_a_missing_decision_is_named_with_its_options(nb201):
    with pytest.raises(InvalidArchitecture, match="asks for decision 'cell/2→3'; it offers none, skip"):
        to_indices(nb201, {key: option for key, option in SKIPS.items() if key != "cell/2→3"})


def test_an_option_of_a_decision_that_is_switched_off_is_refused(rng):
    space = chain()
    architecture = dict(sample(space, rng))
    while architecture["stage1.repeat"] != 1:
        architecture = dict(sample(space, rng))
    with pytest.raises(InvalidArchitecture, match=r"does not ask for 'stage1\[1\].op' here: another option switched"):
        to_indices(space, architecture | {"stage1[1].op": "conv"})


def test_one_is_not_true():
    graph = Graph().input("x").node("a", ["x"]).node("b", {"a": "skip", "x": optional()}, repeat=values(1, 2))
    space = SearchSpace("s", graph)
    assert to_indices(space, {"x→b.on": True, "b.repeat": 1.0}) == [1, 0]
    with pytest.raises(InvalidArchitecture, match=r"decision 'x→b.on' of 's' has no option 1; it offers False, True"):
        to_indices(space, {"x→b.on": 1, "b.repeat": 1})
    with pytest.raises(InvalidArchitecture, match="has no option True; it offers 1, 2"):
        to_indices(space, {"x→b.on": True, "b.repeat": True})


@pytest.mark.parametrize(("chosen", "message"), [
    ([0, 0, 0], "'nas_bench_201' has 6 decisions, got 3 indices"),
    ([0, 0, 0, 0, 0, 5], "decision 'cell/2→3' of 'nas_bench_201' takes an index from 0 to 4 while it is active, got 5"),
    ([0, 0, -1, 0, 0, 0], "'cell/1→2' of 'nas_bench_201' takes an index from 0 to 4 while it is active, got -1"),
    ([0, 0, -2, 0, 0, 0], "got -2"),
])
def test_wrong_indices_are_refused(nb201, chosen, message):
    with pytest.raises(InvalidArchitecture, match=message):
        from_indices(nb201, chosen)


def test_indices_of_a_conditional_space_must_fit_each_other():
    graph = Graph().input("x").node("a", {"x": optional(op("conv", kernel=(1, 3)))})
    space = SearchSpace("s", graph)
    assert decisions(space) == (Decision("x→a.on", (False, True)),
                                Decision("x→a.conv.kernel", (1, 3), ((0, frozenset({1})),)))
    assert dict(from_indices(space, np.array([1, 1]))) == {"x→a.on": True, "x→a.conv.kernel": 3}
    for chosen in ([0, 1], [1, -1]):
        with pytest.raises(InvalidArchitecture, match="takes an index from 0 to 1 while it is active, else -1"):
            from_indices(space, chosen)
