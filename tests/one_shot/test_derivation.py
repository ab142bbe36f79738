"""Which architecture probabilities point to: the released rule on golden cases, and any other space."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from nas_explorer.one_shot.derivation import derive, picks_by_edges, with_picks
from nas_explorer.spaces import Graph, SearchSpace, choice, decisions, load, nas_bench_201, op, to_indices
from tests.spaces.random_spaces import random_space


def softmax(logits: Sequence[float]) -> tuple[float, ...]:
    masses = [math.exp(x) for x in logits]
    return tuple(mass / sum(masses) for mass in masses)


def three_edges() -> SearchSpace:
    """A node keeps two of three edges; each offers none, a and b."""
    edge = choice("none", "skip", op("conv", kernel=3))
    graph = Graph().input("image").node("0", ["image"], op=op("conv", channels=4)).node("1", ["0"]).node("2", ["1"])
    graph = graph.node("3", {"0": edge, "1": edge, "2": edge}, pick=2)
    return SearchSpace("three_edges", graph, resolution=8)


def test_none_weakens_an_edge_though_it_never_wins() -> None:
    """The golden case: with `none` in the softmax edges 1 and 2 are kept; were it left out before, 0 and 1 would be."""
    logits = {"0→3": [3, 1, 0], "1→3": [0, 0.8, 0], "2→3": [0, 0.5, 0]}
    answer = derive(three_edges(), {edge: softmax(x) for edge, x in logits.items()})
    assert dict(answer) == {"3.inputs": "1+2", "1→3": "skip", "2→3": "skip"}


def test_where_none_is_everywhere_the_best_of_the_others_is_taken() -> None:
    logits = {"0→3": [9, 0, 1], "1→3": [8, 0, 1], "2→3": [7, 1, 0]}
    answer = derive(three_edges(), {edge: softmax(x) for edge, x in logits.items()})
    assert dict(answer) == {"3.inputs": "1+2", "1→3": "conv_3x3", "2→3": "skip"}


def test_ties_go_to_the_first() -> None:
    equal = {edge: softmax([0, 0, 0]) for edge in ("0→3", "1→3", "2→3")}
    assert dict(derive(three_edges(), equal)) == {"3.inputs": "0+1", "0→3": "skip", "1→3": "skip"}


def test_strengths_of_edges_count() -> None:
    equal = {edge: softmax([0, 0, 0]) for edge in ("0→3", "1→3", "2→3")}
    answer = derive(three_edges(), equal, {"0→3": 0.1, "1→3": 0.3, "2→3": 0.6})
    assert answer["3.inputs"] == "1+2"


def released_rule(rows: Sequence[Sequence[float]], nodes: int) -> list[tuple[int, int]]:
    """`genotype` of quark0/darts in its own words: (operation, source) of two edges a node; operation 0 is none."""
    found, start = [], 0
    for i in range(nodes):
        own = rows[start:start + i + 2]
        edges = sorted(range(i + 2), key=lambda x: -max(own[x][k] for k in range(1, len(own[x]))))[:2]
        for j in edges:
            best = None
            for k in range(1, len(own[j])):
                if best is None or own[j][k] > own[j][best]:
                    best = k
            assert best is not None
            found.append((best, j))
        start += i + 2
    return found


def test_a_cell_of_darts_is_derived_as_the_released_code_does() -> None:
    space = load("darts", channels=4, layers=3, with_none=True)
    by_id = {decision.id: decision for decision in decisions(space)}
    rng = np.random.default_rng(3)
    for _ in range(30):
        edges = [f"{source}→{node}" for node in range(2, 6) for source in range(node)]
        rows = [softmax(rng.normal(0, 1.5, 8).tolist()) for _ in edges]
        probabilities = {f"{kind}/{edge}": row for kind in ("normal", "reduce") for edge, row in zip(edges, rows, strict=True)}
        answer = derive(space, probabilities)
        wanted = iter(released_rule(rows, 4))
        for node in range(2, 6):
            two = dict(next(wanted)[::-1] for _ in range(2))
            kept = [edge for edge in edges if edge.endswith(f"→{node}") and f"normal/{edge}" in answer]
            assert {int(edge[0]) for edge in kept} == set(two)                     # every node has in-degree 2
            for source, operation in two.items():
                decision = by_id[f"normal/{source}→{node}"]
                assert answer[decision.id] == decision.options[operation]


def test_none_may_win_only_where_it_is_allowed() -> None:
    space = nas_bench_201()
    mostly_none = {decision.id: (0.6, 0.1, 0.1, 0.2, 0.0) for decision in decisions(space)}
    assert set(derive(space, mostly_none).values()) == {"conv_3x3"}
    assert set(derive(space, mostly_none, none_may_win=True).values()) == {"none"}


def test_picks_of_a_recurrent_cell_are_decisions_of_their_own() -> None:
    space = load("darts_rnn", nodes=3, hidden=4)
    rng = np.random.default_rng(0)
    probabilities = {decision.id: softmax(rng.normal(size=len(decision.options)).tolist()) for decision in decisions(space)}
    answer = derive(space, probabilities)
    for decision in decisions(space):
        assert answer[decision.id] == decision.options[int(np.argmax(probabilities[decision.id]))]


def test_any_drawing_gives_an_architecture_of_its_own() -> None:
    rng, seen = np.random.default_rng(4), 0
    for _ in range(60):
        space = random_space(rng)
        if not decisions(space):
            continue
        picks = picks_by_edges(space)
        probabilities = {decision.id: softmax(rng.normal(size=len(decision.options)).tolist()) for decision in decisions(space)
                         if decision.id not in picks}
        seen += 1
        to_indices(space, derive(space, probabilities))
        for options in with_picks(space, probabilities).values():
            assert sum(options) == pytest.approx(1.0)
    assert seen > 30


def test_a_pick_is_shown_by_the_product_of_its_edges() -> None:
    logits = {"0→3": [3.0, 1.0, 0.0], "1→3": [0.0, 0.8, 0.0], "2→3": [0.0, 0.5, 0.0]}
    probabilities = {edge: softmax(x) for edge, x in logits.items()}
    strong = [max(probabilities[edge][1:]) for edge in logits]
    shown = with_picks(three_edges(), probabilities)["3.inputs"]
    products = [strong[0] * strong[1], strong[0] * strong[2], strong[1] * strong[2]]
    assert shown == pytest.approx([x / sum(products) for x in products])
    assert shown[2] == max(shown)
