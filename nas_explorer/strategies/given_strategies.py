"""What strategies that wrap another share: how the inner one is given, and kept as data where a catalog can bring it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from nas_explorer.errors import InvalidOption, UnknownName
from nas_explorer.strategies.catalog import CATALOG
from nas_explorer.strategies.protocol import Explains, Proposer, Strategy

Given: TypeAlias = str | Mapping[str, Any] | Strategy
"""A name, {"name": ..., "options": {...}}, or the strategy itself."""


def kept(given: object) -> Given:
    """An inner strategy as a wrapper stores it.

    >>> from nas_explorer.strategies.regularized_evolution import RegularizedEvolution
    >>> kept(RegularizedEvolution(10, 3))
    {'name': 'regularized_evolution', 'options': {'population_size': 10, 'tournament_size': 3}}

    Raises:
        InvalidOption: if it is no strategy, and no name or description of one.
    """
    if isinstance(given, (str, Mapping)):
        strategy_of(given)
        return given if isinstance(given, str) else dict(given)
    if not isinstance(given, Strategy):
        raise InvalidOption(f"the strategy to wrap is a name ({', '.join(CATALOG.names())}), a mapping of its name and options, or one of "
                            f"your own, got {given!r:.100}")
    try:
        return CATALOG.spec(given)
    except (UnknownName, TypeError):
        return given


def strategy_of(given: Given) -> Strategy:
    """
    Raises:
        UnknownName, InvalidOption: if the catalog has no such strategy, or it no such options.
    """
    match given:
        case str():
            return CATALOG.make(given)
        case {"name": str(name), **rest} if not rest:
            return CATALOG.make(name)
        case {"name": str(name), "options": dict(options), **rest} if not rest:
            return CATALOG.make(name, options)
        case Mapping():
            raise InvalidOption("a strategy is described by its name and options, as in {'name': 'regularized_evolution', 'options': "
                                f"{{'population_size': 10}}}}, got {given!r:.100}")
    return given


def explained(inner: Proposer) -> Mapping[str, Any]:
    """Why an inner proposer proposed what it did, where it says so."""
    return inner.why() if isinstance(inner, Explains) else {}
