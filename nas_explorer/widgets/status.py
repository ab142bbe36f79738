"""The state of a search in words: the dashboard's header and banner, and what its live region says."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from nas_explorer.records import History, in_force, shown
from nas_explorer.search.budget import Budget
from nas_explorer.search.search import Search
from nas_explorer.search.steered import budget_under
from nas_explorer.views import clock_text, seconds_left

WORDS = {
    "idle": "Idle",
    "starting": "Starting",
    "running": "Running",
    "pausing": "Pausing",
    "paused": "Paused",
    "stopping": "Stopping",
    "finished": "Finished",
    "stopped": "Stopped",
    "failed": "Failed",
    "interrupted": "Interrupted",
    "waiting": "Cannot write",
}
LOOKS = {"interrupted": "stopped"}  # phases that the browser draws as another one
NOTHING_LOST = "Nothing that finished is lost."


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of a search beyond its history.

    Attributes:
        phase: of the search, or `starting` and `waiting`.
        message: why it waits, or what went wrong.
        details: the raw error behind it.
        past: what the phase is now, where the moment that is shown lies before; else empty.
        commands: whether there are buttons to steer with.
        refusal: why the last command did not work.
    """

    phase: str
    message: str = ""
    details: str = ""
    past: str = ""
    commands: bool = True
    refusal: str = ""

    @property
    def clock(self) -> float | None:
        """Unix time up to which a session that is under way counts; None: up to its last event."""
        return time.time() if self.phase in _AT_WORK and not self.past else None


_AT_WORK = ("running", "pausing", "stopping", "waiting")


def status_at(past: History, now: Status) -> Status:
    """The status that a search had at a moment of its past, as its log tells it."""
    broke = past.phase == "failed"
    return Status(past.phase, past.message if broke else "", past.details if broke else "", now.phase, now.commands)


def header(search: Search, status: Status, past: History | None = None) -> dict[str, Any]:
    """
    Args:
        past: the search as it was at the moment that is shown; None: now. The commands are those of now.
    """
    plan, history = search.plan, search.history if past is None else past
    share, one_shot = _share(search, history, status), plan.one_shot is not None
    return {
        "title": "Search",
        "name": f"{plan.space.name} · {search.run.strategy_name}",
        "run": str(search.folder),
        "phase": LOOKS.get(status.phase, status.phase),
        "word": f"{WORDS[status.phase]} then" if status.past else WORDS[status.phase],
        "facts": _facts(search, history, status, share),
        "progress": 1.0 if status.phase == "finished" else share,
        "progress_text": _progress_text(search, history),
        "buttons": buttons(status.past or status.phase) if status.commands else [],
        "reattach": f'nas.open("{search.folder}")',
        "inside": one_shot,  # whether there are shared weights to look into
        "lineage": not one_shot,
        "steer": status.commands,
    }


def buttons(phase: str) -> list[dict[str, Any]]:
    """The commands of a state, in order; the ones that make no sense now are there, but off, so that nothing moves."""

    def button(name: str, label: str, kind: str = "plain", enabled: bool = True) -> dict[str, Any]:
        return {"name": name, "label": label, "kind": kind, "enabled": enabled}

    stop, pause = button("stop", "Stop", "danger"), button("pause", "Pause")
    off = [{**pause, "enabled": False}, {**stop, "enabled": False}]
    return {
        "idle": [button("start", "Start", "primary"), *off],
        "starting": [button("start", "Start", "primary", enabled=False), *off],
        "running": [pause, stop],
        "waiting": [pause, stop],
        "pausing": [button("resume", "Resume"), stop],
        "paused": [button("resume", "Resume", "primary"), stop],
        "stopping": off,
        "finished": [],
        "stopped": [button("resume", "Resume", "primary")],
        "failed": [button("resume", "Try again", "primary")],
        "interrupted": [button("resume", "Resume", "primary")],
    }[phase]


def _place(search: Search) -> str:
    if search.budget.epochs is not None:
        return f"epoch {search.history.epochs:,.0f}"
    return f"trial {search.history.ended_count:,}"


def _budget(search: Search, history: History) -> Budget:
    """Of the whole search, with what the user had changed in it by then."""
    return budget_under(search.plan.budget, in_force(history.edits))


def _share(search: Search, history: History, status: Status) -> float:
    elapsed = history.elapsed(None if status.past else time.time())
    return _budget(search, history).share(history.ended_count, history.simulated_seconds, elapsed, history.epochs)


