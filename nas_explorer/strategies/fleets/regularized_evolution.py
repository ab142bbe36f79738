"""Many regularized evolutions at once, with one objective."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from nas_explorer.spaces import Codec, SearchSpace
from nas_explorer.spaces.codec import Rows

Floats: TypeAlias = NDArray[np.float64]


class EvolutionFleet:
    """Tournaments with replacement, of equals the first drawn, a mutated child, and the oldest dies: as `RegularizedEvolution`.

    Attributes:
        members: (searches, population_size, decisions) option indices; a search's newest member takes the place of its oldest.
        costs: (searches, population_size).
        step: trials of each search so far.
    """

    def __init__(self, space: SearchSpace, searches: int, population_size: int, tournament_size: int, rng: np.random.Generator) -> None:
        self.codec, self.rng, self.tournament_size = Codec(space), rng, tournament_size
        self.members: Rows = np.zeros((searches, population_size, len(self.codec.widths)), dtype=np.int64)
        self.costs: Floats = np.full((searches, population_size), np.inf)
        self.step = 0
        self._searches = np.arange(searches)
        self._asked: Rows = self.members[:, 0]

    def ask(self) -> Rows:
        searches, population_size = self.costs.shape
        if self.step < population_size:
            self._asked = self.codec.sample(searches, self.rng)
        else:
            drawn = self.rng.integers(population_size, size=(searches, self.tournament_size))
            winners = drawn[self._searches, np.take_along_axis(self.costs, drawn, axis=1).argmin(axis=1)]
            self._asked = self.codec.mutate(self.members[self._searches, winners], self.rng)
        return self._asked

    def tell(self, costs: Floats) -> None:
        oldest = self.step % self.costs.shape[1]
        self.members[:, oldest] = self._asked
        self.costs[:, oldest] = costs[:, 0]
        self.step += 1
