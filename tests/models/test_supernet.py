"""Shared weights: a path is its network alone, to the last bit; a mixture is the sum written by hand."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from nas_explorer.errors import InvalidArchitecture, InvalidSpace, ShapeError, UnknownName
from nas_explorer.models.network import Network
from nas_explorer.models.registry import operation
from nas_explorer.models.shared_plans import shared_plans
from nas_explorer.models.supernet import MAX_PROGRAMS, Supernet
from nas_explorer.spaces import (
    Architecture,
    Graph,
    SearchSpace,
    Shape,
    chain,
    choice,
    decisions,
    enumerate_architectures,
    load,
    nas_bench_201,
    op,
    optional,
    plan,
    sample,
    values,
)
from nas_explorer.spaces.library.nas_bench_201 import EDGES
from tests.models.conftest import NAMES, small
from tests.spaces.random_spaces import random_space

SIDE = 8
SMALL: dict[str, Callable[[], SearchSpace]] = {
    "nas_bench_201": lambda: nas_bench_201(channels=4, cells=1),
    "darts": lambda: load("darts", channels=4, layers=3, with_none=True),
    "enas_macro": lambda: load("enas_macro", layers=4, channels=4),
    "enas_micro": lambda: load("enas_micro", channels=4, layers=1, blocks=3),
    "enas_rnn": lambda: load("enas_rnn", nodes=5, hidden=6),
    "darts_rnn": lambda: load("darts_rnn", nodes=4, hidden=6),
    "nas_bench_101": lambda: load("nas_bench_101", vertices=5, channels=4, stacks=2, cells=1),
    "chain": lambda: chain(widths=(4, 6)),
}
Weights = dict[str, Tensor]


def small_space(name: str) -> SearchSpace:
    space = SMALL[name]()
    return space if space.dimensions == 0 else replace(space, resolution=SIDE)


def batch(space: SearchSpace) -> list[Tensor]:
    generator = torch.Generator().manual_seed(0)
    sides = (SIDE,) * space.dimensions
    return [torch.randn(3, channels, *sides, generator=generator, dtype=torch.float64) for channels in space.input_channels]


def doubled(space: SearchSpace, affine: bool = True) -> Supernet:
    return Supernet(space, affine, seed=1).double()


def alone(supernet: Supernet, architecture: Architecture) -> Network:
    """A network that was built without the supernet, and then got the shared weights by their names."""
    network = Network(plan(supernet.space, architecture), supernet.bank.affine).double()
    shared = supernet.state_dict()
    network.load_state_dict({key: shared[key].clone() for key in network.state_dict()})
    return network.train(supernet.training)


# ---- single paths

@pytest.mark.parametrize("name", SMALL)
def test_a_path_is_its_network_alone_to_the_last_bit_in_outputs_and_gradients(name: str, rng: np.random.Generator) -> None:
    space = small_space(name)
    supernet, x = doubled(space), batch(space)
    for _ in range(4):
        architecture = sample(space, rng)
        network = alone(supernet, architecture)
        supernet.zero_grad()
        ours, theirs = supernet.single(architecture, *x), network(*x)
        ours.square().sum().backward()
        theirs.square().sum().backward()
        assert (ours - theirs).abs().max() == 0.0
        wanted = dict(network.named_parameters())
        for key, parameter in supernet.named_parameters():
            gradient = wanted[key].grad if key in wanted else None
            assert (parameter.grad is None) == (gradient is None), key
            if gradient is not None and parameter.grad is not None:
                assert (parameter.grad - gradient).abs().max() == 0.0, key


def test_weights_off_the_path_get_no_gradient() -> None:
    """Neither other operations nor one on a dead branch: nobody reads node 1."""
    space = small_space("nas_bench_201")
    supernet = doubled(space)
    cell = {**dict.fromkeys(EDGES, "none"), "cell/0→1": "conv_3x3", "cell/0→3": "conv_1x1"}
    supernet.single(cell, *batch(space)).sum().backward()
    trained = {key for key, module in supernet.bank.items() if any(p.grad is not None for p in module.parameters())}
    assert {key.partition("(")[0] for key in trained if "/cell/" in key} == {f"stage{stage}[0]/cell/0→3|conv_1x1" for stage in (1, 2, 3)}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("mobilenet_v2", "nasnet", "tabular_mlp", "zoph_le")])
def test_every_ready_space_shares_weights_among_all_its_architectures(name: str, rng: np.random.Generator) -> None:
    space = small(name)
    held = {step.key for part in shared_plans(space) for step in part.steps if step.kind == "op"}
    for _ in range(20):
        assert {step.key for step in plan(space, sample(space, rng)).steps if step.kind == "op"} <= held


@pytest.mark.parametrize("name", ["mobilenet_v2", "nasnet", "tabular_mlp", "zoph_le"])
def test_where_shapes_hang_on_many_decisions_the_architectures_are_named(name: str, rng: np.random.Generator) -> None:
    space = small(name)
    with pytest.raises(ShapeError, match=r"depend on too many decisions .* name the architectures that are to share weights"):
        Supernet(space)
    given = [sample(space, rng) for _ in range(3)]
    supernet = Supernet(space, architectures=given).eval()
    network = supernet.extract(given[2])
    side = space.resolution if isinstance(space.resolution, int) else 32
    x = [torch.randn(1, channels, *(side,) * space.dimensions) for channels in space.input_channels]
    assert torch.equal(supernet.single(given[2], *x), network(*x))
    with pytest.raises(ShapeError, match="cannot mix: it holds the architectures that it was given"):
        supernet.mixed({}, *x)


def test_an_architecture_without_weights_can_be_held_later() -> None:
    space = chain(widths=(4, 6), resolution=SIDE)
    narrow, wide = (next(a for a in enumerate_architectures(space) if a["channels"] == width) for width in (4, 6))
    supernet = Supernet(space, architectures=[narrow])
    with pytest.raises(InvalidArchitecture, match=r"has no weights for 'stem\|.*3→6/1'; hold the architecture before you train"):
        supernet.single(wide, torch.zeros(1, 3, SIDE, SIDE))
    before = {id(parameter) for parameter in supernet.parameters()}
    new = supernet.hold([wide, narrow])
    assert {id(parameter) for parameter in new} == {id(parameter) for parameter in supernet.parameters()} - before
    assert supernet.single(wide, torch.zeros(1, 3, SIDE, SIDE)).shape == (1, 10)


def test_an_extracted_network_is_a_copy() -> None:
    space = small_space("nas_bench_201")
    supernet, x = doubled(space).eval(), batch(space)
    architecture = Architecture(dict.fromkeys(EDGES, "conv_3x3"))
    network = supernet.extract(architecture)
    before = supernet.single(architecture, *x)
    assert torch.equal(network(*x), before)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
    assert torch.equal(supernet.single(architecture, *x), before)


def test_a_copied_supernet_trains_alone() -> None:
    space = small_space("nas_bench_201")
    supernet, (x,) = doubled(space).eval(), batch(space)
    architecture = Architecture(dict.fromkeys(EDGES, "conv_1x1"))
    before = supernet.single(architecture, x)
    twin = copy.deepcopy(supernet)
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.mul_(0.5)
    assert torch.equal(supernet.single(architecture, x), before)
    assert not torch.equal(twin.single(architecture, x), before)


def test_programs_of_few_architectures_are_kept() -> None:
    space = chain(widths=(4,), resolution=4)
    supernet = Supernet(space)
    first, *others = itertools.islice(enumerate_architectures(space), MAX_PROGRAMS + 5)
    kept = supernet._program(first)
    assert supernet._program(dict(first)) is kept
    for architecture in others:
        supernet._program(architecture)
    assert len(supernet._programs) == MAX_PROGRAMS
    assert first not in supernet._programs


def test_a_seed_fixes_the_weights_and_leaves_torch_s_generator_alone() -> None:
    space = small_space("nas_bench_201")
    before = torch.get_rng_state()
    one, other, third = (Supernet(space, seed=seed).state_dict() for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(one[key], other[key]) for key in one)
    assert any(not torch.equal(one[key], third[key]) for key in one)


# ---- mixtures

def drawn_alphas(space: SearchSpace, seed: int = 0) -> Weights:
    generator = torch.Generator().manual_seed(seed)
    return {decision.id: torch.randn(len(decision.options), generator=generator, dtype=torch.float64).requires_grad_()
            for decision in decisions(space)}


def softmaxed(alphas: Weights) -> Weights:
    return {decision_id: values.softmax(0) for decision_id, values in alphas.items()}


def held(supernet: Supernet, place: str, label: str = "") -> nn.Module:
    """The one module at this place whose operation has this label."""
    (found,) = [module for key, module in supernet.bank.items()
                if key.startswith(f"{place}|") and (not label or key.startswith((f"{place}|{label}|", f"{place}|{label}(")))]
    return found


def check(ours: Tensor, wanted: Tensor, alphas: Weights) -> None:
    """Equal outputs, and equal gradients to every alpha: 1e-10 in float64."""
    assert (ours - wanted).abs().max() < 1e-10
    mine, theirs = (torch.autograd.grad(value.square().sum(), list(alphas.values()), retain_graph=True) for value in (ours, wanted))
    for decision_id, a, b in zip(alphas, mine, theirs, strict=True):
        assert b.abs().max() > 0, decision_id
        assert (a - b).abs().max() < 1e-10 * (1 + b.abs().max()), decision_id


def test_nas_bench_201_mixes_as_written_by_hand() -> None:
    space = small_space("nas_bench_201")
    supernet, alphas, (x,) = doubled(space), drawn_alphas(space), batch(space)
    p = softmaxed(alphas)
    h = held(supernet, "stem", "conv_3x3")(x)
    for stage in (1, 2, 3):
        states = [h]
        for node in (1, 2, 3):
            total = torch.zeros_like(h)
            for source in range(node):
                w, place, s = p[f"cell/{source}→{node}"], f"stage{stage}[0]/cell/{source}→{node}", states[source]
                total = total + (w[1] * s + w[2] * held(supernet, place, "conv_1x1")(s) + w[3] * held(supernet, place, "conv_3x3")(s)
                                 + w[4] * held(supernet, place, "avg_pool_3x3")(s))
            states.append(total)
        h = held(supernet, f"reduce{stage}", "resnet_block")(states[3]) if stage < 3 else states[3]
    wanted = held(supernet, "logits", "linear")(held(supernet, "last", "bn_relu")(h).mean((2, 3)))
    check(supernet.mixed(p, x), wanted, alphas)


@pytest.mark.parametrize("picks_have_weights", [True, False])
def test_darts_mixes_as_written_by_hand(picks_have_weights: bool) -> None:
    """With weights for the pick an edge counts P(it is among the two); without, fully, as DARTS searches."""
    space = small_space("darts")
    supernet, (x,) = doubled(space, affine=False), batch(space)
    options = {decision.id: [str(option) for option in decision.options] for decision in decisions(space)}
    alphas = {key: a for key, a in drawn_alphas(space).items() if picks_have_weights or not key.endswith(".inputs")}
    p = softmaxed(alphas)
    before = last = held(supernet, "stem", "conv_3x3")(x)
    for layer, kind in enumerate(("normal", "reduce", "reduce")):
        place = f"cell{layer}/{kind}/"
        states = [held(supernet, f"{place}k-2→0")(before), held(supernet, f"{place}k-1→1")(last)]
        for node in range(2, 6):
            edges = []
            for source in range(node):
                edge, s = f"{source}→{node}", states[source]
                mixed = torch.zeros(())
                for w, name in zip(p[f"{kind}/{edge}"], options[f"{kind}/{edge}"], strict=True):
                    if name == "skip" and (kind == "normal" or source >= 2):
                        mixed = mixed + w * s
                    elif name != "none":
                        mixed = mixed + w * held(supernet, place + edge, "project" if name == "skip" else name)(s)
                pick = f"{kind}/{node}.inputs"                               # node 2 has two inputs and keeps both
                if pick in p:
                    mixed = mixed * sum(p[pick][i] for i, pair in enumerate(options[pick]) if str(source) in pair.split("+"))
                edges.append(mixed)
            states.append(sum(edges[1:], start=edges[0]))
        before, last = last, torch.cat(states[2:], 1)
    wanted = held(supernet, "logits", "linear")(last.mean((2, 3)))
    check(supernet.mixed(p, x), wanted, alphas)


def test_enas_macro_mixes_as_written_by_hand() -> None:
    space = small_space("enas_macro")
    supernet, alphas, (x,) = doubled(space), drawn_alphas(space), batch(space)
    p = softmaxed(alphas)
    outputs, scale = [held(supernet, "layer0", "conv_3x3")(x)], [1]
    for i in range(1, 5):
        scale.append(scale[-1] * (2 if i in (2, 3) else 1))
        edge = f"layer{i - 1}→layer{i}"
        labels = ["conv_3x3", "enas_sep_conv_3x3", "conv_5x5", "enas_sep_conv_5x5", "avg_pool_3x3", "max_pool_3x3"]
        total = sum(w * held(supernet, edge, label)(outputs[-1]) for w, label in zip(p[edge], labels, strict=True))
        for j in range(i - 1):
            value = outputs[j] if scale[j] == scale[i] else held(supernet, f"layer{j}→layer{i}", "project")(outputs[j])
            total = total + p[f"layer{j}→layer{i}.on"][1] * value
        outputs.append(held(supernet, f"layer{i}", "bn")(total))
    wanted = held(supernet, "logits", "linear")(outputs[-1].mean((2, 3)))
    check(supernet.mixed(p, x), wanted, alphas)


def test_the_recurrent_cell_mixes_as_written_by_hand() -> None:
    """A node reads the expectation over its source; a loose end counts P(nobody reads it), and the mean divides by their sum."""
    space = small_space("enas_rnn")
    supernet, alphas, (x, h) = doubled(space), drawn_alphas(space), batch(space)
    p = softmaxed(alphas)
    nodes, unread = [], [torch.ones((), dtype=torch.float64)] * 5

    def highways(place: int, value: Tensor) -> Tensor:
        labels = ("tanh", "relu", "sigmoid", "identity")
        return sum((w * held(supernet, str(place), f"highway(activation={label})")(value)
                    for w, label in zip(p[f"{place}.highway.activation"], labels, strict=True)), start=torch.zeros(()))

    nodes.append(highways(1, held(supernet, "xh", "gate_in")(torch.cat([x, h], -1))))
    for place in range(2, 6):
        w = p.get(f"{place}.inputs", torch.ones(1, dtype=torch.float64))     # node 2 can only read node 1
        nodes.append(highways(place, sum((w[j] * nodes[j] for j in range(place - 1)), start=torch.zeros(()))))
        unread = [left * (1 - w[j]) if j < place - 1 else left for j, left in enumerate(unread)]
    wanted = sum((left * node for left, node in zip(unread, nodes, strict=True)), start=torch.zeros(())) / sum(unread)
    check(supernet.mixed(p, x, h), wanted, alphas)


def test_depth_mixes_as_an_expectation_over_repeats() -> None:
    network = (Graph().input("row").node("a", ["row"], op=op("dense", activation="tanh", channels=4))
               .node("b", ["a"], op=op("dense", activation=values("tanh", "relu")), repeat=values(1, 2, 3)))
    space = SearchSpace("depth", network, dimensions=0, resolution=1, input_channels=(4,))
    supernet, alphas, (x,) = doubled(space), drawn_alphas(space), batch(space)
    p = softmaxed(alphas)
    h, total = held(supernet, "a")(x), torch.zeros(())
    for copy_ in range(3):
        h = sum((w * held(supernet, f"b[{copy_}]", f"dense(activation={label})")(h)
                 for w, label in zip(p["b.dense.activation"], ("tanh", "relu"), strict=True)), start=torch.zeros(()))
        total = total + p["b.repeat"][copy_] * h
    check(supernet.mixed(p, x), total, alphas)


@pytest.mark.parametrize("name", [name for name in SMALL if name != "chain"])
def test_one_hot_weights_make_the_mixture_a_single_path(name: str, rng: np.random.Generator) -> None:
    space = small_space(name)
    supernet, x = doubled(space, affine=False).eval(), batch(space)
    for _ in range(4):
        architecture = sample(space, rng)
        assert (supernet.mixed(one_hot(space, architecture), *x) - supernet.single(architecture, *x)).abs().max() < 1e-10


def one_hot(space: SearchSpace, architecture: Architecture) -> Weights:
    return {decision.id: torch.tensor([float(architecture.get(decision.id) == option) for option in decision.options],
                                      dtype=torch.float64) for decision in decisions(space)}


def test_random_drawings_share_and_where_shapes_allow_mix() -> None:
    """Cells in cells, repeats, picks, optional edges, all merges: 30 drawings, 2 architectures each; seed 5."""
    rng = np.random.default_rng(5)
    mixing = 0
    for _ in range(30):
        space = random_space(rng)
        try:
            supernet = doubled(space, affine=False).eval()
        except ShapeError as error:
            assert "name the architectures" in str(error)              # noqa: PT017
            continue
        (x,) = batch(space)
        for _ in range(2):
            architecture = sample(space, rng)
            ours = supernet.single(architecture, x)
            assert torch.equal(ours, alone(supernet, architecture)(x))
            if supernet._mixture:
                mixing += 1
                assert (supernet.mixed(one_hot(space, architecture), x) - ours).abs().max() < 1e-10
    assert mixing > 20


def edits() -> Iterator[tuple[str, SearchSpace]]:
    base = nas_bench_201(channels=4, cells=1, resolution=SIDE)
    yield "a fifth node", base.edit("cell", lambda c: c.node("4", {"0": choice("skip", "none"), "3": op("conv", kernel=1)}))
    yield "a sixth operation", base.edit("cell", lambda c: c.edge("0", "3", choice("none", "skip", op("sep_conv", kernel=5))))
    yield "an optional edge", base.edit("cell", lambda c: c.edge("0", "1", optional(choice(op("conv", kernel=1), "skip"))))
    yield "parameters of operations", base.edit(
        "", lambda n: n.insert("more", "stage1", "reduce1", op=op("mbconv", kernel=values(3, 5), expand=values(1, 2))))
    yield "a node that picks", base.edit("cell", lambda c: c.node("4", ["0", "1", "2", "3"], pick=2))
    yield "a wider node", base.edit("cell", lambda c: c.change("2", channels="2C"))
    yield "a cell as an option", base.edit(
        "", lambda n: n.change("stage2", op=choice(op("cell", channels="2C"), op("resnet_block", channels="2C"))))
    yield "copies that decide alone", base.edit("", lambda n: n.change("stage1", shared=False, repeat=values(1, 2)))
    yield "a join by projection", base.edit("cell", lambda c: c.change("3", merge="project"))


@pytest.mark.parametrize("space", [space for _, space in edits()], ids=[name for name, _ in edits()])
def test_an_edited_drawing_still_shares_and_mixes_with_a_gradient_for_every_alpha(space: SearchSpace, rng: np.random.Generator) -> None:
    supernet, (x,) = doubled(space), batch(space)
    for _ in range(3):
        architecture = sample(space, rng)
        assert torch.equal(supernet.single(architecture, x), alone(supernet, architecture)(x))
    alphas = drawn_alphas(space)
    supernet.mixed(softmaxed(alphas), x).sum().backward()
    assert [key for key, a in alphas.items() if a.grad is None] == []


# ---- what cannot be

def test_what_changes_shapes_cannot_mix_but_paths_run(rng: np.random.Generator) -> None:
    space = chain(widths=(4, 6), resolution=SIDE)
    supernet = Supernet(space)
    assert supernet.single(sample(space, rng), torch.zeros(2, 3, SIDE, SIDE)).shape == (2, 10)
    with pytest.raises(ShapeError, match="'chain' cannot mix: 'channels' changes shapes, so its 2 options cannot be mixed; sample single"):
        supernet.mixed({}, torch.zeros(2, 3, SIDE, SIDE))


def test_weights_that_are_not_the_decisions_are_refused() -> None:
    supernet, x = Supernet(small_space("nas_bench_201")), torch.zeros(1, 3, SIDE, SIDE)
    with pytest.raises(UnknownName, match=r"there is no decision 'cell/0→9'; did you mean"):
        supernet.mixed({"cell/0→9": torch.ones(5)}, x)
    with pytest.raises(ShapeError, match=r"weights of 'cell/0→1' must be 5 numbers, one for each of none, skip, .* got a tensor of \(4,\)"):
        supernet.mixed({"cell/0→1": torch.ones(4)}, x)


def test_an_architecture_of_another_space_is_refused() -> None:
    with pytest.raises(InvalidArchitecture, match="it offers none, skip"):
        Supernet(small_space("nas_bench_201")).single({"cell/0→1": "conv_7x7"}, torch.zeros(1, 3, SIDE, SIDE))


def test_a_space_without_a_choice_has_nothing_to_mix() -> None:
    space = SearchSpace("fixed", Graph().input("image").node("stem", ["image"], op=op("conv", channels=4)), resolution=SIDE)
    supernet = Supernet(space)
    assert supernet.single({}, torch.zeros(2, 3, SIDE, SIDE)).shape == (2, 4, SIDE, SIDE)
    with pytest.raises(InvalidSpace, match="cannot mix: 'fixed' has one architecture only, so there is nothing to mix; draw a choice"):
        supernet.mixed({}, torch.zeros(2, 3, SIDE, SIDE))


def test_an_operation_that_breaks_shapes_on_one_path_is_named() -> None:
    @operation("halving")
    def halving(source: Shape, result: Shape, stride: int) -> nn.Module:
        return nn.MaxPool2d(2)

    network = Graph().input("image").node("stem", ["image"], op=op("conv", channels=4)).node("a", {"stem": choice("skip", op("halving"))})
    supernet, x = Supernet(SearchSpace("broken", network, resolution=SIDE)), torch.zeros(2, 3, SIDE, SIDE)
    assert supernet.single({"stem→a": "skip"}, x).shape == (2, 4, SIDE, SIDE)
    for run in (lambda: supernet.single({"stem→a": "halving"}, x), lambda: supernet.mixed({}, x)):
        with pytest.raises(ShapeError, match=r"operation 'halving' at stem→a must give \(2, 4, 8, 8\), .* and gave \(2, 4, 4, 4\)"):
            run()
