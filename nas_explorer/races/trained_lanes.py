"""All lanes of a race in which networks are scored one by one: here, or on workers, several searches at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from nas_explorer.errors import StrategyFailed
from nas_explorer.races.repeats import MAX_REPEATS, repeats_text
from nas_explorer.races.table_lane import asked, told
from nas_explorer.races.track import Track
from nas_explorer.records import Metric, Trial
from nas_explorer.records.race_events import Progress
from nas_explorer.search.evaluator import Ended, Evaluator, Seen, failed
from nas_explorer.search.measured import check_objectives, checked
from nas_explorer.search.rations import Rations
from nas_explorer.spaces import Architecture, SearchSpace, to_indices
from nas_explorer.strategies.protocol import Proposer


class TrainedSearch:
    """One search under way; at most one of its trials is being scored, so that it is the same on one worker and on many."""

    def __init__(self, lane: str, proposer: Proposer, track: Track, estimator: object) -> None:
        self.lane, self.proposer, self.track, self.rations = lane, proposer, track, Rations(proposer, estimator)
        self.architecture = Architecture()
        self.values: dict[str, float] = {}
        self.step = 0
        self.repeats = 0

    def begin(self, architecture: Architecture) -> None:
        self.repeats = self.repeats + 1 if architecture == self.architecture else 1
        self.architecture, self.values, self.step = architecture, {}, 0


class TrainedLanes:
    """Goes round the searches, as many at once as the evaluator has slots. Iterate it once: it yields (lane, what came).

    What comes is the progress of a search, a `StrategyFailed` that ends the lane, or a text when the lane has run to its end.
    """

    def __init__(self, space: SearchSpace, lanes: Mapping[str, Sequence[Proposer]], evaluator: Evaluator, metrics: Sequence[Metric],
                 objective_count: int, limits: Mapping[str, float], estimator: object) -> None:
        """
        Args:
            metrics: the objectives first.
            estimator: may say how many epochs a full training has; a ration is a share of them.
        """
        self.space, self.evaluator, self.metrics = space, evaluator, tuple(metrics)
        self.objectives = self.metrics[:objective_count]
        self.lanes = {
            name: [TrainedSearch(name, each, Track(seed, self.objectives, limits), estimator) for seed, each in enumerate(proposers)]
            for name, proposers in lanes.items()
        }
        longest = max(map(len, self.lanes.values()), default=0)
        self.ready = deque(searches[seed] for seed in range(longest) for searches in self.lanes.values() if seed < len(searches))
        self.running: dict[int, TrainedSearch] = {}
        self.stopped: set[str] = set()
        self.count = 0

    def __iter__(self) -> Iterator[tuple[str, Progress | StrategyFailed | str]]:
        try:
            while self.ready or self.running:
                while self.ready and len(self.running) < self.evaluator.slots:
                    yield from self._begin(self.ready.popleft())
                if self.running:
                    yield from self._take(self.evaluator.report())
        finally:
            self.evaluator.close()

    def _begin(self, search: TrainedSearch) -> Iterator[tuple[str, Progress | StrategyFailed | str]]:
        if search.lane in self.stopped:
            return
        try:
            architecture = asked(search.proposer, search.track, self.space)
            if architecture is not None:
                search.begin(architecture)
                search.rations.give(self.count)
        except StrategyFailed as error:
            yield from self._stop(search.lane, error)
            return
        if architecture is None or not search.track.has_room(0.0, 0.0):
            search.track.ended = True
            yield from self._told(search)
            return
        self.running[self.count] = search
        self.evaluator.submit(self.count, architecture, search.rations.until(self.count))
        self.count += 1

    def _take(self, report: Seen | Ended) -> Iterator[tuple[str, Progress | StrategyFailed | str]]:
        search = self.running[report.trial]
        try:
            if isinstance(report, Seen):
                search.step = report.measurement.step
                search.values.update(search.rations.see(report.trial, search.step, checked(report.measurement)))
                if not search.rations.is_over(report.trial):
                    return
                self.evaluator.drop(report.trial, finished=True)
                report = Ended(report.trial)
            if not report.message:
                check_objectives(search.values, [m.name for m in self.objectives])
        except ValueError as error:
            self.evaluator.drop(report.trial)
            report = failed(report.trial, error)
        del self.running[report.trial]
        search.rations.end(report.trial)
        if search.lane not in self.stopped:
            yield from self._end(search, report.message)

    def _end(self, search: TrainedSearch, message: str) -> Iterator[tuple[str, Progress | StrategyFailed | str]]:
        track = search.track
        seconds, epochs = search.values.get("train_seconds", 0.0), float(search.step)
        if track.has_room(seconds, epochs):
            values = None if message else tuple(search.values.get(m.name, float("nan")) for m in self.metrics)
            track.add(values, seconds, epochs, to_indices(self.space, search.architecture))
            trial = Trial(track.trials - 1, search.architecture, "failed" if message else "finished", dict(search.values), message)
            try:
                told(search.proposer, trial)
            except StrategyFailed as error:
                yield from self._stop(search.lane, error)
                return
        track.ended = track.ended or search.repeats >= MAX_REPEATS
        if not track.ended:
            self.ready.append(search)
        yield from self._told(search)

    def _told(self, search: TrainedSearch) -> Iterator[tuple[str, Progress | StrategyFailed | str]]:
        yield search.lane, search.track.progress()
        searches = self.lanes[search.lane]
        if all(other.track.ended for other in searches):
            yield search.lane, repeats_text(sum(other.repeats >= MAX_REPEATS for other in searches), len(searches))

    def _stop(self, lane: str, error: StrategyFailed) -> Iterator[tuple[str, StrategyFailed]]:
        self.stopped.add(lane)
        for number in [number for number, search in self.running.items() if search.lane == lane]:
            self.evaluator.drop(number)
            del self.running[number]
        yield lane, error
