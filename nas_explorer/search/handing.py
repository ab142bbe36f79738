"""How an edit gets into a run: to the session that writes it, here or in a background kernel, or straight into its log."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from pathlib import Path

from nas_explorer.errors import RunError
from nas_explorer.records import Edit, Event, History, Steered
from nas_explorer.records.store import LogWriter
from nas_explorer.search.absent import check_present
from nas_explorer.search.background import Background
from nas_explorer.search.control import Control
from nas_explorer.search.inbox import Inbox
from nas_explorer.search.plan import SearchPlan
from nas_explorer.search.session import Session


def hand_in(edit: Edit, plan: SearchPlan, folder: Path, phase: str, session: Session | None, background: Background) -> Edit | None:
    """Give an edit to whoever runs the search.

    Args:
        session: of this process, where it runs inline.

    Returns:
        The edit as the search has accepted it and will write it down; None if it stands in the log already.

    Raises:
        RunError: if the search has not begun, or has ended, or nobody runs it and parts of it are not there.
        InvalidOption, InvalidArchitecture: if it cannot follow.
        KernelLost, RunInUse, RunNotWritable: if it cannot be reached from here.
    """
    if phase == "idle":
        raise RunError(f"{folder} is idle, so there is nothing to steer yet. start() begins it; what is to hold from the start belongs "
                       "into its space, its constraints and its budget")
    if phase == "finished":
        raise RunError(f"{folder} is finished, so it cannot be steered any more ({edit.text}); begin a new Search for more")
    if session is not None:
        return session.inbox.hand_in(edit)
    if phase in ("running", "pausing", "paused", "stopping"):
        return Edit.of(background.command("steer", edit=json.dumps(edit.plain))["edit"])
    _write(edit, plan, folder)
    return None


def _write(edit: Edit, plan: SearchPlan, folder: Path) -> None:
    """Into the log of a search that nobody runs: whoever goes on with it reads it there."""
    check_present(plan.strategy, plan.estimator)
    history, inbox = History(plan.objectives), Inbox(plan, Control())

    def read(event: Event) -> None:
        history.apply(event)
        inbox.restore(event)

    with LogWriter(folder, read) as writer:
        checked = inbox.hand_in(edit)
        if plan.one_shot:                                  # the epoch that broke off is done again as it was begun
            checked = replace(checked, epoch=math.floor(history.epochs) + 1)
        writer.append(Steered(history.event_count, time.time(), checked.plain))
