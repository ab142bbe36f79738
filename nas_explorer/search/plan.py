"""What a search is before it runs: space, strategy, estimator, objectives, budget and seed, checked against each other."""

from __future__ import annotations

import math
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from nas_explorer.catalog import Catalog
from nas_explorer.errors import InvalidMetric, InvalidOption, UnknownName
from nas_explorer.estimators.catalog import CATALOG as ESTIMATORS
from nas_explorer.estimators.protocol import STOPPED, Estimator, NeedsSpace, OnDemand, find_metrics, last_epoch, measuring
from nas_explorer.one_shot.catalog import CATALOG as ONE_SHOTS
from nas_explorer.one_shot.protocol import OneShot
from nas_explorer.records import Metric
from nas_explorer.records.manifest import Manifest
from nas_explorer.search.absent import Absent
from nas_explorer.search.budget import Budget
from nas_explorer.search.choices import catalog_naming, catalog_of, checked_budget, checked_truth, chosen_estimator, strategy_named
from nas_explorer.search.constraints import checked_limits, constraint_text
from nas_explorer.search.foresight import Foresight
from nas_explorer.spaces import Limit, SearchSpace, decisions, load, space_from_json, to_json
from nas_explorer.strategies.catalog import CATALOG as STRATEGIES
from nas_explorer.strategies.protocol import Problem, Strategy

TRUTH_COUNT = 40


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """A search that may begin; `make_plan` makes it from what a user types."""

    space: SearchSpace
    strategy: Strategy | OneShot
    estimator: Estimator
    objectives: tuple[Metric, ...]
    budget: Budget
    seed: int
    workers: int | str = 1  # how many processes score trials, or the address of a Dask scheduler
    pace: float | None = None  # trials a second at most, so that eyes can follow a table
    truth: Estimator | None = None  # what shared weights are compared with
    truth_count: int = TRUTH_COUNT  # how many architectures, for that
    limits: tuple[Limit, ...] = ()  # what every proposal keeps, before anything is trained for it
    foresight: Foresight | None = field(default=None, repr=False, compare=False)  # what it says is remembered

    @property
    def one_shot(self) -> OneShot | None:
        """The method, if it trains weights that all architectures share; None of a strategy that asks and tells."""
        return self.strategy if isinstance(self.strategy, OneShot) else None

    @property
    def problem(self) -> Problem:
        return Problem(self.space, self.objectives, self.seed, self.foresight)

    @property
    def strategy_name(self) -> str:
        return str(spec(catalog_of(self.strategy), self.strategy)["name"])

    @property
    def estimator_name(self) -> str:
        return str(spec(ESTIMATORS, self.estimator)["name"])

    @property
    def custom(self) -> dict[str, Any]:
        """The parts that no catalog can build again: a user's own, to be handed to the background kernel as they are."""
        return {
            part: value
            for part, catalog, value in (
                ("strategy", catalog_of(self.strategy), self.strategy),
                ("estimator", ESTIMATORS, self.estimator),
                ("truth", ESTIMATORS, self.truth),
            )
            if value is not None and spec(catalog, value).get("custom")
        }

    def manifest(self) -> Manifest:
        names = [m.name for m in self.objectives]
        measured = self.estimator.measured if isinstance(self.estimator, OnDemand) else self.estimator.metrics
        may_be_rationed = (STOPPED,) if self.one_shot is None and (last_epoch(self.estimator) or 1) > 1 else ()
        others = tuple(m for m in dict.fromkeys((*measured, *may_be_rationed)) if m.name not in names)
        return Manifest(
            space=to_json(self.space),
            strategy=spec(catalog_of(self.strategy), self.strategy),
            estimator=spec(ESTIMATORS, self.estimator),
            metrics=self.objectives + others,
            objective_count=len(self.objectives),
            budget=self.budget.limits,
            seed=self.seed,
            pace=self.pace,
            workers=self.workers,
            created=time.time(),
            versions=_versions(),
            truth=None if self.truth is None else {**spec(ESTIMATORS, self.truth), "count": self.truth_count},
            constraints=tuple(map(constraint_text, self.limits)),
        )


