"""A space as the supernet view shows it: every decision with its options, and the graphs on which they stand.

The probabilities come later, a moment at a time (`supernet_moment`); the drawing stays as it is for the whole search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nas_explorer.spaces import Decision, Scalar, SearchSpace, decisions
from nas_explorer.views.operation_look import operation_look
from nas_explorer.views.supernet_hosts import Hosts, Kind
from nas_explorer.views.supernet_layout import laid_out
from nas_explorer.views.supernet_parts import DrawnSupernetGraph, Parts, without_entries

FAMILIES = ("skip", "conv", "conv1", "sep", "attn", "dense", "pool", "none", "value", "off")  # left to right in a bar


@dataclass(frozen=True, slots=True)
class DrawnOption:
    """
    Attributes:
        family: gives the colour; `value` and `off` stand for what is no operation.
        size: the part of the label that tells operations of one sign apart, `3×3`.
        tone: how many options of the family stand before it; each is paler than the one before.
    """

    label: str
    family: str
    glyph: str
    size: str = ""
    tone: int = 0


@dataclass(frozen=True, slots=True)
class DrawnDecision:
    """
    Attributes:
        label: where it stands, in words: `in → 1`, `stage1 kernel`.
        short: the same beside its node, where the place is plain: `kernel`, `from 0`.
        options: as they are shown, families side by side.
        order: `options[i]` is the option number `order[i]` of the space's decision.
        labels: the space's own options, in the space's order.
        graph: the number of its graph.
    """

    id: str
    label: str
    short: str
    kind: Kind
    options: tuple[DrawnOption, ...]
    order: tuple[int, ...]
    labels: tuple[Scalar, ...]
    graph: int


@dataclass(frozen=True, slots=True)
class SupernetDrawing:
    """Decisions in the order of the space; every one has a chip or a line on its graph."""

    decisions: tuple[DrawnDecision, ...]
    graphs: tuple[DrawnSupernetGraph, ...]

    def plain(self) -> dict[str, Any]:
        """In JSON's own types."""
        return asdict(self)


def supernet_drawing(space: SearchSpace) -> SupernetDrawing:
    """Lay out every graph that decides something, cells first.

    Raises:
        InvalidSpace: while the drawing is unfinished.

    >>> from nas_explorer.spaces import nas_bench_201
    >>> drawing = supernet_drawing(nas_bench_201())
    >>> drawing.decisions[0].label, [option.label for option in drawing.decisions[0].options]
    ('in → 1', ['skip', 'conv 3×3', 'conv 1×1', 'avg pool 3×3', 'none'])
    """
    found = decisions(space)
    places = _places(found)
    graph_of = {place: number for number, place in enumerate(places)}
    drawn: dict[str, DrawnDecision] = {}
    hosts = [Hosts(space, scope, cell, [d for d in found if _place(d.id) == (scope, cell)]) for scope, cell in places]
    for host in hosts:
        number = graph_of[host.scope, host.cell]
        for decision in host.decisions:
            label, short = host.words(decision.id)
            kind = host.kinds[decision.id]
            order, options = _options(decision, kind)
            drawn[decision.id] = DrawnDecision(decision.id, label, short, kind, options, order, decision.options, number)
    index = {decision.id: i for i, decision in enumerate(found)}
    known = tuple(drawn[decision.id] for decision in found)
    parts = [
        Parts(host.title, *without_entries(host.nodes(index), host.edges(index)), host.rest(index), known.__getitem__) for host in hosts
    ]
    return SupernetDrawing(known, tuple(map(laid_out, parts)))


def _places(found: Sequence[Decision]) -> list[tuple[str, str]]:
    """(scope, cell) of every graph with a decision; the network, ("", ""), stands last."""
    places = list(dict.fromkeys(_place(decision.id) for decision in found))
    return sorted(places, key=lambda place: place == ("", ""))


def _place(decision_id: str) -> tuple[str, str]:
    """
    >>> _place("cell/0→1"), _place("stage1.repeat"), _place("blocks[0]/block/mlp.mlp.ratio")
    (('', 'cell'), ('', ''), ('blocks[0]/', 'block'))
    """
    scope, slash, cell = decision_id.rpartition("/")[0].rpartition("/")
    return scope + slash, cell


def _options(decision: Decision, kind: Kind) -> tuple[tuple[int, ...], tuple[DrawnOption, ...]]:
    looks = [_option(option, kind) for option in decision.options]
    order = tuple(sorted(range(len(looks)), key=lambda i: (FAMILIES.index(looks[i].family), i)))
    seen: dict[str, int] = {}
    toned = []
    for i in order:
        look = looks[i]
        toned.append(DrawnOption(look.label, look.family, look.glyph, look.size, seen.get(look.family, 0)))
        seen[look.family] = seen.get(look.family, 0) + 1
    return order, tuple(toned)


def _option(option: Scalar, kind: Kind) -> DrawnOption:
    if kind == "presence":
        return DrawnOption("there", "value", "✓") if option else DrawnOption("left out", "off", "–")
    if kind != "operation":
        words = str(option).replace("+", " + ")
        return DrawnOption(words, "value", words[:1])
    look = operation_look(str(option))
    size = look.label.rpartition(" ")[2]
    label = f"{look.label}, {look.details}" if look.details else look.label
    return DrawnOption(label, look.family, look.glyph, size if "×" in size else "")
