"""The same from a terminal: `nas-explorer search | steer | race | report | export | runs | show | replay | lab`, and lists."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from nas_explorer import __version__
from nas_explorer.cli import export, lab, listing, race, replay, report, runs, search, steer
from nas_explorer.errors import NasExplorerError

COMMANDS = (search, steer, race, report, export, runs, replay, listing, lab)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 if it went well, 1 if the search or the request failed, 2 if the words were wrong."""
    parser = argparse.ArgumentParser(prog="nas-explorer", description="See Neural Architecture Search happen.")
    parser.add_argument("--version", action="version", version=f"nas-explorer {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(subparsers)
    words = list(sys.argv[1:] if arguments is None else arguments)
    end = words.index("--") if "--" in words and words[:1] == ["lab"] else len(words)
    parsed = parser.parse_args(words[:end])
    parsed.passed_on = words[end + 1 :]  # to Jupyter, as they are
    try:
        return int(parsed.run_command(parsed))
    except NasExplorerError as error:
        print(f"nas-explorer: {error}", file=sys.stderr)
        return 2 if isinstance(error, ValueError) else 1
    except BrokenPipeError:  # `nas-explorer show RUN | head` closed the pipe: nothing is wrong
        sys.stderr.close()
        return 0
