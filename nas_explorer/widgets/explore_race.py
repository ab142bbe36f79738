"""From a form to a race: which strategies and spaces it offers, and the race that was asked for. On tables, where a race takes seconds."""

from __future__ import annotations

from typing import Any

from nas_explorer.errors import InvalidOption
from nas_explorer.races.race import Race
from nas_explorer.spaces import SearchSpace
from nas_explorer.widgets.space_editor_messages import Given

TABLES = {"nas_bench_201": "tabular", "digits_cells": "digits_cells"}  # space -> the estimator that knows every architecture of it
DRAWN = "drawn"  # what stands in the editor; a table knows it as long as it is part of its own space
LANES = ("regularized_evolution", "local_search", "reinforce_per_decision", "tpe", "bananas")
CHOSEN = LANES[:2]
TRIALS, SEEDS = 100, 20
MOST_TRIALS, MOST_SEEDS = 2_000, 100


def offered() -> dict[str, Any]:
    """What the form shows, and what is chosen in it at first."""
    return {
        "spaces": list(TABLES), "lanes": list(LANES), "chosen": list(CHOSEN),
        "trials": TRIALS, "most_trials": MOST_TRIALS, "seeds": SEEDS, "most_seeds": MOST_SEEDS,
    }  # fmt: skip


def race_of(given: Given, drawn: SearchSpace | None) -> Race:
    """The race that a form asks for, not begun.

    Args:
        drawn: what stands in the editor.

    Raises:
        InvalidOption: if it asks for what is not offered.
        InvalidSpace: if no table knows the space that is drawn.
    """
    name, lanes = given.text("space"), given.names("lanes")
    unknown = [lane for lane in lanes if lane not in LANES]
    if unknown or not lanes:
        raise InvalidOption(f"a race is between one or more of {', '.join(LANES)}, and random search; got {', '.join(unknown) or 'none'}")
    trials, seeds = given.whole("trials", 1, MOST_TRIALS), given.whole("seeds", 1, MOST_SEEDS)
    space, estimator = _space(name, drawn)
    return Race(lanes, space, estimator, trials, seeds)


def _space(name: str, drawn: SearchSpace | None) -> tuple[SearchSpace | str, str]:
    if name == DRAWN and drawn is not None:
        return drawn, TABLES.get(drawn.name, "tabular")
    if name not in TABLES:
        raise InvalidOption(f"a race of this form is on {', '.join(TABLES)} or on the space that is drawn, got {name!r}")
    return name, TABLES[name]
