"""Draws one graph of a supernet at one moment as static SVG: line width and colour tell the leading operation, bars all of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from nas_explorer.views.markup import Drawing, box, fitted, glyph, group, number, text
from nas_explorer.views.palette import Palette, mixed
from nas_explorer.views.supernet import DrawnDecision, DrawnOption, SupernetDrawing
from nas_explorer.views.supernet_moment import MISSING, SCALE
from nas_explorer.views.supernet_parts import DrawnChip, DrawnLine, DrawnSupernetGraph, PlacedName

THIN, THICK = 1.5, 8.0  # a line is so wide, and so much wider for a sure operation
TONES = (1.0, 0.72, 0.5, 0.36, 0.26)  # how much of its colour the first, second, ... option of a family has
_GAP = 0.8  # between two parts of a bar
_FAINT = 0.14  # opacity of an edge that is as good as gone


class Shares:
    """The probabilities of one moment, by the number of a decision."""

    def __init__(self, drawing: SupernetDrawing, moment: Mapping[str, Any]) -> None:
        self.decisions = drawing.decisions
        self._of: list[list[float]] = []
        at = 0
        for decision in drawing.decisions:
            parts = moment["p"][at : at + len(decision.options)]
            self._of.append([] if MISSING in parts else [part / SCALE for part in parts])
            at += len(decision.options)

    def of(self, decision: int) -> list[float]:
        """One probability an option, as they are shown; [] where the moment does not tell."""
        return self._of[decision]

    def leading(self, decision: int) -> tuple[DrawnOption, float] | None:
        shares = self._of[decision]
        if not shares:
            return None
        best = max(range(len(shares)), key=shares.__getitem__)
        return self.decisions[decision].options[best], shares[best]

    def presence(self, line: DrawnLine) -> float:
        """How likely an edge is there; 1 where nothing is decided, or the moment does not tell."""
        if line.presence is None or not self._of[line.presence.decision]:
            return 1.0
        return sum(self._of[line.presence.decision][option] for option in line.presence.options)


def option_colour(option: DrawnOption, colours: Palette) -> str:
    base = {"value": colours.brand, "off": colours.line_2}.get(option.family) or colours.operations[option.family]
    return mixed(base, colours.bg, TONES[min(option.tone, len(TONES) - 1)])


def supernet_graph_drawing(drawing: SupernetDrawing, graph: DrawnSupernetGraph, moment: Mapping[str, Any], colours: Palette) -> Drawing:
    shares = Shares(drawing, moment)
    lines = sorted(graph.lines, key=shares.presence)
    content = "".join(_line(line, shares, colours) for line in lines)
    content += "".join(_chip(chip, drawing.decisions[chip.decision], shares, colours) for chip in graph.chips)
    return Drawing(content + "".join(_node(node, colours) for node in graph.nodes), graph.width, graph.height)


def _line(line: DrawnLine, shares: Shares, colours: Palette) -> str:
    lead = shares.leading(line.operation) if line.operation is not None else None
    there = shares.presence(line)
    colour, width = colours.ghost, THIN
    if lead is not None:
        colour, width = option_colour(lead[0], colours), THIN + THICK * lead[1] * there
    elif line.presence is not None:
        colour, width = colours.brand, THIN + 3 * there
    dashes = ' stroke-dasharray="6 5"' if lead is not None and lead[0].family == "none" else ""
    path = f'<path d="{line.path}" fill="none" stroke="{colour}" stroke-width="{number(width)}"{dashes}/>'
    return group(path + _head(line.tip, width, colour), opacity=max(_FAINT, there) * (0.85 if lead is not None else 1.0))


def _head(tip: tuple[float, float, float], width: float, colour: str) -> str:
    """A drawn head that grows with its line."""
    x, y, turn = tip
    back, half = 10 + width * 0.35, 4 + width * 0.62
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    corners = [(0.0, 0.0), (-back, -half), (-back, half)]
    points = "L".join(f"{number(x + a * cos - b * sin)} {number(y + a * sin + b * cos)}" for a, b in corners)
    return f'<path d="M{points}z" fill="{colour}"/>'


def _node(node: PlacedName, colours: Palette) -> str:
    x, y = node.x - node.width / 2, node.y - node.height / 2
    shape = box(x, y, node.width, node.height, colours.bg, radius=min(node.width, node.height) / 2, stroke=colours.ink_2, stroke_width=1.5)
    if node.beside:
        return shape + text(node.x + node.width / 2 + 8, y + 13, fitted(node.name, 12, 70), colours, weight=600)
    return shape + text(node.x, node.y + 4.3, node.name, colours, weight=600, anchor="middle")


# ---- chips
def _chip(chip: DrawnChip, decision: DrawnDecision, shares: Shares, colours: Palette) -> str:
    x, y = chip.x - chip.width / 2, chip.y - chip.height / 2
    lead = shares.leading(chip.decision)
    ground = "" if chip.style == "row" else box(x, y, chip.width, chip.height, colours.bg, radius=7, stroke=colours.line_2)
    draw = {"full": _full, "small": _small, "pill": _pill, "row": _row}[chip.style]
    words = draw(chip, decision, shares.of(chip.decision), lead, colours)
    return group(ground + words, title=spoken_decision(decision, shares.of(chip.decision)))


_Lead = tuple[DrawnOption, float] | None


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def bar(x: float, y: float, width: float, height: float, options: Sequence[DrawnOption], shares: Sequence[float], colours: Palette) -> str:
    """All options side by side, each as wide as it is likely."""
    if not shares:
        return box(x, y, width, height, colours.sub_2, radius=1.5)
    content, at = "", x
    room = width - _GAP * (len(shares) - 1)
    for option, share in zip(options, shares, strict=True):
        content += box(at, y, room * share, height, option_colour(option, colours), radius=1.5)
        at += room * share + _GAP
    return content


def _sign(option: DrawnOption, x: float, y: float, side: float, colours: Palette) -> str:
    return glyph(option.glyph, x, y, side, mixed(option_colour(option, colours), colours.ink, 0.8), colours)


def _full(chip: DrawnChip, decision: DrawnDecision, shares: Sequence[float], lead: _Lead, colours: Palette) -> str:
    x, y, width = chip.x - chip.width / 2 + 6, chip.y - chip.height / 2 + 6, chip.width - 12
    content = bar(x, y, width, 14, decision.options, shares, colours)
    if lead is None:
        return content
    content += _sign(lead[0], x, y + 18, 14, colours)
    content += text(x + 18, y + 29, fitted(lead[0].label, 11, width - 50), colours, size=11, weight=500)
    return content + text(x + width, y + 29, percent(lead[1]), colours, size=11, weight=600, anchor="end")


def _small(chip: DrawnChip, decision: DrawnDecision, shares: Sequence[float], lead: _Lead, colours: Palette) -> str:
    x, y, width = chip.x - chip.width / 2 + 5, chip.y - chip.height / 2 + 4, chip.width - 10
    content = bar(x, y, width, 7, decision.options, shares, colours)
    if lead is None:
        return content
    is_operation = decision.kind == "operation"
    words = lead[0].size if is_operation else lead[0].label
    content += _sign(lead[0], x, y + 10, 13, colours) if is_operation else ""
    indent = 16 if is_operation else 0
    content += text(x + indent, y + 20, fitted(words, 11, width - 30 - indent), colours, size=11)
    return content + text(x + width, y + 20, percent(lead[1]), colours, size=11, weight=600, anchor="end")


def _pill(chip: DrawnChip, decision: DrawnDecision, shares: Sequence[float], lead: _Lead, colours: Palette) -> str:
    words = percent(shares[0]) if shares else "–"
    return text(chip.x, chip.y + 4, words, colours, size=11, weight=600, anchor="middle")


def _row(chip: DrawnChip, decision: DrawnDecision, shares: Sequence[float], lead: _Lead, colours: Palette) -> str:
    left, right, middle = chip.x - chip.width / 2, chip.x + chip.width / 2, chip.y + 4
    content = text(left, middle, fitted(decision.short, 11, 84), colours, size=11, fill=colours.ink_2)
    content += bar(left + 90, chip.y - 6, chip.width - 90 - 176, 12, decision.options, shares, colours)
    if lead is None:
        return content + text(right - 166, middle, "not weighed", colours, size=11, fill=colours.ink_3)
    at = right - 166
    if decision.kind == "operation":
        content += _sign(lead[0], at, chip.y - 7, 14, colours)
        at += 20
    content += text(at, middle, fitted(lead[0].label, 11, 104), colours, size=11, weight=500)
    return content + text(right, middle, percent(lead[1]), colours, size=11, weight=600, anchor="end")


def spoken_decision(decision: DrawnDecision, shares: Sequence[float]) -> str:
    """`in → 1: skip 80 %, conv 3×3 6 %, ...`"""
    if not shares:
        return f"{decision.label}: not weighed"
    ordered = sorted(zip(decision.options, shares, strict=True), key=lambda pair: -pair[1])
    return f"{decision.label}: {', '.join(f'{option.label} {percent(share)}' for option, share in ordered)}"
