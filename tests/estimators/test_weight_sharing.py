"""The estimator that shares weights: settings, and a strategy that asks and tells on weights trained once."""

from __future__ import annotations

import pytest
import torch

from nas_explorer.errors import InvalidOption, InvalidSpace
from nas_explorer.estimators import WeightSharing
from nas_explorer.estimators.loops import shared_learner
from nas_explorer.records import metric
from nas_explorer.search.search import Search
from nas_explorer.spaces import cost, enumerate_architectures, load
from tests.one_shot.toys import BEST, SMALL, looks, sharing, stripes


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def test_any_strategy_searches_on_weights_that_are_trained_once(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = []
    whole = shared_learner.SharedLearner.train_uniformly
    monkeypatch.setattr(shared_learner.SharedLearner, "train_uniformly", lambda self: trained.append(1) or whole(self))
    estimator = WeightSharing(stripes(), 30, SMALL, seed=11)
    search = Search(looks(), "regularized_evolution", estimator, budget=60, run=f"{tmp_path}/run")
    for _ in search.events():
        pass
    assert len(trained) == 30
    assert search.best is not None
    assert search.best.architecture == BEST
    assert search.best.values["validation_error"] < 15


def test_values_are_what_the_metrics_promise() -> None:
    estimator = sharing(1)
    values = estimator.values(estimator.learner(), BEST)
    assert list(values) == [m.name for m in estimator.metrics]
    exact = cost(looks(), BEST)
    assert (values["parameter_count"], values["macs"]) == (exact.parameter_count, exact.macs)


def test_the_same_seed_gives_the_same_weights_and_the_search_has_a_say() -> None:
    scores = [sharing(seed=seed).learner(of_search).score(BEST)["loss"] for seed, of_search in ((0, 0), (0, 0), (1, 0), (0, 1))]
    assert scores[0] == scores[1]
    assert len(set(scores)) == 3


def test_every_architecture_can_be_scored() -> None:
    learner = sharing(1).learner()
    for architecture in enumerate_architectures(looks()):
        assert 0 <= learner.score(architecture)["error"] <= 100


def test_for_text_bits_a_character_come_first() -> None:
    assert WeightSharing("tiny_shakespeare").metrics[0].name == "validation_bits_per_character"
    assert WeightSharing("digits").metrics[0] == metric("validation_error")


@pytest.mark.parametrize(("option", "value", "message"), [
    ("batch_norm", "eval", r"batch_norm must be one of batch, running, refit, got 'eval'"),
    ("train_share", 1.0, r"train_share must be a number above 0 and below 1, got 1\.0"),
    ("epochs", 0, r"epochs must be a whole number"), ("sampling", "strict", r"sampling must be one of fair, uniform, got 'strict'"),
])
def test_options_out_of_range_are_refused(option: str, value: object, message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        WeightSharing(**{option: value})                                                               # type: ignore[arg-type]


def test_it_must_know_its_space_and_the_space_must_fit_the_task() -> None:
    with pytest.raises(InvalidOption, match=r"WeightSharing\(\.\.\.\)\.for_space\(space\); a search does this by itself"):
        WeightSharing().learner()
    with pytest.raises(InvalidSpace, match=r"networks of 'tabular_mlp' read rows of numbers"):
        WeightSharing("digits").for_space(load("tabular_mlp"))
