"""The handle that a notebook holds: run a race, watch it, read who won, and open it again from its folder."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nas_explorer.errors import InvalidOption, RunError, RunExists
from nas_explorer.estimators.protocol import Estimator
from nas_explorer.options import check_whole_number
from nas_explorer.races.loop import RaceLoop
from nas_explorer.races.plan import RANDOM, RacePlan, make_race_plan, race_plan_of
from nas_explorer.races.race_folder import RaceFolder
from nas_explorer.records.race_events import RaceEvent
from nas_explorer.records.race_history import CLOCKS, Clock, LaneHistory, RaceHistory
from nas_explorer.records.race_manifest import RaceManifest
from nas_explorer.search.background import Background
from nas_explorer.search.budget import Budget
from nas_explorer.search.control import Control
from nas_explorer.search.parcel import packed
from nas_explorer.spaces import Architecture, SearchSpace, from_indices, space_from_json
from nas_explorer.spaces.own_operations import own_operations
from nas_explorer.strategies.protocol import Strategy
from nas_explorer.views.figures import figure_json
from nas_explorer.views.race import RaceLines, race_view
from nas_explorer.views.race_figure import race_figure
from nas_explorer.views.race_measure import What
from nas_explorer.views.race_ranking import Ranking, ranking

if TYPE_CHECKING:
    import pandas as pd

Phase = Literal["idle", "running", "stopping", "finished", "stopped", "interrupted"]
HOST = "nas_explorer.races.host"  # the module that the background kernel of a race runs
POLL_SECONDS = 0.05


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
        constraints: what every proposal keeps, as for a `Search`; the best there is, that regret is counted from, keeps them too.

    >>> race = Race(["regularized_evolution"], "nas_bench_201", "tabular", budget=100, seeds=30, run=folder)
    >>> for event in race.events():
    ...     pass
    >>> [standing.name for standing in race.ranking().standings]
    ['regularized_evolution', 'random_search']

    In a notebook `race.start()` runs it in a background kernel, and `race` at the end of a cell shows it live.

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
        constraints: Sequence[str] | str = (),
    ) -> None:
        plan = make_race_plan(lanes, space, estimator, budget, seeds, objectives, seed, workers, vectorised, constraints)
        folder = Path(run) if run is not None else _free_folder(plan)
        if folder.is_dir() and any(folder.iterdir()):
            raise RunExists(f"{folder} is not empty; open a race with nas.open({str(folder)!r}), or choose another folder")
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
        self._files, self._plan = RaceFolder(folder, manifest), plan
        self._own: tuple[Mapping[str, Strategy] | None, Estimator | None] = (None, None)
        self._background = Background(folder, HOST)
        self._stopping = self._in_background = False
        self.control = Control()

    @property
    def folder(self) -> Path:
        return self._files.path

    @property
    def manifest(self) -> RaceManifest:
        return self._files.manifest

    @property
    def history(self) -> RaceHistory:
        """Everything known so far; `follow` brings it up to date."""
        return self._files.history

    # ---- running
    def start(self) -> Race:
        """Run it in a background kernel and return; the notebook stays free, and may be closed.

        Raises:
            RunError: if it runs already or has ended.
        """
        if (phase := self.phase) != "idle":
            raise RunError(f"{self.folder} is {phase}. {_WAY_ON[phase]}")
        self._files.create()
        self._launch()
        return self

    def resume(self) -> Race:
        """Go on in a background kernel, after a stop or whatever killed it. Lanes that had ended stay, the others begin anew.

        Raises:
            RunError: if there is nothing to go on with.
        """
        if (phase := self.phase) not in ("stopped", "interrupted", "running"):
            raise RunError(f"{self.folder} is {phase}. {_WAY_ON[phase]}")
        if phase != "running":
            self._launch()
        return self

    def _launch(self) -> None:
        self._in_background = True
        self._background.launch(self._parcel())

    def add(self, name: str, strategy: Strategy | str | None = None) -> Race:
        """Put one more lane beside the others; `resume()` or `wait()` lets it run. Those that have ended stay as they are.

        Args:
            strategy: by default the one of that name.

        Raises:
            RunError: if the race runs.
            InvalidOption, UnknownName: as for a new race; or if there is a lane of that name.
        """
        if name in self.manifest.lanes:
            raise InvalidOption(f"there is a lane {name!r} already; give another name: race.add({name + ' 2'!r}, ...)")
        return self._grow(self.manifest, {name: strategy or name})

    def more_seeds(self, count: int) -> Race:
        """So many searches more in every lane; `resume()` or `wait()` lets them run. Those that have ended stay as they are.

        Their seeds follow on. Only where searches run as matrices they are other ones than those of a race that had them at once.

        Raises:
            RunError: if the race runs.
            InvalidOption: if it is no whole number above 0.
        """
        check_whole_number("count", count)
        return self._grow(replace(self.manifest, searches=self.manifest.searches + count), {})

    def _grow(self, manifest: RaceManifest, more: Mapping[str, Strategy | str]) -> Race:
        if (phase := self.phase) in ("running", "stopping"):
            raise RunError(f"{self.folder} is {phase}; a race grows when it has ended or was stopped")
        strategies, estimator = (self._plan.lanes, self._plan.search.estimator) if self._plan else self._own
        plan = race_plan_of(manifest, strategies, estimator, more)
        grown = plan.manifest()
        self._files.grow(replace(manifest, lanes=grown.lanes, notes=grown.notes))
        self._plan = plan
        return self

    def stop(self) -> Race:
        """End the race after what is under way, wherever it runs. What is found stays; `resume` can still go on."""
        if self._files.is_written_here:
            self.control.stop()
        elif self.phase == "running":
            self._background.command("stop")
            self._in_background = self._stopping = True
        return self

    def wait(self, timeout: float | None = None) -> Race:
        """Wait until it no longer runs in the background; one that was not started there runs here, to its end.

        Raises:
            TimeoutError: if it still runs in the background after so many seconds.
        """
        if not self._in_background and self.phase not in ("running", "stopping"):
            for _ in self.events():
                pass
            return self
        end = None if timeout is None else time.monotonic() + timeout
        while self.phase in ("running", "stopping"):
            if end is not None and time.monotonic() > end:
                raise TimeoutError(f"{self.folder} still runs after {timeout:g} seconds; it goes on in the background")
            time.sleep(POLL_SECONDS)
        return self

    def events(self) -> Iterator[RaceEvent]:
        """Run the race here: every event as it happens, written to its folder first.

        Leaving the iteration stops the race where it is; a new `events()` goes on. Lanes that had ended stay as they are, all others
        begin anew.

        Raises:
            RunInUse: if it runs elsewhere.
        """
        self._files.create()
        self.follow()
        if self.history.finished and self.history.is_through:
            return
        plan = self._plan or race_plan_of(self.manifest, *self._own)
        with self._files.writing() as writer:
            first = {name: _first(lane, plan.searches) for name, lane in self.history.lanes.items()}
            self.control = Control()
            for event in RaceLoop(plan, self.history.event_count, first, self.control):
                writer.append(event)
                self.history.apply(event)
                yield event

    def _parcel(self) -> str:
        """The parts that no catalog can build again, for the background kernel."""
        own, estimator = self._own
        lanes = self._plan.lanes if self._plan else own or {}
        strategies = {name: lanes[name] for name, data in self.manifest.lanes.items() if data.get("custom") and name in lanes}
        found: dict[str, Any] = {"strategies": strategies} if strategies else {}
        given = self._plan.search.estimator if self._plan else estimator
        if given is not None and self.manifest.estimator.get("custom"):
            found["estimator"] = given
        return packed(found, own_operations(self.space))

    # ---- reading
    def follow(self) -> int:
        """Take in what another process has written since the last look; returns how many events that were."""
        return self._files.follow()

    @property
    def phase(self) -> Phase:
        """What it is doing now. `interrupted`: its process is gone before its end; `resume()` goes on."""
        state = self._files.state
        self._stopping = self._stopping and state == "running"
        wanted = self._files.is_written_here and self.control.stop_wanted
        return "stopping" if state == "running" and (self._stopping or wanted) else state

    @property
    def space(self) -> SearchSpace:
        return self._plan.space if self._plan else space_from_json(dict(self.manifest.space))

    @property
    def random_lane(self) -> str | None:
        """The lane that is random search."""
        return next((name for name, data in self.manifest.lanes.items() if data.get("name") == RANDOM), None)

    def view(self, metric: str | None = None, clock: Clock | None = None, what: What | None = None) -> RaceLines:
        """The lines as plain data; see `views.race_view`."""
        return race_view(self.history, metric, clock or self.clock, what, self.manifest.optima, self.manifest.notes)

    def ranking(self, metric: str | None = None, clock: Clock | None = None, what: What = "best") -> Ranking:
        """Who is ahead, how sure that is, and a sentence."""
        return ranking(self.history, metric, clock or self.clock, self.random_lane, what)

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
    def clock(self) -> Clock:
        """The clock of its budget."""
        return "seconds" if "simulated_seconds" in self.manifest.budget else "epochs" if "epochs" in self.manifest.budget else "trials"


def race(lanes: Mapping[str, Strategy | str] | Sequence[str], space: SearchSpace | str, estimator: Estimator | str,
         budget: Budget | int | Mapping[str, float] = 100, seeds: int = 20, wait: bool = True, **settings: Any) -> Race:
    """Run a race and return it; at the end of a cell that shows it. Settings are those of `Race`.

    Args:
        wait: until its end; without, it runs in a background kernel, and is seen while it runs.
    """
    made = Race(lanes, space, estimator, budget, seeds, **settings)
    return made.wait() if wait else made.start()


def _first(lane: LaneHistory, searches: int) -> int:
    """The search with which a lane goes on: after all that have ended as a whole; a lane that stopped goes no further."""
    return {"stopped": searches, "finished": lane.searches, "running": lane.first, "waiting": 0}[lane.state]


_WAY_ON: dict[str, str] = {
    "idle": "start() begins it.",
    "running": "stop() ends it.",
    "stopping": "wait() tells when it has stopped; then resume() goes on.",
    "finished": "Its budget is spent; add() and more_seeds() let it grow.",
    "stopped": "resume() goes on; lanes that had ended stay as they are.",
    "interrupted": "resume() goes on; lanes that had ended stay as they are.",
}


def _free_folder(plan: RacePlan) -> Path:
    return next(folder for n in itertools.count(1) if not (folder := Path("runs") / f"race-{plan.space.name}-{n}").exists())
