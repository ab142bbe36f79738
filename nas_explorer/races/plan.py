"""What a race is before it runs: lanes, space, estimator, budget and seeds, checked against each other."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nas_explorer.errors import InvalidMetric, InvalidOption
from nas_explorer.estimators.catalog import CATALOG as ESTIMATORS
from nas_explorer.estimators.protocol import Estimator, Truth
from nas_explorer.options import check_whole_number
from nas_explorer.races.lookup import Lookup, Table
from nas_explorer.records import Metric
from nas_explorer.records.race_manifest import RaceManifest
from nas_explorer.search.budget import Budget
from nas_explorer.search.constraints import constraint_text
from nas_explorer.search.kept_truth import KeptTruth, truth_of
from nas_explorer.search.plan import SearchPlan, make_plan, rebuilt, spec
from nas_explorer.spaces import SearchSpace, space_from_json, to_json
from nas_explorer.strategies.catalog import CATALOG as STRATEGIES
from nas_explorer.strategies.protocol import Problem, Proposer, Rationing, Strategy

RANDOM = "random_search"
MOST_LANES = 50


@dataclass(frozen=True, slots=True)
class RacePlan:
    """A race that may begin; `make_race_plan` makes it from what a user types.

    Attributes:
        lanes: name -> strategy; random search is always among them.
        metrics: the objectives first, then what else is reported of what a search found.
        budget: of every search.
        searches: of every lane, with the seeds from `seed` on.
        lookup: the table as matrices; None where networks are scored one by one.
        vectorised: whether a lane may run as matrices where its strategy can.
        optima: metric -> the best there is, where a table knows it.
        notes: what is worth knowing of the comparison, in sentences.
    """

    search: SearchPlan
    lanes: Mapping[str, Strategy]
    metrics: tuple[Metric, ...]
    budget: Budget
    searches: int
    lookup: Lookup | None
    vectorised: bool
    optima: Mapping[str, float]
    notes: tuple[str, ...]

    @property
    def space(self) -> SearchSpace:
        return self.search.space

    @property
    def objectives(self) -> tuple[Metric, ...]:
        return self.search.objectives

    def problem(self, search: int = 0) -> Problem:
        return Problem(self.space, self.objectives, self.search.seed + search, self.search.foresight)

    def manifest(self) -> RaceManifest:
        plain = self.search.manifest()
        return RaceManifest(
            space=to_json(self.space),
            lanes={name: spec(STRATEGIES, strategy) for name, strategy in self.lanes.items()},
            estimator=plain.estimator,
            metrics=self.metrics,
            objective_count=len(self.objectives),
            optima=self.optima,
            budget=self.budget.limits,
            searches=self.searches,
            seed=self.search.seed,
            created=time.time(),
            workers=self.search.workers,
            vectorised=self.vectorised,
            notes=self.notes,
            constraints=plain.constraints,
            versions=plain.versions,
        )


def make_race_plan(
    lanes: Mapping[str, Strategy | str] | Sequence[str],
    space: SearchSpace | str,
    estimator: Estimator | str,
    budget: Budget | int | Mapping[str, float],
    seeds: int = 20,
    objectives: Sequence[str] | str | None = None,
    seed: int = 0,
    workers: object = 1,
    vectorised: bool = True,
    constraints: Sequence[str] | str = (),
) -> RacePlan:
    """Check everything that can be wrong before a race begins.

    Raises:
        UnknownName, InvalidOption, InvalidMetric, InvalidSpace: in the words of what was typed.
    """
    check_whole_number("seeds", seeds)
    strategies = _lanes(lanes)
    plans = [make_plan(space, strategy, estimator, objectives, {"trials": 1}, seed, workers=workers, constraints=constraints)
             for strategy in strategies.values()]
    search = plans[0]
    # Settings that do not fit this problem are told now, not in the middle.
    rationing = [name for name, strategy in strategies.items() if isinstance(_begun(name, strategy, search.problem), Rationing)]
    limits = _checked_budget(Budget.of(budget), search.estimator)
    reported = _reported(search.estimator, search.objectives)
    metrics = search.objectives + reported
    lookup = Lookup(search.estimator, search.estimator, search.space, metrics) if isinstance(search.estimator, Table) else None
    _check_room(limits, lookup)
    notes = (*_notes(seeds, lookup, search), *_fidelity_notes(rationing, limits, lookup))
    return RacePlan(search, strategies, metrics, limits, seeds, lookup, vectorised, _optima(search, metrics), notes)


def race_plan_of(manifest: RaceManifest, strategies: Mapping[str, Strategy] | None = None, estimator: Estimator | None = None,
                 more: Mapping[str, Strategy | str] | None = None) -> RacePlan:
    """The plan of a race's folder, to go on with it.

    Args:
        more: lanes that come to it.

    Raises:
        UnknownName: if a part was the user's own and is not handed in.
    """
    own = strategies or {}
    lanes: dict[str, Strategy | str] = {
        name: own[name] if name in own else rebuilt(STRATEGIES, data) for name, data in manifest.lanes.items()
    }
    lanes |= more or {}
    objectives = [m.name for m in manifest.objectives]
    return make_race_plan(lanes, space_from_json(dict(manifest.space)), estimator or rebuilt(ESTIMATORS, manifest.estimator),
                          Budget.of(manifest.budget), manifest.searches, objectives, manifest.seed, manifest.workers, manifest.vectorised,
                          manifest.constraints)


def _lanes(given: Mapping[str, Strategy | str] | Sequence[str]) -> dict[str, Strategy]:
    if isinstance(given, str) or not isinstance(given, (Mapping, Sequence)):
        raise InvalidOption(f"a race takes its lanes as {{'name': strategy, ...}} or as a list of strategies' names, got {given!r:.100}")
    named: Mapping[Any, Any] = given if isinstance(given, Mapping) else {name: name for name in given}
    found: dict[str, Strategy] = {}
    for name, strategy in named.items():
        if not isinstance(name, str) or not name or len(name) > 80:
            raise InvalidOption(f"a lane has a short name, got {name!r:.100}")
        found[name] = STRATEGIES.make(strategy) if isinstance(strategy, str) else strategy
        if not isinstance(found[name], Strategy):
            known = ", ".join(STRATEGIES.names())
            raise InvalidOption(f"lane {name!r} needs a strategy or the name of one ({known}), got {strategy!r:.100}")
    random = STRATEGIES.make(RANDOM)
    if not any(type(strategy) is type(random) for strategy in found.values()):
        if RANDOM in found:
            raise InvalidOption(f"a lane may not be called {RANDOM!r} if it is something else: random search runs in every race")
        found[RANDOM] = random
    if len(found) > MOST_LANES:
        raise InvalidOption(f"a race has at most {MOST_LANES} lanes, got {len(found)}")
    return found


def _checked_budget(budget: Budget, estimator: Estimator) -> Budget:
    if budget.wall_seconds is not None:
        raise InvalidOption("a race cannot be fair by wall_seconds, which depend on what else runs; give trials, simulated_seconds or "
                            "epochs")
    if budget.simulated_seconds is not None and "train_seconds" not in {m.name for m in estimator.metrics}:
        raise InvalidOption(f"a budget in simulated_seconds needs an estimator that measures train_seconds, and {type(estimator).__name__} "
                            "does not; give trials")
    if budget.epochs is not None and isinstance(estimator, Table) and not getattr(estimator, "epochs", 0):
        raise InvalidOption(f"{type(estimator).__name__} does not say how many epochs its trials take; give trials or simulated_seconds")
    return budget


def _check_room(budget: Budget, lookup: Lookup | None) -> None:
    if lookup is None:
        return
    for limit, least, unit in ((budget.simulated_seconds, float(lookup.seconds.min()), "simulated seconds"),
                               (budget.epochs, lookup.epochs, "epochs")):
        if limit is not None and limit < least:
            raise InvalidOption(f"no strategy can use a budget of {limit:g} {unit}: the cheapest trial takes {least:g}")


def _reported(estimator: Estimator, objectives: Sequence[Metric]) -> tuple[Metric, ...]:
    """What a found architecture is worth in the end: a table's final metric and its like on validation; else all that is measured."""
    named = {m.name for m in objectives}
    if not isinstance(estimator, Truth):
        return tuple(m for m in estimator.metrics if m.name not in named)
    final = estimator.final_metric
    if not isinstance(estimator, Table) or not final.name.startswith("test_"):
        return () if final.name in named else (final,)
    twin = Metric(final.name.replace("test_", "validation_", 1), final.unit, final.minimize, final.label.replace("test", "validation", 1))
    return tuple(m for m in (twin, final) if m.name not in named and _has(estimator, m.name))


