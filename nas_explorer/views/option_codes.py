"""The trials of a search as numbers: which option each takes of every decision, and which of them a narrowed space still holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from nas_explorer.records import History
from nas_explorer.spaces import Scalar, SearchSpace
from nas_explorer.spaces.indices import layout

Codes: TypeAlias = npt.NDArray[np.int32]


def option_codes(history: History, space: SearchSpace, known: Codes | None = None) -> Codes:
    """(trials, decisions) which option each trial takes, in the order of the space's decisions; -1 where it is not asked.

    Args:
        known: of the same history when it was shorter; what stands there is not looked up again.
    """
    found = layout(space)
    if known is not None and known.shape[1] != len(found.ids):  # an option that was added asks for decisions of its own
        known = None
    rows: list[list[int]] = []
    for trial in range(0 if known is None else len(known), len(history)):
        architecture = history.architecture(trial)
        row = found.indices(architecture)
        if row is None:
            row = [
                lookup.get(architecture[key], -1) if key in architecture else -1
                for key, lookup in zip(found.ids, found.lookups, strict=True)
            ]
        rows.append(row)
    fresh = np.array(rows, dtype=np.int32).reshape(len(rows), len(found.ids))
    return fresh if known is None else np.concatenate([known, fresh])


def still_fit(codes: Codes, space: SearchSpace, offers: Mapping[str, Sequence[Scalar]]) -> npt.NDArray[np.bool_]:
    """(trials,) which of them take only options that are left.

    Args:
        offers: decision of the space -> the options that are left; what it lacks is free.
    """
    found = layout(space)
    fit = np.ones(len(codes), dtype=bool)
    for at, (key, offered) in enumerate(zip(found.ids, found.offers, strict=True)):
        left = offers.get(key, offered)
        if len(left) == len(offered):
            continue
        kept = {(type(option), option) for option in left}
        allowed = np.array([(type(option), option) in kept for option in offered] + [True])  # the last: -1, not asked
        fit &= allowed[codes[:, at]]
    return fit
