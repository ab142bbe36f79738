"""A user's own operation: registered in five lines, counted, and held to the shapes of the drawing."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from nas_explorer.errors import InvalidOption, ShapeError, UnknownName
from nas_explorer.models import build, count_macs, count_parameters, operation
from nas_explorer.models.registry import build_module
from nas_explorer.spaces import Graph, SearchSpace, choice, cost, op
from nas_explorer.spaces.plans import Step
from nas_explorer.spaces.shapes import Shape


@pytest.fixture(autouse=True)
def _shuffled_conv(_own_operations: None) -> None:
    operation("shuffled_conv", kernel=3)(shuffled_conv)


def shuffled_conv(source: Shape, result: Shape, stride: int, kernel: int) -> nn.Module:
    return nn.Sequential(nn.Conv2d(source.channels, result.channels, kernel, stride, kernel // 2), nn.ChannelShuffle(2))


def one_operation(what: Any, **fields: Any) -> SearchSpace:
    network = (Graph().input("image").node("only", ["image"], op=choice(what, "skip"), **fields)
               .node("pool", ["only"], op="global_pool").node("logits", ["pool"], op=op("linear", features=3)))
    return SearchSpace("one", network, resolution=8, input_channels=(4,))


def test_an_operation_without_a_cost_is_counted_on_its_module() -> None:
    space = one_operation(op("shuffled_conv", kernel=5))
    network = build(space, {"only.op": "shuffled_conv_5x5"})
    expected = cost(space, {"only.op": "shuffled_conv_5x5"})
    assert expected.parameter_count == count_parameters(network) == 4 * 4 * 25 + 4 + 15
    assert expected.macs == count_macs(network, torch.zeros(1, 4, 8, 8)) == 4 * 4 * 25 * 64 + 12


def test_a_given_closed_form_is_taken() -> None:
    @operation("free_lunch", cost=lambda *_: (0, 0))
    def free_lunch(*_: Any) -> nn.Module:
        return nn.Identity()

    assert cost(one_operation(op("free_lunch")), {"only.op": "free_lunch"}) == (15, 12)


def test_an_operation_that_changes_a_shape_it_must_keep_is_named_with_both_shapes() -> None:
    @operation("shrinking", cost=lambda *_: (0, 0))
    def shrinking(*_: Any) -> nn.Module:
        return nn.AvgPool2d(2)

    network = build(one_operation(op("shrinking")), {"only.op": "shrinking"})
    with pytest.raises(ShapeError, match=r"operation 'shrinking' at only must give \(1, 4, 8, 8\).*gave \(1, 4, 4, 4\)"):
        network(torch.zeros(1, 4, 8, 8))


def test_a_name_of_the_library_is_taken_and_one_s_own_may_be_written_again() -> None:
    with pytest.raises(InvalidOption, match="the library has an operation 'conv' already"):
        operation("conv")
    operation("shuffled_conv", kernel=3)(shuffled_conv)


def test_an_operation_without_a_builder_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownName, match=r"there is no builder of an operation 'warp'.*conv"):
        build_module(Step("op", "warp", "place", (0,), Shape(4, 1, 4, 2)), Shape(4, 1, 4, 2))
