"""Best so far, time and budget."""

import math

import pytest

from nas_explorer.records import History
from nas_explorer.views.progress import best_so_far, budget_text, curve_summary, curve_view, seconds_left
from tests.views.drawings import ERROR, searched


def test_steps_are_where_the_incumbent_changed() -> None:
    history = searched(120, 1)
    assert best_so_far(history, ERROR) == [(trial + 1, value) for trial, value in history.incumbents]


def test_on_the_clock_of_training_the_same_values_come_at_the_time_spent() -> None:
    history = searched(50, 2)
    steps = best_so_far(history, ERROR, "simulated_seconds")
    assert [value for _, value in steps] == [value for _, value in history.incumbents]
    first = history.incumbents[1][0]
    assert steps[1][0] == pytest.approx(sum(history.column("train_seconds")[: first + 1]))


def test_the_twin_is_cut_where_the_search_stands() -> None:
    view = curve_view(searched(20, 3), ERROR, twin=searched(100, 4), x_max=300)
    assert max(x for x, _ in view.twin) <= 20
    assert view.x_max == 300
    values = searched(100, 4).column(ERROR.name).tolist()
    assert curve_view(searched(20, 3), ERROR, twin=[math.nan, *values]).twin[0][0] == 2


def test_the_summary_is_plain_and_says_what_was_found() -> None:
    summary = curve_summary(curve_view(searched(30, 5), ERROR, twin=searched(30, 6), optimum=8.39))
    best, random = searched(30, 5).incumbents[-1][1], searched(30, 6).incumbents[-1][1]
    assert summary["label"] == "best validation error so far (%)"
    assert summary["finding"] == (
        f"The best validation error so far is {best:.2f} %, random search found {random:.2f} % with the same budget; the optimum is 8.39 %."
    )
    assert (summary["search_text"], summary["optimum_text"], summary["now"]) == (f"{best:.2f}", "8.39", 30.0)


def test_an_empty_history_has_an_empty_curve() -> None:
    summary = curve_summary(curve_view(History([ERROR]), ERROR))
    assert (summary["search"], summary["random"], summary["x_max"]) == ([], [], 10.0)


@pytest.mark.parametrize(
    ("elapsed", "share", "ended", "left"),
    [
        (100.0, 0.5, 50, 100),
        (10.0, 0.1, 2, None),
        (10.0, 0.0, 5, None),
        (4000.0, 0.5, 9, 4020),
        (100.0, 1.0, 50, 0),
        (100, 1.2, 50, 0),
    ],
)
def test_the_time_left_is_the_pace_so_far_rounded(elapsed: float, share: float, ended: int, left: float | None) -> None:
    assert seconds_left(elapsed, share, ended) == left


def test_a_budget_in_words() -> None:
    assert budget_text(trials=300) == "300 trials"
    assert budget_text(wall_seconds=3725) == "1:02:05 of wall time"
