"""Reads the parts of a space from a stranger's JSON values. Every function takes the place in the file, for messages.

Nothing here walks deeper than a part may be nested, so that hostile nesting ends in a message and not in a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any, TypeVar

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.nodes import Edge, Node
from nas_explorer.spaces.space import MAX_EDGES, MAX_NODES, Constraint
from nas_explorer.spaces.values import MAX_CHOICE, Choice, Op, listed

T = TypeVar("T")

_NEEDED = {Node: ("name",), Edge: ("source", "target"), Constraint: ("kind", "limit")}
_KEYS = {kind: {f.name for f in fields(kind)} for kind in _NEEDED}
_TEXTS = {"name", "source", "target", "kind", "graph", "presence", "merge", "align"}

MAX_MESSAGE = 600                  # signs
MAX_LABELS = 100_000               # options that the palettes of one file are spelled out to


class Palettes:
    """The lists of operations that a file gives names to; a choice may say `{"palette": name}` instead of its options."""

    def __init__(self, data: object = None) -> None:
        known = read_object({} if data is None else data, "space.palettes")
        self.options = {name: _read_palette(items, f"space.palettes.{name:.60}") for name, items in known.items()}
        self.made: dict[tuple[str, str | None], Choice] = {}
        self.labels = 0

    def choice(self, name: str, decision: str | None, place: str) -> Choice:
        """The choice between the operations of a palette. Made once, so that a small file cannot ask for endless work."""
        if name not in self.options:
            raise InvalidSpace(f"{place}: there is no palette {name!r:.60}; there is: {listed(self.options)}")
        if (name, decision) not in self.made:
            self.labels += len(self.options[name])
            if self.labels > MAX_LABELS:
                raise InvalidSpace(f"{place}: the palettes are used for more than {MAX_LABELS:,} options; name less choices")
            self.made[name, decision] = made(place, lambda: Choice(self.options[name], decision))
        return self.made[name, decision]


def read_cell(data: object, place: str, palettes: Palettes | None = None) -> tuple[str, Graph]:
    pair = read_list(data, place, 2)
    if len(pair) != 2 or not isinstance(pair[0], str):
        raise InvalidSpace(f"{place}: a cell is a pair [name, graph], got {shown(data)}")
    return pair[0], read_graph(pair[1], f"{place}[1]", palettes)


def read_graph(data: object, place: str, palettes: Palettes | None = None) -> Graph:
    known = read_object(data, place, {"inputs", "nodes", "edges", "out"})
    inputs = tuple(read_list(known.get("inputs", []), f"{place}.inputs", MAX_NODES))
    nodes = _read_parts(Node, known.get("nodes", []), f"{place}.nodes", MAX_NODES, palettes)
    edges = _read_parts(Edge, known.get("edges", []), f"{place}.edges", MAX_EDGES, palettes)
    for name in inputs:
        _read_text(name, f"{place}.inputs")
    out = None if known.get("out") is None else _read_text(known["out"], f"{place}.out")
    return made(place, lambda: Graph(inputs, nodes, edges, out))


def _read_parts(kind: Callable[..., T], data: object, place: str, most: int, palettes: Palettes | None) -> tuple[T, ...]:
    return tuple(read_part(kind, item, f"{place}[{i}]", palettes) for i, item in enumerate(read_list(data, place, most)))


def read_part(kind: Any, data: object, place: str, palettes: Palettes | None = None) -> Any:
    known = read_object(data, place, _KEYS[kind], _NEEDED[kind])
    for key in known:
        if key in _TEXTS:
            _read_text(known[key], f"{place}.{key}")
    if known.get("like") is not None:
        _read_text(known["like"], f"{place}.like")
    values = {key: read_value(value, f"{place}.{key}", palettes) for key, value in known.items()}
    return made(place, lambda: kind(**values))


def read_value(data: object, place: str, palettes: Palettes | None = None) -> Any:
    """A scalar, a choice of scalars or of operations, or an operation; its parameters may be choices of scalars."""
    if not isinstance(data, dict):
        return _read_scalar(data, place)
    if "palette" in data:
        known = read_object(data, place, {"palette", "name"})
        name = None if known.get("name") is None else _read_text(known["name"], f"{place}.name")
        return (palettes or Palettes()).choice(_read_text(known["palette"], f"{place}.palette"), name, place)
    if "choice" in data:
        return _read_choice(data, place)
    return _read_op(data, place)


def _read_choice(data: object, place: str, inner: bool = False) -> Choice:
    known = read_object(data, place, {"choice", "name"}, needed=("choice",))
    items = read_list(known["choice"], f"{place}.choice", MAX_CHOICE)
    name = None if known.get("name") is None else _read_text(known["name"], f"{place}.name")
    read = []
    for i, item in enumerate(items):
        is_operation = isinstance(item, dict) and not inner
        read.append((_read_op if is_operation else _read_scalar)(item, f"{place}.choice[{i}]"))
    return made(place, lambda: Choice(tuple(read), name))


def _read_palette(data: object, place: str) -> tuple[Op, ...]:
    items = read_list(data, place, MAX_CHOICE)
    return tuple(_read_op(item, f"{place}[{i}]") for i, item in enumerate(items))


def _read_op(data: object, place: str) -> Op:
    known = read_object(data, place, None, needed=("op",))
    name = _read_text(known.pop("op"), f"{place}.op")
    params: dict[str, Any] = {}
    for key, value in known.items():
        at = f"{place}.{key:.60}"
        params[key] = _read_choice(value, at, inner=True) if isinstance(value, dict) else _read_scalar(value, at)
    return made(place, lambda: Op(name, tuple(params.items())))


def _read_scalar(data: object, place: str) -> Any:
    if data is not None and not isinstance(data, (str, bool, int, float)):
        raise InvalidSpace(f"{place}: a number, text, choice or operation is needed, got {shown(data)}")
    return data


def read_object(data: object, place: str, allowed: set[str] | None = None,
                needed: Iterable[str] = ()) -> dict[str, Any]:
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise InvalidSpace(f"{place}: an object is needed, got {shown(data)}")
    for key in data:
        if allowed is not None and key not in allowed:
            raise InvalidSpace(f"{place}: unknown key {key!r:.60}; known are {', '.join(sorted(allowed))}")
    for key in needed:
        if key not in data:
            raise InvalidSpace(f"{place}: {key!r} is missing")
    return dict(data)


def read_list(data: object, place: str, most: int) -> list[Any]:
    if not isinstance(data, list):
        raise InvalidSpace(f"{place}: a list is needed, got {shown(data)}")
    if len(data) > most:
        raise InvalidSpace(f"{place}: at most {most:,} entries are read, got {len(data):,}")
    return data


def _read_text(data: object, place: str) -> str:
    if not isinstance(data, str):
        raise InvalidSpace(f"{place}: a text is needed, got {shown(data)}")
    return data


def made(place: str, make: Callable[[], T]) -> T:
    """Say where in the file the part stands that breaks a rule."""
    try:
        return make()
    except InvalidSpace as error:
        text = str(error)                          # may quote a name of any length
        raise InvalidSpace(f"{place}: {text if len(text) < MAX_MESSAGE else text[:MAX_MESSAGE] + ' ...'}") from error


def shown(data: object) -> str:
    """What came, short: a file from outside may hold anything, of any size."""
    if isinstance(data, (dict, list)):
        return f"{'an object' if isinstance(data, dict) else 'a list'} of {len(data):,} entries"
    return "a huge number" if isinstance(data, int) and abs(data) > 2**53 else f"{data!r:.60}"
