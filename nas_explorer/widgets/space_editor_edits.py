"""What the editor's gestures share: arguments become graphs, places and operations, and an edit becomes a new sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeAlias

from nas_explorer.errors import InvalidOption, InvalidSpace, UnknownName
from nas_explorer.spaces import Graph, Op, Scalar, gestures
from nas_explorer.spaces.gestures import Host
from nas_explorer.spaces.values import options_of
from nas_explorer.widgets.space_editor_board import Point, Sheet
from nas_explorer.widgets.space_editor_messages import Given
from nas_explorer.widgets.space_editor_palette import merged, palette_operations
from nas_explorer.widgets.space_editor_places import settled
from nas_explorer.widgets.space_editor_words import shown_edge, shown_name, shown_names

Done: TypeAlias = tuple[Sheet, str]          # the next sheet, and what was done in words
Named: TypeAlias = Callable[[str], str]      # a node's name in the graph -> its name in the graph that is edited


# ---- arguments
def typed(text: str) -> Scalar | tuple[Scalar, ...] | None:
    """What a person types into a field: nothing, one value, or several, which are a choice.

    >>> typed(""), typed("16"), typed("C/4"), typed("3, 5"), typed("0.25")
    (None, 16, 'C/4', (3, 5), 0.25)
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    values = tuple(dict.fromkeys(map(_scalar, parts)))
    return None if not values else values[0] if len(values) == 1 else values


def _scalar(text: str) -> Scalar:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def graph_of(sheet: Sheet, given: Given) -> tuple[str, Graph]:
    name = given.text("graph", least=0)
    return name, sheet.space.cell(name)


def edge_of(given: Given) -> tuple[str, str]:
    pairs = given.pairs("edge")
    if len(pairs) != 1:
        raise InvalidOption(f"edge must hold one pair of names, got {len(pairs)}")
    return pairs[0]


def host_of(sheet: Sheet, given: Given) -> tuple[str, Graph, Host]:
    name, graph = graph_of(sheet, given)
    host: Host = edge_of(given) if "edge" in given else given.text("node")
    gestures.operation_of(graph, host)           # refuses what is not there
    return name, graph, host


def palette_operation(sheet: Sheet, key: str) -> Op:
    known = {str(op): op for _, op in palette_operations(sheet.space)}
    if key not in known:
        raise UnknownName("operation", key, known)
    return known[key]


# ---- edits
def edited(sheet: Sheet, name: str, edit: Callable[[Graph, Named], Graph], at: Mapping[str, Point] = MappingProxyType({})) -> Sheet:
    """The sheet with one graph edited. A refusal calls the nodes as the drawing does: in and out."""
    graph = sheet.space.cell(name)
    try:
        new = edit(graph, lambda node: node)
    except InvalidSpace:
        names = shown_names(graph)
        spoken = graph
        for node, shown in names.items():
            spoken = spoken.rename(node, shown) if shown != node else spoken
        edit(spoken, lambda node: names.get(node, node))
        raise
    return settled(replace(sheet, space=sheet.space.edit(name, lambda _: new)), name, at)


def offering(sheet: Sheet, name: str, host: Host, slots: tuple[Op, ...]) -> Sheet:
    return replace(sheet, offered=MappingProxyType({**sheet.offered, (name, _place(host)): slots}))


def slots_of(sheet: Sheet, name: str, graph: Graph, host: Host) -> tuple[Op, ...]:
    return merged(sheet.offered.get((name, _place(host)), ()), options_of(gestures.operation_of(graph, host)))


def _place(host: Host) -> str:
    return host if isinstance(host, str) else "→".join(host)


def host_in(host: Host, to: Named) -> Host:
    return to(host) if isinstance(host, str) else (to(host[0]), to(host[1]))


# ---- words
def host_words(graph: Graph, host: Host) -> str:
    return shown_name(graph, host) if isinstance(host, str) else shown_edge(graph, *host)


def value_words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def listed(words: list[str]) -> str:
    return ", ".join(words) if len(words) <= 3 else f"{', '.join(words[:2])} and {len(words) - 2} more"
