"""Edits on their way into a running search: checked as they come in, from any thread, and taken by the loop before its next proposal."""

from __future__ import annotations

import threading
from collections import deque

from nas_explorer.errors import InvalidOption, RunError
from nas_explorer.records import Edit, Event, Steered, TrialStarted
from nas_explorer.records.given import Force
from nas_explorer.search.control import Control
from nas_explorer.search.edit_checks import OF_THE_SPACE, checked_edit
from nas_explorer.search.plan import SearchPlan


class Inbox:
    """What was handed in and not yet taken. It follows the log, to know what is in force when the next edit is checked."""

    def __init__(self, plan: SearchPlan, control: Control) -> None:
        self.plan, self.control = plan, control
        self._lock = threading.Lock()
        self._force, self._begun = Force(), 0
        self._waiting: deque[Edit] = deque()
        self._closed = False
        self._refusal = ""

    def hand_in(self, edit: Edit) -> Edit:
        """Check an edit against all before it, and leave it for the loop.

        Raises:
            InvalidOption, InvalidArchitecture: if the search cannot follow it.
            RunError: if the search has ended.
        """
        with self._lock:
            if self._closed:
                raise RunError(f"the search has ended, so it cannot be steered any more ({edit.text})")
            if self._refusal and edit.kind in OF_THE_SPACE:
                raise InvalidOption(self._refusal)
            ahead = self._force.copy()
            for waiting in self._waiting:
                ahead.give(waiting)
            found = checked_edit(self.plan, ahead, edit, self._begun)
            self._waiting.append(found)
        self.control.knock()
        return found

    def take(self) -> Edit | None:
        """The next edit, which is in force from here on; None: there is none."""
        with self._lock:
            if not self._waiting:
                return None
            edit = self._waiting.popleft()
            self._force.give(edit)
            return edit

    def begin(self) -> None:
        """A trial has begun."""
        with self._lock:
            self._begun += 1
            self._force.begin()

    def restore(self, event: Event) -> None:
        """Something that stands in the log already."""
        if isinstance(event, Steered):
            self._force.give(Edit.of(event.edit))
        elif isinstance(event, TrialStarted):
            self.begin()

    def refuse(self, why: str) -> None:
        """Let no edit of the space in, as the search could not follow it."""
        self._refusal = why

    def close(self) -> bool:
        """Let nothing in any more; False, and nothing changes, if something waits still."""
        with self._lock:
            self._closed = not self._waiting
            return self._closed
