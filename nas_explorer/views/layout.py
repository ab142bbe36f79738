"""The "metro" layout: nodes on lines in the order in which they run, edges to the next node straight, longer ones in lanes.

Pure geometry in pixels, y downwards. Long graphs break into rows; an edge to a later row runs through the gaps between
the rows and, past a whole row, down the right margin. So no edge runs through a node that it does not end in.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from nas_explorer.views.lanes import BELOW, levels, sides

Point: TypeAlias = tuple[float, float]
ROW_LENGTH = 10  # nodes; longer graphs break ...
MOST_BROKEN = 3  # ... where at most so many edges have to go from one row to another
BARE_LANE = 18.0  # between lanes that carry no label
PORT_GAP = 12.0  # between two edges that leave a node on one side
PORT_INSET = 8.0  # from the end of a node to its first such edge


@dataclass(frozen=True, slots=True)
class Spacing:
    """Distances in pixels."""

    node_gap: float = 60.0  # between two nodes at least
    first_lane: float = 40.0  # from the side of a node to the nearest lane
    lane_gap: float = 46.0
    head: float = 12.0  # room for an arrowhead before a label or a node
    corner: float = 16.0
    margin: float = 14.0


@dataclass(frozen=True, slots=True)
class Link:
    """An edge to be routed: numbers of its ends, source before target, and the size of its label (0: none)."""

    source: int
    target: int
    label_width: float = 0.0
    label_height: float = 0.0


@dataclass(frozen=True, slots=True)
class PlacedNode:
    """Centre and size; the ends are half circles."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class RoutedEdge:
    """Corner points from the side of the source to the side of the target, and the centre of the label."""

    points: tuple[Point, ...]
    label: Point


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything in its place, in the order in which it was given; the whole takes width by height pixels."""

    nodes: tuple[PlacedNode, ...]
    edges: tuple[RoutedEdge, ...]
    width: float
    height: float


@dataclass(slots=True)
class _Run:
    """One horizontal piece of an edge in the gap above row `gap`; ends are (node, side of it) or None for the margin."""

    link: int
    gap: int
    start: tuple[int, int] | None
    end: tuple[int, int] | None
    span: tuple[float, float]
    band: int  # 0: hangs below the row above, 1: passes between rows, 2: stands on the row below
    level: int = 0
    y: float = 0.0


@lru_cache(maxsize=512)
def metro(sizes: tuple[tuple[float, float], ...], links: tuple[Link, ...], spacing: Spacing = Spacing()) -> Layout:
    """Place nodes of these sizes (width, height) in their order, and route the links.

    Nodes grow in width where many edges leave them on one side.

    Raises:
        ValueError: if a link does not go from an earlier to a later node.
    """
    for link in links:
        if not 0 <= link.source < link.target < len(sizes):
            raise ValueError(f"a link goes from an earlier to a later of {len(sizes)} nodes, got {link.source}→{link.target}")
    return _Router(sizes, links, spacing).layout()


class _Router:
    def __init__(self, sizes: Sequence[tuple[float, float]], links: Sequence[Link], spacing: Spacing) -> None:
        self.links, self.spacing = links, spacing
        self.row, self.column, self.rows = _rows(len(sizes), links)
        self.straight = self.straight_links()
        self.runs: list[_Run] = [*self.loops(), *self.passes()]
        self.runs_of: dict[int, list[_Run]] = defaultdict(list)
        for run in self.runs:
            self.runs_of[run.link].append(run)
        self.level_runs()
        self.ports = self.port_offsets()
        self.into: dict[int, list[int]] = defaultdict(list)
        for i, link in enumerate(links):
            self.into[link.target].append(i)
        self.nodes = self.place(self.widened(sizes))
        self.verticals = [vertical for run in self.runs for vertical in self.joints(run)]

    def layout(self) -> Layout:
        edges = tuple(self.routed(i, link) for i, link in enumerate(self.links))
        right = max(
            [n.x + n.width / 2 for n in self.nodes]
            + [x for e in edges for x, _ in e.points]
            + [e.label[0] + link.label_width / 2 for e, link in zip(edges, self.links, strict=True)],
            default=0.0,
        )
        return Layout(tuple(self.nodes), edges, right + self.spacing.margin, self.total_height)

    # ---- which way
    def straight_links(self) -> set[int]:
        """The first link between two neighbours of a row."""
        first: dict[tuple[int, int], int] = {}
        for i, link in enumerate(self.links):
            if link.target == link.source + 1 and self.row[link.source] == self.row[link.target]:
                first.setdefault((link.source, link.target), i)
        return set(first.values())

    def loops(self) -> Iterator[_Run]:
        for row in range(len(self.rows)):
            mine = [
                i for i, link in enumerate(self.links) if self.row[link.source] == self.row[link.target] == row and i not in self.straight
            ]
            spans = [(self.column[self.links[i].source], self.column[self.links[i].target]) for i in mine]
            for i, span, side in zip(mine, spans, sides(spans), strict=True):
                link = self.links[i]
                yield _Run(i, row + (side == BELOW), (link.source, side), (link.target, side), span, 0 if side == BELOW else 2)

    def passes(self) -> Iterator[_Run]:
        """Edges to another row: to the next in one piece, further down by way of the right margin."""
        far = float(max(map(len, self.rows), default=0))
        for i, link in enumerate(self.links):
            first, last = self.row[link.source], self.row[link.target]
            start, end = (link.source, BELOW), (link.target, -BELOW)
            here, there = float(self.column[link.source]), float(self.column[link.target])
            if last == first + 1:
                yield _Run(i, last, start, end, (min(here, there), max(here, there)), 1)
            elif last > first:
                yield _Run(i, first + 1, start, None, (here, far), 1)
                yield _Run(i, last, None, end, (there, far), 1)

    def level_runs(self) -> None:
        for gap in range(len(self.rows) + 1):
            for band in range(3):
                runs = [run for run in self.runs if run.gap == gap and run.band == band]
                for run, level in zip(runs, levels([run.span for run in runs]), strict=True):
                    run.level = level

    def depth(self, gap: int, band: int) -> int:
        """How many levels a band of a gap has."""
        return 1 + max((run.level for run in self.runs if run.gap == gap and run.band == band), default=-1)

    def port_offsets(self) -> dict[tuple[int, int, int], float]:
        """(link, node, side) -> where the edge leaves, from the node's centre."""
        at: dict[tuple[int, int], list[tuple[tuple[int, int], int]]] = defaultdict(list)
        for run in self.runs:
            for end, other in ((run.start, run.end), (run.end, run.start)):
                if end is None:
                    continue
                node, side = end
                rightwards = other is None or (self.column[other[0]], other[0]) > (self.column[node], node)
                out = (run.band * 1000 + (run.level if run.band < 2 else -run.level)) * side  # distance from the node
                # What comes from the left ends inside out, what leaves to the right starts outside in: none then cross.
                at[end].append(((1, -out) if rightwards else (0, out), run.link))
        offsets = {}
        for (node, side), ports in at.items():
            for place, (_, link) in enumerate(sorted(ports)):
                offsets[link, node, side] = (place - (len(ports) - 1) / 2) * PORT_GAP
        return offsets

    # ---- where
    def widened(self, sizes: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        reach: dict[int, float] = defaultdict(float)
        for (_, node, _), offset in self.ports.items():
            reach[node] = max(reach[node], abs(offset) + PORT_INSET)
        return [(max(width, 2 * reach[i]), height) for i, (width, height) in enumerate(sizes)]

    def place(self, sizes: Sequence[tuple[float, float]]) -> list[PlacedNode]:
        nodes: list[PlacedNode] = []
        y = self.spacing.margin
        for number, row in enumerate(self.rows):
            half = max(sizes[i][1] for i in row) / 2
            y = self.place_gap(number, y) + half
            x = self.spacing.margin
            for i in row:
                width, height = sizes[i]
                x = max(x + width / 2, self.least_x(i, width, nodes))
                nodes.append(PlacedNode(x, y, width, height))
                x += width / 2
            y += half
        self.total_height = self.place_gap(len(self.rows), y) + self.spacing.margin
        return nodes

    def place_gap(self, gap: int, top: float) -> float:
        """Give every run of the gap below `top` its height; return the gap's lower end."""
        s = self.spacing
        hanging, passing, standing = (self.depth(gap, band) for band in range(3))
        count = hanging + passing + standing
        outer = gap in (0, len(self.rows))
        if not count:
            return top if outer else top + s.first_lane
        here = [(run, (run.level, hanging + run.level, count - 1 - run.level)[run.band]) for run in self.runs if run.gap == gap]
        labelled = {place for run, place in here if self.links[run.link].label_width}
        halves = [s.lane_gap / 2 if place in labelled else BARE_LANE / 2 for place in range(count)]
        y = [top + (s.first_lane if gap else halves[0])]
        for one, next_one in pairwise(halves):
            y.append(y[-1] + one + next_one)
        for run, place in here:
            run.y = y[place]
        return y[-1] + (halves[-1] if gap == len(self.rows) else s.first_lane)

    def least_x(self, node: int, width: float, nodes: Sequence[PlacedNode]) -> float:
        """The leftmost centre at which all labels of edges from the same row fit."""
        s, least = self.spacing, 0.0
        if self.column[node]:
            before = nodes[node - 1]
            least = before.x + before.width / 2 + s.node_gap + width / 2
        for i in self.into[node]:
            link = self.links[i]
            if self.row[link.source] == self.row[node]:
                source = nodes[link.source]
                if i in self.straight:
                    need = source.width / 2 + width / 2 + link.label_width + (2 * s.head + 16 if link.label_width else 0)
                else:
                    need = link.label_width + 2 * s.corner + 12 + (source.width + width) / 2 - PORT_INSET
                least = max(least, source.x + need)
        return least

    # ---- by which points
    def routed(self, i: int, link: Link) -> RoutedEdge:
        source, target = self.nodes[link.source], self.nodes[link.target]
        if i in self.straight:
            start, end = source.x + source.width / 2, target.x - target.width / 2
            return RoutedEdge(((start, source.y), (end, target.y)), ((start + end - self.spacing.head * 0.67) / 2, source.y))
        points: list[Point] = []
        for run in self.runs_of[i]:
            if run.start is not None:
                points += [self.port(i, *run.start), (self.port(i, *run.start)[0], run.y)]
            else:
                points.append((points[-1][0], run.y))
            if run.end is not None:
                points += [(self.port(i, *run.end)[0], run.y), self.port(i, *run.end)]
            else:
                points.append((self.margin_x(i), run.y))
        return RoutedEdge(tuple(points), self.label_place(i, points[1], points[2], link))

    def port(self, link: int, node: int, side: int) -> Point:
        """Where an edge meets the outline of a node."""
        placed, offset = self.nodes[node], self.ports[link, node, side]
        radius = placed.height / 2
        beyond = max(0.0, abs(offset) - (placed.width / 2 - radius))
        return placed.x + offset, placed.y + side * math.sqrt(max(0.0, radius**2 - beyond**2))

    def margin_x(self, link: int) -> float:
        """The vertical line of one far edge at the right of all rows."""
        far = [run.link for run in self.runs if run.end is None]
        return max(n.x + n.width / 2 for n in self.nodes) + 24 + PORT_GAP * far.index(link)

    def label_place(self, i: int, start: Point, end: Point, link: Link) -> Point:
        """As near as possible to the middle of the horizontal part, where no other edge runs down through it."""
        low, high = sorted((start[0], end[0]))
        y, middle, half = start[1], (low + high) / 2, link.label_width / 2 + 5
        if not link.label_width:
            return middle, y
        room = max(0.0, (high - low) / 2 - half - self.spacing.corner)
        crossing = [x for other, x, top, bottom in self.verticals if top < y < bottom and low < x < high and other != i]
        tries = [middle + sign * room * step / 12 for step in range(13) for sign in (1, -1)]
        return next((x for x in tries if all(abs(v - x) > half for v in crossing)), middle), y

    def joints(self, run: _Run) -> Iterator[tuple[int, float, float, float]]:
        """(link, x, top, bottom) of the pieces that join a run with its nodes."""
        for end in (run.start, run.end):
            if end is not None:
                x, y = self.port(run.link, *end)
                yield run.link, x, min(y, run.y), max(y, run.y)


def _rows(count: int, links: Sequence[Link]) -> tuple[list[int], list[int], list[range]]:
    """Row and column of each node, and the nodes of each row; rows are about equally long."""
    number = max(1, math.ceil(count / ROW_LENGTH))
    length = max(1, math.ceil(count / number))
    if sum(link.source // length != link.target // length for link in links) > MOST_BROKEN * (number - 1):
        length = count
    rows = [range(first, min(first + length, count)) for first in range(0, count, length)]
    return [i // length for i in range(count)], [i % length for i in range(count)], rows
