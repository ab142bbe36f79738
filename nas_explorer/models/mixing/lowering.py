"""From a plan that mixes to the instructions that compute it, each value once.

Three rewrites, all of which give the same numbers up to rounding: what several operations do alike to one value is done once;
sums of sums are one sum; and a batch norm that only a sum reads is part of that sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from torch import nn

from nas_explorer.models.mixing.pieces import Piece, pieces
from nas_explorer.models.program import Run
from nas_explorer.spaces.plans import Factor, Step


@dataclass(slots=True)
class Instruction:
    """One value to compute.

    Attributes:
        does: "input", "call", "thin", "depthwise", "pointwise", "norm" by the batch, "zero", "nothing" (a zero like its source), "sum"
            (with strengths), "merge" (any other).
        sources: numbers of the instructions whose values it reads.
        module: what it calls, or whose weights it takes.
        settings: of "input": which one; of "thin" and "depthwise": as of the piece.
        norms: of "norm": all the norms that see this value; of "sum": for each source those that it is to pass first.
        relu: whether a ReLU follows the norm.
        factors: of "sum" and "merge": for each source how much of it is taken.
        step: of "zero" and "merge": the plan's.
        part: where in the network it stands, the first name of its place: "cell3".
    """

    does: str
    sources: tuple[int, ...]
    module: nn.Module | None = None
    settings: tuple[int, ...] = ()
    norms: list[tuple[nn.BatchNorm2d, ...]] = field(default_factory=list)
    relu: bool = False
    factors: tuple[Factor, ...] = ()
    step: Step | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class _Term:
    """A value, how much of it, and the norm that it still has to pass."""

    value: int
    factor: Factor = ()
    norm: nn.BatchNorm2d | None = None


def lower(runs: Sequence[Run], modules: nn.ModuleDict, by_batch: bool) -> tuple[Instruction, ...]:
    """The instructions of a program; the last one's value is the output.

    Args:
        by_batch: whether norms take the statistics of the batch. Those that use what they remember are called one by one.
    """
    return _Lowering(runs, modules, by_batch).lowered()


class _Lowering:
    def __init__(self, runs: Sequence[Run], modules: nn.ModuleDict, by_batch: bool) -> None:
        self.runs, self.modules, self.by_batch = runs, modules, by_batch
        self.inputs = 0
        self.made: list[Instruction] = []
        self.known: dict[tuple[object, ...], int] = {}              # what is done alike -> the instruction that does it
        self.shared: set[int] = set()                               # instructions that others may read as well
        self.terms: dict[int, list[_Term]] = {}                     # step of the plan -> the sum that it stands for
        self.part = ""
        self.readers: dict[int, list[Step]] = {}
        for run in runs:
            for source in run.sources:
                self.readers.setdefault(source, []).append(run.step)

    def lowered(self) -> tuple[Instruction, ...]:
        for run in self.runs:
            self.terms[run.index] = self.step(run)
        last = self.value(self.runs[-1].index)
        if last != len(self.made) - 1:
            self.add(Instruction("sum", (last,), factors=((),), norms=[()]))
        return tuple(self.made)

    def add(self, instruction: Instruction) -> int:
        instruction.part = self.part
        self.made.append(instruction)
        return len(self.made) - 1

    def step(self, run: Run) -> list[_Term]:
        step = run.step
        if step.kind == "op":
            self.part = step.key.partition("|")[0].partition("/")[0]
            return [self.operation(self.value(run.sources[0]), self.modules[step.key])]
        factors = tuple(step.factors[at] for at in run.at) if step.factors else ((),) * len(run.sources)
        if _adds(step):
            terms = [_Term(term.value, term.factor + factor, term.norm)
                     for source, factor in zip(run.sources, factors, strict=True) for term in self.terms[source]]
            return terms if self.is_part_of_a_sum(run.index) else [_Term(self.sum(terms))]
        sources = tuple(self.value(source) for source in run.sources)
        if step.kind == "input":
            self.inputs += 1
            return [_Term(self.add(Instruction("input", (), settings=(self.inputs - 1,))))]
        kind = "zero" if step.kind == "zero" else "merge"
        return [_Term(self.add(Instruction(kind, sources, factors=factors if step.factors else (), step=step)))]

    def is_part_of_a_sum(self, index: int) -> bool:
        """Whether exactly one step reads it, and adds it up with others."""
        readers = self.readers.get(index, [])
        return len(readers) == 1 and _adds(readers[0])

    def value(self, index: int) -> int:
        """The instruction whose value a step of the plan has."""
        terms = self.terms[index]
        if len(terms) > 1 or terms[0].factor:
            value = self.sum(terms)
        elif terms[0].norm is not None:
            value = self.norm(terms[0].value, terms[0].norm)
        else:
            return terms[0].value
        self.terms[index] = [_Term(value)]
        return value

    def sum(self, terms: Sequence[_Term]) -> int:
        if len(terms) == 1 and not terms[0].factor and terms[0].norm is None:
            return terms[0].value
        return self.add(Instruction("sum", tuple(term.value for term in terms), factors=tuple(term.factor for term in terms),
                                    norms=[() if term.norm is None else (term.norm,) for term in terms]))

    def operation(self, value: int, module: nn.Module) -> _Term:
        row = list(pieces(module))
        while row:
            piece = row.pop(0)
            if not isinstance(piece.module, nn.BatchNorm2d) or piece.kind != "norm" or not self.by_batch:
                value = self.piece(value, piece)
                continue
            relu = bool(row) and type(row[0].module) is nn.ReLU
            if not row and value not in self.shared:
                return _Term(value, (), piece.module)
            if relu:
                row.pop(0)
            value = self.norm(value, piece.module, relu, piece.alike)
        return _Term(value)

    def piece(self, value: int, piece: Piece) -> int:
        if not piece.alike or piece.kind == "norm":
            return self.add(Instruction("call" if piece.kind == "norm" else piece.kind, (value,), piece.module, piece.settings))
        key = (piece.kind, piece.alike, value)
        if key not in self.known:
            self.known[key] = self.add(Instruction(piece.kind, (value,), piece.module, piece.settings))
            self.shared.add(self.known[key])
        return self.known[key]

    def norm(self, value: int, norm: nn.BatchNorm2d, relu: bool = False, alike: str = "") -> int:
        """Normalise; a value that is shared is normalised once, and every norm remembers its statistics."""
        key = ("norm", alike, relu, value)
        if value in self.shared and key in self.known:
            instruction = self.made[self.known[key]]
            instruction.norms[0] += (norm,)
            return self.known[key]
        made = self.add(Instruction("norm", (value,), norms=[(norm,)], relu=relu))
        if value in self.shared:
            self.known[key] = made
            self.shared.add(made)
        return made


def _adds(step: Step) -> bool:
    return step.kind == "mix" or (step.kind == "merge" and step.name == "sum")


def chosen_only(instructions: Sequence[Instruction], chosen: Mapping[str, int]) -> tuple[Instruction, ...]:
    """With only what a choice of one option a decision takes in: other terms of sums are gone, and so is what only they needed.

    Args:
        chosen: decision id -> its option; a decision that is left out keeps all.
    """
    made: list[Instruction] = []
    for instruction in instructions:
        at = [i for i, factor in enumerate(instruction.factors) if all(chosen.get(key, next(iter(o))) in o for key, o in factor)]
        if not instruction.factors or len(at) == len(instruction.factors):
            made.append(instruction)
        elif at:
            norms = [instruction.norms[i] for i in at] if instruction.norms else []
            made.append(replace(instruction, sources=tuple(instruction.sources[i] for i in at), norms=norms,
                                factors=tuple(instruction.factors[i] for i in at)))
        else:
            made.append(Instruction("nothing", instruction.sources[:1], part=instruction.part))
    return tuple(made)


def needed(instructions: Sequence[Instruction]) -> tuple[int, ...]:
    """Numbers of the instructions that the last one's value needs, in order."""
    wanted = {len(instructions) - 1}
    for number in reversed(range(len(instructions))):
        if number in wanted:
            wanted.update(instructions[number].sources)
    return tuple(sorted(wanted))
