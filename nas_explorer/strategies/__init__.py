"""Who proposes? One file a strategy; a catalog finds them, and loads Optuna or torch only for those that need it.

>>> from nas_explorer import strategies
>>> strategies.make("regularized_evolution", {"population_size": 10, "tournament_size": 3})
RegularizedEvolution(population_size=10, tournament_size=3)
>>> strategies.RegularizedEvolution(population_size=10, tournament_size=3)
RegularizedEvolution(population_size=10, tournament_size=3)
"""

from __future__ import annotations

from typing import Any

from nas_explorer.catalog import exported
from nas_explorer.strategies.catalog import CATALOG
from nas_explorer.strategies.protocol import Exhausted, Problem, Proposer, Strategy

names, make, describe = CATALOG.names, CATALOG.make, CATALOG.describe

__all__ = ["CATALOG", "Exhausted", "Problem", "Proposer", "Strategy", "describe", "make", "names"]


def __getattr__(name: str) -> Any:
    return exported(__name__, name)
