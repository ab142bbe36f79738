"""A warm start by what is known before anything is trained: the estimator's own columns, or proxies of untrained networks."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import nas_explorer as nas
from nas_explorer import cli
from nas_explorer.errors import InvalidArchitecture, InvalidOption, InvalidSpace, UnknownName
from nas_explorer.estimators.digits_cells import DigitsCells
from nas_explorer.estimators.early_stopping import EarlyStopping
from nas_explorer.estimators.own_table import from_table
from nas_explorer.estimators.tabular import Tabular
from nas_explorer.estimators.training import Training
from nas_explorer.estimators.zero_cost import ZeroCost
from nas_explorer.search.foresight import Foresight
from nas_explorer.spaces import Architecture, SearchSpace, enumerate_architectures, load, sample
from nas_explorer.strategies.protocol import Problem
from nas_explorer.strategies.warm_start import WarmStart
from tests.toys import switches

CELLS = load("digits_cells")


def searched(space: SearchSpace, strategy: WarmStart, estimator: Any, folder: Path, trials: int) -> list[Architecture]:
    search = nas.Search(space, strategy, estimator, budget=trials, run=folder)
    for _ in search.events():
        pass
    return [trial.architecture for trial in search.history.trials()]


def best_of_the_pool(space: SearchSpace, task: str, proxy: str, pool: int, first: int) -> list[Architecture]:
    """By the estimator of proxies itself, on the same draws."""
    look, rng = ZeroCost((proxy,), task).for_space(space), np.random.default_rng([0, 1])
    drawn = list(dict.fromkeys(sample(space, rng) for _ in range(pool)))
    scores = [next(iter(look.evaluate(architecture))).values[proxy] for architecture in drawn]
    return [drawn[i] for i in sorted(range(len(drawn)), key=lambda i: -scores[i])[:first]]


def test_a_proxy_looks_at_what_the_search_trains_for(folder: Path) -> None:
    found = searched(CELLS, WarmStart(score="snip", pool=10, first=3), DigitsCells(), folder, 5)
    assert found[:3] == best_of_the_pool(CELLS, "digits", "snip", 10, 3)
    one = sample(CELLS, np.random.default_rng(4))
    (there,) = ZeroCost(("snip",), "fashion_mnist").for_space(CELLS).evaluate(one)
    training = EarlyStopping(Training("fashion_mnist", epochs=2)).for_space(CELLS)
    assert Foresight(CELLS, training).scores("snip", "", [one]) == [there.values["snip"]]


def test_on_a_table_it_looks_at_the_digits_or_at_the_task_that_is_named(folder: Path, tmp_path: Path) -> None:
    space = load("nas_bench_201")
    warm = WarmStart(score="synflow", pool=4, first=2)
    assert searched(space, warm, Tabular(), folder, 3)[:2] == best_of_the_pool(space, "digits", "synflow", 4, 2)
    named = WarmStart(score="synflow", pool=4, first=2, task="fashion_mnist")
    assert searched(space, named, Tabular(), tmp_path / "named", 2) == best_of_the_pool(space, "fashion_mnist", "synflow", 4, 2)


def test_a_search_that_was_left_looks_again_and_goes_on(folder: Path, tmp_path: Path) -> None:
    warm = WarmStart(score="naswot", pool=8, first=4)
    whole = searched(CELLS, warm, DigitsCells(), tmp_path / "whole", 7)
    for event in nas.Search(CELLS, warm, DigitsCells(), budget=7, run=folder).events():
        if event.number == 20:
            break
    again = nas.open(folder)
    for _ in again.events():
        pass
    assert [trial.architecture for trial in again.history.trials()] == whole


def test_what_naswot_likes_is_better_than_what_is_drawn() -> None:
    """The true error of the first six of a pool of 15 against that of the others, three times."""
    truth, foresight, errors = DigitsCells(), Foresight(CELLS, DigitsCells()), []
    for seed in range(3):
        proposer = WarmStart(score="naswot", pool=15, first=15).begin(Problem(CELLS, truth.metrics[:1], seed, foresight))
        errors.append([truth.column("test_error")[truth.index(one)] for one, _ in proposer.first])
    assert np.mean([of_one[:6] for of_one in errors]) < np.mean([of_one[6:] for of_one in errors]) - 1


def table(**columns: Any) -> pd.DataFrame:
    rows = [dict(architecture) for architecture in enumerate_architectures(switches(3))]
    return pd.DataFrame(rows).assign(validation_error=np.arange(8.0), **columns)


def test_a_column_of_ones_own_table_is_looked_up_there_and_its_direction_counts(folder: Path, tmp_path: Path) -> None:
    data = table(synflow=[3.0, 1, 4, 1.5, 9, 2, 6, 5], one_epoch_loss=[3.0, 1, 4, 1.5, 9, 2, 6, 5])
    own = from_table(data, switches(3), {"synflow": "max", "one_epoch_loss": "min"}, known=["synflow", "one_epoch_loss"])
    most = searched(switches(3), WarmStart(score="synflow", pool=200, first=3), own, folder, 3)
    least = searched(switches(3), WarmStart(score="one_epoch_loss", pool=200, first=3), own, tmp_path / "least", 3)
    assert [own.index(architecture) for architecture in most] == [4, 6, 7]
    assert [own.index(architecture) for architecture in least] == [1, 3, 5]


def test_a_race_looks_at_every_network_once_for_all_its_searches(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Architecture] = []
    evaluate = ZeroCost.evaluate
    monkeypatch.setattr(ZeroCost, "evaluate", lambda self, one: looks.append(one) or evaluate(self, one))
    race = nas.Race({"warm": WarmStart(score="snip", pool=6, first=2)}, CELLS, DigitsCells(), 3, seeds=3, run=folder)
    for _ in race.events():
        pass
    assert 6 <= len(looks) == len(set(looks)) <= 18
    assert race.history.lanes["warm"].spent["trials"].tolist() == [3, 3, 3]


def test_it_works_by_name_from_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["race", "--space", "digits_cells", "--estimator", "digits_cells", "--strategy", "warm_start:score=naswot,pool=4,first=2",
             "--trials", "3", "--seeds", "2", "--json"]
    assert cli.main(words) == 0
    assert '"warm_start"' in capsys.readouterr().out


@pytest.mark.parametrize(("options", "error", "words"), [
    ({"score": "synflo"}, InvalidOption, r"no score 'synflo' that costs no training; the estimator foresees parameter_count, macs, "
                                         r"latency_ms; of proxies, .*did you mean 'synflow'\?"),
    ({"score": "latency_ms", "task": "digits"}, InvalidOption, "latency_ms is known of every architecture here, without looking at a task"),
    ({"score": "synflow", "task": "digit"}, UnknownName, "there is no task 'digit'; did you mean 'digits'"),
    ({"score": "synflow", "task": "breast_cancer"}, InvalidSpace, "the task 'breast_cancer' has rows of 30 numbers"),
    ({"score": "synflow", "task": "tiny_shakespeare"}, InvalidOption, "zero-cost proxies are defined for networks that read numbers"),
])
def test_what_cannot_be_looked_at_is_told_before_the_search(options: dict[str, str], error: type[Exception], words: str) -> None:
    problem = Problem(CELLS, DigitsCells().metrics[:1], 0, Foresight(CELLS, DigitsCells()))
    with pytest.raises(error, match=words):
        WarmStart(**options).begin(problem)  # type: ignore[arg-type]


def test_without_a_search_nobody_looks_at_networks() -> None:
    with pytest.raises(InvalidOption, match="only a search or a race can look at untrained networks for the score 'naswot'"):
        WarmStart(score="naswot").begin(Problem(CELLS, DigitsCells().metrics[:1]))


def test_what_a_proxy_has_no_value_for_comes_last() -> None:
    """On this batch all ReLUs of some networks switch alike, so that naswot has no logarithm to take."""
    foresight, cells = Foresight(CELLS, DigitsCells()), list(enumerate_architectures(CELLS))[:40]
    scores = foresight.scores("naswot", "", cells)
    without = [i for i, score in enumerate(scores) if math.isnan(score)]
    assert 0 < len(without) < 40
    with pytest.raises(InvalidArchitecture):
        list(ZeroCost(("naswot",)).for_space(CELLS).evaluate(cells[without[0]]))
