"""The fast mixture is the plain one: equal outputs, gradients and running averages, in float64, for any space."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nas_explorer.errors import InvalidOption, InvalidSpace, ShapeError
from nas_explorer.models.mixing.depthwise import Depthwise
from nas_explorer.models.mixing.layouts import channels_last, fold, split
from nas_explorer.models.mixing.normed import Normed
from nas_explorer.models.mixing.norms import statistics
from nas_explorer.models.mixing.weighted_sum import WeightedSum
from nas_explorer.models.supernet import ChosenWeights, Supernet
from nas_explorer.spaces import SearchSpace, decisions, load, nas_bench_201, sample, to_indices
from tests.models.test_supernet import SMALL, batch, drawn_alphas, one_hot, small_space, softmaxed
from tests.spaces.random_spaces import random_space

MIXING = [name for name in SMALL if name != "chain"]


def images(*size: int, seed: int = 0) -> Tensor:
    x = torch.randn(*size, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return channels_last(x).requires_grad_()


def gradients(result: Tensor, of: list[Tensor]) -> list[Tensor]:
    found = torch.autograd.grad(result.square().sum(), of, allow_unused=True)
    return [torch.zeros_like(x) if g is None else g for x, g in zip(of, found, strict=True)]


def largest_difference(ours: list[Tensor], theirs: list[Tensor]) -> float:
    """Of the largest number there is."""
    scale = max(1.0, max(float(b.detach().abs().max()) for b in theirs))
    return max(float((a - b).detach().abs().max()) for a, b in zip(ours, theirs, strict=True)) / scale


def both_ways(supernet: Supernet, alphas: dict[str, Tensor], x: list[Tensor], of: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
    """Output, gradients and running averages: the plain way first, then the fast one, from the same start."""
    found = []
    start = {key: value.clone() for key, value in supernet.state_dict().items()}
    for supernet.twice in (True, False):
        supernet.load_state_dict(start)
        result = supernet.mixed(softmaxed(alphas), *x)
        averages = [value.double().clone() for key, value in supernet.state_dict().items() if "running" in key or "tracked" in key]
        found.append([result, *gradients(result, of), *averages])
    return found[1], found[0]


# ---- the whole mixture

@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", MIXING)
def test_the_fast_mixture_is_the_plain_one(name: str, training: bool) -> None:
    space = small_space(name)
    supernet, alphas, x = Supernet(space, affine=False, seed=1, norm_pools=True).double().train(training), drawn_alphas(space), batch(space)
    ours, plain = both_ways(supernet, alphas, x, [*supernet.parameters(), *alphas.values()])
    assert largest_difference(ours, plain) < 1e-10


def test_it_is_for_random_drawings() -> None:
    """Cells in cells, repeats, picks, optional edges, all merges: 25 drawings; seed 8."""
    rng, mixing = np.random.default_rng(8), 0
    for _ in range(25):
        space = random_space(rng)
        try:
            supernet = Supernet(space, affine=False, seed=1).double()
            supernet.mixture()
        except (ShapeError, InvalidSpace):
            continue
        mixing += 1
        alphas = drawn_alphas(space)
        ours, plain = both_ways(supernet, alphas, batch(space), [*supernet.parameters(), *alphas.values()])
        assert largest_difference(ours, plain) < 1e-9
    assert mixing > 8


@pytest.mark.parametrize("name", ["darts", "nas_bench_201", "enas_macro"])
def test_forgetting_changes_nothing_but_the_memory(name: str) -> None:
    space = small_space(name)
    supernet, alphas, x = Supernet(space, affine=False, seed=1, norm_pools=True).double(), drawn_alphas(space), batch(space)
    supernet.forget = True
    ours, plain = both_ways(supernet, alphas, x, [*supernet.parameters(), *alphas.values()])
    assert largest_difference(ours, plain) < 1e-10


def test_frozen_weights_or_alphas_leave_the_other_gradient_as_it_is() -> None:
    space = small_space("darts")
    supernet, alphas, x = Supernet(space, affine=False, seed=1).double(), drawn_alphas(space), batch(space)
    weights, of_alphas = list(supernet.parameters()), list(alphas.values())
    together = gradients(supernet.mixed(softmaxed(alphas), *x), [*weights, *of_alphas])
    supernet.requires_grad_(False)
    assert largest_difference(gradients(supernet.mixed(softmaxed(alphas), *x), of_alphas), together[len(weights):]) < 1e-12
    supernet.requires_grad_(True)
    fixed = {key: value.detach() for key, value in softmaxed(alphas).items()}
    assert largest_difference(gradients(supernet.mixed(fixed, *x), weights), together[:len(weights)]) < 1e-12


def test_alpha_gradients_are_those_of_central_differences() -> None:
    space = small_space("darts")
    supernet, alphas, x = Supernet(space, affine=False, seed=1, norm_pools=True).double(), drawn_alphas(space), batch(space)

    def loss() -> Tensor:
        return supernet.mixed(softmaxed(alphas), *x).square().mean()

    found = torch.autograd.grad(loss(), list(alphas.values()))
    rng = np.random.default_rng(0)
    for key in rng.choice(list(alphas), 6, replace=False):
        at, alpha = 1, alphas[key]
        with torch.no_grad():
            alpha[at] += 1e-6
            above = loss().item()
            alpha[at] -= 2e-6
            below = loss().item()
            alpha[at] += 1e-6
        gradient = found[list(alphas).index(key)][at].item()
        assert (above - below) / 2e-6 == pytest.approx(gradient, rel=1e-4, abs=1e-8)


@pytest.mark.parametrize("name", MIXING)
def test_chosen_options_of_weight_one_are_the_single_path(name: str, rng: np.random.Generator) -> None:
    space = small_space(name)
    supernet, x = Supernet(space, affine=False, seed=1).double(), batch(space)
    for _ in range(3):
        architecture = sample(space, rng)
        indices = to_indices(space, architecture)
        places = {decision.id: place for decision, place in zip(decisions(space), indices, strict=True) if place >= 0}
        chosen = supernet.mixed(ChosenWeights(one_hot(space, architecture), places), *x)
        assert (chosen - supernet.single(architecture, *x)).abs().max() < 1e-10


def test_what_was_not_chosen_gets_no_gradient() -> None:
    space = small_space("nas_bench_201")
    supernet, (x,) = Supernet(space, affine=False, seed=1).double(), batch(space)
    alphas = drawn_alphas(space)
    places = dict.fromkeys(alphas, 3)                                   # conv_3x3 on every edge
    supernet.mixed(ChosenWeights(softmaxed(alphas), places), x).sum().backward()
    trained = {key for key, module in supernet.bank.items() if any(p.grad is not None for p in module.parameters())}
    assert not [key for key in trained if "conv_1x1" in key]
    assert all(alpha.grad is not None for alpha in alphas.values())


def test_norms_with_a_scale_are_left_to_torch() -> None:
    space = small_space("nas_bench_201")
    supernet, alphas, x = Supernet(space, affine=True, seed=1).double(), drawn_alphas(space), batch(space)
    ours, plain = both_ways(supernet, alphas, x, [*supernet.parameters(), *alphas.values()])
    assert largest_difference(ours, plain) < 1e-10


def test_a_batch_that_a_norm_cannot_use_is_refused_in_words() -> None:
    space = replace(small_space("nas_bench_201"), resolution=4)         # 1x1 in the last stage
    supernet = Supernet(space, affine=False)
    with pytest.raises(ValueError, match=r"(?i)more than (one number a|1 value per) channel"):
        supernet.mixed({}, torch.zeros(1, 3, 4, 4))


# ---- a part of the channels

def partial(name: str) -> Supernet:
    space: SearchSpace = {"darts": lambda: load("darts", channels=4, layers=3, with_none=True),
                          "nas_bench_201": lambda: nas_bench_201(channels=4, cells=1)}[name]()
    return Supernet(replace(space, resolution=8), affine=False, seed=1, norm_pools=True, partial=4).double()


@pytest.mark.parametrize("name", ["darts", "nas_bench_201"])
def test_partial_channels_mix_alike_both_ways_and_edges_have_strengths(name: str) -> None:
    supernet = partial(name)
    alphas = drawn_alphas(supernet.space)
    betas = {key: torch.randn(len(edges), dtype=torch.float64).requires_grad_() for key, edges in supernet.edge_groups.items()}
    mixed = {**{key: a for key, a in alphas.items() if not key.endswith(".inputs")}, **betas}
    ours, plain = both_ways(supernet, mixed, batch(supernet.space), [*supernet.parameters(), *betas.values()])
    assert largest_difference(ours, plain) < 1e-10
    assert all(g.abs().max() > 0 for g in ours[1 + len(list(supernet.parameters())):][:len(betas)])


def test_three_quarters_of_the_channels_pass_and_are_shuffled() -> None:
    """An edge of nothing but skips of weight 1: the channels come out as they went in, dealt out anew."""
    space = nas_bench_201(channels=4, cells=1, resolution=8)
    supernet = Supernet(space, affine=False, seed=1, partial=4).double()
    edges = {decision.id: decision.options.index("skip") for decision in decisions(space)}
    x = batch(space)
    assert supernet.single(dict.fromkeys(edges, "skip"), *x).shape == (3, 10)
    assert supernet.edge_groups == {"cell/2.edges": ("cell/0→2", "cell/1→2"), "cell/3.edges": ("cell/0→3", "cell/1→3", "cell/2→3")}
    with pytest.raises(InvalidOption, match="holds no whole network; train the architecture anew"):
        supernet.extract(dict.fromkeys(edges, "skip"))


def test_a_part_that_does_not_divide_the_channels_is_refused() -> None:
    with pytest.raises(InvalidSpace, match="no edge whose operations keep a number of channels that 3 divides"):
        Supernet(nas_bench_201(channels=4, cells=1), affine=False, partial=3)


# ---- the pieces

@pytest.mark.parametrize(("side", "stride", "dilation"), [(3, 1, 1), (5, 1, 1), (3, 1, 2), (5, 1, 2), (3, 2, 1), (5, 2, 1), (7, 1, 1)])
@pytest.mark.parametrize("size", [(8, 8), (12, 12), (7, 7), (4, 4), (6, 5)])
def test_the_depthwise_convolution_has_torch_s_gradients(side: int, stride: int, dilation: int, size: tuple[int, int]) -> None:
    x, kernel = images(2, 6, *size), images(6, 1, side, side, seed=1)
    settings = stride, dilation * (side - 1) // 2, dilation
    ours, theirs = Depthwise.apply(x, kernel, *settings), F.conv2d(x, kernel, None, *settings, groups=6)
    assert torch.equal(ours, theirs)
    assert largest_difference(gradients(ours, [x, kernel]), gradients(theirs, [x, kernel])) < 1e-12


@pytest.mark.parametrize("size", [(4, 6, 8, 8), (3, 16, 4, 4), (2, 80, 3, 3), (5, 3, 1, 1)])
def test_statistics_are_mean_and_variance(size: tuple[int, int, int, int]) -> None:
    x = images(*size)
    mean, variance = statistics(x)
    assert torch.allclose(mean, x.mean((0, 2, 3)), atol=1e-12)
    assert torch.allclose(variance, x.var((0, 2, 3), correction=0), atol=1e-12)


def test_folding_and_splitting_only_move_numbers() -> None:
    x = images(2, 3, 4, 4).detach()
    folded, pieces = fold(x, 2), split(x)
    assert torch.equal(folded[:, :3], x[..., ::2])
    assert torch.equal(folded[:, 3:], x[..., 1::2])
    assert torch.equal(pieces[2:, :3], x[..., 1::2, ::2])                # odd rows are the second half of the images


@pytest.mark.parametrize("relu", [True, False])
def test_a_norm_with_a_relu_is_both(relu: bool) -> None:
    y = images(4, 6, 4, 4)
    theirs = F.batch_norm(y, None, None, training=True)
    theirs = F.relu(theirs) if relu else theirs
    ours, mean, _ = Normed.apply(y, 1e-5, relu)
    assert not mean.requires_grad
    assert largest_difference([ours, *gradients(ours, [y])], [theirs, *gradients(theirs, [y])]) < 1e-12


def test_a_weighted_sum_normalises_what_it_is_told_to() -> None:
    values = [images(4, 6, 4, 4, seed=seed) for seed in range(3)]
    strengths = torch.tensor([0.5, 1.0, -2.0], dtype=torch.float64, requires_grad=True)
    ours, *seen = WeightedSum.apply(strengths, (None, 1e-5, 1e-5), *values)
    normal = [values[0], *(nn.functional.batch_norm(y, None, None, training=True) for y in values[1:])]
    theirs = sum((w * y for w, y in zip(strengths, normal, strict=True)), start=torch.zeros((), dtype=torch.float64))
    assert len(seen) == 4
    assert largest_difference([ours, *gradients(ours, [strengths, *values])], [theirs, *gradients(theirs, [strengths, *values])]) < 1e-12
