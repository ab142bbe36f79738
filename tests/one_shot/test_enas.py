"""ENAS: it finds a known answer, its presets are what their sources say, and the released code's quirks are where they belong."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import pytest
import torch

from nas_explorer.errors import InvalidOption, TrainingFailed
from nas_explorer.estimators import WeightSharing
from nas_explorer.one_shot import Enas
from nas_explorer.one_shot.choosing import ChooseBy
from nas_explorer.one_shot.protocol import Progress, Scored
from nas_explorer.one_shot.runs.enas import EnasRun, make_policy
from nas_explorer.spaces import Constraint, decisions, load, nas_bench_201, to_indices
from nas_explorer.spaces.rules import holds
from nas_explorer.strategies.controller import Controller
from nas_explorer.strategies.policy_gradient import PolicyGradient, policy_loss
from nas_explorer.tasks import make as make_task
from tests.one_shot.toys import BEST, looks, sharing, stripes


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def progress_of(run: EnasRun) -> list[Progress]:
    found = []
    while not run.finished:
        found += [item for item in run.epoch() if isinstance(item, Progress)]
    return found


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_it_finds_the_one_architecture_that_can_learn(seed: int) -> None:
    """Of six architectures one can tell stripes apart; the controller ends more than two to one for it at both decisions."""
    last = progress_of(Enas(updates=8, architectures=6).begin(looks(), sharing(12), seed))[-1]
    assert last.architecture == BEST
    assert last.values["validation_error"] < 10
    for decision in decisions(looks()):
        at = decision.options.index(BEST[decision.id])
        assert last.probabilities[decision.id][at] > 2 / 3


def test_weights_and_controller_take_turns() -> None:
    """An epoch: a step a batch, then the controller's updates, then the candidates, then how it stands."""
    run = Enas(warm_up=0, updates=4, architectures=3, candidates=5).begin(looks(), sharing(), 0)
    items = list(run.epoch())
    steps = run.learner.batches.steps + 4
    assert items[:steps] == [None] * steps
    assert isinstance(items[-1], Progress)
    assert all(isinstance(item, Scored) for item in items[steps:-1])
    assert 1 <= len(items) - steps - 1 <= 5
    assert run.learner.optimisation.done == run.learner.batches.steps


def test_while_the_weights_warm_up_the_controller_learns_nothing() -> None:
    run = Enas(warm_up=0.5, updates=2, architectures=2).begin(looks(), sharing(4), 0)
    fresh = [p.detach().clone() for p in run.policy.controller.parameters()]
    rewards = []
    for epoch in range(4):
        rewards += ["reward" in item.values for item in run.epoch() if isinstance(item, Progress)]
        unchanged = all(torch.equal(a, b) for a, b in zip(fresh, run.policy.controller.parameters(), strict=True))
        assert unchanged == (epoch < 2)
    assert rewards == [False, False, True, True]


def test_while_the_controller_learns_the_weights_stand_still_and_the_other_way_round() -> None:
    run = Enas(updates=3, architectures=3).begin(looks(), sharing(), 0)
    learner, policy = run.learner, run.policy

    def state() -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        shared = [value.detach().clone() for value in learner.network.state_dict().values()]
        return shared, [p.detach().clone() for p in policy.controller.parameters()]

    before = state()
    list(run._train_weights())
    between = state()
    list(run._train_controller())
    after = state()
    assert any(not torch.equal(a, b) for a, b in zip(before[0], between[0], strict=True))
    assert all(torch.equal(a, b) for a, b in zip(before[1], between[1], strict=True))
    assert any(not torch.equal(a, b) for a, b in zip(between[1], after[1], strict=True))
    norms = "num_batches_tracked"                                      # counts what went by; nothing is computed from it
    names = list(learner.network.state_dict())
    assert all(torch.equal(a, b) for name, a, b in zip(names, between[0], after[0], strict=True) if norms not in name)


@pytest.mark.parametrize("choose_by", ["loss", "error"])
def test_the_answer_is_the_best_of_the_candidates_of_its_epoch(choose_by: ChooseBy) -> None:
    run = Enas(updates=1, architectures=2, candidates=6, choose_by=choose_by).begin(looks(), sharing(), 5)
    items = list(run.epoch())
    scored = [item for item in items if isinstance(item, Scored)]
    best = min(scored, key=lambda item: item.values[f"validation_{choose_by}"])
    last = items[-1]
    assert isinstance(last, Progress)
    assert last.architecture == best.architecture
    assert last.values["validation_error"] == best.values["validation_error"]


