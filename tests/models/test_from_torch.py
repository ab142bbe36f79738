"""A torch module becomes a space with as many parameters, or every part that stands in the way is named."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from nas_explorer.errors import InvalidSpace
from nas_explorer.models import build
from nas_explorer.models.from_torch import space_from_module
from nas_explorer.spaces import cost, problems, size


class Block(nn.Module):
    """The basic block of a ResNet."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after)
        self.conv2, self.bn2 = nn.Conv2d(after, after, 3, 1, 1, bias=False), nn.BatchNorm2d(after)
        self.down = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after)) if stride > 1 else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.down is None else self.down(x)))


def resnet() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 8, 7, 2, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1),
                         Block(8, 8, 1), Block(8, 16, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.1), nn.Linear(16, 10))


def mobile() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.ReLU6(), nn.Conv2d(8, 8, 3, 1, 1, groups=8, bias=False),
                         nn.BatchNorm2d(8), nn.SiLU(), nn.Conv2d(8, 16, 1), nn.AvgPool2d(2), nn.AdaptiveAvgPool2d(1), nn.Flatten(1),
                         nn.Linear(16, 4, bias=False))


class Dense(nn.Module):
    """Puts values side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(7, 4, (1, 3), padding=(0, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.cat([x, self.a(x)], dim=1)
        return self.b(y).mean([2, 3])


def parameters(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize(("module", "example"), [
    (resnet(), torch.zeros(1, 3, 32, 32)), (mobile(), torch.zeros(2, 3, 16, 16)), (Dense(), torch.zeros(1, 3, 8, 8)),
    (nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 2)), torch.zeros(3, 4)),
    (nn.Sequential(nn.Linear(4, 8), nn.LayerNorm(8), nn.Linear(8, 2)), torch.zeros(3, 5, 4)),
])
def test_the_space_has_the_module_s_parameters_and_one_architecture(module, example):
    space = space_from_module(module, example)
    assert problems(space) == ()
    assert size(space) == 1
    assert cost(space, {}).parameter_count == parameters(module)


@pytest.mark.parametrize(("module", "example"), [(resnet(), torch.zeros(2, 3, 32, 32)), (mobile(), torch.zeros(2, 3, 16, 16))])
def test_the_space_is_built_back_with_the_same_weights_and_computes_the_same(module, example):
    """Weights are copied in the order in which they stand, which is that of the steps in both."""
    module.eval()
    built = build(space_from_module(module, example), {}).eval()
    built.load_state_dict(dict(zip(built.state_dict(), module.state_dict().values(), strict=True)))
    x = torch.randn(example.shape, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(built(x), module(x), atol=1e-5)


def test_a_resnet_reads_like_a_person_would_draw_it():
    space = space_from_module(resnet(), torch.zeros(1, 3, 32, 32), "mine")
    assert [str(node.op) for node in space.network.nodes][:4] == [
        "conv_7x7(order=conv-bn-relu, channels=8, stride=2)", "max_pool_3x3(stride=2)", "conv_3x3(order=conv-bn-relu, channels=8)",
        "conv_3x3(order=conv-bn, channels=8)"]
    added = space.network["4_add"]
    assert (added.merge, str(added.op)) == ("sum", "activation(kind=relu)")
    assert {edge.source for edge in space.network.into("4_add")} == {"4_conv2", "3"}


def test_the_module_is_left_as_it_was():
    module = resnet()
    module.train()
    module[1].eval()
    space_from_module(module, torch.zeros(1, 3, 32, 32))
    assert module.training
    assert not module[1].training


class Steering(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x if x.sum() > 0 else -x


class Twice(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.same, self.spare = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.same(self.same(x))


@pytest.mark.parametrize(("module", "example", "message"), [
    (nn.Sequential(nn.Linear(4, 4), nn.Sequential(nn.ReLU(), Steering())), torch.ones(1, 4), r"cannot be traced:\n1\.1: Could not guard"),
    (nn.Sequential(nn.Conv2d(3, 6, 5), nn.Flatten(), nn.Linear(6 * 28 * 28, 10)), torch.zeros(1, 3, 32, 32),
     r"2 parts .*\n0: kernel 5 with this padding makes 28x28 of 32x32.*pad by kernel // 2\n1: flattens 6 channels of 28x28; pool glob"),
    (nn.Sequential(nn.Conv2d(3, 6, 3, padding=2, dilation=2)), torch.zeros(1, 3, 8, 8), "0: different strides .* or dilation"),
    (nn.Sequential(nn.Softmax(1)), torch.zeros(1, 4), "0: there is no operation for softmax"),
    (Twice(), torch.zeros(1, 4), r"same: same.weight is used in same as well; weights cannot be shared(.|\n)*spare.bias: a parameter"),
    (nn.Sequential(nn.ReLU()), torch.zeros(1, 3, 4, 8), r"images must be square, got \(1, 3, 4, 8\)"),
    (nn.Sequential(nn.ReLU()), torch.zeros(1), r"an image, a sequence or a row is needed.* got a tensor of \(1,\)"),
    (nn.Sequential(nn.Linear(3, 4)), torch.zeros(1, 4), r"cannot be traced:\n0: RuntimeError"),
])
def test_every_part_that_stands_in_the_way_is_named(module, example, message):
    with pytest.raises(InvalidSpace, match=message):
        space_from_module(module, example)
