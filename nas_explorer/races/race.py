"""The handle that a notebook holds: run a race, watch it, read who won, and open it again from its folder."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nas_explorer.errors import RunExists, RunNotWritable
from nas_explorer.estimators.protocol import Estimator
from nas_explorer.races.log import RaceLogReader, RaceLogWriter
from nas_explorer.races.loop import RaceLoop
from nas_explorer.races.plan import RANDOM, RacePlan, make_race_plan, race_plan_of
from nas_explorer.records.race_events import RaceEvent
from nas_explorer.records.race_history import CLOCKS, Clock, RaceHistory
from nas_explorer.records.race_manifest import FILE, RaceManifest
from nas_explorer.search.budget import Budget
from nas_explorer.search.control import Control
from nas_explorer.spaces import Architecture, SearchSpace, from_indices, space_from_json
from nas_explorer.strategies.protocol import Strategy
from nas_explorer.views.figures import figure_json
from nas_explorer.views.race import RaceView, What, race_view
from nas_explorer.views.race_figure import race_figure
from nas_explorer.views.race_ranking import Ranking, ranking

if TYPE_CHECKING:
    import pandas as pd


class Race:
    """Several strategies on one budget, many searches each.

    Args:
        lanes: {"name": strategy or its name, ...}, or a list of strategies' names. Random search is added where it is not among them.
        space, estimator: as for a `Search`. On a table strategies run as matrices where they can; networks are scored one by one.
        budget: of every search: a number of trials, or a Budget of trials, simulated_seconds or epochs. A trial that does not fit into
            what is left does not count, and ends its search.
        seeds: searches of every lane.
        objectives: the first decides which architecture is best.
        seed: of the first search of each lane; search i has seed + i. Searches that run as matrices share the first.
        workers: processes that score networks, or a Dask scheduler's address. The searches of a race do not depend on it.
        vectorised: whether strategies run as matrices where they can.
        run: the folder to write, by default the next free one in `runs/`.

    >>> race = Race(["regularized_evolution"], "nas_bench_201", "tabular", budget=100, seeds=30, run=folder)
    >>> for event in race.events():
    ...     pass
    >>> [standing.name for standing in race.ranking().standings]
    ['regularized_evolution', 'random_search']

    Raises:
        UnknownName, InvalidOption, InvalidMetric, InvalidSpace: in the words of what was typed.
        RunExists: if there is a run or race in `run` already.
    """

    def __init__(
        self,
        lanes: Mapping[str, Strategy | str] | Sequence[str],
        space: SearchSpace | str,
        estimator: Estimator | str,
        budget: Budget | int | Mapping[str, float] = 100,
        seeds: int = 20,
        objectives: Sequence[str] | str | None = None,
        seed: int = 0,
        workers: object = 1,
        vectorised: bool = True,
        run: str | os.PathLike[str] | None = None,
    ) -> None:
        plan = make_race_plan(lanes, space, estimator, budget, seeds, objectives, seed, workers, vectorised)
        folder = Path(run) if run is not None else _free_folder(plan)
        if folder.is_dir() and any(folder.iterdir()):
            raise RunExists(f"{folder} is not empty; open a race with Race.open({str(folder)!r}), or choose another folder")
        self._take(folder, plan.manifest(), plan)

    @classmethod
    def open(
        cls, run: str | os.PathLike[str], strategies: Mapping[str, Strategy] | None = None, estimator: Estimator | None = None
    ) -> Race:
        """A race from its folder, to look at it or to go on with it. Looking needs neither table nor strategies.

        Args:
            strategies, estimator: only to go on with a race that has parts of the user's own, which no file can bring back.

        Raises:
            RunNotFound, RunDamaged, RunTooNew: if the folder cannot be read.
        """
        race = cls.__new__(cls)
        race._take(Path(run), RaceManifest.read(Path(run)), None)
        race._own = (strategies, estimator)
        race.follow()
        return race

    def _take(self, folder: Path, manifest: RaceManifest, plan: RacePlan | None) -> None:
        self.folder, self.manifest, self._plan = folder, manifest, plan
        self.control = Control()
        self.history = RaceHistory(manifest.metrics, manifest.objective_count, list(manifest.lanes), manifest.searches)
        self._reader = RaceLogReader(folder)
        self._own: tuple[Mapping[str, Strategy] | None, Estimator | None] = (None, None)

    # ---- running
    def events(self) -> Iterator[RaceEvent]:
        """Run the race here: every event as it happens, written to its folder first.

        Leaving the iteration stops the race where it is; a new `events()` goes on. Lanes that had ended stay as they are, all others
        begin anew.

        Raises:
            RunInUse: if it runs elsewhere.
        """
        self._create()
        self.follow()
        if self.history.finished and all(lane.state in ("finished", "stopped") for lane in self.history.lanes.values()):
            return
        done = [name for name, lane in self.history.lanes.items() if lane.state in ("finished", "stopped")]
        plan = self._plan or race_plan_of(self.manifest, *self._own)
        self.control = Control()
        with RaceLogWriter(self.folder, self._reader.offset) as writer:
            for event in RaceLoop(plan, self.history.event_count, done, self.control):
                writer.append(event)
                self.history.apply(event)
                yield event

    def wait(self) -> Race:
        """Run to the end."""
        for _ in self.events():
            pass
        return self

    def stop(self) -> None:
        """End a race that runs in another thread, after what is under way."""
        self.control.stop()

    def follow(self) -> int:
        """Take in what another process has written since the last look; returns how many events that were."""
        before = self.history.event_count
        for event in self._reader.read():
            if event.number >= self.history.event_count:       # what this process itself has written it knows
                self.history.apply(event)
        return self.history.event_count - before

    # ---- reading
    @property
    def space(self) -> SearchSpace:
        return self._plan.space if self._plan else space_from_json(dict(self.manifest.space))

    @property
    def random_lane(self) -> str | None:
        """The lane that is random search."""
        return next((name for name, data in self.manifest.lanes.items() if data.get("name") == RANDOM), None)

    def view(self, metric: str | None = None, clock: Clock | None = None, what: What | None = None) -> RaceView:
        """The lines as plain data; see `views.race_view`."""
        return race_view(self.history, metric, clock or self._clock, what, self.manifest.optima, self.manifest.notes)

    def ranking(self, metric: str | None = None, clock: Clock | None = None) -> Ranking:
        """Who is ahead, how sure that is, and a sentence."""
        return ranking(self.history, metric, clock or self._clock, self.random_lane)

    def figure(self, metric: str | None = None, clock: Clock | None = None, what: What | None = None, theme: str = "light",
               log: bool = True) -> Any:
        """The lines as a plotly figure."""
        return race_figure(self.view(metric, clock, what), theme, self.random_lane, log)

    def found(self, lane: str) -> list[Architecture | None]:
        """The best architecture of each search of a lane; None of one that found nothing."""
        space = self.space
        return [None if row is None else from_indices(space, row) for row in self.history.lanes[lane].rows()]

    def frame(self) -> pd.DataFrame:
        """One row a search: what it spent, the metrics of the best architecture it found, and a column a decision."""
        import pandas as pd

        tables = []
        for name, lane in self.history.lanes.items():
            columns: dict[str, Any] = {"lane": name, "search": np.arange(lane.searches)}
            columns |= {clock: lane.spent[clock] for clock in CLOCKS} | {m.name: lane.final(m.name) for m in lane.metrics}
            decided = pd.DataFrame([dict(architecture or {}) for architecture in self.found(name)])
            tables.append(pd.concat([pd.DataFrame(columns), decided], axis=1))
        return pd.concat(tables, ignore_index=True)

    @property
    def stopped(self) -> dict[str, str]:
        """Lanes that could not go on, with the reason."""
        return {name: lane.message for name, lane in self.history.lanes.items() if lane.state == "stopped"}

    def __repr__(self) -> str:
        states = ", ".join(f"{name}: {lane.state}" for name, lane in self.history.lanes.items())
        return f"Race({str(self.folder)!r}, {Budget.of(self.manifest.budget).text}, {self.manifest.searches} searches a lane; {states})"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """In a notebook: the figure; where figures cannot be shown, the sentence."""
        return {"application/vnd.plotly.v1+json": figure_json(self.figure()), "text/plain": f"{self!r}\n{self.ranking().sentence}"}

    @property
    def _clock(self) -> Clock:
        return "seconds" if "simulated_seconds" in self.manifest.budget else "epochs" if "epochs" in self.manifest.budget else "trials"

    def _create(self) -> None:
        if (self.folder / FILE).exists():
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.manifest.write(self.folder)
        except OSError as error:
            raise RunNotWritable(f"{self.folder} cannot be written: {error.strerror or error}; choose another folder with run=") from error


def race(lanes: Mapping[str, Strategy | str] | Sequence[str], space: SearchSpace | str, estimator: Estimator | str,
         budget: Budget | int | Mapping[str, float] = 100, seeds: int = 20, **settings: Any) -> Race:
    """Run a race to its end and return it; `Race(...)` and its `events()` let you watch it on the way. Settings are those of `Race`."""
    return Race(lanes, space, estimator, budget, seeds, **settings).wait()


def _free_folder(plan: RacePlan) -> Path:
    return next(folder for n in itertools.count(1) if not (folder := Path("runs") / f"race-{plan.space.name}-{n}").exists())
