"""Many random searches at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from nas_explorer.spaces import Codec, SearchSpace
from nas_explorer.spaces.codec import Rows

Floats: TypeAlias = NDArray[np.float64]


class RandomFleet:
    """Every search draws every active decision uniformly, a new architecture each step."""

    def __init__(self, space: SearchSpace, searches: int, rng: np.random.Generator) -> None:
        self.codec, self.searches, self.rng = Codec(space), searches, rng

    def ask(self) -> Rows:
        return self.codec.sample(self.searches, self.rng)

    def tell(self, costs: Floats) -> None:
        """Nothing to learn."""
