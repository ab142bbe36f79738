"""Every primitive of the library has a builder, keeps the shape that the drawing promises, and costs what its closed form says."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch

from nas_explorer.errors import UnknownName
from nas_explorer.models import network as _network  # noqa: F401  (fills the register)
from nas_explorer.models.counting import count_macs, count_parameters, example
from nas_explorer.models.layers import ACTIVATIONS
from nas_explorer.models.registry import BUILDERS, build_module, result_size
from nas_explorer.spaces.plans import Step
from nas_explorer.spaces.primitives import PRIMITIVES
from nas_explorer.spaces.shapes import Shape

IMAGE = [(channels, size, stride) for channels, size, stride in itertools.product((6, 12), (8, 7), (1, 2))]
SETTINGS: dict[str, list[dict[str, Any]]] = {
    "conv": [{"kernel": 3}, {"kernel": 1}, {"kernel": 5, "order": "conv-bn-relu6"}, {"kernel": "3x5", "order": "conv"}, {"kernel": 2},
             {"kernel": 3, "groups": 3}, {"kernel": 3, "order": "silu-conv"},
             {"kernel": 3, "order": "conv-bias-relu"}, {"kernel": 3, "order": "bn-relu-conv"}],
    "sep_conv": [{"kernel": 3}, {"kernel": 5}], "enas_sep_conv": [{"kernel": 3}, {"kernel": 5}], "dil_conv": [{"kernel": 3}, {"kernel": 5}],
    "factorized_conv": [{"kernel": 3}, {"kernel": 7}], "avg_pool": [{"kernel": 3}, {"kernel": 2}],
    "max_pool": [{"kernel": 3}, {"kernel": 2}, {"kernel": 5}],
    "mbconv": [{"kernel": 3}, {"kernel": 5, "expand": 1, "se": 0}, {"kernel": 3, "expand": 3, "activation": "hardswish"}],
    "attention": [{"heads": 1}, {"heads": 3}], "mlp": [{"ratio": 1}, {"ratio": 4}], "linear": [{"bias": True}, {"bias": False}],
    "activation": [{"kind": "relu"}, {"kind": "identity"}],
    "highway": [{"activation": name} for name in ("tanh", "identity")],
}
KEEPS_CHANNELS = {"activation", "bn", "bn_relu", "layer_norm", "attention", "mlp", "highway", "pad"}
SEQUENCES = {"attention", "mlp", "layer_norm", "linear"}
ROWS = {"linear", "dense", "gate_in", "highway", "layer_norm"}
LIBRARY = sorted(BUILDERS)


def cases(name: str) -> list[tuple[Shape, Shape, int]]:
    """Source, result and stride that a drawing may give an operation."""
    if name == "embedding":
        return [(Shape(1, 1, 9, 1), Shape(6, 1, 9, 1), 1)]
    if name == "global_pool":
        return [(Shape(6, 2, size, 2), Shape(6, 2, 1, 0), 1) for size in (8, 7)]
    if name == "gate_in":
        return [(Shape(12, 1, 1, 0), Shape(6, 1, 1, 0), 1)]
    if name == "pad":
        return [(Shape(6, 2, 4, 2), Shape(6, 1, 8, 2), 1)]
    found = []
    if name in SEQUENCES:
        found.append((Shape(6, 1, 9, 1), Shape(6, 1, 9, 1), 1))
    if name in ROWS:
        found.append((Shape(6, 1, 1, 0), Shape(6 if name in KEEPS_CHANNELS else 10, 1, 1, 0), 1))
    if not found:
        for channels, size, stride in IMAGE:
            keeps = name in KEEPS_CHANNELS
            found.append((Shape(6, 1, size, 2), Shape(6 if keeps else channels, 1 if keeps else stride,
                                                     size if keeps else -(-size // stride), 2), 1 if keeps else stride))
    return found


def built(name: str) -> list[tuple[str, Shape, Shape, int, dict[str, Any]]]:
    return [(name, x, y, stride, {**PRIMITIVES[name].defaults, **params})
            for x, y, stride in cases(name) for params in SETTINGS.get(name, [{}])]


def test_every_primitive_of_the_library_has_a_builder() -> None:
    library = {name for name, primitive in PRIMITIVES.items() if primitive.cost.__module__ == "nas_explorer.spaces.operations"}
    assert library == set(BUILDERS)


@pytest.mark.parametrize("name", LIBRARY)
def test_an_operation_keeps_its_shape_and_costs_what_its_closed_form_says(name: str) -> None:
    for _, x, y, stride, params in built(name):
        module = build_module(Step("op", name, "place", (0,), y, tuple(params.items()), stride=stride), x)
        value = torch.zeros(2, x.size, dtype=torch.long) if name == "embedding" else torch.randn(example(x, 2).shape)
        assert tuple(module(value).shape) == result_size(2, y), (x, y, params)
        one = value[:1]
        assert (count_parameters(module), count_macs(module, one)) == PRIMITIVES[name].cost(x, y, stride, **params), (x, y, params)


def test_without_affine_no_batch_norm_learns() -> None:
    for name in LIBRARY:
        _, x, y, stride, params = built(name)[0]
        module = build_module(Step("op", name, "place", (0,), y, tuple(params.items()), stride=stride), x, affine=False)
        norms = [part for part in module.modules() if isinstance(part, torch.nn.BatchNorm2d)]
        assert all(part.weight is None for part in norms), name


@pytest.mark.parametrize(("name", "kernel"), [("avg_pool", 3), ("avg_pool", 5), ("max_pool", 2), ("max_pool", 3)])
def test_pools_look_only_at_the_image(name: str, kernel: int) -> None:
    """An average is taken over what is there, and a maximum of negative numbers is not the border's zero."""
    x = Shape(1, 1, 4, 2)
    module = build_module(Step("op", name, "place", (0,), x, (("kernel", kernel),)), x)
    assert torch.equal(module(torch.full((1, 1, 4, 4), -3.0)), torch.full((1, 1, 4, 4), -3.0))


def test_attention_does_not_look_ahead() -> None:
    x = Shape(8, 1, 6, 1)
    module = build_module(Step("op", "attention", "place", (0,), x, (("heads", 2),)), x)
    one = torch.randn(1, 6, 8)
    other = one.clone()
    other[:, 4:] = torch.randn(1, 2, 8)
    assert torch.allclose(module(one)[:, :4], module(other)[:, :4], atol=1e-6)
    assert not torch.allclose(module(one)[:, 4:], module(other)[:, 4:])


def test_a_gate_is_the_formula_of_the_paper() -> None:
    x = Shape(5, 1, 1, 0)
    module = build_module(Step("op", "highway", "place", (0,), x, (("activation", "relu"),)), x)
    h = torch.randn(3, 5)
    c, g = (h @ module.weights.weight.T).chunk(2, dim=1)
    assert torch.allclose(module(h), h + torch.sigmoid(c) * (torch.relu(g) - h), atol=1e-6)


def test_an_unknown_activation_is_refused_with_those_there_are() -> None:
    x = Shape(4, 1, 4, 2)
    with pytest.raises(UnknownName, match=r"there is no activation 'swosh'.*silu"):
        build_module(Step("op", "conv", "place", (0,), x, (("kernel", 1), ("groups", 1), ("order", "conv-swosh"))), x)
    assert "relu6" in ACTIVATIONS
