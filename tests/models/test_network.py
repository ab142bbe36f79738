"""The network of an architecture: counted against published networks and torch, and the same whatever is left out of the run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from nas_explorer.estimators.nas_bench_201 import CLASSES, DATASETS
from nas_explorer.estimators.tabular import Tabular
from nas_explorer.models.counting import count_macs, count_parameters
from nas_explorer.models.network import Bank, Network, build, run
from nas_explorer.models.program import program
from nas_explorer.spaces import Plan, SearchSpace, cost, load, mutate, nas_bench_201, plan, sample, trace
from nas_explorer.spaces.library.nas_bench_201 import EDGES
from nas_explorer.spaces.primitives import PRIMITIVES
from tests.models.conftest import NAMES, inputs, small
from tests.spaces.test_papers import genotype

DARTS_V2 = {"normal": (("sep_conv_3x3", 0, "sep_conv_3x3", 1), ("sep_conv_3x3", 0, "sep_conv_3x3", 1),
                       ("sep_conv_3x3", 1, "skip", 0), ("skip", 0, "dil_conv_3x3", 2)),
            "reduce": (("max_pool_3x3", 0, "max_pool_3x3", 1), ("skip", 2, "max_pool_3x3", 1),
                       ("max_pool_3x3", 0, "skip", 2), ("skip", 2, "max_pool_3x3", 1))}


def macs_that_run(steps: Plan) -> int:
    """The closed form of those operations that the output needs."""
    return sum(PRIMITIVES[item.step.name].cost(steps.steps[item.sources[0]].shape, item.step.shape, item.step.stride,
                                               **dict(item.step.params))[1]
               for item in program(steps) if item.step.kind == "op")


@pytest.mark.parametrize("name", NAMES)
def test_the_closed_form_is_what_torch_counts_in_every_ready_space(name: str, rng: np.random.Generator) -> None:
    space = small(name)
    for _ in range(3):
        architecture = sample(space, rng)
        steps = plan(space, architecture)
        network = Network(steps)
        assert count_parameters(network) == steps.cost().parameter_count
        macs = count_macs(network, *inputs(space, architecture, batch=1))
        assert macs == macs_that_run(steps)
        if len(program(steps)) == len(steps.steps):
            assert macs == steps.cost().macs


@pytest.mark.parametrize("dataset", DATASETS)
def test_nas_bench_201_has_the_parameters_and_macs_of_the_published_table(dataset: str, rng: np.random.Generator) -> None:
    """17 cells a data set: torch's count equals the table's parameters, and its MACs where every operation counts."""
    table = Tabular(dataset=dataset)
    resolution = 16 if dataset == "imagenet16_120" else 32
    space = nas_bench_201(classes=CLASSES[dataset], resolution=resolution)
    for index in rng.choice(15_625, 17, replace=False).tolist():
        architecture = table.architecture(index)
        network = build(space, architecture)
        assert count_parameters(network) == table.column("parameter_count")[index]
        assert cost(space, architecture).macs == table.column("macs")[index]
        if len(program(network.plan)) == len(network.plan.steps):
            assert count_macs(network, torch.zeros(1, 3, resolution, resolution)) == table.column("macs")[index]


def test_published_networks_have_their_published_parameters() -> None:
    assert count_parameters(build(load("efficientnet", searched=False), {})) == 5_288_548
    assert count_parameters(build(load("mobilenet_v2", searched=False), {})) == 3_504_872
    assert count_parameters(build(load("darts"), genotype(DARTS_V2))) == 3_349_342


@pytest.mark.parametrize("name", ["nas_bench_201", "enas_macro", "nas_bench_101", "tabular_mlp", "zoph_le"])
def test_what_is_left_out_of_a_run_changes_nothing(name: str, rng: np.random.Generator) -> None:
    """Run again with every step, zeros added where they are zero: equal to the last bit."""
    space = small(name)
    for _ in range(4):
        architecture = sample(space, rng)
        network = Network(plan(space, architecture)).eval()
        x = inputs(space, architecture)
        assert torch.equal(network(*x), every_step(network, x))


def every_step(network: Network, given: list[torch.Tensor]) -> torch.Tensor:
    values: list[torch.Tensor] = []
    queue = iter(given)
    for step in network.plan.steps:
        sources = [values[source] for source in step.sources]
        match step.kind:
            case "input":
                values.append(next(queue))
            case "op":
                values.append(network.bank[step.key](sources[0]))
            case "zero":
                size = [len(sources[0]), step.shape.channels, *(step.shape.size,) * step.shape.dimensions]
                values.append(torch.zeros(size))
            case _ if step.name == "concat":
                values.append(torch.cat(sources, dim=1))
            case _:
                values.append(sum(sources[1:], start=sources[0]))
    return values[-1]


def test_dead_branches_are_built_and_counted_but_not_trained() -> None:
    space = small("nas_bench_201")
    architecture = {**dict.fromkeys(EDGES, "none"), "cell/0→1": "conv_3x3", "cell/0→3": "skip"}
    network = build(space, architecture)
    network(torch.randn(2, 3, 32, 32)).sum().backward()
    dead = {key for key, parameter in network.named_parameters() if parameter.grad is None}
    assert dead
    assert all("cell/0→1|conv_3x3" in key for key in dead)


def test_a_seed_fixes_the_weights_and_leaves_torch_s_generator_alone() -> None:
    space = small("nas_bench_201")
    architecture = dict.fromkeys(EDGES, "conv_3x3")
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    one, other, third = (build(space, architecture, seed).state_dict() for seed in (1, 1, 2))
    assert torch.equal(torch.rand(1), expected)
    assert all(torch.equal(one[key], other[key]) for key in one)
    assert any(not torch.equal(one[key], third[key]) for key in one)


def test_neighbours_share_keys_where_they_share_operations(rng: np.random.Generator) -> None:
    """So a child can take its parent's weights by `load_state_dict(strict=False)`."""
    space = small("nas_bench_201")
    parent = sample(space, rng)
    child = mutate(space, parent, rng)
    (changed,) = [edge for edge in EDGES if parent[edge] != child[edge]]
    only_one_has = set(build(space, parent).state_dict()) ^ set(build(space, child).state_dict())
    assert all(changed in key for key in only_one_has)


