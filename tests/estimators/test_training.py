"""Training real networks: the same every time, better than a line, and failing in words."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from nas_explorer.errors import DeviceMissing, InvalidOption, InvalidSpace, InvalidTask, TrainingFailed
from nas_explorer.estimators import CATALOG, NeedsSpace, Training
from nas_explorer.estimators.training import seed_of
from nas_explorer.estimators.training_recipe import Recipe
from nas_explorer.models import count_parameters, operation
from nas_explorer.records import Trial, TrialFailed, TrialFinished, metric
from nas_explorer.search.budget import Budget
from nas_explorer.search.evaluator import Inline
from nas_explorer.search.loop import Loop
from nas_explorer.spaces import Architecture, Graph, SearchSpace, choice, load, op, primitives, sample
from nas_explorer.spaces.library.nas_bench_201 import EDGES
from nas_explorer.spaces.own_operations import OWN
from nas_explorer.tasks import Part, Task, TinyShakespeare, from_arrays

CELLS = load("digits_cells")
RESNET_LIKE = Architecture({**dict.fromkeys(EDGES, "none"), "cell/0→1": "conv_3x3", "cell/1→3": "conv_3x3", "cell/0→3": "skip"})
DEAD = Architecture(dict.fromkeys(EDGES, "none"))


def last(estimator: Training, space: SearchSpace, architecture: Architecture) -> dict[str, float]:
    return dict(list(estimator.for_space(space).evaluate(architecture))[-1].values)


def test_a_network_learns_digits_and_is_measured_after_each_epoch() -> None:
    measured = list(Training("digits", epochs=4).for_space(CELLS).evaluate(RESNET_LIKE))
    assert [measurement.step for measurement in measured] == [1, 2, 3, 4]
    errors = [measurement.values["validation_error"] for measurement in measured]
    assert errors[-1] < 6 < errors[0]
    assert all(measurement.values.keys() == {m.name for m in Training().metrics} for measurement in measured)
    seconds = [measurement.values["train_seconds"] for measurement in measured]
    assert 0 < seconds[0] < seconds[-1]


def test_a_dead_cell_can_only_guess() -> None:
    assert last(Training(epochs=2), CELLS, DEAD)["validation_error"] > 80


def test_results_follow_from_architecture_and_seed_alone() -> None:
    """Neither torch's own generator nor what was trained before matters."""
    one = last(Training(epochs=1), CELLS, RESNET_LIKE)
    torch.manual_seed(123)
    last(Training(epochs=1), CELLS, DEAD)
    state = torch.get_rng_state()
    again = last(Training(epochs=1), CELLS, RESNET_LIKE)
    assert torch.equal(torch.get_rng_state(), state)
    other = last(Training(epochs=1, seed=1), CELLS, RESNET_LIKE)
    assert one["validation_loss"] == again["validation_loss"] != other["validation_loss"]
    assert seed_of(RESNET_LIKE, 0) == seed_of(Architecture(dict(reversed(list(RESNET_LIKE.items())))), 0)


def test_several_seeds_give_their_mean_and_spread() -> None:
    alone = [Training(epochs=1).for_space(CELLS).learner(RESNET_LIKE, repeat) for repeat in range(3)]
    errors = []
    for learner in alone:
        learner.train_epoch()
        errors.append(learner.score(Training().data.validation)["error"])
    together = last(Training(epochs=1, seeds=3), CELLS, RESNET_LIKE)
    assert together["validation_error"] == pytest.approx(np.mean(errors))
    assert together["validation_error_spread"] == pytest.approx(np.std(errors, ddof=1))


def test_torch_has_its_threads_again_between_epochs() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        evaluation = Training(epochs=2, threads=1).for_space(CELLS).evaluate(DEAD)
        next(evaluation)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_the_parameter_count_is_that_of_the_network_that_is_trained(rng: np.random.Generator) -> None:
    estimator = Training(epochs=1).for_space(CELLS)
    architecture = sample(CELLS, rng)
    (measured,) = estimator.evaluate(architecture)
    assert measured.values["parameter_count"] == count_parameters(estimator.learner(architecture).network)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(11)


@pytest.fixture(autouse=True)
def _own_operations() -> Iterator[None]:
    """Operations that a test registers are gone after it."""
    before = dict(primitives._PRIMITIVES), dict(OWN)
    yield
    for register, kept in zip((primitives._PRIMITIVES, OWN), before, strict=True):
        for name in register.keys() - kept.keys():
            del register[name]


