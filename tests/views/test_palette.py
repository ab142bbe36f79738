"""Colours: every theme has all of them, and those in a widget follow its CSS."""

from dataclasses import fields

import pytest

from nas_explorer.errors import UnknownName
from nas_explorer.views.palette import CSS, DARK, LIGHT, Palette, mixed, palette


def test_css_colours_are_variables_with_the_light_value_as_fallback() -> None:
    for field in fields(Palette):
        if field.name not in ("name", "operations", "font"):
            assert getattr(CSS, field.name).startswith("var(--")
            assert getattr(CSS, field.name).endswith(f",{getattr(LIGHT, field.name)})")
    assert CSS.operations["conv"] == f"var(--op-conv,{LIGHT.operations['conv']})"


def test_all_themes_colour_the_same_families() -> None:
    assert LIGHT.operations.keys() == DARK.operations.keys() == CSS.operations.keys()


def test_an_unknown_theme_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownName, match="css, dark, light"):
        palette("sepia")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_can_be_read_on_its_ground(theme: Palette) -> None:
    for text in (theme.ink, theme.ink_2, theme.ink_3, theme.brand_ink, theme.ok, theme.warn, theme.err):
        assert contrast(text, theme.bg) >= 4.5


def test_mixing_inside_a_widget_is_left_to_the_browser() -> None:
    assert mixed(CSS.brand, CSS.bg, 0.3) == f"color-mix(in srgb,{CSS.brand} 30%,{CSS.bg})"


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
