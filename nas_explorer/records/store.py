"""The log of a run, `events.jsonl`: one writer that appends, any number of readers that follow.

A line is written in one go and ends in a newline, so a line without one is torn: the writer was killed or the disk was
full in the middle of it. Readers leave it alone, the next writer mends it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from nas_explorer.errors import RunDamaged, RunNotWritable
from nas_explorer.records import writer_lock
from nas_explorer.records.events import Event, decode, encode

FILE = "events.jsonl"
SYNC_SECONDS = 1.0
BLOCK_BYTES = 1 << 20  # read at once: on a network disk every read may take a good part of a second


class LogReader:
    """Reads what has been added since it last looked."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.offset = 0
        self.count = 0

    def read(self) -> Iterator[Event]:
        """The new events, in order.

        Raises:
            RunDamaged: naming the file and the line, if a line cannot be understood, or the disk does not give it; the events
                before it have been given.
        """
        try:
            file = open(self.path, "rb", buffering=BLOCK_BYTES)  # noqa: SIM115 - closed below; a `with` would catch the caller's errors, too
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise self._unreadable(error) from error
        with file:
            file.seek(self.offset)
            while line := self._line(file):
                if not line.endswith(b"\n"):
                    return
                event = self._decode(line)
                self.offset += len(line)
                yield event

    def _line(self, file: BinaryIO) -> bytes:
        try:
            return file.readline()
        except OSError as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: OSError) -> RunDamaged:
        return RunDamaged(f"{self.path} cannot be read: {error.strerror or error}. What has been read of it so far is kept")

    def skip_to(self, count: int) -> None:
        """Pass over lines that are known already, up to the event of this number."""
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            for _ in range(count - self.count):
                self.offset += len(file.readline())
        self.count = count

    def _decode(self, line: bytes) -> Event:
        try:
            event = decode(line)
            if event.number != self.count:
                raise ValueError(f"event {event.number} stands where event {self.count} was due, so a line is missing or doubled")
        except ValueError as error:
            raise RunDamaged(
                f"{self.path}, line {self.count + 1}: {error}. The {self.count} events before it are sound; to go on "
                "from there, keep a copy of the file and cut it before that line"
            ) from error
        self.count += 1
        return event


class LogWriter:
    """The one writer of a run: holds the folder's lock, mends a torn last line, appends.

    Args:
        replay: is shown every event that stands in the log already, in order.

    Raises:
        RunInUse: if another process writes this run.
        RunDamaged: if the log is damaged anywhere but in its last line.
        RunNotWritable: if the folder refuses.
    """

    def __init__(self, folder: Path, replay: Callable[[Event], None] = lambda event: None) -> None:
        self.folder = folder
        self.path = folder / FILE
        self._lock = writer_lock.taken(folder, f"follow it with nas.open({str(folder)!r}), or stop that search first")
        try:
            self._open(replay)
        except BaseException:
            self._lock.release()
            raise

    def _open(self, replay: Callable[[Event], None]) -> None:
        """Read what stands there, mend the tail, and be ready to append."""
        reader = LogReader(self.folder)
        for event in reader.read():
            replay(event)
        try:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            self.size = reader.offset
            if os.fstat(self._file).st_size > self.size:
                self._mend(reader.count, replay)
        except OSError as error:
            raise RunNotWritable(f"{self.path} cannot be written: {error.strerror or error}") from error
        self._synced = time.monotonic()

    def _mend(self, count: int, replay: Callable[[Event], None]) -> None:
        """A torn line that lacks its newline only is kept; any other is cut off."""
        with open(self.path, "rb") as file:
            file.seek(self.size)
            tail = file.read()
        os.ftruncate(self._file, self.size)
        try:
            event = decode(tail)
        except ValueError:
            return
        if event.number == count:
            self._write(tail + b"\n")
            replay(event)

    def append(self, event: Event) -> None:
        """Write one event; it survives the death of this process from here on, and of the machine a second later.

        Raises:
            RunNotWritable: if the disk is full, say; nothing of the event is in the file then, and it may be tried again.
        """
        try:
            self._write(encode(event).encode() + b"\n")
            if time.monotonic() - self._synced > SYNC_SECONDS:
                self.sync()
        except OSError as error:
            raise RunNotWritable(f"{self.path} cannot be written: {error.strerror or error}") from error

    def _write(self, line: bytes) -> None:
        written = 0
        try:
            while written < len(line):
                written += os.write(self._file, line[written:])
        except OSError:
            if written:
                os.ftruncate(self._file, self.size)  # half a line would damage the log once another follows it
            raise
        self.size += written

    def sync(self) -> None:
        """Wait until the disk has everything."""
        os.fsync(self._file)
        self._synced = time.monotonic()

    def close(self) -> None:
        try:
            os.fsync(self._file)
        finally:
            os.close(self._file)
            self._lock.release()

    def __enter__(self) -> LogWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

