"""Every error that nas_explorer raises on purpose. Imports nothing, so that all may import it.

NasExplorerError
├── UnknownName               a name that no catalog has; lists what there is (also a ValueError)
├── InvalidSpace              a search space breaks a rule
├── InvalidArchitecture       an architecture does not belong to the space it is used with
├── ShapeError                two values that must be merged or mixed differ in shape
├── NotAdditive               costs of a space are no sum over its decisions
├── InvalidOption             an option of a strategy, estimator or budget is out of range (also a ValueError)
├── InvalidMetric             an objective that the estimator does not give, or a value that is no measurement
├── StrategyFailed            a strategy raised or proposed an architecture of another space
├── InvalidTask               data that no network can learn from (also a ValueError)
├── TrainingFailed            a candidate's training became NaN, or took too much time or memory
├── ExportFailed              a network that no file of plain torch can hold
├── DeviceMissing             a device, or a counter of it, that this machine does not have
└── RunError                  something about a run folder
    ├── RunExists             there is a run already
    ├── RunNotFound           there is none
    ├── RunInUse              another process writes it
    ├── RunDamaged            a line or file cannot be read
    ├── RunTooNew             written by a newer version
    ├── RunNotWritable        the disk is full or the folder refuses
    ├── WorkersLost           there is no worker left to score trials
    └── KernelLost            the background kernel does not answer
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class NasExplorerError(Exception):
    """Root of our errors."""


class UnknownName(NasExplorerError, ValueError):
    """A name that no catalog has."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(str(name), names, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        super().__init__(
            f"there is no {kind} {name!r}{hint} There is: {', '.join(names) or 'nothing yet'}"
            if near
            else f"there is no {kind} {name!r}; there is: {', '.join(names) or 'nothing yet'}"
        )


class InvalidSpace(NasExplorerError):
    """A search space breaks a rule."""


class InvalidArchitecture(NasExplorerError):
    """An architecture does not belong to the space it is used with."""


class ShapeError(NasExplorerError):
    """Two values that must be merged or mixed differ in shape."""


class NotAdditive(NasExplorerError):
    """Costs of a space are no sum over its decisions."""


class InvalidOption(NasExplorerError, ValueError):
    """An option of a strategy, estimator or budget is out of range."""


class InvalidMetric(NasExplorerError, ValueError):
    """An objective that the estimator does not give, or a value that is no measurement."""


class StrategyFailed(NasExplorerError):
    """A strategy raised, or proposed an architecture of another space."""


class InvalidTask(NasExplorerError, ValueError):
    """Data that no network can learn from: wrong shapes, missing numbers, labels that are no classes."""


class TrainingFailed(NasExplorerError):
    """The training of one candidate came to nothing: its loss became NaN, or it took too much time or memory."""


class ExportFailed(NasExplorerError):
    """A network that no file of plain torch can hold."""


class DeviceMissing(NasExplorerError):
    """A device was asked for, or a counter of it, that this machine does not have."""


class RunError(NasExplorerError):
    """Something about a run folder."""


class RunExists(RunError):
    """There is a run in this folder already."""


class RunNotFound(RunError):
    """There is no run in this folder."""


class RunInUse(RunError):
    """Another process is writing this run."""


class RunDamaged(RunError):
    """A line or file of a run cannot be read."""


class RunTooNew(RunError):
    """A run was written by a newer version of nas_explorer."""


class RunNotWritable(RunError):
    """A run folder refuses what is written: full disk, missing permission."""


class WorkersLost(RunError):
    """There is no worker left to score trials, or the cluster is gone."""


class KernelLost(RunError):
    """The background kernel of a run does not answer."""