def test_one_hot_weights_make_a_supernet_the_network_of_one_architecture(rng: np.random.Generator) -> None:
    space = small("nas_bench_201")
    everything = trace(space, lambda _, options: tuple(range(len(options))))
    bank = Bank(affine=False)
    bank.hold(everything)
    bank.double().eval()
    x = torch.randn(2, 3, 32, 32, dtype=torch.float64)
    for _ in range(3):
        architecture = sample(space, rng)
        weights = {edge: one_hot(space, edge, str(architecture[edge])) for edge in EDGES}
        mixed = run(program(everything), bank, [x], weights)
        assert torch.allclose(mixed, run(program(plan(space, architecture)), bank, [x]), atol=1e-10)


def one_hot(space: SearchSpace, edge: str, option: str) -> torch.Tensor:
    from nas_explorer.spaces import decisions

    options = next(decision.options for decision in decisions(space) if decision.id == edge)
    return torch.tensor([float(label == option) for label in options], dtype=torch.float64)


def test_a_plan_frees_every_value_after_its_last_reader(rng: np.random.Generator) -> None:
    space = small("darts")
    runs = program(plan(space, sample(space, rng)))
    freed = [source for item in runs for source in item.frees]
    assert len(freed) == len(set(freed))
    assert set(freed) == {source for item in runs for source in item.sources}
    for i, item in enumerate(runs):
        assert not {source for later in runs[i + 1:] for source in later.sources} & set(item.frees)


def test_an_odd_image_keeps_its_sides_through_every_stage(rng: np.random.Generator) -> None:
    for name in ("nas_bench_201", "darts", "enas_micro"):
        space = replace(small(name), resolution=7)
        architecture = sample(space, rng)
        assert build(space, architecture).eval()(torch.randn(1, 3, 7, 7)).shape == (1, 10)