class TestFailures:
    """Each is one failed trial with its reason."""

    def test_a_loss_that_becomes_nan(self) -> None:
        wild = Training(epochs=3, recipe={"learning_rate": 1e3, "schedule": "constant", "momentum": 0.99}).for_space(
            SearchSpace("unnormalised", plain(), resolution=8))
        with pytest.raises(TrainingFailed, match=r"the loss became (NaN|infinite) in epoch [123] of 3"):
            list(wild.evaluate(Architecture({"first.op": "conv_3x3(order=conv-relu)"})))

    def test_time(self) -> None:
        with pytest.raises(TrainingFailed, match=r"more than its limit of 0\.001 seconds, in epoch 1 of 4"):
            list(Training(time_limit=0.001).for_space(CELLS).evaluate(RESNET_LIKE))

    def test_memory_in_closed_form_before_anything_is_trained(self) -> None:
        with pytest.raises(TrainingFailed, match=r"would take about \d+ MB in batches of 64, more than its limit of 1 MB"):
            list(Training(memory_limit_mb=1).for_space(CELLS).evaluate(RESNET_LIKE))

    def test_memory_of_an_operation_that_nobody_could_foresee(self) -> None:
        @operation("hoard", cost=lambda *_: (0, 0))
        class Hoard(nn.Module):
            def __init__(self, *_: Any) -> None:
                super().__init__()
                self.kept: list[torch.Tensor] = []

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                self.kept.append(torch.ones(10_000_000))
                return x

        estimator = Training(memory_limit_mb=100).for_space(SearchSpace("greedy", plain(op("hoard")), resolution=8))
        with pytest.raises(TrainingFailed, match=r"took \d+ MB of memory, more than its limit of 100 MB, in epoch 1 of 4"):
            list(estimator.evaluate(Architecture({"first.op": "hoard"})))

    def test_an_exception_in_an_operation_is_one_failed_trial_and_the_search_goes_on(self) -> None:
        @operation("bomb", cost=lambda *_: (0, 0))
        def bomb(*_: Any) -> nn.Module:
            raise RuntimeError("boom")

        space = SearchSpace("mined", plain(op("bomb")), resolution=8)
        estimator = Training(epochs=1).for_space(space)
        proposals = [Architecture({"first.op": label}) for label in ("bomb", "conv_3x3(order=conv-relu)")]
        events = list(Loop(space, Listed(proposals), Inline(estimator), ["validation_error"], Budget(trials=2)))
        assert [event.message for event in events if isinstance(event, TrialFailed)] == ["boom"]
        assert [event.trial for event in events if isinstance(event, TrialFinished)] == [1]

    def test_an_operation_that_changes_a_shape_it_must_keep(self) -> None:
        @operation("shrinking", cost=lambda *_: (0, 0))
        def shrinking(*_: Any) -> nn.Module:
            return nn.AvgPool2d(2)

        space = SearchSpace("shrunk", plain(op("shrinking")), resolution=8)
        proposals = [Architecture({"first.op": label}) for label in ("shrinking", "conv_3x3(order=conv-relu)")]
        loop = Loop(space, Listed(proposals), Inline(Training(epochs=1).for_space(space)), ["validation_error"], Budget(trials=2))
        (message,) = [event.message for event in loop if isinstance(event, TrialFailed)]
        assert message.startswith("operation 'shrinking' at first must give (64, 1, 8, 8), the shape of the node it leads to, and gave")


class Listed:
    """Proposes what it was given."""

    def __init__(self, architectures: list[Architecture]) -> None:
        self.left = list(architectures)

    def ask(self) -> Architecture:
        return self.left.pop(0)

    def tell(self, trial: Trial) -> None:
        assert trial.architecture not in self.left


def plain(other: Any = "skip") -> Graph:
    return (Graph().input("image").node("first", ["image"], op=choice(op("conv", kernel=3, order="conv-relu"), other))
            .node("pool", ["first"], op="global_pool").node("logits", ["pool"], op=op("linear", features=10)))


def test_an_estimator_must_know_the_space() -> None:
    assert isinstance(Training(), NeedsSpace)
    with pytest.raises(InvalidOption, match=r"Training\(\.\.\.\)\.for_space\(space\)"):
        list(Training().evaluate(DEAD))
    with pytest.raises(InvalidSpace, match="'tabular_mlp' read rows of numbers"):
        Training().for_space(load("tabular_mlp"))


