"""The strategies there are, found by their files: `CATALOG.make("regularized_evolution", {"population_size": 10})`."""

from __future__ import annotations

from nas_explorer.catalog import Catalog
from nas_explorer.strategies.protocol import Strategy

CATALOG: Catalog[Strategy] = Catalog("strategy", "nas_explorer.strategies",
                                     skip=("protocol", "catalog", "conformance", "controller", "policy_gradient", "priors"))
