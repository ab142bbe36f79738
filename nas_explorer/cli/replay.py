"""`nas-explorer replay RUN`: the story of a run told again in the terminal, at its own pace or faster, from its log alone."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from typing import Any

from tqdm.auto import tqdm

from nas_explorer.errors import InvalidOption
from nas_explorer.records import (
    Event,
    Metric,
    SearchFinished,
    SearchPaused,
    SearchResumed,
    SearchStarted,
    Snapshot,
    TrialFailed,
    TrialFinished,
)
from nas_explorer.records.events import encode
from nas_explorer.records.history import History
from nas_explorer.records.run import Run
from nas_explorer.records.store import LogReader
from nas_explorer.spaces import Architecture, SearchSpace
from nas_explorer.spaces.notation import notation
from nas_explorer.views.axes import spoken
from nas_explorer.views.explanation import why_sentence

LONGEST_SECONDS = 2.0  # of a wait: nobody watches a pause


def add_to(subparsers: Any) -> None:
    parser = subparsers.add_parser("replay", help="tell the story of a run again, in the terminal")
    parser.add_argument("run", help="its folder")
    parser.add_argument(
        "--speed", type=float, default=None, metavar="X", help="so many times as fast as it was; by default all takes 20 seconds at most"
    )
    parser.add_argument("--from", dest="first", type=int, default=0, metavar="N", help="begin after so many trials have ended")
    parser.add_argument("--json", action="store_true", help="print the events as they were written, an object a line, without waiting")
    parser.set_defaults(run_command=replay)


def replay(arguments: argparse.Namespace) -> int:
    if arguments.speed is not None and not arguments.speed > 0:
        raise InvalidOption(f"--speed is a number above zero, as in --speed 10, got {arguments.speed:g}")
    run = Run.open(arguments.run)
    if not 0 <= arguments.first <= run.history.ended_count:
        raise InvalidOption(f"--from is a number of trials that had ended, 0 to {run.history.ended_count}, got {arguments.first}")
    events = LogReader(run.folder).read()
    if arguments.json:
        for event in events:
            print(encode(event))
        return 0
    _tell(run, events, arguments.first, arguments.speed or _speed(run.history))
    return 0


def _speed(history: History) -> float:
    """Twenty seconds for all, and never slower than it was."""
    return max(1.0, history.elapsed() / 20.0)


def _tell(run: Run, events: Iterator[Event], first: int, speed: float) -> None:
    """One line whenever something happened that is worth a word; below it the progress."""
    told, before = History(run.manifest.objectives), None
    total = run.manifest.budget.get("trials") or run.history.ended_count
    with tqdm(total=int(total), unit="trial", file=sys.stderr, bar_format="{l_bar}{bar}| {n_fmt}/{total_fmt}{postfix}") as bar:
        for event in events:
            if before is not None and told.ended_count >= first:
                time.sleep(min(LONGEST_SECONDS, max(0.0, event.at - before) / speed))
            before = event.at
            told.apply(event)
            if told.ended_count >= first and (line := _line(event, told, run.space)):
                bar.write(line, file=sys.stdout)
            if isinstance(event, (TrialFinished, TrialFailed)):
                bar.update()
                if told.best is not None:
                    bar.set_postfix_str(f"best {_value(told, told.best.number, told.objectives[0])}")


def _line(event: Event, told: History, space: SearchSpace) -> str:
    """What is said of an event; nothing of most trials."""
    match event:
        case SearchStarted():
            return "The search went on." if event.resumed else "The search began."
        case SearchPaused():
            return f"Paused. {event.message}".rstrip()
        case SearchResumed():
            return "It went on."
        case TrialFailed():
            return f"trial {event.trial} failed: {event.message}"
        case TrialFinished() if told.incumbents and told.incumbents[-1][0] == event.trial:
            values = ", ".join(_value(told, event.trial, m) for m in told.objectives)
            why = why_sentence(told, space, event.trial)
            words = f"trial {event.trial} is the best so far: {values}  {_text(space, told.architecture(event.trial))}"
            return f"{words}\n    {why}" if why else words
        case Snapshot():
            return f"epoch {event.epoch:g}: {_text(space, event.architecture)}" + (f"\n    {event.warning}" if event.warning else "")
        case SearchFinished():
            return f"The search ended: {event.reason}. {event.message}".rstrip()
    return ""


def _value(told: History, trial: int, metric: Metric) -> str:
    return f"{metric.label} {spoken(told.value(trial, metric.name), metric.unit)}"


def _text(space: SearchSpace, architecture: Architecture) -> str:
    return notation(space, architecture) or " ".join(f"{option}" for option in architecture.values())