@pytest.mark.parametrize(("options", "error", "message"), [
    ({"epochs": 0}, InvalidOption, "epochs must be a whole number of at least 1"),
    ({"seeds": True}, InvalidOption, "seeds must be a whole number"),
    ({"time_limit": -1}, InvalidOption, "time_limit must be a number above 0, or None, got -1"),
    ({"task": "cifar"}, ValueError, "there is no task 'cifar'"),
    ({"task": 5}, InvalidTask, "a task is a name"),
    ({"recipe": {"augmentation": ["flip"]}, "task": "spoken_digits"}, InvalidOption, "'flip' is for image tasks"),
])
def test_options_out_of_range_are_refused_when_it_is_made(options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Training(**options)


def test_options_survive_json_and_a_terminal() -> None:
    estimator = Training(TinyShakespeare(characters=5_000), recipe=Recipe("adamw", 0.01), seeds=2)  # type: ignore[arg-type]
    spec = json.loads(json.dumps(CATALOG.spec(estimator)))
    assert CATALOG.make(spec["name"], spec["options"]) == estimator
    typed = CATALOG.parse("training", {"task": "spoken_digits", "epochs": "2", "recipe": '{"batch_size": 32}', "time_limit": "none"})
    assert CATALOG.make("training", typed) == Training("spoken_digits", 2, {"batch_size": 32})


def test_own_data_are_trained_on(rng: np.random.Generator) -> None:
    """Two rings that no line can tell apart."""
    angle, ring = rng.uniform(0, 2 * np.pi, 400), np.arange(400) % 2
    x = np.stack([np.cos(angle), np.sin(angle)], axis=1) * (1 + 2 * ring[:, None])
    space = load("tabular_mlp")
    architecture = Architecture({"layer1.dense.channels": 32, "layer1.dense.activation": "relu", "layer2.op": "skip",
                                 "row→layer2.on": False, "layer3.op": "skip", "row→layer3.on": False})
    assert last(Training(from_arrays(x, ring), epochs=10), space, architecture)["validation_error"] < 2


def test_an_estimator_with_own_data_can_be_handed_to_another_process(rng: np.random.Generator) -> None:
    estimator = Training(from_arrays(rng.normal(size=(60, 8, 8)), np.arange(60) % 10), epochs=1).for_space(CELLS)
    (here,), (there,) = (list(one.evaluate(RESNET_LIKE)) for one in (estimator, pickle.loads(pickle.dumps(estimator))))
    assert here.values["validation_loss"] == there.values["validation_loss"]


def tiny_text() -> Task:
    """Each character follows from the one before it."""
    tokens = np.tile(np.arange(4), 600)
    part = Part(tokens[:-1], tokens[1:])
    return Task("cycle", "text", tuple("abcd"), part, Part(tokens[:400], tokens[1:401]), Part(tokens[:400], tokens[1:401]))


@pytest.mark.parametrize(("name", "options"), [
    ("transformer", {"context": 16, "max_layers": 1}), ("darts_rnn", {"hidden": 16, "nodes": 2}), ("enas_rnn", {"hidden": 16}),
])
def test_language_models_learn_what_follows(name: str, options: dict[str, int], rng: np.random.Generator) -> None:
    space = load(name, **options)
    estimator = Training(tiny_text(), epochs=8, recipe={"learning_rate": 0.05, "batch_size": 8, "sequence_length": 16})
    assert [m.name for m in estimator.metrics][:2] == ["validation_bits_per_character", "validation_perplexity"]
    values = last(estimator, space, sample(space, rng))
    assert values["validation_error"] < 5
    assert values["validation_bits_per_character"] < 0.6 < np.log2(4)
    assert values["validation_perplexity"] == pytest.approx(2 ** values["validation_bits_per_character"])


def test_too_little_text_is_refused_with_what_would_help() -> None:
    short = replace(tiny_text(), train=Part(np.zeros(50, int), np.zeros(50, int)))
    with pytest.raises(InvalidTask, match="has 50 characters to train on, too few for 32 sequences of 16"):
        last(Training(short), load("transformer", context=16), sample(load("transformer", context=16), np.random.default_rng(0)))


def test_closing_an_evaluation_stops_it() -> None:
    evaluation = Training(epochs=50).for_space(CELLS).evaluate(RESNET_LIKE)
    assert next(evaluation).step == 1
    evaluation.close()  # type: ignore[attr-defined]
    assert list(evaluation) == []


def test_the_first_metric_is_the_objective_of_a_search() -> None:
    assert Training().metrics[0] == metric("validation_error")


def test_a_small_network_is_clearly_better_than_logistic_regression_on_digits() -> None:
    """On validation and test part together, 598 images; the gap is 1.5 points or more, and half a point is asked for."""
    linear_model = pytest.importorskip("sklearn.linear_model")
    estimator = Training("digits", epochs=9).for_space(CELLS)
    task = estimator.data
    line = linear_model.LogisticRegression(max_iter=1_000).fit(task.train.inputs.reshape(len(task.train), -1), task.train.targets)
    learner = estimator.learner(Architecture(dict.fromkeys(EDGES, "conv_3x3")))
    for _ in range(9):
        learner.train_epoch()
    parts = (task.validation, task.test)
    of_line = np.mean([line.score(part.inputs.reshape(len(part), -1), part.targets) for part in parts])
    of_network = np.mean([1 - learner.score(part)["error"] / 100 for part in parts])
    assert of_network > of_line + 0.005


def test_a_device_is_checked_by_name_at_once_and_looked_for_where_it_trains() -> None:
    with pytest.raises(InvalidOption, match="device must be cpu, cuda, or cuda:0 and so on, got 'gpu'"):
        Training(device="gpu")
    absent = f"cuda:{torch.cuda.device_count() if torch.cuda.is_available() else 0}"
    space = load("digits_cells")
    estimator = Training("digits", epochs=1, device=absent).for_space(space)       # a worker may have what this machine has not
    with pytest.raises(DeviceMissing, match=f"device='{absent}' was asked for"):
        next(estimator.evaluate(sample(space, np.random.default_rng(0))))
