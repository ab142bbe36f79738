"""Everything that is known of a race: the one object that grows, one event at a time. Views and reports read it."""

from __future__ import annotations

from collections.abc import Sequence

from nas_explorer.records import race_events as e
from nas_explorer.records.metric import Metric
from nas_explorer.records.race_lane import LaneHistory
from nas_explorer.records.race_trace import CLOCKS, Clock, LaneTrace

__all__ = ["CLOCKS", "Clock", "LaneHistory", "RaceHistory"]


class RaceHistory:
    """All lanes of a race.

    Attributes:
        metrics: the objectives first, then what else is reported.
        lanes: in the order of the race.
        event_count: how many events were applied; the next has this number.
        finished: whether the race has ended, by its budget or by somebody who stopped it.
        searches: of every lane, as far as it was begun with them.
        era: how many events were known when searches were last added to lanes that had some: lines are over others since.
        traces: lane -> how far it had come after every event, sessions before the last included.
        worked: seconds that its sessions took, up to the newest event.
        ended: Unix time in seconds of the newest event; 0 before.
    """

    def __init__(self, metrics: Sequence[Metric], objective_count: int, lanes: Sequence[str], searches: int) -> None:
        self.metrics, self.objectives, self.searches = tuple(metrics), tuple(metrics[:objective_count]), searches
        self.lanes: dict[str, LaneHistory] = {name: self._blank(name) for name in lanes}
        self.traces: dict[str, LaneTrace] = {name: LaneTrace() for name in lanes}
        self.event_count = self.era = 0
        self.finished = False
        self.worked = self.ended = 0.0
        self._earlier: dict[str, list[LaneHistory]] = {name: [] for name in lanes}
        self._finishes: list[tuple[int, bool]] = []    # number of an event, and whether the race had ended after it

    def add_lane(self, name: str) -> None:
        """A strategy more, beside the others."""
        self.traces[name], self._earlier[name] = LaneTrace(), []
        self.lanes[name] = self._blank(name)

    def _blank(self, name: str) -> LaneHistory:
        return LaneHistory(name, self.metrics, len(self.objectives), self.searches)

    @property
    def is_through(self) -> bool:
        """Whether no lane goes further, whatever is done."""
        return all(lane.state == "stopped" or (lane.state == "finished" and lane.searches >= self.searches) for lane in self.lanes.values())

    def apply(self, event: e.RaceEvent) -> None:
        """Take the next event.

        Raises:
            ValueError: if it is not the next one, or speaks of a lane or a search that the race has not.
        """
        if event.number != self.event_count:
            raise ValueError(f"event {event.number} came where event {self.event_count} was due")
        match event:
            case e.RaceStarted():
                self._finish(event.number, False)
            case e.LaneStarted():
                self._start(event)
            case e.LaneAdvanced():
                lane = self._lane(event.lane)
                for progress in event.searches:
                    if not 0 <= progress.seed < lane.searches:
                        raise ValueError(f"lane {event.lane!r} has searches 0 to {lane.searches - 1}, got {progress.seed}")
                    lane.advance(event.number, progress)
                self.traces[event.lane].add(event.number, lane.spent, lane.ended)
            case e.LaneFinished():
                self._lane(event.lane).end(event.number, "finished", event.message)
            case e.LaneStopped():
                self._lane(event.lane).end(event.number, "stopped", event.message, event.details)
            case e.RaceFinished():
                self._finish(event.number, True)
        self.worked += 0.0 if isinstance(event, e.RaceStarted) else max(0.0, event.at - self.ended)
        self.ended = event.at
        self.event_count += 1

    def _start(self, event: e.LaneStarted) -> None:
        earlier = self._lane(event.lane)
        self.searches = max(self.searches, event.searches)
        lane = LaneHistory(event.lane, self.metrics, len(self.objectives), event.searches or self.searches)
        if earlier.state != "waiting":
            self._earlier[event.lane].append(earlier)
        if event.first:
            lane.keep(earlier, event.first)
            self.era = event.number + 1
        self.lanes[event.lane] = lane
        lane.start(event)
        self.traces[event.lane].add(event.number, lane.spent, lane.ended)

    def _finish(self, event: int, finished: bool) -> None:
        self.finished = finished
        self._finishes.append((event, finished))

    def at(self, events: int) -> RaceHistory:
        """As it stood after so many events: what a replay shows. Lanes are copies; times and traces stay those of the whole."""
        then = RaceHistory(self.metrics, len(self.objectives), list(self.lanes), self.searches)
        for name, lane in list(self.lanes.items()):
            begun = [attempt for attempt in (*self._earlier[name], lane) if attempt.has_begun(events)]
            then.lanes[name] = (begun[-1] if begun else lane).at(events)
        then.event_count = min(events, self.event_count)
        then.finished = next((finished for number, finished in reversed(self._finishes) if number < events), False)
        then.worked, then.ended, then.traces = self.worked, self.ended, self.traces
        return then

    def _lane(self, name: str) -> LaneHistory:
        if name not in self.lanes:
            raise ValueError(f"there is no lane {name!r} in this race; it has {', '.join(self.lanes)}")
        return self.lanes[name]
