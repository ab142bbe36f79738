"""What happens in a search, in order: past tense, frozen, numbered, one JSON line each. The loop makes them.

A run log holds nothing else. `number` counts from 0 without gaps, over all sessions of a run; `at` is Unix time in seconds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from nas_explorer.records.edits import Edit
from nas_explorer.spaces import Architecture

EndReason = Literal["budget", "stopped", "exhausted", "failed"]


@dataclass(frozen=True, slots=True)
class SearchStarted:
    """A session of the search began; `resumed` says that an earlier one did."""

    kind: ClassVar[str] = "search_started"
    number: int
    at: float
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class TrialStarted:
    """The strategy proposed an architecture.

    `why` is a JSON object, as the strategy explained it; empty where it does not. It stays text, because a hundred thousand
    are kept and few are read.
    """

    kind: ClassVar[str] = "trial_started"
    number: int
    at: float
    trial: int
    architecture: Architecture
    why: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """The estimator saw something; later values of a metric replace earlier ones."""

    kind: ClassVar[str] = "measured"
    number: int
    at: float
    trial: int
    step: int
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class TrialFinished:
    """The last measurement of this trial stands."""

    kind: ClassVar[str] = "trial_finished"
    number: int
    at: float
    trial: int


@dataclass(frozen=True, slots=True)
class TrialFailed:
    """This trial gives nothing; `message` says why in words, `details` is the raw error."""

    kind: ClassVar[str] = "trial_failed"
    number: int
    at: float
    trial: int
    message: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A search that trains shared weights, as it stands now.

    Attributes:
        epoch: passes over the training data so far; within an epoch it has a fraction.
        values: curves by name, such as `train_loss`, `validation_error` (%), `reward`, `entropy` (nats), `tau`.
        probabilities: decision id -> one number an option, in the order of its options.
        architecture: what the search would answer if it ended now.
        warning: in words, where something goes wrong; else empty.
    """

    kind: ClassVar[str] = "snapshot"
    number: int
    at: float
    epoch: float
    values: Mapping[str, float]
    probabilities: Mapping[str, tuple[float, ...]]
    architecture: Architecture
    warning: str = ""


@dataclass(frozen=True, slots=True)
class SearchPaused:
    """No new trial begins until SearchResumed."""

    kind: ClassVar[str] = "search_paused"
    number: int
    at: float
    message: str = ""


@dataclass(frozen=True, slots=True)
class SearchResumed:
    """The search goes on after a pause."""

    kind: ClassVar[str] = "search_resumed"
    number: int
    at: float


@dataclass(frozen=True, slots=True)
class Steered:
    """The user changed something: it counts from the next proposal on.

    Attributes:
        edit: as `records.edits.Edit` says it in JSON's own types.
    """

    kind: ClassVar[str] = "steered"
    number: int
    at: float
    edit: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SearchFinished:
    """This session ended: budget spent, stopped by the user, nothing left to propose, or the strategy failed."""

    kind: ClassVar[str] = "search_finished"
    number: int
    at: float
    reason: EndReason
    message: str = ""
    details: str = ""


Event = (
    SearchStarted
    | TrialStarted
    | Measured
    | TrialFinished
    | TrialFailed
    | Snapshot
    | SearchPaused
    | SearchResumed
    | Steered
    | SearchFinished
)

_loads = json.JSONDecoder().decode
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def why_text(why: Mapping[str, Any]) -> str:
    """A strategy's explanation as `TrialStarted.why`.

    >>> why_text({"kind": "mutation", "parents": [7]})
    '{"kind":"mutation","parents":[7]}'

    Raises:
        TypeError, ValueError: if JSON has no words for it.
    """
    if not isinstance(why, Mapping):
        raise TypeError(f"an explanation is a mapping of names to JSON's own types, got {type(why).__name__}")
    return _dumps(dict(why))


