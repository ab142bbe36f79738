"""DARTS, GDAS and PC-DARTS: they keep the rules of a one-shot method, find what can be found, and say what they cannot do."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest
import torch

from nas_explorer.errors import InvalidOption, InvalidSpace, ShapeError, TrainingFailed, UnknownName
from nas_explorer.estimators import WeightSharing
from nas_explorer.one_shot import CATALOG, Progress, Scored
from nas_explorer.one_shot.conformance import check_one_shot
from nas_explorer.one_shot.darts import Darts
from nas_explorer.one_shot.darts_presets import PRESETS
from nas_explorer.one_shot.gdas import Gdas
from nas_explorer.one_shot.pc_darts import PcDarts
from nas_explorer.one_shot.runs import room
from nas_explorer.one_shot.runs.relaxed import RelaxedRun
from nas_explorer.spaces import Constraint, chain, decisions, load, nas_bench_201
from tests.one_shot.toys import BEST, looks, sharing, stripes

METHODS: dict[str, tuple[str, dict[str, Any]]] = {
    "darts": ("darts", {"watch_every": 1}), "second order": ("darts", {"order": 2, "watch_every": 0}),
    "exact": ("darts", {"order": 2, "unrolled": "exact", "watch_every": 0}), "less memory": ("darts", {"less_memory": True}),
    "paper": ("darts", {"preset": "paper"}), "gdas": ("gdas", {}), "pc_darts": ("pc_darts", {}),
}


def made(name: str, **more: Any) -> Any:
    method, options = METHODS[name]
    return CATALOG.make(method, {**options, **more})


def begun(name: str, epochs: int = 3, **more: Any) -> RelaxedRun:
    run: RelaxedRun = made(name, **more).begin(looks(), sharing(epochs), 0)
    return run


def last(run: RelaxedRun) -> Progress:
    shown = [item for _ in iter(lambda: run.finished, True) for item in run.epoch() if isinstance(item, Progress)]
    return shown[-1]


@pytest.mark.parametrize("name", METHODS)
def test_it_keeps_the_rules_of_a_one_shot_method(name: str) -> None:
    check_one_shot(made(name), sharing())


@pytest.mark.parametrize("name", ["darts", "second order", "less memory"])
def test_the_one_architecture_that_can_learn_the_task_is_found(name: str) -> None:
    assert last(begun(name, 6, learning_rate=0.1)).architecture == BEST


def test_alphas_are_no_weights() -> None:
    run = begun("darts")
    weights = {id(parameter) for parameter in run.learner.network.parameters()}
    assert not [alpha for alpha in run.alphas.parameters if id(alpha) in weights]
    assert sum(alpha.numel() for alpha in run.alphas.parameters) == sum(len(decision.options) for decision in decisions(looks()))


def test_alphas_wait_while_weights_warm_up() -> None:
    run = begun("pc_darts", 4, warm_up=0.5)
    start = [alpha.detach().clone() for alpha in run.alphas.parameters]
    for _ in range(2):
        list(run.epoch())
    assert all(torch.equal(alpha, was) for alpha, was in zip(run.alphas.parameters, start, strict=True))
    list(run.epoch())
    assert not all(torch.equal(alpha, was) for alpha, was in zip(run.alphas.parameters, start, strict=True))


def test_a_draw_of_gdas_has_weights_of_one_and_a_gradient_for_all_options() -> None:
    alphas = begun("gdas").alphas
    path = alphas.path(alphas.draw())
    for key, weights in path.items():
        assert weights.sum().item() == pytest.approx(1.0)
        assert weights.max().item() == pytest.approx(1.0)
        (gradient,) = torch.autograd.grad(weights[0], alphas.options[key], retain_graph=True)
        assert gradient.abs().min() > 0


def test_the_mean_gradient_of_a_draw_is_that_of_the_enumerated_choice() -> None:
    """Of a cost an option, alphas alike and a high temperature: p * (cost - mean cost), over options times temperature; 1,500 draws.

    What is drawn alone has a gradient, so `none`, whose cost is nothing, is only ever pushed by the others.
    """
    alphas, costs = begun("gdas").alphas, torch.tensor([0.0, 1.0, -2.0])
    alphas.temperature = 1000.0
    with torch.no_grad():
        alphas.options["in→look"].zero_()
    found = []
    for _ in range(1500):
        path = alphas.path(alphas.draw())
        at = path.chosen["in→look"]                                                                   # type: ignore[attr-defined]
        found.append(torch.autograd.grad(path["in→look"][at] * costs[at], alphas.options["in→look"])[0] * 3 * alphas.temperature)
    gradients = torch.stack(found)
    error = gradients.std(dim=0) / 1500 ** 0.5
    assert ((gradients.mean(dim=0) - (costs - costs.mean()) / 3).abs() < 4 * error).all()


def test_none_is_no_answer_of_gdas_unless_it_may_be() -> None:
    for may in (False, True):
        run = begun("gdas", none_may_win=may)
        with torch.no_grad():
            for alpha in run.alphas.options.values():
                alpha.copy_(torch.tensor([5.0, 1.0, 0.0][:len(alpha)]))
        assert set(run.answer().values()) == ({"none"} if may else {"skip"})


def test_draws_follow_the_alphas() -> None:
    """Gumbel's maximum draws an option with its softmax probability: 4,000 draws, 5 sigma."""
    alphas = begun("gdas").alphas
    with torch.no_grad():
        alphas.options["in→look"].copy_(torch.tensor([0.0, 1.0, 2.0]))
    counts = [0, 0, 0]
    for _ in range(4000):
        counts[alphas.path(alphas.draw()).chosen["in→look"]] += 1                                     # type: ignore[attr-defined]
    for count, p in zip(counts, alphas.probabilities()["in→look"], strict=True):
        assert abs(count - 4000 * p) < 5 * math.sqrt(4000 * p * (1 - p))


