"""Every operation has a family and a sign; a user's own falls to a family by its name."""

import pytest

from nas_explorer.spaces.primitives import PRIMITIVES
from nas_explorer.views.glyphs import GLYPHS
from nas_explorer.views.operation_look import operation_look
from nas_explorer.views.palette import LIGHT


@pytest.mark.parametrize(
    ("operation", "family", "glyph", "label"),
    [
        ("conv_3x3", "conv", "op-c3", "conv 3×3"),
        ("conv_5x5", "conv", "op-c5", "conv 5×5"),
        ("conv_1x1", "conv1", "op-c1", "conv 1×1"),
        ("nor_conv_3x3", "conv", "op-c3", "conv 3×3"),
        ("sep_conv_5x5", "sep", "op-sep", "sep conv 5×5"),
        ("dil_conv_3x3", "sep", "op-dil", "dil conv 3×3"),
        ("avg_pool_3x3", "pool", "op-pool", "avg pool 3×3"),
        ("max_pool_3x3", "pool", "op-maxp", "max pool 3×3"),
        ("skip", "skip", "op-skip", "skip"),
        ("none", "none", "op-none", "none"),
        ("mbconv_5x5(expand=6)", "sep", "op-dw", "MBConv6 5×5"),
        ("my_attention_block", "attn", "op-attn", "my attention block"),
    ],
)
def test_known_operations(operation: str, family: str, glyph: str, label: str) -> None:
    look = operation_look(operation)
    assert (look.family, look.glyph, look.label) == (family, glyph, label)


@pytest.mark.parametrize("operation", [*PRIMITIVES, "", "()", "a_3x3(", "×→", "Fourier"])
def test_no_operation_is_without_a_look(operation: str) -> None:
    look = operation_look(operation)
    assert look.family in LIGHT.operations
    assert look.glyph in GLYPHS or len(look.glyph) == 1


def test_every_primitive_has_a_sign_of_its_own() -> None:
    assert [name for name in PRIMITIVES if operation_look(name).glyph not in GLYPHS] == []


def test_settings_that_only_a_builder_reads_do_not_show() -> None:
    assert operation_look("conv_3x3(order=conv-bn, channels=2C)").details == ""
    assert operation_look("attention(heads=4)").details == "heads 4"
