"""REINFORCE and its controller: probabilities and gradients against sums over all architectures, and what a search makes of them."""

from __future__ import annotations

import copy
import math
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.stats import chisquare
from torch import Tensor

from nas_explorer.errors import InvalidOption
from nas_explorer.records import Trial, metric
from nas_explorer.spaces import (
    Architecture,
    Constraint,
    Graph,
    SearchSpace,
    chain,
    choice,
    decisions,
    enumerate_architectures,
    enumerate_indices,
    load,
    op,
    optional,
    size,
    to_indices,
    values,
)
from nas_explorer.spaces.rules import holds
from nas_explorer.strategies import CATALOG, Problem, RandomSearch, Reinforce
from nas_explorer.strategies.controller import Controller, Rollouts
from nas_explorer.strategies.policy_gradient import PolicyGradient, policy_loss
from nas_explorer.strategies.priors import Prior
from nas_explorer.strategies.reinforce import ReinforceProposer
from tests.spaces.random_spaces import random_space
from tests.toys import on, switches

ERROR = (metric("validation_error"),)


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def conditional_space() -> SearchSpace:
    """3 widths, and one layer or two, each of which chooses its operation, and a kernel if it is a convolution: 3 * (3 + 9) = 36."""
    layer = choice(op("conv", kernel=values(3, 5)), "skip")
    network = (Graph().input("image").node("stem", ["image"], op=op("conv", channels="C"))
               .node("layers", ["stem"], op=layer, repeat=values(1, 2), shared=False))
    return SearchSpace("conditional", network, channels=values(4, 8, 12), resolution=8)


def every_row(space: SearchSpace) -> Tensor:
    return torch.tensor(list(enumerate_indices(space)))


def controller(space: SearchSpace, seed: int = 0, scale: float = 0.6) -> Controller:
    """One that is far from uniform."""
    return Controller(space, hidden=6, layers=2, temperature=1.5, tanh_constant=2.5, scale=scale, seed=seed)


# ---- the distribution

@pytest.mark.parametrize("space", [conditional_space(), chain(), switches(6)], ids=lambda space: space.name)
def test_probabilities_of_all_architectures_sum_to_one(space: SearchSpace) -> None:
    with torch.no_grad():
        rollouts = controller(space).score(every_row(space))
    probabilities = rollouts.log_probs.exp()
    assert probabilities.sum().item() == pytest.approx(1, abs=1e-12)
    assert probabilities.max() > 3 * probabilities.min()


def test_probabilities_sum_to_one_in_random_drawings() -> None:
    """Repeats, picks, optional edges, decisions that hang on two others: 25 drawings of up to 2,000 architectures, seed 2."""
    rng = np.random.default_rng(2)
    conditional = 0
    for _ in range(25):
        space = random_space(rng)
        if size(space) > 2_000:
            continue
        conditional += any(decision.when for decision in decisions(space))
        with torch.no_grad():
            assert controller(space).score(every_row(space)).log_probs.exp().sum().item() == pytest.approx(1, abs=1e-12)
    assert conditional > 10


def test_the_mean_of_the_entropies_on_the_way_is_the_entropy_of_the_distribution() -> None:
    space = conditional_space()
    with torch.no_grad():
        rollouts = controller(space).score(every_row(space))
    probabilities = rollouts.log_probs.exp()
    assert (probabilities * rollouts.entropies).sum().item() == pytest.approx(-(probabilities * rollouts.log_probs).sum().item(), abs=1e-12)


def test_architectures_are_drawn_as_often_as_their_probabilities_say() -> None:
    """Chi-square over all 36 architectures, 20,000 draws, seed 1, p > 0.001."""
    space = conditional_space()
    policy, rows = controller(space), every_row(space)
    with torch.no_grad():
        expected = policy.score(rows).log_probs.exp() * 20_000
        drawn = Counter(map(tuple, policy.sample(20_000, torch.Generator().manual_seed(1)).rows.tolist()))
    assert len(rows) == 36
    assert chisquare([drawn[tuple(row)] for row in rows.tolist()], expected.numpy()).pvalue > 0.001


