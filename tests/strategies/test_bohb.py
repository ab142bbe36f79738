"""BOHB's densities against their definition, and what it proposes against what it knows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import chisquare

from nas_explorer.errors import InvalidOption
from nas_explorer.records import Trial, metric
from nas_explorer.spaces import Codec, chain, nas_bench_201
from nas_explorer.strategies import CATALOG, Problem
from nas_explorer.strategies.bohb import Bohb, DensityDraws
from nas_explorer.strategies.option_density import OptionDensity

ERROR = (metric("validation_error"),)
WIDTHS = np.array([3, 2, 4])
ALL = np.array(list(itertools.product(range(3), range(2), range(4))))


def density(rows: list[tuple[int, ...]], least: float = 1e-3) -> OptionDensity:
    return OptionDensity(np.array(rows), WIDTHS, least, np.random.default_rng(0))


def test_a_density_sums_to_one_over_all_there_is() -> None:
    assert density([(0, 1, 3), (2, 1, 0), (0, 0, 3)]).at(ALL).sum() == pytest.approx(1, abs=1e-12)


def test_a_density_is_the_mean_of_the_products_of_kernels() -> None:
    rows = [(0, 1, 3), (2, 1, 0)]
    found = density(rows)
    spread = 1.06 * np.std(rows, axis=0) * 2 ** (-1 / 7)
    move = np.minimum(np.maximum(spread, 1e-3), 1 - 1 / WIDTHS)
    np.testing.assert_allclose(found.move, move)
    at = (0, 1, 0)
    expected = np.mean([np.prod([1 - m if r == a else m / (w - 1) for m, r, a, w in zip(move, row, at, WIDTHS, strict=True)])
                        for row in rows])
    assert found.at(np.array([at]))[0] == pytest.approx(expected)


def test_where_all_rows_agree_the_least_bandwidth_keeps_a_way_out() -> None:
    found = density([(1, 1, 1)] * 5, least=0.2)
    np.testing.assert_allclose(found.move, 0.2)
    assert found.at(np.array([[1, 1, 1]]))[0] == pytest.approx(0.8 ** 3)


def test_draws_keep_an_option_or_move_evenly() -> None:
    """Chi-squared of 20,000 draws around one row, seed 1."""
    found = density([(0, 1, 3)] * 4, least=0.3)
    drawn = found.sample(20_000, np.random.default_rng(1))[:, 2]
    expected = 20_000 * np.array([0.075, 0.075, 0.075, 0.775])
    assert chisquare(np.bincount(drawn, minlength=4), expected).pvalue > 1e-4


def test_what_is_not_active_takes_what_other_rows_have_there() -> None:
    found = density([(0, -1, 3), (2, 1, 0), (0, 1, -1)])
    assert found.rows[0, 1] == 1
    assert found.rows[2, 2] in (0, 3)
    assert (density([(0, -1, 3), (1, -1, 2)]).rows >= 0).all()


def told(settings: Bohb, count: int, seed: int = 0) -> DensityDraws:
    """Good where the first edge is a 3x3 convolution."""
    draws = DensityDraws(settings, Problem(nas_bench_201(), ERROR, seed))
    for row in Codec(nas_bench_201()).sample(count, np.random.default_rng(seed)):
        draws.learn(draws.codec.decode(row), 1.0, 0.0 if row[0] == 3 else 1.0)
    return draws


def test_it_draws_what_good_trials_have() -> None:
    draws = told(Bohb(random_fraction=0.0), 100)
    share = np.mean([draws.draw()["cell/0→1"] == "conv_3x3" for _ in range(200)])
    assert share > 0.9


def test_until_there_are_enough_trials_it_draws_at_random() -> None:
    """Seven good ones and seven others are the least for six decisions."""
    assert told(Bohb(), 13)._fit() is None
    assert told(Bohb(), 14)._fit() is not None


def test_the_longest_training_with_enough_trials_counts() -> None:
    draws = told(Bohb(random_fraction=0.0), 20)
    for row in Codec(nas_bench_201()).sample(50, np.random.default_rng(9)):
        draws.learn(draws.codec.decode(row), 1 / 3, 0.0 if row[0] == 1 else 1.0)
    good, others = draws._fit() or (None, None)
    assert good is not None
    assert len(good.rows) == 7
    assert others is not None
    assert len(others.rows) == 13


def test_random_fraction_one_is_random() -> None:
    draws = told(Bohb(random_fraction=1.0), 100)
    assert 0.1 < np.mean([draws.draw()["cell/0→1"] == "conv_3x3" for _ in range(300)]) < 0.3


def test_conditional_decisions_and_failures_are_learned_from() -> None:
    space = chain()
    proposer = Bohb(random_fraction=0.0).begin(Problem(space, ERROR, 3))
    for number in range(120):
        architecture = proposer.ask()
        values = {} if number % 7 == 0 else {"validation_error": float(len(architecture))}
        proposer.tell(Trial(number, architecture, "finished" if values else "failed", values))
    assert isinstance(proposer.sampler, DensityDraws)
    assert proposer.sampler._fit() is not None


def test_the_preset_is_that_of_the_benchmark() -> None:
    preset = CATALOG.make("bohb_nas_bench_201")
    assert preset == Bohb(samples=4, random_fraction=0.0, least_bandwidth=0.3)
    assert CATALOG.describe("bohb_nas_bench_201").summary.startswith("BOHB with the settings that NAS-Bench-201")


@pytest.mark.parametrize(("options", "message"), [
    ({"eta": 1}, "eta must be a whole number of at least 2"), ({"samples": 0}, "samples must be a whole number"),
    ({"top_percent": 100}, "top_percent must be a number above 0 and below 100"), ({"random_fraction": 1.5}, "from 0 to 1"),
    ({"least_bandwidth": 0}, "least_bandwidth must be a number above 0 and below 1"), ({"rungs": 0}, "rungs must be"),
])
def test_settings_out_of_range_are_refused(options: dict[str, float], message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        Bohb(**options)  # type: ignore[arg-type]
