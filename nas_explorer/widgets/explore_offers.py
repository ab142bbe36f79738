"""What there is to open: spaces, runs and races, recordings, lessons. Plain data, read anew whenever the start page is shown.

Of a run only its manifest is read, never its log: a folder of long runs is listed as quickly as one of short ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from nas_explorer import spaces
from nas_explorer.errors import NasExplorerError
from nas_explorer.records.manifest import FILE as RUN
from nas_explorer.records.manifest import Manifest
from nas_explorer.records.race_manifest import FILE as RACE
from nas_explorer.records.race_manifest import RaceManifest, is_race
from nas_explorer.search.recordings import recordings

PACKAGE = Path(spaces.__file__).parents[1]
NOTEBOOKS = (Path("notebooks"), PACKAGE.parent / "notebooks", PACKAGE / "notebooks")
MOST_RUNS = 50
EXACT_BELOW = 1_000_000
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LATEST = 4e9  # Unix time; beyond it a date is none


def ready_spaces() -> list[dict[str, str]]:
    """The library, a line each."""
    return [_space(spaces.describe(name)) for name in spaces.names()]


def _space(space: spaces.SpaceDescription) -> dict[str, str]:
    return {"name": space.name, "summary": space.summary, "size": size_words(space.size)}


def size_words(size: int) -> str:
    """
    >>> size_words(15_625), size_words(1_076_746_950_455_072_400)
    ('15,625 architectures', '1.1 × 10¹⁸ architectures')
    """
    if size < EXACT_BELOW:
        return f"{size:,} architectures"
    digits, power = f"{size:.1e}".split("e+")
    return f"{digits} × 10{str(int(power)).translate(RAISED)} architectures"


def runs_in(folders: Sequence[Path]) -> list[dict[str, str]]:
    """Runs and races in these folders, the newest first; one that cannot be read is listed with the reason."""
    found = [entry for folder in folders for entry in _entries(folder)]
    found.sort(key=lambda entry: entry[0], reverse=True)
    return [entry for _, entry in found[:MOST_RUNS]]


def _entries(folder: Path) -> Iterator[tuple[float, dict[str, str]]]:
    for path in folder.glob("*/*.json"):
        if path.name in (RUN, RACE):
            yield _entry(path.parent, path.name == RACE)


def _entry(folder: Path, is_race: bool) -> tuple[float, dict[str, str]]:
    entry = {"folder": str(folder), "name": folder.name, "kind": "race" if is_race else "run", "words": "", "when": ""}
    try:
        manifest: Manifest | RaceManifest = RaceManifest.read(folder) if is_race else Manifest.read(folder)
    except NasExplorerError as error:
        return 0.0, entry | {"kind": "unreadable", "words": str(error)}
    created = _seconds(manifest.created)
    when = datetime.fromtimestamp(created).strftime("%Y-%m-%d %H:%M") if created else ""
    return created, entry | {"words": _words(manifest), "when": when}


def _seconds(created: Any) -> float:
    """Unix time, or 0 where a file says something else."""
    is_number = isinstance(created, (int, float)) and not isinstance(created, bool)
    return float(created) if is_number and 0 < created < LATEST else 0.0


def _words(manifest: Manifest | RaceManifest) -> str:
    space = str(manifest.space.get("name", ""))
    if isinstance(manifest, RaceManifest):
        return f"{space} · {', '.join(manifest.lanes)}"
    return f"{space} · {manifest.strategy.get('name')} · {manifest.estimator.get('name')}"


def recorded() -> list[dict[str, str]]:
    """The runs that came with the package; none where somebody has taken them out."""
    try:
        recordings()
    except NasExplorerError:
        return []
    return [_entry(folder, is_race(folder))[1] for _, folder in sorted(recordings().items())]


class Lesson(Protocol):
    """What is shown of a lesson of the course."""

    @property
    def number(self) -> str: ...
    @property
    def notebook(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def goals(self) -> tuple[str, ...]: ...
    @property
    def minutes(self) -> int: ...


def offered_lesson(lesson: Lesson) -> dict[str, Any]:
    """One lesson, with the paths by which a page of Jupyter may know its notebook: in full, and from the home folder on."""
    files = [path for folder in NOTEBOOKS if (path := (folder / lesson.notebook).absolute()).exists()][:1]
    short = [f"~/{path.relative_to(Path.home())}" for path in files if path.is_relative_to(Path.home())]
    return {"number": lesson.number, "question": lesson.question, "goals": list(lesson.goals), "minutes": lesson.minutes,
            "notebook": lesson.notebook, "paths": [*map(str, files), *short]}