def test_what_was_drawn_has_the_log_probability_it_was_drawn_with_alone_or_in_a_batch() -> None:
    policy = controller(conditional_space())
    drawn = policy.sample(32, torch.Generator().manual_seed(2))
    assert torch.equal(policy.score(drawn.rows).log_probs, drawn.log_probs)
    alone = torch.cat([policy.score(row[None]).log_probs for row in drawn.rows])
    assert torch.allclose(alone, drawn.log_probs, atol=1e-12, rtol=0)


def test_rows_are_architectures_and_back() -> None:
    space = conditional_space()
    policy = controller(space)
    architectures = list(enumerate_architectures(space))
    assert policy.architectures(policy.rows_of(architectures)) == architectures
    assert policy.rows_of([]).shape == (0, len(decisions(space)))


def test_the_best_architecture_is_the_likeliest_option_step_by_step() -> None:
    space = switches(3)
    policy = controller(space)
    with torch.no_grad():
        probabilities = {tuple(row): p for row, p in zip(every_row(space).tolist(), policy.score(every_row(space)).log_probs.exp().tolist(),
                                                         strict=True)}
    expected: tuple[int, ...] = ()
    for _ in range(3):
        share = [sum(p for row, p in probabilities.items() if row[:len(expected) + 1] == (*expected, option)) for option in (0, 1)]
        expected += (share.index(max(share)),)
    assert tuple(policy.best().rows[0].tolist()) == expected


def test_temperature_and_tanh_bound_the_probabilities() -> None:
    """With t * tanh(l) no option of two is likelier than exp(2t) to 1; a high temperature makes all alike."""
    space = switches(4)
    bounded = Controller(space, hidden=8, tanh_constant=0.5, scale=3.0)
    p = bounded.sample(200, torch.Generator().manual_seed(0)).log_probs.exp()
    assert p.max() <= (math.e / (1 + math.e)) ** 4
    assert p.min() >= (1 / (1 + math.e)) ** 4
    cool = Controller(space, hidden=8, temperature=1e6, scale=3.0)
    assert torch.allclose(cool.score(every_row(space)).log_probs.exp(), torch.full((16,), 1 / 16, dtype=torch.float64), atol=1e-4)


def test_a_space_with_too_many_options_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nas_explorer.strategies.controller.MAX_OPTIONS", 11)
    with pytest.raises(InvalidOption, match="'switches' offers 12, more than 11; draw optional edges instead of large picks"):
        Controller(switches(6))


# ---- its gradient

def gradient(loss: Tensor, policy: Controller) -> Tensor:
    return torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(policy.parameters()), retain_graph=True)])


def rewards_of(rows: Tensor) -> Tensor:
    """Any function of the architecture."""
    weights = torch.arange(1, rows.shape[1] + 1, dtype=torch.float64).sqrt()
    return (rows * weights).sin().sum(dim=1)


@pytest.mark.parametrize("baseline", [0.0, 1.7])
def test_the_mean_of_sampled_gradients_is_the_enumerated_one(baseline: float) -> None:
    """Within 4 standard errors at every weight, over 200 batches of 16, whatever the baseline; seed 3."""
    space = conditional_space()
    policy, rows = controller(space), every_row(space)
    exact = gradient(-(policy.score(rows).log_probs.exp() * rewards_of(rows)).sum(), policy)
    generator = torch.Generator().manual_seed(3)
    sampled = []
    for _ in range(200):
        rollouts = policy.sample(16, generator)
        sampled.append(gradient(policy_loss(rollouts, rewards_of(rollouts.rows) - baseline), policy))
    found = torch.stack(sampled)
    errors = found.std(dim=0) / len(found) ** 0.5
    moves = errors > 1e-12
    assert moves.sum() > 500
    assert ((found.mean(dim=0) - exact)[moves].abs() <= 4 * errors[moves]).all()
    assert (exact[~moves].abs() < 1e-12).all()
    assert (exact.abs() > 8 * errors).sum() > 50                  # and the enumerated one is not lost in the noise


