"""A race as it was: what is shown after some events is what somebody knew who had seen only those."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from nas_explorer.races.race import Race
from nas_explorer.records.race_events import LaneAdvanced, Progress, RaceEvent
from nas_explorer.records.race_history import CLOCKS, RaceHistory
from nas_explorer.strategies.local_search import LocalSearch
from nas_explorer.strategies.regularized_evolution import RegularizedEvolution
from nas_explorer.views.race import race_view, steady_grid
from nas_explorer.views.race_moments import moments
from nas_explorer.views.race_ranking import ranking
from tests.races.tables import Misbehaving, SwitchTable
from tests.toys import switches

LANES: Any = {"evolution": RegularizedEvolution(5, 2), "local": LocalSearch(), "broken": Misbehaving("raise", 12)}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> tuple[Race, list[RaceEvent]]:
    """A race of two objectives in which one lane breaks, that is stopped in the middle, goes on later, and gets another lane."""
    race = Race(LANES, switches(6), SwitchTable(), 20, 3, ["validation_error", "latency_ms"], run=tmp_path_factory.mktemp("past") / "race")
    events = []
    for event in race.events():
        events.append(event)
        if event.number == 25:
            race.stop()
    events += race.events()
    assert race.history.is_through
    events += race.add("exhaustive").events()
    return race, events


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Race, list[RaceEvent]]:
    """A race that gets seeds when it has ended, and is interrupted while they run."""
    objectives, folder = ["validation_error", "latency_ms"], tmp_path_factory.mktemp("grown") / "race"
    race = Race(["local_search"], switches(6), SwitchTable(), 20, 2, objectives, run=folder)
    events = list(race.events())
    for event in race.more_seeds(2).events():
        events.append(event)
        if len(events) == 60:
            break
    events += race.events()
    assert race.history.is_through
    return race, events


def replayed(race: Race, events: list[RaceEvent]) -> RaceHistory:
    manifest = race.manifest
    history = RaceHistory(manifest.metrics, manifest.objective_count, list(manifest.lanes), manifest.searches)
    for event in events:
        history.apply(event)
    return history


def known(history: RaceHistory) -> dict[str, Any]:
    """Everything that can be read."""
    lanes = {}
    for name, lane in history.lanes.items():
        columns = {column: lane.column(column).tolist() for column in ("event", "seed", *CLOCKS, *(m.name for m in lane.metrics))}
        spent = {clock: lane.spent[clock].tolist() for clock in CLOCKS}
        volumes = lane.final_volumes((64.0, 64.0)).tolist()
        lanes[name] = (lane.state, lane.message, lane.vectorised, spent, lane.ended.tolist(), lane.rows(), columns, str(volumes))
    return {"lanes": lanes, "count": history.event_count, "finished": history.finished}


def test_a_race_after_some_events_is_what_replaying_them_gives(story: tuple[Race, list[RaceEvent]]) -> None:
    check_every_moment(*story)


def test_so_it_is_where_searches_came_later(grown: tuple[Race, list[RaceEvent]]) -> None:
    check_every_moment(*grown)


def check_every_moment(race: Race, events: list[RaceEvent]) -> None:
    again = replayed(race, [])
    for count, event in enumerate([None, *events]):
        if event is not None:
            again.apply(event)
        then = race.history.at(count)
        assert known(then) == known(again), f"after {count} events"
        if count % 30 == 0:
            assert ranking(then, random_lane="random_search") == ranking(again, random_lane="random_search")


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_line_at_an_earlier_moment_is_the_beginning_of_the_line_now(story: tuple[Race, list[RaceEvent]], clock: Any) -> None:
    race, events = story
    grid = steady_grid(race.history, clock, {"trials": 20.0, "seconds": 200.0, "epochs": 80.0}[clock])
    found = moments(race.history, clock)
    assert found.events.tolist() == list(range(1, len(events) + 1))
    check_beginnings(race, events, clock, grid)


def test_where_searches_came_later_the_moments_begin_there(grown: tuple[Race, list[RaceEvent]]) -> None:
    race, events = grown
    found = moments(race.history, "trials")
    assert found.events[0] == race.history.era > len(events) // 3
    check_beginnings(race, events, "trials", steady_grid(race.history, "trials", 20.0))


def check_beginnings(race: Race, events: list[RaceEvent], clock: Any, grid: Any) -> None:
    now = race_view(race.history, clock=clock, optima=race.manifest.optima, grid=grid)
    found = moments(race.history, clock)
    assert (np.diff(found.spots) >= 0).all()
    again = replayed(race, events[: int(found.events[0]) - 1])
    for count, event, reach in zip(found.events.tolist(), events[int(found.events[0]) - 1:], found.reach, strict=True):
        again.apply(event)
        then = race_view(again, clock=clock, optima=race.manifest.optima, grid=grid)
        for lane, whole, far in zip(then.lanes, now.lanes, reach, strict=True):
            shown = whole.x <= far
            assert lane.x.tolist() == whole.x[shown].tolist(), f"{lane.name} after {count} events"
            for part in ("low", "middle", "high"):
                assert getattr(lane, part).tolist() == getattr(whole, part)[shown].tolist()


def test_of_very_many_moments_every_second_or_fourth_stays_and_the_last(story: tuple[Race, list[RaceEvent]]) -> None:
    race, events = story
    few = moments(race.history, "trials", most=30).events.tolist()
    assert len(few) <= 31
    assert few[-1] == len(events)
    earlier = moments(replayed(race, events[:-7]), "trials", most=30).events.tolist()
    assert set(earlier[:-1]) <= set(few)
    assert moments(replayed(race, []), "trials").events.size == 0


def test_a_race_can_be_read_while_another_thread_lets_it_grow(story: tuple[Race, list[RaceEvent]]) -> None:
    race, events = story
    history, broken = replayed(race, events), []
    grow = LaneAdvanced(0, 0.0, "local", next(e for e in events if isinstance(e, LaneAdvanced) and e.lane == "local").searches)
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                race_view(history)
                history.at(history.event_count)
            except (BufferError, ValueError, IndexError) as error:
                broken.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(len(events), len(events) + 3_000):
        history.apply(LaneAdvanced(number, 0.0, "local", grow.searches))
    done.set()
    reader.join()
    assert broken == []


def test_a_progress_of_a_lane_that_is_not_there_is_refused(story: tuple[Race, list[RaceEvent]]) -> None:
    race, _ = story
    with pytest.raises(ValueError, match="there is no lane 'nobody' in this race; it has evolution, local, broken, random_search"):
        replayed(race, [LaneAdvanced(0, 0.0, "nobody", (Progress(0, 1, 0.0, 0.0, ()),))])
