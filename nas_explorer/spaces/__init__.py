"""What can be built? One model of a search space, its architectures, and what is known about them without training."""

from typing import Any

from nas_explorer.spaces import operations as _operations  # noqa: F401  (fills the register of primitives)
from nas_explorer.spaces.architecture import Architecture
from nas_explorer.spaces.builder import always, choice, fallback, loose, op, optional, picked, values
from nas_explorer.spaces.canonical import canonical, expression, graph_hash
from nas_explorer.spaces.catalog import SpaceDescription, describe, load, names
from nas_explorer.spaces.code import to_code
from nas_explorer.spaces.codec import Codec
from nas_explorer.spaces.cost_terms import CostTerms, cost_terms
from nas_explorer.spaces.costs import CostTable, cost
from nas_explorer.spaces.decisions import Decision, decisions
from nas_explorer.spaces.enumeration import enumerate_architectures, enumerate_indices
from nas_explorer.spaces.estimates import Estimate
from nas_explorer.spaces.facts import Facts, facts
from nas_explorer.spaces.fit import Fit
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.indices import from_indices, is_active, to_indices
from nas_explorer.spaces.library.chain import chain
from nas_explorer.spaces.library.nas_bench_201 import nas_bench_201
from nas_explorer.spaces.moves import covering, crossover, mutate, neighbours, sample
from nas_explorer.spaces.narrowing import fits, lifted, narrowed, projected, whole
from nas_explorer.spaces.nodes import Edge, Node
from nas_explorer.spaces.palettes import palettes, with_palette
from nas_explorer.spaces.plans import Cost, Plan, Step
from nas_explorer.spaces.problems import problems
from nas_explorer.spaces.quantities import Limit
from nas_explorer.spaces.serialize import architecture_from_json, architecture_to_json, space_from_json, to_json
from nas_explorer.spaces.shapes import Shape
from nas_explorer.spaces.size import size, uniform_weights
from nas_explorer.spaces.space import Constraint, SearchSpace
from nas_explorer.spaces.study import Range
from nas_explorer.spaces.tracer import plan, trace
from nas_explorer.spaces.values import Choice, Op, Scalar
from nas_explorer.spaces.versions import SpaceDiff, carried_share, carry_over, diff
from nas_explorer.spaces.widening import widened

__all__ = [
    "Architecture", "Choice", "Codec", "Constraint", "Cost", "CostTable", "CostTerms", "Decision", "Edge", "Estimate",
    "Facts", "Fit", "Graph", "Limit", "Node", "Op", "Plan", "Range", "Scalar", "SearchSpace", "Shape", "SpaceDescription",
    "SpaceDiff", "Step", "always", "architecture_from_json", "architecture_to_json", "canonical", "carried_share", "carry_over",
    "chain", "choice", "cost", "cost_terms", "covering", "crossover", "decisions", "describe", "diff",
    "enumerate_architectures", "enumerate_indices", "expression", "facts", "fallback", "fits", "from_indices", "graph_hash",
    "is_active", "lifted", "load", "loose", "mutate", "names", "narrowed", "nas_bench_201", "neighbours", "op", "optional",
    "palettes", "picked", "plan", "problems", "projected", "sample", "size", "space_from_json", "space_from_networkx", "to_code",
    "to_indices", "to_json", "trace", "uniform_weights", "values", "whole", "widened", "with_palette",
]


def __getattr__(name: str) -> Any:
    # networkx takes longer to load than all of this room, and few need it.
    if name == "space_from_networkx":
        from nas_explorer.spaces.from_networkx import space_from_networkx
        return space_from_networkx
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
