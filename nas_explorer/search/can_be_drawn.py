"""Whether a search would find anything in what edits leave of a space whose rules, or whose estimator, rule out a part of it."""

from __future__ import annotations

import numpy as np

from nas_explorer.errors import InvalidArchitecture, InvalidOption, InvalidSpace
from nas_explorer.estimators.protocol import foreseen
from nas_explorer.spaces import Architecture, SearchSpace, lifted, sample

MAX_DRAWS = 5_000                  # a tenth of a second where nearly all break a rule
ENOUGH = 10                        # so many in so many draws, and a strategy that draws 10,000 times misses all of them in one of 5e8
MAX_SCORED = 200


def check_can_be_drawn(space: SearchSpace, estimator: object) -> None:
    """Draw from what is left. Always the same draws, so that an edit is refused or taken whenever it is given.

    Raises:
        InvalidOption: if none or next to none obeys the rules of the space, or if none of those can be scored.
    """
    if not space.constraints:                              # what has no rules is all there, and to ask a table takes a second to load
        return
    rng, obeying, why = np.random.default_rng(0), 0, ""
    for draws in range(1, MAX_DRAWS + 1):
        architecture = _drawn(space, rng)
        if architecture is None:
            continue
        obeying += 1
        why = _why_not(estimator, architecture) if why or obeying == 1 else ""
        if why and obeying == MAX_SCORED:
            raise InvalidOption(f"none of {MAX_SCORED} random architectures that this would leave can be scored: {why}")
        if not why and (obeying >= ENOUGH or obeying == draws):
            return
    rules = ", ".join(f"{rule.kind} {rule.limit:g}" for rule in space.constraints)
    if obeying == 0:
        raise InvalidOption(f"this would leave no architecture: none of {MAX_DRAWS:,} random ones obeys {rules}; undo another edit first")
    if why:
        raise InvalidOption(f"none of {obeying} random architectures that this would leave can be scored: {why}")
    raise InvalidOption(f"this would leave next to nothing: {obeying} of {MAX_DRAWS:,} random architectures obey {rules}, too few for a "
                        "search to find; propose(...) tries one")


def _drawn(space: SearchSpace, rng: np.random.Generator) -> Architecture | None:
    try:
        return lifted(space, sample(space, rng, tries=1))
    except InvalidSpace:
        return None


def _why_not(estimator: object, architecture: Architecture) -> str:
    """Why an estimator knows that it cannot score it; empty: it may."""
    try:
        foreseen(estimator, architecture)
    except InvalidArchitecture as error:
        return str(error)
    return ""
