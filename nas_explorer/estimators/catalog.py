"""The estimators there are, found by their files: `CATALOG.make("tabular", {"dataset": "cifar100"})`."""

from __future__ import annotations

from nas_explorer.catalog import Catalog
from nas_explorer.estimators.protocol import Estimator

CATALOG: Catalog[Estimator] = Catalog("estimator", "nas_explorer.estimators",
                                      skip=("protocol", "catalog", "conformance", "nas_bench_201"))
