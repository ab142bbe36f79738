"""`nas-explorer strategies | one-shot | spaces | estimators`: what there is, a line each."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from nas_explorer import spaces
from nas_explorer.catalog import Catalog
from nas_explorer.estimators.catalog import CATALOG as ESTIMATORS
from nas_explorer.one_shot.catalog import CATALOG as ONE_SHOTS
from nas_explorer.strategies.catalog import CATALOG as STRATEGIES

NOUNS = {"one-shot": "one-shot methods"}


def add_to(subparsers: Any) -> None:
    rooms: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "strategies": partial(_of_catalog, STRATEGIES),
        "one-shot": partial(_of_catalog, ONE_SHOTS),
        "estimators": partial(_of_catalog, ESTIMATORS),
        "spaces": _of_spaces,
    }
    for name, entries in rooms.items():
        parser = subparsers.add_parser(name, help=f"list the {NOUNS.get(name, name)} there are")
        parser.add_argument("--json", action="store_true", help="with options, their defaults, and the source")
        parser.set_defaults(run_command=partial(_list, entries))


def _list(entries: Callable[[], list[dict[str, Any]]], arguments: argparse.Namespace) -> int:
    found = entries()
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    width = max(len(entry["name"]) for entry in found)
    for entry in found:
        size = f" ({entry['size']:,} architectures)" if "size" in entry else ""
        options = ", ".join(f"{option['name']}={option['default']}" for option in entry["options"])
        print(f"{entry['name'].ljust(width)}  {entry['summary']}{size}" + (f"  [{options}]" if options else ""))
    return 0


def _of_catalog(catalog: Catalog[Any]) -> list[dict[str, Any]]:
    return [_plain(asdict(catalog.describe(name))) for name in catalog.names()]


def _of_spaces() -> list[dict[str, Any]]:
    return [_space(spaces.describe(name)) for name in spaces.names()]


def _space(space: spaces.SpaceDescription) -> dict[str, Any]:
    options = [{"name": name, "type": type(default).__name__, "default": default} for name, default in space.options.items()]
    return _plain({"name": space.name, "summary": space.summary, "source": space.source, "size": space.size, "options": options})


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    """With what JSON cannot hold as text."""
    for option in entry["options"]:
        if not isinstance(option["default"], (str, int, float, bool, type(None), Sequence, dict)):
            option["default"] = str(option["default"])
    return entry
