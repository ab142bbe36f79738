"""Which side of its row an edge takes and how far out it runs, so that crossings are few and no edge runs through a node.

All in whole numbers: columns of a row, sides, levels. Called by `layout`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

Span: TypeAlias = tuple[float, float]  # columns of the left and the right end
ABOVE, BELOW = -1, 1


def sides(spans: Sequence[Span]) -> list[int]:
    """The side of each span, chosen so that few cross: greedily from the shortest, then flipped while that helps.

    Two spans on one side cross if they interlock. Of equal sides the emptier is taken, then the one below.

    >>> sides([(0, 2), (0, 3), (1, 3)]) == [BELOW, BELOW, ABOVE]          # the cell of NAS-Bench-201
    True
    """
    if not spans:
        return []
    low, high = np.array(spans).T
    interlock = (low[:, None] < low) & (low < high[:, None]) & (high[:, None] < high)
    conflicts = (interlock | interlock.T).astype(np.int64)
    side = np.zeros(len(spans), dtype=np.int64)
    for i in sorted(range(len(spans)), key=lambda i: (spans[i][1] - spans[i][0], spans[i][0])):
        balance = conflicts[i] @ side or side.sum()  # above 0: more of them below
        side[i] = ABOVE if balance > 0 else BELOW
    for _ in range(len(spans)):
        gains = side * (conflicts @ side)  # crossings that a flip takes away
        worst = int(gains.argmax())
        if gains[worst] <= 0:
            break
        side[worst] = -side[worst]
    return [int(s) for s in side]


def levels(spans: Sequence[Span]) -> list[int]:
    """How far out each span of one side runs, from 0: outside of every shorter span that it overlaps.

    Spans that only share an end do not overlap.

    >>> levels([(0, 3), (0, 2), (2, 4)])
    [1, 0, 0]
    """
    taken: list[tuple[Span, int]] = []
    found = [0] * len(spans)
    for i in sorted(range(len(spans)), key=lambda i: (spans[i][1] - spans[i][0], spans[i][0])):
        low, high = spans[i]
        found[i] = 1 + max((level for (a, b), level in taken if (a < high and low < b) or (a, b) == (low, high)), default=-1)
        taken.append((spans[i], found[i]))
    return found


def crossings(spans: Sequence[Span], side: Sequence[int]) -> int:
    """How many pairs cross."""
    return sum(
        side[i] == side[j] and (a < c < b < d or c < a < d < b) for i, (a, b) in enumerate(spans) for j, (c, d) in enumerate(spans[:i])
    )
