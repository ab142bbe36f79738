"""A lane of a race on a table, one search after the other: for strategies that cannot run as matrices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nas_explorer.errors import InvalidArchitecture, StrategyFailed
from nas_explorer.estimators.protocol import Estimator
from nas_explorer.races.lookup import Lookup
from nas_explorer.races.repeats import MAX_REPEATS, repeats_text
from nas_explorer.races.track import Track
from nas_explorer.records import Metric, Trial
from nas_explorer.records.race_events import Progress
from nas_explorer.search.rations import epoch_of
from nas_explorer.spaces import Architecture, SearchSpace, to_indices
from nas_explorer.strategies.protocol import Exhausted, Proposer, Rationing


class TableLane:
    """Runs some trials of one search, then of the next, until all have ended. Iterate it once.

    A ration is heeded where the table has learning curves; one that looks once has nothing shorter to offer.

    Attributes:
        message: what is worth knowing of how the searches did, at the end.
    """

    def __init__(self, space: SearchSpace, proposers: Sequence[Proposer], lookup: Lookup, estimator: Estimator,
                 objectives: Sequence[Metric], limits: Mapping[str, float], measured: Sequence[Mapping[str, float]], steps: int) -> None:
        """
        Args:
            measured: what a trial is told to have measured, for every row of the table.
            steps: trials of one search in a row.
        """
        self.space, self.lookup, self.measured, self.steps, self.message = space, lookup, measured, steps, ""
        self.estimator, self.objectives = estimator, tuple(objectives)
        self.searches = [TableSearch(proposer, Track(seed, objectives, limits)) for seed, proposer in enumerate(proposers)]
        self.values = [tuple(row) for row in lookup.columns.tolist()]
        self.seconds: list[float] = lookup.seconds.tolist()

    def __iter__(self) -> Iterator[list[Progress]]:
        while not all(search.track.ended for search in self.searches):
            told = []
            for search in self.searches:
                if not search.track.ended:
                    self._run(search)
                    told.append(search.track.progress())
            yield told
        self.message = repeats_text(sum(search.repeats >= MAX_REPEATS for search in self.searches), len(self.searches))

    def _run(self, search: TableSearch) -> None:
        track, proposer = search.track, search.proposer
        for _ in range(self.steps):
            architecture = asked(proposer, track, self.space)
            if architecture is None:
                return
            row = tuple(to_indices(self.space, architecture))
            place = self.lookup.place(row)
            seen = self._look(architecture, place, proposer.ration() if isinstance(proposer, Rationing) else 1.0)
            if not track.has_room(seen.seconds, seen.epochs):
                return
            track.add(seen.values, seen.seconds, seen.epochs, row)
            told(proposer, Trial(track.trials - 1, architecture, "finished" if place >= 0 else "failed", seen.measured, seen.message))
            search.note(place)
            if track.ended:
                return

    def _look(self, architecture: Architecture, place: int, share: float) -> Looked:
        epochs = self.lookup.epochs
        if place < 0:
            return Looked(None, 0.0, epochs, {}, "the table does not have this architecture")
        if share >= 1 or epochs <= 1:
            return Looked(self.values[place], self.seconds[place], epochs, self.measured[place])
        return self._short(architecture, place, epoch_of(share, int(epochs)))

    def _short(self, architecture: Architecture, place: int, most: int) -> Looked:
        """What the table says of the first epochs; the metrics that are only reported stay those of the end."""
        measured: dict[str, float] = {}
        step = 0
        for measurement in self.estimator.evaluate(architecture):
            measured.update(measurement.values)
            step = measurement.step
            if step >= most:
                break
        if step == 0:                                  # it looks once
            return Looked(self.values[place], self.seconds[place], self.lookup.epochs, self.measured[place])
        names = [m.name for m in self.objectives]
        values = (*(measured[name] for name in names), *self.values[place][len(names):])
        return Looked(values, measured.get("train_seconds", 0.0), float(step), measured)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the table gave, and what it would have cost; values of the race's metrics, None where it has none."""

    values: tuple[float, ...] | None
    seconds: float
    epochs: float
    measured: Mapping[str, float]
    message: str = ""


class TableSearch:
    """One search of a lane, and how often in a row it proposed the same."""

    def __init__(self, proposer: Proposer, track: Track) -> None:
        self.proposer, self.track = proposer, track
        self.repeats, self._last = 0, -2

    def note(self, place: int) -> None:
        self.repeats = self.repeats + 1 if place == self._last else 1
        self._last = place
        if self.repeats >= MAX_REPEATS:
            self.track.ended = True


def asked(proposer: Proposer, track: Track, space: SearchSpace) -> Architecture | None:
    """The next proposal; None, and the end of its search, where nothing is left.

    Raises:
        StrategyFailed: if it raises, or proposes what is not in the space.
    """
    try:
        architecture = proposer.ask()
        if not isinstance(architecture, Architecture):
            raise InvalidArchitecture(f"{architecture!r:.200} is no Architecture")
        to_indices(space, architecture)
    except Exhausted:
        track.ended = True
        return None
    except InvalidArchitecture as error:
        raise StrategyFailed(f"search {track.seed} proposed what is not in the space, as trial {track.trials}: {error}") from error
    except Exception as error:
        raise StrategyFailed(f"search {track.seed} raised {type(error).__name__} when asked for trial {track.trials}: {error}") from error
    return architecture


def told(proposer: Proposer, trial: Trial) -> None:
    """
    Raises:
        StrategyFailed: if it raises.
    """
    try:
        proposer.tell(trial)
    except Exception as error:
        raise StrategyFailed(f"it raised {type(error).__name__} when told of trial {trial.number}: {error}") from error
