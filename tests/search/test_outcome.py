"""Out with the best: a search hands out its network, fresh or trained from scratch, and says what it is worth on the test part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import nas_explorer as nas
from nas_explorer.errors import InvalidOption, RunError
from nas_explorer.models import count_parameters
from nas_explorer.search.search import Search

ONE_EPOCH = {"name": "training", "options": {"epochs": 1, "seed": 5}}


def made(folder: Path, estimator: Any, trials: int = 2, space: str = "digits_cells") -> Search:
    search = Search(space, "random_search", estimator, budget=trials, seed=3, run=folder)
    for _ in search.events():
        pass
    return search


def test_the_best_network_is_built_with_fresh_weights(folder: Path) -> None:
    search = made(folder, nas.estimators.Training("digits", epochs=1))
    network = search.build(seed=0)
    assert count_parameters(network) == search.best.values["parameter_count"]
    assert network(torch.zeros(2, 1, 8, 8)).shape == (2, 10)
    other = search.build(0 if search.best.number else 1)
    assert count_parameters(other) == search.trials["parameter_count"][0 if search.best.number else 1]
    assert search.build(dict(search.best.architecture), seed=0).state_dict().keys() == network.state_dict().keys()


def test_training_it_again_as_the_search_did_gives_the_same_numbers_and_then_a_test_score(folder: Path) -> None:
    search = made(folder, nas.estimators.EarlyStopping(ONE_EPOCH))
    again = search.retrain()
    assert again.test == {}
    (seen,) = list(again)
    assert seen.values["validation_error"] == search.best.values["validation_error"]
    task = again.training.data
    with torch.no_grad():
        answers = again.network.eval()(torch.tensor(task.test.inputs)).argmax(dim=1).numpy()
    assert again.test["test_error"] == pytest.approx(100 * np.mean(answers != task.test.targets))


def test_a_curve_that_was_left_goes_on_where_it_was(folder: Path) -> None:
    search = made(folder, nas.estimators.Training("digits", epochs=1), trials=1)
    again, whole = search.retrain(epochs=3, seed=1), search.retrain(epochs=3, seed=1)
    for seen in again:
        if seen.step == 2:
            break
    assert [seen.step for seen in again] == [3]
    assert [seen.values["train_loss"] for seen in again.curve] == [seen.values["train_loss"] for seen in whole]
    assert again.test == whole.test


def test_a_winner_on_a_table_is_trained_on_what_is_named(folder: Path) -> None:
    search = made(folder, "tabular", space="nas_bench_201")
    with pytest.raises(InvalidOption, match=r"Tabular trains no network, so nothing says what this one is to learn; give a task"):
        search.retrain()
    assert search.build()(torch.zeros(1, 3, 32, 32)).shape == (1, 10)
    again = search.retrain(task="digits", epochs=1)
    assert again.epochs == 1
    assert again.network(torch.zeros(2, 1, 8, 8)).shape == (2, 10)


def test_what_cannot_be_handed_out_is_said(folder: Path) -> None:
    search = Search("digits_cells", "random_search", "training", budget=2, run=folder)
    with pytest.raises(RunError, match="no trial has finished yet, so there is no best one"):
        search.build()
    search = made(folder, "tabular", space="nas_bench_201")
    with pytest.raises(InvalidOption, match="trial must be a number from 0 to 1, got 9"):
        search.build(9)