def test_the_temperature_falls_to_its_last() -> None:
    run = made("gdas", first_temperature=8.0, last_temperature=2.0).begin(looks(), sharing(4), 0)
    seen = [item.values["temperature"] for _ in range(4) for item in run.epoch() if isinstance(item, Progress)]
    assert seen == pytest.approx([8.0, 6.0, 4.0, 2.0])


def test_orders_differ_and_the_two_ways_of_the_second_are_close() -> None:
    alphas = {}
    for name in ("darts", "second order", "exact"):
        run = begun(name, 1, warm_up=0.0, watch_every=0)
        next(run.epoch())
        alphas[name] = torch.cat([run.alphas.parameters[0], run.alphas.parameters[1]]).detach()
    assert not torch.allclose(alphas["darts"], alphas["exact"], atol=1e-7)
    assert torch.allclose(alphas["second order"], alphas["exact"], atol=2e-3)


def test_a_recurrent_cell_is_searched_on_text() -> None:
    space = load("darts_rnn", nodes=2, hidden=8)
    estimator = WeightSharing(task="tiny_shakespeare", epochs=1, recipe={"batch_size": 64, "sequence_length": 8})
    run = Darts(watch_every=0, warm_up=0.0).begin(space, estimator.for_space(space), 0)
    epoch = run.epoch()
    for _ in range(3):
        assert next(epoch) is None
    assert all(alpha.grad is not None and alpha.grad.abs().max() > 0 for alpha in run.alphas.parameters)
    assert set(run.answer()) == {decision.id for decision in decisions(space)}


# ---- presets

def test_presets_differ_where_paper_and_code_do() -> None:
    paper, code = (begun("darts", preset=preset) for preset in ("paper", "released_code"))
    assert all(alpha.abs().max() == 0 for alpha in paper.alphas.parameters)
    assert all(0 < alpha.abs().max() < 0.01 for alpha in code.alphas.parameters)
    assert PRESETS["paper"].betas == (0.5, 0.999)
    assert Darts(preset="paper").settings(load("darts_rnn")).betas == (0.9, 0.999)
    assert [dict(PRESETS[preset].recipe).get("last_learning_rate") for preset in ("paper", "released_code")] == [None, 1e-3]


def test_the_paper_s_recipe_trains_the_weights_unless_another_was_given() -> None:
    default = WeightSharing(task=stripes(count=400), epochs=1).for_space(looks())
    recipe = Darts(preset="paper").begin(looks(), default, 0).learner.recipe
    assert (recipe.learning_rate, recipe.schedule, recipe.gradient_clip, recipe.batch_size) == (0.025, "cosine", 5.0, 64)
    assert begun("paper").learner.recipe.learning_rate == 0.05


# ---- the collapse

