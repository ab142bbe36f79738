"""A space as the Python that draws it: what a notebook user takes home after drawing with the mouse."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import groupby
from typing import Any

from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.nodes import Edge, Node
from nas_explorer.spaces.palettes import identifier, palettes
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import SKIP, Choice, Op

WORDS = ("Choice", "Constraint", "Graph", "SearchSpace", "always", "choice", "fallback", "loose", "op", "optional", "picked", "values")
LONGEST_LINE = 110
INDENT = 60                        # of the second line of a long list of names
SHORT_OPERATION = 30               # signs; a repeated operation that is longer gets a name


def to_code(space: SearchSpace) -> str:
    """Python that draws the same space; running it leaves the space in the variable `space`.

    >>> from nas_explorer.spaces import nas_bench_201
    >>> print(to_code(nas_bench_201()).splitlines()[2])
    operations = choice('none', 'skip', op('conv', kernel=1), op('conv', kernel=3), op('avg_pool', kernel=3))
    """
    writer = _Writer(space)
    body = list(writer.definitions)
    cells = [(name, writer.new_name(name)) for name, _ in space.cells]
    body += [writer.graph(variable, graph) for (_, variable), (_, graph) in zip(cells, space.cells, strict=True)]
    body.append(writer.graph("network", space.network))
    settings = [f"{f.name}={writer.value(getattr(space, f.name))}" for f in fields(SearchSpace)
                if f.init and f.name not in ("name", "network", "cells") and getattr(space, f.name) != f.default]
    if cells:
        pairs = [f"({name!r}, {variable})" for name, variable in cells]
        settings.insert(0, f"cells=({', '.join(pairs)}{',' if len(pairs) == 1 else ''})")
    body.append(_wrapped("space = SearchSpace(", [repr(space.name), "network", *settings], ")"))
    used = [word for word in WORDS if any(re.search(rf"\b{word}\(", line) for line in body)]
    return "\n".join([f"from nas_explorer.spaces import {', '.join(used)}", "", *body, ""])


class _Writer:
    """Writes values as a person would: what is drawn at several places gets a name first."""

    def __init__(self, space: SearchSpace) -> None:
        self.taken = {*WORDS, "network", "space", "dict"}
        self.numbers: Counter[str] = Counter()
        self.names: dict[Any, str] = {}
        self.definitions: list[str] = []
        drawn = [what for graph in (space.network, *(graph for _, graph in space.cells)) for what in graph.operations()]
        for op, count in Counter(what for what in drawn if isinstance(what, Op)).items():
            if count > 1 and len(self.operation(op)) > SHORT_OPERATION:
                params = [f"{key}={self.parameter(value)}" for key, value in op.params]
                self.define(op, op.name, _wrapped("op(", [repr(op.name), *params], ")", before=len(op.name) + 3))
        with_names = {what.options for what in drawn if isinstance(what, Choice) and what.name}
        for name, options in palettes(space).items():
            named = options in with_names
            offered = [self.operation(option) for option in options]
            # A list of options serves choices of several names; without names, the choice itself can be shared.
            start, what = ("[", options) if named else ("choice(", Choice(options))
            self.define(what, name, _wrapped(start, offered, "]" if named else ")", before=len(name) + 3))

    def new_name(self, like: str) -> str:
        """A variable that nothing else is called; in the words of the space where they can be one."""
        stem = name = identifier(like)
        while name in self.taken:
            self.numbers[stem] += 1
            name = f"{stem}{self.numbers[stem] + 1}"
        self.taken.add(name)
        return name

    def define(self, what: Any, like: str, text: str) -> None:
        self.names[what] = self.new_name(like)
        self.definitions.append(f"{self.names[what]} = {text}")

    def operation(self, what: Op | Choice) -> str:
        """An operation or a choice of some, where the builder takes either."""
        if what in self.names:
            return self.names[what]
        if isinstance(what, Op):
            params = [f"{key}={self.parameter(value)}" for key, value in what.params]
            return f"op({', '.join([repr(what.name), *params])})" if params else repr(what.name)
        options = [f"*{self.names[what.options]}"] if what.options in self.names else map(self.operation, what.options)   # type: ignore[arg-type]
        return f"choice({', '.join([*options, *self.name_of(what)])})"

    def parameter(self, value: Any) -> str:
        if not isinstance(value, Choice) or value.name:
            return self.value(value)
        end = ",)" if len(value.options) == 1 else ")"
        return _wrapped("(", [repr(option) for option in value.options], end, before=INDENT)

    def value(self, value: Any) -> str:
        if isinstance(value, Choice) and not isinstance(value.options[0], Op):
            return f"values({', '.join([*map(repr, value.options), *self.name_of(value)])})"
        return self.operation(value) if isinstance(value, (Op, Choice)) else repr(value)

    def name_of(self, choice: Choice) -> list[str]:
        return [f"name={choice.name!r}"] if choice.name else []

    def graph(self, variable: str, graph: Graph) -> str:
        start = f"{variable} = ("
        lines = [f"{start}Graph().input({', '.join(map(repr, graph.inputs))})"]
        for node in graph.nodes:
            settings = [f"{f.name}={self.value(getattr(node, f.name))}" for f in fields(Node)
                        if f.name != "name" and getattr(node, f.name) != f.default]
            lines.append(_wrapped(f"{' ' * len(start)}.node(", [repr(node.name), self.sources(graph, node), *settings], ")"))
        if graph.out is not None:
            lines.append(f"{' ' * len(start)}.ends_at({graph.out!r})")
        return "\n".join(lines) + ")"

    def sources(self, graph: Graph, node: Node) -> str:
        edges, usual = graph.into(node.name), "picked" if node.pick else "always"
        if all(edge.op == SKIP and edge.presence == usual for edge in edges):
            return _names([edge.source for edge in edges])
        runs = [(what, [edge.source for edge in run]) for what, run in groupby(edges, lambda edge: self.edge(edge, usual))]
        if len(runs) == 1 and len(edges) > 1:
            return _shorter(_each(*runs[0]), f"dict.fromkeys({_names(runs[0][1])}, {runs[0][0]})", braces=True)
        parts = [_shorter(_each(what, sources), f"**dict.fromkeys({_names(sources)}, {what})") for what, sources in runs]
        return "{" + ", ".join(parts) + "}"

    def edge(self, edge: Edge, usual: str) -> str:
        what = "" if edge.op == SKIP else self.operation(edge.op)
        return self.operation(edge.op) if edge.presence == usual else f"{edge.presence}({what})"


def _each(what: str, sources: Sequence[str]) -> str:
    return ", ".join(f"{source!r}: {what}" for source in sources)


def _shorter(each: str, together: str, braces: bool = False) -> str:
    each = f"{{{each}}}" if braces else each
    return each if len(each) <= len(re.sub(r"\n *", " ", together)) + 4 else together


def _names(names: Sequence[str]) -> str:
    """A list of names, broken where it would be too long to read."""
    return _wrapped("[", [repr(name) for name in names], "]", before=INDENT)


def _wrapped(start: str, arguments: Sequence[str], end: str, before: int = 0) -> str:
    """A call or list in as few lines as hold it, broken between its arguments; `before` signs stand in front of it."""
    return "\n".join(_lines(start, arguments, end, before))


def _lines(start: str, arguments: Sequence[str], end: str, before: int) -> Iterator[str]:
    line, indent = start, " " * (before + len(start))
    taken = before
    for i, argument in enumerate(arguments):
        text = argument + (end if i == len(arguments) - 1 else ",")
        width = taken + len(line.rpartition("\n")[2]) + 1 + len(text.partition("\n")[0])
        if line != start and width > LONGEST_LINE:
            yield line
            line, taken = indent + text, 0
        else:
            line += text if line == start else f" {text}"
    yield line if arguments else line + end
