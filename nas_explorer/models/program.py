"""What of a plan has to run, in which order, and when each value is last needed. No torch."""

from __future__ import annotations

from dataclasses import dataclass

from nas_explorer.spaces.plans import Plan, Step


@dataclass(frozen=True, slots=True)
class Run:
    """One step to run.

    Attributes:
        index: of the step in the plan.
        sources: the steps whose values it reads; a sum does not read zeros.
        at: where these stand among the step's own sources.
        frees: values that nobody reads after it.
    """

    index: int
    step: Step
    sources: tuple[int, ...]
    at: tuple[int, ...]
    frees: tuple[int, ...]


def program(plan: Plan) -> tuple[Run, ...]:
    """The steps that the output needs, in order. What nobody reads is not computed: its parameters exist and stay as they are.

    The result is the same to the last bit as that of running every step.
    """
    zero = zeros(plan)
    reads = [_reads(step, zero) for step in plan.steps]
    needed = {len(plan.steps) - 1}
    for i in reversed(range(len(plan.steps))):
        if i in needed:
            needed.update(plan.steps[i].sources[at] for at in reads[i])
    needed |= {i for i, step in enumerate(plan.steps) if step.kind == "input"}
    last: dict[int, int] = {}
    for i in sorted(needed):
        for at in reads[i]:
            last[plan.steps[i].sources[at]] = i
    runs = []
    for i in sorted(needed):
        sources = tuple(plan.steps[i].sources[at] for at in reads[i])
        runs.append(Run(i, plan.steps[i], sources, reads[i], tuple(s for s in dict.fromkeys(sources) if last[s] == i)))
    return tuple(runs)


def zeros(plan: Plan) -> list[bool]:
    """Which steps are zero whatever comes in: the zeros that are drawn, and sums of them."""
    zero: list[bool] = []
    for step in plan.steps:
        adds = step.kind == "mix" or (step.kind == "merge" and step.name in ("sum", "mean"))
        zero.append(step.kind == "zero" or (adds and all(zero[source] for source in step.sources)))
    return zero


def _reads(step: Step, zero: list[bool]) -> tuple[int, ...]:
    """Positions of the sources that count. A mean divides by all of its sources, a concatenation shows them."""
    every = tuple(range(len(step.sources)))
    if step.kind == "zero":
        return every[:1]
    if step.kind == "mix" or (step.kind == "merge" and step.name == "sum"):
        return tuple(at for at in every if not zero[step.sources[at]]) or every[:1]
    return every
