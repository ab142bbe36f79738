"""Constraints of a search: what a proposal must keep before anything is trained for it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nas_explorer.errors import InvalidArchitecture, InvalidOption, StrategyFailed
from nas_explorer.estimators.protocol import foreseen
from nas_explorer.records import Trial
from nas_explorer.spaces import Architecture, Limit, SearchSpace, lifted, sample
from nas_explorer.strategies.protocol import Explains, Proposer, Rationing, Retracts

SALT = 0xC057
MAX_REFUSALS = 100                 # of a strategy in a row, before an architecture is drawn at random
MAX_DRAWS = 2_000
_WORDS = re.compile(r"\s*([a-z][\w@.\-]*)\s*<=\s*([\d_.eE+\-]+)\s*")


def limit_of(constraint: object) -> Limit:
    """A constraint as it is typed.

    >>> limit_of("parameter_count <= 100_000")
    Limit(quantity='parameter_count', most=100000.0, constraint=None)

    Raises:
        InvalidOption: if it is none.
    """
    found = _WORDS.fullmatch(constraint) if isinstance(constraint, str) else None
    try:
        most = float(found[2]) if found else math.nan
    except ValueError:
        most = math.nan
    if found is None or not math.isfinite(most):
        raise InvalidOption(f"a constraint is a quantity and its most, as in 'latency_ms <= 5', got {constraint!r:.80}")
    return Limit(found[1], most)


def constraint_text(limit: Limit) -> str:
    """As `limit_of` reads it.

    >>> constraint_text(limit_of("latency_ms<=5"))
    'latency_ms <= 5'
    """
    return f"{limit.quantity} <= {int(limit.most) if limit.most == int(limit.most) else limit.most!r}"


def checked_limits(constraints: Sequence[str] | str, space: SearchSpace, estimator: object) -> tuple[Limit, ...]:
    """The limits of a search, held against what its estimator knows before it scores.

    Raises:
        InvalidOption: if one is none, if its quantity is not known before, or if no random architecture keeps them all.
    """
    limits = tuple(limit_of(text) for text in ([constraints] if isinstance(constraints, str) else constraints))
    if not limits:
        return ()
    rng, least = np.random.default_rng(SALT), dict[str, float]()
    for _ in range(MAX_DRAWS):
        known = known_before(estimator, lifted(space, sample(space, rng)))
        if known is None:
            continue
        for limit in limits:
            if limit.quantity not in known:
                raise InvalidOption(_unknown(limit.quantity, known))
            least[limit.quantity] = min(known[limit.quantity], least.get(limit.quantity, math.inf))
        if keeps(known, limits):
            return limits
    smallest = ", ".join(f"{name} {value:.6g}" for name, value in least.items())
    raise InvalidOption(f"none of {MAX_DRAWS:,} random architectures of {space.name!r} keeps {' and '.join(map(constraint_text, limits))}; "
                        f"the least that they had were {smallest or 'not known'}. Loosen the constraints")


def keeps(known: Mapping[str, float], limits: Sequence[Limit]) -> bool:
    return all(known[limit.quantity] <= limit.most for limit in limits)


def within(proposer: Proposer, space: SearchSpace, estimator: object, limits: Sequence[Limit], seed: int) -> Proposer:
    """The proposer, whose proposals keep the limits. Of a narrowed space it proposes architectures of the whole."""
    if not limits:
        return proposer
    kept = Within(proposer, space, estimator, tuple(limits), seed)
    return ExplainedWithin(kept, proposer) if isinstance(proposer, Explains) else kept


class Within:
    """Asks again until a proposal keeps the limits. What is refused is no trial, and the strategy does not learn from it.

    A strategy that is refused too often in a row, because it does not learn from that, gets an architecture that is drawn at random.
    """

    def __init__(self, proposer: Proposer, space: SearchSpace, estimator: object, limits: tuple[Limit, ...], seed: int) -> None:
        self.proposer, self.space, self.estimator, self.limits = proposer, space, estimator, limits
        self.rng = np.random.default_rng([seed, SALT])
        self.drawn = False                           # whether the last proposal was drawn at random
        if isinstance(proposer, Rationing):
            self.ration = lambda: 1.0 if self.drawn else proposer.ration()

    def ask(self) -> Architecture:
        self.drawn = False
        for _ in range(MAX_REFUSALS):
            architecture = self.proposer.ask()
            if self._fits(architecture):
                return architecture
            if isinstance(self.proposer, Retracts):
                self.proposer.retract()
        self.drawn = True
        for _ in range(MAX_DRAWS):
            architecture = lifted(self.space, sample(self.space, self.rng))
            if self._fits(architecture):
                return architecture
        raise StrategyFailed(f"neither {MAX_REFUSALS} proposals in a row nor {MAX_DRAWS:,} random architectures keep "
                             f"{' and '.join(map(constraint_text, self.limits))}; loosen the constraints")

    def tell(self, trial: Trial) -> None:
        self.proposer.tell(trial)

    def _fits(self, architecture: Architecture) -> bool:
        known = known_before(self.estimator, architecture)
        return known is not None and keeps(known, self.limits)


class ExplainedWithin:
    """The same for a proposer that says why."""

    def __init__(self, kept: Within, proposer: Explains) -> None:
        self._kept, self._proposer = kept, proposer
        self.ask, self.tell = kept.ask, kept.tell
        if isinstance(kept, Rationing):
            self.ration = kept.ration

    def why(self) -> Mapping[str, Any]:
        return {"kind": "random", "refused": MAX_REFUSALS} if self._kept.drawn else self._proposer.why()


def known_before(estimator: object, architecture: Architecture) -> Mapping[str, float] | None:
    """What is known before scoring; None of what cannot be scored at all."""
    try:
        return foreseen(estimator, architecture)
    except InvalidArchitecture:
        return None


def _unknown(quantity: str, known: Mapping[str, float]) -> str:
    hint = ("; to know latency_ms before, give a table of this device: OnDevice(..., table=models.device_table(space, task))"
            if quantity == "latency_ms" else "")
    return (f"constraints are checked before anything is trained, and this estimator does not know {quantity!r} by then; it knows "
            f"{', '.join(known) or 'nothing'}{hint}")
