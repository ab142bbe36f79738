"""A plan that mixes, made ready to run: as one forward pass of everything, or of what one architecture takes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from nas_explorer.models.mixing.execution import Execution, Part, parts
from nas_explorer.models.mixing.lowering import Instruction, chosen_only, lower, needed
from nas_explorer.models.mixing.norms import takes_statistics
from nas_explorer.models.network import run
from nas_explorer.models.program import program
from nas_explorer.spaces import Plan


class Mixture:
    """Instructions for a plan and a bank of modules; made when they are first needed, for norms of either mode."""

    def __init__(self, steps: Plan, bank: nn.ModuleDict) -> None:
        self.plan, self.runs, self.bank = steps, program(steps), bank
        self.norms = [module for step in steps.steps if step.kind == "op" for module in bank[step.key].modules()
                      if isinstance(module, nn.BatchNorm2d)]
        self.made: dict[bool, tuple[Instruction, ...]] = {}
        self.cuts: dict[tuple[bool, bool], tuple[Part, ...]] = {}

    def run(self, weights: Mapping[str, Tensor], inputs: Sequence[Tensor], forget: bool = False) -> Tensor:
        """Everything, each option by its weight.

        Args:
            forget: keep only what passes between the cells, and compute the rest again in the backward pass.
        """
        by_batch, instructions = self.instructions()
        if (by_batch, forget) not in self.cuts:
            self.cuts[by_batch, forget] = parts(instructions, needed(instructions), forget)
        return Execution(instructions, weights, inputs).run(self.cuts[by_batch, forget], forget)

    def run_chosen(self, chosen: Mapping[str, int], weights: Mapping[str, Tensor], inputs: Sequence[Tensor]) -> Tensor:
        """Only what one architecture takes, each option by its weight."""
        instructions = chosen_only(self.instructions()[1], chosen)
        return Execution(instructions, weights, inputs).run(parts(instructions, needed(instructions), False), False)

    def run_plainly(self, weights: Mapping[str, Tensor], inputs: Sequence[Tensor]) -> Tensor:
        """Step by step with torch's own operations, which can be differentiated more than once."""
        return run(self.runs, self.bank, inputs, weights)

    def instructions(self) -> tuple[bool, tuple[Instruction, ...]]:
        by_batch = all(map(takes_statistics, self.norms))
        if by_batch not in self.made:
            self.made[by_batch] = lower(self.runs, self.bank, by_batch)
        return by_batch, self.made[by_batch]
