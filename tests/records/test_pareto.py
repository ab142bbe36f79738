"""The incremental front equals the definition, and moocore's."""

from itertools import pairwise

import numpy as np
import pytest

from nas_explorer.records import ParetoFront, hypervolume, metric, pareto_mask

ERROR, LATENCY, ACCURACY = metric("validation_error"), metric("latency_ms"), metric("test_accuracy")
SETS = [(ERROR,), (ERROR, LATENCY), (ERROR, ACCURACY), (ERROR, LATENCY, ACCURACY)]


def by_definition(points: np.ndarray, metrics: tuple) -> list[int]:
    """Points that no other dominates; of equal ones the first."""
    costs = points * [1 if m.minimize else -1 for m in metrics]
    return [
        i
        for i, a in enumerate(costs)
        if not any((np.all(b <= a) and np.any(b < a)) or (j < i and np.all(a == b)) for j, b in enumerate(costs))
    ]


@pytest.mark.parametrize("metrics", SETS)
@pytest.mark.parametrize("grid", [4, 1000])
def test_the_front_equals_the_definition_after_every_point(metrics: tuple, grid: int) -> None:
    rng = np.random.default_rng(0)
    points = rng.integers(0, grid, size=(120, len(metrics))).astype(float)  # a coarse grid makes many ties
    front = ParetoFront(metrics)
    for trial, point in enumerate(points):
        before = set(front.trials)
        joined = front.add(trial, point)
        assert set(front.trials) == set(by_definition(points[: trial + 1], metrics))
        assert joined == (trial in front.trials)
        assert joined or set(front.trials) == before
    assert sorted(front.trials) == sorted(np.flatnonzero(pareto_mask(points, metrics)).tolist())
    assert all(np.array_equal(points[t], p) for t, p in zip(front.trials, front.points, strict=True))


@pytest.mark.parametrize("metrics", SETS)
def test_the_front_of_any_time_before_is_that_of_the_points_until_then(metrics: tuple) -> None:
    points = np.random.default_rng(1).integers(0, 12, size=(90, len(metrics))).astype(float)
    whole, until_then = ParetoFront(metrics), ParetoFront(metrics)
    for trial, point in enumerate(points):
        whole.add(trial, point)
    for trial, point in enumerate(points):
        found = whole.before(lambda number, count=trial: number < count)
        assert (found.trials, found.points) == (until_then.trials, until_then.points)
        assert found.before(lambda number: number < 30).trials == by_costs(points[: min(30, trial)], metrics)
        until_then.add(trial, point)
    assert found.add(len(points), [m.cost(-100.0) for m in metrics])
    assert found.trials == [len(points)]


def by_costs(points: np.ndarray, metrics: tuple) -> list[int]:
    costs = [[m.cost(value) for m, value in zip(metrics, point, strict=True)] for point in points]
    return sorted(by_definition(points, metrics), key=costs.__getitem__)


def test_the_front_runs_from_the_best_of_the_first_metric_to_its_worst() -> None:
    front = ParetoFront((ACCURACY, LATENCY))
    for trial, point in enumerate([(90.0, 5.0), (95.0, 9.0), (80.0, 1.0)]):
        front.add(trial, point)
    assert front.trials == [1, 0, 2]
    assert all(a > b for (a, _), (b, _) in pairwise(front.points))


def test_a_point_without_a_number_is_never_on_the_front() -> None:
    front = ParetoFront((ERROR, LATENCY))
    assert not front.add(0, (float("nan"), 0.0))
    assert front.add(1, (50.0, 50.0))


def test_hypervolume_is_the_area_of_the_staircase() -> None:
    points = [(1.0, 3.0), (2.0, 2.0), (3.0, 1.0)]
    assert hypervolume(points, (4.0, 4.0), (ERROR, LATENCY)) == pytest.approx(1 + 2 + 3)
    assert hypervolume([(90.0, 2.0)], (80.0, 4.0), (ACCURACY, LATENCY)) == pytest.approx(10 * 2)
    assert hypervolume([(5.0, 5.0)], (4.0, 4.0), (ERROR, LATENCY)) == 0.0
