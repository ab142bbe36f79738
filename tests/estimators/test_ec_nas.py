"""The EC-NAS table against what was published, and its look-up against the hash of the graph."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from nas_explorer.errors import InvalidArchitecture, InvalidMetric, InvalidOption, InvalidSpace
from nas_explorer.estimators import EcNas, Rank
from nas_explorer.estimators import nas_bench_101_cells as cells
from nas_explorer.records import pareto_mask
from nas_explorer.spaces import Architecture, SearchSpace, canonical, choice, load, nas_bench_201, op, sample


def space(vertices: int = 5) -> SearchSpace:
    return load("nas_bench_101", vertices=vertices)


def drawings(vertices: int) -> list[tuple[list[int], list[int]]]:
    """Every drawing of at most 9 edges."""
    pairs, inner = vertices * (vertices - 1) // 2, vertices - 2
    return [([*ops], [*edges]) for edges in itertools.product((0, 1), repeat=pairs) if sum(edges) <= 9
            for ops in itertools.product(range(3), repeat=inner)]


@pytest.mark.parametrize(("vertices", "networks"), [(4, 91), (5, 2532)])
def test_the_drawings_are_as_many_networks_as_published_and_each_is_in_the_table(vertices: Any, networks: int) -> None:
    found = {cells.canonical(*drawing) for drawing in drawings(vertices)} - {None}
    table = EcNas(vertices=vertices)
    assert len(found) == len(table.column("test_accuracy")) == networks
    assert [table.index(table.architecture(row)) for row in range(networks)] == list(range(networks))


def test_two_drawings_are_one_row_exactly_where_their_graphs_have_one_hash() -> None:
    """300 random cells, seed 0, all pairs. A cell without a path has no hash and no row."""
    rng, drawn, table = np.random.default_rng(0), space(), EcNas()
    rows: dict[str, int] = {}
    for _ in range(300):
        architecture = sample(drawn, rng)
        known = canonical(drawn, architecture, "cell")
        if known is None:
            with pytest.raises(InvalidArchitecture, match="no path from its input to its output"):
                table.index(architecture)
        else:
            assert rows.setdefault(known, table.index(architecture)) == table.index(architecture)
    assert len(set(rows.values())) == len(rows) > 80


def test_the_numbers_of_a_cell_are_those_of_its_three_trainings() -> None:
    """Input straight to output, the first of the source's rows of two vertices."""
    table = EcNas(vertices=4)
    straight = cells.architecture([0, 0], [0, 0, 0, 1, 0, 0], 4)
    (measurement,) = table.evaluate(straight)
    expected = {"validation_error": 100 - np.mean([43.679886, 51.342148, 49.188702]), "parameter_count": 882570,
                "train_energy_kj": np.mean([20.4048, 19.007999, 19.1952]), "train_seconds": np.mean([30.216, 30.577999, 30.226])}
    assert measurement.values == pytest.approx(expected, rel=1e-6)
    assert measurement.step == 0


def test_a_small_network_is_in_the_table_of_five_vertices_too() -> None:
    """Trained once more there: as large, and its energy within a tenth."""
    small, large = EcNas(vertices=4), EcNas()
    straight = cells.architecture([0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0], 5)
    row, other = small.index(cells.architecture([0, 0], [0, 0, 0, 1, 0, 0], 4)), large.index(straight)
    assert small.column("parameter_count")[row] == large.column("parameter_count")[other]
    assert small.column("train_energy_kj")[row] == pytest.approx(large.column("train_energy_kj")[other], rel=0.1)


def test_energy_follows_time() -> None:
    table = EcNas()
    assert spearmanr(table.column("train_energy_kj"), table.column("train_seconds")).statistic > 0.97


def test_ranks_optimum_and_front_are_those_of_the_columns() -> None:
    table = EcNas()
    expected = pd.Series(table.column("test_accuracy")).rank(method="min", ascending=False)
    for row in range(0, 2532, 97):
        rank = table.rank(table.architecture(row))
        assert rank == Rank(int(expected[row]), 2532, 100 * (2532 - expected[row] + 1) / 2532)
    best, accuracy = table.optimum()
    assert table.rank(best).rank == 1
    assert accuracy == table.column("test_accuracy").max()
    names = ["validation_error", "train_energy_kj"]
    points = np.stack([table.column(name) for name in names], axis=1)
    front = table.front(names)
    assert sorted(point for _, point in front) == sorted(map(tuple, points[pareto_mask(points, table.metrics[:2])].tolist()))
    assert [point for _, point in front] == sorted(point for _, point in front)


def test_a_search_never_sees_the_test_set() -> None:
    assert not [m.name for m in EcNas().metrics if "test" in m.name]


def test_wrong_questions_are_answered_in_words() -> None:
    with pytest.raises(InvalidOption, match="vertices must be one of 4, 5, got 7"):
        EcNas(vertices=7)  # type: ignore[arg-type]
    with pytest.raises(InvalidMetric, match="does not measure 'energy'"):
        EcNas().column("energy")
    with pytest.raises(InvalidArchitecture, match=r"networks 0 to 2,531, got 2532"):
        EcNas().architecture(2532)
    with pytest.raises(InvalidArchitecture, match=r"cells of 5 vertices .* on cell/1.op, cell/2.op, cell/3.op"):
        EcNas().index(Architecture({"cell/in→1.on": True}))
    with pytest.raises(InvalidArchitecture, match="at most 9 edges, got 10"):
        EcNas().index(cells.architecture([0, 0, 0], [1] * 10, 5))


@pytest.mark.parametrize(("other", "words"), [
    (space(4), "spaces.load\\('nas_bench_101', vertices=5\\)"),
    (load("nas_bench_101"), "decides on cell/1→4.on"),
    (nas_bench_201(), "'nas_bench_201' decides on"),
    (replace(space(), channels=16), "differs from the table's"),
])
def test_a_space_that_the_table_does_not_hold_is_refused(other: SearchSpace, words: str) -> None:
    with pytest.raises(InvalidSpace, match=words):
        EcNas().check_space(other)


def test_a_space_that_offers_less_is_held_as_well() -> None:
    EcNas().check_space(load("nas_bench_101", vertices=5, max_edges=7))
    EcNas().check_space(space().edit("cell", lambda cell: cell.change("1", op=choice(op("conv", kernel=3, order="conv-bn-relu"),
                                                                                     op("max_pool", kernel=3)))))
