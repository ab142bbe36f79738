"""What a user changes in a running search: one edit each, as it stands in the log, and which of them are still in force.

Here an edit is only well formed; whether a search can follow it, `search/steered.py` knows.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from nas_explorer.errors import InvalidOption
from nas_explorer.spaces import Scalar
from nas_explorer.spaces.architecture import with_arrow

if TYPE_CHECKING:
    from nas_explorer.records.events import Steered

Kind = Literal["pin", "veto", "add", "limit", "budget", "propose", "undo", "clear"]
_NEEDED: Mapping[Kind, tuple[str, ...]] = {
    "pin": ("decision", "option"), "veto": ("decision", "option"), "add": ("decision", "option"), "limit": ("limit",),
    "budget": ("budget",), "propose": ("architecture",), "undo": (), "clear": (),
}


@dataclass(frozen=True, slots=True)
class Edit:
    """One wish of a user.

    Attributes:
        kind: `pin` one option of a decision, `veto` one, `add` one that was ruled out or that nobody drew; `limit` what proposals may
            cost; set the `budget`; `propose` an architecture; `undo` the last edit that is in force; `clear` all of them.
        limit: as in "latency_ms <= 5".
        budget: limits of the whole search, as in {"trials": 500}; those that are not named stay.
        epoch: of a one-shot search: how many are done when it begins to count.

    >>> Edit("pin", "cell/0->1", "conv_3x3").text
    'Pin cell/0→1 to conv_3x3'

    Raises:
        InvalidOption: if it is none, in the words of what was typed.
    """

    kind: Kind
    decision: str = ""
    option: Scalar | None = None
    limit: str = ""
    budget: Mapping[str, float] = field(default_factory=dict)
    architecture: Mapping[str, Scalar] = field(default_factory=dict)
    epoch: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise InvalidOption(f"an edit of a search is one of {', '.join(get_args(Kind))}, got {self.kind!r:.60}")
        if self.kind in ("pin", "veto", "add") and (not _is_name(self.decision) or not _is_scalar(self.option)):
            raise InvalidOption(f"{self.kind} takes a decision and one of its options, as in {self.kind}('cell/0->1', 'skip'), got "
                                f"{self.decision!r:.60}, {self.option!r:.60}")
        if self.kind == "limit" and not _is_name(self.limit):
            raise InvalidOption(f"a limit is a quantity and its most, as in 'latency_ms <= 5', got {self.limit!r:.60}")
        if not _is_budget(self.budget) or (self.kind == "budget" and not self.budget):
            raise InvalidOption(f"a budget names its limits, as in {{'trials': 500}}, got {self.budget!r:.80}")
        if not _is_architecture(self.architecture) or (self.kind == "propose" and not isinstance(self.architecture, Mapping)):
            raise InvalidOption(f"an architecture is a mapping from decisions to options, got {self.architecture!r:.80}")
        if self.epoch is not None and (type(self.epoch) is not int or self.epoch < 0):
            raise InvalidOption(f"the epoch of an edit is a whole number from 0, got {self.epoch!r:.60}")
        object.__setattr__(self, "decision", with_arrow(self.decision))

    @classmethod
    def of(cls, plain: object) -> Edit:
        """An edit as the log holds it.

        Raises:
            InvalidOption: if it is none.
        """
        if not isinstance(plain, Mapping) or "kind" not in plain or not set(plain) <= set(cls.__slots__):
            raise InvalidOption(f"an edit has a kind and names {', '.join(cls.__slots__)}, got {plain!r:.120}")
        missing = [name for name in _NEEDED.get(plain["kind"], ()) if name not in plain]
        if missing:
            raise InvalidOption(f"{plain['kind']} lacks {' and '.join(missing)}")
        return cls(**plain)

    @property
    def plain(self) -> dict[str, Any]:
        """As the log holds it: what has a meaning for this kind."""
        values = {name: getattr(self, name) for name in _NEEDED[self.kind]}
        plain = {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}
        return {"kind": self.kind, **plain, **({} if self.epoch is None else {"epoch": self.epoch})}

    @property
    def text(self) -> str:
        """One line about it."""
        match self.kind:
            case "pin":
                return f"Pin {self.decision} to {self.option}"
            case "veto":
                return f"Veto {self.option} on {self.decision}"
            case "add":
                return f"Offer {self.option} on {self.decision}"
            case "limit":
                return f"Limit {self.limit}"
            case "budget":
                return "Budget of " + " or ".join(f"{most:,g} {name.replace('_', ' ')}" for name, most in self.budget.items())
            case "propose":
                return "Try by hand: " + ", ".join(f"{key}={option}" for key, option in self.architecture.items())
            case "undo":
                return "Undo"
        return "Clear all edits"


@dataclass(frozen=True, slots=True)
class Given:
    """An edit that was given to a search.

    Attributes:
        number: of its event; None while the search has accepted it, but not yet written it down.
        at: Unix time in seconds.
        trial: the first one after it; of an architecture that was proposed by hand, its own.
        in_force: whether it counts for the next proposal. An architecture that has begun as a trial is no longer waiting.
    """

    number: int | None
    at: float
    edit: Edit
    trial: int
    in_force: bool


class Force:
    """Which edits are in force, as they are given and as trials begin.

    Attributes:
        standing: place among all edits -> edit, in order.
    """

    def __init__(self) -> None:
        self.standing: dict[int, Edit] = {}
        self.added: list[Edit] = []                        # all that ever were, also those that were taken back
        self.count = 0

    def give(self, edit: Edit) -> list[int]:
        """Take the next edit; returns the places of what it takes back."""
        place, self.count = self.count, self.count + 1
        if edit.kind == "add":
            self.added.append(edit)
        if edit.kind not in ("undo", "clear"):
            self.standing[place] = edit
            return []
        over = list(self.standing)[-1:] if edit.kind == "undo" else list(self.standing)
        for taken in over:
            del self.standing[taken]
        return over

    def begin(self) -> int | None:
        """A trial begins: the place of the proposal that has waited longest, which is no longer waiting; None: there is none."""
        place = next((place for place, edit in self.standing.items() if edit.kind == "propose"), None)
        if place is not None:
            del self.standing[place]
        return place

    def copy(self) -> Force:
        other = Force()
        other.standing, other.added, other.count = dict(self.standing), list(self.added), self.count
        return other

    @property
    def edits(self) -> list[Edit]:
        return list(self.standing.values())


def given(events: Sequence[Steered], began: Sequence[int]) -> list[Given]:
    """What a log says of its edits.

    Args:
        events: in order.
        began: the numbers of the events in which trials began; each takes the architecture that has waited longest.
    """
    found: list[Given] = []
    force, trial = Force(), 0

    def begin(until: int) -> None:
        for number in range(trial, until):
            if (place := force.begin()) is None:
                return
            found[place] = replace(found[place], trial=number, in_force=False)

    for event in events:
        until, edit = bisect_left(began, event.number), Edit.of(event.edit)
        begin(until)
        trial = until
        for place in force.give(edit):
            found[place] = replace(found[place], in_force=False)
        found.append(Given(event.number, event.at, edit, trial, edit.kind not in ("undo", "clear")))
    begin(len(began))
    return found


def added(edits: Sequence[Given]) -> tuple[tuple[str, Scalar], ...]:
    """(decision, option) of all that was ever added, also of what was taken back: trials may have it."""
    return tuple((one.edit.decision, one.edit.option) for one in edits if one.edit.kind == "add" and one.edit.option is not None)


def in_force(edits: Sequence[Given]) -> list[Edit]:
    """The edits that count for the next proposal, in order."""
    return [one.edit for one in edits if one.in_force]


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_scalar(value: object) -> bool:
    return isinstance(value, (str, bool, int)) or (isinstance(value, float) and math.isfinite(value))


def _is_budget(budget: object) -> bool:
    return isinstance(budget, Mapping) and all(
        isinstance(name, str) and isinstance(most, (int, float)) and not isinstance(most, bool) for name, most in budget.items())


def _is_architecture(architecture: object) -> bool:
    return isinstance(architecture, Mapping) and all(
        isinstance(key, str) and _is_scalar(option) for key, option in architecture.items())
