"""The plan of a run folder that is opened to be looked at: parts that cannot be made stand empty, and nothing else is asked of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nas_explorer.errors import InvalidOption, UnknownName
from nas_explorer.estimators.catalog import CATALOG as ESTIMATORS
from nas_explorer.estimators.protocol import Estimator
from nas_explorer.one_shot.protocol import OneShot
from nas_explorer.records.manifest import Manifest
from nas_explorer.search.absent import AbsentEstimator, AbsentOneShot, AbsentStrategy
from nas_explorer.search.budget import Budget
from nas_explorer.search.choices import catalog_naming
from nas_explorer.search.plan import TRUTH_COUNT, SearchPlan, plan_of, rebuilt
from nas_explorer.spaces import space_from_json
from nas_explorer.strategies.protocol import Strategy


def plan_to_look(
    manifest: Manifest, strategy: Strategy | OneShot | None = None, estimator: Estimator | None = None, truth: Estimator | None = None
) -> SearchPlan:
    """The plan of a run, whole if all its parts can be made; else with stand-ins for those that cannot.

    Raises:
        InvalidSpace: if the space itself cannot be read.
    """
    try:
        return plan_of(manifest, strategy, estimator, truth)
    except (UnknownName, InvalidOption):
        pass  # parts that are not there; what is, is found below
    stand_in = AbsentOneShot if "epochs" in manifest.budget else AbsentStrategy  # only one-shot methods count epochs
    catalog = catalog_naming(str(manifest.strategy.get("name")))
    return SearchPlan(
        space_from_json(dict(manifest.space)),
        strategy or _made(lambda: rebuilt(catalog, manifest.strategy), lambda reason: stand_in(manifest.strategy, reason)),
        estimator
        or _made(
            lambda: rebuilt(ESTIMATORS, manifest.estimator),
            lambda reason: AbsentEstimator(manifest.estimator, reason, manifest.metrics),
        ),
        manifest.objectives,
        Budget.of(manifest.budget),
        manifest.seed,
        manifest.workers,
        manifest.pace,
        truth,
        TRUTH_COUNT if manifest.truth is None else manifest.truth["count"],
    )


def _made(make: Callable[[], Any], stand_in: Callable[[str], Any]) -> Any:
    try:
        return make()
    except (UnknownName, InvalidOption) as missing:
        return stand_in(str(missing))
