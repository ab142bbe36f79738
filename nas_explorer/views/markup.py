"""The few pieces of SVG that every static drawing is put together from. All text is escaped here and only here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from nas_explorer.views.glyphs import GLYPHS
from nas_explorer.views.palette import Palette


@dataclass(frozen=True, slots=True)
class Drawing:
    """A piece of SVG with its upper left corner at (0, 0), to be put into a larger one or into a document of its own."""

    content: str
    width: float
    height: float


_WIDTHS = {  # advance widths of Helvetica in thousandths, by class of sign; 560 for all others
    222: "ijl'|",
    278: " .,:;!/\\ftI[]·",
    333: "()-r`",
    500: "cksvxyzJ",
    584: "+=<>×÷−~^",
    611: "FTZL",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "mM",
    890: "%",
    944: "W",
    1000: "→–—…@",
}
_WIDTH_OF = {sign: width for width, signs in _WIDTHS.items() for sign in signs}


def text_width(text: str, size: float) -> float:
    """About how many pixels a text takes, a little too many rather than too few: other fonts are wider than Helvetica.

    >>> 45 < text_width("conv 3×3", 12) < 60
    True
    """
    return sum(_WIDTH_OF.get(sign, 560 if ord(sign) < 0x2E80 else 1000) for sign in text) * size / 1000 * 1.07


def escaped(content: str) -> str:
    """Text made safe for XML and HTML: no markup, no quotes that end an attribute, no signs that XML forbids.

    >>> escaped('<b "&')
    '&lt;b &quot;&amp;'
    """
    return escape(
        "".join(
            sign for sign in content if sign >= " " or sign in "\t\n" if not "\ud800" <= sign <= "\udfff" if sign not in "\x7f\ufffe\uffff"
        )
    )


def fitted(text: str, size: float, width: float) -> str:
    """The text, cut with an ellipsis where it would be wider than `width` pixels."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def number(value: float) -> str:
    """
    >>> number(12.0), number(0.126)
    ('12', '0.13')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"


def text(
    x: float,
    y: float,
    content: str,
    palette: Palette,
    *,
    size: float = 12,
    weight: int = 400,
    anchor: str = "start",
    fill: str = "",
    turned: bool = False,
) -> str:
    """Escaped words with the baseline at y. `turned`: read from below, as beside a vertical axis."""
    place = f'transform="translate({number(x)} {number(y)}) rotate(-90)"' if turned else f'x="{number(x)}" y="{number(y)}"'
    return (
        f'<text {place} font-family="{palette.font}" font-size="{number(size)}" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{fill or palette.ink}">{escaped(content)}</text>'
    )


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, *, width: float = 1, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path d="M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}" fill="none" stroke="{stroke}" '
        f'stroke-width="{number(width)}"{dashed}/>'
    )


def polyline(points: Sequence[tuple[float, float]], stroke: str, *, width: float = 2, dashes: str = "", opacity: float = 1.0) -> str:
    """A line through all points; nothing if there are fewer than two."""
    if len(points) < 2:
        return ""
    data = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
    more = (f' stroke-dasharray="{dashes}"' if dashes else "") + (f' opacity="{number(opacity)}"' if opacity < 1 else "")
    return f'<path d="{data}" fill="none" stroke="{stroke}" stroke-width="{number(width)}" stroke-linejoin="round"{more}/>'


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    fill: str,
    *,
    radius: float = 0,
    stroke: str = "",
    stroke_width: float = 1,
    fill_opacity: float = 1.0,
    stroke_opacity: float = 1.0,
    dashes: str = "",
) -> str:
    more = f' rx="{number(radius)}"' if radius else ""
    more += f' fill-opacity="{number(fill_opacity)}"' if fill_opacity < 1 else ""
    if stroke:
        more += f' stroke="{stroke}" stroke-width="{number(stroke_width)}"'
        more += f' stroke-opacity="{number(stroke_opacity)}"' if stroke_opacity < 1 else ""
        more += f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" fill="{fill}"{more}/>'


def circle(x: float, y: float, radius: float, fill: str, *, stroke: str = "", width: float = 1.5) -> str:
    more = f' stroke="{stroke}" stroke-width="{number(width)}"' if stroke else ""
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}"{more}/>'


def glyph(name: str, x: float, y: float, side: float, colour: str, palette: Palette) -> str:
    """The sign of an operation with its upper left corner at (x, y); a name that is no sign is drawn as its letter."""
    if name not in GLYPHS:
        return text(x + side / 2, y + side * 0.82, name[:1], palette, size=side * 0.85, weight=700, anchor="middle", fill=colour)
    return (
        f'<svg x="{number(x)}" y="{number(y)}" width="{number(side)}" height="{number(side)}" viewBox="0 0 16 16">'
        f"{GLYPHS[name].format(c=colour)}</svg>"
    )


def group(content: str, *, x: float = 0, y: float = 0, opacity: float = 1.0, title: str = "") -> str:
    more = f' transform="translate({number(x)} {number(y)})"' if x or y else ""
    more += f' opacity="{number(opacity)}"' if opacity < 1 else ""
    return f"<g{more}>{f'<title>{escaped(title)}</title>' if title else ''}{content}</g>"


def document(content: str, width: float, height: float, title: str, palette: Palette, *, fluid: bool = False) -> str:
    """A whole SVG: with its own background, except where it lies inside a widget. `fluid` fills the width there is."""
    ground = "" if palette.name == "css" else box(0, 0, width, height, palette.bg)
    w, h = number(width), number(height)
    size = 'width="100%"' if fluid else f'width="{w}" height="{h}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" {size} role="img" '
        f'aria-label="{escaped(title)}"><title>{escaped(title)}</title>{ground}{content}</svg>'
    )
