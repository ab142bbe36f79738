"""The final table, its axes and its picture, on races with known answers."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from nas_explorer.records.race_events import Found, LaneAdvanced, LaneStarted, LaneStopped, Progress, RaceStarted
from nas_explorer.records.race_history import RaceHistory
from nas_explorer.views.race import LaneCurve, RaceLines, race_view, steady_grid
from nas_explorer.views.race_axes import x_axis, y_axis
from nas_explorer.views.race_measure import fair_point, measure
from nas_explorer.views.race_picture import blank_race_svg, race_svg
from nas_explorer.views.race_ranking import ranking
from nas_explorer.views.race_table import RaceRow, race_rows
from tests.views.test_race import METRICS, history, noisy, race

OPTIMA = {"validation_error": 5.0, "test_accuracy": 95.0}


def rows(of: RaceHistory, metric: str | None = None) -> dict[str, RaceRow]:
    lines = race_view(of, metric, optima=OPTIMA, grid=steady_grid(of, "trials", 100.0))
    found = race_rows(of, measure(of, metric, None, OPTIMA), lines, ranking(of, metric, random_lane="random"), "random")
    return {row.name: row for row in found}


def test_rows_say_how_each_lane_stands_against_random_search() -> None:
    found = rows(race())
    assert next(iter(found)) == "good"
    assert list(found)[-1] == "bad"
    assert {name: row.verdict for name, row in found.items()} == {
        "good": "better", "same": "unclear", "random": "baseline", "bad": "worse"}
    assert (found["good"].place, found["same"].place, found["random"].place, found["bad"].place) == ("1", "2–3", "2–3", "4")
    assert found["good"].middle == pytest.approx(5.0, abs=0.4)
    assert found["good"].mean_low < found["good"].mean < found["good"].mean_high
    assert (found["good"].beats, found["bad"].beats, found["random"].beats) == (1.0, 0.0, None)
    assert found["same"].beats == pytest.approx(0.5, abs=0.2)
    assert found["good"].finals.size == 40


def test_a_strategy_is_sooner_where_its_median_came_earlier_to_the_final_one_of_random_search() -> None:
    steps = {"random": noisy([(1, 30), (80, 20)], 9, 0), "quick": noisy([(1, 30), (10, 19), (90, 10)], 9, 1),
             "late": noisy([(1, 30), (95, 10)], 9, 2)}
    found = rows(history(steps))
    assert 7 <= (found["quick"].speed_up or 0) <= 9
    assert found["late"].verdict == "better"
    assert found["late"].speed_up is None


def test_an_accuracy_wins_by_being_high_and_its_regret_by_being_low() -> None:
    found = rows(race(), "test_accuracy")
    assert next(iter(found)) == "good"
    assert found["good"].middle == pytest.approx(5.0, abs=0.4)     # of 95: what is found has 90
    assert found["good"].mean_low <= found["good"].mean <= found["good"].mean_high
    assert found["good"].beats == 1.0


def test_ties_of_two_searches_count_half() -> None:
    found = rows(history({"random": [[(1, 20.0)], [(1, 10.0)]], "same": [[(1, 20.0)], [(1, 10.0)]]}))
    assert found["same"].beats == 0.5


def test_a_lane_that_found_nothing_stands_last_and_says_nothing() -> None:
    found = rows(history({"random": [[(1, 20.0)], [(1, 10.0)]], "nothing": [[], []]}))
    assert list(found) == ["random", "nothing"]
    assert found["nothing"].place == found["nothing"].verdict == ""
    assert np.isnan(found["nothing"].middle)
    assert found["nothing"].beats is None


def test_the_points_of_a_line_stay_while_a_race_goes_on() -> None:
    early, late = (history({"a": [steps, steps]}) for steps in ([(1, 40.0)], [(1, 40.0), (70, 30.0)]))
    assert steady_grid(early, "trials", 100.0).tolist() == steady_grid(late, "trials", 100.0).tolist()
    assert steady_grid(RaceHistory(METRICS, 1, ["a"], 2), "trials", 100.0).size == 0


def lines(middle: list[float]) -> RaceLines:
    values, nothing = np.array(middle), np.zeros(0)
    lane = LaneCurve("a", np.arange(1.0, len(middle) + 1), values, nothing, nothing, "finished")
    return RaceLines("regret", METRICS[0], "trials", (lane,), "regret", "", True)


def test_axes_are_round_and_a_regret_of_zero_stands_at_the_lower_edge() -> None:
    axis = y_axis(lines([37.0, 4.0, 0.0]), log=True)
    assert axis.ticks[0] == (axis.low, "0")
    assert (axis.low, axis.high) == (2.0, 50.0)
    assert axis.share(0.0) == 0.0
    assert axis.share(10.0) == pytest.approx(0.5)
    assert y_axis(lines([37.0, 4.0]), log=True).ticks == ((2.0, "2"), (5.0, "5"), (10.0, "10"), (20.0, "20"), (50.0, "50"))
    assert not y_axis(lines([0.0, 0.0]), log=True).is_log          # nothing that a logarithm could show
    assert y_axis(lines([7.0, 7.0]), log=True).high > y_axis(lines([7.0, 7.0]), log=True).low
    wide = y_axis(lines([1e-6, 1e6]), log=True)
    assert len(wide.ticks) <= 8


def test_first_guesses_run_off_a_linear_axis() -> None:
    assert y_axis(lines([90.0, *([10.0] * 98), 5.0]), log=False).high < 20


def test_the_clock_ends_with_the_budget() -> None:
    drawn = lines([5.0] * 30)
    assert x_axis(drawn, 300.0, log=False).ticks[-1] == (300.0, "300")
    assert x_axis(drawn, 300.0, log=True).low == 1.0
    assert [words for _, words in x_axis(drawn, 12_000.0, log=False).ticks] == ["0", "3,000", "6,000", "9,000", "12,000"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_is_svg_with_every_lane_escaped(theme: str) -> None:
    of = history({"<b>": noisy([(1, 30), (60, 10)], 5, 0), "random": noisy([(1, 30)], 5, 1)})
    drawn = race_view(of, optima=OPTIMA)
    found = ranking(of, random_lane="random")
    made = race_rows(of, measure(of, None, None, OPTIMA), drawn, found, "random")
    root = ElementTree.fromstring(race_svg("n", "Finished", [], drawn, 100.0, made, "random", found.sentence, theme))
    assert not root.findall(".//{*}b")
    words = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words.count("<b>") == 2                                  # at its line and in the table
    assert "better" in words
    assert "Hidden" in blank_race_svg("n", "Finished", [], "Hidden", theme)


def test_lanes_that_run_are_compared_where_all_have_come_to() -> None:
    """`quick` is better after 100 trials; after 20, where `random` is, it is worse."""
    of = RaceHistory(METRICS, 1, ["quick", "random", "late", "broken"], 2)
    told = {"quick": ([(1, 40.0), (50, 5.0)], 100), "random": ([(1, 30.0)], 20), "broken": ([(1, 35.0)], 3)}
    of.apply(RaceStarted(0, 0.0))
    for name, (steps, upto) in told.items():
        of.apply(LaneStarted(of.event_count, 0.0, name))
        found = tuple(Found(t, 10.0 * t, 0.0, (e, 100 - e), (t,)) for t, e in steps)
        searches = tuple(Progress(seed, upto, 10.0 * upto, 0.0, found, upto == 100) for seed in range(2))
        of.apply(LaneAdvanced(of.event_count, 0.0, name, searches))
    of.apply(LaneStopped(of.event_count, 0.0, "broken", "no more"))
    assert (fair_point(of, "trials"), fair_point(of, "seconds")) == (20.0, 200.0)
    found = rows(of)
    assert list(found) == ["random", "broken", "quick", "late"]
    assert found["quick"].finals.tolist() == [35.0, 35.0]
    assert found["broken"].finals.tolist() == [30.0, 30.0]          # it goes no further: what it has
    assert found["broken"].verdict == "stopped"
    assert found["late"].finals.size == 0
    of.apply(LaneAdvanced(of.event_count, 0.0, "random", tuple(Progress(seed, 100, 1000.0, 0.0, (), True) for seed in range(2))))
    assert fair_point(of, "trials") is None
    assert next(iter(rows(of))) == "quick"