def test_paying_for_surprise_is_on_average_the_gradient_of_the_entropy() -> None:
    """Summed over all architectures, so exact: d/dw of the entropy = E[-log p * d/dw log p]."""
    policy, rows = controller(conditional_space()), every_row(conditional_space())
    log_probs = policy.score(rows).log_probs
    p = log_probs.exp()
    entropy = gradient(-(p * log_probs).sum(), policy)
    paid = gradient((p.detach() * -log_probs.detach() * log_probs).sum(), policy)
    assert torch.allclose(entropy, paid, atol=1e-12)


def test_the_first_baseline_is_the_mean_and_later_ones_come_before_their_rewards() -> None:
    learner = PolicyGradient(controller(switches(3)), learning_rate=0.01, baseline_decay=0.5)
    rows = learner.controller.sample(2, torch.Generator().manual_seed(0)).rows
    seen = [learner.update(rows, torch.tensor(rewards)).baseline for rewards in ((1.0, 3.0), (5.0, 5.0), (0.0, 0.0))]
    assert seen == [2.0, 2.0, pytest.approx((0.5 * 2 + 5) / 1.5)]


def optional_edges(count: int = 6) -> SearchSpace:
    network = Graph().input("image").node("stem", ["image"], op=op("conv", channels="C"))
    for i in range(count):
        network = network.node(f"layer{i}", {"stem": "skip", "image": optional(op("conv", channels="C"))})
    return SearchSpace("edges", network.node("out", [f"layer{i}" for i in range(count)]), resolution=8, channels=4)


@pytest.mark.parametrize(("halved", "share"), [(False, 0.40), (True, 0.308)], ids=["corrected", "released code"])
def test_the_skip_prior_alone_leads_to_its_share_of_skips(halved: bool, share: float) -> None:
    """With a target of 0.4; 1,000 draws of 6 edges, 4 sigma 0.025."""
    policy = Controller(optional_edges(), hidden=8, skip_target=0.4, halve_skips=halved)
    learner = PolicyGradient(policy, learning_rate=0.05, skip_weight=0.8)
    generator = torch.Generator().manual_seed(0)
    for _ in range(150):
        learner.update(policy.sample(8, generator).rows, torch.zeros(8))
    drawn = policy.sample(1000, generator)
    assert drawn.rows.double().mean().item() == pytest.approx(share, abs=0.025)
    assert drawn.skips.mean() < 1e-3


def test_skips_of_a_space_without_optional_edges_cost_nothing() -> None:
    assert controller(switches(3)).score(every_row(switches(3))).skips.tolist() == [0.0] * 8


# ---- the search

def begin(settings: Reinforce, space: SearchSpace, seed: int = 0) -> ReinforceProposer:
    return settings.begin(Problem(space, ERROR, seed))


def search(settings: Reinforce | RandomSearch, space: SearchSpace, trials: int, seed: int) -> list[float]:
    """validation_error of each trial: the share of switches that are off."""
    proposer = settings.begin(Problem(space, ERROR, seed))
    errors = []
    for number in range(trials):
        architecture = proposer.ask()
        errors.append(100.0 * (1 - on(architecture) / len(architecture)))
        proposer.tell(Trial(number, architecture, "finished", {"validation_error": errors[-1]}))
    return errors


def test_it_learns_to_switch_on_where_random_search_does_not() -> None:
    """12 switches, 160 trials, 3 seeds. Random search: half are off on average, and the best of 160 has one off."""
    space = switches(12)
    for seed in range(3):
        learned, random = (search(settings, space, 160, seed) for settings in (Reinforce(), RandomSearch()))
        assert np.mean(learned[-40:]) < 20 < 40 < np.mean(random[-40:])
        assert min(learned) <= min(random)


