"""From a drawing to a search: which estimators can score the space, and the dashboard of a search that uses one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nas_explorer.errors import InvalidSpace, NasExplorerError
from nas_explorer.spaces import SearchSpace, problems
from nas_explorer.widgets.space_editor_board import Sheet
from nas_explorer.widgets.space_editor_devices import LATENCY

STRATEGY, TRIALS = "regularized_evolution", 100
SETTINGS = {"population_size": 20, "tournament_size": 5}    # with the paper's 100 alive, 100 trials would all be random
TABLE = "tabular"                  # where it can score a space it is taken unasked: it answers at once


@dataclass(frozen=True, slots=True)
class Offer:
    """No table can score the space, so somebody has to choose: (name, what it does) of what can, and why the table cannot."""

    estimators: tuple[tuple[str, str], ...]
    why: str


def scoring_estimators(space: SearchSpace) -> tuple[list[tuple[str, Any]], list[tuple[str, str]]]:
    """Of the catalog: (name, estimator) of those that can score the space, and (name, why not) of the others."""
    from nas_explorer.estimators.catalog import CATALOG

    able, unable = [], []
    for name in CATALOG.names():
        try:
            able.append((name, _estimator(name, space)))
        except (NasExplorerError, TypeError) as error:
            unable.append((name, str(error)))
    return able, unable


def begin_search(sheet: Sheet, estimator: str = "") -> tuple[Any, str] | Offer:
    """A search that is not started yet, and what it does in words. All from the catalogs, so that a run folder can bring it back.

    With a device on the sheet, its latency is the second objective where the estimator measures it.

    Args:
        estimator: its name in the catalog; without one a table that holds the space is taken, or what can is offered.
    Raises:
        InvalidSpace: if the space is unfinished, no estimator can score it, or this one cannot.
        UnknownName: if there is no such estimator.
    """
    from nas_explorer.search.search import Search
    from nas_explorer.strategies.catalog import CATALOG as STRATEGIES

    unfinished = problems(sheet.space)
    if unfinished:
        raise InvalidSpace(f"The search was not started. The space is unfinished: {unfinished[0]}.")
    name = estimator or TABLE
    try:
        chosen = _estimator(name, sheet.space)
    except InvalidSpace as error:
        if estimator:
            raise InvalidSpace(f"The search was not started. {name} cannot score this space: {error}") from error
        return offer(sheet.space, str(error))
    search = Search(sheet.space, STRATEGIES.make(STRATEGY, SETTINGS), chosen, objectives=_objectives(chosen, sheet.device), budget=TRIALS)
    return search, f"search with {name}"


def offer(space: SearchSpace, why: str) -> Offer:
    """
    Args:
        why: the table cannot score the space.
    Raises:
        InvalidSpace: if nothing in the catalog can.
    """
    from nas_explorer.estimators.catalog import CATALOG

    able, unable = scoring_estimators(space)
    if not able:
        reasons = " ".join(f"{name}: {reason.rstrip('.')}." for name, reason in unable)
        raise InvalidSpace(f"The search was not started. No estimator can score this space as it is. {reasons} "
                           "Search(space=editor.space, ..., estimator=your_own) takes one of your own.")
    # One that wraps another is not offered: what it wraps is.
    plain = [name for name, estimator in able if not hasattr(estimator, "estimator")]
    return Offer(tuple((name, CATALOG.describe(name).summary) for name in plain), why)


def _estimator(name: str, space: SearchSpace) -> Any:
    from nas_explorer.estimators.catalog import CATALOG

    estimator = CATALOG.make(name)
    estimator.check_space(space)
    return estimator


def _objectives(estimator: Any, device: str) -> list[str] | None:
    names = [metric.name for metric in estimator.metrics]
    wanted = f"{LATENCY}{device}"
    return [names[0], wanted] if device and wanted in names else None
