"""Operations of a user's own, as values: so that they can travel to the processes that build networks with them. No torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nas_explorer.errors import InvalidOption
from nas_explorer.spaces.operation_names import used_operations
from nas_explorer.spaces.primitives import PRIMITIVES, STRUCTURAL, Amounts, primitive
from nas_explorer.spaces.space import SearchSpace


@dataclass(frozen=True, slots=True)
class OwnOperation:
    """What `models.operation` was told.

    Attributes:
        build: (source shape, result shape, stride, **parameters) -> module.
        cost: the same arguments -> (parameter count, MACs).
        defaults: the parameters that a drawing may set.
    """

    name: str
    build: Callable[..., Any]
    cost: Callable[..., Amounts]
    defaults: Mapping[str, object]


OWN: dict[str, OwnOperation] = {}


def register(operation: OwnOperation) -> None:
    """Let drawings of this process use it; one that is registered again takes the place of the first.

    Raises:
        InvalidOption: as `check_free`.
    """
    check_free(operation.name)
    primitive(operation.name, **operation.defaults)(operation.cost)
    OWN[operation.name] = operation


def check_free(name: str) -> None:
    """
    Raises:
        InvalidOption: if the library has an operation of this name.
    """
    if name in STRUCTURAL or (name in PRIMITIVES and name not in OWN):
        raise InvalidOption(f"the library has an operation {name!r} already; give yours another name")


def own_operations(space: SearchSpace) -> tuple[OwnOperation, ...]:
    """Those that a space draws with."""
    used = set().union(*(used_operations(graph) for graph in (space.network, *(cell for _, cell in space.cells))))
    return tuple(operation for name, operation in OWN.items() if name in used)
