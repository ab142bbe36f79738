"""What happened: metrics, trials, events, the history that grows from them, and the run folder that keeps them."""

from nas_explorer.records.events import (
    Event,
    Measured,
    SearchFinished,
    SearchPaused,
    SearchResumed,
    SearchStarted,
    Snapshot,
    TrialFailed,
    TrialFinished,
    TrialStarted,
)
from nas_explorer.records.history import History
from nas_explorer.records.metric import Metric, metric, shown
from nas_explorer.records.pareto import ParetoFront, hypervolume, pareto_mask
from nas_explorer.records.trial import Measurement, Trial

__all__ = [
    "Event",
    "History",
    "Measured",
    "Measurement",
    "Metric",
    "ParetoFront",
    "SearchFinished",
    "SearchPaused",
    "SearchResumed",
    "SearchStarted",
    "Snapshot",
    "Trial",
    "TrialFailed",
    "TrialFinished",
    "TrialStarted",
    "hypervolume",
    "metric",
    "pareto_mask",
    "shown",
]
