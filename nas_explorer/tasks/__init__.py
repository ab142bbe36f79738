"""What is learned? Bundled tasks, one a file, and tasks from data of one's own in one line.

>>> from nas_explorer import tasks
>>> tasks.names()
('breast_cancer', 'digits', 'fashion_mnist', 'spoken_digits', 'tiny_shakespeare')
>>> print(tasks.load("digits"))
digits: 1,199 to train, 299 to validate, 299 to test; 1×8×8, 10 classes
"""

from __future__ import annotations

from typing import Any

from nas_explorer.catalog import exported
from nas_explorer.tasks.bundled import BundledTask
from nas_explorer.tasks.catalog import CATALOG, as_task, load
from nas_explorer.tasks.own_data import from_arrays, from_dataset, from_image_folder
from nas_explorer.tasks.task import Part, Task

names, make, describe = CATALOG.names, CATALOG.make, CATALOG.describe

__all__ = ["CATALOG", "BundledTask", "Part", "Task", "as_task", "describe", "from_arrays", "from_dataset", "from_image_folder",
           "load", "make", "names"]


def __getattr__(name: str) -> Any:
    return exported(__name__, name)
