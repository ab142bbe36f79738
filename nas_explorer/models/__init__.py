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
    from nas_explorer.models.energy import energy_mj
    from nas_explorer.models.export import export_network
    from nas_explorer.models.language import LanguageModel, build_for
    from nas_explorer.models.latency_table import DeviceTable, device_table, load_table
    from nas_explorer.models.network import Bank, Network, build, run
    from nas_explorer.models.registry import operation
    from nas_explorer.models.stopwatch import Latency, latency

_HOMES = {
    "count_macs": "counting",
    "count_parameters": "counting",
    "DeviceTable": "latency_table",
    "device_table": "latency_table",
    "load_table": "latency_table",
    "energy_mj": "energy",
    "export_network": "export",
    "LanguageModel": "language",
    "build_for": "language",
    "Latency": "stopwatch",
    "latency": "stopwatch",
    "Bank": "network",
    "Network": "network",
    "build": "network",
    "run": "network",
    "operation": "registry",
    "Supernet": "supernet",
}

__all__ = [
    "Bank",
    "DeviceTable",
    "LanguageModel",
    "Latency",
    "Network",
    "Supernet",
    "activation_memory",
    "build",
    "build_for",
    "count_macs",
    "count_parameters",
    "device_table",
    "energy_mj",
    "export_network",
    "fit",
    "latency",
    "load_table",
    "operation",
    "program",
    "run",
    "training_memory",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
