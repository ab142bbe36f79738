"""Splitting examples into parts, once, by seed, with every class in every part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nas_explorer.errors import InvalidTask
from nas_explorer.tasks.task import Array


def stratified(labels: Array, shares: Sequence[float], seed: int) -> tuple[Array, ...]:
    """Indices of each part, sorted; the last part is what is left.

    Args:
        labels: (n,) whole numbers.
        shares: of all examples, one for every part but the last.

    >>> held_out, rest = stratified(np.array([0, 0, 0, 0, 1, 1]), [0.5], seed=0)
    >>> len(held_out), len(rest)
    (3, 3)

    Raises:
        InvalidTask: if a class has fewer examples than there are parts, or nothing would be left.
    """
    parts = len(shares) + 1
    if not (all(0 < share < 1 for share in shares) and sum(shares) < 1):
        raise InvalidTask(f"shares must be above 0 and leave something to train on, got {', '.join(f'{share:g}' for share in shares)}")
    rng = np.random.default_rng(seed)
    found: list[list[Array]] = [[] for _ in range(parts)]
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        if len(members) < parts:
            raise InvalidTask(f"class {label} has {len(members)} of {len(labels):,} examples; each of the {parts} parts (train, "
                              "validation, test) needs one")
        cuts = _cuts(len(members), shares)
        for part, chosen in zip(found, np.split(members, cuts), strict=True):
            part.append(chosen)
    return tuple(np.sort(np.concatenate(part)) for part in found)


def _cuts(count: int, shares: Sequence[float]) -> list[int]:
    """Where to cut, so that each part has about its share and at least one."""
    sizes = [max(1, round(count * share)) for share in shares]
    while sum(sizes) >= count:
        sizes[int(np.argmax(sizes))] -= 1
    return [sum(sizes[:i]) for i in range(1, len(sizes) + 1)]
