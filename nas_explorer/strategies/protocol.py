"""What a search strategy is: settings that begin a search, and a proposer that asks and tells. Nothing else.

A strategy does not evaluate, save, plot, print or sleep. What `ask` returns follows only from the problem (space,
objectives, seed) and from what was told, in that order, so a search resumes by replaying its log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from nas_explorer.records import Metric, Trial
from nas_explorer.spaces import Architecture, SearchSpace


@dataclass(frozen=True, slots=True)
class Problem:
    """What is searched, for what, from which seed.

    Attributes:
        objectives: at least one, the first is the one that `best` and single-objective strategies look at.
        seed: the only source of randomness; strategies make their generators from it.
    """

    space: SearchSpace
    objectives: tuple[Metric, ...]
    seed: int = 0


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


class Exhausted(Exception):
    """A proposer has nothing left to propose: the search is complete, which is no error."""
