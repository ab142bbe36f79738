"""Everything about one trial, in JSON's own types: its diagrams, its numbers, where it stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nas_explorer.errors import UnknownName
from nas_explorer.records import History, Metric
from nas_explorer.spaces import SearchSpace, cost
from nas_explorer.spaces.values import Scalar
from nas_explorer.views.diagram import Diagram, diagrams, drawn
from nas_explorer.views.numbers import fact, short_label

_COUNTED = {"parameter_count": "parameter_count", "macs": "macs"}  # known of every architecture, measured or not


@dataclass(frozen=True, slots=True)
class RankFact:
    """Where an architecture stands among all there are; `what` names the measure: "test accuracy, 200 epochs"."""

    rank: int
    of: int
    what: str
    percentile: float


def trial_detail(
    history: History,
    space: SearchSpace,
    trial: int,
    metrics: Sequence[Metric],
    front: Collection[int],
    *,
    rank: RankFact | None = None,
    spell: Callable[[Mapping[str, Scalar]], str] | None = None,
    noun: str = "architecture",
) -> dict[str, Any]:
    """What the detail panel shows of a trial.

    Args:
        metrics: the facts, in this order; those that were not measured are left out.
        rank: true rank, where a table knows it.
        spell: the official text of an architecture, where its space has one.
    """
    architecture = history.architecture(trial)
    message, details = history.failure(trial)
    return {
        "trial": trial,
        "title": f"{noun[:1].upper()}{noun[1:]} #{trial}",
        "front": trial in front,
        "status": history.status(trial),
        "rank": None
        if rank is None
        else {"value": f"{rank.rank:,}", "of": f"{rank.of:,}", "what": rank.what, "percentile": f"{rank.percentile:.1f}"},
        "diagrams": [{"title": diagram.title, "svg": drawn(diagram, "css")} for diagram in known_diagrams(space, architecture)],
        "facts": facts(history, space, trial, metrics),
        "text": spell(architecture) if spell else "",
        "message": message,
        "details": details,
    }


def known_diagrams(space: SearchSpace, architecture: Mapping[str, Scalar]) -> list[Diagram]:
    """The diagrams of an architecture; none where it has an operation of somebody's own, which is not registered here."""
    try:
        return list(diagrams(space, architecture))
    except UnknownName:
        return []


def facts(history: History, space: SearchSpace, trial: int, metrics: Sequence[Metric]) -> list[dict[str, str]]:
    """The numbers of a trial, parameters and multiply-adds counted where they were not measured."""
    values = history.trial(trial).values
    found = [fact(metric, values[metric.name]) for metric in metrics if metric.name in values]
    wanted = [m for m in metrics if m.name in _COUNTED and m.name not in values]
    if not wanted:
        return _distinct(found, [m for m in metrics if m.name in values])
    try:
        counted = cost(space, history.architecture(trial))
    except UnknownName:  # an operation of somebody's own, which is not registered here
        return found
    return found + [fact(metric, float(getattr(counted, _COUNTED[metric.name]))) for metric in wanted]


def _distinct(found: list[dict[str, str]], metrics: Sequence[Metric]) -> list[dict[str, str]]:
    """Where two metrics have one short label, latency on two devices, say, their devices tell them apart."""
    labels = [short_label(metric) for metric in metrics]
    return [
        {**f, "label": f"{f['label']}, {m.name.partition('@')[2]}"} if labels.count(f["label"]) > 1 and "@" in m.name else f
        for f, m in zip(found, metrics, strict=True)
    ]
