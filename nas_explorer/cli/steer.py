"""`nas-explorer steer RUN ...`: step into a search, running or stopped: pin, veto, add, widen, limit, budget, propose, undo."""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

from nas_explorer.errors import InvalidOption
from nas_explorer.records import Given
from nas_explorer.search.search import Search
from nas_explorer.search.steering import Steering


def add_to(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "steer", help="step into a search: pin, veto, add, widen, limit, budget, propose, undo",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="nas-explorer steer runs/mine pin 'cell/0->1' conv_3x3\nnas-explorer steer runs/mine limit 'latency_ms <= 5'\n"
               "nas-explorer steer runs/mine budget trials=500\nnas-explorer steer runs/mine undo",
    )
    parser.add_argument("run", help="the run folder")
    edits = parser.add_subparsers(dest="edit", metavar="EDIT")
    for name, words in (("pin", "let every proposal take an option"), ("veto", "let no proposal take an option"),
                        ("add", "offer a vetoed option again, or one that nobody drew")):
        edit = edits.add_parser(name, help=words)
        edit.add_argument("decision", help="such as 'cell/0->1'")
        edit.add_argument("option", help="one that the decision offers" if name != "add" else "such as 128, conv_7x7 or 'conv(kernel=3|5)'")
    widen = edits.add_parser("widen", help="offer more numbers of a range")
    widen.add_argument("decision", help="such as width")
    for name, words in (("low", "from here on"), ("high", "up to here"), ("step", "so far apart; else in the steps of the range")):
        widen.add_argument(f"--{name}", type=_number, help=words)
    edits.add_parser("limit", help="what proposals may cost").add_argument("limit", help="such as 'latency_ms <= 5'")
    edits.add_parser("budget", help="of the whole search").add_argument("budget", nargs="+", help="such as trials=500 or wall_seconds=60")
    edits.add_parser("propose", help="try this one next").add_argument("architecture", help="a JSON object {decision: option}")
    edits.add_parser("undo", help="take back what was done last, a clear too")
    edits.add_parser("clear", help="take back all edits")
    parser.set_defaults(run_command=run_command)


def run_command(arguments: argparse.Namespace) -> int:
    steer = Search.open(arguments.run).steer
    match arguments.edit:
        case "pin" | "veto" | "add":
            getattr(steer, arguments.edit)(arguments.decision, arguments.option)
        case "widen":
            steer.widen(arguments.decision, low=arguments.low, high=arguments.high, step=arguments.step)
        case "limit":
            steer.limit(arguments.limit)
        case "budget":
            steer.budget(**_budget(arguments.budget))
        case "propose":
            steer.propose(_architecture(arguments.architecture))
        case "undo" | "clear":
            getattr(steer, arguments.edit)()
    print(_text(steer))
    return 0


def _number(text: str) -> float:
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _budget(words: list[str]) -> dict[str, Any]:
    """
    Raises:
        InvalidOption: if a word names no limit and a number.
    """
    found: dict[str, Any] = {}
    for word in words:
        name, _, most = word.partition("=")
        if name not in ("trials", "simulated_seconds", "wall_seconds"):
            raise InvalidOption("a budget names its limits, as in trials=500, simulated_seconds=12000 or wall_seconds=60; got "
                                f"{word!r:.60}")
        try:
            found[name] = int(most) if name == "trials" else float(most)
        except ValueError as error:
            raise InvalidOption(f"{name} of a budget must be a number, got {most!r:.60}") from error
    return found


def _architecture(text: str) -> dict[str, Any]:
    """
    Raises:
        InvalidOption: if it is no JSON object.
    """
    try:
        found = json.loads(text)
    except ValueError as error:
        raise InvalidOption(f"an architecture is a JSON object {{decision: option}}: {error}") from error
    if not isinstance(found, dict):
        raise InvalidOption(f"an architecture is a JSON object {{decision: option}}, got {text!r:.60}")
    return found


def _text(steer: Steering) -> str:
    left = f"{steer.count:,} architectures are left from the next trial on; {steer.fitting:,} finished trials fit"
    return "\n".join([f"{left}. Budget: {steer.total.text}", *map(_line, steer.edits)])


def _line(given: Given) -> str:
    state = "" if given.in_force or given.edit.kind in ("undo", "clear") else " (no longer in force)"
    return f"{time.strftime('%H:%M:%S', time.localtime(given.at))}  {given.edit.text}, from trial {given.trial} on{state}"
