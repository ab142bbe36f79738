"""The table of learning curves: what it holds, that it repeats, and how much of it is signal."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kendalltau

from nas_explorer.data.make_digits_cells import training
from nas_explorer.errors import InvalidArchitecture, InvalidMetric, InvalidOption, InvalidSpace
from nas_explorer.estimators import DigitsCells, Rank
from nas_explorer.records import pareto_mask
from nas_explorer.spaces import Architecture, SearchSpace, canonical, choice, cost, load, nas_bench_201, op, sample
from nas_explorer.tasks.bundled import arrays

SPACE, TABLE = load("digits_cells"), DigitsCells()
SEEDS = range(TABLE.seeds)
SEED_PAIRS = [*itertools.combinations(SEEDS, 2)]


def networks() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """A row for each different network that reaches its output: curves differ where networks do."""
    curves = TABLE.curves("train_loss").reshape(729, -1)
    rows = np.unique(curves, axis=0, return_index=True)[1]
    dead = TABLE.index(Architecture(dict.fromkeys(TABLE.architecture(0), "none")))
    return rows[(curves[rows] != curves[dead]).any(axis=1)]


LIVE = networks()


def tau(first: np.ndarray[tuple[int], np.dtype[np.float64]], second: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    return float(kendalltau(first, second).statistic)


def test_drawings_of_one_network_share_its_trainings_and_no_others_do() -> None:
    rows: dict[str | None, set[bytes]] = {}
    for row in range(729):
        rows.setdefault(canonical(SPACE, TABLE.architecture(row)), set()).add(TABLE.curves("train_loss")[row].tobytes())
    assert len(rows) == 99
    assert {len(curves) for curves in rows.values()} == {1}
    assert len(set().union(*rows.values())) == 99


def test_costs_are_those_of_the_space() -> None:
    """With dead branches, as papers count them, so drawings of one network may differ. 60 random ones, seed 0."""
    rng = np.random.default_rng(0)
    for _ in range(60):
        architecture = sample(SPACE, rng)
        known, expected = TABLE.foresee(architecture), cost(SPACE, architecture)
        assert (known["parameter_count"], known["macs"]) == expected
        assert 0.01 < known["latency_ms"] < 100


def test_an_evaluation_is_a_learning_curve() -> None:
    architecture = TABLE.architecture(700)
    measured = list(DigitsCells(seed=1).evaluate(architecture))
    assert [m.step for m in measured] == list(range(1, 10))
    assert [m.values["validation_error"] for m in measured] == TABLE.curves("validation_error")[700, 1].tolist()
    seconds = [m.values["train_seconds"] for m in measured]
    assert np.diff(seconds) == pytest.approx(seconds[0])
    assert DigitsCells(seed=1).column("validation_error")[700] == measured[-1].values["validation_error"]
    assert all(type(value) in (int, float) for m in measured for value in m.values.values())


def test_without_a_seed_it_is_the_mean_of_all() -> None:
    measured = [m.values["validation_loss"] for m in DigitsCells(seed=None).evaluate(TABLE.architecture(700))]
    assert measured == pytest.approx(TABLE.curves("validation_loss")[700].mean(axis=0).tolist())


def test_the_truth_is_the_mean_test_error_whatever_seed_is_seen() -> None:
    best, error = TABLE.optimum()
    assert DigitsCells(seed=1).optimum() == DigitsCells(seed=None).optimum() == (best, error)
    assert TABLE.rank(best).rank == 1
    expected = pd.Series(TABLE.column("test_error")).rank(method="min")
    for row in range(0, 729, 29):
        assert TABLE.rank(TABLE.architecture(row)) == Rank(int(expected[row]), 729, 100 * (729 - expected[row] + 1) / 729)


def test_the_front_is_what_the_definition_says() -> None:
    names = ["validation_error", "parameter_count"]
    points = np.stack([TABLE.column(name) for name in names], axis=1)
    expected = points[pareto_mask(points, (TABLE.metrics[0], TABLE.metrics[2]))]
    assert sorted(point for _, point in TABLE.front(names)) == sorted(map(tuple, expected.tolist()))


def test_the_maker_trains_the_same_again() -> None:
    """One network, seed 0, its first two epochs; another processor may round otherwise."""
    row = int(LIVE[50])
    with_fewest = min((TABLE.architecture(i) for i in range(729)
                       if (TABLE.curves("train_loss")[i] == TABLE.curves("train_loss")[row]).all()),
                      key=lambda one: TABLE.foresee(one)["parameter_count"])
    evaluation = training(0).for_space(SPACE).evaluate(with_fewest)
    for epoch in range(2):
        measured = next(evaluation).values
        assert measured["validation_loss"] == pytest.approx(TABLE.curves("validation_loss")[row, 0, epoch], rel=0.05)


def test_a_cell_without_a_path_learns_nothing() -> None:
    dead = Architecture(dict.fromkeys(TABLE.architecture(0), "none"))
    assert TABLE.column("test_error")[TABLE.index(dead)] > 85
    assert (TABLE.column("test_error")[LIVE] < 60).all()


def test_one_training_ranks_networks_better_than_chance_and_the_mean_of_all_ranks_them_well() -> None:
    """Kendall's tau-b over the 98 networks with a path; what was measured stands in data/README.md."""
    errors, losses = (TABLE.curves(name)[LIVE, :, -1] for name in ("validation_error", "validation_loss"))
    truth = TABLE.column("test_error")[LIVE]
    assert np.mean([tau(errors[:, i], errors[:, j]) for i, j in SEED_PAIRS]) > 0.2
    assert np.mean([tau(losses[:, i], losses[:, j]) for i, j in SEED_PAIRS]) > 0.35
    assert min(tau(errors[:, i], truth) for i in SEEDS) > 0.35
    assert tau(errors.mean(axis=1), truth) > 0.7