def test_a_metric_to_maximise_is_maximised() -> None:
    proposer = Reinforce().begin(Problem(switches(8), (metric("validation_accuracy"), metric("macs"))))
    last = 0.0
    for number in range(160):
        architecture = proposer.ask()
        last = float(on(architecture))
        proposer.tell(Trial(number, architecture, "finished", {"validation_accuracy": last, "macs": 10.0 * last}))
    assert last > 6                                                # macs, the second objective, would have it at 0


def test_failed_trials_are_learned_as_the_worst() -> None:
    """Whatever has its first switch on fails; the others all score alike."""
    proposer = begin(Reinforce(), switches(6))
    failed = []
    for number in range(160):
        architecture = proposer.ask()
        failed.append(architecture["layer0.op"] == "conv_3x3")
        error = 10.0 + on(architecture)
        proposer.tell(Trial(number, architecture, "failed", {}, "out of memory") if failed[-1] else
                      Trial(number, architecture, "finished", {"validation_error": error}))
    assert sum(failed[-40:]) < 8 < sum(failed[:40])


def test_a_measurement_that_is_no_number_counts_as_a_failure() -> None:
    proposer = begin(Reinforce(batch_size=1), switches(4))
    proposer.tell(Trial(0, proposer.ask(), "finished", {"validation_error": math.inf}))
    assert proposer.batch == []
    assert proposer.learner.baseline.mass == 0
    for number, error in enumerate((30.0, math.inf, 20.0), start=1):
        proposer.tell(Trial(number, proposer.ask(), "finished", {"validation_error": error}))
    assert all(parameter.isfinite().all() for parameter in proposer.learner.controller.parameters())
    assert proposer.learner.baseline.value == pytest.approx((-30 * 0.95 ** 2 - 30 * 0.95 - 20) / (0.95 ** 2 + 0.95 + 1))


def test_trials_of_others_are_not_learned_from() -> None:
    proposer, other = begin(Reinforce(batch_size=1), switches(6)), begin(Reinforce(), switches(6), seed=9)
    before = [parameter.clone() for parameter in proposer.learner.controller.parameters()]
    for number in range(5):
        proposer.tell(Trial(number, other.ask(), "finished", {"validation_error": float(number)}))
    assert all(torch.equal(was, now) for was, now in zip(before, proposer.learner.controller.parameters(), strict=True))


def test_seeds_differ_in_weights_and_draws() -> None:
    one, other = (begin(Reinforce(), switches(12), seed) for seed in (0, 1))
    assert not torch.equal(one.learner.controller.softmax, other.learner.controller.softmax)
    assert [one.ask() for _ in range(5)] != [other.ask() for _ in range(5)]
    begin(Reinforce(), switches(3), seed=2 ** 80).ask()


def test_a_batch_is_one_step() -> None:
    proposer = begin(Reinforce(batch_size=3), switches(6))
    before = [parameter.clone() for parameter in proposer.learner.controller.parameters()]
    changed = []
    for number in range(3):
        proposer.tell(Trial(number, proposer.ask(), "finished", {"validation_error": float(number)}))
        changed.append(any(not torch.equal(was, now) for was, now in zip(before, proposer.learner.controller.parameters(), strict=True)))
    assert changed == [False, False, True]


def test_constraints_hold() -> None:
    space = load("nas_bench_101", vertices=5, max_edges=4)
    proposer = begin(Reinforce(), space)
    assert all(holds(space, to_indices(space, proposer.ask())) for _ in range(20))


def test_where_the_controller_draws_nothing_that_obeys_the_constraints_chance_helps_out() -> None:
    """It turns all six optional edges on, and only two may be: 13 are always there."""
    space = replace(optional_edges(), constraints=(Constraint("max_edges", 15),))
    proposer = begin(Reinforce(tanh_constant=None), space)
    with torch.no_grad():
        for parameter in proposer.learner.controller.cells.parameters():
            parameter.fill_(1.0)
        proposer.learner.controller.softmax[1::2] = 1e3
    assert set(proposer.learner.controller.sample(50, torch.Generator()).rows.flatten().tolist()) == {1}
    assert sum(bool(option) for option in proposer.ask().values()) <= 2


