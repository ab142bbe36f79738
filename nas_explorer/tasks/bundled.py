"""What a bundled task is: settings that load one. A file here with such a class is a task of the catalog."""

from __future__ import annotations

from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Protocol, runtime_checkable

import numpy as np

from nas_explorer.tasks.task import Array, Task


@runtime_checkable
class BundledTask(Protocol):
    """A frozen dataclass whose fields are the options, checked when it is made."""

    def __hash__(self) -> int:
        """Equal settings load one task, once."""
        ...

    def load(self) -> Task:
        """The task, split and normalised; the same settings always give the same parts."""
        ...


@cache
def arrays(name: str) -> MappingProxyType[str, Array]:
    """All arrays of a bundled file, read once; data/README.md tells what each holds."""
    with (resources.files("nas_explorer") / "data" / f"{name}.npz").open("rb") as file, np.load(file) as opened:
        return MappingProxyType(dict(opened))