def test_networks_differ_by_more_than_chance() -> None:
    """The variance of means over seeds, less what the seeds' own variance puts into it, is most of it."""
    bundled = arrays("digits_cells")["test_error"][1:].astype(float)          # row 0 is the network without a path
    means, noise = bundled.mean(axis=1).var(ddof=1), bundled.var(axis=1, ddof=1).mean() / TABLE.seeds
    assert 1 - noise / means > 0.8


def test_later_epochs_say_more_of_the_end_than_early_ones() -> None:
    curves = TABLE.curves("validation_error")[LIVE]
    agreement = [np.mean([tau(curves[:, i, epoch], curves[:, i, -1]) for i in SEEDS]) for epoch in (0, 2, 5, 7)]
    assert agreement == sorted(agreement)
    assert agreement[0] < 0.2 < agreement[1] < 0.5 < agreement[2]


def test_wrong_questions_are_answered_in_words() -> None:
    with pytest.raises(InvalidOption, match="seed must be one of 0 to"):
        DigitsCells(seed=99)
    with pytest.raises(InvalidMetric, match="does not measure 'test_eror'; did you mean 'test_error'"):
        TABLE.column("test_eror")
    with pytest.raises(InvalidMetric, match="does not measure 'macs'"):
        TABLE.curves("macs")
    with pytest.raises(InvalidArchitecture, match="architectures 0 to 728, got 729"):
        TABLE.architecture(729)
    with pytest.raises(InvalidArchitecture, match=r"the table holds the architectures of spaces\.load"):
        TABLE.index(Architecture({"cell/0→1": "skip"}))


@pytest.mark.parametrize(("other", "words"), [
    (nas_bench_201(), "'nas_bench_201' offers 'conv_1x1' on cell/0→1; the table holds none, skip, conv_3x3"),
    (replace(SPACE, channels=16), "network of 'digits_cells' differs"),
    (load("digits_cells", resolution=28), "network of 'digits_cells' differs"),
])
def test_a_space_that_the_table_does_not_hold_is_refused(other: SearchSpace, words: str) -> None:
    with pytest.raises(InvalidSpace, match=words):
        TABLE.check_space(other)


def test_a_space_that_offers_less_is_held_as_well() -> None:
    TABLE.check_space(SPACE.edit("cell", lambda cell: cell.edge("0", "1", choice("skip", op("conv", kernel=3)))))
