"""Spaces and architectures as JSON values, both ways. What comes from outside is checked and never executed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from nas_explorer.errors import InvalidArchitecture, InvalidSpace
from nas_explorer.spaces.architecture import Architecture
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.indices import from_indices, to_indices
from nas_explorer.spaces.nodes import Edge, Node
from nas_explorer.spaces.palettes import Options, palettes
from nas_explorer.spaces.reading import (
    Palettes,
    made,
    read_cell,
    read_graph,
    read_list,
    read_object,
    read_part,
    read_value,
    shown,
)
from nas_explorer.spaces.space import MAX_NODES, Constraint, SearchSpace
from nas_explorer.spaces.values import MAX_CHOICE, Choice, Op, Scalar, check_scalar

FORMAT = 1
_DEFAULTS: Mapping[type, Sequence[tuple[str, Any]]] = {
    kind: [(f.name, f.default) for f in fields(kind) if f.init] for kind in (SearchSpace, Graph, Node, Edge, Constraint)}
_FIELDS = tuple(name for name, _ in _DEFAULTS[SearchSpace])


def to_json(space: SearchSpace) -> dict[str, Any]:
    """Plain lists, dicts and scalars; fields at their default are left out.

    A list of operations that is offered at several places is written once, under "palettes".
    """
    found = palettes(space)
    names = {options: name for name, options in found.items()}
    written = {"palettes": {name: [_plain(option, {}) for option in options] for name, options in found.items()}} if found else {}
    return {"format": FORMAT, "name": space.name, **written, **plain_fields(space, names)}


def architecture_to_json(architecture: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """A plain {decision id: option}."""
    return dict(architecture)


def architecture_from_json(space: SearchSpace, data: object) -> Architecture:
    """
    Raises:
        InvalidArchitecture: if the data are no architecture of this space.
    """
    if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
        raise InvalidArchitecture(f"an architecture is an object {{decision: option}}, got {type(data).__name__}")
    return from_indices(space, to_indices(space, data))


def operation_to_json(operation: Op) -> dict[str, Any]:
    """An operation with its parameters, open ones too."""
    found: dict[str, Any] = _plain(operation, {})
    return found


def operation_from_json(data: object) -> Op:
    """
    Raises:
        InvalidSpace: if the data are no operation.
    """
    found = read_value(dict(data) if isinstance(data, Mapping) else data, "operation")
    if not isinstance(found, Op):
        raise InvalidSpace(f"operation: an operation is needed, got {shown(data)}")
    return found


def space_from_json(data: object) -> SearchSpace:
    """
    Raises:
        InvalidSpace: naming the place, if the data are from a newer format or break a rule of a space.
    """
    version = read_object(data, "space").pop("format", None)
    if version != FORMAT or isinstance(version, bool):
        raise InvalidSpace(f"space: this library reads format {FORMAT}, got {shown(version)}")
    known = read_object(data, "space", {"format", "palettes", *_FIELDS}, needed=("name", "network"))
    del known["format"]
    shared = Palettes(known.pop("palettes", None))
    cells = read_list(known.pop("cells", []), "space.cells", MAX_NODES)
    network = read_graph(known.pop("network"), "space.network", shared)
    drawn = tuple(read_cell(cell, f"space.cells[{i}]", shared) for i, cell in enumerate(cells))
    rules = read_list(known.pop("constraints", []), "space.constraints", MAX_NODES)
    only = tuple(_read_only(item, f"space.only[{i}]") for i, item in enumerate(read_list(known.pop("only", []), "space.only", MAX_NODES)))
    constraints = tuple(read_part(Constraint, rule, f"space.constraints[{i}]") for i, rule in enumerate(rules))
    values = {key: read_value(value, f"space.{key}") for key, value in known.items() if key != "input_channels"}
    if "input_channels" in known:
        values["input_channels"] = tuple(read_list(known["input_channels"], "space.input_channels", MAX_NODES))
    return made("space", lambda: SearchSpace(network=network, cells=drawn, constraints=constraints, only=only, **values))


def _read_only(data: object, place: str) -> tuple[str, tuple[Scalar, ...]]:
    """[decision id, [options]]."""
    pair = read_list(data, place, 2)
    if len(pair) != 2 or not isinstance(pair[0], str):
        raise InvalidSpace(f"{place}: a decision and the options that it keeps are needed, got {shown(data)}")
    options = read_list(pair[1], f"{place}[1]", MAX_CHOICE)
    for option in options:
        check_scalar(option, f"{place}[1]")
    return pair[0], tuple(options)


def plain_fields(value: Any, names: Mapping[Options, str] = MappingProxyType({})) -> dict[str, Any]:
    """The fields of a space, graph, node or edge that differ from their defaults; `names` are those of palettes."""
    given = ((name, getattr(value, name), default) for name, default in _DEFAULTS[type(value)])
    return {name: _plain(inner, names) for name, inner, default in given if inner != default}


def _plain(value: Any, names: Mapping[Options, str]) -> Any:
    if isinstance(value, Choice):
        named = {"name": value.name} if value.name else {}
        if value.options in names:
            return {"palette": names[value.options], **named}              # type: ignore[index]
        return {"choice": [_plain(option, names) for option in value.options], **named}
    if isinstance(value, Op):
        return {"op": value.name, **{key: _plain(inner, names) for key, inner in value.params}}
    if isinstance(value, (Graph, Node, Edge, Constraint)):
        return plain_fields(value, names)
    return [_plain(item, names) for item in value] if isinstance(value, tuple) else value
