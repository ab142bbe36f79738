"""Random sampling: every option is trained alike, and the evolution at the end searches the finished weights."""

from __future__ import annotations

from collections import Counter

import pytest
import torch
from scipy.stats import chisquare

from nas_explorer.errors import InvalidOption
from nas_explorer.one_shot import RandomSampling
from nas_explorer.one_shot.protocol import Progress, Scored
from nas_explorer.spaces import sample
from tests.one_shot.toys import BEST, looks, sharing


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.mark.parametrize("sampling", ["fair", "uniform"])
def test_no_option_is_favoured_while_the_weights_learn(sampling: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the three options of 600 training steps: alike when they take turns, else chi-square, seed 0, p > 0.001."""
    run = RandomSampling(watched=0).begin(looks(), sharing(200, sampling=sampling), 0)
    seen: Counter[object] = Counter()

    def train(path: object, batch: object) -> float:
        seen[path["in→look"]] += 1                                                                     # type: ignore[index]
        return 1.0

    monkeypatch.setattr(run.learner, "train", train)
    while run.learner.epochs_done < 200:
        list(run.epoch())
    assert sum(seen.values()) == 600
    assert chisquare(list(seen.values())).pvalue > 0.001
    assert (set(seen.values()) == {200}) == (sampling == "fair")


def test_it_finds_the_one_architecture_that_can_learn() -> None:
    run = RandomSampling(trials=20, population_size=8, tournament_size=3).begin(looks(), sharing(20), 0)
    while not run.finished:
        last = list(run.epoch())
    scored = [item for item in last if isinstance(item, Scored)]
    assert len(scored) == 20
    assert isinstance(last[-1], Progress)
    assert last[-1].architecture == BEST
    assert last[-1].values["validation_loss"] == min(item.values["validation_loss"] for item in scored)
    assert last[-1].values["validation_error"] < 15


def test_the_evolution_trains_no_weight() -> None:
    run = RandomSampling(trials=6, population_size=3, tournament_size=2).begin(looks(), sharing(1), 0)
    list(run.epoch())
    before = [p.detach().clone() for p in run.learner.network.parameters()]
    list(run.epoch())
    assert run.finished
    assert all(torch.equal(a, b) for a, b in zip(before, run.learner.network.parameters(), strict=True))


def test_a_tournament_larger_than_the_population_is_refused() -> None:
    with pytest.raises(InvalidOption, match="tournament_size must be at most population_size, got tournament_size=9, population_size=8"):
        RandomSampling(population_size=8, tournament_size=9)


def test_what_it_cannot_choose_by_is_refused() -> None:
    with pytest.raises(InvalidOption, match="choose_by must be one of loss, error, got 'accuracy'"):
        RandomSampling(choose_by="accuracy")                                                           # type: ignore[arg-type]


def test_watching_does_not_change_the_weights() -> None:
    watched, alone = (RandomSampling(watched=count).begin(looks(), sharing(1), 0) for count in (3, 0))
    list(watched.epoch())
    list(alone.epoch())
    import numpy as np

    architecture = sample(looks(), np.random.default_rng(0))
    assert watched.score(architecture) == alone.score(architecture)
