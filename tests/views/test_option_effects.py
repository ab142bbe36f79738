"""The effect of each option against numpy's own medians, and the interval against how often it holds the truth."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest

from nas_explorer.records import History, metric
from nas_explorer.spaces import Architecture, sample
from nas_explorer.views.option_codes import option_codes, still_fit
from nas_explorer.views.option_effects import FEWEST, interval_rank, option_effects
from tests.toys import story, switches

SPACE = switches(4)
ERROR = metric("validation_error")


def lived(count: int, seed: int = 0, name: str = "validation_error", layers: int = 4, whole: bool = True) -> History:
    """Random trials with normal values."""
    rng, space = np.random.default_rng(seed), switches(layers)
    architectures = [sample(space, rng) for _ in range(count)]
    if not whole:
        architectures = [Architecture(dict(a)) for a in architectures]
    history = History([metric(name)])
    for event in story(architectures, [{name: float(v)} for v in rng.normal(50, 5, count)]):
        history.apply(event)
    return history


def test_a_difference_is_the_median_of_the_trials_with_the_option_less_that_of_all() -> None:
    history = lived(101)
    found = option_effects(history, SPACE)
    values = history.column("validation_error")
    assert (found.trials, found.median) == (101, pytest.approx(np.median(values)))
    for effects in found.decisions:
        for at, option in enumerate(effects.options):
            has = np.array([history.architecture(t)[effects.decision] == option for t in range(101)])
            assert effects.count[at] == has.sum()
            assert effects.difference[at] == pytest.approx(np.median(values[has]) - np.median(values))
            assert effects.low[at] <= effects.difference[at] <= effects.high[at]
            assert values[effects.best[at]] == values[has].min()


def test_the_best_of_what_is_to_be_large_is_the_largest() -> None:
    history = lived(40, name="validation_accuracy")
    effects = option_effects(history, SPACE).decisions[0]
    values = history.column("validation_accuracy")
    has = [t for t in range(40) if history.architecture(t)[effects.decision] == effects.options[1]]
    assert effects.best[1] == max(has, key=lambda t: values[t])


def test_the_interval_holds_the_true_median_at_least_19_times_of_20() -> None:
    rng, count, runs = np.random.default_rng(1), 25, 4000
    samples = np.sort(rng.exponential(1.0, (runs, count)), axis=1)
    outside = interval_rank(count)
    held = (samples[:, outside] <= np.log(2)) & (np.log(2) <= samples[:, count - 1 - outside])
    assert held.mean() > 0.95 - 3 * np.sqrt(0.05 * 0.95 / runs)  # 3 sigma


def test_the_ranks_from_400_trials_on_go_on_where_the_exact_ones_end() -> None:
    ranks = [interval_rank(count) for count in range(FEWEST, 500)]
    assert all(0 <= after - before <= 1 for before, after in itertools.pairwise(ranks))


def test_fewer_than_six_trials_have_no_interval_and_none_no_difference() -> None:
    architectures = [Architecture({f"layer{i}.op": "skip" for i in range(4)})] * 5
    history = History([ERROR])
    for event in story(architectures, [{"validation_error": float(v)} for v in range(5)]):
        history.apply(event)
    effects = option_effects(history, SPACE).decisions[0]
    assert effects.count.tolist() == [5, 0]
    assert effects.difference[0] == 0.0
    assert np.isnan([effects.low[0], effects.high[0], effects.difference[1]]).all()
    assert effects.best.tolist() == [0, -1]


def test_before_the_first_trial_nothing_is_known() -> None:
    found = option_effects(lived(0), SPACE)
    assert found.trials == 0
    assert np.isnan(found.median)
    assert all(effects.count.sum() == 0 for effects in found.decisions)


def test_codes_grow_with_the_history_and_do_not_ask_how_an_architecture_was_made() -> None:
    history = lived(30)
    early = option_codes(history, SPACE)[:10]
    assert (option_codes(history, SPACE, early) == option_codes(history, SPACE)).all()
    assert (option_codes(lived(30, whole=False), SPACE) == option_codes(history, SPACE)).all()


def test_only_trials_that_take_what_is_left_still_fit() -> None:
    history = lived(60)
    codes = option_codes(history, SPACE)
    assert still_fit(codes, SPACE, {}).all()
    fit = still_fit(codes, SPACE, {"layer1.op": ("skip",)})
    assert fit.tolist() == [history.architecture(t)["layer1.op"] == "skip" for t in range(60)]


def test_ten_thousand_trials_of_thirty_decisions_take_less_than_30_ms() -> None:
    history, space = lived(10_000, layers=30), switches(30)
    codes = option_codes(history, space)
    took = []
    for _ in range(3):
        began = time.thread_time()
        option_effects(history, space, codes)
        took.append(time.thread_time() - began)
    assert min(took) < 0.030
