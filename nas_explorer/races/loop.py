"""A race is an iterator of events: every lane goes on a little, then the next. No files; a test just lists it."""

from __future__ import annotations

import math
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from nas_explorer.errors import NasExplorerError, StrategyFailed
from nas_explorer.races.fleet_lane import FleetLane
from nas_explorer.races.lookup import Lookup
from nas_explorer.races.plan import RacePlan
from nas_explorer.races.table_lane import TableLane
from nas_explorer.races.trained_lanes import TrainedLanes
from nas_explorer.records.race_events import (
    LaneAdvanced,
    LaneFinished,
    LaneStarted,
    LaneStopped,
    Progress,
    RaceEvent,
    RaceFinished,
    RaceStarted,
)
from nas_explorer.search.constraints import within
from nas_explorer.search.control import Control
from nas_explorer.search.session import evaluator_of
from nas_explorer.strategies.protocol import Fleet, Proposer, Strategy, Vectorised

LOOKS = 40                         # at the searches of a lane, on the way to a budget in trials
STEPS = 10                         # trials from look to look, where the budget is none in trials


class RaceLoop:
    """Runs a race. Iterate it once.

    Args:
        event_count: of earlier sessions.
        first: lane -> the search that it begins with; those before it have ended in an earlier session.
        control: lets another thread stop it.
        clock: Unix time in seconds.
    """

    def __init__(self, plan: RacePlan, event_count: int = 0, first: Mapping[str, int] | None = None, control: Control | None = None,
                 clock: Callable[[], float] = time.time) -> None:
        self.plan, self.count, self.clock = plan, event_count, clock
        self.control = control or Control()
        self.first = {name: (first or {}).get(name, 0) for name in plan.lanes}
        self.lanes = {name: strategy for name, strategy in plan.lanes.items() if self.first[name] < plan.searches}

    def __iter__(self) -> Iterator[RaceEvent]:
        yield RaceStarted(self._next(), self.clock())
        lookup = self.plan.lookup
        for event in self._trained() if lookup is None else self._on_table(lookup):
            yield event
            if self.control.stop_wanted:
                yield RaceFinished(self._next(), self.clock(), "stopped")
                return
        yield RaceFinished(self._next(), self.clock())

    # ---- on a table
    def _on_table(self, lookup: Lookup) -> Iterator[RaceEvent]:
        lanes: dict[str, FleetLane | TableLane] = {}
        names = [m.name for m in self.plan.objectives]
        seconds = ["train_seconds"] if "train_seconds" in {m.name for m in self.plan.search.estimator.metrics} else []
        measured = lookup.values(list(dict.fromkeys((*names, *seconds))))
        for name, strategy in self.lanes.items():
            try:
                lanes[name] = self._lane(strategy, self.first[name], lookup, measured)
            except Exception as error:
                yield self._stopped(name, _as_failure(error))
                continue
            yield self._started(name, isinstance(lanes[name], FleetLane))
        running = {name: iter(lane) for name, lane in lanes.items()}
        while running:
            for name in list(running):
                try:
                    advance = next(running[name], None)
                except Exception as error:
                    del running[name]
                    yield self._stopped(name, _as_failure(error))
                    continue
                if advance is None:
                    del running[name]
                    yield LaneFinished(self._next(), self.clock(), name, lanes[name].message)
                else:
                    yield self._advanced(name, advance)

    def _lane(self, strategy: Strategy, first: int, lookup: Lookup, measured: list[Mapping[str, float]]) -> FleetLane | TableLane:
        plan, limits = self.plan, self.plan.budget.limits
        steps = math.ceil(limits["trials"] / LOOKS) if "trials" in limits else STEPS
        fleet: Fleet | None = None
        if plan.vectorised and isinstance(strategy, Vectorised) and not (plan.space.constraints or plan.search.limits):
            fleet = strategy.begin_many(plan.problem(first), plan.searches - first)
        if fleet is not None:
            return FleetLane(fleet, lookup, plan.objectives, limits, plan.searches - first, steps)
        proposers, estimator = self._proposers(strategy, first), plan.search.estimator
        return TableLane(plan.space, proposers, lookup, estimator, plan.objectives, limits, measured, steps)

    # ---- one network after the other
    def _trained(self) -> Iterator[RaceEvent]:
        proposers: dict[str, list[Proposer]] = {}
        for name, strategy in self.lanes.items():
            try:
                proposers[name] = self._proposers(strategy, self.first[name])
            except Exception as error:
                yield self._stopped(name, _as_failure(error))
                continue
            yield self._started(name)
        search = self.plan.search
        lanes = TrainedLanes(search.space, proposers, evaluator_of(search), self.plan.metrics, len(self.plan.objectives),
                             self.plan.budget.limits, search.estimator)
        for name, news in lanes:
            match news:
                case Progress():
                    yield self._advanced(name, (news,))
                case StrategyFailed():
                    yield self._stopped(name, news)
                case str():
                    yield LaneFinished(self._next(), self.clock(), name, news)

    def _started(self, name: str, vectorised: bool = False) -> LaneStarted:
        return LaneStarted(self._next(), self.clock(), name, vectorised, self.first[name], self.plan.searches)

    def _advanced(self, name: str, told: Iterable[Progress]) -> LaneAdvanced:
        """A lane counts the searches that it runs from 0; the race counts those before them, too."""
        if first := self.first[name]:
            told = [replace(progress, seed=progress.seed + first) for progress in told]
        return LaneAdvanced(self._next(), self.clock(), name, tuple(told))

    def _proposers(self, strategy: Strategy, first: int) -> list[Proposer]:
        plan, search = self.plan, self.plan.search
        begun = [(number, strategy.begin(plan.problem(number))) for number in range(first, plan.searches)]
        return [within(one, plan.space, search.estimator, search.limits, search.seed + number) for number, one in begun]

    def _stopped(self, lane: str, error: NasExplorerError) -> LaneStopped:
        details = "".join(traceback.format_exception(error.__cause__ or error)).strip()
        return LaneStopped(self._next(), self.clock(), lane, str(error), details)

    def _next(self) -> int:
        number = self.count
        self.count += 1
        return number


def _as_failure(error: Exception) -> NasExplorerError:
    if isinstance(error, NasExplorerError):
        return error
    failure = StrategyFailed(f"it raised {type(error).__name__}: {error}")
    failure.__cause__ = error
    return failure
