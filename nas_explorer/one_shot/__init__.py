"""Who learns all architectures at once? One file a method; a catalog finds them, and loads torch only when a search begins.

>>> from nas_explorer import one_shot
>>> "random_sampling" in one_shot.names()
True
"""

from __future__ import annotations

from typing import Any

from nas_explorer.catalog import exported
from nas_explorer.one_shot.catalog import CATALOG
from nas_explorer.one_shot.protocol import OneShot, Progress, Run, Scored

names, make, describe = CATALOG.names, CATALOG.make, CATALOG.describe

__all__ = ["CATALOG", "OneShot", "Progress", "Run", "Scored", "describe", "make", "names"]


def __getattr__(name: str) -> Any:
    return exported(__name__, name)
