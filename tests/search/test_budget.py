"""A budget has a limit above zero, and ends the search at the first that is reached."""

import math

import pytest

from nas_explorer.errors import InvalidOption
from nas_explorer.search.budget import Budget


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({}, "a budget needs a limit"),
        ({"trials": 0}, "trials of a budget must be a number above zero, got 0"),
        ({"trials": -5}, "above zero, got -5"),
        ({"trials": 2.5}, "must be a whole number, got 2.5"),
        ({"trials": True}, "got True"),
        ({"simulated_seconds": math.nan}, "got nan"),
        ({"wall_seconds": math.inf}, "got inf"),
        ({"trials": "many"}, "got 'many'"),
    ],
)
def test_empty_and_contradictory_budgets_are_refused(limits: dict, words: str) -> None:
    with pytest.raises(InvalidOption, match=words):
        Budget(**limits)


def test_a_budget_may_be_typed_as_a_number_or_a_mapping() -> None:
    assert Budget.of(500) == Budget(trials=500) == Budget.of({"trials": 500})
    with pytest.raises(InvalidOption, match="a budget has no limit 'generations'; it has trials, simulated_seconds, wall_seconds, epochs"):
        Budget.of({"generations": 3})


def test_the_nearest_limit_counts() -> None:
    budget = Budget(trials=100, simulated_seconds=1000.0)
    assert budget.share(50, 900.0, 0.0) == 0.9
    assert not budget.spent(99, 999.0, 1e9)
    assert budget.spent(100, 0.0, 0.0)
    assert budget.text == "100 trials or 1,000 simulated GPU-seconds"
