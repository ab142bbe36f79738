"""A race's log, `events.jsonl`: one writer that appends, any number of readers. As a run's, with the events of a race."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from nas_explorer.errors import RunDamaged, RunNotWritable
from nas_explorer.records import writer_lock
from nas_explorer.records.race_events import RaceEvent, decode, encode
from nas_explorer.records.store import FILE


class RaceLogReader:
    """Reads what has been added since it last looked. A line without its end is torn or still being written, and left alone."""

    def __init__(self, folder: Path) -> None:
        self.path, self.offset, self.count = folder / FILE, 0, 0

    def read(self) -> Iterator[RaceEvent]:
        """The new events, in order.

        Raises:
            RunDamaged: naming the file and the line, if a line cannot be understood; the events before it have been given.
        """
        if not self.path.exists():
            return
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                try:
                    event = decode(line)
                    if event.number != self.count:
                        raise ValueError(f"event {event.number} stands where event {self.count} was due")
                except ValueError as error:
                    raise RunDamaged(f"{self.path}, line {self.count + 1}: {error}. The {self.count} events before it are sound; to go on "
                                     "from there, keep a copy of the file and cut it before that line") from error
                self.count += 1
                self.offset += len(line)
                yield event


class RaceLogWriter:
    """The one writer of a race: holds the folder's lock, cuts a torn last line off, appends.

    Args:
        catch_up: called once the lock is held: reads what others have written, and says where the sound part of the file ends.

    Raises:
        RunInUse: if another process writes this race.
        RunNotWritable: if the folder refuses.
    """

    def __init__(self, folder: Path, catch_up: Callable[[], int]) -> None:
        self.path = folder / FILE
        self._lock = writer_lock.taken(folder, f"follow it with nas.open({str(folder)!r})")
        try:
            offset = catch_up()
            self._file = open(self.path, "ab")         # noqa: SIM115 - closed by close()
            self._file.truncate(offset)
        except OSError as error:
            self._lock.release()
            raise RunNotWritable(f"{self.path} cannot be written: {error.strerror or error}") from error
        except BaseException:
            self._lock.release()
            raise

    def append(self, event: RaceEvent) -> None:
        """
        Raises:
            RunNotWritable: if the disk is full, say.
        """
        try:
            self._file.write(encode(event).encode() + b"\n")
            self._file.flush()
        except OSError as error:
            raise RunNotWritable(f"{self.path} cannot be written: {error.strerror or error}") from error

    def close(self) -> None:
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        finally:
            self._file.close()
            self._lock.release()

    def __enter__(self) -> RaceLogWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