def test_a_space_without_decisions_is_searched_too() -> None:
    space = SearchSpace("fixed", Graph().input("image").node("stem", ["image"], op=op("conv", channels=4)), resolution=8)
    proposer = begin(Reinforce(batch_size=1), space)
    for number in range(3):
        architecture = proposer.ask()
        assert architecture == Architecture()
        proposer.tell(Trial(number, architecture, "finished", {"validation_error": 1.0}))


@pytest.mark.parametrize(("reward", "name", "expected"), [
    ("accuracy", "validation_error", 0.8), ("accuracy", "validation_accuracy", 0.2), ("accuracy_cubed", "validation_error", 0.512),
    ("standardized", "validation_error", -20.0), ("standardized", "validation_accuracy", 20.0),
])
def test_rewards_are_what_their_names_say(reward: str, name: str, expected: float) -> None:
    proposer = Reinforce(batch_size=1, reward=reward).begin(Problem(switches(3), (metric(name),)))  # type: ignore[arg-type]
    proposer.tell(Trial(0, proposer.ask(), "finished", {name: 20.0}))
    assert proposer.learner.baseline.value == pytest.approx(expected)


def test_an_accuracy_needs_percents() -> None:
    with pytest.raises(InvalidOption, match="reward='accuracy_cubed' needs an objective in %, and latency_ms is none; use reward='stand"):
        CATALOG.make("zoph_le_2017").begin(Problem(switches(3), (metric("latency_ms"),)))


@pytest.mark.parametrize(("options", "message"), [
    ({"learning_rate": 0}, "learning_rate must be a number above 0, got 0"),
    ({"learning_rate": "fast"}, "learning_rate must be a number above 0, got 'fast'"),
    ({"learning_rate": math.nan}, "learning_rate must be a number above 0, got nan"),
    ({"baseline_decay": 1.0}, "baseline_decay must be a number of at least 0 and below 1, got 1.0"),
    ({"temperature": -5}, "temperature must be a number above 0, or none, got -5"),
    ({"entropy_weight": -0.1}, "entropy_weight must be a number of at least 0, got -0.1"),
    ({"skip_target": 1}, "skip_target must be a number above 0 and below 1, got 1"),
    ({"hidden_units": 0}, "hidden_units must be a whole number of at least 1, got 0"),
    ({"reward": "accurate"}, "reward must be one of standardized, accuracy, accuracy_cubed, got 'accurate'"),
])
def test_settings_out_of_range_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        Reinforce(**options)  # type: ignore[arg-type]


def test_options_from_a_terminal_reach_it() -> None:
    options = CATALOG.parse("reinforce", {"tanh_constant": "none", "temperature": "5", "batch_size": "2"})
    assert CATALOG.make("reinforce", options) == Reinforce(tanh_constant=None, temperature=5.0, batch_size=2)


