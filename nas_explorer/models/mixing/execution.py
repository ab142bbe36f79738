"""Runs instructions: the forward pass of a mixture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from nas_explorer.models.mixing.depthwise import Depthwise
from nas_explorer.models.mixing.layouts import channels_last
from nas_explorer.models.mixing.lowering import Instruction
from nas_explorer.models.mixing.normed import Normed
from nas_explorer.models.mixing.norms import Kept
from nas_explorer.models.mixing.weighted_sum import WeightedSum
from nas_explorer.models.network import merge
from nas_explorer.models.registry import result_size
from nas_explorer.spaces.plans import Factor

Values = dict[int, Tensor]


@dataclass(frozen=True, slots=True)
class Part:
    """Instructions that are run one after the other: of one cell, or all.

    Attributes:
        numbers: theirs, which are those of the values that they give.
        reads: values from before that they need.
        gives: values that others need later.
        frees: for each instruction the values that nobody needs after it.
    """

    numbers: tuple[int, ...]
    reads: tuple[int, ...]
    gives: tuple[int, ...]
    frees: tuple[tuple[int, ...], ...]


def parts(instructions: Sequence[Instruction], wanted: Sequence[int], by_place: bool) -> tuple[Part, ...]:
    """Cut what is wanted of the instructions where the place in the network changes, or not at all.

    Args:
        wanted: numbers of instructions, in order, each with all that it reads; the last is the output.
    """
    places = groupby(wanted, key=lambda number: instructions[number].part if by_place else "")
    groups = [tuple(numbers) for _, numbers in places]
    last = {source: number for number in wanted for source in instructions[number].sources} | {wanted[-1]: len(instructions)}
    return tuple(_part(instructions, numbers, last) for numbers in groups)


def _part(instructions: Sequence[Instruction], numbers: tuple[int, ...], last: Mapping[int, int]) -> Part:
    own = set(numbers)
    reads = dict.fromkeys(source for number in numbers for source in instructions[number].sources if source not in own)
    gives = tuple(number for number in numbers if last.get(number, -1) > numbers[-1])
    frees = tuple(tuple(source for source in dict.fromkeys(instructions[number].sources) if last[source] == number) for number in numbers)
    return Part(numbers, tuple(reads), gives, frees)


@dataclass(slots=True)
class Execution:
    """One forward pass.

    Attributes:
        weights: decision id -> (options,) strengths.
        kept: what norms will remember of it.
    """

    instructions: Sequence[Instruction]
    weights: Mapping[str, Tensor]
    inputs: Sequence[Tensor]
    kept: Kept = field(default_factory=Kept)
    options: dict[str, tuple[Tensor, ...]] = field(default_factory=dict)
    strengths: dict[Factor, Tensor | None] = field(default_factory=dict)

    def run(self, cut: Sequence[Part], forget: bool) -> Tensor:
        """The last value.

        Args:
            forget: keep only the values between the parts, and compute those inside again in the backward pass.
        """
        for number in (number for part in cut for number in part.numbers):
            for factor in self.instructions[number].factors:
                self.strength(factor)                       # all of them now: a part that is computed again must not make them
        values: Values = {}
        for part in cut:
            given = tuple(values[number] for number in part.reads)
            if forget and any(value.requires_grad for value in (*given, *self.weights.values())):
                first = Kept()
                made = cast("tuple[Tensor, ...]", checkpoint(self.part, part, _Once(first), *given, use_reentrant=False,
                                                             preserve_rng_state=False))
                first.take_in()
            else:
                made = self.part(part, _Once(self.kept), *given)
            values |= dict(zip(part.gives, made, strict=True))
        self.kept.take_in()
        return values[cut[-1].numbers[-1]]

    def part(self, part: Part, kept: _Once, *given: Tensor) -> tuple[Tensor, ...]:
        values: Values = dict(zip(part.reads, given, strict=True))
        keep = kept.take()
        own = set(part.gives)
        for number, done in zip(part.numbers, part.frees, strict=True):
            values[number] = self.value(self.instructions[number], values, keep)
            for source in done:
                if source not in own:
                    values.pop(source, None)
        return tuple(values[number] for number in part.gives)

    def value(self, instruction: Instruction, values: Values, kept: Kept) -> Tensor:
        sources = [values[source] for source in instruction.sources]
        module = instruction.module
        match instruction.does:
            case "input":
                return channels_last(self.inputs[instruction.settings[0]])
            case "call":
                return cast(Tensor, cast(nn.Module, module)(sources[0]))
            case "thin":
                (every,) = instruction.settings
                return channels_last(sources[0][:, :, ::every, ::every])
            case "depthwise":
                return depthwise(sources[0], cast(nn.Conv2d, module), instruction.settings)
            case "pointwise":
                return pointwise(sources[0], cast(nn.Conv2d, module))
            case "nothing":
                return torch.zeros_like(sources[0])
            case "norm":
                return normed(sources[0], instruction.norms[0], instruction.relu, kept)
            case "sum":
                return self.sum(instruction, sources, kept)
        step = instruction.step
        if step is None:
            raise ValueError(f"there is no instruction {instruction.does!r}")
        if instruction.does == "zero":
            return channels_last(sources[0].new_zeros(result_size(len(sources[0]), step.shape)))
        return merge(step, sources, instruction.factors, self.weights)

    def sum(self, instruction: Instruction, sources: list[Tensor], kept: Kept) -> Tensor:
        epsilons: list[float | None] = []
        for source, norms in zip(sources, instruction.norms, strict=True):
            if norms:
                check_places(source)
            epsilons.append(norms[0].eps if norms else None)
        strengths = [self.strength(factor) for factor in instruction.factors]
        if len(sources) == 1 and strengths[0] is None and epsilons[0] is None:
            return sources[0]
        one = sources[0].new_ones(())
        vector = torch.stack([one if w is None else w for w in strengths])
        total, *seen = WeightedSum.apply(vector, tuple(epsilons), *map(channels_last, sources))              # type: ignore[no-untyped-call]
        pairs = iter(seen)
        for norms, epsilon, source in zip(instruction.norms, epsilons, sources, strict=True):
            if epsilon is not None:
                kept.add(norms, next(pairs), next(pairs), source.numel() // source.shape[1])
        return cast(Tensor, total)

    def strength(self, factor: Factor) -> Tensor | None:
        """P(edge or option is present), a product over its decisions; None is all of it."""
        if factor not in self.strengths:
            found = [self.probability(decision_id, options) for decision_id, options in factor if decision_id in self.weights]
            self.strengths[factor] = torch.stack(found).prod() if len(found) > 1 else found[0] if found else None
        return self.strengths[factor]

    def probability(self, decision_id: str, options: frozenset[int]) -> Tensor:
        if decision_id not in self.options:
            self.options[decision_id] = self.weights[decision_id].unbind()
        every = [self.options[decision_id][option] for option in sorted(options)]
        return every[0] if len(every) == 1 else torch.stack(every).sum()


class _Once:
    """What norms see is kept of the first pass through a part; a pass that only computes values again leaves it alone."""

    def __init__(self, kept: Kept) -> None:
        self.kept: Kept | None = kept

    def take(self) -> Kept:
        kept, self.kept = self.kept, None
        return kept if kept is not None else Kept()


def check_places(x: Tensor) -> None:
    if x.numel() == x.shape[1]:
        raise ValueError(f"a batch norm needs more than one number a channel to take statistics of, got a value of {tuple(x.shape)}; "
                         "take a larger batch")


def normed(x: Tensor, norms: Sequence[nn.BatchNorm2d], relu: bool, kept: Kept) -> Tensor:
    """One value seen by several norms, which agree: they take the statistics of the batch."""
    check_places(x)
    result, mean, variance = Normed.apply(channels_last(x), norms[0].eps, relu)                       # type: ignore[no-untyped-call]
    kept.add(norms, mean, variance, x.numel() // x.shape[1])
    return cast(Tensor, result)


def depthwise(x: Tensor, module: nn.Conv2d, settings: tuple[int, ...]) -> Tensor:
    return cast(Tensor, Depthwise.apply(channels_last(x), module.weight, *settings))                     # type: ignore[no-untyped-call]


def pointwise(x: Tensor, module: nn.Conv2d) -> Tensor:
    """A 1x1 convolution is one matrix product where channels stand side by side."""
    return F.linear(x.permute(0, 2, 3, 1), module.weight.flatten(1)).permute(0, 3, 1, 2)
