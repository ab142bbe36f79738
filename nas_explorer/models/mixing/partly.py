"""Mixing a part of the channels only: PC-DARTS, as a plan made from a plan. No torch.

What an edge mixes gets the first 1/K of the channels; the others pass by, max-pooled where the edge strides. Then the channels are
shuffled, so that the next edge mixes others. The released code takes the first quarter as well; the text speaks of random ones.

Xu et al., PC-DARTS, ICLR 2020, arXiv 1907.05737; released code yuhuixu1993/PC-DARTS, model_search.py.
"""

from __future__ import annotations

from dataclasses import replace

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces import Plan
from nas_explorer.spaces.plans import Step
from nas_explorer.spaces.shapes import Shape

TAKE, JOIN = "take_channels", "join_channels"


def partly(plan: Plan, share: int) -> Plan:
    """The plan in which what an edge mixes works on 1/share of the channels; share 1 is the plan as it is.

    Where all edges into a node are such, each of them gets a strength of its own besides: the "decision" `<node>.edges`, with one
    number an edge in the order of `edge_groups`.

    Raises:
        InvalidSpace: if no edge of the plan can be mixed so, because options of a node or parameters are chosen.
    """
    if share == 1:
        return plan
    mixes = {i: source for i, step in enumerate(plan.steps) if (source := mixed_edge(plan, i, share)) is not None}
    if not mixes:
        raise InvalidSpace(f"there is no edge whose operations keep a number of channels that {share} divides, so no part of them can be "
                           "mixed; use darts, or another number of channels")
    return _Rewriting(plan, mixes, share).done()


def mixed_edge(plan: Plan, index: int, share: int) -> int | None:
    """The step whose value an edge mixes operations of; None if a step is no such mixture."""
    step = plan.steps[index]
    if step.kind != "mix" or step.shape.dimensions != 2 or not edge_of(step.key):
        return None
    for root in (*(plan.steps[source].sources[0] for source in step.sources if plan.steps[source].kind == "op"), *step.sources):
        if all(source == root or (plan.steps[source].kind == "op" and plan.steps[source].sources == (root,)) for source in step.sources):
            x, y = plan.steps[root].shape, step.shape
            fits = x.channels == y.channels and x.channels % share == 0 and y.scale // x.scale in (1, 2)
            return root if fits else None
    return None


def edge_of(decision_id: str) -> str:
    """The node that the edge of this decision leads to: "normal/2→4" to "normal/4"; empty if it is no edge's."""
    place, _, edge = decision_id.rpartition("/")
    _, arrow, target = edge.partition("→")
    return f"{place}/{target}".removeprefix("/") if arrow and "." not in target else ""


def edge_groups(plan: Plan) -> dict[str, tuple[str, ...]]:
    """`<node>.edges` -> the decisions of its edges, in the order of their strengths."""
    found: dict[str, tuple[str, ...]] = {}
    for step in plan.steps:
        group = _group(plan, step)
        if group is not None:
            found[f"{edge_of(group[0])}.edges"] = group
    return found


def _group(plan: Plan, step: Step) -> tuple[str, ...] | None:
    """The decisions of the edges that a partly mixed node adds up."""
    joins = [plan.steps[source] for source in step.sources]
    if step.kind != "merge" or step.name != "sum" or len(joins) < 2 or any(join.name != JOIN for join in joins):
        return None
    return tuple(plan.steps[join.sources[0]].key for join in joins)


class _Rewriting:
    def __init__(self, plan: Plan, mixes: dict[int, int], share: int) -> None:
        self.plan, self.mixes, self.share = plan, mixes, share
        self.steps: list[Step] = []
        self.new: dict[int, int] = {}                      # step of the old plan -> of the new one
        self.taken: dict[int, int] = {}                    # step of the old plan -> the step with its first channels
        self.inside = {source for index, root in mixes.items() for source in plan.steps[index].sources if source != root}

    def done(self) -> Plan:
        for index, step in enumerate(self.plan.steps):
            if index in self.mixes:
                self.new[index] = self.mix(index, step)
            elif index not in self.inside:
                self.new[index] = self.add(self.strengthened(replace(step, sources=tuple(self.new[source] for source in step.sources))))
        return Plan(tuple(self.steps))

    def add(self, step: Step) -> int:
        self.steps.append(step)
        return len(self.steps) - 1

    def strengthened(self, step: Step) -> Step:
        group = _group(Plan(tuple(self.steps)), step)
        if group is None:
            return step
        factors = step.factors or ((),) * len(step.sources)
        own = f"{edge_of(group[0])}.edges"
        return replace(step, factors=tuple((*factor, (own, frozenset({i}))) for i, factor in enumerate(factors)))

    def mix(self, index: int, step: Step) -> int:
        root = self.mixes[index]
        sources = []
        for source in step.sources:
            inner = self.plan.steps[source]
            small = self.part(inner.shape)
            taken = self.take(root)
            sources.append(taken if source == root else self.add(replace(inner, sources=(taken,), shape=small,
                                                                          key=f"{inner.key}|1/{self.share}")))
        mixed = self.add(replace(step, sources=tuple(sources), shape=self.part(step.shape)))
        stride = step.shape.scale // self.plan.steps[root].shape.scale
        params = (("share", self.share), ("stride", stride))
        return self.add(Step("merge", JOIN, "", (mixed, self.new[root]), step.shape, params))

    def take(self, root: int) -> int:
        if root not in self.taken:
            shape = self.part(self.plan.steps[root].shape)
            self.taken[root] = self.add(Step("merge", TAKE, "", (self.new[root],), shape, (("channels", shape.channels),)))
        return self.taken[root]

    def part(self, shape: Shape) -> Shape:
        return replace(shape, channels=shape.channels // self.share)