def test_listing_and_making_strategies_loads_no_torch() -> None:
    program = ("import sys; from nas_explorer.strategies import CATALOG; [CATALOG.describe(name) for name in CATALOG.names()]; "
               "CATALOG.make('reinforce'); print('torch' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "False"


def test_rollouts_say_what_a_controller_thinks() -> None:
    drawn = controller(switches(2)).sample(3, torch.Generator().manual_seed(0))
    assert isinstance(drawn, Rollouts)
    assert drawn.rows.shape == (3, 2)
    assert not drawn.rows.requires_grad
    assert drawn.log_probs.requires_grad


# ---- the released code's order, and what is kept of a learner

def test_the_released_order_shrinks_advantages_and_starts_at_zero() -> None:
    """Rewards 1, 1 with decay 0.9 from 0: baselines 0.1 and 0.19, advantages 0.9 and 0.81."""
    policy = Controller(switches(2), hidden=4)
    learner = PolicyGradient(policy, 0.01, baseline_decay=0.9, baseline="after")
    rollouts = policy.sample(2, torch.Generator().manual_seed(0))
    advantages = learner._advantages(rollouts, torch.ones(2, dtype=torch.float64), 0.0)
    assert advantages.tolist() == pytest.approx([0.9, 0.81])
    assert learner.baseline.value == pytest.approx(0.19)


@pytest.mark.parametrize("kind", ["surprise", "full", "sampled"])
def test_entropy_is_paid_in_the_way_that_was_asked_for(kind: str) -> None:
    policy = controller(conditional_space())
    learner = PolicyGradient(policy, 0.01, baseline_decay=0.0, entropy_weight=2.0, entropy=kind, baseline="after")     # type: ignore[arg-type]
    rollouts = policy.sample(1, torch.Generator().manual_seed(0))
    learner._advantages(rollouts, torch.ones(1, dtype=torch.float64), 0.0)
    paid = {"surprise": -rollouts.log_probs, "full": rollouts.entropies, "sampled": rollouts.sampled}[kind].item()
    assert learner.baseline.value == pytest.approx(1 + 2 * paid)


def test_the_sampled_terms_are_the_entropy_on_average_over_options() -> None:
    """Of one decision with options p: the term of the option taken is -p log p, so that over all options they add up to its entropy."""
    space = switches(1)
    with torch.no_grad():
        rollouts = controller(space).score(every_row(space))
    assert rollouts.sampled.sum().item() == pytest.approx(rollouts.entropies[0].item())


def test_a_learner_goes_on_from_its_state() -> None:
    def learner() -> PolicyGradient:
        return PolicyGradient(Controller(switches(3), hidden=5, seed=1), 0.05, entropy_weight=0.1, standardize=True)

    first, second = learner(), learner()
    generator = torch.Generator().manual_seed(0)

    def update(which: PolicyGradient, rows: Tensor) -> object:
        return which.update(rows, rows.sum(dim=1).double())

    for _ in range(3):
        update(first, first.controller.sample(4, generator).rows)
    second.load_state_dict(copy.deepcopy(first.state_dict()))                  # as a file would hold it
    rows = first.controller.sample(4, generator).rows
    assert update(first, rows) == update(second, rows)
    assert all(torch.equal(a, b) for a, b in zip(first.controller.parameters(), second.controller.parameters(), strict=True))


def test_marginals_are_the_sums_over_all_architectures() -> None:
    """Of conditional decisions, given that they are asked for; 20,000 draws, within 0.02."""
    space = conditional_space()
    policy, rows = controller(space), every_row(space)
    with torch.no_grad():
        p = policy.score(rows).log_probs.exp()
    estimated = policy.marginals(20_000, torch.Generator().manual_seed(0))
    for i, decision in enumerate(decisions(space)):
        asked = p[rows[:, i] >= 0].sum()
        exact = [(p[rows[:, i] == option].sum() / asked).item() for option in range(len(decision.options))]
        assert estimated[decision.id] == pytest.approx(exact, abs=0.02)


def test_a_prior_is_learned_where_it_is_a_bias_and_kept_where_it_is_fixed() -> None:
    space = switches(2)
    (first, second) = (decision.id for decision in decisions(space))
    policy = Controller(space, hidden=4, priors={first: Prior(bias=(1.0, 0.0)), second: Prior(fixed=(0.0, 2.0))})
    with torch.no_grad():
        policy.softmax.zero_()
    shown = policy.marginals(8, torch.Generator().manual_seed(0))
    assert shown[first] == pytest.approx((math.e / (1 + math.e), 1 / (1 + math.e)))
    assert shown[second] == pytest.approx((1 / (1 + math.e ** 2), math.e ** 2 / (1 + math.e ** 2)))
    assert [name for name, _ in policy.named_parameters() if "biases" in name] == ["biases.0"]