def _progress_text(search: Search, history: History) -> str:
    budget = _budget(search, history)
    if budget.epochs is not None:
        return f"epoch {history.epochs:,.0f} of {budget.epochs:,}"
    if budget.trials is not None:
        return f"trial {history.ended_count:,} of {budget.trials:,}"
    return f"trial {history.ended_count:,}"


def _facts(search: Search, history: History, status: Status, share: float) -> list[dict[str, str]]:
    budget = _budget(search, history)
    if status.phase in ("idle", "starting"):
        return [{"label": "Budget", "value": budget.text}]
    elapsed = history.elapsed(status.clock)
    ended = f"{history.ended_count:,}"
    if status.phase in ("finished", "stopped", "failed"):
        return [{"label": "Trials", "value": ended}, {"label": "Took", "value": clock_text(elapsed)}]
    facts = [
        {"label": "Trial", "value": f"{ended} of {budget.trials:,}" if budget.trials is not None else ended},
        {"label": "Elapsed", "value": clock_text(elapsed)},
    ]
    if budget.epochs is not None:
        facts.insert(0, {"label": "Epoch", "value": f"{history.epochs:,.0f} of {budget.epochs:,}"})
    if budget.simulated_seconds is not None:
        facts.insert(1, {"label": "Simulated", "value": f"{history.simulated_seconds:,.0f} of {budget.simulated_seconds:,.0f} s"})
    left = seconds_left(elapsed, share, history.ended_count) if status.phase == "running" else None
    return facts if left is None else [*facts, {"label": "Left", "value": clock_text(left)}]


# ---- one banner at a time, the worst first
def banner(
    search: Search, status: Status, twin: History | None, dismissed: int, past: History | None = None
) -> dict[str, Any] | None:
    """What needs saying now.

    Args:
        dismissed: how many failed trials the user has seen and dismissed.
        past: the search as it was at the moment that is shown; None: now.
    """
    history = search.history if past is None else past
    if status.refusal:
        return _banner("err", "That did not work:", status.refusal, dismiss=True)
    match status.phase:
        case "waiting":
            return _banner("warn", "The run cannot be written.", status.message)
        case "failed":
            return _banner("err", "The search failed:", f"{status.message}. {NOTHING_LOST}", status.details)
        case "interrupted":
            return _banner(
                "warn",
                "The background kernel is gone.",
                f"{NOTHING_LOST} Resume goes on from {_place(search)}. {status.message}".strip(),
                status.details,
            )
    if history.failed_count > dismissed:
        return _failed_trial(history)
    match status.phase:
        case "paused":
            return _banner("note", "Paused.", f"{history.message} Finished trials are kept; Resume goes on.".strip())
        case "stopped":
            return _banner("note", "Stopped by you.", f"{history.ended_count:,} trials are kept; Resume goes on from there.")
        case "finished":
            return _banner("ok", "Done.", _closing(search, history, twin))
    return None


def _banner(kind: str, bold: str, text: str, details: str = "", dismiss: bool = False) -> dict[str, Any]:
    return {
        "kind": kind,
        "bold": bold,
        "text": text,
        "details": details or None,
        "actions": [{"name": "dismiss", "label": "Dismiss"}] if dismiss else [],
    }


def _failed_trial(history: History) -> dict[str, Any]:
    trial = history.failures[-1]
    message, details = history.failure(trial)
    count = f"{history.failed_count:,} of {history.ended_count:,} trials failed."
    return _banner(
        "err", f"Trial {trial} failed:", f"{message.rstrip('.')}. The search goes on; it counts as worst. {count}", details, dismiss=True
    )


def _closing(search: Search, history: History, twin: History | None) -> str:
    objective = search.plan.objectives[0]
    best = history.best
    if best is None:
        return "No trial finished."

    def value(of: History) -> str:
        return f"{shown(of.incumbents[-1][1], objective.unit)} {objective.unit}".strip()

    words = f"{len(history.front):,} on the front. Best {objective.label} {value(history)}"
    if twin is not None and twin.incumbents:
        words += f"; random search found {value(twin)} with the same budget"
    return f"{words}. {history.message}".strip()


def announcement(search: Search, status: Status) -> str:
    """For the live region: said when the state changes, so it holds nothing that changes with every trial."""
    return f"Search {WORDS[status.past or status.phase].lower()}."
