"""JSON from outside is read or refused with the place; nothing in it is executed, and nothing in it hangs us."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nas_explorer.errors import InvalidArchitecture, InvalidSpace
from nas_explorer.spaces import (
    SearchSpace,
    architecture_from_json,
    architecture_to_json,
    chain,
    decisions,
    nas_bench_201,
    sample,
    size,
    space_from_json,
    to_code,
    to_json,
)
from nas_explorer.spaces.library.nas_bench_101 import nas_bench_101


@pytest.fixture
def data() -> dict:
    return json.loads(json.dumps(to_json(nas_bench_201())))


def test_json_is_plain_and_carries_its_format(data, nb201):
    assert data["format"] == 1
    assert list(data) == ["format", "name", "palettes", "network", "cells"]
    assert data["network"]["nodes"][0] == {"name": "stem", "op": {"op": "conv", "order": "conv-bn", "channels": "C"}}
    assert space_from_json(data) == nb201
    assert len(json.dumps(data)) < 3_000


def test_architectures_are_plain_objects_checked_against_their_space(nb201, rng):
    architecture = sample(nb201, rng)
    written = json.loads(json.dumps(architecture_to_json(architecture)))
    read = architecture_from_json(nb201, written)
    assert read == architecture
    assert read._positions is architecture._positions
    for wrong, message in (([], "an architecture is an object .* got list"), ({1: 2}, "an architecture is an object"),
                           ({**written, "x": 1}, "has no decision 'x'"), ({}, "asks for decision 'cell/0→1'")):
        with pytest.raises(InvalidArchitecture, match=message):
            architecture_from_json(nb201, wrong)


def put(data, path, value):
    """A copy of the data with another value at a path like cells.0.1.nodes."""
    changed = at = copy.deepcopy(data)
    *way, last = path.split(".")
    for key in way:
        at = at[int(key) if key.isdigit() else key]
    at[int(last) if last.isdigit() else last] = value
    return changed


@pytest.mark.parametrize(("path", "value", "message"), [
    ("format", 2, "space: this library reads format 1, got 2"),
    ("format", True, "reads format 1, got True"),
    ("colour", "red", "space: unknown key 'colour'; known are cells, channels"),
    ("name", 7, "space: a space needs a printable name"),
    ("name", "n" * 1000, "space: a space needs a printable name of at most 200 signs"),
    ("network", [], "space.network: an object is needed, got a list of 0 entries"),
    ("network.inputs", "image", "space.network.inputs: a list is needed, got 'image'"),
    ("network.inputs", [["image"]], "space.network.inputs: a text is needed, got a list of 1 entries"),
    ("network.nodes.0.name", 3, r"space.network.nodes\[0\].name: a text is needed, got 3"),
    ("network.nodes.0.colour", 3, r"space.network.nodes\[0\]: unknown key 'colour'; known are align"),
    ("network.nodes.0", {}, r"space.network.nodes\[0\]: 'name' is missing"),
    ("network.nodes.0.op", "conv", r"nodes\[0\]: node 'stem': op must be an operation"),
    ("network.nodes.0.op", {"op": ["conv"]}, r"space.network.nodes\[0\].op.op: a text is needed"),
    ("network.nodes.0.op", {"op": "conv", "kernel": [3]}, r"nodes\[0\].op.kernel: a number, text, choice or operation"),
    ("network.nodes.0.op", {"op": "conv", "import os": 3}, r"nodes\[0\].op: operation 'conv': a parameter needs a"),
    ("network.nodes.0.op", {"op": "conv", "kernel": {"op": "conv"}}, r"nodes\[0\].op.kernel: unknown key 'op'"),
    ("network.nodes.0.op", {"op": "conv", "kernel": {"choice": [{"choice": [1]}]}}, r"choice\[0\]: a number, text"),
    ("network.nodes.0.op", {"choice": []}, r"nodes\[0\].op: a choice needs at least one option"),
    ("network.nodes.0.op", {"choice": [{"op": "conv"}] * 20_000}, r"op.choice: at most 10,000 entries are"),
    ("network.nodes.0.op", {"choice": [{"op": "conv"}, 3]}, "a choice is between operations or between scalars"),
    ("network.nodes.0.repeat", 10**30, r"nodes\[0\]: node 'stem': repeat must be .* got a huge number"),
    ("network.nodes.0.repeat", 1.5, "repeat must be a whole number from 1 to 10,000, got 1.5"),
    ("network.nodes.0.channels", "9" * 30 + "C", "channels must be a number or like 2C"),
    ("network.nodes.0.like", {"choice": ["image"]}, "like: a text is needed, got an object"),
    ("network.edges.0.presence", "perhaps", r"space.network.edges\[0\]: edge image→stem: presence must be one of"),
    ("network.edges.0.target", "nowhere", r"space.network: edge image→nowhere: there is no node 'nowhere'"),
    ("network.nodes", [{"name": f"n{i}"} for i in range(10_001)], "space.network.nodes: at most 10,000 entries"),
    ("cells", [["cell"]], r"space.cells\[0\]: a cell is a pair \[name, graph\], got a list of 1 entries"),
    ("cells.0.0", "conv", "space: cell 'conv' has the name of an operation"),
    ("input_channels", ["3"], "space: input_channels must be a whole number"),
    ("resolution", None, "space: resolution must be a whole number"),
    ("width", float("nan"), "space: width must be a number above 0"),
    ("width", "1", "space: width must be a number above 0"),
    ("constraints", [{"kind": "max_edges"}], r"space.constraints\[0\]: 'limit' is missing"),
    ("constraints", [{"kind": "max_edges", "limit": {"choice": [1]}}], r"constraints\[0\]: the limit of max_edges"),
])
def test_a_damaged_file_is_refused_with_the_place(data, path, value, message):
    with pytest.raises(InvalidSpace, match=message):
        space_from_json(put(data, path, value))


@pytest.mark.parametrize("value", [None, 3, "space", [], [1], {}, {"format": 1}, {1: 2}])
def test_what_is_no_space_at_all_is_refused(value):
    with pytest.raises(InvalidSpace, match=r"^space: "):
        space_from_json(value)


def test_a_newer_format_is_named_before_its_unknown_keys(data):
    with pytest.raises(InvalidSpace, match="reads format 1, got 2"):
        space_from_json({**data, "format": 2, "continuous": []})


def test_many_cells_may_not_hold_too_many_nodes_together(data):
    nodes = [{"name": f"n{i}"} for i in range(5_001)]
    cells = [["a", {"inputs": ["x"], "nodes": nodes}], ["b", {"inputs": ["x"], "nodes": nodes}]]
    with pytest.raises(InvalidSpace, match="space: a space has at most 10,000 nodes and 100,000 edges in all, got"):
        space_from_json({**data, "cells": cells})


def test_nesting_without_end_is_refused_and_not_walked():
    deep = {"op": "conv"}
    for _ in range(100_000):
        deep = {"choice": [deep]}
    data = {"format": 1, "name": "s", "network": {"inputs": ["x"], "nodes": [{"name": "a", "op": deep}]}}
    with pytest.raises(InvalidSpace, match=r"space.network.nodes\[0\].op.choice\[0\]: 'op' is missing"):
        space_from_json(data)
    while isinstance(deep, dict):          # take it apart by hand: dropping it whole would recurse
        deep = deep.get("choice", [None])[0]


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
words = st.sampled_from(["format", "name", "network", "inputs", "nodes", "edges", "op", "choice", "source", "x"])
anything = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=5),
                        max_leaves=15)


def places(data, at=()):
    """Every path into nested JSON values."""
    yield at
    for key, inner in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from places(inner, (*at, key))


ORIGINALS = [json.loads(json.dumps(to_json(draw()))) for draw in (nas_bench_201, chain, nas_bench_101)]


@settings(max_examples=150, deadline=None)
@given(original=st.sampled_from(ORIGINALS), value=anything, data=st.data())
def test_a_file_with_anything_anywhere_is_a_space_or_refused(original, value, data):
    path = data.draw(st.sampled_from(list(places(original))[1:]))
    changed = at = copy.deepcopy(original)
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    try:
        space = space_from_json(changed)
        if not space.problems():
            assert size(space) >= 1
    except InvalidSpace as error:
        assert len(str(error)) < 2_000                             # noqa: PT017  (either outcome is right)
    else:
        assert space_from_json(to_json(space)) == space


def test_names_from_a_stranger_stay_texts_in_the_code():
    """A name that tries to close the string it stands in."""
    hostile = "x'); import os; os.abort(); ('"
    network = nas_bench_201().network.rename("image", hostile.replace(".", ""))
    space = SearchSpace(hostile, network, nas_bench_201().cells)
    drawn = {}
    exec(to_code(space), drawn)
    assert drawn["space"] == space
    assert len(decisions(space_from_json(to_json(space)))) == 6


def test_code_names_what_is_drawn_more_than_once_and_imports_what_it_uses(nb201):
    code = to_code(nb201)
    assert code.startswith("from nas_explorer.spaces import Graph, SearchSpace, choice, op\n")
    assert code.count("avg_pool") == 1
    assert max(map(len, code.splitlines())) < 125
    assert ".node('3', dict.fromkeys(['0', '1', '2'], operations)))" in code
