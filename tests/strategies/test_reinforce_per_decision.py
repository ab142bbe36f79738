"""REINFORCE with one softmax a decision, against the authors' own loop written again in torch."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.distributions import Categorical

from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.tabular import Tabular
from nas_explorer.records import Trial, metric
from nas_explorer.spaces import Constraint, chain, load, nas_bench_201, to_indices
from nas_explorer.spaces.rules import holds
from nas_explorer.strategies import Problem, ReinforcePerDecision
from nas_explorer.strategies.reinforce_per_decision import PerDecisionProposer
from tests.toys import on, switches

ERROR, ACCURACY = (metric("validation_error"),), (metric("validation_accuracy"),)


def begin(settings: ReinforcePerDecision, space_name: str = "nas_bench_201", seed: int = 0) -> PerDecisionProposer:
    return settings.begin(Problem(load(space_name), ACCURACY, seed))


def test_its_logits_are_those_of_the_authors_loop() -> None:
    """Their update in torch, fed with the same architectures and rewards: equal to 1e-12 after 200 steps of float64."""
    proposer, rng = begin(ReinforcePerDecision(0.05, 0.9), seed=4), np.random.default_rng(0)
    logits = torch.nn.Parameter(torch.from_numpy(proposer.logits.reshape(6, 5).copy()))
    optimizer = torch.optim.Adam([logits], lr=0.05)
    numerator = denominator = 0.0
    for number in range(200):
        architecture = proposer.ask()
        action = torch.tensor(to_indices(proposer.space, architecture))
        reward = float(rng.normal(80, 10))
        proposer.tell(Trial(number, architecture, "finished", {"validation_accuracy": reward}))
        numerator, denominator = 0.9 * numerator + 0.1 * reward, 0.9 * denominator + 0.1
        log_prob = Categorical(logits.softmax(dim=-1)).log_prob(action)
        optimizer.zero_grad()
        (-log_prob * (reward - numerator / denominator)).sum().backward()
        optimizer.step()
    assert np.abs(proposer.logits.reshape(6, 5) - logits.detach().numpy()).max() < 1e-12
    assert np.abs(proposer.logits).max() > 0.5


def test_options_are_drawn_as_often_as_their_softmax_says() -> None:
    """6 sigma, 4,000 draws, seed 0."""
    proposer = begin(ReinforcePerDecision())
    proposer.logits[:5] = [0.0, 1.0, 2.0, -1.0, -30.0]
    p = proposer.probabilities(0)
    seen = np.bincount([proposer._draw()[0] for _ in range(4000)], minlength=5)
    assert p.sum() == pytest.approx(1, abs=1e-12)
    assert (np.abs(seen - 4000 * p) <= 6 * np.sqrt(4000 * p * (1 - p)) + 1e-6).all()


def test_a_decision_that_is_not_active_learns_nothing() -> None:
    proposer = begin(ReinforcePerDecision(), "chain")
    chosen = to_indices(chain(), proposer.ask())
    gradient = proposer.gradient(chosen)
    assert -1 in chosen
    for decision, option in enumerate(chosen):
        part = gradient[proposer.starts[decision]:proposer.starts[decision + 1]]
        assert part.sum() == pytest.approx(0, abs=1e-12)
        assert (np.abs(part).max() > 0) == (option >= 0)


def test_it_learns_to_switch_on_and_failures_are_learned_as_the_worst() -> None:
    """With a learning rate of 0.1; whatever has its first switch on fails, of the others those with more switches on are better."""
    proposer = ReinforcePerDecision(learning_rate=0.1).begin(Problem(switches(6), ERROR, 1))
    last = []
    for number in range(400):
        architecture = proposer.ask()
        last.append((architecture["layer0.op"] == "conv_3x3", on(architecture)))
        values = {} if last[-1][0] else {"validation_error": 100.0 - 10 * on(architecture)}
        proposer.tell(Trial(number, architecture, "failed" if last[-1][0] else "finished", values))
    assert sum(failed for failed, _ in last[-40:]) < 6
    assert np.mean([count for _, count in last[-40:]]) > 4


def test_on_nas_bench_201_its_proposals_become_better_than_random_ones() -> None:
    """300 trials: the mean validation error of the last 50 is well below that of the first 50; 2 seeds."""
    table = Tabular().measuring(("validation_accuracy",))
    for seed in (0, 1):
        proposer, seen = begin(ReinforcePerDecision(), seed=seed), []
        for number in range(300):
            architecture = proposer.ask()
            (measured,) = table.evaluate(architecture)
            seen.append(measured.values["validation_accuracy"])
            proposer.tell(Trial(number, architecture, "finished", measured.values))
        assert np.mean(seen[-50:]) > np.mean(seen[:50]) + 5


def test_constraints_hold_by_chance_where_it_draws_nothing_that_obeys_them() -> None:
    space = load("nas_bench_101", vertices=5, max_edges=4)
    proposer = ReinforcePerDecision().begin(Problem(space, ERROR))
    proposer.logits[:] = [10.0 * (i - start) for start, stop in zip(proposer.starts, proposer.starts[1:], strict=False)
                          for i in range(start, stop)]                           # every optional edge on
    assert space.constraints == (Constraint("max_edges", 4, "cell"),)
    assert holds(space, to_indices(space, proposer.ask()))


@pytest.mark.parametrize(("options", "message"), [
    ({"learning_rate": -1}, "learning_rate must be a number above 0, got -1"),
    ({"learning_rate": math.inf}, "learning_rate must be a number above 0, got inf"),
    ({"baseline_decay": 1}, "baseline_decay must be a number of at least 0 and below 1, got 1"),
])
def test_settings_out_of_range_are_refused(options: dict[str, float], message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        ReinforcePerDecision(**options)


def test_it_begins_undecided() -> None:
    proposer = begin(ReinforcePerDecision())
    for i in range(len(proposer.decisions)):
        assert proposer.probabilities(i) == pytest.approx(np.full(5, 0.2), abs=2e-3)
    assert nas_bench_201() == proposer.space
