"""Who came from whom: births, deaths and parents of a search's trials, and how all that stood after any event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nas_explorer.records import History

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lineage:
    """A column an attribute, a row a trial. Events are counted: something of event 7 is known as soon as 8 events are.

    Attributes:
        parents: numbers of the trials that each was made from, all smaller than its own; none where it was made from nothing.
        began, ended, died: (trials,) numbers of events; -1 for what has not happened. Dying is leaving the population.
        generations: (trials,) 0 of a trial without parents, else one more than that of its youngest parent.
        population_size: how many are alive at most; 0 where the strategy keeps no population.
        incumbents: (event, trial) whenever a trial was the best so far.
        events: how many there were.
    """

    parents: tuple[tuple[int, ...], ...]
    began: Numbers
    ended: Numbers
    died: Numbers
    generations: Numbers
    population_size: int
    incumbents: tuple[tuple[int, int], ...]
    events: int

    @property
    def is_tree(self) -> bool:
        """Whether any trial has a parent."""
        return any(self.parents)

    def line(self, trial: int) -> list[int]:
        """A trial's ancestors by the first parent of each, the oldest first, and itself at the end."""
        found = [trial]
        while self.parents[found[-1]]:
            found.append(self.parents[found[-1]][0])
        return found[::-1]

    def children(self, trial: int) -> list[int]:
        return [child for child, parents in enumerate(self.parents) if trial in parents]


@dataclass(frozen=True, slots=True)
class Moment:
    """How a lineage stood when so many events were known.

    Attributes:
        born: trials that had begun.
        alive: members of the population.
        running: trials that had begun and not ended.
        incumbent: the best so far; None before the first.
    """

    born: frozenset[int]
    alive: frozenset[int]
    running: frozenset[int]
    incumbent: int | None


def lineage(history: History, previous: Lineage | None = None) -> Lineage:
    """The lineage of a search as far as its history goes.

    A member joins the population when its trial ends, failed or not. Where it is full the oldest dies: that is what aging
    evolution does, and the size of its population is in the log.

    Args:
        previous: the lineage of the same history at an earlier time; what it read is not read again.
    """
    began, ended = history.spans()
    count = len(ended)  # another thread may take in more meanwhile; this one looks no further
    parents = list(previous.parents) if previous else []
    size = previous.population_size if previous else 0
    for trial in range(len(parents), count):
        why = history.why(trial)
        parents.append(parents_said(why, trial))
        size = why["population_size"] if type(why.get("population_size")) is int else size
    return Lineage(
        tuple(parents),
        began,
        ended,
        _deaths(ended, size),
        _generations(parents),
        size,
        tuple((int(ended[trial]), trial) for trial, _ in list(history.incumbents) if trial < count and ended[trial] >= 0),
        history.event_count,
    )


def moment(found: Lineage, events: int) -> Moment:
    """How it stood when the first `events` events were known: the same as the lineage of a history of these alone would tell."""
    born = found.began < events
    ended = born & (found.ended >= 0) & (found.ended < events)
    gone = (found.died >= 0) & (found.died < events)
    alive = ended & ~gone if found.population_size else np.zeros_like(ended)
    best = [trial for event, trial in found.incumbents if event < events]
    return Moment(_which(born), _which(alive), _which(born & ~ended), best[-1] if best else None)


def parents_said(why: Mapping[str, Any], trial: int) -> tuple[int, ...]:
    """The parents of a trial by its explanation. One's own strategy may say anything; only a trial before it can be a parent."""
    parents = why.get("parents")
    if not isinstance(parents, Sequence) or isinstance(parents, str):
        return ()
    return tuple(p for p in parents if type(p) is int and 0 <= p < trial)


def _deaths(ended: Numbers, size: int) -> Numbers:
    died = np.full(len(ended), -1, dtype=np.int64)
    joined = np.flatnonzero(ended >= 0)
    joined = joined[np.argsort(ended[joined])]
    if size and len(joined) > size:
        died[joined[:-size]] = ended[joined[size:]]
    return died


def _generations(parents: Sequence[tuple[int, ...]]) -> Numbers:
    found: list[int] = []
    for own in parents:
        found.append(1 + max(found[p] for p in own) if own else 0)
    return np.array(found, dtype=np.int64)


def _which(mask: NDArray[np.bool_]) -> frozenset[int]:
    return frozenset(np.flatnonzero(mask).tolist())
