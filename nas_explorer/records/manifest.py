"""`run.json`: what a run is, written once when it begins. Plain JSON; reading it never runs anything."""

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
FILE = "run.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that, with the log, tells a search and lets it go on.

    Attributes:
        space: the search space as JSON (`spaces.to_json`).
        strategy: {"name": ..., "options": {...}}; with "custom": true if it came from no catalog.
        estimator: the same.
        metrics: the objectives first, then what else may be measured.
        objective_count: how many of the metrics are objectives.
        budget: {"trials": 500}, the limits that are set.
        seed: of the strategy.
        created: Unix time in seconds.
        versions: of nas_explorer and what decides results.
        pace: trials a second at most, None for as fast as it goes.
        workers: processes that score trials, or a Dask scheduler's address.
        constraints: what every proposal keeps, as in "latency_ms <= 5".
        truth: the estimator that shared weights are compared with, as `estimator`, and "count": how many architectures; or None.
    """

    space: Mapping[str, Any]
    strategy: Mapping[str, Any]
    estimator: Mapping[str, Any]
    metrics: tuple[Metric, ...]
    objective_count: int
    budget: Mapping[str, float]
    seed: int
    created: float
    versions: Mapping[str, str] = field(default_factory=dict)
    pace: float | None = None
    workers: int | str = 1
    truth: Mapping[str, Any] | None = None
    constraints: tuple[str, ...] = ()

    @property
    def objectives(self) -> tuple[Metric, ...]:
        return self.metrics[: self.objective_count]

    def write(self, folder: Path) -> None:
        """Put it into a folder, whole or not at all."""
        scratch = folder / f"{FILE}.new"
        text = json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1, allow_nan=False)
        with open(scratch, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(scratch, folder / FILE)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """
        Raises:
            RunNotFound: if the folder holds no run.
            RunTooNew: if a newer version wrote it.
            RunDamaged: if it cannot be understood.
        """
        path = folder / FILE
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise RunNotFound(
                f"{folder} holds no run: there is no {FILE} in it. `nas-explorer runs {folder.parent}` lists the runs beside it"
            ) from None
        except (ValueError, OSError) as error:
            raise RunDamaged(f"{path} cannot be read: {error}. The events of the run are in events.jsonl beside it") from error
        if not isinstance(data, dict) or type(data.get("format")) is not int:
            raise RunDamaged(f"{path} is no run of nas_explorer: it has no format number")
        if data["format"] > FORMAT:
            raise RunTooNew(
                f"{path} has format {data['format']}, this version of nas_explorer reads up to {FORMAT}; open it with a newer version"
            )
        return cls._from_json(path, data)

    @classmethod
    def _from_json(cls, path: Path, data: dict[str, Any]) -> Manifest:
        try:
            metrics = tuple(Metric(**m) for m in data["metrics"])
            manifest = cls(
                data["space"],
                data["strategy"],
                data["estimator"],
                metrics,
                data["objective_count"],
                data["budget"],
                data["seed"],
                data["created"],
                data.get("versions", {}),
                data.get("pace"),
                data.get("workers", 1),
                data.get("truth"),
                tuple(data.get("constraints", ())),
            )
        except (KeyError, TypeError, InvalidMetric) as error:
            raise RunDamaged(f"{path} lacks or misspells a field: {error}") from error
        well_formed = (
            all(isinstance(part, dict) for part in (manifest.space, manifest.strategy, manifest.estimator, manifest.budget))
            and type(manifest.objective_count) is int
            and 1 <= manifest.objective_count <= len(metrics)
            and type(manifest.seed) is int
            and all(isinstance(text, str) for text in manifest.constraints)
            and (manifest.truth is None or (isinstance(manifest.truth, dict) and type(manifest.truth.get("count")) is int))
        )
        if not well_formed:
            raise RunDamaged(f"{path} is no run of nas_explorer: a field has the wrong type")
        return manifest
