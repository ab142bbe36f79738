"""A space with fewer options than are drawn: what is left when some are pinned or vetoed. Made and read by whoever steers a search.

The drawing stays whole, because an option can stand at many places of it. A decision with one option left is no decision any
more, as everywhere; an architecture of the narrowed space lacks it, and `lifted` gives it back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.architecture import Architecture, with_arrow
from nas_explorer.spaces.codec import Codec, Rows
from nas_explorer.spaces.decisions import decisions
from nas_explorer.spaces.indices import is_active, layout, to_indices
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import Scalar


def narrowed(space: SearchSpace, offers: Mapping[str, Sequence[Scalar]]) -> SearchSpace:
    """The space in which some decisions keep some of their options only; nothing to narrow gives the space itself.

    >>> from nas_explorer.spaces import nas_bench_201, size
    >>> size(narrowed(nas_bench_201(), {"cell/0→1": ["conv_3x3"], "cell/0→2": ["skip", "conv_1x1"]}))      # 2 * 5 ** 4
    1250

    Args:
        offers: decision id -> the options that it keeps.

    Raises:
        InvalidSpace: if there is no such decision, or it does not offer such an option, or keeps none.
    """
    drawn = whole(space)
    offered = {decision.id: decision.options for decision in decisions(drawn)}
    kept = {with_arrow(key): tuple(options) for key, options in offers.items()}
    only = tuple((key, options) for key, options in kept.items() if len(options) < len(offered.get(key, ())) or key not in offered)
    if not only:
        return drawn
    found = replace(drawn, only=only)
    found._memory["whole"] = drawn
    decisions(found)
    return found


def whole(space: SearchSpace) -> SearchSpace:
    """The space as it is drawn."""
    if not space.only:
        return space
    if "whole" not in space._memory:
        space._memory["whole"] = replace(space, only=())
    found: SearchSpace = space._memory["whole"]
    return found


def fits(space: SearchSpace, architecture: Mapping[str, Scalar]) -> bool:
    """Whether an architecture of the whole space takes only options that the narrowed one keeps."""
    return all(key not in architecture or (type(architecture[key]), architecture[key]) in ((type(o), o) for o in options)
               for key, options in space.only)


def lifted(space: SearchSpace, architecture: Mapping[str, Scalar]) -> Architecture:
    """An architecture of the narrowed space as one of the whole space: with the decisions that have one option left."""
    if not space.only:
        return architecture if isinstance(architecture, Architecture) else Architecture(architecture)
    known, pinned = layout(whole(space)), dict(space.only)
    chosen: list[int] = []
    for decision, lookup in zip(known.decisions, known.lookups, strict=True):
        if not is_active(decision, chosen):
            chosen.append(-1)
            continue
        option = architecture[decision.id] if decision.id in architecture else pinned[decision.id][0]
        chosen.append(lookup[option])
    return known.architecture(chosen)


def whole_rows(space: SearchSpace, rows: Rows) -> Rows:
    """(n, decisions left) option indices -> (n, decisions of the whole space)."""
    if not space.only:
        return rows
    codec, known, pinned = Codec(whole(space)), layout(space), dict(space.only)
    found = np.zeros((len(rows), len(codec.widths)), dtype=np.int64)
    for i, decision in enumerate(codec.decisions):
        place = known.places.get(decision.id)
        if place is None:                                  # pinned, or switched off for good
            found[:, i] = decision.options.index(pinned[decision.id][0]) if decision.id in pinned else 0
        else:                                              # the -1 of what is not active finds the last one
            numbers = np.array([*(decision.options.index(option) for option in known.offers[place]), 0])
            found[:, i] = numbers[rows[:, place]]
    return codec.settle(found)


def projected(space: SearchSpace, architecture: Mapping[str, Scalar]) -> Architecture:
    """The other way round.

    Raises:
        InvalidSpace: if it takes an option that the narrowed space does not keep.
    """
    if not fits(space, architecture):
        raise InvalidSpace(f"{architecture} takes options that are not left in {space.name!r}")
    known = layout(space)
    return known.architecture(to_indices(space, {key: option for key, option in architecture.items() if key in known.places}))
