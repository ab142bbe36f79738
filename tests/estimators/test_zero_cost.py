"""Zero-cost proxies: each equals its definition, worked out by hand, by brute force or by plain autograd."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nas_explorer.errors import InvalidArchitecture, InvalidMetric, InvalidOption, InvalidSpace
from nas_explorer.estimators.proxies import proxies
from nas_explorer.estimators.proxies.observation import scores
from nas_explorer.estimators.zero_cost import ZeroCost
from nas_explorer.models import build
from nas_explorer.spaces import Architecture, Cost, load, nas_bench_201, sample
from nas_explorer.spaces.library.nas_bench_201 import EDGES

CELLS = load("digits_cells")
ALIVE = Architecture({edge: "conv_3x3" if edge == "cell/0→3" else "skip" for edge in EDGES})
DEAD = Architecture(dict.fromkeys(EDGES, "none"))
NO_COST = Cost(0, 0)
GRADIENTS = ("snip", "grad_norm", "grasp", "fisher")


def small_network(*layers: nn.Module) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(4)
        for layer in layers:
            for parameter in layer.parameters():
                nn.init.normal_(parameter)
    return nn.Sequential(*layers).double()


def convolutional() -> nn.Module:
    return small_network(nn.Conv2d(2, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU(), nn.Conv2d(3, 4, 3, 2), nn.ReLU(),
                         nn.Flatten(), nn.Linear(16, 5))


def batch(count: int = 6) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    return torch.randn(count, 2, 6, 6, generator=generator, dtype=torch.float64), torch.arange(count) % 5


def scored(network: nn.Module, *names: str) -> dict[str, float]:
    return scores(network, *batch(), NO_COST, names)


def layers_of(network: nn.Module) -> list[nn.Module]:
    return [layer for layer in network.modules() if isinstance(layer, (nn.Conv2d, nn.Linear))]


def weights_of(network: nn.Module) -> list[nn.Parameter]:
    return [layer.get_parameter("weight") for layer in layers_of(network)]


@pytest.mark.parametrize("sizes", [(3, 4, 2), (5, 1, 7, 2)])
def test_synflow_of_a_linear_network_is_its_closed_form(sizes: tuple[int, ...]) -> None:
    """R = 1ᵀ |W_n| ... |W_1| 1, and every layer's |θ · ∂R/∂θ| sums to R."""
    network = small_network(*(nn.Linear(a, b, bias=False) for a, b in pairwise(sizes)))
    flow = np.ones(sizes[0])
    for weight in weights_of(network):
        flow = np.abs(weight.detach().numpy()) @ flow
    x = torch.zeros(2, sizes[0], dtype=torch.float64)
    found = scores(network, x, torch.tensor([0, 1]), NO_COST, ["synflow"])["synflow"]
    assert found == pytest.approx(math.log10(flow.sum() * (len(sizes) - 1)), rel=1e-14)


def test_synflow_passes_norms_by_and_leaves_the_weights_as_they_were() -> None:
    network = convolutional()
    before = {key: value.clone() for key, value in network.state_dict().items()}
    found = scored(network, "synflow")["synflow"]
    assert all(torch.equal(before[key], value) for key, value in network.state_dict().items())
    assert found == scored(nn.Sequential(*(layer for layer in network if not isinstance(layer, nn.BatchNorm2d))), "synflow")["synflow"]


def test_synflow_holds_what_single_precision_cannot() -> None:
    """1ᵀ (k J)^60 1 with J of ones, 10 wide: 10 · (10 k)^60, counted 60 times, some 10^122."""
    network = small_network(*(nn.Linear(10, 10, bias=False) for _ in range(60)))
    with torch.no_grad():
        for weight in weights_of(network):
            weight.fill_(-10.0)
    found = scores(network.float(), torch.zeros(2, 10), torch.tensor([0, 1]), NO_COST, ["synflow"])["synflow"]
    assert found == pytest.approx(math.log10(60 * 10) + 120, rel=1e-14)


def test_naswot_is_the_log_determinant_of_what_brute_force_counts() -> None:
    network, (x, _) = convolutional(), batch()
    codes = []
    value = x
    for layer in network:
        if isinstance(layer, nn.ReLU):
            codes.append((value > 0).flatten(1).numpy())
        value = layer(value)
    code = np.concatenate(codes, axis=1)
    kernel = np.array([[sum(a == b for a, b in zip(one, other, strict=True)) for other in code] for one in code], dtype=float)
    assert scored(network, "naswot")["naswot"] == pytest.approx(np.linalg.slogdet(kernel)[1], rel=1e-13)