def encode(event: Event) -> str:
    """One line of JSON, without its end.

    >>> encode(TrialFinished(number=5, at=0.5, trial=1))
    '{"n":5,"at":0.5,"event":"trial_finished","trial":1}'
    """
    head = f'{{"n":{event.number},"at":{event.at!r},"event":"{event.kind}"'
    match event:  # the three that make up nearly all of a log are spelled by hand, for speed
        case TrialStarted():
            why = f',"why":{event.why}' if event.why else ""
            return f'{head},"trial":{event.trial},"architecture":{_dumps(dict(event.architecture))}{why}}}'
        case Measured():
            return f'{head},"trial":{event.trial},"step":{event.step},"values":{_dumps(event.values)}}}'
        case TrialFinished():
            return f'{head},"trial":{event.trial}}}'
        case Snapshot():
            return f"{head},{_dumps(_plain_snapshot(event))[1:]}"
    rest = {name: getattr(event, name) for name in event.__slots__ if name not in ("number", "at")}
    return f"{head},{_dumps(rest)[1:]}" if rest else head + "}"


def _plain_snapshot(event: Snapshot) -> dict[str, Any]:
    """Four digits of a probability are more than an eye tells apart, and keep a line short."""
    return {
        "epoch": event.epoch,
        "values": dict(event.values),
        "probabilities": {decision: [round(p, 4) for p in options] for decision, options in event.probabilities.items()},
        "architecture": dict(event.architecture),
        "warning": event.warning,
    }


def decode(line: str | bytes) -> Event:
    """The event of one line.

    Raises:
        ValueError: if the line is no event; the message says what is wrong with it.
    """
    text = line if isinstance(line, str) else line.decode()
    data = _loads(text)
    if not isinstance(data, dict):
        raise ValueError(f"a line holds one JSON object, got {type(data).__name__}")
    kind = data.pop("event", None)
    if kind not in _DECODERS:
        raise ValueError(f"there is no event {kind!r}; known are {', '.join(_DECODERS)}, and a newer version may know more")
    try:
        if kind == TrialStarted.kind and "why" in data:
            data["why"] = _why_of(text, data)
        return _DECODERS[kind](data)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{kind} lacks or misspells a field: {error}") from error


def _trial_started(data: dict[str, Any]) -> Event:
    architecture = Architecture(_interned(data["architecture"]))
    return TrialStarted(_number(data["n"]), float(data["at"]), _number(data["trial"]), architecture, data.get("why", ""))


def _why_of(line: str, data: dict[str, Any]) -> str:
    """The explanation of a line, as text. Our own lines end with it, so it is cut out: writing it anew would take as long as reading."""
    why = data["why"]
    if not why:
        return ""
    start = line.find(',"why":{')
    if start > 0 and next(reversed(data)) == "why" and isinstance(why, dict):
        return line[start + len(',"why":') :].rstrip()[:-1]
    return why_text(why)


def _interned(choices: dict[str, Any]) -> dict[str, Any]:
    """The same few options come a hundred thousand times: keep each once."""
    return {key: sys.intern(option) if type(option) is str else option for key, option in choices.items()}


def _measured(data: dict[str, Any]) -> Event:
    return Measured(_number(data["n"]), float(data["at"]), _number(data["trial"]), _number(data["step"]), _numbers(data["values"]))


def _snapshot(data: dict[str, Any]) -> Event:
    probabilities = {sys.intern(decision): tuple(map(float, options)) for decision, options in data["probabilities"].items()}
    architecture = Architecture(_interned(data["architecture"]))
    values, warning = _numbers(data["values"]), str(data.get("warning", ""))
    return Snapshot(_number(data["n"]), float(data["at"]), float(data["epoch"]), values, probabilities, architecture, warning)


def _steered(data: dict[str, Any]) -> Event:
    return Steered(_number(data["n"]), float(data["at"]), Edit.of(data["edit"]).plain)


def _numbers(values: dict[str, Any]) -> dict[str, float]:
    if not all(isinstance(value, (int, float)) for value in values.values()):
        raise TypeError("values must be numbers")
    return values


def _plain(cls: Callable[..., Event]) -> Callable[[dict[str, Any]], Event]:
    def make(data: dict[str, Any]) -> Event:
        return cls(number=_number(data.pop("n")), at=float(data.pop("at")), **data)

    return make


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError(f"a whole number from 0 is wanted, got {value!r}")
    return value


_DECODERS: dict[str, Callable[[dict[str, Any]], Event]] = {
    cls.kind: _plain(cls) for cls in (SearchStarted, TrialFinished, TrialFailed, SearchPaused, SearchResumed, SearchFinished)
} | {TrialStarted.kind: _trial_started, Measured.kind: _measured, Snapshot.kind: _snapshot, Steered.kind: _steered}
