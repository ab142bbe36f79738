"""The log of a run: appended, followed, mended, and never written by two."""

import threading
from pathlib import Path

import pytest

from nas_explorer.errors import RunDamaged, RunInUse, RunNotWritable
from nas_explorer.records import Event, SearchStarted, TrialFinished
from nas_explorer.records.events import encode
from nas_explorer.records.store import FILE, LogReader, LogWriter
from nas_explorer.records.writer_lock import is_being_written

EVENTS: list[Event] = [SearchStarted(0, 1.0), *(TrialFinished(n, 1.0 + n, n) for n in range(1, 6))]


def written(folder: Path, events: list[Event]) -> Path:
    with LogWriter(folder) as writer:
        for event in events:
            writer.append(event)
    return folder / FILE


def test_readers_follow_what_is_appended(tmp_path: Path) -> None:
    reader = LogReader(tmp_path)
    assert list(reader.read()) == []
    with LogWriter(tmp_path) as writer:
        for event in EVENTS:
            writer.append(event)
            assert list(reader.read()) == [event]
    assert list(LogReader(tmp_path).read()) == EVENTS


def test_a_second_writer_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    with LogWriter(tmp_path):
        assert is_being_written(tmp_path)
        with pytest.raises(RunInUse, match="is being written by another process"):
            LogWriter(tmp_path)
    assert not is_being_written(tmp_path)
    with LogWriter(tmp_path, replay=lambda event: pytest.fail("there was nothing to replay")):
        pass


@pytest.mark.parametrize("cut", range(1, len(encode(EVENTS[-1])) + 1))
def test_a_line_torn_anywhere_is_mended_and_no_whole_line_is_lost(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path, EVENTS)
    path.write_bytes(path.read_bytes()[:-cut])
    assert list(LogReader(tmp_path).read()) == EVENTS[:-1]
    whole = cut == 1  # only the newline is missing, the event is all there
    replayed: list[Event] = []
    with LogWriter(tmp_path, replayed.append) as writer:
        assert replayed == (EVENTS if whole else EVENTS[:-1])
        writer.append(TrialFinished(len(replayed), 9.0, 9))
    assert len(list(LogReader(tmp_path).read())) == len(EVENTS) + whole


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda lines: [*lines[:2], b"{}", *lines[3:]], "line 3: there is no event None"),
        (lambda lines: [*lines[:2], b"\x00\xff", *lines[3:]], "line 3: "),
        (lambda lines: [*lines[:2], *lines[3:]], "line 3: event 3 stands where event 2 was due, so a line is missing or doubled"),
    ],
)
def test_a_damaged_line_is_named_and_what_stands_before_it_can_be_read(tmp_path: Path, damage: object, words: str) -> None:
    path = written(tmp_path, EVENTS)
    path.write_bytes(b"\n".join(damage(path.read_bytes().splitlines())) + b"\n")  # type: ignore[operator]
    reader = LogReader(tmp_path)
    read = []
    with pytest.raises(RunDamaged, match=words) as caught:
        read.extend(iter(reader.read()))
    assert str(path) in str(caught.value)
    assert "keep a copy of the file and cut it before that line" in str(caught.value)
    assert reader.count == 2
    with pytest.raises(RunDamaged):
        LogWriter(tmp_path)
    assert not is_being_written(tmp_path)  # the refused writer let go of the lock


def test_half_a_line_on_a_full_disk_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    real = os.write
    with LogWriter(tmp_path) as writer:
        writer.append(EVENTS[0])
        room = [10]

        def write(file: int, data: bytes) -> int:
            if room[0] == 0:
                raise OSError(28, "No space left on device")
            room[0] = max(0, room[0] - len(data))
            return real(file, data[:10])

        monkeypatch.setattr(os, "write", write)
        with pytest.raises(RunNotWritable, match="No space left on device"):
            writer.append(EVENTS[1])
        monkeypatch.setattr(os, "write", real)
        assert list(LogReader(tmp_path).read()) == EVENTS[:1]
        writer.append(EVENTS[1])
    assert list(LogReader(tmp_path).read()) == EVENTS[:2]


def test_a_folder_that_refuses_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunNotWritable, match="file/run cannot be written"):
        LogWriter(tmp_path / "file" / "run")


def test_lines_known_already_can_be_passed_over(tmp_path: Path) -> None:
    written(tmp_path, EVENTS)
    reader = LogReader(tmp_path)
    reader.skip_to(4)
    assert list(reader.read()) == EVENTS[4:]


def test_a_writer_may_be_closed_in_another_thread_than_it_was_opened_in(tmp_path: Path) -> None:
    writer = LogWriter(tmp_path)
    closing = threading.Thread(target=writer.close)
    closing.start()
    closing.join()
    assert not is_being_written(tmp_path)
