"""What every single change of an architecture does to each objective: as a table knows it, as the run measured it, or unknown."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.records import History, Metric
from nas_explorer.spaces import Architecture, SearchSpace, neighbours
from nas_explorer.spaces.values import Scalar
from nas_explorer.views.axes import spoken
from nas_explorer.views.comparison import MetricChange
from nas_explorer.views.differences import Difference, differences
from nas_explorer.views.html_table import Markup, html_table, toned
from nas_explorer.views.markup import escaped

Source = Literal["true", "measured", "unknown"]
LookUp = Callable[[Architecture], Mapping[str, float]]
MOST_ROWS = 200  # of a table on the page


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An architecture that one decision away.

    Attributes:
        difference: the decision that was changed; others that it switches on or off are not named.
        changes: of every objective, from the architecture in the middle to this one; NaN where it is unknown.
        source: `true`: a table knows it; `measured`: the run has tried it; `unknown`: neither.
    """

    architecture: Architecture
    difference: Difference
    changes: tuple[MetricChange, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """All one-edit neighbours of an architecture, in the order of the decisions."""

    title: str
    metrics: tuple[Metric, ...]
    values: tuple[float, ...]
    neighbours: tuple[Neighbour, ...]

    @property
    def better(self) -> tuple[Neighbour, ...]:
        """Those that are better in the first objective, the best first."""
        found = [n for n in self.neighbours if n.changes[0].tone == "better"]
        return tuple(sorted(found, key=lambda n: self.metrics[0].cost(n.changes[0].second)))

    @property
    def sentence(self) -> str:
        known = [n for n in self.neighbours if n.source != "unknown"]
        first, better = self.metrics[0].label, self.better
        unknown = len(self.neighbours) - len(known)
        rest = f"; of {unknown} nothing is known" if unknown else ""
        if not known:
            return f"{self.title} has {len(self.neighbours)} neighbours, and nothing is known of any."
        if not better:
            return f"None of the {len(known)} neighbours of {self.title} that are known has a better {first}{rest}."
        best = better[0]
        return (
            f"{len(better)} of the {len(known)} neighbours of {self.title} that are known have a better {first}; most where "
            f"{best.difference.words} ({best.changes[0].words}){rest}."
        )

    def _repr_html_(self) -> str:
        rows = [[n.difference.words, *(_cell(c) for c in n.changes), n.source] for n in self.neighbours[:MOST_ROWS]]
        more = len(self.neighbours) - MOST_ROWS
        below = f"<p>and {more} more</p>" if more > 0 else ""
        table = html_table(["change", *(m.title for m in self.metrics), "known"], rows)
        return f"<div><p>{escaped(self.sentence)}</p>{table}{below}</div>"

    def __str__(self) -> str:
        lines = [
            f"  {n.difference.words}: {', '.join(f'{c.metric.label} {c.words}' for c in n.changes)} ({n.source})" for n in self.neighbours
        ]
        return "\n".join([self.sentence, *lines])


def neighbourhood(
    history: History, space: SearchSpace, architecture: Architecture, title: str, look_up: LookUp | None = None
) -> Neighbourhood:
    """Every architecture that differs in one decision, with the change in each objective.

    Args:
        title: of the architecture in the middle, `trial 21`.
        look_up: what a table knows of any architecture; None where there is no table.
    """
    tried = {history.architecture(i): i for i in reversed(range(len(history))) if history.status(i) == "finished"}
    metrics = history.objectives

    def known(of: Architecture) -> tuple[list[float], Source]:
        if look_up is not None:
            try:
                values = look_up(of)
                return [values[m.name] for m in metrics], "true"
            except (InvalidArchitecture, KeyError):  # a table with holes
                pass
        if of in tried:
            return [history.value(tried[of], m.name) for m in metrics], "measured"
        return [math.nan] * len(metrics), "unknown"

    middle, _ = known(architecture)
    found = []
    for other in neighbours(space, architecture):
        values, source = known(other)
        changes = tuple(MetricChange(m, a, b) for m, a, b in zip(metrics, middle, values, strict=True))
        found.append(Neighbour(other, _edit(space, architecture, other), changes, source))
    return Neighbourhood(title, metrics, tuple(middle), tuple(found))


def _edit(space: SearchSpace, first: Mapping[str, Scalar], second: Mapping[str, Scalar]) -> Difference:
    """The decision that both ask for; what it switches on or off follows from it."""
    found: Sequence[Difference] = differences(space, first, second)
    return next(d for d in found if d.first is not None and d.second is not None)


def _cell(change: MetricChange) -> Markup:
    if math.isnan(change.second):
        return Markup("–")
    return Markup(f"{escaped(spoken(change.second, change.metric.unit))} ({toned(change.words, change.tone)})")
