"""A run folder, read and followed: what it is, what has happened in it, and what state it is in. Needs no catalog and no torch."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Literal

from nas_explorer.records.given import added
from nas_explorer.records.history import History
from nas_explorer.records.manifest import FILE, Manifest
from nas_explorer.records.store import LogReader
from nas_explorer.records.writer_lock import is_being_written
from nas_explorer.spaces import Op, Scalar, SearchSpace, space_from_json, widened

State = Literal["idle", "running", "paused", "finished", "stopped", "failed", "interrupted"]


class Run:
    """A run as it stands in its folder. `follow` takes in what is new; it may be called from any thread.

    Attributes:
        history: grows with `follow`.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder, self.manifest = folder, manifest
        self.history = History(manifest.objectives)
        self._reader = LogReader(folder)
        self._reading = threading.RLock()
        self._written_here = False
        self._widened: tuple[tuple[tuple[str, Scalar | Op], ...], SearchSpace] | None = None

    @classmethod
    def open(cls, folder: str | os.PathLike[str]) -> Run:
        """
        Raises:
            RunNotFound, RunDamaged, RunTooNew: if the folder cannot be read.
        """
        run = cls(Path(folder), Manifest.read(Path(folder)))
        run.follow()
        return run

    @cached_property
    def drawn(self) -> SearchSpace:
        """The space that the search began with."""
        return space_from_json(dict(self.manifest.space))

    @property
    def space(self) -> SearchSpace:
        """The space of all its trials: with the options that the user added meanwhile."""
        adds = added(self.history.edits)
        if not adds:
            return self.drawn
        if self._widened is None or self._widened[0] != adds:
            self._widened = adds, widened(self.drawn, adds)
        return self._widened[1]

    @property
    def strategy_name(self) -> str:
        return str(self.manifest.strategy.get("name"))

    @property
    def estimator_name(self) -> str:
        return str(self.manifest.estimator.get("name"))

    @property
    def exists(self) -> bool:
        return (self.folder / FILE).exists()

    def follow(self) -> int:
        """Take in what has been written since the last look; returns how many events that were.

        Raises:
            RunDamaged: if a line cannot be understood; what stands before it has been taken in.
        """
        with self._reading:
            if self._written_here:
                return 0
            before = self.history.event_count
            for event in self._reader.read():
                self.history.apply(event)
            return self.history.event_count - before

    @contextmanager
    def written_here(self) -> Iterator[None]:
        """While this process itself writes the run and applies every event to `history`, the file is not read."""
        with self._reading:
            self.follow()
            self._written_here = True
        try:
            yield
        finally:
            with self._reading:
                self._written_here = False
                self._reader.skip_to(self.history.event_count)

    @property
    def state(self) -> State:
        """`interrupted`: whoever wrote it is gone before its end. A run that never began is idle."""
        self.follow()
        phase = self.history.phase
        if phase in ("finished", "stopped", "failed"):
            return phase
        if self._written_here:
            return "running"
        if is_being_written(self.folder):
            return "paused" if phase == "paused" else "running"
        if self.follow():  # it ended between the two looks
            return self.state
        return "interrupted" if self.exists else "idle"
