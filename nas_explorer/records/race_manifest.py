"""`race.json`: what a race is, written once when it begins. Plain JSON; reading it never runs anything."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nas_explorer.errors import InvalidMetric, RunDamaged, RunNotFound, RunTooNew
from nas_explorer.records.metric import Metric

FORMAT = 1
FILE = "race.json"


def is_race(folder: str | os.PathLike[str]) -> bool:
    """Whether a folder holds a race."""
    return (Path(folder) / FILE).is_file()


@dataclass(frozen=True, slots=True)
class RaceManifest:
    """Everything that, with the log, tells a race.

    Attributes:
        space: as JSON (`spaces.to_json`).
        lanes: name -> {"name": ..., "options": {...}} of its strategy; with "custom": true if it came from no catalog.
        estimator: the same.
        metrics: the objectives first, then what else is reported of what a search found.
        objective_count: how many of the metrics are objectives.
        optima: metric -> the best value there is, where a table knows it.
        budget: of every search: {"trials": 300}.
        searches: of every lane.
        seed: of the first search of a lane; the others follow.
        vectorised: whether lanes run as matrices where they can.
        notes: what is worth knowing of the comparison, in sentences.
        constraints: what every proposal keeps, as in "latency_ms <= 5".
    """

    space: Mapping[str, Any]
    lanes: Mapping[str, Mapping[str, Any]]
    estimator: Mapping[str, Any]
    metrics: tuple[Metric, ...]
    objective_count: int
    optima: Mapping[str, float]
    budget: Mapping[str, float]
    searches: int
    seed: int
    created: float
    workers: int | str = 1
    vectorised: bool = True
    notes: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def objectives(self) -> tuple[Metric, ...]:
        return self.metrics[: self.objective_count]

    def write(self, folder: Path) -> None:
        """Put it into a folder, whole or not at all."""
        scratch = folder / f"{FILE}.new"
        with open(scratch, "w", encoding="utf-8") as file:
            file.write(json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(scratch, folder / FILE)

    @classmethod
    def read(cls, folder: Path) -> RaceManifest:
        """
        Raises:
            RunNotFound: if the folder holds no race.
            RunTooNew: if a newer version wrote it.
            RunDamaged: if it cannot be understood.
        """
        path = folder / FILE
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            version = data.pop("format")
        except FileNotFoundError:
            raise RunNotFound(f"{folder} holds no race: there is no {FILE} in it") from None
        except (ValueError, OSError, KeyError, AttributeError, TypeError) as error:
            raise RunDamaged(f"{path} cannot be read: {error!r}") from error
        if not isinstance(version, int) or version > FORMAT:
            raise RunTooNew(f"{path} has format {version!r}, this version of nas_explorer reads up to {FORMAT}; open it with a newer one")
        try:
            metrics = tuple(Metric(**m) for m in data.pop("metrics"))
            return cls(metrics=metrics, notes=tuple(data.pop("notes", ())), constraints=tuple(data.pop("constraints", ())), **data)
        except (KeyError, TypeError, InvalidMetric) as error:
            raise RunDamaged(f"{path} lacks or misspells a field: {error}") from error
