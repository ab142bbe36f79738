"""Recorded runs that come with the package: to be looked at and replayed without computing anything."""

from __future__ import annotations

from pathlib import Path

from nas_explorer.errors import NasExplorerError
from nas_explorer.records.manifest import FILE
from nas_explorer.records.race_manifest import is_race

PACKAGE = Path(__file__).parent.parent


def recordings() -> dict[str, Path]:
    """{name: run folder}: `nas.open(nas.recordings()["evolution"]).replay()` plays one.

    >>> sorted(recordings())
    ['collapse', 'evolution', 'race', 'training']

    Raises:
        NasExplorerError: if they are missing.
    """
    for folder in (PACKAGE.parent / "assets" / "recordings", PACKAGE / "recordings"):  # of a clone, of an installed package
        if folder.is_dir():
            return {path.name: path for path in sorted(folder.iterdir()) if not path.name.startswith(".") and _holds_run(path)}
    raise NasExplorerError(f"the recordings are missing beside {PACKAGE}; install nas_explorer again")


def _holds_run(folder: Path) -> bool:
    return (folder / FILE).exists() or (folder.is_dir() and is_race(folder))
