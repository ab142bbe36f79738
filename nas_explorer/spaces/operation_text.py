"""An operation as a user types it: by its label, or with its parameters; what is open is a choice between bars."""

from __future__ import annotations

import re

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.primitives import PRIMITIVES, STRUCTURAL
from nas_explorer.spaces.values import Choice, Op, Scalar

_WORDS = re.compile(r"([^()]+?)\s*(?:\((.*)\))?")
_SIZED = re.compile(r"(.+)_(\d+)x(\d+)")


def typed_operation(text: str) -> Op:
    """
    >>> typed_operation("conv_7x7") == typed_operation("conv(kernel=7)") == Op("conv", (("kernel", 7),))
    True
    >>> typed_operation("mbconv(kernel=3|5, expand=6)").params
    (('kernel', Choice(options=(3, 5), name=None)), ('expand', 6))

    Raises:
        InvalidSpace: if it is none.
    """
    found = _WORDS.fullmatch(text.strip())
    if found is None:
        raise InvalidSpace(f"an operation is a name with its parameters, as in conv(kernel=7) or conv(kernel=3|5), got {text!r:.80}")
    name, params = found[1], [_parameter(part) for part in found[2].split(",")] if found[2] and found[2].strip() else []
    sized = None if name in PRIMITIVES or name in STRUCTURAL else _SIZED.fullmatch(name)
    if sized:
        name, params = sized[1], [("kernel", int(sized[2]) if sized[2] == sized[3] else f"{sized[2]}x{sized[3]}"), *params]
    return Op(name, tuple(params))


def _parameter(part: str) -> tuple[str, Scalar | Choice]:
    key, sign, value = part.partition("=")
    if not sign or not value.strip():
        raise InvalidSpace(f"a parameter of an operation is a name and its value, as in kernel=7 or kernel=3|5, got {part.strip()!r:.60}")
    options = tuple(_scalar(word.strip()) for word in value.split("|"))
    return key.strip(), Choice(options) if len(options) > 1 else options[0]


def _scalar(word: str) -> Scalar:
    if word in ("True", "False"):
        return word == "True"
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            continue
    return word
