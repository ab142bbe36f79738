"""What a browser sends is a stranger's JSON: every value is looked at before it is used."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nas_explorer.errors import InvalidOption

MOST_NAMES = 1_000                 # of one gesture
MOST_SIGNS = 200
FAR = 1_000_000.0                  # pixels: nothing can be put further out


@dataclass(frozen=True, slots=True)
class Request:
    """One message: which view sent it, its number there, and the version of the drawing that the user saw."""

    kind: str
    view: str
    number: int
    version: int
    given: Given


class Given:
    """The arguments of a message; each getter raises InvalidOption with the argument's name where it is not of its kind."""

    def __init__(self, values: object) -> None:
        if not isinstance(values, Mapping) or not all(isinstance(key, str) for key in values):
            raise InvalidOption("the arguments of a gesture are an object, got something else")
        self._values: Mapping[str, Any] = values

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def text(self, key: str, least: int = 1) -> str:
        value = self._values.get(key)
        if not isinstance(value, str) or not least <= len(value) <= MOST_SIGNS:
            raise InvalidOption(f"{key} must be a text of {least} to {MOST_SIGNS} signs, got {value!r:.60}")
        return value

    def whole(self, key: str, least: int = 0, most: int = 1_000_000) -> int:
        value = self._values.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise InvalidOption(f"{key} must be a whole number from {least} to {most:,}, got {value!r:.60}")
        return value

    def flag(self, key: str) -> bool:
        value = self._values.get(key)
        if not isinstance(value, bool):
            raise InvalidOption(f"{key} must be true or false, got {value!r:.60}")
        return value

    def names(self, key: str) -> tuple[str, ...]:
        return tuple(_checked_text(key, item) for item in self._list(key))

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        found = []
        for item in self._list(key):
            if not isinstance(item, (list, tuple)) or len(item) != 2:
                raise InvalidOption(f"{key} must list pairs of names, got {item!r:.60}")
            found.append((_checked_text(key, item[0]), _checked_text(key, item[1])))
        return tuple(found)

    def point(self, key: str) -> tuple[float, float]:
        return _checked_point(key, self._values.get(key))

    def points(self, key: str) -> dict[str, tuple[float, float]]:
        value = self._values.get(key)
        if not isinstance(value, Mapping) or len(value) > MOST_NAMES:
            raise InvalidOption(f"{key} must map at most {MOST_NAMES:,} names to points, got {type(value).__name__}")
        return {_checked_text(key, name): _checked_point(key, point) for name, point in value.items()}

    def json(self, key: str) -> Any:
        """A value that another reader will check."""
        return self._values.get(key)

    def _list(self, key: str) -> list[Any]:
        value = self._values.get(key, [])
        if not isinstance(value, (list, tuple)) or len(value) > MOST_NAMES:
            raise InvalidOption(f"{key} must be a list of at most {MOST_NAMES:,} entries, got {type(value).__name__}")
        return list(value)


def read_request(content: object) -> Request:
    """
    Raises:
        InvalidOption: if the message is none of ours.
    """
    message = Given(content)
    return Request(message.text("type"), message.text("view"), message.whole("number"), message.whole("version"),
                   Given(message.json("args") or {}))


def _checked_text(key: str, value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MOST_SIGNS:
        raise InvalidOption(f"{key} must hold names of 1 to {MOST_SIGNS} signs, got {value!r:.60}")
    return value


def _checked_point(key: str, value: object) -> tuple[float, float]:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise InvalidOption(f"{key} must hold points [x, y], got {value!r:.60}")
    for z in value:
        if isinstance(z, bool) or not isinstance(z, (int, float)) or not math.isfinite(z) or abs(z) > FAR:
            raise InvalidOption(f"{key} must hold points of numbers up to {FAR:,.0f}, got {value!r:.60}")
    return float(value[0]), float(value[1])
