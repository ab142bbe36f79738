"""The flat list of decisions that a drawing asks for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.conditions import When, collapsed, parents_first, restricted
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.nodes import Edge, Node
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import Choice, Op, Scalar, listed, options_of

MAX_OPTIONS = 20_000               # of one pick
MAX_VISITS = 100_000             # of operations while reading a space
MAX_LABELS = 1_000_000             # options of all decisions together

Condition: TypeAlias = tuple[int, frozenset[int]] | None       # (decision, its options) that ask; None: always asked


@dataclass(frozen=True, slots=True)
class Decision:
    """`id` says where it stands in the drawing; `when` lists (earlier decision, its options) that switch it on."""

    id: str
    options: tuple[Scalar, ...]
    when: tuple[tuple[int, frozenset[int]], ...] = ()        # (): always active; otherwise any one suffices


def decisions(space: SearchSpace) -> tuple[Decision, ...]:
    """All decisions, parents before children. What has one option only is no decision.

    Raises:
        InvalidSpace: with the list of problems, while the drawing is unfinished.
    """
    if "decisions" not in space._memory:
        problems = space.problems()
        if problems:
            raise InvalidSpace(f"{space.name!r} is unfinished: {'; '.join(problems)}")
        space._memory["decisions"] = _collect(space)
    found: tuple[Decision, ...] = space._memory["decisions"]
    return found


def _collect(space: SearchSpace) -> tuple[Decision, ...]:
    walk = _Collector(space)
    for key in ("channels", "width", "depth", "resolution"):
        walk.value(getattr(space, key), key, None)
    walk.graph("", None)
    ids, options, conditions = tuple(walk.ids), walk.options, walk.when
    kept = _kept(space, ids, options)
    conditions, gone = restricted(conditions, kept)
    options = [tuple(offered[at] for at in kept[i]) if i in kept else offered for i, offered in enumerate(options)]
    when = collapsed(ids, conditions, [len(offered) for offered in options])
    gone |= {i for i, offered in enumerate(options) if len(offered) == 1}
    order = [i for i in parents_first(ids, when) if i not in gone]
    place = {old: new for new, old in enumerate(order)}
    return tuple(Decision(ids[i], options[i], tuple((place[p], o) for p, o in when[i].items())) for i in order)


def _kept(space: SearchSpace, ids: Sequence[str], options: Sequence[tuple[Scalar, ...]]) -> dict[int, list[int]]:
    """Decision -> the options that it keeps, in the order in which they are drawn, where `only` says so.

    Raises:
        InvalidSpace: if there is no such decision, or none of its options is left.
    """
    found: dict[int, list[int]] = {}
    for decision_id, allowed in space.only:
        if decision_id not in ids:
            raise InvalidSpace(f"{space.name!r} keeps some options of decision {decision_id!r}, but it has no such decision; "
                               f"it has {listed(ids)}")
        at, kinds = ids.index(decision_id), {(type(option), option) for option in allowed}
        found[at] = [i for i, option in enumerate(options[at]) if (type(option), option) in kinds]
        if not found[at] or len(found[at]) < len(kinds):
            raise InvalidSpace(f"decision {decision_id!r} of {space.name!r} can keep only what it offers, {listed(options[at])}; "
                               f"got {listed(allowed)}")
    return found


class _Collector:
    """Walks the drawing once and notes every choice with the conditions under which somebody asks for it."""

    def __init__(self, space: SearchSpace) -> None:
        self.space, self.cells = space, dict(space.cells)
        self.ids: dict[str, int] = {}
        self.options: list[tuple[Scalar, ...]] = []
        self.when: list[When | None] = []
        self.seen: set[tuple[str, Condition, str]] = set()
        self.visits = self.labels = 0

    def note(self, decision_id: str, labels: Sequence[Scalar], condition: Condition) -> int:
        index = self.ids.setdefault(decision_id, len(self.ids))
        if index == len(self.options):
            self.options.append(tuple(labels))
            self.when.append({})
            self.labels += len(labels)
            if self.labels > MAX_LABELS:
                raise InvalidSpace(f"{self.space.name!r} has more than {MAX_LABELS:,} options; draw less choices")
        # 1 == True to Python, but not to a reader: the lists must be alike in kind as well.
        if repr(self.options[index]) != repr(tuple(labels)):
            raise InvalidSpace(f"decision {decision_id!r} is drawn with two lists of options")
        conditions = self.when[index]
        if condition is None:
            self.when[index] = None
        elif conditions is not None:
            parent, options = condition
            conditions[parent] = conditions.get(parent, frozenset()) | options
        return index

    def value(self, value: Any, decision_id: str, condition: Condition) -> list[tuple[Any, Condition]]:
        """Note the choice, if there is one to make; return [(option, condition)]."""
        if not isinstance(value, Choice) or len(value.options) == 1:
            return [(options_of(value)[0], condition)]
        index = self.note(decision_id, value.labels, condition)
        return [(option, (index, frozenset({i}))) for i, option in enumerate(value.options)]

    def operation(self, what: Op | Choice, host: str, condition: Condition, prefix: str, scope: str) -> None:
        self.visits += 1
        if self.visits > MAX_VISITS:
            raise InvalidSpace(f"{self.space.name!r} asks for operations in more than {MAX_VISITS:,} ways; repeat less")
        decision_id = named(what, host, prefix)
        for option, inner in self.value(what, decision_id, condition):
            for key, value in option.params:
                self.value(value, named(value, f"{stem(decision_id, option)}.{key}", prefix), inner)
            if option.name in self.cells:
                self.graph(option.name, inner, scope)

    def graph(self, name: str, condition: Condition, scope: str = "") -> None:
        if (name, condition, scope) in self.seen:
            return
        self.seen.add((name, condition, scope))
        graph, prefix = self.space.cell(name), prefix_of(name, scope)
        for node in graph.nodes:
            for edge, inner in self.edges(graph, node, prefix, condition):
                self.operation(edge.op, f"{prefix}{edge}", inner, prefix, scope)
            for key in ("channels", "stride"):
                self.value(getattr(node, key), f"{prefix}{node.name}.{key}", condition)
            self.copies(node, f"{prefix}{node.name}", condition, prefix, scope)

    def edges(self, graph: Graph, node: Node, prefix: str, condition: Condition) -> Iterator[tuple[Edge, Condition]]:
        """The incoming edges, each with the condition under which it is there."""
        options = picks(graph, node)
        if len(options) > 1:
            index = self.note(f"{prefix}{node.name}.inputs", ["+".join(option) for option in options], condition)
        for edge in graph.into(node.name):
            if edge.presence == "optional":
                yield edge, (self.note(f"{prefix}{edge}.on", (False, True), condition), frozenset({1}))
            elif edge.presence == "picked" and len(options) > 1:
                yield edge, (index, frozenset(i for i, option in enumerate(options) if edge.source in option))
            else:
                yield edge, condition

    def copies(self, node: Node, host: str, condition: Condition, prefix: str, scope: str) -> None:
        repeats = self.value(node.repeat or 1, f"{host}.repeat", condition)
        if node.shared:
            self.operation(node.op, f"{host}.op", condition, prefix, scope)
            return
        if self.space.depth != 1.0:
            raise InvalidSpace(f"node {host!r}: copies that decide for themselves cannot be scaled in depth")
        for copy in range(max(repeat for repeat, _ in repeats)):
            enough = frozenset(i for i, (repeat, _) in enumerate(repeats) if repeat > copy)
            inner = condition if len(enough) == len(repeats) else (self.ids[f"{host}.repeat"], enough)
            self.operation(node.op, f"{host}[{copy}].op", inner, prefix, f"{host}[{copy}]/")


def picks(graph: Graph, node: Node) -> list[tuple[str, ...]]:
    """All sets of sources that a node may pick; [] for a node that does not pick.

    Raises:
        InvalidSpace: if there are more than 20,000.
    """
    if not node.pick:
        return []
    names = [edge.source for edge in graph.into(node.name) if edge.presence == "picked"]
    count = math.comb(len(names), node.pick)
    if count > MAX_OPTIONS:
        raise InvalidSpace(f"node {node.name!r}: picking {node.pick} of {len(names)} edges has more than "
                           f"{MAX_OPTIONS:,} options; draw the edges optional instead")
    return list(itertools.combinations(names, node.pick))


def prefix_of(graph_name: str, scope: str) -> str:
    """Decisions of a cell are "normal/..." for all instances, or "blocks[2]/block/..." where copies decide alone."""
    return f"{scope}{graph_name}/" if graph_name else ""


def stem(decision_id: str, option: Op) -> str:
    """"stage3.op" and mbconv give "stage3.mbconv": the same whether the operation is fixed or one of several."""
    return f"{decision_id.removesuffix('.op')}.{option.name}"


def named(value: Any, default: str, prefix: str) -> str:
    """A choice with a name is one decision of its graph, wherever it stands."""
    return f"{prefix}{value.name}" if isinstance(value, Choice) and value.name else default
