"""What a race looks like: lines, bands, words and who won, on histories with known answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from nas_explorer.records import metric
from nas_explorer.records.race_events import Found, LaneAdvanced, LaneStopped, Progress, RaceStarted
from nas_explorer.records.race_history import RaceHistory
from nas_explorer.views.figures import figure_json
from nas_explorer.views.race import clock_grid, race_view
from nas_explorer.views.race_figure import lane_style, race_figure
from nas_explorer.views.race_ranking import ranking

METRICS = (metric("validation_error"), metric("test_accuracy"))
TRIALS = 100


def history(lanes: Mapping[str, Sequence[Sequence[tuple[int, float]]]]) -> RaceHistory:
    """Lane -> searches -> (trial, error) whenever it improved; every search has ended after 100 trials of 10 s."""
    first = next(iter(lanes.values()))
    found = RaceHistory(METRICS, 1, list(lanes), len(first))
    found.apply(RaceStarted(0, 0.0))
    for number, (lane, searches) in enumerate(lanes.items(), start=1):
        told = tuple(
            Progress(seed, TRIALS, 10.0 * TRIALS, 0.0, tuple(Found(t, 10.0 * t, 0.0, (e, 100 - e), (t,)) for t, e in steps), True)
            for seed, steps in enumerate(searches))
        found.apply(LaneAdvanced(number, 0.0, lane, told))
    return found


def noisy(levels: Sequence[tuple[int, float]], searches: int, seed: int) -> list[list[tuple[int, float]]]:
    rng = np.random.default_rng(seed)
    return [[(trial, error + float(rng.normal(0, 0.5))) for trial, error in levels] for _ in range(searches)]


def race() -> RaceHistory:
    """`good` parts from `random` at trial 60, `same` never, `bad` is worse from the first on."""
    return history({
        "random": noisy([(1, 30), (10, 20)], 40, 0), "good": noisy([(1, 30), (10, 20), (60, 10)], 40, 1),
        "same": noisy([(1, 30), (10, 20)], 40, 2), "bad": noisy([(1, 40)], 40, 3),
    })


def test_lines_are_medians_and_bands_quartiles() -> None:
    view = race_view(history({"a": [[(1, 40.0)], [(1, 30.0), (50, 10.0)], [(1, 20.0)]]}))
    (curve,) = view.lanes
    at = dict(zip(curve.x.tolist(), zip(curve.low, curve.middle, curve.high, strict=True), strict=True))
    assert at[1.0] == (25.0, 30.0, 35.0)
    assert at[100.0] == (15.0, 20.0, 30.0)
    assert view.what == "best"
    assert view.less_is_better
    assert view.x_title == "trials"


def test_regret_is_the_distance_from_the_optimum_in_either_direction() -> None:
    steps = {"a": [[(1, 40.0)], [(1, 30.0)]]}
    errors = race_view(history(steps), optima={"validation_error": 25.0})
    assert errors.what == "regret"
    assert errors.lanes[0].middle[-1] == 10.0
    accuracies = race_view(history(steps), "test_accuracy", optima={"test_accuracy": 90.0})
    assert accuracies.lanes[0].middle[-1] == 25.0
    assert accuracies.less_is_better
    with pytest.raises(ValueError, match="the regret of test_accuracy needs its optimum"):
        race_view(history(steps), "test_accuracy", what="regret")
    with pytest.raises(ValueError, match="this race has no metric 'macs'; it has validation_error, test_accuracy"):
        race_view(history(steps), "macs")


def test_the_caption_says_which_metric_which_split_which_mean_and_how_many() -> None:
    caption = race_view(race(), "test_accuracy", optima={"test_accuracy": 95.0}).caption
    assert caption == ("Regret: distance from the best test accuracy there is, 95.00 %, to that of the best architecture so far, chosen by "
                       "validation error. A table's value is the mean over its trainings. Lines are medians over 40 searches, bands their "
                       "quartiles.")


def test_one_search_has_no_band_and_says_so() -> None:
    view = race_view(history({"a": [[(1, 40.0)]]}))
    assert not view.lanes[0].low.size
    assert "One search a lane, so there are no bands." in view.caption


def test_the_clock_goes_from_the_first_find_to_the_end() -> None:
    trials, seconds = clock_grid(race(), "trials"), clock_grid(race(), "seconds")
    assert trials[0] == 1
    assert trials[-1] == 100
    assert (trials == np.round(trials)).all()
    assert (np.diff(trials) > 0).all()
    assert seconds[0] == pytest.approx(10.0)
    assert seconds[-1] == 1000.0


def test_nothing_yet_is_no_error() -> None:
    empty = RaceHistory(METRICS, 1, ["a", "b"], 3)
    view = race_view(empty)
    assert all(not lane.x.size for lane in view.lanes)
    assert ranking(empty).sentence == "Nothing has been found yet."
    assert "Nothing has been found yet." in race_figure(view).to_json()
    assert not race_view(empty, what="hypervolume").lanes[0].x.size


def test_the_ranking_knows_who_is_better_since_when() -> None:
    found = ranking(race(), random_lane="random")
    assert (found.standings[0].name, found.standings[-1].name) == ("good", "bad")
    against = {comparison.name: comparison for comparison in found.against_random}
    assert 60 <= (against["good"].since or 0) <= 64       # the next point that is looked at
    assert against["good"].difference == pytest.approx(-10, abs=0.5)
    assert against["good"].high < 0
    assert not against["same"].is_clear
    assert against["same"].since is None
    assert against["bad"].since == 1.0
    assert found.sentence.startswith("good beats random from trial 6")
    assert "bad is worse than random from trial 1 on" in found.sentence
    assert "same cannot be told apart from random" in found.sentence


def test_the_direction_of_the_metric_counts() -> None:
    found = ranking(race(), "test_accuracy", random_lane="random")
    assert found.standings[0].name == "good"
    assert found.against_random[0].difference < 0
    seconds = ranking(race(), clock="seconds", random_lane="random")
    assert "s on" in seconds.sentence


def test_lanes_that_are_as_good_are_said_to_be() -> None:
    lanes = {"random": noisy([(1, 30)], 40, 0), "one": noisy([(1, 20)], 40, 1), "two": noisy([(1, 20)], 40, 2)}
    assert ranking(history(lanes), random_lane="random").sentence.endswith("; one and two cannot be told apart.") \
        or ranking(history(lanes), random_lane="random").sentence.endswith("; two and one cannot be told apart.")


def test_the_interval_of_a_mean_covers_it_as_often_as_it_says() -> None:
    """A 95 % interval over 300 races of 30 searches: 6 sigma below 95 % less what a percentile bootstrap lacks at 30."""
    rng, inside = np.random.default_rng(0), 0
    for _ in range(300):
        lane = [[(1, float(value))] for value in rng.normal(20, 3, size=30)]
        (standing,) = ranking(history({"a": lane})).standings
        inside += standing.low <= 20 <= standing.high
    assert 0.85 < inside / 300 < 0.99


def test_standard_deviations_are_those_of_the_population() -> None:
    (standing,) = ranking(history({"a": [[(1, 10.0)], [(1, 14.0)]]})).standings
    assert (standing.mean, standing.std, standing.searches, standing.trials_mean) == (12.0, 2.0, 2, 100.0)


@pytest.mark.parametrize(("searches", "words"), [
    (1, "which is better cannot be told. Give more seeds."), (3, "With 3 searches a lane intervals"),
])
def test_few_seeds_are_said_to_be_few(searches: int, words: str) -> None:
    lanes = {"random": noisy([(1, 30)], searches, 0), "good": noisy([(1, 10)], searches, 1)}
    assert words in ranking(history(lanes), random_lane="random").sentence


def test_a_figure_has_a_line_and_a_band_a_lane_and_names_at_their_ends() -> None:
    told = race()
    told.apply(LaneStopped(5, 0.0, "bad", "it raised"))
    view = race_view(told, optima={"validation_error": 5.0})
    figure = race_figure(view, random_lane="random")
    assert [trace.name for trace in figure.data if trace.fill is None] == ["good", "same", "bad", "random"]
    assert sum(trace.fill == "toself" for trace in figure.data) == 4
    assert {a.text for a in figure.layout.annotations} >= {"good", "same", "bad (stopped)", "random"}
    assert figure.layout.xaxis.type == figure.layout.yaxis.type == "log"
    assert figure.layout.yaxis.title.text == "regret in validation error (%)"
    json.dumps(figure_json(figure))


def test_names_cannot_become_markup() -> None:
    text = race_figure(race_view(history({"<img src=x>": [[(1, 40.0)]]}))).to_json()
    assert "<img" not in text
    assert "&lt;img" in text or "\\u003cimg" not in text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_fifty_lanes_look_different(theme: str) -> None:
    from nas_explorer.views.palette import palette

    assert len({lane_style(i, palette(theme)) for i in range(32)}) == 32


def test_a_regret_of_zero_is_drawn_at_the_bottom_of_a_log_axis() -> None:
    view = race_view(history({"a": [[(1, 40.0), (9, 25.0)], [(1, 40.0), (9, 25.0)]]}), optima={"validation_error": 25.0})
    figure = race_figure(view)
    assert min(figure.data[-1].y) == pytest.approx(15.0 / 3)
    assert any("A regret of 0 is drawn at the lower" in a.text for a in figure.layout.annotations)
    plain = race_figure(race_view(race(), optima={"validation_error": 5.0}))
    assert not any("A regret of 0" in a.text for a in plain.layout.annotations)