def _has(table: Table, name: str) -> bool:
    try:
        table.column(name)
    except InvalidMetric:
        return False
    return True


def _optima(search: SearchPlan, metrics: Sequence[Metric]) -> dict[str, float]:
    truth = truth_of(search)
    return {} if truth is None else {m.name: float(truth.optimum(m.name)[1]) for m in metrics}


def _begun(name: str, strategy: Strategy, problem: Problem) -> Proposer | None:
    """A first search of a lane. What is wrong with its settings is told before the race; any other error stops its lane, in the race."""
    try:
        return strategy.begin(problem)
    except InvalidOption as error:
        raise InvalidOption(f"lane {name!r}: {error}") from error
    except Exception:
        return None


def _fidelity_notes(rationing: Sequence[str], budget: Budget, lookup: Lookup | None) -> list[str]:
    """Some strategies train most of their proposals shorter than others do."""
    if not rationing:
        return []
    names, one = " and ".join(rationing), len(rationing) == 1
    if lookup is not None and lookup.looks_once:
        return [f"The table has one length of training: what {names} would train shortly is trained in full, and again when promoted."]
    if budget.trials is not None and budget.epochs is None and budget.simulated_seconds is None:
        return [f"{names} train{'s' if one else ''} most proposals shorter, and a budget in trials counts them as whole ones; epochs or "
                "simulated_seconds would be equal."]
    return []


def _notes(seeds: int, lookup: Lookup | None, search: SearchPlan) -> list[str]:
    notes, truth = [], truth_of(search)
    if search.limits:
        best = f"; the best there is means: of the {len(truth.rows):,} that do" if isinstance(truth, KeptTruth) else ""
        notes.append(f"Every proposal keeps {' and '.join(map(constraint_text, search.limits))}{best}.")
    if seeds == 1:
        notes.append("One seed a lane: there are no bands, and which lane is better cannot be told.")
    if lookup is not None and lookup.missing > 0:
        notes.append(f"The table lacks {lookup.missing:.1%} of the space's architectures; a trial of one of them fails.")
    if lookup is None and isinstance(search.estimator, Truth):
        notes.append("The true ranks are known, but the table cannot be read as columns, so trials run one by one.")
    return notes
