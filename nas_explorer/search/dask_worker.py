"""The side of a Dask worker: scores one leg of a trial, and keeps the evaluation of one that stands still."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psutil  # type: ignore[import-untyped]
from distributed import Worker, WorkerPlugin, get_worker

from nas_explorer.estimators.protocol import Estimator
from nas_explorer.records import Measurement
from nas_explorer.search.evaluator import failed
from nas_explorer.search.parcel import unpacked
from nas_explorer.spaces import Architecture

NICENESS = 10


class Modest(WorkerPlugin):
    """Lets a worker stand back behind the notebook that it shares a machine with, also one that its nanny starts again."""

    name = "nas_explorer-modest"

    def setup(self, worker: Worker) -> None:
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else NICENESS)


@dataclass(frozen=True, slots=True)
class Leg:
    """What became of one leg of a trial.

    Attributes:
        begins: how many measurements came before these.
        measurements: (step, values) each.
        error: message and details, if it failed.
        stands_at: the address of the worker where the evaluation stands still; empty if it is over.
    """

    begins: int
    measurements: list[tuple[int, dict[str, float]]]
    error: tuple[str, str] | None = None
    stands_at: str = ""


_STANDING: dict[tuple[str, int], tuple[Iterator[Measurement], int]] = {}
"""Evaluations that stand still, and how many measurements they gave."""


def score(estimator: Estimator, choices: dict[str, Any], operations: str, place: tuple[str, int], until: int | None) -> Leg:
    """Score one architecture for a leg, telling each measurement at once; all of them come back, with the error if any.

    The one that ends the leg only comes back, so that whoever hears of it finds the evaluation standing still.
    """
    worker, measurements, (topic, trial) = get_worker(), [], place
    evaluation, begins = _STANDING.pop(place, (None, 0))
    try:
        if evaluation is None:
            _known(operations)
            evaluation = iter(estimator.evaluate(Architecture(choices)))
        for measurement in evaluation:
            values = dict(measurement.values)
            measurements.append((measurement.step, values))
            if until is not None and measurement.step >= until:
                _STANDING[place] = evaluation, begins + len(measurements)
                return Leg(begins, measurements, stands_at=worker.address)
            at = begins + len(measurements) - 1
            worker.log_event(topic, {"trial": trial, "at": at, "step": measurement.step, "values": values})
    except Exception as error:
        ended = failed(trial, error)
        return Leg(begins, measurements, (ended.message, ended.details))
    return Leg(begins, measurements)


def forget(place: tuple[str, int | None]) -> None:
    """Let go of an evaluation that stands still, or of all that a search left."""
    topic, trial = place
    for known in [known for known in _STANDING if known[0] == topic and trial in (known[1], None)]:
        evaluation, _ = _STANDING.pop(known)
        if (close := getattr(evaluation, "close", None)) is not None:
            close()


@lru_cache(maxsize=8)
def _known(operations: str) -> None:
    """Register a user's own operations in this worker, once."""
    unpacked(operations)