def make_plan(
    space: SearchSpace | str,
    strategy: Strategy | OneShot | str,
    estimator: Estimator | str | None,
    objectives: Sequence[str] | str | None,
    budget: Budget | int | Mapping[str, float] | None,
    seed: int,
    pace: float | None = None,
    workers: object = 1,
    task: object = None,
    epochs: int | None = None,
    truth: Estimator | str | None = None,
    truth_count: int = TRUTH_COUNT,
    constraints: Sequence[str] | str = (),
) -> SearchPlan:
    """Check everything that can be wrong before a search begins.

    Args:
        task, epochs: instead of an estimator: of weight sharing for a one-shot method, of trainings for any other.

    Raises:
        UnknownName, InvalidOption, InvalidMetric, InvalidSpace: in the words of what was typed.
    """
    space = load(space) if isinstance(space, str) else space
    strategy = strategy_named(strategy) if isinstance(strategy, str) else strategy
    estimator = chosen_estimator(strategy, estimator, task, epochs)
    _check_kinds(space, strategy, estimator)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InvalidOption(f"seed must be a whole number from 0, got {seed!r}")
    if pace is not None and (isinstance(pace, bool) or not isinstance(pace, (int, float)) or not 0 < pace < math.inf):
        raise InvalidOption(f"pace must be a number of trials a second above zero, got {pace!r}")
    workers = _workers(workers)
    decisions(space)
    budget = checked_budget(strategy, estimator, budget, pace, workers)
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
    known = None if truth is None else checked_truth(space, strategy, truth, truth_count)
    if constraints and isinstance(strategy, OneShot):
        raise InvalidOption("a one-shot method trains all architectures of a space at once, so it cannot be held to constraints; "
                            "take a strategy that proposes architectures, or offer less in the space")
    limits = checked_limits(constraints, space, estimator)
    foresight = Foresight(space, estimator)
    return SearchPlan(space, strategy, estimator, metrics, budget, seed, workers, pace, known, truth_count, limits, foresight)


def plan_of(
    manifest: Manifest, strategy: Strategy | OneShot | None = None, estimator: Estimator | None = None, truth: Estimator | None = None
) -> SearchPlan:
    """The plan of a run folder, to look at it or to go on with it.

    Raises:
        UnknownName: if the run used a strategy or estimator of the user's own that is not handed in.
    """
    return make_plan(
        space_from_json(manifest.space),
        strategy or rebuilt(catalog_naming(str(manifest.strategy.get("name"))), manifest.strategy),
        estimator or rebuilt(ESTIMATORS, manifest.estimator),
        [m.name for m in manifest.objectives],
        Budget.of(manifest.budget),
        manifest.seed,
        manifest.pace,
        manifest.workers,
        truth=truth or (None if manifest.truth is None else rebuilt(ESTIMATORS, manifest.truth, "truth")),
        truth_count=TRUTH_COUNT if manifest.truth is None else manifest.truth["count"],
        constraints=manifest.constraints,
    )


def spec(catalog: Catalog[Any], part: Any) -> dict[str, Any]:
    """A part of a plan as data: by its catalog's name, or marked as the user's own."""
    if isinstance(part, Absent):
        return dict(part.data)
    try:
        return catalog.spec(part)
    except (UnknownName, TypeError):
        return {"name": type(part).__name__, "options": {}, "custom": True}


def rebuilt(catalog: Catalog[Any], data: Mapping[str, Any], part: str = "") -> Any:
    if data.get("custom"):
        part = part or ("estimator" if catalog is ESTIMATORS else "strategy")
        raise UnknownName(
            f"{catalog.kind} of the catalog behind this run (it was one of your own, hand it to nas.open as {part}=...), namely",
            data.get("name"),
            catalog.names(),
        )
    return catalog.make(str(data.get("name")), data.get("options", {}))


def _check_kinds(space: object, strategy: object, estimator: object) -> None:
    if not isinstance(space, SearchSpace):
        raise InvalidOption(f"space must be a SearchSpace or the name of one, got {space!r}")
    if not isinstance(strategy, (Strategy, OneShot)):
        names = (*STRATEGIES.names(), *ONE_SHOTS.names())
        raise InvalidOption(f"strategy must be a strategy or the name of one ({', '.join(names)}), got {strategy!r}")
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
