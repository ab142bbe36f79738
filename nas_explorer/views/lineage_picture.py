"""A lineage as one static picture: the tree, the last mutation, and the path to the best. What a saved notebook shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from nas_explorer.views.axes import spoken
from nas_explorer.views.comparison import Comparison
from nas_explorer.views.diagram import diagram_drawing
from nas_explorer.views.lineage import Lineage, Moment
from nas_explorer.views.markup import Drawing, box, circle, document, fitted, glyph, group, line, number, text, text_width
from nas_explorer.views.palette import Palette, palette
from nas_explorer.views.picture import picture_header

WIDTH, HEIGHT = 1040.0, 600.0
_SPLIT, _HEAD, _FOOT = 600.0, 48.0, 488.0
_LEFT, _TOP, _RIGHT, _BOTTOM = 56.0, 60.0, 20.0, 76.0  # around the tree
_CARD = 104.0
_MOST_LINKS = 4000

Place = tuple[float, float]


def lineage_svg(
    name: str,
    phase: str,
    facts: Sequence[dict[str, str]],
    tree: Mapping[str, Any],
    family: Lineage,
    then: Moment,
    pair: tuple[int, int, Comparison] | None = None,
    theme: str = "light",
) -> str:
    """
    Args:
        tree: as `tree_columns` makes it, with `words`.
        then: the moment that is shown.
        pair: two trials, and how they differ; None: there is no such pair.
    """
    colours = palette(theme)
    content = box(0.5, 0.5, WIDTH - 1, HEIGHT - 1, "none", radius=8, stroke=colours.line)
    content += picture_header("Lineage", name, phase.lower(), facts, colours)
    content += line(_SPLIT, _HEAD, _SPLIT, _FOOT, colours.line) + line(0, _FOOT, WIDTH, _FOOT, colours.line)
    content += group(tree_drawing(tree, family, then, colours, _SPLIT, _FOOT - _HEAD).content, y=_HEAD)
    content += group(_pair(pair, str(tree["words"]), colours), x=_SPLIT, y=_HEAD)
    content += group(_path(tree, family, then, colours), y=_FOOT)
    return document(content, WIDTH, HEIGHT, f"{name}, {phase.lower()}. {_words(tree, family, then)}", colours, fluid=True)


def _words(tree: Mapping[str, Any], family: Lineage, then: Moment) -> str:
    if tree["words"]:
        return str(tree["words"])
    if then.incumbent is None:
        return f"{len(then.born)} born, none finished yet."
    steps = len(family.line(then.incumbent)) - 1
    return f"{len(then.born)} born, {len(then.alive)} alive; {steps} mutations lead to the best, trial {then.incumbent}."


def tree_drawing(tree: Mapping[str, Any], family: Lineage, then: Moment, colours: Palette, width: float, height: float) -> Drawing:
    """Births from left to right, better values higher; the line of the best in bold."""
    at = _places(tree, then, width, height)
    best = family.line(then.incumbent) if then.incumbent is not None else []
    content = text(16, 24, "Who came from whom" if family.is_tree else "Trials in the order of birth", colours, weight=600)
    hint = "filled: alive · ring: dead · bold: line of the best" if family.is_tree else ""
    start = 16 + text_width("Who came from whom", 12) + 16
    content += text(start, 24, fitted(hint, 12, width - start - 12), colours, fill=colours.ink_2)
    content += _ticks(tree, then, colours, width, height)
    links = [(tree["parent"][t], t) for t in sorted(at) if tree["parent"][t] in at][-_MOST_LINKS:]
    content += f'<path d="{"".join(curve(at[a], at[b]) for a, b in links)}" fill="none" stroke="{colours.ghost}" stroke-width="1"/>'
    content += f'<path d="{"".join(curve(at[a], at[b]) for a, b in pairwise(best) if a in at and b in at)}" fill="none" '
    content += f'stroke="{colours.brand}" stroke-width="2.5"/>'
    for trial in sorted(at, key=lambda t: (t in best, t in then.alive)):
        x, y = at[trial]
        if trial in best:
            content += circle(x, y, 5, colours.brand)
        elif trial in then.alive:
            content += circle(x, y, 3.5, colours.brand, stroke=colours.bg, width=1)
        else:
            content += circle(x, y, 3.5, colours.bg, stroke=colours.ink_3, width=1.25)
    if best and best[-1] in at:
        x, y = at[best[-1]]
        content += text(min(x, width - 40), y - 12, f"best #{best[-1]}", colours, weight=600, anchor="middle", fill=colours.brand_ink)
    return Drawing(content, width, height)


def curve(start: Place, end: Place) -> str:
    """Path data from a parent to its child, level at both ends."""
    middle = (start[0] + end[0]) / 2
    points = (start[0], start[1], middle, start[1], middle, end[1], end[0], end[1])
    a, b, *rest = (number(p) for p in points)
    return f"M{a} {b}C{' '.join(rest)}"


def _places(tree: Mapping[str, Any], then: Moment, width: float, height: float) -> dict[int, Place]:
    """Where each trial that has ended by then stands; failed ones, and values off the axis, on the lowest line."""
    axis, last = tree["axis"], max(1, len(then.born) - 1)
    top, low = _TOP, height - _BOTTOM

    def y(value: float | None) -> float:
        if value is None or not axis["low"] <= value <= axis["high"]:
            return low + 18
        share: float = (value - axis["low"]) / (axis["high"] - axis["low"])
        return top + (share if axis["minimize"] else 1 - share) * (low - top)

    room = width - _LEFT - _RIGHT
    return {t: (_LEFT + 8 + (room - 16) * t / last, y(tree["value"][t])) for t in then.born - then.running}


def _ticks(tree: Mapping[str, Any], then: Moment, colours: Palette, width: float, height: float) -> str:
    axis, low = tree["axis"], height - _BOTTOM
    content = ""
    for value, words in axis["ticks"]:
        share = (value - axis["low"]) / (axis["high"] - axis["low"])
        y = _TOP + (share if axis["minimize"] else 1 - share) * (low - _TOP)
        content += line(_LEFT, y, width - _RIGHT, y, colours.line)
        content += text(_LEFT - 8, y + 4, words, colours, size=11, anchor="end", fill=colours.ink_2)
    content += text(_LEFT - 8, low + 22, "worse", colours, size=11, anchor="end", fill=colours.ink_2)
    middle, born = (_LEFT + width - _RIGHT) / 2, len(then.born)
    content += text(_LEFT + 8, height - 26, "0", colours, size=11, anchor="middle", fill=colours.ink_2)
    content += text(width - _RIGHT - 8, height - 26, f"{max(born - 1, 0)}", colours, size=11, anchor="middle", fill=colours.ink_2)
    content += text(middle, height - 12, "order of birth (trial)", colours, size=11, anchor="middle", fill=colours.ink_2)
    return content + text(15, (_TOP + low) / 2, axis["title"], colours, size=11, anchor="middle", fill=colours.ink_2, turned=True)


def _pair(pair: tuple[int, int, Comparison] | None, words: str, colours: Palette) -> str:
    width, middle = WIDTH - _SPLIT, (_FOOT - _HEAD) / 2
    if pair is None:
        lines = wrapped(words or "The best so far has no parent.", 12, width - 64)
        start = middle - 9 * (len(lines) - 1)
        drawn = (text(width / 2, start + 18 * i, row, colours, fill=colours.ink_2, anchor="middle") for i, row in enumerate(lines))
        return "".join(drawn)
    first, second, found = pair
    content = text(16, 24, "The last step", colours, weight=600)
    words = "; ".join(d.words for d in found.differences)
    content += text(16, 44, fitted(words, 12, width - 32), colours, fill=colours.ink_2)
    half = width / 2
    for side, trial in enumerate((first, second)):
        x = side * half
        content += text(x + 16, 74, f"#{trial}", colours, weight=600)
        if found.diagrams:
            drawing = diagram_drawing(found.diagrams[0][side], colours, compact=True)
            scale = min(1.0, (half - 16) / drawing.width, 190 / drawing.height)
            left, top = x + (half - drawing.width * scale) / 2, 84 + (190 - drawing.height * scale) / 2
            content += f'<g transform="translate({left:.1f} {top:.1f}) scale({scale:.3f})">{drawing.content}</g>'
    content += line(half, 56, half, 284, colours.line)
    y = 306.0
    for change in found.changes[:5]:
        content += line(0, y - 18, width, y - 18, colours.line)
        tone = {"better": colours.ok, "worse": colours.err}.get(change.tone, colours.ink)
        content += text(16, y, fitted(change.metric.label, 12, 150), colours)
        content += text(250, y, spoken(change.first, change.metric.unit), colours, anchor="end")
        content += text(340, y, spoken(change.second, change.metric.unit), colours, anchor="end")
        content += text(width - 16, y, change.words, colours, anchor="end", weight=600, fill=tone)
        y += 28
    return content


def _path(tree: Mapping[str, Any], family: Lineage, then: Moment, colours: Palette) -> str:
    best = family.line(then.incumbent) if then.incumbent is not None else []
    if len(best) < 2:
        return ""
    content = text(16, 22, "Path to the best", colours, weight=600)
    steps = f"{len(best) - 1} mutation{'s' if len(best) > 2 else ''}"
    content += text(16 + text_width("Path to the best", 12) + 14, 22, steps, colours, fill=colours.ink_2)
    shown = best[-int((WIDTH - 8) // _CARD):]
    for i, trial in enumerate(shown):
        content += group(_card(tree, trial, colours), x=12 + i * _CARD, y=34)
    return content


def wrapped(words: str, size: float, width: float) -> list[str]:
    """Words in lines that are at most so many pixels wide.

    >>> wrapped("one two three", 12, 50)
    ['one two', 'three']
    """
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _card(tree: Mapping[str, Any], trial: int, colours: Palette) -> str:
    change, value, axis = tree["change"][trial], tree["value"][trial], tree["axis"]
    content = text(6, 14, f"#{trial}", colours, weight=600)
    if change < 0:
        content += text(6, 40, "random start" if tree["parent"][trial] < 0 else "unchanged", colours, size=11, fill=colours.ink_2)
    else:
        step = tree["changes"][change]
        content += text(44, 14, fitted(step["place"], 11, _CARD - 48), colours, size=11, fill=colours.ink_2)
        content += _tile(step["before"], 6, colours) + text(32, 41, "→", colours, fill=colours.ink_2) + _tile(step["after"], 48, colours)
    return content + (text(6, 66, spoken(value, axis["unit"]), colours, size=11) if value is not None else "")


def _tile(tile: Mapping[str, str], x: float, colours: Palette) -> str:
    if not tile["family"]:
        return text(x, 41, fitted(tile["label"], 11, 40), colours, size=11, weight=500)
    colour = colours.operations[tile["family"]]
    ground = box(x, 25, 22, 22, colour, radius=5, fill_opacity=0.13, stroke=colour, stroke_opacity=0.4)
    return ground + glyph(tile["glyph"], x + 3, 28, 16, colour, colours)
