"""Random search: the baseline that every other strategy must beat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from nas_explorer.errors import InvalidOption, InvalidSpace
from nas_explorer.options import check_one_of
from nas_explorer.records import Trial
from nas_explorer.spaces import Architecture, SearchSpace, sample, uniform_weights
from nas_explorer.strategies.fleets.random_search import RandomFleet
from nas_explorer.strategies.protocol import Problem


@dataclass(frozen=True, slots=True)
class RandomSearch:
    """Draw architectures independently, with replacement; learn nothing.

    Source: Li and Talwalkar, Random Search and Reproducibility for NAS, UAI 2019, arXiv 1902.07638

    Attributes:
        uniform_over: `options`: every decision is drawn uniformly from its options, as papers do; or `architectures`: every
            architecture is as likely. They differ where some decisions are only asked under others: with `options`, a
            network of four layers comes as often as one of two, though there are many more of them.

    Raises:
        InvalidOption: if `uniform_over` is neither.
    """

    uniform_over: Literal["options", "architectures"] = "options"

    def __post_init__(self) -> None:
        check_one_of("uniform_over", self.uniform_over, ("options", "architectures"))

    def begin(self, problem: Problem) -> RandomProposer:
        try:
            weights = uniform_weights(problem.space) if self.uniform_over == "architectures" else None
        except InvalidSpace as error:
            raise InvalidOption(f"uniform_over='architectures' is not possible here: {error}") from error
        return RandomProposer(problem.space, np.random.default_rng(problem.seed), weights)

    def begin_many(self, problem: Problem, searches: int) -> RandomFleet | None:
        """Searches at once, where options are drawn uniformly and there are no constraints."""
        if self.uniform_over != "options" or problem.space.constraints:
            return None
        return RandomFleet(problem.space, searches, np.random.default_rng(problem.seed))


class RandomProposer:
    """A random search under way."""

    def __init__(self, space: SearchSpace, rng: np.random.Generator, weights: Sequence[Sequence[int]] | None) -> None:
        self.space, self.rng, self.weights = space, rng, weights

    def ask(self) -> Architecture:
        return sample(self.space, self.rng, self.weights)

    def tell(self, trial: Trial) -> None:
        """Nothing to learn."""

    def why(self) -> Mapping[str, Any]:
        return {"kind": "random"}
