"""Bounds of costs by search, where they are no sum that could be solved: single changes, as long as they help."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from nas_explorer.spaces.codec import Codec, Rows
from nas_explorer.spaces.quantities import Quantities

Values = NDArray[np.float64]


def climbed(measured: Quantities, start: Rows, goal: Callable[[Values], Values], rng: np.random.Generator) -> Iterator[Values]:
    """What is met on the way from one architecture to another that no single change brings nearer to the goal.

    Args:
        start: (decisions,) the architecture to start from.
        goal: (n, quantities) -> (n,), the lower the nearer.
    """
    codec = Codec(measured.space)
    at, best = start.copy(), float(goal(measured.measure(start[None]))[0])
    waiting: list[int] = []
    stale = 0
    while stale < len(at):
        waiting = waiting or rng.permutation(len(at)).tolist()
        decision = waiting.pop()
        stale += 1
        if at[decision] >= 0 and codec.widths[decision] > 1:
            rows = _changed(codec, at, decision)
            values = measured.measure(rows)
            scores = goal(values)
            nearest = int(scores.argmin())
            if scores[nearest] < best:
                at, best, stale = rows[nearest], float(scores[nearest]), 0
            yield values


def _changed(codec: Codec, at: Rows, decision: int) -> Rows:
    """The architecture with every other option of one decision; what that switches on takes its first option."""
    options = [option for option in range(int(codec.widths[decision])) if option != at[decision]]
    rows = np.repeat(np.where(at < 0, 0, at)[None], len(options), axis=0)
    rows[:, decision] = options
    return codec.settle(rows)
