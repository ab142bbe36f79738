"""What steers a search as one static SVG: the options with what they went with, what is ruled out, and the edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nas_explorer.views.markup import box, document, fitted, glyph, group, line, text, text_width
from nas_explorer.views.palette import Palette, mixed, palette
from nas_explorer.views.picture import picture_header

WIDTH = 1040.0
_HEAD, _SIDE, _ROW, _CAPTION = 48.0, 300.0, 50.0, 34.0
_PLACE, _CHIP = 130.0, 128.0  # width of the first column, and of an option's cell
_MOST_ROWS, _MOST_EDITS = 14, 8


def steering_svg(
    name: str,
    phase: str,
    header_facts: Sequence[dict[str, str]],
    options: Mapping[str, Any],
    standing: Mapping[str, Any],
    theme: str = "light",
) -> str:
    """
    Args:
        options: as `views.option_table.option_table` makes it.
        standing: what is left, and the edits, as `SteerContent.standing` makes it.
    """
    colours = palette(theme)
    rows, height = _rows(options, colours)
    height = max(height + _HEAD + _CAPTION, 330.0)
    content = box(0.5, 0.5, WIDTH - 1, height - 1, "none", radius=8, stroke=colours.line)
    content += picture_header("Steer", name, phase.lower(), header_facts, colours)
    content += text(16, _HEAD + 22, fitted(_capital(options["caption"]), 12, WIDTH - _SIDE - 32), colours, fill=colours.ink_2)
    content += group(rows, y=_HEAD + _CAPTION)
    content += line(WIDTH - _SIDE, _HEAD, WIDTH - _SIDE, height, colours.line) + group(_side(standing, colours), x=WIDTH - _SIDE, y=_HEAD)
    return document(content, WIDTH, height, f"{name}, {phase}. {standing['left']} {standing['of']} are left.", colours, fluid=True)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _rows(options: Mapping[str, Any], colours: Palette) -> tuple[str, float]:
    """All rows and their height. Cells that do not fit beside each other go on in the next line."""
    room = WIDTH - _SIDE - _PLACE - 12
    columns = max(len(options["columns"] or ()), 1)
    width = min(_CHIP, room / columns) if options["columns"] else _CHIP
    beside = max(1, int(room / width))
    content, y = "", 0.0
    for row in options["rows"][:_MOST_ROWS]:
        content += line(0, y, WIDTH - _SIDE, y, colours.line)
        content += text(16, y + 22, fitted(row["place"], 12, _PLACE - 24), colours, weight=600)
        for i, cell in enumerate(row["cells"]):
            content += group(_cell(cell, width, colours), x=_PLACE + i % beside * width, y=y + i // beside * _ROW)
        y += _ROW * max(1, -(-len(row["cells"]) // beside))
    more = len(options["rows"]) - _MOST_ROWS + options["more"]
    if more > 0:
        content += line(0, y, WIDTH - _SIDE, y, colours.line) + text(16, y + 20, f"and {more} more", colours, fill=colours.ink_2)
        y += 30
    return content, y + 8


def _cell(cell: Mapping[str, Any], width: float, colours: Palette) -> str:
    tile, gone = cell["tile"], cell["state"] in ("vetoed", "out")
    colour = colours.operations.get(tile["family"], colours.ink_2)
    content = box(2, 3, width - 6, _ROW - 6, colours.brand_bg, radius=4, stroke=colours.brand) if cell["state"] == "pinned" else ""
    content += box(8, 8, 20, 20, mixed(colour, colours.bg, 0.13), radius=5)
    content += glyph(tile["glyph"] or tile["label"][:1], 11, 11, 14, colour, colours)
    label = fitted(tile["label"], 11, width - 44)
    content += text(34, 17, label, colours, size=11, fill=colours.ink_2)
    words = {"pinned": "pinned", "vetoed": "vetoed"}.get(cell["state"], cell["n"])
    content += text(34, 32, cell["text"], colours, weight=600 if cell["tone"] in ("better", "worse") else 400)
    content += text(40 + text_width(cell["text"], 12), 32, words, colours, size=10, fill=colours.ink_2)
    if cell["bar"] is not None:
        content += _bar(cell, width - 44, colours)
    return group(content, opacity=0.4 if gone else 1.0, title=cell["words"])


def _bar(cell: Mapping[str, Any], width: float, colours: Palette) -> str:
    """The difference from the middle, and a thin line over its interval; a probability from the left."""
    value, low, high = cell["bar"]
    colour = {"better": colours.ok, "worse": colours.warn}.get(cell["tone"], colours.ink_3)
    content = box(34, 37, width, 4, colours.sub_2, radius=2)
    if cell["tone"] == "" and low == high == 0:
        return content + box(34, 37, width * value, 4, colours.brand, radius=2)
    half, middle = width / 2, 34 + width / 2
    content += box(middle + min(value, 0) * half, 37, abs(value) * half, 4, colour)
    return content + line(middle + low * half, 39, middle + high * half, 39, colours.ink_2)


def _side(standing: Mapping[str, Any], colours: Palette) -> str:
    room = _SIDE - 32
    content = text(16, 24, "From the next trial on", colours, weight=600)
    content += text(16, 50, standing["left"], colours, size=18, weight=600)
    content += text(22 + text_width(standing["left"], 18) * 1.05, 50, standing["of"], colours, fill=colours.ink_2)
    content += text(16, 72, fitted(standing["fitting"].partition(". ")[0].rstrip("."), 12, room), colours, fill=colours.ink_2)
    content += text(16, 104, "Edits", colours, weight=600)
    edits = standing["edits"][-_MOST_EDITS:]
    if not edits:
        content += text(16, 124, "None so far", colours, fill=colours.ink_2)
    for i, edit in enumerate(edits):
        fill = colours.ink if edit["on"] else colours.ink_3
        content += text(16, 124 + i * 20, edit["at"], colours, size=11, fill=colours.ink_3)
        content += text(68, 124 + i * 20, fitted(edit["text"], 12, room - 52), colours, fill=fill)
    return content
