"""What a search is before it runs: space, strategy, estimator, objectives, budget and seed, checked against each other."""

from __future__ import annotations

import math
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from nas_explorer.catalog import Catalog
from nas_explorer.errors import InvalidMetric, InvalidOption, UnknownName
from nas_explorer.estimators.catalog import CATALOG as ESTIMATORS
from nas_explorer.estimators.protocol import Estimator, NeedsSpace, OnDemand, find_metrics, measuring
from nas_explorer.records import Metric
from nas_explorer.records.manifest import Manifest
from nas_explorer.search.budget import Budget
from nas_explorer.spaces import SearchSpace, decisions, load, space_from_json, to_json
from nas_explorer.strategies.catalog import CATALOG as STRATEGIES
from nas_explorer.strategies.protocol import Problem, Strategy


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """A search that may begin; `make_plan` makes it from what a user types."""

    space: SearchSpace
    strategy: Strategy
    estimator: Estimator
    objectives: tuple[Metric, ...]
    budget: Budget
    seed: int
    workers: int | str = 1  # how many processes score trials, or the address of a Dask scheduler
    pace: float | None = None  # trials a second at most, so that eyes can follow a table

    @property
    def problem(self) -> Problem:
        return Problem(self.space, self.objectives, self.seed)

    @property
    def strategy_name(self) -> str:
        return str(spec(STRATEGIES, self.strategy)["name"])

    @property
    def estimator_name(self) -> str:
        return str(spec(ESTIMATORS, self.estimator)["name"])

    @property
    def custom(self) -> dict[str, Any]:
        """The parts that no catalog can build again: a user's own, to be handed to the background kernel as they are."""
        return {
            part: value
            for part, catalog, value in (("strategy", STRATEGIES, self.strategy), ("estimator", ESTIMATORS, self.estimator))
            if spec(catalog, value).get("custom")
        }

    def manifest(self) -> Manifest:
        names = [m.name for m in self.objectives]
        measured = self.estimator.measured if isinstance(self.estimator, OnDemand) else self.estimator.metrics
        others = tuple(m for m in measured if m.name not in names)
        return Manifest(
            space=to_json(self.space),
            strategy=spec(STRATEGIES, self.strategy),
            estimator=spec(ESTIMATORS, self.estimator),
            metrics=self.objectives + others,
            objective_count=len(self.objectives),
            budget=self.budget.limits,
            seed=self.seed,
            pace=self.pace,
            workers=self.workers,
            created=time.time(),
            versions=_versions(),
        )


def make_plan(
    space: SearchSpace | str,
    strategy: Strategy | str,
    estimator: Estimator | str,
    objectives: Sequence[str] | str | None,
    budget: Budget | int | Mapping[str, float],
    seed: int,
    pace: float | None = None,
    workers: object = 1,
) -> SearchPlan:
    """Check everything that can be wrong before a search begins.

    Raises:
        UnknownName, InvalidOption, InvalidMetric, InvalidSpace: in the words of what was typed.
    """
    space = load(space) if isinstance(space, str) else space
    strategy = STRATEGIES.make(strategy) if isinstance(strategy, str) else strategy
    estimator = ESTIMATORS.make(estimator) if isinstance(estimator, str) else estimator
    _check_kinds(space, strategy, estimator)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InvalidOption(f"seed must be a whole number from 0, got {seed!r}")
    if pace is not None and (isinstance(pace, bool) or not isinstance(pace, (int, float)) or not 0 < pace < math.inf):
        raise InvalidOption(f"pace must be a number of trials a second above zero, got {pace!r}")
    workers = _workers(workers)
    decisions(space)
    budget = Budget.of(budget)
    names = _objective_names(objectives, estimator)
    metrics, estimator = find_metrics(estimator.metrics, names), measuring(estimator, names)
    if budget.simulated_seconds is not None and "train_seconds" not in {m.name for m in estimator.metrics}:
        raise InvalidOption(
            "a budget in simulated_seconds needs an estimator that measures train_seconds, and "
            f"{type(estimator).__name__} does not; give trials or wall_seconds"
        )
    estimator.check_space(space)
    if isinstance(estimator, NeedsSpace):
        estimator = estimator.for_space(space)
    return SearchPlan(space, strategy, estimator, metrics, budget, seed, workers, pace)


def plan_of(manifest: Manifest, strategy: Strategy | None = None, estimator: Estimator | None = None) -> SearchPlan:
    """The plan of a run folder, to look at it or to go on with it.

    Raises:
        UnknownName: if the run used a strategy or estimator of the user's own that is not handed in.
    """
    return make_plan(
        space_from_json(manifest.space),
        strategy or rebuilt(STRATEGIES, manifest.strategy),
        estimator or rebuilt(ESTIMATORS, manifest.estimator),
        [m.name for m in manifest.objectives],
        Budget.of(manifest.budget),
        manifest.seed,
        manifest.pace,
        manifest.workers,
    )


def spec(catalog: Catalog[Any], part: Any) -> dict[str, Any]:
    """A part of a plan as data: by its catalog's name, or marked as the user's own."""
    try:
        return catalog.spec(part)
    except (UnknownName, TypeError):
        return {"name": type(part).__name__, "options": {}, "custom": True}


def rebuilt(catalog: Catalog[Any], data: Mapping[str, Any]) -> Any:
    if data.get("custom"):
        raise UnknownName(
            f"{catalog.kind} of the catalog behind this run (it was one of your own, hand it to nas.open as {catalog.kind}=...), namely",
            data.get("name"),
            catalog.names(),
        )
    return catalog.make(str(data.get("name")), data.get("options", {}))


def _check_kinds(space: object, strategy: object, estimator: object) -> None:
    if not isinstance(space, SearchSpace):
        raise InvalidOption(f"space must be a SearchSpace or the name of one, got {space!r}")
    if not isinstance(strategy, Strategy):
        raise InvalidOption(f"strategy must be a strategy or the name of one ({', '.join(STRATEGIES.names())}), got {strategy!r}")
    if not isinstance(estimator, Estimator):
        raise InvalidOption(f"estimator must be an estimator or the name of one ({', '.join(ESTIMATORS.names())}), got {estimator!r}")


def _workers(workers: Any) -> int | str:
    """A number, an address, or a client of Dask's, which stands for its scheduler's address."""
    address = getattr(getattr(workers, "scheduler", None), "address", workers)
    if isinstance(address, bool) or not isinstance(address, (int, str)) or address in (0, "") or (isinstance(address, int) and address < 0):
        raise InvalidOption(f"workers must be a number of processes, a Dask scheduler's address or a Client, got {workers!r}")
    return address


def _objective_names(objectives: Sequence[str] | str | None, estimator: Estimator) -> list[str]:
    if objectives is None:
        return [estimator.metrics[0].name]
    names = [objectives] if isinstance(objectives, str) else list(objectives)
    if not names:
        raise InvalidMetric("a search needs at least one objective, for example objectives=['validation_error']")
    if len(set(names)) < len(names):
        raise InvalidMetric(f"the objectives of a search must differ, got {', '.join(names)}")
    return names


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in ("nas_explorer", "numpy", "optuna"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "from source"
    return found
