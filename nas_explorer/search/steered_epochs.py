"""A one-shot search that a user steps into: every edit counts from an epoch on, which its event names, so that epochs can be done again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from nas_explorer.one_shot.protocol import Run
from nas_explorer.records import Edit
from nas_explorer.records.given import Force
from nas_explorer.search.budget import Budget
from nas_explorer.search.inbox import Inbox
from nas_explorer.search.steered import left, offers_under
from nas_explorer.strategies.protocol import Narrows


class SteeredEpochs:
    """The edits of a one-shot search, those of its log and those that come.

    Args:
        edits: of the log.
        shown: the epoch that the log's newest snapshot shows.
    """

    def __init__(self, inbox: Inbox, edits: Sequence[Edit], shown: float) -> None:
        self.inbox, self.edits, self._shown = inbox, list(edits), shown
        self._applied: dict[str, tuple[object, ...]] | None = None

    @property
    def budget(self) -> Budget:
        return left(self.inbox.plan, self._force(None)).budget

    def take(self, epoch: int, again: bool) -> Edit | None:
        """The next edit that was handed in, with the epoch from which it counts.

        Args:
            epoch: the next that has not begun.
            again: whether work is done again that the log holds; it must come out as it did.
        """
        edit = self.inbox.take()
        if edit is None:
            return None
        edit = replace(edit, epoch=max(epoch, math.floor(self._shown) + 1) if again else epoch)
        self.edits.append(edit)
        return edit

    def narrow(self, run: Run, epoch: int) -> None:
        """Tell the run what is left in an epoch that begins now."""
        offers = offers_under(self.inbox.plan.space, self._force(epoch))
        if isinstance(run, Narrows) and (self.edits or self._applied) and offers != self._applied:
            run.narrow(offers)
            self._applied = dict(offers)

    def _force(self, epoch: int | None) -> list[Edit]:
        """The edits in force in an epoch; None: by now."""
        force = Force()
        for edit in self.edits:
            if epoch is None or (edit.epoch or 0) <= epoch:
                force.give(edit)
        return force.edits
