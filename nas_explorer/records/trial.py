"""One proposed architecture and what became of it. Frozen; the loop makes them, strategies and views read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from nas_explorer.spaces import Architecture

Status = Literal["running", "finished", "failed"]


@dataclass(frozen=True, slots=True)
class Measurement:
    """What an estimator saw at one step of one trial."""

    step: int
    """Epochs done; 0 for estimators that look once."""
    values: Mapping[str, float]
    """Metric name -> value, in that metric's unit."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An architecture, its last measured values, and whether it finished.

    Attributes:
        number: counts from 0 in the order of proposal.
        values: metric name -> last value; what was measured before a failure is kept.
        message: why it failed, in words; empty otherwise.
        seconds: wall time from proposal to end; 0 while it runs.
    """

    number: int
    architecture: Architecture
    status: Status
    values: Mapping[str, float]
    message: str = ""
    seconds: float = 0.0
