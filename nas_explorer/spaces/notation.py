"""The notation in which a space's paper writes its architectures, where it has one: `arch_str` in its library file."""

from __future__ import annotations

import importlib
import pkgutil

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.spaces import library
from nas_explorer.spaces.architecture import Architecture
from nas_explorer.spaces.space import SearchSpace


def notation(space: SearchSpace, architecture: Architecture) -> str:
    """An architecture in its paper's own words; empty where the paper has none, or the space was changed beyond it.

    >>> from nas_explorer.spaces import nas_bench_201
    >>> from nas_explorer.spaces.library.nas_bench_201 import from_arch_str
    >>> cell = from_arch_str("|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|avg_pool_3x3~2|")
    >>> notation(nas_bench_201(), cell)
    '|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|avg_pool_3x3~2|'
    """
    if space.name not in {info.name for info in pkgutil.iter_modules(library.__path__)}:
        return ""
    spell = getattr(importlib.import_module(f"{library.__name__}.{space.name}"), "arch_str", None)
    try:
        return str(spell(architecture)) if spell else ""
    except (InvalidArchitecture, KeyError):
        return ""
