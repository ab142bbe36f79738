"""What a user changes in a running search: one edit each, as it stands in the log.

Here an edit is only well formed. Which are still in force, `records/given.py` says; whether a search can follow one,
`search/edit_checks.py`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from nas_explorer.errors import InvalidOption, InvalidSpace
from nas_explorer.spaces import Op, Scalar
from nas_explorer.spaces.architecture import with_arrow
from nas_explorer.spaces.serialize import operation_from_json

Kind = Literal["pin", "veto", "add", "widen", "limit", "budget", "propose", "undo", "clear"]
_NEEDED: Mapping[Kind, tuple[str, ...]] = {
    "pin": ("decision", "option"), "veto": ("decision", "option"), "add": ("decision", "option"), "widen": ("decision", "options"),
    "limit": ("limit",), "budget": ("budget",), "propose": ("architecture",), "undo": (), "clear": (),
}
_PERHAPS = ("operation", "back", "epoch")                  # what an edit may have beside what its kind needs


@dataclass(frozen=True, slots=True)
class Edit:
    """One wish of a user.

    Attributes:
        kind: `pin` one option of a decision, `veto` one, `add` one that was ruled out or that nobody drew, `widen` its range by
            several numbers; `limit` what proposals may cost; set the `budget`; `propose` an architecture; `clear` all that is in
            force; `undo` what was done last.
        options: the numbers by which a range is widened.
        operation: of an option that is added, as spaces are saved, where its label does not tell all of it: its parameters are open.
        limit: as in "latency_ms <= 5".
        budget: limits of the whole search, as in {"trials": 500}; those that are not named stay.
        back: of an undo: the place among all edits of what it takes back. Those of early logs have none: no clear could be undone
            then, so they take back the last edit that is in force.
        epoch: of a one-shot search: how many are done when it begins to count.

    >>> Edit("pin", "cell/0->1", "conv_3x3").text
    'Pin cell/0→1 to conv_3x3'

    Raises:
        InvalidOption: if it is none, in the words of what was typed.
    """

    kind: Kind
    decision: str = ""
    option: Scalar | None = None
    options: tuple[Scalar, ...] = ()
    operation: Mapping[str, Any] = field(default_factory=dict)
    limit: str = ""
    budget: Mapping[str, float] = field(default_factory=dict)
    architecture: Mapping[str, Scalar] = field(default_factory=dict)
    back: int | None = None
    epoch: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise InvalidOption(f"an edit of a search is one of {', '.join(get_args(Kind))}, got {self.kind!r:.60}")
        if self.kind in ("pin", "veto", "add") and (not _is_name(self.decision) or not _is_scalar(self.option)):
            raise InvalidOption(f"{self.kind} takes a decision and one of its options, as in {self.kind}('cell/0->1', 'skip'), got "
                                f"{self.decision!r:.60}, {self.option!r:.60}")
        if self.kind == "widen" and not (_is_name(self.decision) and _are_numbers(self.options)):
            raise InvalidOption(f"widen takes a decision and the numbers that it shall offer, got {self.decision!r:.60}, "
                                f"{self.options!r:.60}")
        if not isinstance(self.operation, Mapping):
            raise InvalidOption(f"an operation that is added is a mapping, as spaces are saved, got {self.operation!r:.60}")
        if self.operation and str(_read_operation(self.operation)) != self.option:
            raise InvalidOption(f"{self.option!r:.60} is not the label of {_read_operation(self.operation)}")
        if self.kind == "limit" and not _is_name(self.limit):
            raise InvalidOption(f"a limit is a quantity and its most, as in 'latency_ms <= 5', got {self.limit!r:.60}")
        if not _is_budget(self.budget) or (self.kind == "budget" and not self.budget):
            raise InvalidOption(f"a budget names its limits, as in {{'trials': 500}}, got {self.budget!r:.80}")
        if not _is_architecture(self.architecture) or (self.kind == "propose" and not isinstance(self.architecture, Mapping)):
            raise InvalidOption(f"an architecture is a mapping from decisions to options, got {self.architecture!r:.80}")
        for name, number in (("epoch of an edit", self.epoch), ("place of what is taken back", self.back)):
            if number is not None and (type(number) is not int or number < 0):
                raise InvalidOption(f"the {name} is a whole number from 0, got {number!r:.60}")
        object.__setattr__(self, "decision", with_arrow(self.decision))
        object.__setattr__(self, "options", tuple(self.options))

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
        values |= {name: value for name in _PERHAPS if (value := getattr(self, name)) is not None and value != {}}
        return {"kind": self.kind, **{name: _plain(value) for name, value in values.items()}}

    @property
    def added(self) -> tuple[tuple[str, Scalar | Op], ...]:
        """(decision, option) of what it offers more."""
        options: tuple[Scalar | Op, ...] = self.options
        if self.kind == "add" and self.option is not None:
            options = (_read_operation(self.operation) if self.operation else self.option,)
        return tuple((self.decision, option) for option in options)

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
            case "widen":
                return f"Widen {self.decision} by {', '.join(map(str, self.options))}"
            case "limit":
                return f"Limit {self.limit}"
            case "budget":
                return "Budget of " + " or ".join(f"{most:,g} {name.replace('_', ' ')}" for name, most in self.budget.items())
            case "propose":
                return "Try by hand: " + ", ".join(f"{key}={option}" for key, option in self.architecture.items())
            case "undo":
                return "Undo"
        return "Clear all edits"


def _read_operation(plain: Mapping[str, Any]) -> Op:
    """
    Raises:
        InvalidOption: if it is none.
    """
    try:
        return operation_from_json(plain)
    except InvalidSpace as error:
        raise InvalidOption(str(error)) from error


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _are_numbers(values: object) -> bool:
    return isinstance(values, (tuple, list)) and bool(values) and all(
        isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) for value in values)


def _plain(value: Any) -> Any:
    """In JSON's own types."""
    return dict(value) if isinstance(value, Mapping) else list(value) if isinstance(value, tuple) else value


def _is_scalar(value: object) -> bool:
    return isinstance(value, (str, bool, int)) or (isinstance(value, float) and math.isfinite(value))


def _is_budget(budget: object) -> bool:
    return isinstance(budget, Mapping) and all(
        isinstance(name, str) and isinstance(most, (int, float)) and not isinstance(most, bool) for name, most in budget.items())


def _is_architecture(architecture: object) -> bool:
    return isinstance(architecture, Mapping) and all(
        isinstance(key, str) and _is_scalar(option) for key, option in architecture.items())
