"""Spaces drawn by chance, with every feature that the drawing has."""

from __future__ import annotations

import numpy as np

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces import Graph, SearchSpace, choice, decisions, op, optional, values


def random_space(rng: np.random.Generator) -> SearchSpace:
    """A cell and a network; drawn again where chance gave one name two lists of options."""
    while True:
        try:
            space = _drawn(rng)
            decisions(space)
        except InvalidSpace as error:
            if "two lists" not in str(error):
                raise
        else:
            return space


def _drawn(rng: np.random.Generator) -> SearchSpace:
    cell, network = Graph().input("0"), Graph().input("image")
    network = network.node("stem", ["image"], op=op("conv", channels=4, order="conv-bn"))
    for i in range(1, int(rng.integers(2, 4))):
        drawn = _sources(rng, cell.names)
        cell = cell.node(str(i), drawn, op=_operation(rng), **_fields(rng, drawn))
    for i in range(1, int(rng.integers(2, 4))):
        drawn = _sources(rng, network.names[1:])
        inner = choice(op("cell", channels=4), op("conv", kernel=1)) if rng.random() < 0.5 else op("cell", channels=4)
        stride = int(rng.integers(1, 3)) if i == 1 else 1
        network = network.node(f"n{i}", drawn, op=inner, stride=stride, **_fields(rng, drawn))
    return SearchSpace("random", network, (("cell", cell),), resolution=8, channels=4)


def _operation(rng):
    kinds = ["skip", "none", op("conv", kernel=1), op("conv", kernel=(1, 3)), op("mbconv", expand=(1, 2), se=0),
             op("avg_pool")]
    some = [kinds[i] for i in rng.permutation(len(kinds))[:rng.integers(1, 4)]]
    return choice(*some, name=str(rng.choice(["", "shared"])) or None) if len(some) > 1 else some[0]


def _sources(rng, names):
    some = [name for name in names if rng.random() < 0.6] or [names[-1]]
    return {name: optional(_operation(rng)) if rng.random() < 0.3 else _operation(rng) for name in some}


def _fields(rng, drawn):
    plain = sum(not hasattr(what, "presence") for what in drawn.values())
    extra = {"pick": int(rng.integers(1, plain + 1))} if plain > 1 and rng.random() < 0.4 else {}
    if rng.random() < 0.3:
        extra |= {"repeat": values(1, 2) if rng.random() < 0.7 else 2, "shared": bool(rng.random() < 0.5)}
    return extra | {"merge": str(rng.choice(["sum", "mean", "project", "product", "concat"]))}
