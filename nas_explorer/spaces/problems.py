"""Everything that keeps a drawing from being searched, for the editor to list while somebody draws."""

from __future__ import annotations

import numpy as np

from nas_explorer.errors import InvalidSpace, ShapeError, UnknownName
from nas_explorer.spaces.moves import covering
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.tracer import plan


def problems(space: SearchSpace) -> tuple[str, ...]:
    """What is unfinished, then what only building shows: unknown operations, wrong parameters, shapes that do not meet.

    A few architectures that together show every option are traced, which takes milliseconds.
    """
    found = list(space.problems())
    if found:
        return tuple(found)
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
