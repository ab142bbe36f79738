"""Settings of strategies and estimators: checked when an entry is made, read from text when they come from a terminal."""

from __future__ import annotations

import json
import math
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Union, get_args, get_origin

from nas_explorer.errors import InvalidOption

_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def check_whole_number(name: str, value: object, least: int = 1) -> None:
    """
    Raises:
        InvalidOption: if the value is not a whole number from `least` on.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InvalidOption(f"{name} must be a whole number of at least {least}, got {value!r:.60}")


def check_one_of(name: str, value: object, known: Sequence[object]) -> None:
    """
    Raises:
        InvalidOption: if the value is none of those there are; the message lists them.
    """
    if isinstance(value, (bool, float)) or value not in known:
        raise InvalidOption(f"{name} must be one of {', '.join(map(str, known))}, got {value!r:.60}")


def check_number(name: str, value: object, wanted: str, fits: Callable[[float], bool]) -> None:
    """
    Args:
        wanted: the range in words: "above 0".
        fits: whether a finite number is in it.

    Raises:
        InvalidOption: if the value is no finite number, or out of range.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or not fits(value):
        raise InvalidOption(f"{name} must be a number {wanted}, got {value!r:.60}")


def check_texts(name: str, value: object) -> None:
    """
    Raises:
        InvalidOption: if the value is no list of texts.
    """
    if not isinstance(value, (list, tuple)) or not all(isinstance(text, str) for text in value):
        raise InvalidOption(f"{name} must be a list of texts, got {value!r:.60}")


def read(name: str, text: str, kind: Any) -> Any:
    """The value that a text from a terminal means for an option of this type.

    Args:
        kind: the option's annotation: int, float, bool, str, a Literal, a sequence or mapping of them, or one of several.

    >>> read("population_size", "10", int), read("also", "macs,test_error", tuple[str, ...]), read("limit", "none", int | None)
    (10, ('macs', 'test_error'), None)

    Raises:
        InvalidOption: if the text means no such value.
    """
    if kind is str:
        return text
    if kind in _READERS:
        return _READERS[kind](name, text)
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _literal(name, text, parts)
    if origin in (Union, types.UnionType):
        return _either(name, text, parts)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(name, text)
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return tuple(read(name, part.strip(), parts[0]) for part in text.split(",") if part.strip())
    raise InvalidOption(f"{name} cannot be set from a terminal; set it in Python")


def kind_name(kind: Any) -> str:
    """An option's type as a list of options shows it.

    >>> kind_name(int), kind_name(Literal[12, 200]), kind_name(tuple[str, ...]), kind_name(int | None)
    ('int', '12 | 200', 'tuple[str, ...]', 'int | None')
    """
    if get_origin(kind) is Literal:
        return " | ".join(map(str, get_args(kind)))
    if isinstance(kind, type) and not get_args(kind):
        return kind.__name__
    return str(kind).replace("typing.", "").replace("collections.abc.", "")


def _whole_number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InvalidOption(f"{name} must be a whole number, got {text!r:.60}") from None


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidOption(f"{name} must be a number, got {text!r:.60}")
    return number


def _truth(name: str, text: str) -> bool:
    if text.lower() not in _YES + _NO:
        raise InvalidOption(f"{name} must be true or false, got {text!r:.60}")
    return text.lower() in _YES


def _nothing(name: str, text: str) -> None:
    if text.lower() not in ("none", "null", ""):
        raise InvalidOption(f"{name} must be none, got {text!r:.60}")


_READERS = {int: _whole_number, float: _number, bool: _truth, type(None): _nothing}


def _literal(name: str, text: str, known: tuple[Any, ...]) -> Any:
    meant = {str(value): value for value in known}
    if text not in meant and not all(isinstance(value, str) for value in known):
        raise InvalidOption(f"{name} must be one of {', '.join(meant)}, got {text!r:.60}")
    return meant.get(text, text)           # a name may have other spellings, which the option's owner knows


def _either(name: str, text: str, kinds: tuple[Any, ...]) -> Any:
    """The first kind that fits: none before a number before a text, since every text is a text."""
    problems = []
    for kind in sorted(kinds, key=lambda k: (k is not type(None), k is str)):
        try:
            return read(name, text, kind)
        except InvalidOption as problem:
            problems.append(str(problem).removeprefix(f"{name} ").partition(", got")[0])
    raise InvalidOption(f"{name} {' or '.join(problems)}, got {text!r:.60}")


def _mapping(name: str, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise InvalidOption(f"{name} must be a mapping in JSON, as in '{{\"key\": 1}}', got {text!r:.60}")
    return value
