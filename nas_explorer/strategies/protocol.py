"""What a search strategy is: settings that begin a search, and a proposer that asks and tells. Nothing else.

A strategy does not evaluate, save, plot, print or sleep. What `ask` returns follows only from the problem (space,
objectives, seed) and from what was told, in that order, so a search resumes by replaying its log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from nas_explorer.records import Metric, Trial
from nas_explorer.spaces import Architecture, Scalar, SearchSpace
from nas_explorer.spaces.codec import Rows


class Foresight(Protocol):
    """What whoever runs a search knows of architectures before anything is trained; it is not the strategy's business from where."""

    def check(self, score: str, task: str) -> None:
        """
        Raises:
            InvalidOption: if it does not know this score, or cannot take it on this task.
        """
        ...

    def scores(self, score: str, task: str, architectures: Sequence[Architecture]) -> list[float]:
        """A score of each, more is better; NaN where it has none. The same each time.

        Args:
            task: what untrained networks look at, by its name; empty: what the search trains for.
        """
        ...


@dataclass(frozen=True, slots=True)
class Problem:
    """What is searched, for what, from which seed.

    Attributes:
        objectives: at least one, the first is the one that `best` and single-objective strategies look at.
        seed: the only source of randomness; strategies make their generators from it.
        foresight: scores that cost no training, where somebody runs the search that has them.
    """

    space: SearchSpace
    objectives: tuple[Metric, ...]
    seed: int = 0
    foresight: Foresight | None = None


class Proposer(Protocol):
    """A search under way."""

    def ask(self) -> Architecture:
        """Propose an architecture; may be called again before the last answer is told.

        Raises:
            Exhausted: when there is nothing left to propose.
        """
        ...

    def tell(self, trial: Trial) -> None:
        """Learn what became of a proposal. Finished and failed trials both arrive here, each once."""
        ...


@runtime_checkable
class Strategy(Protocol):
    """The settings of a strategy: a frozen dataclass whose fields are the options, checked when it is made."""

    def begin(self, problem: Problem) -> Proposer:
        """Start a search from nothing.

        Raises:
            InvalidOption: if the settings do not fit this space or these objectives.
        """
        ...


@runtime_checkable
class Explains(Protocol):
    """A proposer that also says why it proposed what it did; the log keeps it, and `search.explain` puts it into a sentence."""

    def why(self) -> Mapping[str, Any]:
        """Of the architecture asked last, before anything else is told: names and numbers, in JSON's own types; empty: no idea.

        `kind` says how it came about, and `words`, where they are there, say it in a sentence. Views know these kinds, and show
        what else there is as it stands:

        * `random`: drawn. `population_size`: as one of so many that an evolution starts with; `refused`: after so many tries.
        * `mutation`: changed from `parents`, numbers of trials. `tournament`: the members that were drawn, in that order;
          `front`: how many of them none of the others dominates; `population_size`: of which the oldest dies.
        * `model`: chosen by a model of `seen` finished trials. `sampler`: its name; `startup`: random up to so many; `good`: how
          many count as such; `generation`: of a genetic algorithm, from 0.
        * `controller`: written by a learned distribution. `probabilities`: of the option that was drawn, for every active decision.
        """
        ...


@runtime_checkable
class Rationing(Protocol):
    """A proposer that also says how long its proposals are worth training. Whoever runs the search may heed it."""

    def ration(self) -> float:
        """The share of the full training that the architecture asked last is worth, above 0 up to 1."""
        ...


@runtime_checkable
class Retracts(Protocol):
    """A proposer that counts on an answer to every proposal, and so has to know of one that will get none."""

    def retract(self) -> None:
        """The architecture asked last was refused, by a constraint for instance: it is no trial, and will not be told."""
        ...


@runtime_checkable
class Narrows(Protocol):
    """A proposer that can leave options out and keep what it has learned. Any other begins anew in what is left of its space."""

    def narrow(self, offers: Mapping[str, Sequence[Scalar]]) -> None:
        """Propose these options only, from the next question on. Narrowed and widened again between two questions, nothing has happened.

        Args:
            offers: every decision -> its options that are left, in their order; at least one.
        """
        ...


class Fleet(Protocol):
    """Many searches of one strategy under way, a step at a time. They share a generator, but nothing that they learn."""

    def ask(self) -> Rows:
        """(searches, decisions) option indices, the next architecture of each search; -1 where a decision is not active."""
        ...

    def tell(self, costs: NDArray[np.float64]) -> None:
        """(searches, objectives) what came of them, turned so that less is better; infinite for a failed trial."""
        ...


@runtime_checkable
class Vectorised(Strategy, Protocol):
    """A strategy that can run many searches as matrices, with the same statistics as its proposers."""

    def begin_many(self, problem: Problem, searches: int) -> Fleet | None:
        """Start so many searches at once; None where that is not possible for this problem, such as for spaces with constraints.

        Their randomness comes from the problem's seed together, so that a search of a fleet has no seed of its own.
        """
        ...


class Exhausted(Exception):
    """A proposer has nothing left to propose: the search is complete, which is no error."""
