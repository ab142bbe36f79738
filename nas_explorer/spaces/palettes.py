"""Palettes: lists of operations that are offered at several places of a drawing, found, named, and edited in one step."""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from nas_explorer.errors import InvalidSpace, UnknownName
from nas_explorer.spaces.builder import Word, as_op
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import Choice, Op

Options: TypeAlias = tuple[Op, ...]


def palettes(space: SearchSpace) -> Mapping[str, Options]:
    """The lists of operations that are offered at more than one place, in the order in which they are drawn.

    >>> from nas_explorer.spaces import nas_bench_201
    >>> {name: len(options) for name, options in palettes(nas_bench_201()).items()}
    {'operations': 5}
    """
    if "palettes" not in space._memory:
        space._memory["palettes"] = _found(space)
    found: Mapping[str, Options] = space._memory["palettes"]
    return found


def with_palette(space: SearchSpace, name: str, options: Sequence[Word]) -> SearchSpace:
    """Offer another list of operations wherever this palette stands.

    Raises:
        UnknownName: if there is no such palette.
        InvalidSpace: if the list is empty, or names an operation twice.
    """
    known = palettes(space)
    if name not in known:
        raise UnknownName("palette", name, known)
    if not options:
        raise InvalidSpace(f"Palette {name} was not changed. Something has to stand on its edges; choose at least one operation.")
    new = Choice(tuple(as_op(option) for option in options))

    def repainted(what: Op | Choice) -> Op | Choice:
        if isinstance(what, Op) or what.options != known[name]:
            return what
        return new.options[0] if len(new.options) == 1 and what.name is None else Choice(new.options, what.name)   # type: ignore[return-value]

    def repainted_graph(graph: Graph) -> Graph:
        return replace(graph, nodes=tuple(replace(node, op=repainted(node.op)) for node in graph.nodes),
                       edges=tuple(replace(edge, op=repainted(edge.op)) for edge in graph.edges))

    return replace(space, network=repainted_graph(space.network),
                   cells=tuple((cell, repainted_graph(graph)) for cell, graph in space.cells))


def _found(space: SearchSpace) -> Mapping[str, Options]:
    users: dict[Options, list[str]] = {}
    for name, graph in (("", space.network), *space.cells):
        for what in graph.operations():
            if isinstance(what, Choice):
                users.setdefault(what.options, []).append(name)                # type: ignore[arg-type]
    repeated = {options: frozenset(names) for options, names in users.items() if len(names) > 1}
    alike = Counter(repeated.values())
    found: dict[str, Options] = {}
    numbers: Counter[str] = Counter()
    for options, names in repeated.items():
        is_own = len(repeated) > 1 and len(names) == 1 and names != {""} and alike[names] == 1
        like = f"{identifier(*names)}_operations" if is_own else "operations"
        numbers[like] += 1
        found[like if numbers[like] == 1 else f"{like}{numbers[like]}"] = options
    return found


def identifier(text: str) -> str:
    """A Python name that reads like a text: the text itself where it can be one.

    >>> identifier("normal"), identifier("3x3 stage"), identifier("class")
    ('normal', '_3x3_stage', 'class_')
    """
    name = re.sub(r"\W+", "_", text, flags=re.ASCII) or "_"
    return f"_{name}" if name[0].isdigit() else f"{name}_" if keyword.iskeyword(name) else name
