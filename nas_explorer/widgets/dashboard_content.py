"""Everything that a search's dashboard shows at one moment, as plain data. No widget and no thread in here."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nas_explorer.records import History, Metric, history_at, in_force
from nas_explorer.search.kept_truth import truth_of
from nas_explorer.search.search import Search
from nas_explorer.search.steered import budget_under, offers_under
from nas_explorer.search.twin import twin_of
from nas_explorer.spaces import Architecture, size
from nas_explorer.spaces.notation import notation
from nas_explorer.views import (
    CurveView,
    ParetoView,
    RankFact,
    RowBook,
    curve_summary,
    curve_view,
    pareto_summary,
    pareto_view,
    space_noun,
    trial_detail,
    trial_table,
)
from nas_explorer.views.detail import facts, known_diagrams
from nas_explorer.views.explanation import why_sentence
from nas_explorer.views.option_codes import Codes, option_codes, still_fit
from nas_explorer.views.pareto import Points
from nas_explorer.views.picture import Selected, picture_svg
from nas_explorer.widgets.status import Status, announcement, banner, header, status_at

PAGE = 50
MOST_DETAILS = 300  # of trials that are over; drawn once


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user has chosen in the browser."""

    selected: int | None = None
    x: str = ""
    y: str = ""
    offset: int = 0
    dismissed: int = 0


