"""Checkpoints of a one-shot search, RUN/checkpoints/: what the next epoch depends on, so that a killed search goes on.

Only tensors and plain values are read back (torch's `weights_only`), so that a run folder from somebody else never becomes code.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nas_explorer.errors import RunDamaged, RunNotWritable, RunTooNew
from nas_explorer.spaces import SearchSpace, to_json

FORMAT = 2                         # 2: with the state of what draws architectures
FOLDER = "checkpoints"
KEPT = 2                           # the newest, and one in case that is cut off


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A search between two epochs.

    Attributes:
        number: of epochs done, counted by calls of `Run.epoch`.
        events: how many events of trials and snapshots the log held.
        trials: how many of these were trials that started.
        state: of the run.
        truth: what the comparison with the truth has found so far.
    """

    number: int
    events: int
    trials: int
    state: Mapping[str, Any]
    truth: Mapping[str, Any]


class Checkpoints:
    """The checkpoints in a run folder, of a search in one space."""

    def __init__(self, folder: Path, space: SearchSpace) -> None:
        self.folder, self.space = folder / FOLDER, space_hash(space)

    def save(self, checkpoint: Checkpoint) -> None:
        """Put it down, whole or not at all, and drop the oldest.

        Raises:
            RunNotWritable: if the disk is full, say; the checkpoints before it stay.
        """
        import torch

        content = io.BytesIO()
        torch.save({"format": FORMAT, "space": self.space, "number": checkpoint.number, "events": checkpoint.events,
                    "trials": checkpoint.trials, "state": checkpoint.state, "truth": checkpoint.truth}, content)
        path = self.folder / f"{checkpoint.number:06d}.pt"
        scratch = path.with_suffix(".new")
        try:
            self.folder.mkdir(exist_ok=True)
            with open(scratch, "wb") as file:
                file.write(content.getbuffer())
                file.flush()
                os.fsync(file.fileno())
            os.replace(scratch, path)
            for old in self._paths()[KEPT:]:
                old.unlink()
        except OSError as error:
            with suppress(OSError):
                scratch.unlink(missing_ok=True)    # half a checkpoint would take the last room from the log, which then waits for ever
            raise RunNotWritable(f"{path} cannot be written: {error.strerror or error}") from error

    def newest(self, events: int) -> Checkpoint | None:
        """The newest whole checkpoint that the log has caught up with; None: the search begins from nothing.

        Args:
            events: of trials and snapshots that the log holds.

        Raises:
            RunTooNew: if a newer version wrote it.
            RunDamaged: if it is of another space, or of an earlier version.
        """
        return next((found for found in self._read() if found.events <= events), None)

    def _read(self) -> Iterator[Checkpoint]:
        """From the newest on, those that are whole."""
        for path in self._paths():
            data = _loaded(path)
            if data is None:
                continue
            if data["format"] > FORMAT:
                raise RunTooNew(f"{path} has format {data['format']}, this version of nas_explorer reads up to {FORMAT}; go on with a "
                                "newer version, or remove the file to go on from an earlier epoch")
            if data["format"] < FORMAT:
                raise RunDamaged(f"{path} has format {data['format']}, of an earlier version of nas_explorer, which lacks what this one "
                                 "needs to go on; the run can be looked at, but to search on, begin a new one")
            if data.get("space") != self.space:
                raise RunDamaged(f"{path} is a checkpoint of another search space than run.json names, so it was put there from another "
                                 "run; remove it to go on from an earlier epoch")
            try:
                yield Checkpoint(*(data[name] for name in Checkpoint.__slots__))
            except KeyError as missing:
                raise RunDamaged(f"{path} lacks {missing}; remove it to go on from an earlier epoch") from missing

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob("[0-9]*.pt"), reverse=True)


def _loaded(path: Path) -> dict[str, Any] | None:
    """None of a file that was cut off or is no checkpoint."""
    import torch

    try:
        data = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, OSError, ValueError, KeyError, pickle.UnpicklingError):
        return None
    return data if isinstance(data, dict) and type(data.get("format")) is int else None


def space_hash(space: SearchSpace) -> str:
    """
    >>> from nas_explorer.spaces import chain, nas_bench_201
    >>> space_hash(chain()) == space_hash(chain()) != space_hash(nas_bench_201())
    True
    """
    text = json.dumps(to_json(space), ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
