"""The parts of a supernet's graph, before and after they have a place. Pixels, y downwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from nas_explorer.views.markup import text_width

PAGE = 760.0
ChipStyle = Literal["full", "small", "pill", "row"]
FULL, SMALL, PILL = (140.0, 46.0), (92.0, 32.0), (46.0, 20.0)  # width and height of a chip
HEAD, TIP = 10.0, 2.0  # from the end of a line to the tip of its arrowhead, and from there to the node
NODE = 36.0  # height of a node's circle


@dataclass(frozen=True, slots=True)
class Presence:
    """An edge is there under these options of a decision (numbers)."""

    decision: int
    options: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HostedNode:
    """A node by the name that is shown, and the numbers of the decisions that are made at it."""

    name: str
    decisions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HostedEdge:
    """
    Attributes:
        source, target: numbers of nodes.
        decisions: those that are made at this edge.
        operation: the one that chooses what stands on it, made here or at a node.
    """

    source: int
    target: int
    decisions: tuple[int, ...] = ()
    operation: int | None = None
    presence: Presence | None = None

    @property
    def decides(self) -> bool:
        return bool(self.decisions) or self.operation is not None or self.presence is not None


@dataclass(frozen=True, slots=True)
class PlacedName:
    """A node: its centre, its size, and its name; with `beside`, the name stands to the right of it."""

    name: str
    x: float
    y: float
    width: float
    height: float
    beside: bool = False


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """An edge.

    Attributes:
        path: SVG path data; it ends where the arrowhead begins.
        tip: x, y and direction (degrees, 0 points right) of the arrowhead's tip.
        spot: a point in the middle of the line.
        operation: number of the decision that gives its colour, or None.
        presence: under which options it is there, as they are shown; None: always.
    """

    path: str
    tip: tuple[float, float, float]
    spot: tuple[float, float]
    source: int
    target: int
    operation: int | None
    presence: Presence | None


@dataclass(frozen=True, slots=True)
class DrawnChip:
    """What shows one decision's probabilities; x and y are its centre."""

    decision: int
    style: ChipStyle
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class DrawnSupernetGraph:
    """One graph; all of it takes width by height pixels."""

    title: str
    width: float
    height: float
    nodes: tuple[PlacedName, ...]
    lines: tuple[DrawnLine, ...]
    chips: tuple[DrawnChip, ...]


class Decided(Protocol):
    """The part of a drawn decision that a layout looks at."""

    @property
    def kind(self) -> str: ...
    @property
    def order(self) -> tuple[int, ...]: ...


class Parts:
    """One graph that is to be laid out.

    Args:
        rest: decisions of no node and no edge.
        decided: the decision of a number.
    """

    def __init__(
        self, title: str, nodes: Sequence[HostedNode], edges: Sequence[HostedEdge], rest: Sequence[int], decided: Callable[[int], Decided]
    ) -> None:
        self.title, self.nodes, self.edges, self.rest, self.decided = title, nodes, edges, rest, decided

    def line(self, edge: HostedEdge, path: str, tip: tuple[float, float, float], spot: tuple[float, float]) -> DrawnLine:
        presence = edge.presence
        if presence is not None:
            order = self.decided(presence.decision).order
            presence = Presence(presence.decision, tuple(order.index(option) for option in presence.options))
        return DrawnLine(path, tip, spot, edge.source, edge.target, edge.operation, presence)


def without_entries(nodes: Sequence[HostedNode], edges: Sequence[HostedEdge]) -> tuple[tuple[HostedNode, ...], tuple[HostedEdge, ...]]:
    """Leave out inputs that only hand their value to a node which reads nothing else: the two preprocessings of DARTS' cells.

    >>> kept = without_entries([HostedNode(name, ()) for name in "xyz"], [HostedEdge(0, 1), HostedEdge(1, 2, (7,))])
    >>> [node.name for node in kept[0]], kept[1]
    (['y', 'z'], (HostedEdge(source=0, target=1, decisions=(7,), operation=None, presence=None),))
    """

    def is_entry(node: int) -> bool:
        touching = [edge for edge in edges if node in (edge.source, edge.target)]
        if len(touching) != 1 or touching[0].source != node or touching[0].decides or nodes[node].decisions:
            return False
        after = touching[0].target
        return sum(edge.target == after for edge in edges) == 1 and any(edge.source == after for edge in edges)

    kept = [i for i in range(len(nodes)) if not is_entry(i)]
    place = {old: new for new, old in enumerate(kept)}
    inside = [edge for edge in edges if edge.source in place and edge.target in place]
    return tuple(nodes[i] for i in kept), tuple(replace(e, source=place[e.source], target=place[e.target]) for e in inside)


def node_width(name: str) -> float:
    return round(max(NODE, text_width(name, 12) + 18))
