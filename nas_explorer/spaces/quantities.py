"""What is limited in a space: parameters, MACs and latency of the whole network, and what its constraints name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from nas_explorer.errors import NotAdditive, UnknownName
from nas_explorer.spaces.codec import Rows
from nas_explorer.spaces.cost_terms import QUANTITIES, Amounts, Case, Conditions, CostTerms, Device, cost_terms, plan_amounts
from nas_explorer.spaces.indices import layout
from nas_explorer.spaces.rules import RULES
from nas_explorer.spaces.space import Constraint, SearchSpace
from nas_explorer.spaces.tracer import plan

LATENCY = QUANTITIES.index("latency_ms")       # its column


@dataclass(frozen=True, slots=True)
class LatencyTable:
    """Latency that was measured on whole networks: option indices (n, decisions) -> (n,) milliseconds."""

    of: Callable[[Rows], NDArray[np.float64]]


AnyDevice: TypeAlias = Device | LatencyTable


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` of a quantity: one of the whole network, or what a constraint of the space counts."""

    quantity: str
    most: float
    constraint: Constraint | None = None


class Quantities:
    """All that is measured of an architecture: costs first, then what the constraints count, a column each.

    Attributes:
        sums: the exact sums of all that is drawn, where costs are such; None where every architecture has to be traced.
        terms: the same where nothing else is measured. What a table knows of whole networks is no sum.
    """

    def __init__(self, space: SearchSpace, limits: Mapping[str, float], device: AnyDevice | None) -> None:
        self.space = space
        self.table = device if isinstance(device, LatencyTable) else None
        self.device = None if isinstance(device, LatencyTable) else device
        self.costs = QUANTITIES if device else QUANTITIES[:LATENCY]
        for name in limits:
            if name not in self.costs:
                raise UnknownName("limit", name, self.costs)
        self.limits = tuple(Limit(name, most) for name, most in limits.items())
        self.limits += tuple(Limit(_name(rule), rule.limit, rule) for rule in space.constraints)
        self.counted = tuple(dict.fromkeys(rule for rule in space.constraints if not _is_cost(rule)))
        self.names = (*self.costs, *map(_name, self.counted))
        self.sums = self._sums()
        self.terms = self.sums if self.table is None else None

    def caps(self, limits: tuple[Limit, ...]) -> dict[int, float]:
        """Column -> the lowest of its limits."""
        found: dict[int, float] = {}
        for limit in limits:
            column = self.names.index(limit.quantity)
            found[column] = min(limit.most, found.get(column, limit.most))
        return found

    def measure(self, rows: Rows) -> NDArray[np.float64]:
        """(n, decisions) -> (n, columns)."""
        found = self.sums.costs(rows) if self.sums is not None else self._traced(rows)
        return found if self.table is None else np.insert(found, LATENCY, self.table.of(rows), axis=1)

    def _traced(self, rows: Rows) -> NDArray[np.float64]:
        known = layout(self.space)
        found = [(*plan_amounts(plan(self.space, known.architecture(row)), self.device),
                  *(RULES[rule.kind](self.space, row, rule.graph) for rule in self.counted)) for row in rows.tolist()]
        return np.array(found, dtype=np.float64).reshape(len(rows), self._drawn_costs() + len(self.counted))

    def _drawn_costs(self) -> int:
        return LATENCY if self.device is None else len(QUANTITIES)

    def _sums(self) -> CostTerms | None:
        try:
            found = cost_terms(self.space, self.device)
            columns = [_counted_terms(self.space, rule, found) for rule in self.counted]
        except NotAdditive:
            return None
        cases = []
        for i, case in enumerate(found.cases):
            terms: list[tuple[Conditions, Amounts]] = [(held, (*amounts, *[0.0] * len(columns))) for held, amounts in case.terms]
            for column, added in enumerate(columns):
                before = [0.0] * (self._drawn_costs() + column)
                terms += [(held, (*before, amount, *[0.0] * (len(columns) - column - 1))) for held, amount in added[i]]
            cases.append(replace(case, terms=tuple(terms)))
        names = (*QUANTITIES[:self._drawn_costs()], *map(_name, self.counted))
        return CostTerms(self.space, names, tuple(cases))


def _is_cost(rule: Constraint) -> bool:
    return rule.graph == "" and rule.kind != "max_edges"


def _name(rule: Constraint) -> str:
    kind = {"max_params": "parameter_count", "max_macs": "macs", "max_edges": "edges"}[rule.kind]
    return kind if _is_cost(rule) else f"{kind} of {rule.graph or 'the network'}"


def _counted_terms(space: SearchSpace, rule: Constraint, found: CostTerms) -> list[list[tuple[Conditions, float]]]:
    """The terms of what a constraint counts, a list for each case."""
    if rule.kind == "max_edges":
        return [_edge_terms(space, rule.graph)] * len(found.cases)
    column = ("max_params", "max_macs").index(rule.kind)
    own: tuple[Case, ...] = cost_terms(space, None, rule.graph).cases
    return [[(held, amounts[column]) for held, amounts in case.terms] for case in own]


def _edge_terms(space: SearchSpace, graph: str) -> list[tuple[Conditions, float]]:
    """As rules.max_edges counts: edges that are always there, picked ones, and optional ones that are on."""
    known, drawn = layout(space), space.cell(graph)
    always = sum(edge.presence == "always" for edge in drawn.edges) + sum(node.pick or 0 for node in drawn.nodes)
    places = [known.places.get(f"{graph}/{edge}.on" if graph else f"{edge}.on") for edge in drawn.edges if edge.presence == "optional"]
    return [((), float(always)), *(((((place, frozenset({1}))),), 1.0) for place in places if place is not None)]
