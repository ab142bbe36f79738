"""Everything that keeps a drawing from being searched, for the editor to list while somebody draws."""

from __future__ import annotations

import numpy as np

from nas_explorer.errors import InvalidSpace, ShapeError, UnknownName
from nas_explorer.spaces.moves import covering
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.tracer import plan, trace


def _is_whole(space: SearchSpace) -> bool:
    """Whether all options can be traced side by side; if not, that may be a fault of any of them or of none."""
    try:
        trace(space, lambda _, options: tuple(range(len(options))))
    except (InvalidSpace, ShapeError, UnknownName):
        return False
    return True


def problems(space: SearchSpace) -> tuple[str, ...]:
    """What is unfinished, then what only building shows: unknown operations, wrong parameters, shapes that do not meet.

    The whole space is traced at once; where shapes depend on decisions, a few architectures that together show every option.
    """
    found = list(space.problems())
    if found:
        return tuple(found)
    if _is_whole(space):
        return ()
    try:
        probes = covering(space, np.random.default_rng(0))
    except InvalidSpace as error:
        return (str(error),)
    for architecture in probes:
        try:
            plan(space, architecture)
        except (InvalidSpace, ShapeError, UnknownName) as error:
            found.append(str(error))
    return tuple(dict.fromkeys(found))
