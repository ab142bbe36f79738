"""Small drawings of the ready spaces, quick to build, and inputs for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from nas_explorer.spaces import Architecture, Choice, SearchSpace, load, names, primitives
from nas_explorer.spaces.own_operations import OWN

SMALL: dict[str, dict[str, Any]] = {
    "darts": {"channels": 8, "layers": 5}, "nasnet": {"channels": 4, "cells": 1}, "enas_micro": {"channels": 8, "layers": 2},
    "enas_macro": {"layers": 4, "channels": 8}, "nas_bench_101": {"channels": 16}, "nas_bench_201": {"channels": 8, "cells": 1},
    "darts_rnn": {"hidden": 20}, "enas_rnn": {"hidden": 20},
}
NAMES = names()


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def _own_operations() -> Iterator[None]:
    """Operations that a test registers are gone after it."""
    before = dict(primitives._PRIMITIVES), dict(OWN)
    yield
    for register, kept in zip((primitives._PRIMITIVES, OWN), before, strict=True):
        for name in register.keys() - kept.keys():
            del register[name]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def small(name: str) -> SearchSpace:
    """A ready space with few channels and cells; images of 32 pixels where it would have hundreds."""
    space = load(name, **SMALL.get(name, {}))
    large = not isinstance(space.resolution, Choice) and space.resolution > 64
    return replace(space, resolution=32) if large else space


def inputs(space: SearchSpace, architecture: Architecture, batch: int = 2) -> list[torch.Tensor]:
    side = architecture["resolution"] if isinstance(space.resolution, Choice) else space.resolution
    if space.dimensions == 1:
        return [torch.randint(20, (batch, side))]
    return [torch.randn(batch, channels, *(side,) * space.dimensions) for channels in space.input_channels]
