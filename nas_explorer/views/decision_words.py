"""Decisions and their options in words: `0→1` for `cell/0→1`, `conv 3×3` for `conv_3x3`."""

from __future__ import annotations

from nas_explorer.spaces.values import Scalar
from nas_explorer.views.operation_look import operation_look


def place_words(decision_id: str) -> str:
    """Where a decision stands, without what readers of a drawing know anyway.

    >>> place_words("cell/0→1"), place_words("stage2.repeat"), place_words("layer3.op"), place_words("normal/2.a.from")
    ('0→1', 'stage2 repeat', 'layer3', '2 a from')
    """
    name = decision_id.rpartition("/")[2].removesuffix(".op")
    return name.replace(".", " ").replace("_", " ")


def option_words(option: Scalar | None) -> str:
    """
    >>> option_words("conv_3x3"), option_words(True), option_words(16), option_words(None)
    ('conv 3×3', 'on', '16', 'not asked')
    """
    if option is None:
        return "not asked"
    if isinstance(option, bool):
        return "on" if option else "off"
    if isinstance(option, str):
        look = operation_look(option)
        return f"{look.label} {look.details}".rstrip()
    return f"{option}"
