"""The colours of everything that is drawn: light, dark, and CSS variables for drawings that live inside a widget.

The values are the design tokens as JupyterLab's two default themes resolve them. Figures and static SVG cannot read CSS
variables, so they take `LIGHT` or `DARK`; a drawing inside a widget takes `CSS` and follows any theme.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Literal

from nas_explorer.errors import UnknownName

Theme = Literal["light", "dark", "css"]


@dataclass(frozen=True, slots=True)
class Palette:
    """One set of colours. `operations` maps the family of an operation to its colour; `random` draws the random twin."""

    name: Theme
    ink: str
    ink_2: str
    ink_3: str
    ghost: str
    line: str
    line_2: str
    sub: str
    sub_2: str
    brand: str
    brand_ink: str
    brand_bg: str
    on_brand: str
    ok: str
    warn: str
    err: str
    ok_bg: str
    warn_bg: str
    err_bg: str
    bg: str
    random: str
    operations: Mapping[str, str]
    font: str = "Helvetica, Arial, sans-serif"


LIGHT = Palette(
    "light",
    ink="#1f1f1f",
    ink_2="#575757",
    ink_3="#6e6e6e",
    ghost="#a8a8a8",
    line="#e3e3e3",
    line_2="#c7c7c7",
    sub="#f7f7f7",
    sub_2="#ededed",
    brand="#1976d2",
    brand_ink="#1665b5",
    brand_bg="#e8f1fa",
    on_brand="#ffffff",
    ok="#2d7230",
    warn="#9d4f00",
    err="#ad2727",
    ok_bg="#ebf4ec",
    warn_bg="#fef1e3",
    err_bg="#fbecec",
    bg="#ffffff",
    random="#737e8f",
    operations=MappingProxyType(
        {
            "conv": "#3b45d1",
            "conv1": "#7f89ee",
            "sep": "#0b6459",
            "pool": "#c2570c",
            "skip": "#bf2ba6",
            "none": "#737e8f",
            "attn": "#4a4400",
            "dense": "#7a4a3a",
        }
    ),
)
DARK = Palette(
    "dark",
    ink="#e4e4e4",
    ink_2="#b4b4b4",
    ink_3="#a0a0a0",
    ghost="#6c6c6c",
    line="#393939",
    line_2="#525252",
    sub="#282828",
    sub_2="#313131",
    brand="#2196f3",
    brand_ink="#40a5f5",
    brand_bg="#212d36",
    on_brand="#111111",
    ok="#70bf73",
    warn="#ffbd5c",
    err="#f6655a",
    ok_bg="#252f26",
    warn_bg="#392e1d",
    err_bg="#342423",
    bg="#212121",
    random="#8b95a3",
    operations=MappingProxyType(
        {
            "conv": "#8089fb",
            "conv1": "#cdd2ff",
            "sep": "#52dcc0",
            "pool": "#e8843c",
            "skip": "#ea74d8",
            "none": "#8b95a3",
            "attn": "#ebdd62",
            "dense": "#d9a58f",
        }
    ),
)


def css_name(field: str) -> str:
    """
    >>> css_name("ink_2"), css_name("random")
    ('--ink-2', '--s0')
    """
    return "--s0" if field == "random" else f"--{field.replace('_', '-')}"


def _css() -> Palette:
    plain = {
        field.name: f"var({css_name(field.name)},{getattr(LIGHT, field.name)})"
        for field in fields(Palette)
        if field.name not in ("name", "operations", "font")
    }
    operations = {family: f"var(--op-{family},{colour})" for family, colour in LIGHT.operations.items()}
    return Palette(name="css", operations=MappingProxyType(operations), font="var(--jp-ui-font-family,system-ui,sans-serif)", **plain)


CSS = _css()
PALETTES: Mapping[str, Palette] = MappingProxyType({"light": LIGHT, "dark": DARK, "css": CSS})


def palette(theme: str) -> Palette:
    """
    Raises:
        UnknownName: if the theme is none of light, dark and css.
    """
    if theme not in PALETTES:
        raise UnknownName("theme", theme, PALETTES)
    return PALETTES[theme]


def mixed(colour: str, other: str, share: float) -> str:
    """`share` of a colour, the rest of the other.

    >>> mixed("#000000", "#ffffff", 0.2)
    '#cccccc'
    """
    if "var(" in colour + other:
        return f"color-mix(in srgb,{colour} {share:.0%},{other})"
    pairs = [(int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)
