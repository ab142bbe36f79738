"""Moves: uniform, inside the space, quick, and determined by the generator's state alone."""

from __future__ import annotations

import copy
import pickle
import time
from collections import Counter

import numpy as np
import pytest

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces import (
    Codec,
    Constraint,
    Graph,
    SearchSpace,
    chain,
    cost,
    covering,
    crossover,
    enumerate_architectures,
    from_indices,
    mutate,
    nas_bench_201,
    neighbours,
    op,
    sample,
    size,
    to_indices,
)
from nas_explorer.spaces.library.enas_macro import enas_macro
from nas_explorer.spaces.library.nas_bench_101 import nas_bench_101
from nas_explorer.spaces.library.transformer import transformer

DRAWN = [nas_bench_201, chain, transformer, nas_bench_101]


def story(space, rng):
    """Some moves of every kind."""
    first, second = sample(space, rng), sample(space, rng)
    child = crossover(space, first, mutate(space, second, rng), rng)
    return [first, second, child, *covering(space, rng), mutate(space, child, rng)]


@pytest.mark.parametrize("draw", DRAWN)
def test_everything_follows_from_the_state_of_the_generator(draw):
    rng = np.random.default_rng(7)
    space = draw()
    story(space, rng)
    resumed = pickle.loads(pickle.dumps(rng))
    assert story(space, copy.deepcopy(rng)) == story(draw(), resumed) == story(pickle.loads(pickle.dumps(space)), rng)
    assert rng.random() == resumed.random()


def test_samples_are_uniform_over_the_options_of_every_decision(nb201, rng):
    n = 20_000
    counts = Counter(item for _ in range(n) for item in sample(nb201, rng).items())
    assert len(counts) == 30
    sigma = (n * 0.2 * 0.8) ** 0.5
    assert max(abs(count - n / 5) for count in counts.values()) < 6 * sigma


def test_a_mutation_changes_one_decision_to_any_other_option_alike(nb201, rng):
    parent = sample(nb201, rng)
    n = 12_000
    children = Counter(mutate(nb201, parent, rng) for _ in range(n))
    assert set(children) == set(neighbours(nb201, parent))
    assert len(children) == 24
    assert max(abs(count - n / 24) for count in children.values()) < 6 * (n / 24) ** 0.5


def test_a_crossover_takes_every_decision_from_one_of_the_two(nb201, rng):
    first, second = from_indices(nb201, [0] * 6), from_indices(nb201, [1] * 6)
    children = Counter(crossover(nb201, first, second, rng) for _ in range(6_400))
    assert len(children) == 64
    assert all(set(child.values()) <= {"none", "skip"} for child in children)
    assert max(abs(count - 100) for count in children.values()) < 6 * 10


def test_neighbours_are_lazy_and_take_first_options_where_something_is_switched_on():
    space = chain()
    shallow = {"channels": 8, "stage1.repeat": 1, "stage1[0].op": "conv", "stage2.repeat": 1, "stage2[0].op": "conv",
               "stage1[0].conv.kernel": 3, "stage2[0].conv.kernel": 5}
    found = iter(neighbours(space, shallow))
    assert dict(next(found)) == shallow | {"channels": 16}
    everyone = list(neighbours(space, shallow))
    assert len(everyone) == 2 + 1 + 1 + 1 + 1 + 1 + 1
    deeper = next(other for other in everyone if other["stage2.repeat"] == 2)
    assert dict(deeper) == shallow | {"stage2.repeat": 2, "stage2[1].op": "conv", "stage2[1].conv.kernel": 3}


@pytest.fixture(scope="module")
def small() -> SearchSpace:
    """The NAS-Bench-201 cells of at most 300,000 parameters."""
    space = nas_bench_201()
    return SearchSpace(space.name, space.network, space.cells, constraints=(Constraint("max_params", 300_000),))


def test_moves_obey_constraints_on_parameters(small, rng):
    parent = sample(small, rng)
    for child in (*(mutate(small, parent, rng) for _ in range(10)), *neighbours(small, parent),
                  crossover(small, parent, sample(small, rng), rng)):
        assert cost(small, child).parameter_count <= 300_000


def test_moves_obey_constraints_on_macs_of_one_cell(rng):
    space = nas_bench_201()
    bound = SearchSpace(space.name, space.network, space.cells, constraints=(Constraint("max_macs", 0, "cell"),))
    assert not {"conv_1x1", "conv_3x3"} & set(sample(bound, rng).values())


def test_enumeration_leaves_out_what_breaks_a_constraint():
    space = nas_bench_101(vertices=4, max_edges=3)
    assert size(space) == 2**6 * 3**2
    inside = list(enumerate_architectures(space))
    assert len(inside) == (1 + 6 + 15 + 20) * 3**2
    assert all(sum(option is True for option in architecture.values()) <= 3 for architecture in inside)


def test_a_crossover_that_finds_no_child_is_its_first_parent(rng):
    network = enas_macro(layers=3).network
    space = SearchSpace("s", network, channels=36, constraints=(Constraint("max_edges", 6),))
    parent = sample(space, rng)
    assert crossover(space, parent, parent, rng) == parent
    impossible = SearchSpace("s", network, channels=36, constraints=(Constraint("max_edges", 0),))
    assert crossover(impossible, parent, sample(space, rng), rng, tries=3) == parent
    with pytest.raises(InvalidSpace, match="none of 5 random architectures of 's' obeys max_edges 0; loosen them"):
        sample(impossible, rng, tries=5)
    with pytest.raises(InvalidSpace, match=r"none of 5 children of Architecture.* obeys max_edges 0"):
        mutate(impossible, parent, rng, tries=5)
    assert list(neighbours(impossible, parent)) == []


def test_a_space_of_one_architecture_can_be_drawn_but_not_mutated(rng):
    space = SearchSpace("one", Graph().input("x").node("a", ["x"], op=op("conv")))
    assert dict(sample(space, rng)) == {}
    assert covering(space, rng) == [sample(space, rng)]
    assert list(neighbours(space, {})) == []
    with pytest.raises(InvalidSpace, match="'one' has one architecture only, nothing to mutate"):
        mutate(space, {}, rng)


def test_rows_and_objects_agree_on_what_a_mutation_is(rng):
    codec = Codec(chain())
    rows = codec.sample(500, rng)
    for row, child in zip(rows, codec.mutate(rows, rng), strict=True):
        both = (row >= 0) & (child >= 0)
        assert (row[both] != child[both]).sum() == 1


def test_one_hot_rows_have_a_one_for_every_active_decision(rng):
    codec = Codec(chain())
    rows = codec.sample(100, rng)
    hot = codec.one_hot(rows)
    assert hot.shape == (100, codec.starts[-1])
    assert (hot.sum(axis=1) == (rows >= 0).sum(axis=1)).all()
    assert codec.decode(rows[0]) == from_indices(codec.space, to_indices(codec.space, codec.decode(rows[0])))


def test_fifty_thousand_samples_and_mutations_take_less_than_a_second_each(nb201, rng):
    """The best of five rounds: other processes may share the core."""
    parent = sample(nb201, rng)
    for move in (lambda: sample(nb201, rng), lambda: mutate(nb201, parent, rng)):
        assert min(seconds(move, 2_000) for _ in range(5)) < 2_000 / 50_000


def seconds(move, times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        move()
    return time.perf_counter() - started
