"""A small table as HTML that needs no style sheet: for answers in a notebook's cell, light and dark."""

from __future__ import annotations

from collections.abc import Sequence

from nas_explorer.views.markup import escaped
from nas_explorer.views.palette import CSS

_CELL = "padding:3px 12px;text-align:"


class Markup(str):
    """HTML that is one already: not escaped again."""

    __slots__ = ()


def toned(words: str, tone: str) -> Markup:
    """Words in the colour of `better` or `worse`; in that of the text for any other tone."""
    colour = {"better": CSS.ok, "worse": CSS.err}.get(tone)
    return Markup(f'<span style="color:{colour}">{escaped(words)}</span>' if colour else escaped(words))


def html_table(columns: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "", left: int = 1) -> str:
    """
    Args:
        left: so many columns are words and stand at the left; the others are numbers and stand at the right.
    """

    def cell(tag: str, i: int, content: str) -> str:
        shown = content if isinstance(content, Markup) else escaped(content)
        return f'<{tag} style="{_CELL}{"left" if i < left else "right"}">{shown}</{tag}>'

    head = "".join(cell("th", i, column) for i, column in enumerate(columns))
    body = "".join(f"<tr>{''.join(cell('td', i, content) for i, content in enumerate(row))}</tr>" for row in rows)
    above = f'<caption style="text-align:left;padding:4px 12px">{escaped(caption)}</caption>' if caption else ""
    return f'<table style="font-variant-numeric:tabular-nums">{above}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
