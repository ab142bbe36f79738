"""Stand-ins for parts of a run that are not there: the package that brought them is not installed, or they were somebody's own.

A run is looked at and replayed with them as with the real ones; whoever wants to go on with it is told what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from nas_explorer.errors import RunError
from nas_explorer.one_shot.protocol import Run
from nas_explorer.records import Measurement, Metric
from nas_explorer.spaces import Architecture, SearchSpace
from nas_explorer.strategies.protocol import Problem, Proposer


@dataclass(frozen=True)
class Absent:
    """
    Attributes:
        data: what the run folder says of the part.
        reason: why it is not there, and what to do.
    """

    data: Mapping[str, Any]
    reason: str

    def error(self) -> RunError:
        return RunError(f"this run can be looked at and replayed, but not gone on with: {self.reason}")


@dataclass(frozen=True)
class AbsentStrategy(Absent):
    """Proposes nothing."""

    def begin(self, problem: Problem) -> Proposer:
        raise self.error()


@dataclass(frozen=True)
class AbsentOneShot(Absent):
    """Trains nothing."""

    shares_weights: ClassVar[bool] = True

    def begin(self, space: SearchSpace, estimator: Any, seed: int) -> Run:
        raise self.error()


@dataclass(frozen=True)
class AbsentEstimator(Absent):
    """Scores nothing; knows the names of what was measured."""

    metrics: tuple[Metric, ...] = ()

    def check_space(self, space: SearchSpace) -> None:
        return None

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        raise self.error()


def check_present(*parts: object) -> None:
    """
    Raises:
        RunError: if one of the parts is only a stand-in.
    """
    for part in parts:
        if isinstance(part, Absent):
            raise part.error()