def test_a_growing_curvature_stops_the_search_with_the_earlier_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    grows = iter([1.0] * 4 + [9.0] * 20)
    monkeypatch.setattr(RelaxedRun, "eigenvalue", lambda self: next(grows))
    run = begun("darts", 12, stop_on_collapse=True)
    shown = [item for _ in range(7) for item in run.epoch() if isinstance(item, Progress)]
    assert run.finished
    assert run.message == "stopped by stop_on_collapse: the answer is that of epoch 3"
    assert shown[-1].architecture == shown[2].architecture
    assert "times as sharp in the alphas since epoch 3" in shown[-1].warning
    resumed = begun("darts", 12, stop_on_collapse=True)
    resumed.load_state_dict(run.state_dict())
    assert resumed.finished
    assert resumed.message == run.message


def test_the_curvature_is_measured_without_a_trace() -> None:
    looked, alone = begun("darts", 2), begun("darts", 2)
    for run in (looked, alone):
        list(run.epoch())
    before = [alpha.detach().clone() for alpha in looked.alphas.parameters]
    assert looked.eigenvalue() == looked.eigenvalue() > 0
    assert all(torch.equal(a, b) for a, b in zip(looked.alphas.parameters, before, strict=True))
    assert [repr(item) for item in looked.epoch()] == [repr(item) for item in alone.epoch()]


# ---- what cannot be

def test_alphas_that_turn_nan_stop_the_search_and_stay_what_they_were() -> None:
    run = begun("darts", 2, warm_up=0.0)
    epoch = run.epoch()
    next(epoch)
    before = [alpha.detach().clone() for alpha in run.alphas.parameters]
    with torch.no_grad():
        next(run.learner.network.parameters()).fill_(math.nan)
    with pytest.raises(TrainingFailed, match="became NaN in epoch 1 of 2"):
        next(epoch)
    assert all(torch.equal(a, b) for a, b in zip(run.alphas.parameters, before, strict=True))


def test_too_little_memory_is_said_before_the_first_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free_memory", lambda: 1000)
    with pytest.raises(InvalidOption, match=r"batches of 16 takes about .* GB of memory, and 0.0 GB are free; "
                                            r'take unrolled="finite_difference", a smaller batch_size .*gdas or pc_darts'):
        begun("exact")
    with pytest.raises(InvalidOption, match="take less_memory=True"):
        begun("second order")


def test_what_cannot_be_mixed_or_kept_is_refused() -> None:
    estimator = WeightSharing(epochs=1)
    with pytest.raises(ShapeError, match="'channels' changes shapes, so its 3 options cannot be mixed"):
        Darts().begin(chain(), estimator.for_space(chain()), 0)
    limited = dataclasses.replace(nas_bench_201(channels=4, cells=1), constraints=(Constraint("max_params", 1e6),))
    with pytest.raises(InvalidSpace, match="has constraints, and a search by gradients cannot keep to them; search with enas"):
        Gdas().begin(limited, estimator.for_space(limited), 0)


@pytest.mark.parametrize(("make", "message"), [
    (lambda: Darts(order=3), "order must be one of 1, 2"),                                            # type: ignore[arg-type]
    (lambda: Darts(unrolled="twice"), "unrolled must be one of finite_difference, exact"),            # type: ignore[arg-type]
    (lambda: Darts(learning_rate=0.0), "learning_rate must be a number above 0"),
    (lambda: PcDarts(share=1), "share must be a whole number of at least 2"),
    (lambda: Gdas(first_temperature=0.0), "first_temperature must be a number above 0"),
    (lambda: Gdas(none_may_win=1), "none_may_win must be True or False, got 1"),                      # type: ignore[arg-type]
    (lambda: Gdas(stop_on_collapse=True), "stop_on_collapse needs measurements; set watch_every=2"),
])
def test_settings_out_of_range_are_refused(make: Any, message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        make()


def test_a_preset_that_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownName, match="there is no preset of DARTS 'papre'; did you mean 'paper'"):
        Darts(preset="papre")                                                                         # type: ignore[arg-type]


def test_each_epoch_scores_its_answer() -> None:
    run = begun("darts", 2)
    items = list(run.epoch())
    (scored,) = [item for item in items if isinstance(item, Scored)]
    (progress,) = [item for item in items if isinstance(item, Progress)]
    assert scored.architecture == progress.architecture
    assert progress.values["validation_error"] == scored.values["validation_error"]
