"""The register of primitive operations: the names a drawing may use, with their parameters and costs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from nas_explorer.errors import InvalidSpace, UnknownName

Amounts: TypeAlias = tuple[int, int]
CostFunction = TypeVar("CostFunction", bound=Callable[..., Amounts])


@dataclass(frozen=True, slots=True)
class Primitive:
    """cost(source shape, result shape, stride, parameters) -> (parameter count, MACs)."""

    name: str
    cost: Callable[..., Amounts]
    defaults: Mapping[str, object] = field(default_factory=dict)


_PRIMITIVES: dict[str, Primitive] = {}
PRIMITIVES: Mapping[str, Primitive] = MappingProxyType(_PRIMITIVES)
STRUCTURAL = ("none", "skip")      # the tracer resolves these by itself: a zero, and the value as it is


def primitive(name: str, **defaults: object) -> Callable[[CostFunction], CostFunction]:
    """Register a primitive by its cost function; a user's own operation enters by the same door."""
    def register(cost: CostFunction) -> CostFunction:
        _PRIMITIVES[name] = Primitive(name, cost, MappingProxyType(defaults))
        return cost
    return register


def defaults_of(name: str) -> Mapping[str, object]:
    """The parameters of a primitive with their defaults; nothing for cells and unknown names."""
    return _PRIMITIVES[name].defaults if name in _PRIMITIVES else {}


def settings_of(name: str, params: Mapping[str, object], place: str) -> dict[str, object]:
    """All parameters of a primitive: those given, checked, and the defaults of the others.

    Raises:
        UnknownName: if there is no such operation.
        InvalidSpace: if it has no such parameter, or the value is of another kind than its default.
    """
    if name not in _PRIMITIVES:
        raise UnknownName(f"operation at {place}:", name, (*_PRIMITIVES, *STRUCTURAL))
    defaults = _PRIMITIVES[name].defaults
    for key, value in params.items():
        if key not in defaults:
            known = ", ".join(defaults) or "none"
            raise InvalidSpace(f"{place}: {name} has no parameter {key!r}; it has {known}")
        if not _is_kind_of(value, defaults[key], (name, key) == ("conv", "kernel")):
            raise InvalidSpace(f"{place}: {name} cannot have {key}={value!r}; its default is {defaults[key]!r}")
    return {**defaults, **params}


def _is_kind_of(value: object, default: object, rectangular: bool) -> bool:
    if rectangular and isinstance(value, str):
        return re.fullmatch(r"[1-9]\d?x[1-9]\d?", value, re.ASCII) is not None
    if isinstance(default, (bool, str)):
        return isinstance(value, type(default))
    if isinstance(default, int):
        return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 1_000_000
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1_000
