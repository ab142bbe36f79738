"""SynFlow: how much flows through all paths of a network, whatever the data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.records import Metric

if TYPE_CHECKING:
    from nas_explorer.estimators.proxies.observation import Observation

METRIC = Metric("synflow", "log10", False, "SynFlow")
NEEDS = ()


def score(observed: Observation) -> float:
    """log10 of Σ |θ · ∂R/∂θ| over the weights of all layers; R is the sum of the logits for one input of ones.

    All parameters count as their absolute values, normalisations pass values on. In double precision: a network of
    NAS-Bench-201 has 10⁴⁵ already, beyond what single precision holds.

    Source: Tanaka et al., Pruning neural networks without any data, NeurIPS 2020, arXiv 2006.05467, as by Abdelfattah et al., ICLR 2021

    Raises:
        InvalidArchitecture: if nothing flows, or more than double precision holds.
    """
    flow = synaptic_flow(observed)
    if flow == 0.0:
        raise InvalidArchitecture("nothing flows through this network, no path leads from its input to its output: there is no logarithm")
    if not math.isfinite(flow):
        raise InvalidArchitecture("synflow of this network is larger than 10^308; score it by another proxy")
    return math.log10(flow)


def synaptic_flow(observed: Observation) -> float:
    """The score itself, without the logarithm."""
    import torch
    from torch.func import functional_call

    network = observed.network
    absolute: dict[str, Any] = {name: value.detach().abs().double().requires_grad_() for name, value in network.named_parameters()}
    absolute |= {name: value.double() if value.is_floating_point() else value.clone() for name, value in network.named_buffers()}
    names = {id(parameter): name for name, parameter in network.named_parameters()}
    weights = [absolute[names[id(weight)]] for weight in observed.weights]
    ones = torch.ones(1, *observed.inputs.shape[1:], dtype=torch.float64)
    with _without_norms():
        result = functional_call(network, absolute, (ones,)).sum()
    gradients = torch.autograd.grad(result, weights, allow_unused=True, materialize_grads=True)
    return sum(float((weight.detach() * gradient).abs().sum()) for weight, gradient in zip(weights, gradients, strict=True))


def _without_norms() -> Any:
    """While it is on, normalisations give what they get."""
    import torch.nn.functional as F
    from torch.overrides import TorchFunctionMode

    class WithoutNorms(TorchFunctionMode):
        def __torch_function__(self, function: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None) -> Any:
            if function in (F.batch_norm, F.layer_norm, F.instance_norm, F.group_norm):
                return args[0]
            return function(*args, **(kwargs or {}))

    return WithoutNorms()
