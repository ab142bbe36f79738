"""Who scores? One file an estimator; a catalog finds them.

>>> from nas_explorer import estimators
>>> "tabular" in estimators.names()
True
>>> estimators.Tabular(dataset="cifar100").optimum()[1]
73.5133
"""

from __future__ import annotations

from typing import Any

from nas_explorer.catalog import exported
from nas_explorer.estimators.catalog import CATALOG
from nas_explorer.estimators.protocol import Estimator, NeedsSpace, OnDemand, Rank, Truth

names, make, describe = CATALOG.names, CATALOG.make, CATALOG.describe

__all__ = ["CATALOG", "Estimator", "NeedsSpace", "OnDemand", "Rank", "Truth", "describe", "from_table", "make", "names"]


def __getattr__(name: str) -> Any:
    if name == "from_table":
        from nas_explorer.estimators.own_table import from_table
        return from_table
    return exported(__name__, name)
