"""How many different networks a space has: drawings that are isomorphic count once, exactly or by estimate."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from nas_explorer.errors import InvalidSpace, NotAdditive
from nas_explorer.spaces.canonical import graph_hash
from nas_explorer.spaces.codec import Codec, Rows
from nas_explorer.spaces.distribution import settings
from nas_explorer.spaces.estimates import Estimate, chao, chao_lin
from nas_explorer.spaces.indices import layout
from nas_explorer.spaces.operation_names import used_operations
from nas_explorer.spaces.rules import holds
from nas_explorer.spaces.size import uniform_weights
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.tracer import plan

MAX_LISTED = 20_000                # drawings of one part that are all looked at
DRAWN = 3_000                      # otherwise so many
BLOCK, MAX_BLOCKS = 500, 60        # drawn at once; in vain where constraints leave little
WORK = 5_000                       # steps of plans that are hashed at once, about a fifth of a second


class _Part:
    """A graph whose own decisions tell its networks apart, and what was seen of it so far."""

    def __init__(self, space: SearchSpace, graph: str, members: Sequence[int], rng: np.random.Generator) -> None:
        self.space, self.graph, self.members = space, graph, members
        self.seen: Counter[str | None] = Counter()
        all_rows = self._all(rng)
        self.size = None if all_rows is None else len(all_rows)            # None: too many to list
        self.rows = self._drawn(rng) if all_rows is None else iter(all_rows)
        self.going = True

    def _all(self, rng: np.random.Generator) -> list[list[int]] | None:
        """Every setting of the part's own decisions, in random order, so that the first ones are a sample."""
        try:
            rows = settings(self.space, self.members)
        except NotAdditive:
            return None
        if len(rows) > MAX_LISTED:
            return None
        background = Codec(self.space).sample(1, rng)[0]
        for i in set(range(rows.shape[1])) - set(self.members):
            rows[:, i] = background[i]
        found: list[list[int]] = rng.permutation(rows).tolist()
        return [row for row in found if holds(self.space, row)]

    def _drawn(self, rng: np.random.Generator) -> Iterator[list[int]]:
        codec, weights, left = Codec(self.space), sampling_weights(self.space), DRAWN
        for _ in range(MAX_BLOCKS):
            for row in draw(codec, BLOCK, rng, weights).tolist():
                if left and holds(self.space, row):
                    left -= 1
                    yield row

    def look(self) -> bool:
        """Look at some more drawings; False when there are no more."""
        known, done = layout(self.space), 0
        while self.going and done < WORK:
            row = next(self.rows, None)
            if row is None:
                self.going = False
            else:
                steps = plan(self.space, known.architecture(row), self.graph)
                self.seen[graph_hash(steps)] += 1
                done += len(steps.steps) + 1
        return self.going

    def estimate(self, most: float) -> Estimate:
        if self.size is not None and self.seen.total() == self.size:
            return Estimate(len(self.seen), len(self.seen), len(self.seen), True, f"all {self.size:,} drawings compared")
        return chao(self.seen, most) if self.size is None else chao_lin(self.seen, self.size)


def count_distinct(space: SearchSpace, size: int, rng: np.random.Generator) -> Iterator[Estimate]:
    """Better and better estimates of the number of different networks that obey the constraints; the last is the best.

    Where all decisions are those of separate cells, the cells are compared one by one, and the number is a product.

    Args:
        size: the number of architectures, which the estimate cannot exceed.
    """
    parts = [_Part(space, graph, members, rng) for graph, members in deciding(space)]
    widths = layout(space).widths
    going = [True]
    while any(going):
        going = [part.look() for part in parts]
        found = [part.estimate(size if len(parts) == 1 else math.prod(widths[i] for i in part.members)) for part in parts]
        yield _product(found, size)


def sampling_weights(space: SearchSpace) -> list[list[int]] | None:
    """Weights that make every architecture equally likely; None where they are not known."""
    try:
        return uniform_weights(space)
    except InvalidSpace:
        return None


def draw(codec: Codec, n: int, rng: np.random.Generator, weights: Sequence[Sequence[int]] | None) -> Rows:
    """n rows, every architecture equally likely; without weights, every option of every decision equally likely."""
    if weights is None:
        return codec.sample(n, rng)
    columns = []
    for own in weights:
        total = sum(own)
        reached = np.cumsum([weight / total for weight in own])
        columns.append(np.minimum(np.searchsorted(reached, rng.random(n), side="right"), len(own) - 1))
    return codec.settle(np.array(columns, dtype=np.int64).reshape(len(columns), n).T.copy())


def deciding(space: SearchSpace) -> list[tuple[str, list[int]]]:
    """[(graph, its decisions)]: the cells, if every decision belongs to one and none of these is in another; else the network."""
    known, cells = layout(space), dict(space.cells)
    owners = [decision_id.rpartition("/")[0] for decision_id in known.ids]
    own = {cell: [i for i, owner in enumerate(owners) if owner == cell] for cell in dict.fromkeys(owners)}
    used = {name: used_operations(graph) & set(cells) for name, graph in cells.items()}
    alone = all(cell in cells and not _inside(cell, used) & set(own) for cell in own)
    return list(own.items()) if alone and own else [("", list(range(len(owners))))]


def _inside(cell: str, used: dict[str, set[str]]) -> set[str]:
    """The cells that a cell uses, however deep."""
    found: set[str] = set()
    waiting = set(used[cell])
    while waiting:
        found |= waiting
        waiting = {inner for name in waiting for inner in used[name]} - found
    return found


def _product(found: Sequence[Estimate], size: int) -> Estimate:
    value, low, high = (math.prod(getattr(one, key) for one in found) for key in ("value", "low", "high"))
    methods = "; ".join(dict.fromkeys(one.method for one in found))
    return Estimate(min(value, size), min(low, size), min(high, size), all(one.exact for one in found), methods)
