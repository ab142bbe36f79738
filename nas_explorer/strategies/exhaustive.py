"""Exhaustive search: every architecture once, for spaces that are small enough to know in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nas_explorer.records import Trial
from nas_explorer.spaces import Architecture, enumerate_architectures
from nas_explorer.strategies.protocol import Exhausted, Problem


@dataclass(frozen=True, slots=True)
class Exhaustive:
    """Propose every architecture once, in the order of the decisions, and end when there is none left.

    The last decision runs fastest, and the seed changes nothing. With a budget below the size of the space this looks at one
    corner of it only: `nas.spaces.size(space)` says how many architectures there are. What others have tried is passed over.

    Source: the search of a tabular benchmark, as in Ying et al., NAS-Bench-101, ICML 2019, arXiv 1902.09635
    """

    def begin(self, problem: Problem) -> Enumeration:
        return Enumeration(problem)


class Enumeration:
    """An exhaustive search under way."""

    def __init__(self, problem: Problem) -> None:
        self.space, self.count = problem.space, 0
        self.known: set[Architecture] = set()
        self.left = enumerate_architectures(problem.space)

    def ask(self) -> Architecture:
        for architecture in self.left:
            self.count += 1
            if architecture not in self.known:
                return architecture
        raise Exhausted(f"all {self.count:,} architectures of {self.space.name!r} have been proposed")

    def why(self) -> Mapping[str, Any]:
        return {"kind": "enumeration", "position": self.count, "words": f"Number {self.count:,} of all architectures, in order."}

    def tell(self, trial: Trial) -> None:
        self.known.add(trial.architecture)
