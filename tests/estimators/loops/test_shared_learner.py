"""Shared weights in training: what a step touches, what a score leaves alone, and which statistics batch norms use."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor

from nas_explorer.estimators import WeightSharing
from nas_explorer.estimators.loops.batches import Batch
from nas_explorer.estimators.loops.parts import divided
from nas_explorer.estimators.loops.shared_learner import SharedLearner, cross_entropy
from nas_explorer.spaces import Architecture, load
from nas_explorer.tasks import make as make_task
from tests.one_shot.toys import BEST, sharing, stripes

SKIP = Architecture({"in→look": "skip", "look→pass": "skip"})


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def weights_of(learner: SharedLearner) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in learner.network.state_dict().items()}


def moved(learner: SharedLearner, before: dict[str, Tensor]) -> set[str]:
    return {name for name, value in learner.network.state_dict().items() if not torch.equal(value, before[name])}


def test_a_step_moves_only_the_weights_of_its_path() -> None:
    """What the path does not use gets no gradient, no weight decay, no momentum; also after it has been used once."""
    learner = sharing().learner(0)
    batches = list(learner.epoch())
    learner.train(BEST, batches[0])
    before = weights_of(learner)
    learner.train(SKIP, batches[1])
    assert all("conv_3x3" not in name for name in moved(learner, before))
    assert any("logits" in name for name in moved(learner, before))
    unused = [p.grad for name, p in learner.network.named_parameters() if "conv_3x3" in name]
    assert unused
    assert all(gradient is None for gradient in unused)


def test_a_shared_step_is_the_step_of_the_network_alone() -> None:
    """Loss and moved weights, to the last bit, of two steps with momentum and weight decay; a fixed network has no others."""
    learner = sharing().learner(0)
    network = learner.network.supernet.extract(BEST)
    optimizer = torch.optim.SGD(network.parameters(), learner.recipe.learning_rate, 0.9, weight_decay=learner.recipe.weight_decay,
                                nesterov=True, fused=True)
    from nas_explorer.estimators.loops.optimisation import rate

    for done, batch in enumerate(list(learner.epoch())[:2]):
        optimizer.param_groups[0]["lr"] = learner.recipe.learning_rate * rate("onecycle", done / learner.optimisation.total)
        loss = cross_entropy(network.train()(batch.inputs), batch.targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        assert learner.train(BEST, batch) == loss.item()
    shared = learner.network.supernet.bank.state_dict()
    for name, value in network.bank.state_dict().items():
        assert torch.equal(shared[name], value), name


@pytest.mark.parametrize("mode", ["batch", "running", "refit"])
def test_a_score_leaves_no_trace(mode: str) -> None:
    learner = sharing(batch_norm=mode).learner(0)
    learner.train_uniformly()
    before = weights_of(learner)
    assert learner.score(BEST) == learner.score(BEST)
    assert all("num_batches_tracked" in name for name in moved(learner, before))
    twin = sharing(batch_norm=mode).learner(0)
    twin.train_uniformly()
    assert twin.train_uniformly() == learner.train_uniformly()


def test_batch_norms_use_the_statistics_that_were_asked_for() -> None:
    """`batch` is the network in training mode; `running` in evaluation mode; `refit` with averages over batches of the weights' part."""
    learner = sharing(2).learner(0)
    learner.train_uniformly()
    batch = learner.choice_batch()
    found = {}
    for mode in ("batch", "running", "refit"):
        learner.batch_norm = mode                                                                      # type: ignore[assignment]
        learner._mode = ""
        found[mode] = learner.score(BEST, batch)["loss"]
    alone = learner.network.supernet.extract(BEST)
    with torch.no_grad():
        training = cross_entropy(copy.deepcopy(alone).train()(batch.inputs), batch.targets).item()
        running = cross_entropy(alone.eval()(batch.inputs), batch.targets).item()
        for norm in (part for part in alone.modules() if isinstance(part, torch.nn.BatchNorm2d)):
            norm.reset_running_stats()
            norm.momentum = None
            norm.train()
        for plain in learner.batches.plain(4):
            alone(plain.inputs)
        refit = cross_entropy(alone.eval()(batch.inputs), batch.targets).item()
    assert found == {"batch": pytest.approx(training), "running": pytest.approx(running), "refit": pytest.approx(refit)}
    assert len({round(loss, 6) for loss in found.values()}) == 3


def test_the_three_parts_have_no_example_in_common() -> None:
    task = stripes()
    weights, choice = divided(task, 0.7, seed=1)
    images = [{part.inputs[i].tobytes() for i in range(len(part))} for part in (weights, choice, task.validation, task.test)]
    assert sum(map(len, images)) == len(set().union(*images))
    assert len(weights) + len(choice) == len(task.train)
    assert len(weights) == pytest.approx(0.7 * len(task.train), abs=2)


def test_an_epoch_shows_each_example_once_and_a_batch_of_the_choice_is_of_the_other_part() -> None:
    learner = sharing().learner(0)
    weights, choice = divided(stripes(), 0.5, 0)
    seen = torch.cat([batch.inputs for batch in learner.epoch()])
    assert sorted(map(bytes, seen.numpy())) == sorted(map(bytes, weights.inputs))
    drawn = {bytes(image) for image in learner.choice_batch().inputs.numpy()}
    assert len(drawn) == 16
    assert drawn <= {bytes(image) for image in choice.inputs}


def test_a_mixture_trains_too() -> None:
    learner = sharing().learner(0, affine=False)
    mixture = {"in→look": torch.full((3,), 1 / 3), "look→pass": torch.full((2,), 0.5)}
    first, *_, last = [learner.train(mixture, batch) for _ in range(2) for batch in learner.epoch()]
    assert last < first
    assert learner.loss(mixture, learner.choice_batch()).requires_grad


def test_the_hidden_state_goes_on_from_piece_to_piece_of_a_text() -> None:
    estimator = WeightSharing(make_task("tiny_shakespeare", {"characters": 2_000}), 1, {"batch_size": 4, "sequence_length": 20})
    learner = estimator.for_space(load("enas_rnn", nodes=2, hidden=8)).learner(0)
    architecture = Architecture({"1.highway.activation": "tanh", "2.highway.activation": "relu"})
    batches = list(learner.epoch())
    assert [batch.goes_on for batch in batches] == [False] + [True] * (len(batches) - 1)
    assert torch.equal(batches[0].targets[:, -1], batches[1].inputs[:, 0])
    learner.train(architecture, batches[0])
    kept = learner.hidden
    assert kept is not None
    assert not kept.requires_grad
    with_state = learner.loss(architecture, batches[1]).item()
    fresh = learner.loss(architecture, Batch(batches[1].inputs, batches[1].targets)).item()
    assert with_state != fresh
    assert learner.choice_batch().inputs.shape == (4, 20)
