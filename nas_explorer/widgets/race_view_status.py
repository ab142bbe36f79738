"""The state of a race in words: its header and banner, and what the live region says."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nas_explorer.errors import NasExplorerError
from nas_explorer.races.race import Race
from nas_explorer.records.race_history import Clock, RaceHistory
from nas_explorer.views import clock_text
from nas_explorer.views.race_ranking import Ranking, groups, listed
from nas_explorer.views.race_table import RaceRow
from nas_explorer.widgets.status import LOOKS, WORDS, buttons

LIMITS: dict[Clock, str] = {"trials": "trials", "seconds": "simulated_seconds", "epochs": "epochs"}
UNITS: dict[Clock, str] = {"trials": "trials", "seconds": "s", "epochs": "epochs"}
COMMANDS = ("start", "resume", "stop")


@dataclass(frozen=True, slots=True)
class RaceStatus:
    """What is known of a race beyond its history: its phase, or `starting`, and why the last command did not work."""

    phase: str
    refusal: str = ""


class RaceSteering:
    """The buttons.

    Args:
        nudge: makes the view look at once.
    """

    def __init__(self, race: Race, nudge: Callable[[], None]) -> None:
        self.race, self._nudge = race, nudge
        self._refusal = ""
        self._starting = False

    def command(self, name: str) -> None:
        """A button; what does not work is said in the banner, a name that is none is left alone."""
        self._refusal = ""
        try:
            if name in COMMANDS:
                self._starting = name in ("start", "resume")
                self._nudge()
                getattr(self.race, name)()
        except NasExplorerError as error:
            self._refusal = str(error)
        finally:
            self._starting = False
            self._nudge()

    def add(self, strategy: str) -> None:
        """One more lane, which runs at once where the others have run."""
        self._grow(lambda: self.race.add(strategy))

    def more_seeds(self, count: int) -> None:
        """More searches in every lane, which run at once where the others have run."""
        self._grow(lambda: self.race.more_seeds(count))

    def _grow(self, grow: Callable[[], Race]) -> None:
        self._refusal = ""
        try:
            was_idle = self.race.phase == "idle"
            grow()
            if not was_idle:
                self.command("resume")
        except (NasExplorerError, ValueError) as error:
            self._refusal = str(error)
        finally:
            self._nudge()

    def status(self) -> RaceStatus:
        phase = self.race.phase
        return RaceStatus("starting" if self._starting and phase in ("idle", "interrupted", "stopped") else phase, self._refusal)


def header(race: Race, status: RaceStatus, name: str) -> dict[str, Any]:
    share = _share(race)
    return {
        "title": "Race",
        "name": name,
        "run": str(race.folder),
        "phase": LOOKS.get(status.phase, status.phase),
        "word": WORDS[status.phase],
        "facts": _facts(race, status),
        "progress": 1.0 if status.phase == "finished" else share,
        "progress_text": f"{share:.0%} of all searches",
        "buttons": [button for button in buttons(status.phase) if button["name"] in COMMANDS],
        "reattach": f'nas.open("{race.folder}")',
    }


def _share(race: Race) -> float:
    """How much of all searches is done; one that has ended is done, whatever it has left over."""
    limits = race.manifest.budget
    shares = []
    for lane in race.history.lanes.values():
        used = [lane.spent[clock] / limits[name] for clock, name in LIMITS.items() if name in limits]
        furthest = max((used_up.tolist() for used_up in used), default=[0.0] * lane.searches)
        shares += [1.0 if ended else min(1.0, share) for ended, share in zip(lane.ended.tolist(), furthest, strict=True)]
    return sum(shares) / len(shares) if shares else 0.0


def _facts(race: Race, status: RaceStatus) -> list[dict[str, str]]:
    facts = [("Budget", f"{budget_text(race)} each"), ("Seeds", f"{race.manifest.searches:,} each")]
    if status.phase not in ("idle", "starting"):
        runs = status.phase in ("running", "stopping") and race.history.event_count > 0
        since = max(0.0, time.time() - race.history.ended) if runs and not race.history.finished else 0.0
        facts.append(("Elapsed" if runs else "Took", clock_text(race.history.worked + since)))
    return [{"label": label, "value": value} for label, value in facts]


def budget_text(race: Race) -> str:
    budget = race.manifest.budget
    return " or ".join(f"{budget[name]:,.0f} {UNITS[clock]}" for clock, name in LIMITS.items() if name in budget)


def percent(share: float) -> str:
    """
    >>> percent(0.894)
    '89 %'
    """
    return f"{share:.0%}".replace("%", " %")


def banner(race: Race, status: RaceStatus, rows: list[RaceRow], ranked: Ranking, then: RaceHistory, clock: Clock,
           dismissed: int = 0) -> dict[str, Any]:
    """One finding: what went wrong, else who is ahead.

    Args:
        clock: of the comparison.
        then: the race at the moment that is shown.
        dismissed: how many lanes that stopped the user has seen and dismissed.
    """
    if status.phase == "interrupted":
        text = f"What is found is kept. Resume goes on: lanes that have ended stay, the others begin anew. {status.refusal}"
        return _banner("warn", "The background kernel is gone.", text.strip())
    if status.refusal:
        return _banner("err", "That did not work:", status.refusal, dismiss=True)
    stopped = [lane for lane in race.history.lanes.values() if lane.state == "stopped"]
    if len(stopped) > dismissed:
        lane = stopped[-1]
        more = f" ({len(stopped)} lanes have stopped.)" if len(stopped) > 1 else ""
        text = f"{lane.message.rstrip('.')}. The race goes on without it.{more}"
        return _banner("err", f"{lane.name} stopped:", text, lane.details, dismiss=True)
    if status.phase == "idle":
        lanes = len(race.manifest.lanes)
        return _banner("info", "Not started.", f"{lanes} strategies, {race.manifest.searches:,} searches each. Start lets them run.")
    ahead, text = finding(rows, ranked)
    if ranked.upto is not None and ranked.standings:
        text = f"Compared where all have come to, {ranked.upto:,.0f} {UNITS[clock]} each. {text}"
    if then is not race.history:
        return _banner("note", f"Then: {ahead}" if ahead else "Then:", text)
    if status.phase == "stopped":
        text = f"{text} Stopped by you: lanes that have ended are kept, Resume begins the others anew."
    return _banner("info", ahead, text)


def finding(rows: list[RaceRow], ranked: Ranking) -> tuple[str, str]:
    """Who is ahead, and the sentences behind it."""
    if not ranked.standings:
        return "", ranked.sentence
    first = groups(ranked.standings, ranked.neighbours)[0]
    random = next((row for row in rows if row.verdict == "baseline"), None)
    alone = max(standing.searches for standing in ranked.standings) == 1
    if alone:
        return "Too few to tell.", ranked.sentence
    if random is not None and random.name in first and len(rows) > 1:
        ahead = f"Nothing is clearly ahead of {random.name}."
    else:
        ahead = f"{listed(first)} {'is' if len(first) == 1 else 'are'} ahead."
    leader = next(row for row in rows if row.name == first[0])
    words = []
    if random is not None and leader.name != random.name and leader.beats is not None:
        words.append(f"{leader.name} did better than {random.name} in {percent(leader.beats)} of all pairs of searches"
                     + (f", and came to its final median {leader.speed_up:.1f} times sooner." if leader.speed_up else "."))
    return ahead, " ".join([*words, ranked.sentence])


def _banner(kind: str, bold: str, text: str, details: str = "", dismiss: bool = False) -> dict[str, Any]:
    actions = [{"name": "dismiss", "label": "Dismiss"}] if dismiss else []
    return {"kind": kind, "bold": bold, "text": text, "details": details or None, "actions": actions}


def announcement(status: RaceStatus) -> str:
    """For the live region: said when the state changes, so it holds nothing that changes with every trial."""
    return f"Race {WORDS[status.phase].lower()}."
