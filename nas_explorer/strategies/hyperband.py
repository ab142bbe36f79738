"""Hyperband: many short trainings, of which the best few are trained longer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nas_explorer.options import check_whole_number
from nas_explorer.spaces import Architecture, SearchSpace, sample
from nas_explorer.strategies.halving import HalvingProposer
from nas_explorer.strategies.protocol import Problem


@dataclass(frozen=True, slots=True)
class Hyperband:
    """Draw at random, train shortly, and train the best of each rung `eta` times as long; begin with different numbers each time.

    A promoted architecture is proposed again and trained from its start. A search or race ends each trial where its ration says;
    where there is one length of training only, as on most tables, the promoted ones are just scored again (behind the `cached`
    estimator at no cost). With several objectives it goes by the first.
    Stopping trials while they run is `early_stopping` with the pruner `hyperband`, around any estimator and strategy.

    Source: Li et al., Hyperband, JMLR 2018, arXiv 1603.06560; sizes of brackets as in automl/HpBandSter

    Attributes:
        eta: one of so many is promoted, and trained so many times as long.
        rungs: lengths of training: with 3 rungs and eta 3 a ninth, a third, and all of it.

    Raises:
        InvalidOption: if eta is below 2, or there is no rung.
    """

    eta: int = 3
    rungs: int = 3

    def __post_init__(self) -> None:
        check_whole_number("eta", self.eta, least=2)
        check_whole_number("rungs", self.rungs)

    def begin(self, problem: Problem) -> HalvingProposer:
        return HalvingProposer(self.rungs, self.eta, problem, RandomDraws(problem.space, np.random.default_rng(problem.seed)))


class RandomDraws:
    """Uniform draws, which learn nothing."""

    def __init__(self, space: SearchSpace, rng: np.random.Generator) -> None:
        self.space, self.rng = space, rng

    def draw(self) -> Architecture:
        return sample(self.space, self.rng)

    def learn(self, architecture: Architecture, share: float, cost: float) -> None:
        """Nothing to learn."""

    def why(self) -> Mapping[str, Any]:
        return {"kind": "random"}
