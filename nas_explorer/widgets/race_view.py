"""Strategies side by side: the Python side of assets/widgets/src/race_view.tsx.

Traits, in the browser's order: stream, what, metric, clock, moment, hidden, guess. Clicks and choices come in here; all that is
shown goes out through `stream`, which only the follower's thread writes. The browser has the lines as far as they go, and by itself
draws as much of them as was known at a moment.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from dataclasses import replace
from typing import Any

import traitlets
from ipywidgets import widget_serialization

from nas_explorer.races.race import Race
from nas_explorer.search.follower import PERIOD_SECONDS
from nas_explorer.views.race_picture import blank_race_svg
from nas_explorer.widgets.live_view import STATIC, LiveView
from nas_explorer.widgets.race_view_content import Choice, RaceContent
from nas_explorer.widgets.race_view_status import RaceStatus, RaceSteering, announcement, banner, header
from nas_explorer.widgets.race_view_stream import RaceStream
from nas_explorer.widgets.steering import ACTIVE, QUIET_SECONDS

PLOT_SECONDS = 0.25  # lines are drawn anew at most so often
MOST_SEEDS = 1_000  # that a press adds
HIDDEN = "Hidden until somebody has guessed who wins."


class RaceView(LiveView):
    """See strategies race: their lines and bands as they come in, and who is ahead, with how sure that is.

    Args:
        race: a race, or its folder; while it runs the lines grow.
        hidden: whether nothing is shown until a guess is made, for a class.

    Attributes:
        what: `regret`, `best` or `hypervolume`.
        metric: of the best architecture so far by the first objective.
        clock: `trials`, `seconds` or `epochs`.
        moment: how many events of the race are known to the picture, None for all.
        guess: the lane that somebody thinks will win, None before.

    >>> view = RaceView(Race(["local_search"], "nas_bench_201", "tabular", 20, 3, run=folder).wait())
    >>> view.stream.header["word"]
    'Finished'
    >>> view.close()

    Raises:
        RunNotFound, RunDamaged, RunTooNew: if the folder cannot be read.
    """

    RUN = WORK = "race"
    _esm = STATIC / "race_view.js"
    _css = STATIC / "race_view.css"

    stream = traitlets.Instance(RaceStream).tag(sync=True, **widget_serialization)
    what = traitlets.Unicode("").tag(sync=True)
    metric = traitlets.Unicode("").tag(sync=True)
    clock = traitlets.Unicode("").tag(sync=True)
    moment = traitlets.Int(None, allow_none=True).tag(sync=True)
    hidden = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.Unicode(None, allow_none=True).tag(sync=True)

    def __init__(self, race: Race | str | os.PathLike[str], hidden: bool = False) -> None:
        self._get_ready("A picture of the race")
        self.race = race if isinstance(race, Race) else Race.open(race)
        self._content = RaceContent(self.race)
        self._steering = RaceSteering(self.race, self.follower.nudge)
        self._looking = threading.RLock()
        self._dismissed = 0
        self._drawn_at = 0.0
        self._drawn: tuple[Any, ...] = ()
        super().__init__(stream=RaceStream(), hidden=hidden)
        self._go_live(["what", "metric", "clock", "moment", "hidden", "guess"])

    # ---- the browser's side speaks
    def _take(self, message: dict[str, Any]) -> None:
        if message.get("type") == "command":
            name = str(message.get("name"))
            if name == "dismiss":
                self._dismissed = len(self.race.stopped)
            self._steering.command(name)
        elif message.get("type") == "add":
            self._steering.add(str(message.get("strategy")))
        elif message.get("type") == "seeds" and type(message.get("count")) is int:
            self._steering.more_seeds(min(message["count"], MOST_SEEDS))
        elif message.get("type") == "export" and message.get("kind") in ("csv", "svg", "png"):
            self.send({"type": "file", "kind": message["kind"], "name": self.race.folder.name, "text": self._file(message["kind"])})

    def _file(self, kind: str) -> str:
        if kind != "csv":
            return self._picture(fluid=False)
        with self._looking:
            self.race.follow()
            return str(self.race.frame().to_csv(index=False))

    # ---- our side looks and shows
    def _forget(self) -> None:
        self._seen = self._drawn = ()

    def look(self) -> None:
        """Take in what is new and show it; called by the follower, at most 8 times a second."""
        with self._looking:
            self._look()

    def _look(self) -> None:
        self.race.follow()
        status = self._steering.status()
        active = status.phase in ACTIVE
        self.follower.period = PERIOD_SECONDS if active else QUIET_SECONDS
        choice = self._choice()
        seen = (self.race.history.event_count, status, choice, self.hidden, self.guess, self._dismissed, self.race.manifest)
        self._tell(seen, status, choice, active)
        self.picture.follow(self._picture, seen, active)

    def _tell(self, seen: tuple[Any, ...], status: RaceStatus, choice: Choice, active: bool) -> None:
        # At once, if the user did something and waits to see it, or if this is the last word; else as often as eyes can follow.
        hurry = seen[1:] != self._seen[1:] or not active
        now = time.monotonic()
        if seen == self._seen or not (hurry or now - self._drawn_at >= PLOT_SECONDS):
            return
        content: dict[str, Any] = {}
        drawn = (seen[0], seen[-1], replace(choice, moment=None))
        if drawn != self._drawn:
            content, self._drawn = {"plot": self._content.plot(choice)}, drawn
        ranked = self._content.ranking(choice)
        rows = self._content.rows(choice, ranked)
        self.stream.show(content | {
            "table": self._content.table(choice, rows),
            "header": header(self.race, status, self._content.name),
            "banner": banner(self.race, status, rows, ranked, self._content.then(choice), self._content.clock(choice), self._dismissed),
            "facts": self._content.facts(choice),
            "notes": list(self.race.manifest.notes),
            "offers": self._content.offers(status.phase),
            "verdict": self._verdict(status.phase, [row.name for row in rows], [row.place for row in rows]),
            "announcement": announcement(status),
        })
        self._drawn_at, self._seen = now, seen

    def _verdict(self, phase: str, names: list[str], places: list[str]) -> str:
        """What became of the guess."""
        if self.guess is None or self.guess not in names:
            return ""
        if phase != "finished":
            return f"You guessed {self.guess}. The race is still on."
        place = places[names.index(self.guess)]
        return f"You guessed {self.guess}: " + (f"place {place} of {len(names)}." if place else "it found nothing.")

    def _choice(self) -> Choice:
        return Choice(self.what, self.metric, self.clock, self.moment)

    def _picture(self, fluid: bool = True) -> str:
        with self._looking:  # the first picture is drawn by the cell, while the follower may be looking
            status = self._steering.status()
            words = header(self.race, status, self._content.name)
            choice = self._choice()
            if self.hidden and self.guess is None:
                return blank_race_svg(words["name"], words["word"], words["facts"], HIDDEN)
            return self._content.picture(words["word"], words["facts"], choice, fluid)


_views: weakref.WeakKeyDictionary[Race, RaceView] = weakref.WeakKeyDictionary()


def race_view_of(race: Race) -> RaceView:
    """The view of a race: one for each, so that its code travels to the browser once."""
    if race not in _views:
        _views[race] = RaceView(race)
    return _views[race]
