"""A search that is played again from its log: what `search.replay()` gives. A notebook shows it as a dashboard that only looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nas_explorer.errors import InvalidOption
from nas_explorer.records import History, history_at

if TYPE_CHECKING:
    from nas_explorer.search.search import Search


@dataclass(frozen=True)
class Replay:
    """
    Attributes:
        search: as it stands now; it may still run.
        moment: how many events were known where the replay begins.

    >>> from nas_explorer.search.search import Search
    >>> search = Search("nas_bench_201", "random_search", "tabular", budget=5, run=folder)
    >>> for event in search.events():
    ...     pass
    >>> [then.ended_count for then in search.replay().moments()]
    [0, 1, 2, 3, 4, 5]
    """

    search: Search
    moment: int = 0

    @classmethod
    def of(cls, search: Search, trial: int | None = None) -> Replay:
        """
        Raises:
            InvalidOption: if no such trial has ended.
        """
        if trial is None:
            return cls(search)
        _, ended = search.history.spans()
        if isinstance(trial, bool) or not isinstance(trial, int) or not 0 <= trial < len(ended) or ended[trial] < 0:
            last = len(ended) - 1
            raise InvalidOption(f"a replay begins where a trial had ended; {search.folder} has trials 0 to {last}, got {trial!r}")
        return cls(search, int(ended[trial]) + 1)

    def moments(self) -> Iterator[History]:
        """What was known where the replay begins, and whenever another trial had ended."""
        history = self.search.history
        count = history.event_count
        _, ended = history.spans()
        for events in (self.moment, *sorted(int(end) + 1 for end in ended if self.moment <= end < count)):
            yield history_at(history, events)

    def __repr__(self) -> str:
        folder, ended = str(self.search.folder), self.search.history.ended_count
        return f"Replay of {folder!r}, {ended:,} trials: a notebook shows it; in a terminal: nas-explorer replay {folder}"
