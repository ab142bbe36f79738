"""A space is fitted to a task: inputs and classes change, decisions do not; where they do not meet, the message says so."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from nas_explorer.errors import InvalidSpace
from nas_explorer.models import build_for, count_macs, count_parameters, fit
from nas_explorer.models.language import LanguageModel, cost_for
from nas_explorer.spaces import Graph, SearchSpace, chain, decisions, load, op, sample, values
from nas_explorer.tasks import Task, from_arrays
from nas_explorer.tasks import load as load_task
from tests.models.conftest import small

IMAGES = ("nas_bench_201", "darts", "enas_macro", "chain", "efficientnet")


@pytest.mark.parametrize("name", IMAGES)
@pytest.mark.parametrize("task", ["digits", "spoken_digits"])
def test_an_image_space_reads_the_task_and_answers_with_its_classes(name: str, task: str, rng: np.random.Generator) -> None:
    space, data = small(name), load_task(task)
    fitted = fit(space, data)
    assert decisions(fitted) == decisions(space)
    architecture = sample(space, rng)
    network = build_for(space, architecture, data).eval()
    assert network(torch.from_numpy(data.validation.inputs[:2].copy())).shape == (2, 10)
    assert cost_for(space, architecture, data).parameter_count == count_parameters(network)


def test_a_table_gives_its_features_and_classes(rng: np.random.Generator) -> None:
    data = from_arrays(rng.normal(size=(90, 7)), np.arange(90) % 3)
    space = load("tabular_mlp")
    architecture = sample(space, rng)
    assert build_for(space, architecture, data)(torch.randn(4, 7)).shape == (4, 3)


def test_text_gives_its_vocabulary_to_a_transformer(rng: np.random.Generator) -> None:
    data, space = load_task("tiny_shakespeare"), load("transformer", vocabulary=7, context=16)
    network = build_for(space, sample(space, rng), data)
    assert network(torch.randint(65, (2, 16))).shape == (2, 16, 65)


@pytest.mark.parametrize("name", ["darts_rnn", "enas_rnn"])
def test_a_recurrent_cell_gets_an_embedding_and_an_answer_around_it(name: str, rng: np.random.Generator) -> None:
    data, space = load_task("tiny_shakespeare"), small(name)
    architecture = sample(space, rng)
    network = build_for(space, architecture, data, seed=0)
    assert isinstance(network, LanguageModel)
    tokens = torch.randint(65, (2, 6))
    logits, hidden = network(tokens)
    assert logits.shape == (2, 6, 65)
    first, between = network(tokens[:, :3])
    second, last = network(tokens[:, 3:], between)
    assert torch.allclose(torch.cat([first, second], dim=1), logits, atol=1e-6)
    assert torch.allclose(last, hidden, atol=1e-6)
    assert cost_for(space, architecture, data) == (count_parameters(network), count_macs(network, tokens[:1, :1]))


def test_a_recurrent_cell_must_give_back_what_it_got() -> None:
    cell = (Graph().input("x", "h").node("both", ["x", "h"], merge="concat", op=op("dense", channels=values(4, 8))))
    space = SearchSpace("narrowing", cell, dimensions=0, resolution=1, input_channels=(8, 8))
    with pytest.raises(InvalidSpace, match="as wide as it got, 8, and 'narrowing' gives 4"):
        build_for(space, {"both.dense.channels": 4}, load_task("tiny_shakespeare"))


@pytest.mark.parametrize(("space", "task", "message"), [
    (load("tabular_mlp"), load_task("digits"), "networks of 'tabular_mlp' read rows of numbers, and the task 'digits' has images of 1×8×8"),
    (chain(), load_task("breast_cancer"), "networks of 'chain' read images, and the task 'breast_cancer' has rows of 30 numbers"),
    (chain(), load_task("tiny_shakespeare"), "read images, and the task 'tiny_shakespeare' has text"),
    (load("darts_rnn"), load_task("digits"), "networks of 'darts_rnn' read 2 inputs at once"),
    (replace(chain(), resolution=values(16, 32)), load_task("digits"), "chooses its resolution, and the images of 'digits' have one, 8"),
])
def test_what_does_not_meet_is_refused(space: SearchSpace, task: Task, message: str) -> None:
    with pytest.raises(InvalidSpace, match=message):
        fit(space, task)


def test_a_network_must_end_in_a_linear_operation() -> None:
    space = SearchSpace("open", Graph().input("image").node("pool", ["image"], op="global_pool"))
    with pytest.raises(InvalidSpace, match=r"must end in a linear operation.*its last node 'pool' carries global_pool"):
        fit(space, load_task("digits"))


def test_what_a_search_asks_before_it_begins_needs_no_torch() -> None:
    """A search over a table must not wait for torch."""
    program = ("import sys; from nas_explorer import estimators, models, tasks; from nas_explorer.spaces import chain; estimators.names(); "
               "models.fit(chain(), tasks.load('digits')); estimators.make('training').check_space(chain()); "
               "sys.exit('torch' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
