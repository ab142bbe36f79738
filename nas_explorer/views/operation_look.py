"""How an operation is shown: the family that gives its colour, its sign, and the words on its chip."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_LABEL = re.compile(r"(?P<name>.*?)(?:_(?P<high>\d+)x(?P<wide>\d+))?(?:\((?P<rest>.*)\))?", re.DOTALL)
_UNSHOWN = ("order", "features", "bias", "vocabulary")  # and channels=2C: they say nothing to a reader of a drawing
_ALIASES = {"nor_conv": "conv", "identity": "skip", "skip_connect": "skip", "enas_sep_conv": "sep_conv"}
_FIXED = {  # name: (family, glyph, words)
    "none": ("none", "op-none", "none"),
    "zero": ("none", "op-none", "none"),
    "skip": ("skip", "op-skip", "skip"),
    "avg_pool": ("pool", "op-pool", "avg pool"),
    "max_pool": ("pool", "op-maxp", "max pool"),
    "global_pool": ("pool", "op-pool", "global pool"),
    "pool": ("pool", "op-pool", "pool"),
    "project": ("conv1", "op-c1", "project"),
    "project_part": ("conv1", "op-c1", "project"),
    "attention": ("attn", "op-attn", "attention"),
    "linear": ("dense", "op-dense", "linear"),
    "dense": ("dense", "op-dense", "dense"),
    "mlp": ("dense", "op-dense", "MLP"),
    "embedding": ("dense", "op-dense", "embedding"),
    "gate_in": ("dense", "op-dense", "gate"),
    "highway": ("dense", "op-dense", "highway"),
    "resnet_block": ("conv", "op-c3", "ResNet block"),
    "mbconv": ("sep", "op-dw", "MBConv"),
    "bn": ("none", "op-act", "batch norm"),
    "bn_relu": ("none", "op-act", "BN, ReLU"),
    "layer_norm": ("none", "op-act", "layer norm"),
    "pad": ("none", "op-act", "pad"),
}
_WORDS = (  # the first of these in an unknown operation's name decides its family
    ("dil", "sep", "op-dil"),
    ("sep", "sep", "op-sep"),
    ("depth", "sep", "op-dw"),
    ("dw", "sep", "op-dw"),
    ("conv", "conv", "op-c3"),
    ("max_pool", "pool", "op-maxp"),
    ("pool", "pool", "op-pool"),
    ("att", "attn", "op-attn"),
    ("linear", "dense", "op-dense"),
    ("dense", "dense", "op-dense"),
    ("skip", "skip", "op-skip"),
    ("norm", "none", "op-act"),
    ("relu", "none", "op-act"),
    ("act", "none", "op-act"),
)


@dataclass(frozen=True, slots=True)
class OperationLook:
    """
    Attributes:
        family: key of `Palette.operations`.
        glyph: key of `GLYPHS`, or a single letter where an unknown operation has no sign of its own.
        label: short words, `conv 3×3`; plain text that whoever draws must escape.
        details: the other parameters, `heads 4`; empty if there are none.
    """

    family: str
    glyph: str
    label: str
    details: str = ""


@lru_cache(maxsize=4096)
def operation_look(operation: str) -> OperationLook:
    """How the operation with this label is shown.

    >>> operation_look("conv_3x3").label, operation_look("conv_1x1").family, operation_look("attention(heads=4)").details
    ('conv 3×3', 'conv1', 'heads 4')
    >>> operation_look("fourier_mix")
    OperationLook(family='none', glyph='F', label='fourier mix', details='')
    """
    match = _LABEL.fullmatch(operation)
    name, high, wide, rest = match.group("name", "high", "wide", "rest") if match else (operation, None, None, None)
    name = _ALIASES.get(name, name) or operation
    family, glyph, words = _FIXED.get(name) or _guess(name)
    if name == "conv":
        family, glyph = _convolution(int(high or 3), int(wide or 3))
    size = f" {high}×{wide}" if high else ""
    if name == "mbconv" and rest:  # papers write the expansion into the name: MBConv6
        words, rest = _with_expansion(words, rest)
    settings = [part for part in (rest or "").split(", ") if part.partition("=")[0] not in _UNSHOWN and not part.endswith("C")]
    return OperationLook(family, glyph, words + size, ", ".join(settings).replace("=", " ").replace("_", " "))


def _with_expansion(words: str, rest: str) -> tuple[str, str]:
    settings = rest.split(", ")
    expand = next((part.partition("=")[2] for part in settings if part.startswith("expand=")), "")
    return words + expand, ", ".join(part for part in settings if not part.startswith("expand="))


def _convolution(high: int, wide: int) -> tuple[str, str]:
    if high == wide == 1:
        return "conv1", "op-c1"
    return "conv", "op-c3" if max(high, wide) <= 3 else "op-c5"


def _guess(name: str) -> tuple[str, str, str]:
    words = name.replace("_", " ")
    for part, family, glyph in _WORDS:
        if part in name.lower():
            return family, glyph, words
    return "none", next((sign.upper() for sign in name if sign.isalnum()), "?"), words
