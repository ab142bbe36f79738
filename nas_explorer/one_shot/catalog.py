"""The one-shot methods there are, found by their files: `CATALOG.make("random_sampling", {"trials": 100})`.

A file such as `enas.py` holds the settings and needs no torch; what trains stands in `runs/`.
"""

from __future__ import annotations

from nas_explorer.catalog import Catalog
from nas_explorer.one_shot.protocol import OneShot

SKIPPED = ("protocol", "catalog", "checkpoints", "conformance", "enas_presets", "kendall", "probabilities", "runs", "truth")
CATALOG: Catalog[OneShot] = Catalog("one-shot method", "nas_explorer.one_shot", SKIPPED)
