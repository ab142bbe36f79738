"""From plans to torch: the bank of weights, the run through a plan, and the network of one architecture.

A supernet has the same bank and the same run: a plan with "mix" steps takes `weights`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import torch
from torch import Tensor, nn

from nas_explorer.models import operations as _operations
from nas_explorer.models import sequences as _sequences
from nas_explorer.models.layers import norm
from nas_explorer.models.mixing.partly import JOIN, TAKE
from nas_explorer.models.program import Run, program
from nas_explorer.models.registry import build_module, result_size
from nas_explorer.spaces.plans import Factor, Plan, Step
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.tracer import plan
from nas_explorer.spaces.values import Scalar

_BUILT_IN = (_operations, _sequences)          # importing them fills the register of builders


class Bank(nn.ModuleDict):
    """All weights, by place, operation and shapes: `cell1/normal/0→2|sep_conv_3x3|36→36/1`.

    Two plans that agree on a key share its weights, so that copying weights is `load_state_dict`.
    """

    def __init__(self, affine: bool = True, norm_pools: bool = False) -> None:
        super().__init__()
        self.affine, self.norm_pools = affine, norm_pools

    def hold(self, steps: Plan) -> None:
        """Build what a plan needs and is not here yet."""
        for step in steps.steps:
            if step.kind == "op" and step.key not in self:
                module = build_module(step, steps.steps[step.sources[0]].shape, self.affine)
                if self.norm_pools and step.name in ("avg_pool", "max_pool"):
                    module = nn.Sequential(module, norm(step.shape.channels, affine=False))
                self[step.key] = module


def run(runs: Sequence[Run], bank: nn.ModuleDict, inputs: Sequence[Tensor], weights: Mapping[str, Tensor] | None = None) -> Tensor:
    """Compute a plan.

    Args:
        runs: the plan's `program`, made once for all runs.
        inputs: one tensor an input of the network, (batch, channels, height, width) or (batch, ..., channels).
        weights: decision id -> (options,) probabilities, for plans with "mix" steps. A decision that is left out counts as 1:
            all its options are added at full strength, as DARTS does with the choice of inputs.

    Returns:
        What the last step gives.
    """
    values: list[Tensor | None] = [None] * (runs[-1].index + 1 if runs else 0)
    queue = iter(inputs)
    result: Tensor | None = None
    for item in runs:
        step = item.step
        if step.kind == "op":
            result = cast(Tensor, bank[step.key](values[item.sources[0]]))
        elif step.kind == "input":
            result = next(queue)
        else:
            sources = cast("list[Tensor]", [values[source] for source in item.sources])
            if step.kind == "zero":
                result = sources[0].new_zeros(result_size(sources[0].shape[0], step.shape))
            else:
                result = merge(step, sources, [step.factors[at] for at in item.at] if step.factors else (), weights or {})
            del sources
        for done in item.frees:
            values[done] = None
        values[item.index] = result
    if result is None:
        raise ValueError("a plan without steps computes nothing")
    return result


def merge(step: Step, sources: Sequence[Tensor], factors: Sequence[Factor], weights: Mapping[str, Tensor]) -> Tensor:
    """Put values together as the step says, each with its strength."""
    strengths = [strength(factor, weights) for factor in factors]
    if strengths:
        sources = [x if w is None else w * x for x, w in zip(sources, strengths, strict=True)]
    if step.name == TAKE:
        return sources[0][:, :dict(step.params)["channels"]]
    if step.name == JOIN:
        return shuffled(*sources, **dict(step.params))                                                  # type: ignore[arg-type]
    if step.name == "concat":
        return torch.cat(list(sources), dim=1 if step.shape.dimensions == 2 else -1)
    total = sources[0]
    for source in sources[1:]:
        total = total * source if step.name == "product" else total + source
    if step.name != "mean":
        return total
    if not strengths:
        return total / len(step.sources)
    mass = sum(1.0 if w is None else w for w in strengths)
    return total / (mass.clamp(min=1e-9) if isinstance(mass, Tensor) else mass)     # 0 / 0 where no edge is present


def shuffled(mixed: Tensor, whole: Tensor, share: int, stride: int) -> Tensor:
    """What an edge mixed of the first channels, with the channels that passed by, dealt out so that the next edge mixes others."""
    rest = whole[:, whole.shape[1] // share:]
    if stride > 1:
        rest = nn.functional.max_pool2d(rest, stride, stride, ceil_mode=True)
    x = torch.cat([mixed, rest], dim=1)
    return torch.nn.functional.channel_shuffle(x, share)


def strength(factor: Factor, weights: Mapping[str, Tensor]) -> Tensor | None:
    """P(edge or option is present), a product over its decisions; None is all of it."""
    result = None
    for decision_id, options in factor:
        if decision_id in weights:
            p = weights[decision_id][sorted(options)].sum()
            result = p if result is None else result * p
    return result


class Network(nn.Module):
    """The network of one architecture alone: what is built is what the plan names, dead branches included as papers count them."""

    def __init__(self, steps: Plan, affine: bool = True, norm_pools: bool = False) -> None:
        super().__init__()
        self.plan, self.runs = steps, program(steps)
        self.bank = Bank(affine, norm_pools)
        self.bank.hold(steps)

    def forward(self, *inputs: Tensor) -> Tensor:
        return run(self.runs, self.bank, inputs)


def build(space: SearchSpace, architecture: Mapping[str, Scalar], seed: int | None = None) -> Network:
    """The network of one architecture, with fresh weights.

    Args:
        seed: of the weights; the generator that torch uses elsewhere is left as it was. None: from that generator.

    >>> from nas_explorer.spaces import nas_bench_201
    >>> from nas_explorer.spaces.library.nas_bench_201 import EDGES
    >>> network = build(nas_bench_201(), dict.fromkeys(EDGES, "conv_3x3"), seed=0)
    >>> sum(parameter.numel() for parameter in network.parameters())
    1531546

    Raises:
        InvalidArchitecture: if it does not belong to the space.
    """
    steps = plan(space, architecture)
    if seed is None:
        return Network(steps)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Network(steps)
