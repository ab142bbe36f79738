"""What happens in a race, in order: past tense, frozen, numbered, one JSON line each. The race makes them.

A race keeps what its searches found, not every trial: for a search of a thousand trials that is some ten lines instead of a
thousand, and all that is shown and compared follows from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal


@dataclass(frozen=True, slots=True)
class Found:
    """A trial that improved on all before it in its search, in the first objective, or that joined the search's Pareto front.

    Attributes:
        trial: counts from 1: how many trials the search had run when this one ended.
        seconds: simulated or measured seconds of training spent by then, 0 where nothing measures them.
        epochs: of training spent by then, 0 where nothing counts them.
        values: of the race's metrics, in their order; NaN where one was not measured.
        row: (decisions,) the architecture as option indices.
    """

    trial: int
    seconds: float
    epochs: float
    values: tuple[float, ...]
    row: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one search has come since it was last told of.

    Attributes:
        seed: which search of its lane.
        trials, seconds, epochs: spent so far.
        ended: whether it goes no further.
    """

    seed: int
    trials: int
    seconds: float
    epochs: float
    found: tuple[Found, ...]
    ended: bool = False


@dataclass(frozen=True, slots=True)
class RaceStarted:
    """A session of the race began."""

    kind: ClassVar[str] = "race_started"
    number: int
    at: float


@dataclass(frozen=True, slots=True)
class LaneStarted:
    """A lane began; what an earlier session knew of its searches from `first` on is void.

    Attributes:
        searches: how many it has now; 0 for as many as the race has.
    """

    kind: ClassVar[str] = "lane_started"
    number: int
    at: float
    lane: str
    vectorised: bool = False
    first: int = 0
    searches: int = 0


@dataclass(frozen=True, slots=True)
class LaneAdvanced:
    """Searches of a lane went on."""

    kind: ClassVar[str] = "lane_advanced"
    number: int
    at: float
    lane: str
    searches: tuple[Progress, ...]


@dataclass(frozen=True, slots=True)
class LaneFinished:
    """All searches of a lane have ended. `message`: what is worth knowing of how they did."""

    kind: ClassVar[str] = "lane_finished"
    number: int
    at: float
    lane: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class LaneStopped:
    """A lane cannot go on; what it has found stays, and the race goes on without it."""

    kind: ClassVar[str] = "lane_stopped"
    number: int
    at: float
    lane: str
    message: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class RaceFinished:
    """No lane goes further: all have ended, or the race was stopped."""

    kind: ClassVar[str] = "race_finished"
    number: int
    at: float
    reason: Literal["budget", "stopped"] = "budget"


RaceEvent = RaceStarted | LaneStarted | LaneAdvanced | LaneFinished | LaneStopped | RaceFinished

_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def encode(event: RaceEvent) -> str:
    """One line of JSON, without its end.

    >>> encode(LaneFinished(number=5, at=0.5, lane="random"))
    '{"n":5,"at":0.5,"event":"lane_finished","lane":"random","message":""}'
    """
    head = {"n": event.number, "at": event.at, "event": event.kind}
    if isinstance(event, LaneAdvanced):
        return _dumps({**head, "lane": event.lane, "searches": [_plain(progress) for progress in event.searches]})
    return _dumps({**head, **{name: getattr(event, name) for name in event.__slots__ if name not in ("number", "at")}})


def _plain(progress: Progress) -> list[Any]:
    found = [[f.trial, f.seconds, f.epochs, [None if v != v else v for v in f.values], list(f.row)] for f in progress.found]
    return [progress.seed, progress.trials, progress.seconds, progress.epochs, int(progress.ended), found]


def decode(line: str | bytes) -> RaceEvent:
    """The event of one line.

    Raises:
        ValueError: if the line is no event; the message says what is wrong with it.
    """
    data = json.loads(line)
    kind = data.pop("event", None) if isinstance(data, dict) else None
    if kind not in _KINDS:
        raise ValueError(f"there is no event {kind!r} in a race; known are {', '.join(_KINDS)}")
    try:
        number, at = int(data.pop("n")), float(data.pop("at"))
        if kind == LaneAdvanced.kind:
            return LaneAdvanced(number, at, str(data["lane"]), tuple(_progress(*entry) for entry in data["searches"]))
        return _KINDS[kind](number=number, at=at, **data)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{kind} lacks or misspells a field: {error}") from error


def _progress(seed: int, trials: int, seconds: float, epochs: float, ended: int, found: list[Any]) -> Progress:
    return Progress(seed, trials, float(seconds), float(epochs), tuple(_found(*entry) for entry in found), bool(ended))


def _found(trial: int, seconds: float, epochs: float, values: list[float | None], row: list[int]) -> Found:
    numbers = tuple(float("nan") if value is None else float(value) for value in values)
    return Found(trial, float(seconds), float(epochs), numbers, tuple(row))


_KINDS: dict[str, Callable[..., RaceEvent]] = {
    cls.kind: cls for cls in (RaceStarted, LaneStarted, LaneAdvanced, LaneFinished, LaneStopped, RaceFinished)
}
