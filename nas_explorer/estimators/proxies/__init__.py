"""Zero-cost proxies, one file each: what an untrained network says about how well it would learn.

A file holds `METRIC`, what it `NEEDS` (see `observation`), and `score(observation)`. Files load no torch by themselves.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any

from nas_explorer.records import Metric


@cache
def proxies() -> Mapping[str, Any]:
    """Name -> its file, in alphabetical order.

    >>> ", ".join(proxies())
    'fisher, grad_norm, grasp, jacob_cov, macs, naswot, parameter_count, snip, synflow'
    """
    files = (importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    return {module.METRIC.name: module for module in files if isinstance(vars(module).get("METRIC"), Metric)}