def test_a_reward_is_the_accuracy_or_the_likelihood_of_a_batch() -> None:
    for reward in ("accuracy", "likelihood"):
        run = Enas(reward=reward).begin(looks(), sharing(), 0)                                         # type: ignore[arg-type]
        given = run.reward(BEST)
        twin = Enas(reward=reward).begin(looks(), sharing(), 0)                                        # type: ignore[arg-type]
        scores = twin.learner.score(BEST, twin.learner.choice_batch())
        assert given == pytest.approx(math.exp(-scores["loss"]) if reward == "likelihood" else 1 - scores["error"] / 100)


def test_while_the_weights_warm_up_every_option_takes_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """12 batches of 2 epochs: each of three options trains in four of them. Then the controller draws."""
    run = Enas(warm_up=0.5, updates=1, architectures=2).begin(looks(), sharing(4), 0)
    seen: list[object] = []
    monkeypatch.setattr(run.learner, "train", lambda path, batch: seen.append(path["in→look"]) or 1.0)
    steps = run.learner.batches.steps
    for _ in range(2):
        list(run.epoch())
    assert len(seen) == 2 * steps
    assert Counter(seen[:2 * steps // 3 * 3]) == dict.fromkeys(("none", "skip", "conv_3x3"), 2 * steps // 3)
    monkeypatch.setattr(run.learner.paths, "next", lambda: pytest.fail("the controller draws now"))
    list(run.epoch())


def test_what_breaks_a_constraint_of_the_space_is_drawn_again() -> None:
    """NAS-Bench-101 allows few edges; half of a fresh controller's cells of 5 vertices have more than 5."""
    space = replace(load("nas_bench_101", vertices=5, channels=4, stacks=1, cells=1), constraints=(Constraint("max_edges", 5, "cell"),))
    run = Enas().begin(space, WeightSharing("digits").for_space(space), 0)
    with torch.no_grad():
        free = run.policy.controller.sample(40, torch.Generator().manual_seed(0)).rows.tolist()
    assert 5 < sum(holds(space, row) for row in free) < 35
    drawn = run.draw(40)
    assert len(drawn) == 40
    assert all(holds(space, to_indices(space, architecture)) for architecture in drawn)


def test_rewards_that_are_no_numbers_stop_it() -> None:
    run = Enas(updates=1, architectures=2).begin(looks(), sharing(), 0)
    with torch.no_grad():
        for weights in run.learner.network.parameters():
            weights.fill_(float("nan"))
    with pytest.raises(TrainingFailed, match=r"the reward of an architecture became NaN after epoch 0 of 2; take a smaller learning rate"):
        list(run._train_controller())


# ---- presets

def test_presets_are_what_their_sources_say() -> None:
    """melodyguan/enas scripts/cifar10_{macro,micro}_search.sh, enas_lm/src/controller.py; the paper's text as re-implementers list it."""
    macro, micro, recurrent = load("enas_macro"), load("enas_micro"), load("enas_rnn")
    code = Enas("released_code")
    a = code.settings(macro)
    assert (a.temperature, a.tanh_constant, a.learning_rate, a.betas, a.epsilon) == (None, 1.5, 1e-3, (0.0, 0.999), 1e-3)
    assert (a.updates, a.architectures, a.skip_weight, a.skip_target, a.halve_skips, a.batch_norm) == (50, 20, 0.8, 0.4, True, "running")
    b = code.settings(micro)
    assert (b.tanh_constant, b.learning_rate, b.updates, b.architectures, b.priors) == (1.10, 3.5e-3, 30, 10, "convolutions")
    assert (b.entropy, b.batch_norm, b.skip_weight) == ("full", "batch", 0.0)
    assert {(s.reward, s.choose_by) for s in (a, b, Enas("paper").settings(macro))} == {("accuracy", "error")}
    assert [(dict(s.recipe)["last_learning_rate"], dict(s.recipe)["weight_decay"])
            for s in (a, b, Enas("paper").settings(macro))] == [(5e-4, 2.5e-4), (5e-4, 1e-4), (1e-3, 1e-4)]
    c = code.settings(recurrent)
    assert (c.temperature, c.tanh_constant, c.learning_rate, c.baseline_decay, c.priors) == (5.0, 2.25, 5e-5, 0.999, "distance")
    paper = Enas("paper")
    assert (paper.settings(macro).learning_rate, paper.settings(macro).temperature, paper.settings(micro).temperature) == (3.5e-4, 5.0, 2.5)
    assert paper.settings(macro).entropy_weight == 0.1
    assert paper.settings(recurrent).entropy_weight == 1e-4


def test_an_option_changes_a_preset_and_zero_means_none() -> None:
    settings = Enas("paper", temperature=0, updates=7).settings(nas_bench_201())
    assert (settings.temperature, settings.updates, settings.tanh_constant) == (None, 7, 1.10)


@pytest.mark.parametrize(("option", "value", "message"), [
    ("learning_rate", 0, "learning_rate must be a number above 0"), ("updates", 0, "updates must be"),
    ("baseline_decay", 1.0, "baseline_decay must be a number of at least 0 and below 1"),
    ("batch_norm", "eval", "batch_norm must be one of"), ("reward", "error", "reward must be one of accuracy, likelihood"),
    ("choose_by", "reward", "choose_by must be one of loss, error"),
    ("skip_target", 0.0, "skip_target must be a number above 0 and below 1"), ("candidates", 0, "candidates must be"),
])
def test_options_out_of_range_are_refused(option: str, value: object, message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        Enas(**{option: value})                                                                        # type: ignore[arg-type]


@pytest.mark.parametrize(("halved", "rate"), [(True, 0.308), (False, 0.4)])
def test_with_the_skip_penalty_alone_connections_are_drawn_at_its_fixed_point(halved: bool, rate: float) -> None:
    """The released code aims at 0.4 and arrives at 0.308, because it draws at twice the log-odds that it penalises."""
    controller = Controller(load("enas_macro", layers=5), hidden=16, tanh_constant=2.5, halve_skips=halved, seed=0)
    policy = PolicyGradient(controller, 0.02, skip_weight=1.0)
    generator = torch.Generator().manual_seed(0)
    for _ in range(150):
        rollouts = controller.sample(16, generator)
        policy.optimizer.zero_grad()
        policy_loss(rollouts, torch.zeros(16, dtype=torch.float64), 1.0).backward()
        policy.optimizer.step()
    marginals = controller.marginals(256, generator)
    skips = [options[1] for decision, options in marginals.items() if decision.endswith(".on")]
    assert sum(skips) / len(skips) == pytest.approx(rate, abs=0.01)


def test_the_released_cell_controller_prefers_convolutions_from_the_start_most_in_normal_cells() -> None:
    space = load("enas_micro")
    policy = make_policy(Enas("released_code").settings(space), space, 0)
    for cell, expected in (("normal", (0.315, 0.315, 0.123, 0.123, 0.123)), ("reduce", (0.254, 0.254, 0.164, 0.164, 0.164))):
        with torch.no_grad():
            policy.controller.softmax.zero_()                          # nothing but the prior
        assert policy.controller.marginals(4, torch.Generator().manual_seed(0))[f"{cell}/3x.op"] == pytest.approx(expected, abs=6e-4)


def test_the_released_recurrent_controller_prefers_near_nodes() -> None:
    space = load("enas_rnn", nodes=5)
    marginals = make_policy(Enas("released_code").settings(space), space, 0).controller.marginals(64, torch.Generator().manual_seed(0))
    assert sorted(marginals["5.inputs"]) == list(marginals["5.inputs"])
    assert marginals["5.inputs"][-1] == pytest.approx(0.512, abs=0.01)         # e^(-1/6) of the sum over squared distances 1, 4, 9, 16


def test_the_recipe_of_a_preset_trains_the_weights_unless_another_was_given() -> None:
    default = WeightSharing(task=stripes(count=400), epochs=1).for_space(looks())
    recipe = Enas("paper").begin(looks(), default, 0).learner.recipe
    assert (recipe.learning_rate, recipe.schedule, recipe.last_learning_rate) == (0.05, "restarts", 1e-3)
    assert Enas("paper").begin(looks(), sharing(), 0).learner.recipe.schedule == "onecycle"
    assert Enas().begin(looks(), default, 0).learner.recipe == default.training_recipe


# ---- other kinds of spaces

def test_it_searches_a_recurrent_cell_on_text() -> None:
    estimator = WeightSharing(make_task("tiny_shakespeare", {"characters": 4_000}), 1, {"batch_size": 8, "sequence_length": 16})
    space = load("enas_rnn", nodes=3, hidden=16)
    last = progress_of(Enas(warm_up=0, updates=2, architectures=2, candidates=2).begin(space, estimator.for_space(space), 0))[-1]
    assert last.values["reward"] == pytest.approx(80 / 65, abs=0.5)          # 65 characters, little learned: a perplexity of about 65
    assert last.probabilities.keys() == {decision.id for decision in decisions(space)}


@pytest.mark.parametrize("name", ["enas_macro", "enas_micro"])
def test_it_searches_whole_networks_and_cells(name: str) -> None:
    space = load(name, channels=4, layers=3) if name == "enas_macro" else load(name, channels=4, layers=3, blocks=2)
    estimator = WeightSharing("digits", 1, {"batch_size": 256}).for_space(space)
    for preset in ("recommended", "released_code"):
        last = progress_of(Enas(preset, updates=1, architectures=2, candidates=1).begin(space, estimator, 0))[-1]   # type: ignore[arg-type]
        assert 0 <= last.values["skip_share"] <= 1
