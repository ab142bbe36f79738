"""The metro layout, judged by geometry: no edge runs through a node it does not end in."""

import time
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from nas_explorer.views.lanes import ABOVE, BELOW, crossings, levels, sides
from nas_explorer.views.layout import Layout, Link, Point, metro

CELL = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)]


def laid_out(count: int, pairs: list[tuple[int, int]], label: float = 80) -> tuple[Layout, tuple[Link, ...]]:
    links = tuple(Link(a, b, label, 24) for a, b in pairs)
    return metro(((36.0, 36.0),) * count, links), links


def random_graph(count: int, seed: int) -> list[tuple[int, int]]:
    """A chain with extra edges, the nearer the likelier, some twice."""
    rng = np.random.default_rng(seed)
    extra = [(a, b) for a in range(count) for b in range(a + 1, count) if rng.random() < 1.5 / (b - a + 1)]
    return [(i, i + 1) for i in range(count - 1) if rng.random() < 0.9] + extra


def pieces(points: tuple[Point, ...]) -> Iterator[tuple[float, float, float, float]]:
    for (ax, ay), (bx, by) in pairwise(points):
        yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


@pytest.mark.parametrize("seed", range(40))
def test_no_edge_runs_through_a_node_that_it_does_not_end_in(seed: int) -> None:
    count = 2 + seed % 30
    layout, links = laid_out(count, random_graph(count, seed))
    for link, edge in zip(links, layout.edges, strict=True):
        for i, node in enumerate(layout.nodes):
            if i in (link.source, link.target):
                continue
            left, right = node.x - node.width / 2, node.x + node.width / 2
            top, bottom = node.y - node.height / 2, node.y + node.height / 2
            for x1, y1, x2, y2 in pieces(edge.points):
                assert x2 < left or x1 > right or y2 < top or y1 > bottom, (link, i)


@pytest.mark.parametrize("seed", range(20))
def test_edges_are_upright_start_and_end_at_their_nodes_and_stay_on_the_page(seed: int) -> None:
    count = 3 + seed
    layout, links = laid_out(count, random_graph(count, seed))
    for link, edge in zip(links, layout.edges, strict=True):
        assert all(a[0] == pytest.approx(b[0]) or a[1] == pytest.approx(b[1]) for a, b in pairwise(edge.points))
        for point, end in ((edge.points[0], link.source), (edge.points[-1], link.target)):
            node = layout.nodes[end]
            assert abs(point[0] - node.x) <= node.width / 2 + 1e-6
            assert abs(point[1] - node.y) <= node.height / 2 + 1e-6
        assert all(0 <= x <= layout.width and 0 <= y <= layout.height for x, y in edge.points)


@pytest.mark.parametrize("seed", range(20))
def test_labels_do_not_overlap(seed: int) -> None:
    layout, links = laid_out(8, random_graph(8, seed))
    boxes = [(edge.label[0], edge.label[1], link.label_width, link.label_height) for edge, link in zip(layout.edges, links, strict=True)]
    for i, (x, y, width, height) in enumerate(boxes):
        for u, v, other_width, other_height in boxes[:i]:
            assert abs(x - u) >= (width + other_width) / 2 or abs(y - v) >= (height + other_height) / 2


def test_the_cell_of_nas_bench_201_is_planar_with_one_edge_above() -> None:
    layout, links = laid_out(4, CELL)
    middle = layout.nodes[0].y
    assert [link for link, edge in zip(links, layout.edges, strict=True) if edge.label[1] < middle - 1] == [Link(1, 3, 80, 24)]
    to_2, to_3 = layout.edges[1], layout.edges[3]
    assert to_3.points[0][0] == pytest.approx(to_2.points[0][0] - 12)  # two that leave a node on one side
    assert to_3.label[1] > to_2.label[1]


def test_sides_are_chosen_so_that_nothing_crosses_where_that_is_possible() -> None:
    spans = [(0, 2), (0, 3), (1, 3), (2, 4), (0, 4)]
    assert crossings(spans, sides(spans)) == 0
    assert crossings([(0, 2), (1, 3)], [BELOW, BELOW]) == 1
    assert crossings([(0, 2), (1, 3)], [BELOW, ABOVE]) == 0


def test_spans_on_one_level_never_overlap() -> None:
    rng = np.random.default_rng(0)
    spans = [tuple(sorted(rng.choice(20, 2, replace=False).tolist())) for _ in range(60)]
    level = levels(spans)
    for i, (a, b) in enumerate(spans):
        assert all(level[i] != level[j] or b <= c or d <= a for j, (c, d) in enumerate(spans[:i]))


def test_a_long_chain_breaks_into_rows_and_a_dense_graph_does_not() -> None:
    chain, _ = laid_out(24, [(i, i + 1) for i in range(23)])
    assert len({node.y for node in chain.nodes}) == 3
    dense, _ = laid_out(16, [(a, b) for a in range(16) for b in range(a + 1, 16)], label=0)
    assert len({node.y for node in dense.nodes}) == 1


def test_sixty_nodes_are_laid_out_in_far_less_than_a_blink() -> None:
    pairs = random_graph(60, 1)
    metro.cache_clear()
    seconds = []
    for _ in range(3):
        metro.cache_clear()
        start = time.perf_counter()
        laid_out(60, pairs)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.25  # a tenth of that on a quiet machine


def test_a_link_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="got 2→1"):
        laid_out(3, [(2, 1)])


def test_an_empty_and_a_lonely_graph_have_a_layout() -> None:
    assert metro((), ()).nodes == ()
    assert len(metro(((30.0, 30.0),), ()).nodes) == 1
