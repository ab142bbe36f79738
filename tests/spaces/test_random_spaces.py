"""Claims about spaces drawn at random: sizes, round trips and moves do not depend on what the drawing looks like."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nas_explorer.errors import ShapeError
from nas_explorer.spaces import (
    Codec,
    cost,
    crossover,
    decisions,
    enumerate_architectures,
    enumerate_indices,
    from_indices,
    is_active,
    mutate,
    neighbours,
    plan,
    sample,
    size,
    to_code,
    to_indices,
    trace,
)
from tests.spaces.claims import asked_by_trace, survives
from tests.spaces.random_spaces import random_space


@pytest.fixture(scope="module")
def spaces():
    rng = np.random.default_rng(1)
    return [random_space(rng) for _ in range(100)]


def test_size_equals_enumeration(spaces):
    enumerated = 0
    for space in spaces:
        if size(space) <= 5_000:
            found = list(enumerate_architectures(space))
            assert len(found) == len(set(found)) == size(space), to_code(space)
            enumerated += 1
    assert enumerated > 50


def test_json_and_code_bring_the_space_back(spaces):
    assert all(survives(space) for space in spaces)


def test_the_drawing_asks_for_exactly_the_active_decisions(spaces):
    rng = np.random.default_rng(2)
    for space in spaces:
        for _ in range(10):
            architecture = sample(space, rng)
            assert asked_by_trace(space, architecture) == set(architecture), to_code(space)


def test_rows_and_architectures_are_the_same_thing(spaces):
    rng = np.random.default_rng(3)
    for space in spaces:
        codec = Codec(space)
        rows = codec.sample(20, rng)
        children = codec.mutate(rows, rng)
        assert size(space) == 1 or (rows != children).any(axis=1).all()
        for row in (*rows, *children):
            assert codec.encode(codec.decode(row)).tolist() == row.tolist()


def test_conditions_between_two_parents_do_occur(spaces):
    assert any(len(decision.when) > 1 for space in spaces for decision in decisions(space))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_moves_stay_inside_and_do_what_they_say(seed):
    rng = np.random.default_rng(seed)
    space = random_space(rng)
    first, second = sample(space, rng), sample(space, rng)
    child = crossover(space, first, second, rng)
    chosen, parents = to_indices(space, child), (to_indices(space, first), to_indices(space, second))
    for option, *origins in zip(chosen, *parents, strict=True):
        assert option < 0 or option in origins or max(origins) < 0
    if size(space) > 1:
        assert mutate(space, child, rng) != child
    for neighbour in neighbours(space, child):
        other = to_indices(space, neighbour)
        changed = [i for i, (a, b) in enumerate(zip(chosen, other, strict=True)) if a >= 0 and b >= 0 and a != b]
        assert len(changed) == 1
        assert all(b == 0 for a, b in zip(chosen, other, strict=True) if a < 0 <= b)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_supernet_s_plan_holds_every_single_path(seed):
    """A mixture keeps the weights of each of its architectures, under the same keys."""
    rng = np.random.default_rng(seed)
    space = random_space(rng)
    try:
        everything = trace(space, lambda _, options: tuple(range(len(options))))
    except ShapeError:
        assume(False)                  # its options differ in shape; only single paths can be built
    keys = {step.key for step in everything.steps if step.kind == "op"}
    for _ in range(5):
        architecture = sample(space, rng)
        steps = plan(space, architecture)
        assert {step.key for step in steps.steps if step.kind == "op"} <= keys
        assert cost(space, architecture).parameter_count <= everything.cost().parameter_count


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_indices_say_which_decisions_are_active(seed):
    space = random_space(np.random.default_rng(seed))
    for chosen, _ in zip(enumerate_indices(space), range(20), strict=False):
        assert [option >= 0 for option in chosen] == [is_active(d, chosen) for d in decisions(space)]
        assert len(from_indices(space, chosen)) == sum(option >= 0 for option in chosen)
