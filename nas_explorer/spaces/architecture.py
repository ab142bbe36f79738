"""An architecture: one option for every decision that is active."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.spaces.values import Scalar


class Architecture(Mapping[str, Scalar]):
    """An immutable, hashable mapping from the ids of the active decisions to their options.

    Architectures of one space share their ids, so that a hundred thousand of them stay small. Equality does not look
    at the order. The arrow of an edge may be written in ASCII when looking up.

    >>> architecture = Architecture({"cell/0→1": "skip"})
    >>> architecture["cell/0→1"], architecture["cell/0->1"]
    ('skip', 'skip')
    """

    __slots__ = ("_hash", "_options", "_positions")
    _hash: int | None
    _options: tuple[Scalar, ...]
    _positions: dict[str, int]         # id -> where its option stands; shared, never changed

    def __init__(self, choices: Mapping[str, Scalar] | Iterable[tuple[str, Scalar]] = ()) -> None:
        given = with_arrows(dict(choices))
        self._positions = {key: i for i, key in enumerate(given)}
        self._options = tuple(given.values())
        self._hash = None

    def __getitem__(self, decision_id: str) -> Scalar:
        position = self._positions.get(decision_id)
        return self._options[self._positions[with_arrow(decision_id)] if position is None else position]

    def __iter__(self) -> Iterator[str]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._options)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Architecture) and self._positions is other._positions:
            return self._options == other._options
        return Mapping.__eq__(self, other)

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.items()))
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        return shared, (self._positions, self._options)

    def __repr__(self) -> str:
        return "Architecture(" + ", ".join(f"{key}={value}" for key, value in self.items()) + ")"


def shared(positions: dict[str, int], options: tuple[Scalar, ...]) -> Architecture:
    """An architecture that shares its ids with others: positions[id] is where its option stands in `options`."""
    architecture = Architecture.__new__(Architecture)
    architecture._positions = positions
    architecture._options = options
    architecture._hash = None
    return architecture


def with_arrow(decision_id: str) -> str:
    """The id as it is stored: `cell/0->1` is the ASCII way to write `cell/0→1`."""
    return decision_id.replace("->", "→") if isinstance(decision_id, str) and "->" in decision_id else decision_id


def with_arrows(choices: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """The choices under their stored ids.

    Raises:
        InvalidArchitecture: if one decision is written in both ways.
    """
    given = {with_arrow(key): option for key, option in choices.items()}
    if len(given) < len(choices):
        twice = [key for key in choices if with_arrow(key) != key and with_arrow(key) in choices]
        raise InvalidArchitecture(f"decision {twice[0]!r} is given twice, with -> and with →; leave one out")
    return given
