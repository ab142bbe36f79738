"""Costs as a sum of terms, each under its own conditions: exact for every architecture, from one trace of the whole space.

A CostTable is fitted on hundreds of plans and knows additive spaces only. Terms are read from the drawing itself, and
serve every space whose shapes do not depend on its decisions; free channels, width, depth and resolution of the whole
space are settled one case after the other.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from nas_explorer.errors import InvalidSpace, NotAdditive, ShapeError
from nas_explorer.spaces.codec import Codec, Rows
from nas_explorer.spaces.indices import layout
from nas_explorer.spaces.plans import Factor, Plan, Step
from nas_explorer.spaces.primitives import PRIMITIVES, STRUCTURAL
from nas_explorer.spaces.shapes import Shape
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.tracer import plan, trace_with_conditions
from nas_explorer.spaces.values import options_of

# device(name of the operation, its source's shape, its own shape, stride, parameters) is its latency in milliseconds.
Device: TypeAlias = Callable[[str, Shape, Shape, int, Mapping[str, object]], float]
Conditions: TypeAlias = tuple[tuple[int, frozenset[int]], ...]     # (decision, its options), all of which must hold
Amounts: TypeAlias = tuple[float, ...]

QUANTITIES = ("parameter_count", "macs", "latency_ms")            # the last only where there is a device
GLOBALS = ("channels", "width", "depth", "resolution")
MAX_CASES = 64
CHECKS = 6                         # architectures whose plans must cost what the terms say


@dataclass(frozen=True, slots=True)
class Case:
    """The terms that hold where the decisions in `fixed` have these options; all others are free."""

    fixed: Mapping[int, int]
    terms: tuple[tuple[Conditions, Amounts], ...]


@dataclass(frozen=True, slots=True)
class CostTerms:
    """Every architecture belongs to one of the cases."""

    space: SearchSpace
    quantities: tuple[str, ...]
    cases: tuple[Case, ...]

    def costs(self, rows: Rows) -> NDArray[np.float64]:
        """(n, decisions) option indices -> (n, quantities)."""
        found = np.zeros((len(rows), len(self.quantities)))
        for case in self.cases:
            mine = np.ones(len(rows), dtype=bool)
            for decision, option in case.fixed.items():
                mine &= rows[:, decision] == option
            found[mine] = evaluated(case.terms, rows[mine], len(self.quantities))
        return found


def cost_terms(space: SearchSpace, device: Device | None = None, graph: str = "") -> CostTerms:
    """Read the terms of a space, or of one of its cells alone.

    >>> from nas_explorer.spaces import nas_bench_201
    >>> from nas_explorer.spaces.codec import Codec
    >>> space = nas_bench_201()
    >>> cost_terms(space).costs(Codec(space).encode(dict.fromkeys((d.id for d in layout(space).decisions), "none"))[None])
    array([[  73306., 7783040.]])

    Raises:
        NotAdditive: if shapes depend on decisions, so that there is no such sum.
    """
    if space.only:
        raise NotAdditive(f"costs of {space.name!r} are read from all that is drawn; take those of spaces.whole(space)")
    known = layout(space)
    _refuse_open_shapes(space)
    free = [known.places[key] for key in GLOBALS if key in known.places]
    if math.prod(known.widths[i] for i in free) > MAX_CASES:
        raise NotAdditive(f"{space.name!r} has more than {MAX_CASES} combinations of channels, width, depth and resolution")
    combinations = itertools.product(*(range(known.widths[i]) for i in free))
    cases = tuple(_case(space, dict(zip(free, options, strict=True)), device, graph) for options in combinations)
    found = CostTerms(space, QUANTITIES if device else QUANTITIES[:2], cases)
    _check(found, device, graph)
    return found


def evaluated(terms: Sequence[tuple[Conditions, Amounts]], rows: Rows, quantities: int) -> NDArray[np.float64]:
    """The sums of the terms whose conditions hold, a row each."""
    found = np.zeros((len(rows), quantities))
    holding: dict[tuple[int, frozenset[int]], NDArray[np.bool_]] = {}
    for conditions, amounts in terms:
        holds = np.ones(len(rows), dtype=bool)
        for condition in conditions:
            if condition not in holding:
                holding[condition] = np.isin(rows[:, condition[0]], sorted(condition[1]))
            holds &= holding[condition]
        found += holds[:, None] * np.array(amounts)
    return found


def amounts_of(step: Step, source: Shape, device: Device | None) -> Amounts:
    """What one operation costs."""
    params = dict(step.params)
    count, macs = PRIMITIVES[step.name].cost(source, step.shape, step.stride, **params)
    latency = () if device is None else (float(device(step.name, source, step.shape, step.stride, params)),)
    return (count, macs, *latency)


def plan_amounts(steps: Plan, device: Device | None) -> Amounts:
    """What one network costs, in the order of QUANTITIES."""
    if device is None:
        return tuple(steps.cost())
    operations = [step for step in steps.steps if step.kind == "op"]
    latencies = [amounts_of(step, steps.steps[step.sources[0]].shape, device)[2] for step in operations]
    return (*steps.cost(), math.fsum(latencies))


def _case(space: SearchSpace, fixed: Mapping[int, int], device: Device | None, graph: str) -> Case:
    known = layout(space)
    settled = {known.ids[i]: (option,) for i, option in fixed.items()}
    try:
        steps, conditions = trace_with_conditions(
            space, lambda key, options: settled.get(key, tuple(range(len(options)))), graph)
    except (ShapeError, InvalidSpace) as error:
        raise NotAdditive(f"shapes in {space.name!r} depend on its decisions: {error}") from error
    sums: dict[Conditions, list[float]] = {}
    for step, factor in zip(steps.steps, conditions, strict=True):
        needed = _joined(factor, known.places) if step.kind == "op" else None
        if needed is not None:
            amounts = amounts_of(step, steps.steps[step.sources[0]].shape, device)
            held = sums.setdefault(needed, [0.0] * len(amounts))
            held[:] = map(sum, zip(held, amounts, strict=True))
    return Case(fixed, tuple(_simplified({key: tuple(held) for key, held in sums.items()}, known.widths).items()))


def _joined(factor: Factor, places: Mapping[str, int]) -> Conditions | None:
    """All conditions of a step, one a decision; None if they contradict each other."""
    found: dict[int, frozenset[int]] = {}
    for decision_id, options in factor:
        place = places[decision_id]
        found[place] = found.get(place, options) & options
    return None if not all(found.values()) else tuple(sorted(found.items()))


def _simplified(sums: dict[Conditions, Amounts], widths: Sequence[int]) -> dict[Conditions, Amounts]:
    """Without conditions that decide nothing: where every option of a decision costs the same, it drops out."""
    changed = True
    while changed:
        changed = False
        families: dict[tuple[Conditions, int], dict[frozenset[int], Amounts]] = {}
        for conditions, amounts in sums.items():
            for condition in conditions:
                rest = tuple(other for other in conditions if other != condition)
                families.setdefault((rest, condition[0]), {})[condition[1]] = amounts
        for (rest, decision), members in families.items():
            if len(members) < widths[decision] or len(set(members.values())) > 1:
                continue
            keys = [tuple(sorted((*rest, (decision, frozenset({option}))))) for option in range(widths[decision])]
            if all(key in sums for key in keys):       # an earlier family may have taken one
                amounts = sums[keys[0]]
                for key in keys:
                    del sums[key]
                sums[rest] = tuple(map(sum, zip(sums.get(rest, (0.0,) * len(amounts)), amounts, strict=True)))
                changed = True
    return {conditions: amounts for conditions, amounts in sums.items() if any(amounts)}


def _refuse_open_shapes(space: SearchSpace) -> None:
    """What the trace of a whole space cannot see: padding to what happens to be there, and parts of a join that are zero."""
    graphs = (space.network, *dict(space.cells).values())
    nodes = [(node, graph.into(node.name)) for graph in graphs for node in graph.nodes]
    for node, into in nodes:
        if node.align == "pad" and any(edge.presence != "always" for edge in into):
            raise NotAdditive(f"node {node.name!r} pads to the size of whatever reaches it, which is decided elsewhere")
    # A join has no weights for a part that is zero, and a zero may come from far away.
    if any(node.merge == "project" for node, _ in nodes):
        operations = {option.name for graph in graphs for what in graph.operations() for option in options_of(what)}
        empty = [node.name for node, into in nodes
                 if node.merge != "project" and all(edge.presence in ("optional", "loose") for edge in into)]
        if STRUCTURAL[0] in operations or empty:
            raise NotAdditive("a join of zeros has no weights, and which values are zero is decided elsewhere")


def _check(found: CostTerms, device: Device | None, graph: str) -> None:
    """
    Raises:
        NotAdditive: if the terms do not give what the plans of some architectures cost.
    """
    known, rows = layout(found.space), Codec(found.space).sample(CHECKS, np.random.default_rng(0))
    exact = [plan_amounts(plan(found.space, known.architecture(row.tolist()), graph), device) for row in rows]
    if not np.allclose(found.costs(rows), exact, rtol=1e-9, atol=1e-9):
        raise NotAdditive(f"costs of {found.space.name!r} depend on more than what is drawn; use cost(space, architecture)")
