"""A race's folder, read, followed and written: what the race is, what has happened in it, and what state it is in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from nas_explorer.errors import RunNotWritable
from nas_explorer.races.log import RaceLogReader, RaceLogWriter
from nas_explorer.records.race_events import LaneStarted
from nas_explorer.records.race_history import RaceHistory
from nas_explorer.records.race_manifest import FILE, RaceManifest
from nas_explorer.records.writer_lock import is_being_written

State = Literal["idle", "running", "finished", "stopped", "interrupted"]


class RaceFolder:
    """A race as it stands in its folder. `follow` takes in what is new; it may be called from any thread.

    Attributes:
        history: grows with `follow`.
        is_written_here: whether this process itself writes it.
    """

    def __init__(self, path: Path, manifest: RaceManifest) -> None:
        self.path, self.manifest = path, manifest
        self.history = RaceHistory(manifest.metrics, manifest.objective_count, list(manifest.lanes), manifest.searches)
        self.is_written_here = False
        self._reader = RaceLogReader(path)
        self._reading = threading.RLock()

    def create(self) -> None:
        """Write what the race is, if it is not there.

        Raises:
            RunNotWritable: if the folder refuses.
        """
        if (self.path / FILE).exists():
            return
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.manifest.write(self.path)
        except OSError as error:
            raise RunNotWritable(f"{self.path} cannot be written: {error.strerror or error}; choose another folder with run=") from error

    def follow(self) -> int:
        """Take in what another process has written since the last look; returns how many events that were.

        Raises:
            RunDamaged: if a line cannot be understood; what stands before it has been taken in.
        """
        with self._reading:
            if self.is_written_here:
                return 0
            before = self.history.event_count
            for event in self._reader.read():
                if isinstance(event, LaneStarted) and (event.lane not in self.history.lanes or event.searches > self.manifest.searches):
                    self._take(RaceManifest.read(self.path))
                if event.number >= self.history.event_count:   # what this process itself has written it knows
                    self.history.apply(event)
            return self.history.event_count - before

    def grow(self, manifest: RaceManifest) -> None:
        """Lanes or searches more, beside those that there are; on disk, too, where the race is there already.

        Raises:
            RunInUse: if it runs.
        """
        if (self.path / FILE).exists():
            with self.writing():
                manifest.write(self.path)
        self._take(manifest)

    def _take(self, manifest: RaceManifest) -> None:
        self.manifest = manifest
        self.history.searches = manifest.searches
        for name in manifest.lanes:
            if name not in self.history.lanes:
                self.history.add_lane(name)

    @contextmanager
    def writing(self) -> Iterator[RaceLogWriter]:
        """The race's one writer, after everything that others have written is known. Meanwhile the file is not read.

        Raises:
            RunInUse, RunNotWritable: as `RaceLogWriter`.
        """
        with RaceLogWriter(self.path, self._caught_up) as writer:
            with self._reading:
                self.is_written_here = True
            try:
                yield writer
            finally:
                with self._reading:
                    self.is_written_here = False

    def _caught_up(self) -> int:
        self.follow()
        return self._reader.offset

    @property
    def state(self) -> State:
        """`interrupted`: whoever wrote it is gone before its end. A race that never began is idle."""
        self.follow()
        if self.history.finished:
            return "finished" if self.history.is_through else "stopped"
        if self.is_written_here or is_being_written(self.path):
            return "running"
        if self.follow():                                       # it ended between the two looks
            return self.state
        return "interrupted" if (self.path / FILE).exists() else "idle"
