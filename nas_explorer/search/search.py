"""The handle that a notebook holds: start a search in the background, steer it, and read what it has found."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from nas_explorer.errors import RunError, RunExists, RunNotWritable
from nas_explorer.estimators import outcome
from nas_explorer.estimators.protocol import Estimator
from nas_explorer.one_shot.protocol import OneShot
from nas_explorer.records import Edit, Event, History, Trial, in_force
from nas_explorer.records.manifest import FILE as MANIFEST
from nas_explorer.records.run import Run
from nas_explorer.search.absent import check_present
from nas_explorer.search.background import Background
from nas_explorer.search.budget import Budget
from nas_explorer.search.chosen import chosen_trial
from nas_explorer.search.handing import hand_in
from nas_explorer.search.looking import plan_to_look
from nas_explorer.search.parcel import packed
from nas_explorer.search.plan import TRUTH_COUNT, SearchPlan, make_plan
from nas_explorer.search.replay import Replay
from nas_explorer.search.session import Session
from nas_explorer.search.steered import budget_under, wide_plan
from nas_explorer.search.steering import Steering
from nas_explorer.spaces import Architecture, SearchSpace
from nas_explorer.spaces.own_operations import own_operations
from nas_explorer.strategies.protocol import Strategy

if TYPE_CHECKING:
    import optuna
    import pandas as pd
    from distributed import Client

    from nas_explorer.records.importance import Method
    from nas_explorer.views.comparison import Comparison
    from nas_explorer.views.explanation import Explanation
    from nas_explorer.views.importance import Importance
    from nas_explorer.views.neighbours import Neighbourhood

Phase = Literal["idle", "running", "pausing", "paused", "stopping", "finished", "stopped", "failed", "interrupted"]
POLL_SECONDS = 0.05


class Search:
    """An architecture search on a run folder.

    Args:
        space: what can be built, or its name.
        strategy: who proposes, or its name; or a one-shot method such as "enas", which trains all architectures at once.
        estimator: who scores, or its name. None: what `task` means.
        objectives: names of metrics, the first decides which architecture is best; by default the estimator's first.
        budget: a Budget, or a number of trials; None: 100 trials, and for a one-shot method its epochs.
        seed: same seed, same search.
        workers: processes that score trials (one thread each), or a Dask scheduler that runs already, by address or Client.
        pace: trials a second at most, so that eyes can follow a search on a table; None for as fast as it goes.
        run: the folder to write, by default the next free one in `runs/`.
        task: what networks learn, instead of an estimator: with shared weights for a one-shot method, each by itself for others.
        epochs: of that; passes over the data.
        truth: an estimator, a table or a short training, that shared weights are compared with while a one-shot method runs:
            snapshots then hold Kendall's tau.
        truth_count: how many architectures are compared.
        constraints: what every proposal must keep, such as "latency_ms <= 5" or "parameter_count <= 100_000", checked before
            anything is trained for it: what breaks one is no trial.

    >>> search = Search("nas_bench_201", "random_search", "tabular", ["validation_error"], budget=20, run=folder)
    >>> for event in search.events():        # the same loop inline; start() runs it in a background kernel
    ...     pass
    >>> len(search.trials), search.best.number == search.front[0].number
    (20, True)

    Raises:
        UnknownName, InvalidOption, InvalidMetric, InvalidSpace: in the words of what was typed.
        RunExists: if there is a run in `run` already; `nas.open(run)` opens it.
    """

    def __init__(
        self,
        space: SearchSpace | str,
        strategy: Strategy | OneShot | str,
        estimator: Estimator | str | None = None,
        objectives: Sequence[str] | str | None = None,
        budget: Budget | int | Mapping[str, float] | None = None,
        seed: int = 0,
        workers: int | str | Client = 1,
        pace: float | None = None,
        run: str | os.PathLike[str] | None = None,
        *,
        task: object = None,
        epochs: int | None = None,
        truth: Estimator | str | None = None,
        truth_count: int = TRUTH_COUNT,
        constraints: Sequence[str] | str = (),
    ) -> None:
        chosen = (space, strategy, estimator, objectives, budget, seed, pace, workers, task, epochs, truth, truth_count, constraints)
        plan = make_plan(*chosen)
        folder = Path(run) if run is not None else _free_folder(plan)
        if (folder / MANIFEST).exists():
            raise RunExists(f"{folder} holds a run already; open it with nas.open({str(folder)!r}), or choose another folder")
        self._take(plan, Run(folder, plan.manifest()))

    @classmethod
    def open(
        cls,
        run: str | os.PathLike[str],
        strategy: Strategy | OneShot | None = None,
        estimator: Estimator | None = None,
        truth: Estimator | None = None,
    ) -> Search:
        """A run folder as a search: to look at it, steer it, or go on with it, from any notebook, after any restart.

        Args:
            strategy, estimator, truth: to go on with a run that has parts of the user's own, which no file can bring back. To look
                at it and to replay it they are not needed, nor the packages that brought its parts.

        Raises:
            RunNotFound, RunDamaged, RunTooNew: if the folder cannot be read.
        """
        opened = Run.open(run)
        search = cls.__new__(cls)
        search._take(plan_to_look(opened.manifest, strategy, estimator, truth), opened)
        return search

    def _take(self, plan: SearchPlan, run: Run) -> None:
        self._plan = self._wide = plan
        self.run = run
        self._background = Background(run.folder)
        self._session: Session | None = None
        self._handed: list[tuple[int, float, Edit]] = []
        self._adds: list[Edit] = []
        self._wish: Literal["", "pausing", "stopping"] = ""

    @property
    def plan(self) -> SearchPlan:
        """What it was to be, with the options that the user added while it ran."""
        adds = [given.edit for given in self.history.edits if given.edit.added]
        if adds and adds != self._adds:
            self._wide, self._adds = wide_plan(self._plan, adds), adds
        return self._wide

    @property
    def folder(self) -> Path:
        return self.run.folder

    @property
    def history(self) -> History:
        """Everything known so far; `follow` brings it up to date."""
        return self.run.history

    # ---- running
    def start(self) -> Search:
        """Start in a background kernel and return; the notebook stays free, and may be closed.

        Raises:
            RunError: if it runs already or has ended.
        """
        phase = self.phase
        if phase != "idle":
            raise RunError(f"{self.folder} is {phase}. " + _WAY_ON[phase])
        self._create()
        self._launch()
        return self

    def pause(self) -> Search:
        """Begin no new trial; the one under way is finished first."""
        if self.phase == "running":
            self._background.command("pause")
            self._wish = "pausing"
        return self

    def resume(self) -> Search:
        """Go on: after a pause, after a stop, or after whatever killed the background kernel.

        Raises:
            RunError: if there is nothing to go on with.
        """
        phase = self.phase
        if phase in ("paused", "pausing"):
            self._background.command("resume")
            self._wish = ""
        elif phase in ("interrupted", "stopped", "failed"):
            self._launch()
        elif phase != "running":
            raise RunError(f"{self.folder} is {phase}. " + _WAY_ON[phase])
        return self

    def stop(self) -> Search:
        """End the search after the trial under way; what is finished stays, and `resume` can still go on."""
        if self.phase in ("running", "paused", "pausing"):
            self._background.command("stop")
            self._wish = "stopping"
        return self

    def wait(self, timeout: float | None = None) -> str:
        """Wait until the search no longer runs (finished, stopped, paused, failed, interrupted) and return its phase.

        Raises:
            TimeoutError: if it still runs after so many seconds.
        """
        end = None if timeout is None else time.monotonic() + timeout
        while (phase := self.phase) in ("running", "pausing", "stopping"):
            if end is not None and time.monotonic() > end:
                raise TimeoutError(f"{self.folder} still runs after {timeout:g} seconds; it goes on in the background")
            time.sleep(POLL_SECONDS)
        return phase

    def events(self) -> Iterator[Event]:
        """The same search inline: every event as it happens, written to the run folder first.

        Leaving the iteration stops the search where it is; a new `events()` goes on from there.

        Raises:
            RunInUse: if it runs elsewhere.
            RunError: if parts of the run are not there.
        """
        check_present(self.plan.strategy, self.plan.estimator)
        if self.phase == "idle":
            self._create()
        elif self.history.phase == "finished":
            return
        self._session = session = Session(self.folder, self._plan)
        try:
            with self.run.written_here():
                for event in session:
                    self.history.apply(event)
                    yield event
        finally:
            if self._session is session:
                self._session = None

    @property
    def budget(self) -> Budget:
        """Of the whole search, with what the user changed in it."""
        return budget_under(self._plan.budget, in_force(self.history.edits))

    @property
    def steer(self) -> Steering:
        """To step into the search: pin or veto options, set limits and the budget, propose by hand, undo."""
        return Steering(self, self._plan, self._handed, self._hand_in)

    def _hand_in(self, edit: Edit) -> Edit | None:
        return hand_in(edit, self._plan, self.folder, self.phase, self._session, self._background)

    # ---- reading
    def follow(self) -> int:
        """Take in what has been written since the last look; returns how many events that were."""
        return self.run.follow()

    @property
    def phase(self) -> Phase:
        """What the search is doing now. `interrupted`: its process is gone before its end; `resume()` goes on."""
        state = self.run.state
        if state not in ("running", "paused") or (state == "paused" and self._wish == "pausing"):
            self._wish = ""
        return self._wish or state

    @property
    def trials(self) -> pd.DataFrame:
        """One row a trial: status, metrics, message, seconds, and a column a decision."""
        self.follow()
        return self.history.frame()

    @property
    def best(self) -> Trial | None:
        """The finished trial with the best first objective."""
        self.follow()
        return self.history.best

    @property
    def derived(self) -> Architecture | None:
        """What a one-shot search would answer now: the architecture of its newest snapshot; None before the first."""
        self.follow()
        return self.history.snapshots[-1].architecture if self.history.snapshots else None

    @property
    def front(self) -> list[Trial]:
        """The trials on the Pareto front, from the best value of the first objective on."""
        self.follow()
        return [self.history.trial(number) for number in self.history.front.trials]

    def replay(self, trial: int | None = None) -> Replay:
        """The search from its beginning, to be played again: shows itself as a dashboard that only looks.

        Args:
            trial: begin at the moment at which this one had just ended.

        Raises:
            InvalidOption: if no such trial has ended.
        """
        self.follow()
        return Replay.of(self, trial)

    # ---- asking
    def explain(self, trial: Trial | int | None = None) -> Explanation:
        """Why a trial was proposed, as far as its strategy told the log; None: the best.

        Raises:
            RunError, InvalidOption: if there is no such trial.
        """
        from nas_explorer.search.questions import explanation

        self.follow()
        return explanation(self, trial)

    def compare(self, first: Trial | int, second: Trial | int | None = None) -> Comparison:
        """Two trials side by side: what differs, what each difference is worth, and the change in every metric; None: the best.

        Raises:
            RunError, InvalidOption: if there is no such trial.
        """
        from nas_explorer.search.questions import comparison

        self.follow()
        return comparison(self, first, second)

    def neighbours(self, trial: Trial | int | None = None) -> Neighbourhood:
        """Every architecture one decision away from a trial's, and the change in each objective: as the table of the search
        knows it, as the search has measured it, or unknown. None: the best.

        Raises:
            RunError, InvalidOption: if there is no such trial.
        """
        from nas_explorer.search.questions import around

        self.follow()
        return around(self, trial)

    def importance(self, metric: str | None = None, method: Method = "ped_anova") -> Importance:
        """How much every decision mattered for an objective, so far; None: for the first.

        Args:
            method: `ped_anova`, or `fanova`, which needs scikit-learn.

        Raises:
            RunError: if fewer than ten trials have finished.
            InvalidMetric, InvalidOption: if there is no such objective or method.
        """
        from nas_explorer.search.questions import importance_of

        self.follow()
        return importance_of(self, metric, method)

    # ---- out with the best
    def build(self, which: Trial | int | Mapping[str, Any] | None = None, seed: int | None = None) -> Any:
        """The network of a trial as a torch.nn.Module with fresh weights, made for the task of the search.

        Args:
            which: a trial, its number, or an architecture; None: the best.
            seed: of the weights.

        Raises:
            RunError: if no trial has finished yet.
        """
        return outcome.build(self.plan.estimator, self.plan.space, self._architecture(which), seed)

    def retrain(
        self,
        which: Trial | int | Mapping[str, Any] | None = None,
        epochs: int | None = None,
        task: Any = None,
        seed: int | None = None,
    ) -> Any:
        """Train the network of a trial from scratch, by the recipe of the search: iterate what comes back, or `nas.watch` it.

        Args:
            which: a trial, its number, or an architecture; None: the best.
            epochs: None: as many as the search took for a trial.
            task: another one; a search on a table has none, so there it must be said.
            seed: of weights and order; None: as in the search.

        Returns:
            A `Retraining`: one measurement an epoch; then its `test` says what it is worth, and its `network` is trained.

        Raises:
            RunError: if no trial has finished yet.
            InvalidOption: if nothing says what the network is to learn.
        """
        return outcome.retraining(self.plan.estimator, self.plan.space, self._architecture(which), epochs, task, seed)

    def _architecture(self, which: Trial | int | Mapping[str, Any] | None) -> Mapping[str, Any]:
        self.follow()
        return which if isinstance(which, Mapping) else chosen_trial(self.history, which).architecture

    # ---- and else
    def status(self) -> dict[str, Any]:
        """What the background kernel says of itself: why it waits (`waiting`) or broke off (`error`).

        Raises:
            KernelLost: if there is none.
        """
        return self._background.command("status", timeout=2.0)

    def to_study(self, storage: str | optuna.storages.BaseStorage | None = None, name: str | None = None) -> optuna.Study:
        """The run as an Optuna study, in memory or in a storage that optuna-dashboard opens."""
        from nas_explorer.records.study import to_study

        self.follow()
        return to_study(self.history, self.plan.space, name or self.folder.name, storage)

    def __repr__(self) -> str:
        return (
            f"Search({self.plan.space.name!r}, {self.plan.strategy_name!r}, run={str(self.folder)!r}: {self.phase}, "
            f"{self.history.ended_count} trials)"
        )

    # ---- the folder and the kernel
    def _create(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.run.manifest.write(self.folder)
        except OSError as error:
            raise RunNotWritable(
                f"{self.folder} cannot be written: {error.strerror or error}; choose another folder with run=..."
            ) from error

    def _launch(self) -> None:
        check_present(self.plan.strategy, self.plan.estimator)
        self._wish = ""
        self._background.launch(packed(self.plan.custom, own_operations(self.plan.space)))


_WAY_ON: dict[str, str] = {
    "idle": "start() begins it.",
    "running": "pause() and stop() steer it.",
    "pausing": "resume() lets it go on.",
    "paused": "resume() lets it go on.",
    "stopping": "wait() tells when it has stopped; then resume() goes on.",
    "finished": "Its budget is spent; begin a new Search for more.",
    "stopped": "resume() goes on from its last trial.",
    "failed": "resume() tries to go on from its last trial.",
    "interrupted": "resume() goes on from its last finished trial.",
}


def _free_folder(plan: SearchPlan) -> Path:
    stem = f"{plan.space.name}-{plan.strategy_name}"
    return next(folder for n in itertools.count(1) if not (folder := Path("runs") / f"{stem}-{n}").exists())
