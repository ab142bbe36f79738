"""From a drawing to a search: which estimators can score the space, and the dashboard of a search that uses one."""

from __future__ import annotations

from typing import Any

from nas_explorer.errors import InvalidSpace, NasExplorerError
from nas_explorer.spaces import SearchSpace, problems

STRATEGY, TRIALS = "regularized_evolution", 100


def scoring_estimators(space: SearchSpace) -> tuple[list[tuple[str, Any]], list[tuple[str, str]]]:
    """Of the catalog: (name, estimator) of those that can score the space, and (name, why not) of the others."""
    from nas_explorer.estimators.catalog import CATALOG

    able, unable = [], []
    for name in CATALOG.names():
        try:
            estimator = CATALOG.make(name)
            estimator.check_space(space)
            able.append((name, estimator))
        except (NasExplorerError, TypeError) as error:
            unable.append((name, str(error)))
    return able, unable


def begin_search(space: SearchSpace) -> tuple[Any, str]:
    """A search that is not started yet, and what it does in words. Names, not objects: a run folder can bring it back.

    Raises:
        InvalidSpace: if the space is unfinished, or no estimator can score it; says what could.
    """
    from nas_explorer.search.search import Search

    unfinished = problems(space)
    if unfinished:
        raise InvalidSpace(f"The search was not started. The space is unfinished: {unfinished[0]}.")
    able, unable = scoring_estimators(space)
    if not able:
        reasons = " ".join(f"{name}: {why.rstrip('.')}." for name, why in unable)
        raise InvalidSpace(f"The search was not started. No estimator can score this space as it is. {reasons} "
                           "Search(space=editor.space, ..., estimator=your_own) takes one of your own.")
    name, estimator = preferred(able)
    search = Search(space, STRATEGY, estimator, budget=TRIALS)
    others = ", ".join(other for other, _ in able if other != name)
    return search, f"search with {name}" + (f"; {others} could score it too" if others else "")


def preferred(able: list[tuple[str, Any]]) -> tuple[str, Any]:
    """A table where there is one: it answers at once."""
    return next((pair for pair in able if pair[0] == "tabular"), able[0])