def test_naswot_sees_relus_that_are_no_modules() -> None:
    class Plain(nn.Module):
        def __init__(self, layer: nn.Module) -> None:
            super().__init__()
            self.layer = layer

        def forward(self, x: Tensor) -> Tensor:
            return self.layer(F.relu(x)).mean(dim=(2, 3))

    convolution = nn.Conv2d(2, 5, 3).double()
    same = nn.Sequential(nn.ReLU(), convolution, nn.AdaptiveAvgPool2d(1), nn.Flatten())
    assert scored(Plain(convolution), "naswot") == scored(same, "naswot")


def test_gradient_proxies_are_what_autograd_gives_by_hand() -> None:
    network, (x, y) = convolutional(), batch()
    weights = weights_of(network)
    loss = F.cross_entropy(network(x), y)
    gradients = torch.autograd.grad(loss, weights, create_graph=True)
    flat = torch.cat([g.detach().flatten() for g in gradients])
    theta = torch.cat([w.detach().flatten() for w in weights])
    product = torch.autograd.grad(torch.cat([g.flatten() for g in gradients]) @ flat, weights)
    found = scored(network, *GRADIENTS)
    assert found["snip"] == pytest.approx(float((theta * flat).abs().sum()), rel=1e-12)
    assert found["grad_norm"] == pytest.approx(sum(float(g.detach().norm()) for g in gradients), rel=1e-12)
    assert found["grasp"] == pytest.approx(-float(theta @ torch.cat([h.flatten() for h in product])), rel=1e-10)


def test_grasp_s_hessian_agrees_with_differences_of_gradients() -> None:
    network, (x, y) = small_network(nn.Flatten(), nn.Linear(72, 5), nn.Tanh(), nn.Linear(5, 5)), batch()
    weights = weights_of(network)
    start = [weight.detach().clone() for weight in weights]
    along = torch.autograd.grad(F.cross_entropy(network(x), y), weights)
    step, moved = 1e-5, []
    for sign in (1, -1):
        with torch.no_grad():
            for weight, origin, direction in zip(weights, start, along, strict=True):
                weight.copy_(origin + sign * step * direction)
        moved.append(torch.autograd.grad(F.cross_entropy(network(x), y), weights))
    with torch.no_grad():
        for weight, origin in zip(weights, start, strict=True):
            weight.copy_(origin)
    expected = -sum(float((w * (up - down) / (2 * step)).sum()) for w, up, down in zip(start, *moved, strict=True))
    assert scored(network, "grasp")["grasp"] == pytest.approx(expected, rel=1e-6)


def test_fisher_is_the_loss_s_gradient_for_a_gate_on_every_channel() -> None:
    """∂L/∂gate is Σ over places of a · ∂L/∂a: asked of autograd for each example alone, on a network without batch norms."""
    network, (x, y) = small_network(nn.Conv2d(2, 3, 3), nn.ReLU(), nn.Flatten(), nn.Linear(48, 5)), batch()
    convolution, relu, flatten, linear = network
    expected = 0.0
    for image, label in zip(x, y, strict=True):
        gates = [torch.ones(1, 3, 1, 1, dtype=torch.float64, requires_grad=True), torch.ones(1, 5, dtype=torch.float64, requires_grad=True)]
        logits = gates[1] * linear(flatten(relu(gates[0] * convolution(image[None]))))
        loss = F.cross_entropy(logits, label[None]) / len(x)
        expected += sum(float(g.square().sum()) for g in torch.autograd.grad(loss, gates)) / 2 / len(x)
    assert scored(network, "fisher")["fisher"] == pytest.approx(expected, rel=1e-12)


def test_jacob_cov_of_a_linear_network_whose_examples_react_alike() -> None:
    """All Jacobians are equal, so all correlations are 1: one eigenvalue n, the others 0."""
    network, (x, _) = small_network(nn.Flatten(), nn.Linear(72, 5)), batch()
    n, k = len(x), 1e-5
    expected = -(math.log(n + k) + 1 / (n + k)) - (n - 1) * (math.log(k) + 1 / k)
    assert scored(network, "jacob_cov")["jacob_cov"] == pytest.approx(expected, rel=1e-6)


