"""The bundled tasks, found by their files: `load("spoken_digits", split="unseen_speaker")`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from nas_explorer.catalog import Catalog
from nas_explorer.errors import InvalidTask
from nas_explorer.tasks.bundled import BundledTask
from nas_explorer.tasks.task import Task

CATALOG: Catalog[BundledTask] = Catalog("task", "nas_explorer.tasks",
                                        skip=("catalog", "bundled", "task", "checks", "split", "own_data", "resize"))


def load(name: str, **options: Any) -> Task:
    """A bundled task, by name.

    >>> load("digits").input_shape
    (1, 8, 8)

    Raises:
        UnknownName: if there is no such task.
        InvalidOption: if it has no such option, or the value is out of range.
    """
    return _loaded(CATALOG.make(name, options))


def as_task(what: object) -> Task:
    """The task that a setting names: a Task itself, a name, {"name": ..., "options": {...}}, or the settings of a bundled task.

    Raises:
        UnknownName, InvalidOption: as `load`.
        InvalidTask: if it is nothing of that kind.
    """
    match what:
        case Task():
            return what
        case str():
            return load(what)
        case {"name": str(name), "options": dict(options)}:
            return load(name, **options)
        case {"name": str(name), **rest} if not rest:
            return load(name)
        case BundledTask():
            return _loaded(what)
    raise InvalidTask(f"a task is a name ({', '.join(CATALOG.names())}) or what tasks.from_arrays, from_dataset or "
                      f"from_image_folder gives, got {what!r:.100}")


@lru_cache(maxsize=8)
def _loaded(settings: BundledTask) -> Task:
    return settings.load()
