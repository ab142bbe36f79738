"""Random gestures on ready spaces: code and JSON bring every result back, and grouping never changes a network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nas_explorer.errors import InvalidSpace, NasExplorerError
from nas_explorer.spaces import SearchSpace, canonical, decisions, load, names, op, plan, problems, sample, size
from nas_explorer.spaces.fragments import copy, paste
from nas_explorer.spaces.gestures import add_node, change, connect, duplicate, remove, rename, reroute, set_candidates, set_presence
from nas_explorer.spaces.grouping import group, ungroup
from tests.spaces.claims import survives

SPACES = {name: load(name) for name in names()}
OPERATIONS = ["skip", "none", op("conv", kernel=3), op("conv", kernel=(1, 5)), op("avg_pool", kernel=3), op("mbconv", expand=(1, 2))]


def edited(space: SearchSpace, rng: np.random.Generator) -> SearchSpace:
    """One gesture drawn by chance; it may be refused."""
    graph = str(rng.choice(["", *(name for name, _ in space.cells)]))
    host = space.cell(graph)
    some, other = (str(rng.choice(host.names)) for _ in "ab")
    several = [str(name) for name in rng.choice(host.names, size=min(3, len(host.names)), replace=False)]
    edge = host.edges[int(rng.integers(len(host.edges)))] if host.edges else None
    pair = (edge.source, edge.target) if edge else (some, other)
    offered = [OPERATIONS[i] for i in rng.permutation(len(OPERATIONS))[:rng.integers(1, 4)]]
    on_graph = [
        lambda: add_node(host, sources=[some]), lambda: connect(host, some, other, "skip"), lambda: reroute(host, pair, target=other),
        lambda: remove(host, [some]), lambda: remove(host, [], [pair]), lambda: duplicate(host, several),
        lambda: change(host, some, repeat=(1, 2)), lambda: change(host, some, pick=1), lambda: change(host, some, merge="mean"),
        lambda: set_presence(host, pair, str(rng.choice(["optional", "always", "loose", "fallback"]))),
        lambda: set_candidates(host, pair, offered), lambda: set_candidates(host, some, offered), lambda: rename(host, some, "named"),
    ]
    on_space = [lambda: group(space, graph, several), lambda: ungroup(space, graph, some),
                lambda: paste(space, graph, copy(space, graph, several))]
    number = int(rng.integers(len(on_graph) + len(on_space)))
    if number >= len(on_graph):
        return on_space[number - len(on_graph)]()
    return space.edit(graph, lambda _: on_graph[number]())


@settings(max_examples=80, deadline=None)
@given(name=st.sampled_from(names()), seed=st.integers(0, 2**32 - 1))
def test_whatever_is_drawn_comes_back_from_code_and_json(name, seed):
    rng, space = np.random.default_rng(seed), SPACES[name]
    for _ in range(6):
        try:
            space = edited(space, rng)
        except InvalidSpace as error:
            assert str(error).strip()                              # noqa: PT017  (either outcome is right)
    assert survives(space)
    if not problems(space):
        assert size(space) >= 1
        assert plan(space, sample(space, rng, tries=100_000)).steps


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(["nas_bench_201", "darts", "enas_macro", "mobilenet_v2", "transformer"]), seed=st.integers(0, 2**32 - 1))
def test_a_group_is_the_same_network(name, seed):
    """Wherever the ids tell which decision is which: those of nodes that moved start with the new cell's name."""
    rng, space = np.random.default_rng(seed), SPACES[name]
    graph = str(rng.choice(["", *(cell for cell, _ in space.cells)]))
    nodes = [node.name for node in space.cell(graph).nodes]
    start = int(rng.integers(len(nodes)))
    try:
        grouped = group(space, graph, nodes[start:start + int(rng.integers(1, 4))], "motif")
    except InvalidSpace:
        return
    architecture = sample(space, rng)
    output = grouped.cell("motif").output
    moved = {}
    for decision_id in (decision.id for decision in decisions(grouped)):
        old = decision_id.replace("motif/", f"{graph}/" if graph else "").replace("motif→", f"{output}→")
        if old in architecture:
            option = architecture[old]
            outside = old.endswith(".inputs") and "motif/" not in decision_id and old.rpartition("/")[0] == graph
            moved[decision_id] = "+".join("motif" if name == output else name for name in str(option).split("+")) if outside else option
    assert canonical(grouped, moved) == canonical(space, architecture)


def test_problems_of_a_drawing_are_words_and_never_a_crash():
    rng = np.random.default_rng(4)
    for name in names():
        for _ in range(10):
            space = SPACES[name]
            for _ in range(4):
                try:
                    space = edited(space, rng)
                except NasExplorerError as error:
                    assert str(error)                              # noqa: PT017
            assert all(isinstance(what, str) and what for what in problems(space))


@pytest.mark.parametrize("name", names())
def test_every_ready_space_comes_back_from_code_and_json(name):
    assert survives(SPACES[name])