def test_jacob_cov_is_worked_out_from_each_example_s_own_gradient() -> None:
    network, (x, _) = small_network(nn.Conv2d(2, 3, 3), nn.ReLU(), nn.Flatten(), nn.Linear(48, 5)), batch()
    rows = [torch.autograd.functional.jacobian(lambda image: network(image[None]).sum(), image).flatten().numpy() for image in x]
    values = np.linalg.eigvalsh(np.corrcoef(np.stack(rows)))
    assert scored(network, "jacob_cov")["jacob_cov"] == pytest.approx(-(np.log(values + 1e-5) + 1 / (values + 1e-5)).sum(), rel=1e-9)


def test_proxies_together_have_the_values_that_they_have_alone() -> None:
    network = convolutional()
    names = [name for name in proxies() if name not in ("parameter_count", "macs")]
    together = scored(network, *names)
    assert together == {name: scored(network, name)[name] for name in names}


def test_a_network_without_relus_has_no_naswot_and_says_so() -> None:
    with pytest.raises(InvalidArchitecture, match="has no ReLU; take another proxy"):
        scored(small_network(nn.Flatten(), nn.Linear(72, 5), nn.Tanh(), nn.Linear(5, 5)), "naswot")


@pytest.mark.parametrize(("proxy", "message"), [
    ("synflow", "nothing flows through this network"),
    ("naswot", "switch alike for some examples"),
    ("jacob_cov", "no path of this network leads from one to the other"),
])
def test_a_dead_network_has_no_value_and_says_so(proxy: str, message: str) -> None:
    with pytest.raises(InvalidArchitecture, match=message):
        list(ZeroCost((proxy,)).for_space(CELLS).evaluate(DEAD))


@pytest.mark.parametrize("proxy", GRADIENTS)
def test_a_dead_network_still_has_gradients_at_its_end(proxy: str) -> None:
    (seen,) = ZeroCost((proxy,)).for_space(CELLS).evaluate(DEAD)
    assert math.isfinite(seen.values[proxy])


def test_counts_come_in_closed_form_without_a_network() -> None:
    (seen,) = ZeroCost(()).for_space(CELLS).evaluate(ALIVE)
    assert seen.values == {"parameter_count": sum(p.numel() for p in build(CELLS, ALIVE).parameters()), "macs": 135_840}


def test_the_seed_decides_the_weights_and_the_batch() -> None:
    values = [next(iter(ZeroCost(seed=seed).for_space(CELLS).evaluate(ALIVE))).values for seed in (0, 0, 1)]
    assert values[0] == values[1] != values[2]


def test_rows_and_spectrograms_are_scored_as_well() -> None:
    rng = np.random.default_rng(0)
    rows = load("tabular_mlp")
    (seen,) = ZeroCost(("snip", "synflow"), task="breast_cancer").for_space(rows).evaluate(sample(rows, rng))
    assert seen.values["snip"] > 0
    cells = nas_bench_201(channels=4, cells=1)
    (seen,) = ZeroCost(("naswot",), task="spoken_digits", batch_size=8).for_space(cells).evaluate(
        Architecture(dict.fromkeys(EDGES, "conv_1x1")))
    assert seen.values["naswot"] > 0


def test_what_cannot_be_scored_is_refused_before_a_search() -> None:
    with pytest.raises(InvalidOption, match="'tiny_shakespeare' is text"):
        ZeroCost(task="tiny_shakespeare")
    with pytest.raises(InvalidMetric, match="does not measure 'sinflow'; did you mean 'synflow'"):
        ZeroCost(("sinflow",))
    with pytest.raises(InvalidOption, match="batch_size must be a whole number of at least 2, got 1"):
        ZeroCost(batch_size=1)
    with pytest.raises(InvalidSpace, match="tabular_mlp"):
        ZeroCost().check_space(load("tabular_mlp"))
    with pytest.raises(InvalidOption, match=r"ZeroCost\(...\).for_space\(space\)"):
        next(ZeroCost().evaluate(ALIVE))


def test_a_search_may_ask_for_another_proxy() -> None:
    asked = ZeroCost(("naswot",)).for_space(CELLS).measuring(["snip", "macs"])
    (seen,) = asked.evaluate(ALIVE)
    assert list(seen.values) == ["naswot", "snip", "parameter_count", "macs"]
