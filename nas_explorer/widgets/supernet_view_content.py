"""Everything that the view of a search's shared weights shows, as plain data. No widget and no thread in here."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.estimators.protocol import Truth, measuring
from nas_explorer.records import History, shown
from nas_explorer.records.events import Snapshot
from nas_explorer.search.search import Search
from nas_explorer.spaces import Architecture
from nas_explorer.views import clock_text, seconds_left, space_noun
from nas_explorer.views.supernet import supernet_drawing
from nas_explorer.views.supernet_charts import chart_specs
from nas_explorer.views.supernet_moment import TrueRank, moment
from nas_explorer.views.supernet_picture import supernet_svg
from nas_explorer.widgets.status import Status, banner, header

ACTIVE = ("running", "pausing", "stopping", "waiting")  # while the clock of the search goes
MOST_ON_PICTURE = 200  # moments


class SupernetContent:
    """Makes the data of the view; keeps what is dear to make again."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.drawing = supernet_drawing(search.plan.space)
        self.noun = space_noun(search.plan.space)
        self.truth = _truth(search)
        self._ranks: dict[Architecture, TrueRank | None] = {}

    @property
    def history(self) -> History:
        return self.search.history

    @property
    def epochs(self) -> int | None:
        """How many the search has planned; None where its weights are not shared, and in a run of somebody else's parts."""
        if self.search.plan.one_shot is None:
            return None
        planned = self.search.run.manifest.estimator.get("options", {})
        epochs = planned.get("epochs") if isinstance(planned, Mapping) else None
        return epochs if type(epochs) is int else None

    def static(self) -> dict[str, Any]:
        """What does not change while the search goes on."""
        return {**self.drawing.plain(), "noun": self.noun, "epochs": self.epochs, "charts": chart_specs(self.drawing)}

    def state(self, status: Status) -> dict[str, Any]:
        """The traits of the stream that tell how the search stands."""
        return {"header": self.header(status), "banner": self.banner(status), "announcement": self.announcement(status)}

    def moment(self, number: int) -> dict[str, Any]:
        """What is shown of one snapshot: always the same, however far the search has come since."""
        snapshot = self.history.snapshots[number]
        return moment(self.drawing, snapshot, number, self.rank(snapshot.architecture), self.noun)

    def rank(self, architecture: Architecture) -> TrueRank | None:
        """Where a table has the architecture; None where there is no table, or it is not in it."""
        if self.truth is None:
            return None
        if architecture not in self._ranks:
            self._ranks[architecture] = _rank(self.truth, architecture)
        return self._ranks[architecture]

    def header(self, status: Status) -> dict[str, Any]:
        """The dashboard's, with epochs in the place of trials."""
        words = header(self.search, status)
        last = self.history.snapshots[-1] if self.history.snapshots else None
        done = last.epoch if last is not None else 0.0
        share = min(1.0, done / self.epochs) if self.epochs else 0.0
        finished = status.phase == "finished"
        of = f" of {self.epochs}" if self.epochs else ""
        return {
            **words,
            "title": "Supernet",
            "facts": self._facts(status, last, share),
            "progress": 1.0 if finished else share if self.epochs else None,
            "progress_text": f"epoch {epoch_text(done)}{of}",
            "reattach": f'nas.SupernetView("{self.search.folder}")',
        }

    def _facts(self, status: Status, last: Snapshot | None, share: float) -> list[dict[str, str]]:
        history, now = self.history, time.time() if status.phase in ACTIVE else None
        if last is None:
            return [{"label": "Epochs", "value": f"{self.epochs}"}] if self.epochs else []
        of = f" of {self.epochs}" if self.epochs else ""
        facts = [{"label": "Epoch", "value": f"{epoch_text(last.epoch)}{of}"}]
        elapsed = history.elapsed(now)
        left = seconds_left(elapsed, share, 3) if status.phase == "running" and self.epochs else None
        if left is not None and share < 1:
            return [*facts, {"label": "Left", "value": clock_text(left)}]
        return [*facts, {"label": "Took" if now is None else "Elapsed", "value": clock_text(elapsed)}]

    def banner(self, status: Status) -> dict[str, Any] | None:
        """What the state of the search asks to be said; warnings of a moment are the moment's."""
        said = banner(self.search, status, None, self.history.failed_count)
        if said is not None and said["bold"] == "Done.":
            return {**said, "text": self.closing()}
        return said

    def closing(self) -> str:
        """What a finished search would answer."""
        if not self.history.snapshots:
            return "This search has trained no shared weights."
        rank = self.rank(self.history.snapshots[-1].architecture)
        if rank is None:
            return "Train the derived architecture from scratch to know what it is worth."
        value = f", {rank.value} {rank.label}" if rank.value else ""
        return f"The derived architecture has true rank {rank.rank:,} of {rank.of:,}{value}."

    def announcement(self, status: Status) -> str:
        """For screen readers: the state at once, progress an epoch at most."""
        last = self.history.snapshots[-1] if self.history.snapshots else None
        word = header(self.search, status)["word"]
        return f"{word}." if last is None else f"{word}, epoch {int(last.epoch)}. {last.warning}".rstrip()

    def picture(self, status: Status, number: int | None = None) -> str:
        """One moment as a static SVG, for a notebook that is read without a kernel."""
        words = self.header(status)
        count = len(self.history.snapshots)
        shown_number = count - 1 if number is None or not 0 <= number < count else number
        rows = [self.moment(i) for i in _thinned(shown_number + 1)]
        return supernet_svg(words["name"], words["word"], words["facts"], self.drawing, rows, self.epochs, self.noun)


def epoch_text(epoch: float) -> str:
    """
    >>> epoch_text(20.0), epoch_text(3.25)
    ('20', '3.2')
    """
    return f"{epoch:.0f}" if epoch == int(epoch) else f"{epoch:.1f}"


def _thinned(count: int) -> list[int]:
    """At most so many of the first `count` numbers, the last always among them."""
    step = max(1, -(-count // MOST_ON_PICTURE))
    return sorted({*range(0, count, step), count - 1} - {-1})


def _truth(search: Search) -> Truth | None:
    """What knows every architecture: the truth that the shared weights are held against, if it is a table."""
    known: tuple[object, ...] = (search.plan.truth, search.plan.estimator)
    return next((one for one in known if isinstance(one, Truth)), None)


def _rank(truth: Truth, architecture: Architecture) -> TrueRank | None:
    metric = truth.final_metric
    try:
        found = truth.rank(architecture)
        values = [m.values for m in measuring(truth, [metric.name]).evaluate(architecture)][-1]  # type: ignore[arg-type]
    except InvalidArchitecture:
        return None
    value = f"{shown(values[metric.name], metric.unit)} {metric.unit}".strip() if metric.name in values else ""
    return TrueRank(found.rank, found.of, value, metric.label)
