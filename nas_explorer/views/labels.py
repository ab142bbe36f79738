"""Labels at the ends of lines, kept apart so that none hides another. Charts and live figures use it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Label:
    """Plain words at a height, in whatever unit the caller counts; `weight` as in CSS."""

    at: float
    words: str
    colour: str
    weight: int = 400


def kept_apart(labels: Sequence[Label], gap: float, low: float, high: float) -> list[Label]:
    """The labels from the lowest `at` up, moved as little as needed: at least `gap` between two, all from low to high.

    >>> [label.at for label in kept_apart([Label(50, "a", ""), Label(49, "b", "")], 10, 0, 100)]
    [44.5, 54.5]
    """
    ordered = sorted(labels, key=lambda label: label.at)
    at = [label.at for label in ordered]
    for _ in at:
        for i in range(len(at) - 1):
            lacking = gap - (at[i + 1] - at[i])
            if lacking > 1e-9:
                at[i], at[i + 1] = at[i] - lacking / 2, at[i + 1] + lacking / 2
    for i in reversed(range(len(at))):
        at[i] = min(at[i], at[i + 1] - gap if i + 1 < len(at) else high)
    for i in range(len(at)):
        at[i] = max(at[i], at[i - 1] + gap if i else low)
    return [replace(label, at=place) for label, place in zip(ordered, at, strict=True)]
