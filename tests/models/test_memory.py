"""The closed form of activation memory against what torch holds, storage by storage."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from nas_explorer.models.memory import activation_memory, training_memory
from nas_explorer.models.network import Network
from nas_explorer.spaces import plan, sample
from tests.models.conftest import NAMES, inputs, small


class Storages(TorchDispatchMode):
    """Bytes of all storages alive, of tensors made inside; weights are not counted."""

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.weights = {t.untyped_storage()._cdata for t in [*network.parameters(), *network.buffers()]}
        self.alive: dict[int, int] = {}
        self.peak = 0

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = function(*args, **(kwargs or {}))
        for value in tree_leaves(result):
            if isinstance(value, torch.Tensor):
                storage = value.untyped_storage()
                key = storage._cdata
                if key not in self.alive and key not in self.weights:
                    self.alive[key] = storage.nbytes()
                    weakref.finalize(storage, self.alive.pop, key)
        self.peak = max(self.peak, sum(self.alive.values()))
        return result


@pytest.mark.parametrize("name", NAMES)
def test_the_peak_of_a_forward_pass_is_within_two_percent(name: str, rng: np.random.Generator) -> None:
    space = small(name)
    for _ in range(2):
        architecture = sample(space, rng)
        steps = plan(space, architecture)
        network = Network(steps).eval()
        with torch.no_grad(), Storages(network) as seen:
            given = inputs(space, architecture)
            seen.peak = 0
            network(*given)
        assert activation_memory(steps, batch=2) == pytest.approx(seen.peak, rel=0.02)


@pytest.mark.parametrize("name", ["nas_bench_201", "darts", "transformer", "efficientnet"])
def test_training_takes_no_more_than_its_closed_form(name: str, rng: np.random.Generator) -> None:
    """Values that the backward pass needs, and gradients; momentum and update are in the bound, not in this measurement."""
    space = small(name)
    architecture = sample(space, rng)
    steps = plan(space, architecture)
    network = Network(steps)
    with Storages(network) as seen:
        network(*inputs(space, architecture)).sum().backward()
    bound = training_memory(steps, batch=2) - 2 * 4 * steps.cost().parameter_count
    assert 0.5 * bound < seen.peak <= bound
