"""Conditions between decisions: put into their shortest form, and into an order in which they can be settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from nas_explorer.errors import InvalidSpace

# Alternatives {parent: its options that ask}; once collapsed, {} is always.
When: TypeAlias = dict[int, frozenset[int]]


def collapsed(ids: Sequence[str], when: Sequence[When | None], widths: Sequence[int]) -> list[When]:
    """Where any option of a parent will do, the child hangs on what the parent hangs on.

    Args:
        when: for every decision its alternatives, or None where somebody asks always.
    Returns:
        The same in shortest form, {} for always.
    Raises:
        InvalidSpace: if decisions switch each other on in a circle.
    """
    found: list[When | None] = list(when)
    done: set[int] = set()
    for start in range(len(found)):
        stack, above = [start], {start}
        while stack:
            at, conditions = stack[-1], found[stack[-1]] or {}
            full = [parent for parent, options in conditions.items() if len(options) == widths[parent]]
            waiting = [parent for parent in full if parent not in done]
            if at in full or any(parent in above for parent in waiting):
                raise InvalidSpace(f"decisions switch each other on in a circle: {', '.join(ids[i] for i in stack)}")
            if waiting:
                stack.append(waiting[0])
                above.add(waiting[0])
            elif full:                             # may complete another parent's options, so look again
                found[at] = _merged(conditions, [found[parent] for parent in full], widths)
            else:
                done.add(at)
                above.discard(stack.pop())
    return [conditions or {} for conditions in found]


def _merged(conditions: When, above: Sequence[When | None], widths: Sequence[int]) -> When | None:
    if any(other is None for other in above):
        return None
    union = {parent: options for parent, options in conditions.items() if len(options) < widths[parent]}
    for other in above:
        for parent, options in (other or {}).items():
            union[parent] = union.get(parent, frozenset()) | options
    return union


def restricted(when: Sequence[When | None], kept: Mapping[int, Sequence[int]]) -> tuple[list[When | None], set[int]]:
    """What is left of conditions where parents keep some of their options only, which are numbered anew.

    Args:
        when: for every decision its alternatives, or None where somebody asks always.
        kept: parent -> the old numbers of the options that it keeps.
    Returns:
        The conditions, and the decisions that nobody can ask any more.
    """
    found: list[When | None] = []
    for conditions in when:
        left = {parent: frozenset(new for new, old in enumerate(kept[parent]) if old in options) if parent in kept else options
                for parent, options in (conditions or {}).items()}
        found.append(None if conditions is None else {parent: options for parent, options in left.items() if options})
    gone: set[int] = set()
    while more := {i for i, conditions in enumerate(found) if i not in gone and conditions is not None and not set(conditions) - gone}:
        gone |= more
    return [conditions and {parent: options for parent, options in conditions.items() if parent not in gone} for conditions in found], gone


def parents_first(ids: Sequence[str], when: Sequence[When]) -> list[int]:
    """An order with children behind their parents: a shared choice may hang on a decision that is drawn later.

    Raises:
        InvalidSpace: if decisions switch each other on in a circle.
    """
    children: list[list[int]] = [[] for _ in when]
    missing = [len(conditions) for conditions in when]
    for child, conditions in enumerate(when):
        for parent in conditions:
            children[parent].append(child)
    order: list[int] = []
    ready = [i for i, count in enumerate(missing) if count == 0]
    while ready:                                   # in rounds, so that what is always asked comes first, as drawn
        order.extend(ready)
        for parent in ready:
            for child in children[parent]:
                missing[child] -= 1
        ready = sorted({child for parent in ready for child in children[parent] if missing[child] == 0})
    if len(order) < len(when):
        circle = [ids[i] for i, count in enumerate(missing) if count]
        raise InvalidSpace(f"decisions switch each other on in a circle: {', '.join(circle[:5])}")
    return order
