"""A race as events: equal budgets, lanes that stop by themselves, and the same on matrices, in tables and on networks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from nas_explorer.errors import InvalidMetric, InvalidOption, UnknownName
from nas_explorer.races import fleet_lane, repeats, table_lane, trained_lanes
from nas_explorer.races.loop import RaceLoop
from nas_explorer.races.plan import make_race_plan
from nas_explorer.records.race_events import LaneAdvanced, LaneFinished, LaneStopped, RaceFinished, RaceStarted
from nas_explorer.records.race_history import RaceHistory
from nas_explorer.search.control import Control
from nas_explorer.strategies.hyperband import Hyperband
from nas_explorer.strategies.local_search import LocalSearch
from nas_explorer.strategies.random_search import RandomSearch
from nas_explorer.strategies.regularized_evolution import RegularizedEvolution
from nas_explorer.strategies.reinforce_per_decision import ReinforcePerDecision
from tests.races.tables import Misbehaving, OneByOne, SwitchTable
from tests.toys import CountOff, switches

EVOLUTION = RegularizedEvolution(5, 2)


def run(lanes: Any, budget: Any, seeds: int = 3, estimator: Any = None, **settings: Any) -> RaceHistory:
    plan = make_race_plan(lanes, switches(6), estimator or SwitchTable(), budget, seeds, **settings)
    history = RaceHistory(plan.metrics, len(plan.objectives), list(plan.lanes), plan.searches)
    for event in RaceLoop(plan):
        history.apply(event)
    return history


@pytest.mark.parametrize("vectorised", [True, False])
@pytest.mark.parametrize(("budget", "trials", "spent"), [
    ({"trials": 25}, 25, 250.0),
    ({"simulated_seconds": 199.0}, 19, 190.0),
    ({"simulated_seconds": 200.0}, 20, 200.0),
    ({"epochs": 42}, 10, 100.0),
])
def test_every_search_spends_the_same_and_a_trial_that_does_not_fit_does_not_count(vectorised: bool, budget: Any, trials: int,
                                                                                   spent: float) -> None:
    history = run({"evolution": EVOLUTION, "local": LocalSearch(), "random": RandomSearch()}, budget, vectorised=vectorised)
    for lane in history.lanes.values():
        assert lane.state == "finished"
        assert lane.spent["trials"].tolist() == [trials] * 3
        assert lane.spent["seconds"].tolist() == [spent] * 3
        assert lane.spent["epochs"].tolist() == [4.0 * trials] * 3
    assert [lane.vectorised for lane in history.lanes.values()] == [vectorised, False, vectorised]


def test_random_search_runs_in_every_race() -> None:
    assert list(run({"mine": EVOLUTION}, 10).lanes) == ["mine", "random_search"]
    assert list(run({"chance": RandomSearch()}, 10).lanes) == ["chance"]


@pytest.mark.parametrize(("what", "message"), [
    ("raise", "search 0 raised ZeroDivisionError when asked for trial 5: no such thing"),
    ("leave", "search 0 proposed what is not in the space, as trial 5: .*layer0"),
    ("nonsense", "search 0 proposed what is not in the space, as trial 5: 'an architecture' is no Architecture"),
    ("tell", "it raised KeyError when told of trial 5"),
])
@pytest.mark.parametrize("estimator", [SwitchTable(), CountOff()], ids=["table", "networks"])
def test_a_lane_that_misbehaves_stops_with_its_message_and_the_race_goes_on(what: str, message: str, estimator: Any) -> None:
    history = run({"bad": Misbehaving(what), "good": LocalSearch()}, 30, estimator=estimator)
    bad = history.lanes["bad"]
    assert bad.state == "stopped"
    assert re.search(message, bad.message), bad.message
    assert "Error" in bad.details or "Invalid" in bad.details or "KeyError" in bad.message
    assert np.isfinite(bad.final("validation_error")).any()                        # what it has found stays
    assert history.finished
    assert [lane.spent["trials"].tolist() for name, lane in history.lanes.items() if name != "bad"] == [[30.0] * 3] * 2


@dataclass(frozen=True)
class Unwilling:
    """Refuse to begin a second search.

    Source: what beginners write
    """

    def begin(self, problem: Any) -> Any:
        if problem.seed > 0:
            raise RuntimeError("only once")
        return LocalSearch().begin(problem)


def test_a_lane_that_cannot_begin_stops_alone() -> None:
    history = run({"bad": Unwilling()}, 10)
    assert history.lanes["bad"].message == "it raised RuntimeError: only once"
    assert history.lanes["random_search"].state == "finished"


@pytest.mark.parametrize("estimator", [SwitchTable(), CountOff()], ids=["table", "networks"])
def test_a_search_that_repeats_itself_for_ever_is_ended(estimator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (repeats, table_lane, trained_lanes):
        monkeypatch.setattr(module, "MAX_REPEATS", 20)
    lane = run({"bad": Misbehaving("repeat", at=3)}, 200, seeds=2, estimator=estimator).lanes["bad"]
    assert lane.state == "finished"
    assert lane.message == "2 of 2 searches proposed one architecture 20 times in a row and were ended there"
    assert lane.spent["trials"].max() <= 23


def test_a_fleet_that_has_settled_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (repeats, fleet_lane):
        monkeypatch.setattr(module, "MAX_REPEATS", 20)
    lane = run({"greedy": ReinforcePerDecision(learning_rate=5.0)}, 200, seeds=4).lanes["greedy"]
    assert lane.vectorised
    assert lane.spent["trials"].min() < 200
    assert "searches proposed one architecture 20 times in a row" in lane.message


def test_the_same_race_gives_the_same_results() -> None:
    once, again = (run({"evolution": EVOLUTION, "local": LocalSearch()}, 40) for _ in range(2))
    for name, lane in once.lanes.items():
        assert lane.rows() == again.lanes[name].rows()


def test_a_search_in_a_race_is_the_search_alone() -> None:
    """The second search of the lane of local search has seed 7 + 1, and finds what that search finds by itself."""
    lane = run({"local": LocalSearch()}, 30, seed=7).lanes["local"]
    alone = run({"local": LocalSearch()}, 30, seeds=1, seed=8).lanes["local"]
    assert lane.rows()[1] == alone.rows()[0]
    assert lane.final("validation_error")[1] == alone.final("validation_error")[0]


def test_a_race_on_networks_is_the_race_on_the_table_that_holds_their_results() -> None:
    on_table = run({"local": LocalSearch()}, 30)
    one_by_one = run({"local": LocalSearch()}, 30, estimator=OneByOne())
    assert on_table.lanes["local"].rows() == one_by_one.lanes["local"].rows()


def test_rations_are_heeded_where_trainings_are_watched() -> None:
    """Nine architectures for one epoch, three for three, one for nine: 27 epochs a bracket where random search trains three in full."""
    history = run({"hyperband": Hyperband(), "random": RandomSearch()}, {"epochs": 27}, seeds=2, estimator=CountOff(epochs=9))
    assert history.lanes["hyperband"].spent["trials"].tolist() == [13.0, 13.0]
    assert history.lanes["random"].spent["trials"].tolist() == [3.0, 3.0]
    assert history.lanes["hyperband"].spent["epochs"].tolist() == [27.0, 27.0]


def test_rations_are_heeded_on_a_table_with_learning_curves() -> None:
    """9 epochs of 3 ** 2: brackets of 9 x 1, 3 x 3 and 1 x 9 epochs; then 3 x 3 and 1 x 9; then 3 x 9."""
    plan = make_race_plan({"hyperband": Hyperband(), "bohb": "bohb"}, "digits_cells", "digits_cells", {"epochs": 27 + 18 + 27}, 3)
    history = RaceHistory(plan.metrics, len(plan.objectives), list(plan.lanes), plan.searches)
    for event in RaceLoop(plan):
        history.apply(event)
    assert plan.lookup is not None
    for name in ("hyperband", "bohb"):
        assert history.lanes[name].spent["trials"].tolist() == [13.0 + 4.0 + 3.0] * 3
        assert history.lanes[name].spent["epochs"].tolist() == [72.0] * 3
    assert history.lanes["random_search"].spent["trials"].tolist() == [8.0] * 3
    assert np.isfinite(history.lanes["hyperband"].final("test_error")).all()


def test_trials_of_what_the_table_lacks_fail_and_cost_a_trial() -> None:
    plan = make_race_plan(["random_search"], switches(6), SwitchTable(lacking=16), 50, 2)
    assert plan.notes == ("The table lacks 25.0% of the space's architectures; a trial of one of them fails.",)
    history = run({"local": LocalSearch()}, 50, estimator=SwitchTable(lacking=16))
    assert all(lane.spent["trials"].tolist() == [50.0] * 3 for lane in history.lanes.values())
    assert history.lanes["local"].final("validation_error").tolist() == [0.0] * 3


def test_the_events_of_a_race_tell_its_story() -> None:
    plan = make_race_plan({"bad": Misbehaving("raise", 0), "good": EVOLUTION}, switches(6), SwitchTable(), 20, 2)
    events = list(RaceLoop(plan, clock=lambda: 5.0))
    assert [event.number for event in events] == list(range(len(events)))
    assert isinstance(events[0], RaceStarted)
    assert isinstance(events[-1], RaceFinished)
    assert [event.lane for event in events if isinstance(event, LaneStopped)] == ["bad"]
    assert [event.lane for event in events if isinstance(event, LaneFinished)] == ["good", "random_search"]
    advances = [event for event in events if isinstance(event, LaneAdvanced) and event.lane == "good"]
    assert len(advances) == 21                                                      # a look a trial, and the end
    assert advances[3].searches[0].trials == 4


def test_a_race_can_be_stopped_from_outside() -> None:
    control = Control()
    plan = make_race_plan(["random_search"], switches(6), SwitchTable(), 1000, 2)
    seen = []
    for event in RaceLoop(plan, control=control):
        seen.append(event)
        if len(seen) == 4:
            control.stop()
    assert isinstance(seen[-1], RaceFinished)
    assert seen[-1].reason == "stopped"
    assert len(seen) <= 6


@pytest.mark.parametrize(("changed", "error", "message"), [
    ({"budget": {"wall_seconds": 5}}, InvalidOption, "cannot be fair by wall_seconds"),
    ({"budget": {"simulated_seconds": 5}}, InvalidOption, "use a budget of 5 simulated seconds: the cheapest trial takes 10"),
    ({"budget": {"epochs": 3}}, InvalidOption, "no strategy can use a budget of 3 epochs: the cheapest trial takes 4"),
    ({"budget": 0}, InvalidOption, "trials of a budget must be a number above zero"),
    ({"seeds": 0}, InvalidOption, "seeds must be a whole number of at least 1, got 0"),
    ({"lanes": "random_search"}, InvalidOption, "a race takes its lanes as"),
    ({"lanes": {"x": 3}}, InvalidOption, "lane 'x' needs a strategy or the name of one"),
    ({"lanes": {"": "random_search"}}, InvalidOption, "a lane has a short name, got ''"),
    ({"lanes": {"random_search": "local_search"}}, InvalidOption, "random search runs in every race"),
    ({"lanes": ["genetic"]}, UnknownName, "there is no strategy 'genetic'"),
    ({"objectives": ["weight"]}, InvalidMetric, "does not measure 'weight'"),
])
def test_what_cannot_be_a_race_is_refused(changed: Any, error: type[Exception], message: str) -> None:
    settings = {"lanes": ["random_search"], "space": switches(6), "estimator": SwitchTable(), "budget": 10, **changed}
    with pytest.raises(error, match=message):
        make_race_plan(**settings)


@pytest.mark.parametrize(("estimator", "budget", "words"), [
    (CountOff(epochs=9), {"trials": 9}, "hyperband trains most proposals shorter, and a budget in trials counts them as whole ones"),
    (SwitchTable(), {"trials": 9}, "The table has one length of training: what hyperband would train shortly is trained in full"),
    (CountOff(epochs=9), {"epochs": 99}, None),
])
def test_unequal_lengths_of_training_are_told(estimator: Any, budget: Any, words: str | None) -> None:
    notes = make_race_plan(["hyperband"], switches(6), estimator, budget, 5).notes
    assert notes == () if words is None else notes[0].startswith(words)


def test_a_lane_whose_settings_do_not_fit_is_named_before_the_race() -> None:
    with pytest.raises(InvalidOption, match=r"lane 'soft': kind='soft' needs an accuracy or error in % and then a cost"):
        make_race_plan({"soft": "mnasnet_soft"}, switches(6), SwitchTable(), 10, 2, ["latency_ms", "validation_error"])


def test_one_seed_says_so() -> None:
    assert make_race_plan(["random_search"], switches(6), SwitchTable(), 5, 1).notes[0].startswith("One seed a lane: there are no bands")
