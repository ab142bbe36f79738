"""The Pareto view, against brute force."""

import time

import numpy as np
import pytest

from nas_explorer.records import History, metric
from nas_explorer.views.pareto import count_texts, finding, pareto_summary, pareto_view
from tests.views.drawings import ERROR, PARAMS, searched

ACCURACY = metric("validation_accuracy")


def dominated(i: int, xs: np.ndarray, ys: np.ndarray) -> bool:
    return bool(np.any((xs <= xs[i]) & (ys <= ys[i]) & ((xs < xs[i]) | (ys < ys[i]))))


@pytest.mark.parametrize("seed", range(5))
def test_the_front_is_that_of_brute_force(seed: int) -> None:
    view = pareto_view(searched(80, seed), PARAMS, ERROR)
    front = {(view.xs[i], view.ys[i]) for i in range(80) if not dominated(i, view.xs, view.ys)}
    assert set(zip(view.front.x, view.front.y, strict=True)) == front
    assert view.front.x.tolist() == sorted(view.front.x)


def test_the_stairs_part_the_dominated_from_the_rest() -> None:
    view = pareto_view(searched(80, 1), PARAMS, ERROR)
    xs, ys = view.front.stairs
    assert (xs[-1], ys[0]) == (view.x_axis.high, view.y_axis.high)
    assert np.all(np.diff(xs) >= 0)
    assert np.all(np.diff(ys) <= 0)
    assert not np.any((np.diff(xs) != 0) & (np.diff(ys) != 0))  # only straight across and straight down


def test_hypervolume_is_the_share_of_the_box_that_random_darts_find_dominated() -> None:
    view = pareto_view(searched(60, 2), PARAMS, ERROR)
    rng = np.random.default_rng(0)
    x = rng.uniform(view.x_axis.low, view.x_axis.high, 20_000)
    y = rng.uniform(view.y_axis.low, view.y_axis.high, 20_000)
    hit = np.any((view.front.x <= x[:, None]) & (view.front.y <= y[:, None]), axis=1)
    assert view.volume == pytest.approx(hit.mean(), abs=6 * 0.5 / 20_000**0.5)  # 6 sigma


def test_search_and_twin_are_measured_from_the_same_corner() -> None:
    history = searched(60, 3)
    view = pareto_view(history, PARAMS, ERROR, twin=history)
    assert view.twin_volume == view.volume
    better = pareto_view(history, PARAMS, ERROR, twin=(view.xs * 0.9, view.ys * 0.9))
    assert better.volume is not None
    assert better.twin_volume is not None
    assert better.twin_volume > better.volume


def test_of_the_twin_only_as_many_trials_count_as_the_search_has_ended() -> None:
    short, long = searched(20, 4), searched(60, 5)
    first = pareto_view(short, PARAMS, ERROR, twin=long)
    assert first.twin is not None
    columns = long.column(PARAMS.name)[:20], long.column(ERROR.name)[:20]
    cut = pareto_view(short, PARAMS, ERROR, twin=columns)
    assert cut.twin is not None
    assert first.twin.x.tolist() == cut.twin.x.tolist()


def test_points_off_the_chart_and_failed_trials_are_counted() -> None:
    view = pareto_view(searched(80, 6, failed=3), PARAMS, ERROR)
    inside = sum(view.x_axis.holds(x, x) and view.y_axis.holds(y, y) for x, y in zip(view.xs, view.ys, strict=True))
    assert (len(view.trials), view.failed, view.off_chart) == (80, 3, 80 - inside)
    assert view.off_chart > 0
    assert count_texts(view, "cells") == ("80 cells", f"{view.off_chart} off the chart")


def test_a_metric_that_is_to_be_maximised_is_better_at_its_high_end() -> None:
    from tests.toys import story
    from tests.views.drawings import SPACE, sample

    cells = [sample(SPACE, np.random.default_rng(i)) for i in range(4)]
    history = History([ACCURACY, PARAMS])
    accuracy, size = [90.0, 80.0, 85.0, 70.0], [9.0, 3.0, 8.5, 4.0]
    for event in story(cells, [{"validation_accuracy": a, "parameter_count": s} for a, s in zip(accuracy, size, strict=True)]):
        history.apply(event)
    assert pareto_view(history, PARAMS, ACCURACY).front.trials.tolist() == [1, 2, 0]
    view = pareto_view(history, ACCURACY, PARAMS)
    assert view.front.trials.tolist() == [0, 2, 1]
    assert view.front.stairs[0, -1] == view.x_axis.low
    assert "the best parameters is 3 at 80.00 %" in finding(view)


def test_nothing_yet_is_a_view_too() -> None:
    view = pareto_view(History([ERROR, PARAMS]), PARAMS, ERROR, twin=searched(5, 0), selected=3)
    summary = pareto_summary(view, [ERROR, PARAMS], "cells")
    assert view.empty
    assert (summary["count"], summary["hypervolume"], summary["front"]) == ("0 cells", "", [])
    assert summary["finding"] == "No finished trial yet with validation error and parameters."


def test_only_a_finished_trial_can_be_marked() -> None:
    history = searched(10, 0, failed=1)
    assert pareto_view(history, PARAMS, ERROR, selected=10).selected is None
    assert pareto_view(history, PARAMS, ERROR, selected=99).selected is None
    marked = pareto_view(history, PARAMS, ERROR, selected=4).selected
    assert marked == (4, history.value(4, PARAMS.name), history.value(4, ERROR.name))


def test_the_table_beside_the_plot_has_the_front_in_words() -> None:
    view = pareto_view(searched(40, 7), PARAMS, ERROR)
    summary = pareto_summary(view, [ERROR, PARAMS])
    assert summary["columns"] == ["validation error (%)", "parameters"]
    assert [row[0] for row in summary["front"]] == view.front.trials.tolist()
    assert summary["metrics"] == [{"name": ERROR.name, "label": ERROR.title}, {"name": PARAMS.name, "label": PARAMS.title}]


def test_thousands_of_trials_take_milliseconds() -> None:
    history = searched(3000, 8)
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        pareto_view(history, PARAMS, ERROR, twin=history)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.05  # 4 ms for 10,000 on a quiet machine
