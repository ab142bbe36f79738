"""Torch modules for the primitives that work on rows and sequences: channels stand last."""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nas_explorer.models.layers import activation as named
from nas_explorer.models.registry import builder
from nas_explorer.spaces.shapes import Shape


@builder("linear")
def linear(x: Shape, y: Shape, stride: int, affine: bool, bias: bool) -> nn.Module:
    return nn.Linear(x.channels, y.channels, bias=bias)


@builder("dense")
def dense(x: Shape, y: Shape, stride: int, affine: bool, activation: str) -> nn.Module:
    return nn.Sequential(nn.Linear(x.channels, y.channels), named(activation))


@builder("layer_norm")
def layer_norm(x: Shape, y: Shape, stride: int, affine: bool) -> nn.Module:
    return nn.LayerNorm(y.channels)


@builder("embedding")
class Embedding(nn.Module):
    """Token plus position. (batch, length) whole numbers -> (batch, length, channels)."""

    def __init__(self, x: Shape, y: Shape, stride: int, affine: bool, vocabulary: int) -> None:
        super().__init__()
        self.token, self.position = nn.Embedding(vocabulary, y.channels), nn.Embedding(y.size, y.channels)
        for table in (self.token, self.position):
            nn.init.normal_(table.weight, std=0.02)

    def forward(self, tokens: Tensor) -> Tensor:
        return cast(Tensor, self.token(tokens) + self.position.weight[:tokens.shape[1]])


@builder("attention")
class Attention(nn.Module):
    """Norm, causal self-attention, projection: a token sees itself and those before it.

    Raises:
        ValueError: if the channels do not divide among the heads.
    """

    def __init__(self, x: Shape, y: Shape, stride: int, affine: bool, heads: int) -> None:
        super().__init__()
        if x.channels % heads:
            raise ValueError(f"{x.channels} channels do not divide among {heads} heads")
        self.norm, self.heads = nn.LayerNorm(x.channels), heads
        self.qkv, self.out = nn.Linear(x.channels, 3 * x.channels), nn.Linear(x.channels, x.channels)

    def forward(self, x: Tensor) -> Tensor:
        batch, length, channels = x.shape
        q, k, v = self.qkv(self.norm(x)).view(batch, length, 3, self.heads, channels // self.heads).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return cast(Tensor, self.out(mixed.transpose(1, 2).reshape(batch, length, channels)))


@builder("mlp")
def mlp(x: Shape, y: Shape, stride: int, affine: bool, ratio: int, activation: str) -> nn.Module:
    c = x.channels
    return nn.Sequential(nn.LayerNorm(c), nn.Linear(c, c * ratio), named(activation), nn.Linear(c * ratio, c))


class Gate(nn.Module):
    """h + sigmoid(c) * (activation(g) - h), where (c, g) are one matrix product of what comes in and h is its end.

    With (input, hidden) side by side this is the first node of a recurrent cell; with h alone a highway layer.
    """

    def __init__(self, c_in: int, width: int, activation: str) -> None:
        super().__init__()
        self.weights, self.activation, self.width = nn.Linear(c_in, 2 * width, bias=False), named(activation), width

    def forward(self, value: Tensor) -> Tensor:
        h = value[..., -self.width:]
        c, g = self.weights(value).chunk(2, dim=-1)
        return torch.lerp(h, self.activation(g), torch.sigmoid(c))


@builder("gate_in")
def gate_in(x: Shape, y: Shape, stride: int, affine: bool) -> nn.Module:
    return Gate(x.channels, y.channels, "tanh")


@builder("highway")
def highway(x: Shape, y: Shape, stride: int, affine: bool, activation: str) -> nn.Module:
    return Gate(x.channels, x.channels, activation)
