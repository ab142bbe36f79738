"""The same network drawn twice has one key, and the published counts of different cells come out."""

from __future__ import annotations

import itertools
from collections import defaultdict

import networkx
import pytest

from nas_explorer.spaces import (
    Graph,
    SearchSpace,
    canonical,
    enumerate_architectures,
    expression,
    graph_hash,
    nas_bench_201,
    op,
    plan,
    sample,
)
from nas_explorer.spaces.canonical import flattened
from nas_explorer.spaces.library.nas_bench_101 import nas_bench_101
from nas_explorer.spaces.library.nas_bench_201 import EDGES, arch_str, from_arch_str


@pytest.fixture(scope="module")
def plans(nb201):
    """All 15,625 cells of NAS-Bench-201, each as a plan of its own."""
    return [plan(nb201, cell, "cell") for cell in enumerate_architectures(nb201)]


@pytest.mark.parametrize(("vertices", "published"), [(3, 7), (4, 91), (5, 2_532)])
def test_nas_bench_101_has_the_published_number_of_cells(vertices, published):
    """Ying et al. 2019 count 7, 91 and 2,532 different cells of up to 3, 4 and 5 vertices, with at most 9 edges."""
    space = nas_bench_101(vertices=vertices)
    hashes = {graph_hash(plan(space, architecture, "cell")) for architecture in enumerate_architectures(space)}
    assert len(hashes - {None}) == published


def test_nas_bench_201_has_5425_different_cells_and_6466_official_strings(plans, nb201):
    """The string of the official code reads a graph as a tree and keeps zero terms.

    So it joins a shared convolution with two of the same kind, and separates cells that differ in the names of nodes.
    """
    keys = [graph_hash(steps) for steps in plans]
    assert len(set(keys)) == 5_425
    assert keys.count(None) == 341
    assert len({expression(steps) for steps in plans}) == 4_930
    assert len({official_key(arch_str(cell)) for cell in enumerate_architectures(nb201)}) == 6_466


def official_key(text: str) -> str:
    """The rule of the authors' code, Structure.to_unique_str with zeros considered."""
    values = ["0"]
    for node in text.split("+"):
        terms = []
        for operation, source in (term.split("~") for term in node.strip("|").split("|")):
            value = values[int(source)]
            is_zero = operation == "none" or value == "#"
            terms.append("#" if is_zero else value if operation == "skip_connect" else f"({value})@{operation}")
        values.append("+".join(sorted(terms)))
    return values[-1]


def test_equal_hashes_are_isomorphic_graphs_and_different_hashes_are_not(plans):
    """Within every twelfth cell, checked by networkx."""
    classes = defaultdict(list)
    for steps in plans[::12]:
        classes[graph_hash(steps)].append(steps)
    representatives = defaultdict(list)
    for key, members in classes.items():
        if key is not None:
            graphs = [digraph(steps) for steps in members]
            assert all(same(graphs[0], graph) for graph in graphs[1:4])
            representatives[len(graphs[0]), graphs[0].size()].append(graphs[0])
    for group in representatives.values():
        assert not any(same(one, other) for one, other in itertools.islice(itertools.combinations(group, 2), 300))


def digraph(steps) -> networkx.MultiDiGraph:
    kept = steps.pruned()
    graph = networkx.MultiDiGraph()                    # x + x reads x twice
    for i, sources in flattened(kept).items():
        step = kept.steps[i]
        graph.add_node(i, label=(step.kind, step.name, step.params, i == len(kept.steps) - 1))
        graph.add_edges_from((source, i) for source in sources.elements())
    return graph


def same(one, other) -> bool:
    return networkx.is_isomorphic(one, other, node_match=lambda a, b: a["label"] == b["label"])


def test_a_coarser_key_never_separates_what_the_finer_one_joins(plans):
    formulas = {}
    for steps in plans[::10]:
        assert formulas.setdefault(graph_hash(steps), expression(steps)) == expression(steps)


def test_a_cell_with_its_inner_nodes_swapped_is_the_same_cell(nb201):
    one = from_arch_str("|nor_conv_3x3~0|+|nor_conv_1x1~0|none~1|+|none~0|skip_connect~1|avg_pool_3x3~2|")
    other = from_arch_str("|nor_conv_1x1~0|+|nor_conv_3x3~0|none~1|+|none~0|avg_pool_3x3~1|skip_connect~2|")
    third = from_arch_str("|nor_conv_1x1~0|+|nor_conv_3x3~0|none~1|+|none~0|skip_connect~1|avg_pool_3x3~2|")
    for graph in ("cell", ""):
        assert canonical(nb201, one, graph) == canonical(nb201, other, graph) != canonical(nb201, third, graph)


def test_a_dead_cell_has_no_key(nb201):
    dead = from_arch_str("|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|none~0|none~1|none~2|")
    assert canonical(nb201, dead) is None
    assert expression(plan(nb201, dead)) is None
    assert plan(nb201, dead).pruned().steps == ()


def test_shared_weights_tell_two_graphs_with_one_formula_apart():
    """One convolution read twice is not two convolutions of the same value."""
    conv = op("conv", kernel=1)
    once = Graph().input("x").node("a", {"x": conv}).node("out", {"a": conv}).node("sum", {"a": "skip", "out": "bn"})
    twice = (Graph().input("x").node("a", {"x": conv}).node("b", {"x": conv}).node("out", {"b": conv})
             .node("sum", {"a": "skip", "out": "bn"}))
    one, two = (plan(SearchSpace("s", graph), {}) for graph in (once, twice))
    assert expression(one) == expression(two)
    assert graph_hash(one) != graph_hash(two)


def test_a_long_chain_of_skipping_cells_is_hashed_in_time():
    """Each of 20 cells quadruples the number of terms: 4**60 in all."""
    space = nas_bench_201(cells=20)
    skips = dict.fromkeys(EDGES, "skip")
    other = skips | {"cell/1→2": "none"}
    assert canonical(space, skips) != canonical(space, other)
    assert expression(plan(space, skips)) != expression(plan(space, other))


def test_names_do_not_matter(nb201, rng):
    renamed = nb201.edit("cell", lambda cell: cell.rename("2", "middle"))
    for _ in range(20):
        architecture = sample(nb201, rng)
        moved = {key.replace("2→", "middle→").replace("→2", "→middle"): o for key, o in architecture.items()}
        assert canonical(renamed, moved, "cell") == canonical(nb201, architecture, "cell")
