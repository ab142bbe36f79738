"""What happened: metrics, trials, events, the history that grows from them, and the run folder that keeps them."""

from nas_explorer.records.edits import Edit
from nas_explorer.records.events import (
    Event,
    Measured,
    SearchFinished,
    SearchPaused,
    SearchResumed,
    SearchStarted,
    Snapshot,
    Steered,
    TrialFailed,
    TrialFinished,
    TrialStarted,
)
from nas_explorer.records.given import Given, in_force
from nas_explorer.records.history import History
from nas_explorer.records.metric import Metric, metric, shown
from nas_explorer.records.pareto import ParetoFront, hypervolume, pareto_mask
from nas_explorer.records.past import history_at
from nas_explorer.records.trial import Measurement, Trial

__all__ = [
    "Edit",
    "Event",
    "Given",
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
    "Steered",
    "Trial",
    "TrialFailed",
    "TrialFinished",
    "TrialStarted",
    "history_at",
    "hypervolume",
    "in_force",
    "metric",
    "pareto_mask",
    "shown",
]
