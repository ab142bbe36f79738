"""How does an architecture become torch? Names that need torch load it when they are first used.

>>> from nas_explorer import models
>>> from nas_explorer.spaces import cost, nas_bench_201
>>> from nas_explorer.spaces.library.nas_bench_201 import EDGES
>>> all_skip = dict.fromkeys(EDGES, "skip")
>>> models.count_parameters(models.build(nas_bench_201(), all_skip)) == cost(nas_bench_201(), all_skip).parameter_count
True
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from nas_explorer.models.fit import fit
from nas_explorer.models.memory import activation_memory, training_memory
from nas_explorer.models.program import program

if TYPE_CHECKING:
    from nas_explorer.models.counting import count_macs, count_parameters
    from nas_explorer.models.language import LanguageModel, build_for
    from nas_explorer.models.network import Bank, Network, build, run
    from nas_explorer.models.registry import operation

_HOMES = {
    "count_macs": "counting",
    "count_parameters": "counting",
    "LanguageModel": "language",
    "build_for": "language",
    "Bank": "network",
    "Network": "network",
    "build": "network",
    "run": "network",
    "operation": "registry",
    "Supernet": "supernet",
}

__all__ = [
    "Bank",
    "LanguageModel",
    "Network",
    "Supernet",
    "activation_memory",
    "build",
    "build_for",
    "count_macs",
    "count_parameters",
    "fit",
    "operation",
    "program",
    "run",
    "training_memory",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
