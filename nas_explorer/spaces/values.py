"""The values that a drawing is made of: operations, choices between them, and the scalars that both may hold."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.primitives import defaults_of

Scalar: TypeAlias = int | float | str | bool

MAX_NUMBER = 2**53                 # past it, JSON readers in other languages round
MAX_TEXT = 200
MAX_CHOICE = 10_000                # options of one choice
FORBIDDEN = ("/", ".", "→", "->", "[", "]", "+")      # the signs that decision ids are put together with


@dataclass(frozen=True, slots=True)
class Op:
    """An operation: a primitive (`conv`, `skip`, ...) or an instance of a cell, with parameters that may be choices.

    >>> str(Op("sep_conv", (("kernel", 3),)))
    'sep_conv_3x3'
    >>> str(Op("mbconv", (("kernel", 5), ("expand", 6))))
    'mbconv_5x5(expand=6)'
    """

    name: str
    params: tuple[tuple[str, Scalar | Choice], ...] = ()

    def __post_init__(self) -> None:
        check_name(self.name, "an operation")
        keys = [key for key, _ in self.params]
        for key, value in self.params:
            if not isinstance(key, str) or not key.isidentifier() or keyword.iskeyword(key) or key in ("op", "choice", "palette"):
                raise InvalidSpace(f"operation {self.name!r}: a parameter needs a plain name, got {key!r}")
            if not isinstance(value, Choice):
                check_scalar(value, f"{self.name}.{key}")
            elif isinstance(value.options[0], Op):
                raise InvalidSpace(f"operation {self.name!r}: parameter {key!r} must choose between scalars")
        if len(set(keys)) < len(keys):
            raise InvalidSpace(f"operation {self.name!r}: parameters must differ, got {', '.join(keys)}")

    def __str__(self) -> str:
        """The label papers use. Open parameters do not show."""
        fixed = {key: value for key, value in self.params if not isinstance(value, Choice)}
        kernel = fixed.pop("kernel", None)
        size = "" if kernel is None else f"_{kernel}" if isinstance(kernel, str) else f"_{kernel}x{kernel}"
        rest = ", ".join(f"{key}={value}" for key, value in fixed.items())
        return self.name + size + (f"({rest})" if rest else "")


@dataclass(frozen=True, slots=True)
class Choice:
    """One open decision: all its options are operations, or all are scalars.

    Two choices of one graph with the same `name` are the same decision. `labels` is what architectures store.
    """

    options: tuple[Op | Scalar, ...]
    name: str | None = None
    labels: tuple[Scalar, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.options:
            raise InvalidSpace("a choice needs at least one option, got none")
        if len(self.options) > MAX_CHOICE:
            raise InvalidSpace(f"a choice has at most {MAX_CHOICE:,} options, got {len(self.options):,}")
        if len({isinstance(option, Op) for option in self.options}) > 1:
            raise InvalidSpace(f"a choice is between operations or between scalars, got both: {listed(self.options)}")
        if self.name is not None and (not isinstance(self.name, str) or not 0 < len(self.name) <= MAX_TEXT):
            raise InvalidSpace(f"the name of a choice is a short text or None, got {self.name!r}")
        for option in self.options:
            if not isinstance(option, Op):
                check_scalar(option, "an option")
        labels = tuple(str(option) if isinstance(option, Op) else option for option in self.options)
        # 1, 1.0 and True are equal to Python and would be one key of a dict, so they may not meet in one choice.
        if len(set(labels)) < len(labels):
            raise InvalidSpace(f"the options of a choice must differ, got {listed(labels)}")
        # conv and conv_3x3 have two labels but are one operation: the search would see two where there is one.
        if len({_resolved(option) for option in self.options}) < len(labels):
            raise InvalidSpace("two options of a choice are the same operation once defaults are filled: "
                               f"{listed(labels)}")
        object.__setattr__(self, "labels", labels)


def options_of(value: Any) -> tuple[Any, ...]:
    """The options of a choice; of a fixed value, the value alone."""
    return value.options if isinstance(value, Choice) else (value,)


def check_name(name: object, what: str) -> None:
    """
    Raises:
        InvalidSpace: if a decision id could not be put together from this name without doubt.
    """
    if not isinstance(name, str) or not name or any(sign in name for sign in FORBIDDEN):
        raise InvalidSpace(f"{what} needs a name that is non-empty and without {' '.join(FORBIDDEN)}, got {name!r}")
    if len(name) > MAX_TEXT or not name.isprintable():
        raise InvalidSpace(f"{what} needs a printable name of at most {MAX_TEXT} signs, got {name[:40]!r}")


def check_scalar(value: object, place: str) -> None:
    """
    Raises:
        InvalidSpace: if the value is not a JSON scalar of sensible size.
    """
    if (isinstance(value, str) and len(value) <= MAX_TEXT) or isinstance(value, bool):
        return
    if isinstance(value, (int, float)) and abs(value) <= MAX_NUMBER:
        return
    shown = repr(value) if not isinstance(value, int) else "a number past 2**53"
    raise InvalidSpace(f"{place}: a number, short text or truth value is needed, got {shown[:60]}")


def check_count(value: object, place: str, most: int, least: int = 1, fixed: bool = False) -> None:
    """
    Raises:
        InvalidSpace: if the value, or an option of it, is not a whole number from `least` to `most`; or if it is a
            choice and has to be fixed.
    """
    for option in (value,) if fixed else options_of(value):
        if isinstance(option, bool) or not isinstance(option, int) or not least <= option <= most:
            shown = repr(option) if not isinstance(option, int) or abs(option) <= MAX_NUMBER else "a huge number"
            raise InvalidSpace(f"{place} must be a whole number from {least} to {most:,}, got {shown[:60]}")


def _resolved(option: Op | Scalar) -> object:
    if not isinstance(option, Op):
        return option
    settings: Mapping[str, object] = {**defaults_of(option.name), **dict(option.params)}
    return option.name, tuple(sorted(settings.items(), key=lambda item: item[0]))


def listed(options: Iterable[object]) -> str:
    """Names or options for a message: the first twenty of very many.

    >>> listed(range(23))
    '0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 and 3 more'
    """
    texts = list(map(str, options))
    return ", ".join(texts[:20]) + (f" and {len(texts) - 20:,} more" if len(texts) > 20 else "") or "none"


SKIP = Op("skip")
