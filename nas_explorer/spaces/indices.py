"""Architectures as option indices and back: the fast path that moves, tables and strategies share.

An architecture of a space with n decisions is a list of n whole numbers, -1 where a decision is not active.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import getitem
from typing import Any

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.spaces.architecture import Architecture, shared, with_arrows
from nas_explorer.spaces.decisions import Decision, decisions
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import Scalar, listed

MAX_PATTERNS = 10_000              # sets of active decisions whose ids are kept for sharing


class Layout:
    """What is looked up again and again about the decisions of one space. Made once a space; see `layout`."""

    __slots__ = ("conditional", "decisions", "ids", "lookups", "offers", "patterns", "places", "whole", "widths")

    def __init__(self, found: tuple[Decision, ...]) -> None:
        self.decisions = found
        self.ids = tuple(decision.id for decision in found)
        self.places = {decision_id: i for i, decision_id in enumerate(self.ids)}
        self.offers = tuple(decision.options for decision in found)
        self.widths = tuple(map(len, self.offers))
        self.lookups: tuple[dict[Scalar, int], ...] = tuple(
            {option: i for i, option in enumerate(offers)} for offers in self.offers)
        self.conditional = any(decision.when for decision in found)
        self.whole = dict(self.places)
        self.patterns: dict[tuple[int, ...], dict[str, int]] = {}

    def architecture(self, chosen: Sequence[int]) -> Architecture:
        """The architecture of indices that are known to be right."""
        if not self.conditional:
            return shared(self.whole, tuple(map(getitem, self.offers, chosen)))
        active = tuple([i for i, option in enumerate(chosen) if option >= 0])
        positions = self.patterns.get(active)
        if positions is None:
            positions = {self.ids[i]: position for position, i in enumerate(active)}
            if len(self.patterns) < MAX_PATTERNS:
                self.patterns[active] = positions
        return shared(positions, tuple([self.offers[i][chosen[i]] for i in active]))

    def indices(self, architecture: Mapping[str, Scalar]) -> list[int] | None:
        """The indices of an architecture of this very space, without a search; None for any other mapping."""
        if self.conditional or not isinstance(architecture, Architecture) or architecture._positions is not self.whole:
            return None
        return [lookup[option] for lookup, option in zip(self.lookups, architecture._options, strict=True)]


def layout(space: SearchSpace) -> Layout:
    """The layout of a space, kept with it."""
    found: Layout | None = space._memory.get("layout")
    if found is None:
        found = space._memory["layout"] = Layout(decisions(space))
    return found


def is_active(decision: Decision, chosen: Sequence[int]) -> bool:
    """Whether the indices chosen so far ask for this decision."""
    for parent, options in decision.when:
        if chosen[parent] in options:
            return True
    return not decision.when


def to_indices(space: SearchSpace, architecture: Mapping[str, Scalar]) -> list[int]:
    """Check an architecture against the space, and tell which option it takes of every decision.

    Raises:
        InvalidArchitecture: naming the decision, what came, and what it offers.
    """
    known = layout(space)
    quick = known.indices(architecture)
    if quick is not None:
        return quick
    given = with_arrows(architecture)
    chosen: list[int] = []
    for decision, lookup in zip(known.decisions, known.lookups, strict=True):
        if not is_active(decision, chosen):
            chosen.append(-1)
        elif decision.id not in given:
            raise InvalidArchitecture(f"{space.name!r} asks for decision {decision.id!r}; "
                                      f"it offers {listed(decision.options)}")
        else:
            chosen.append(_index(space, decision, lookup, given[decision.id]))
    if len(chosen) - chosen.count(-1) < len(given):
        active = {decision_id for decision_id, option in zip(known.ids, chosen, strict=True) if option >= 0}
        _refuse_extra(space, [key for key in given if key not in active], known)
    return chosen


def _index(space: SearchSpace, decision: Decision, lookup: Mapping[Scalar, int], option: Any) -> int:
    # 1 == True to a dict, but a file that says 1 where True belongs was not written for this space.
    try:
        index = lookup[option]
    except (KeyError, TypeError):
        index = -1
    if index < 0 or isinstance(option, bool) != isinstance(decision.options[index], bool):
        raise InvalidArchitecture(f"decision {decision.id!r} of {space.name!r} has no option {option!r:.80}; "
                                  f"it offers {listed(decision.options)}")
    return index


def _refuse_extra(space: SearchSpace, extra: list[Any], known: Layout) -> None:
    shown = ", ".join(map(repr, sorted(map(str, extra))[:5]))
    if any(key in known.places for key in extra):
        raise InvalidArchitecture(f"{space.name!r} does not ask for {shown} here: another option switched it off; "
                                  "leave it out")
    raise InvalidArchitecture(f"{space.name!r} has no decision {shown}; it asks for {listed(known.ids)}")


def from_indices(space: SearchSpace, chosen: Sequence[int]) -> Architecture:
    """The architecture with these options; -1 where a decision is not active.

    Raises:
        InvalidArchitecture: if there are too few or too many, or one is out of range.
    """
    known = layout(space)
    if len(chosen) != len(known.widths):
        raise InvalidArchitecture(f"{space.name!r} has {len(known.widths)} decisions, got {len(chosen)} indices")
    for index, (option, width) in enumerate(zip(chosen, known.widths, strict=True)):
        if not 0 <= option < width and (option != -1 or not known.decisions[index].when):
            _refuse_index(space, known.decisions[index], option)
    if known.conditional:
        for decision, option in zip(known.decisions, chosen, strict=True):
            if decision.when and (option >= 0) != is_active(decision, chosen):
                _refuse_index(space, decision, option)
    return known.architecture(chosen)


def _refuse_index(space: SearchSpace, decision: Decision, option: int) -> None:
    active = f"an index from 0 to {len(decision.options) - 1} while it is active"
    needed = active + (", else -1" if decision.when else "")
    raise InvalidArchitecture(f"decision {decision.id!r} of {space.name!r} takes {needed}, got {option}")
