"""The edits that were given to a search, in order, and which of them are still in force: undo and clear take back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nas_explorer.records.edits import Edit
from nas_explorer.spaces import Op, Scalar

if TYPE_CHECKING:
    from nas_explorer.records.events import Steered


@dataclass(frozen=True, slots=True)
class Given:
    """An edit that was given to a search.

    Attributes:
        number: of its event; None while the search has accepted it, but not yet written it down.
        at: Unix time in seconds.
        trial: the first one after it; of an architecture that was proposed by hand, its own.
        in_force: whether it counts for the next proposal. An architecture that has begun as a trial is no longer waiting.
        over: places among all edits of what it took back: one for an undo; for a clear all, as long as it is not undone itself.
    """

    number: int | None
    at: float
    edit: Edit
    trial: int
    in_force: bool
    over: tuple[int, ...] = ()


class Force:
    """Which edits are in force, as they are given and as trials begin.

    Attributes:
        standing: place among all edits -> edit, in order.
        cleared: place of a clear that is not undone -> what it took back.
    """

    def __init__(self) -> None:
        self.standing: dict[int, Edit] = {}
        self.cleared: dict[int, dict[int, Edit]] = {}
        self.added: list[Edit] = []                        # all that ever were, also those that were taken back
        self.count = 0

    @property
    def last(self) -> int | None:
        """The place of what an undo would take back: an edit in force or a clear; None: there is nothing."""
        return max((*self.standing, *self.cleared), default=None)

    def give(self, edit: Edit) -> tuple[int, ...]:
        """Take the next edit; returns the places of what it takes back."""
        place, self.count = self.count, self.count + 1
        if edit.kind == "undo":
            return self._undo(max(self.standing, default=None) if edit.back is None else edit.back)
        if edit.kind == "clear":
            if self.standing:
                self.cleared[place], self.standing = self.standing, {}
            return tuple(self.cleared.get(place, ()))
        if edit.added:
            self.added.append(edit)
        self.standing[place] = edit
        return ()

    def _undo(self, back: int | None) -> tuple[int, ...]:
        """Nothing where that is no longer there: a trial may have begun with it meanwhile."""
        if back is None or not (back in self.standing or back in self.cleared):
            return ()
        if self.standing.pop(back, None) is None:
            self.standing = dict(sorted({**self.standing, **self.cleared.pop(back)}.items()))
        return (back,)

    def begin(self) -> int | None:
        """A trial begins: the place of the proposal that has waited longest, which is no longer waiting; None: there is none."""
        place = next((place for place, edit in self.standing.items() if edit.kind == "propose"), None)
        if place is not None:
            del self.standing[place]
        return place

    def copy(self) -> Force:
        other = Force()
        other.standing, other.added, other.count = dict(self.standing), list(self.added), self.count
        other.cleared = {place: dict(edits) for place, edits in self.cleared.items()}
        return other

    @property
    def edits(self) -> list[Edit]:
        return list(self.standing.values())


def given(events: Sequence[Steered], began: Sequence[int], accepted: Sequence[tuple[float, Edit]] = ()) -> list[Given]:
    """What a log says of its edits.

    Args:
        events: in order.
        began: the numbers of the events in which trials began; each takes the architecture that has waited longest.
        accepted: (Unix time, edit) of what will be written after them.
    """
    force, taken, over, trials = Force(), dict[int, int](), list[tuple[int, ...]](), list[int]()

    def begin(until: int) -> None:
        for trial in range(trials[-1] if trials else 0, until):
            if (place := force.begin()) is None:
                return
            taken[place] = trial

    written = [(event.number, event.at, Edit.of(event.edit)) for event in events]
    ahead = [(None, at, edit) for at, edit in accepted]
    for number, _, edit in (*written, *ahead):
        until = len(began) if number is None else bisect_left(began, number)
        begin(until)
        trials.append(until)
        over.append(force.give(edit))
    begin(len(began))
    return [
        Given(number, at, edit, taken.get(i, trials[i]), i in force.standing, over[i] if edit.kind != "clear" or i in force.cleared else ())
        for i, (number, at, edit) in enumerate((*written, *ahead))
    ]


def added(edits: Sequence[Given]) -> tuple[tuple[str, Scalar | Op], ...]:
    """(decision, option) of all that was ever added, also of what was taken back: trials may have it."""
    return tuple(pair for one in edits for pair in one.edit.added)


def in_force(edits: Sequence[Given]) -> list[Edit]:
    """The edits that count for the next proposal, in order."""
    return [one.edit for one in edits if one.in_force]