class DashboardContent:
    """Makes the data of each panel; keeps what is dear to make again.

    Attributes:
        past: the search as it was at the moment that is shown; None: now.
    """

    def __init__(self, search: Search) -> None:
        self.search = search
        self.past: History | None = None
        self.twin = twin_of(search.plan)
        self.truth = truth_of(search.plan)
        self.view: ParetoView | None = None
        self.behind = False
        self.noun = space_noun(search.plan.space)
        self._optimum = self.truth.optimum(search.plan.objectives[0].name)[1] if self.truth else None
        self._true_fronts: dict[tuple[str, str], Points | None] = {}
        self._ranks: dict[int, RankFact] = {}
        self._book = RowBook()
        self._details: dict[tuple[int, bool], dict[str, Any]] = {}
        self._codes: Codes | None = None
        self._frame: ParetoView | None = None
        self._twin_past: History | None = None

    def at(self, events: int) -> DashboardContent:
        """The same search when so many events were known. Its plot has the axes of the last look, so that a replay stands still.

        Raises:
            ValueError: if there are not so many events.
        """
        if self.search.history.edits:
            self._coded()  # once, and not for every moment
        then = copy.copy(self)
        then.past = history_at(self.search.history, events)
        then._twin_past = None if self.twin is None else self.twin.at(then.past)
        then._frame, then.view = self.view, None
        return then

    @property
    def history(self) -> History:
        return self.search.history if self.past is None else self.past

    @property
    def twin_history(self) -> History | None:
        if self.past is not None or self.twin is None:
            return self._twin_past
        return self.twin.history

    def status(self, now: Status) -> Status:
        """That of the moment that is shown."""
        return now if self.past is None else status_at(self.past, now)

    def metrics(self) -> tuple[Metric, ...]:
        """Those that can be on an axis: the objectives, then what else was measured."""
        seen = self.history.metric_names
        return tuple(m for i, m in enumerate(self.search.run.manifest.metrics) if i < len(self.search.plan.objectives) or m.name in seen)

    def axes(self, wishes: Wishes) -> tuple[Metric, Metric]:
        """(x, y): as wished, else the second objective, or the parameter count, against the first."""
        metrics = {m.name: m for m in self.search.run.manifest.metrics}
        objectives = self.search.plan.objectives
        others = [
            m
            for m in (*objectives[1:], *(metrics[n] for n in ("parameter_count", "macs") if n in metrics), *metrics.values())
            if m != objectives[0]
        ]
        return metrics.get(wishes.x, others[0] if others else objectives[0]), metrics.get(wishes.y, objectives[0])

    def look(self, wishes: Wishes, patience: float | None = None) -> ParetoView:
        """Take in how far the search has come; the views are made from this one.

        Args:
            patience: seconds that the random twin may take to catch up; `behind` says whether it has.
        """
        self.behind = self.past is None and self.twin is not None and not self.twin.follow(self.history, patience)
        x, y = self.axes(wishes)
        frame = self._frame if self._frame is not None and (self._frame.x, self._frame.y) == (x, y) else None
        self.view = pareto_view(
            self.history,
            x,
            y,
            twin=self.twin_history,
            truth=self._true_front(x, y),
            selected=self.shown_trial(wishes),
            previous=self.view,
            frame=frame,
            fitting=self._fitting(),
        )
        return self.view

    def _fitting(self) -> npt.NDArray[np.bool_] | None:
        """Which trials the space can express that the user's edits leave at the moment that is shown; None: all."""
        history, space = self.history, self.search.plan.space
        edits = [edit for edit in in_force(history.edits) if edit.kind in ("pin", "veto")]
        if not edits:
            return None
        codes = self._codes if self.past is not None and self._codes is not None else self._coded()
        return still_fit(codes[: len(history)], space, offers_under(space, edits))

    def _coded(self) -> Codes:
        self._codes = option_codes(self.search.history, self.search.plan.space, self._codes)
        return self._codes

    def panels(self, wishes: Wishes, status: Status) -> dict[str, Any]:
        """The traits of the stream but for the figure, of the moment of the last look.

        Args:
            status: of the search now.
        """
        return {**self.moment_panels(wishes, status), **self._standing_panels(status)}

    def moment_panels(self, wishes: Wishes, status: Status) -> dict[str, Any]:
        """Those that differ between the moments of a search."""
        return {**self.plot_panels(wishes), **self._moving_panels(wishes, status), "events": self.history.event_count}

    def plot_panels(self, wishes: Wishes) -> dict[str, Any]:
        """What belongs to the plot: its counts, and the architecture that is shown."""
        view = self._viewed(wishes)
        return {"pareto": pareto_summary(view, self.metrics(), self.noun), "detail": self.detail(wishes, _on_front(view))}

    def list_panels(self, wishes: Wishes, status: Status) -> dict[str, Any]:
        """Counters, the curve and the table, which nobody reads eight times a second."""
        return {**self._moving_panels(wishes, status), **self._standing_panels(status)}

    def _moving_panels(self, wishes: Wishes, status: Status) -> dict[str, Any]:
        view, status = self._viewed(wishes), self.status(status)
        return {
            "header": header(self.search, status, self.past),
            "banner": banner(self.search, status, self.twin_history, wishes.dismissed, self.past),
            "curve": curve_summary(self.curve()),
            "table": trial_table(
                self.history,
                self._columns(),
                _on_front(view),
                self._book,
                offset=wishes.offset,
                page=PAGE,
                selected=wishes.selected,
                rank=self._rank_text if self.truth else None,
            ),
        }

    def _standing_panels(self, status: Status) -> dict[str, Any]:
        return {"tiles": self.tiles, "plan": self.plan(), "announcement": announcement(self.search, self.status(status))}

    @property
    def tiles(self) -> list[dict[str, str]]:
        """Every operation that a row of the table has shown; rows name them by their places."""
        return list(self._book.tiles)

    def _viewed(self, wishes: Wishes) -> ParetoView:
        return self.view if self.view is not None else self.look(wishes)

    def curve(self) -> CurveView:
        plan = self.search.plan
        budget = budget_under(plan.budget, in_force(self.history.edits))
        by_seconds = plan.budget.simulated_seconds is not None
        limit = budget.simulated_seconds if by_seconds else budget.trials
        objective = plan.objectives[0]
        return curve_view(
            self.history,
            objective,
            twin=self.twin_history,
            clock="simulated_seconds" if by_seconds else "trial",
            x_max=float(limit) if limit else None,
            optimum=self._optimum,
        )

    def shown_trial(self, wishes: Wishes) -> int | None:
        """The selected trial; as long as there is none, the best so far."""
        if wishes.selected is not None and 0 <= wishes.selected < len(self.history):
            return wishes.selected
        return self.history.incumbents[-1][0] if self.history.incumbents else None

    def detail(self, wishes: Wishes, front: frozenset[int]) -> dict[str, Any] | None:
        trial = self.shown_trial(wishes)
        if trial is None:
            return None
        detail = self._detail_of(trial, front)
        return detail if trial == wishes.selected else {**detail, "title": f"Best so far: {self.noun.removesuffix('s')} #{trial}"}

    def _detail_of(self, trial: int, front: frozenset[int]) -> dict[str, Any]:
        key = (trial, trial in front)
        if key in self._details and self.history.status(trial) != "running":
            return self._details[key]
        space = self.search.plan.space
        detail = trial_detail(
            self.history,
            space,
            trial,
            self._facts(),
            front,
            rank=self.rank(trial),
            spell=lambda architecture: notation(space, Architecture(architecture)),
            noun=self.noun.removesuffix("s"),
        )
        detail["why"] = why_sentence(self.history, space, trial)
        if self.history.status(trial) != "running":
            if len(self._details) >= MOST_DETAILS:
                self._details.pop(next(iter(self._details)))
            self._details[key] = detail
        return detail

    def rank(self, trial: int) -> RankFact | None:
        if self.truth is None:
            return None
        if trial not in self._ranks:
            found = self.truth.rank(self.history.architecture(trial))
            self._ranks[trial] = RankFact(found.rank, found.of, self.truth.final_metric.label, found.percentile)
        return self._ranks[trial]

    def plan(self) -> list[dict[str, str]]:
        plan = self.search.plan
        arrows = ", ".join(f"{m.title} {'↓' if m.minimize else '↑'}" for m in plan.objectives)
        return [
            {"label": label, "value": value}
            for label, value in (
                ("Space", f"{plan.space.name}, {size(plan.space):,} {self.noun}"),
                ("Strategy", self.search.run.strategy_name),
                ("Objectives", arrows),
                ("Budget", plan.budget.text),
                ("Estimator", plan.estimator_name),
                ("Baseline", "random search, same budget" if self.twin else "none: scoring it would cost as much as the search"),
                ("Seed", str(plan.seed)),
                ("Pace", f"at most {plan.pace:g} trials a second" if plan.pace else "as fast as it goes"),
                ("Run folder", str(self.search.folder)),
            )
        ]

    def picture(self, wishes: Wishes, status: Status) -> str:
        """The whole as one static SVG, for a notebook that is read without a kernel."""
        view, trial = self._viewed(wishes), self.shown_trial(wishes)
        words = header(self.search, status)
        chosen = None
        if trial is not None:
            rank = self.rank(trial)
            chosen = Selected(
                f"{self.noun.removesuffix('s').capitalize()} #{trial}",
                known_diagrams(self.search.plan.space, self.history.architecture(trial)),
                facts(self.history, self.search.plan.space, trial, self._facts()),
                f"rank {rank.rank:,} of {rank.of:,}" if rank else "",
            )
        return picture_svg(words["name"], words["word"].lower(), words["facts"], view, self.curve(), chosen, noun=self.noun)

    def _columns(self) -> list[Metric]:
        extra = [m for m in self.search.run.manifest.metrics if m.name == "parameter_count"]
        return list(dict.fromkeys((*self.search.plan.objectives[:3], *extra)))

    def _facts(self) -> list[Metric]:
        wanted = [m for m in self.search.run.manifest.metrics if m.name in ("parameter_count", "macs")]
        return list(dict.fromkeys((*self.search.plan.objectives, *wanted)))

    def _rank_text(self, trial: int) -> str:
        rank = self.rank(trial)
        return f"{rank.rank:,}" if rank else ""

    def _true_front(self, x: Metric, y: Metric) -> Points | None:
        key = (x.name, y.name)
        if key not in self._true_fronts:
            found = None
            if self.truth is not None and x != y:
                points = np.array([values for _, values in self.truth.front([x.name, y.name])])
                found = (points[:, 0], points[:, 1])
            self._true_fronts[key] = found
        return self._true_fronts[key]


def _on_front(view: ParetoView) -> frozenset[int]:
    return frozenset(view.front.trials.tolist())
