"""`nas-explorer runs DIR` lists run folders, `nas-explorer show RUN` prints what one holds, or one of its trials."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from nas_explorer.cli.search import as_json
from nas_explorer.cli.trials import show_trials
from nas_explorer.errors import NasExplorerError, RunNotFound
from nas_explorer.records import Metric, Trial, shown
from nas_explorer.records.manifest import FILE
from nas_explorer.records.run import Run
from nas_explorer.search.budget import Budget
from nas_explorer.spaces.notation import notation


def add_to(subparsers: Any) -> None:
    listing = subparsers.add_parser("runs", help="list the runs in a folder")
    listing.add_argument("folder", nargs="?", default="runs", help="by default runs/")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run_command=list_runs)
    show = subparsers.add_parser("show", help="print one run: state, best, Pareto front")
    show.add_argument("run", help="its folder")
    show.add_argument(
        "--trial", type=int, action="append", default=[], metavar="N", help="why it was proposed; given twice, what lies between the two"
    )
    show.add_argument("--json", action="store_true")
    show.set_defaults(run_command=show_run)


def list_runs(arguments: argparse.Namespace) -> int:
    folder = Path(arguments.folder)
    if not folder.is_dir():
        raise RunNotFound(f"there is no folder {folder}; name the one that holds your runs, by default runs/")
    found = [_line(path.parent) for path in sorted(folder.glob(f"*/{FILE}"), key=lambda path: path.stat().st_mtime)]
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    if not found:
        print(f"{folder} holds no run yet; `nas-explorer search` makes one.")
        return 0
    columns = ("run", "phase", "trials", "failed", "best", "space", "strategy", "created")
    print_table(columns, [[str(row[key]) for key in columns] for row in found])
    return 0


def _line(folder: Path) -> dict[str, Any]:
    """One run for the list; one that cannot be read is listed with the reason, so that the others still are."""
    try:
        run = Run.open(folder)
        state, best, objective = run.state, run.history.best, run.history.objectives[0]
    except NasExplorerError as error:
        return {
            "run": str(folder),
            "phase": "unreadable",
            "trials": "",
            "failed": "",
            "best": str(error),
            "space": "",
            "strategy": "",
            "created": "",
        }
    return {
        "run": str(folder),
        "phase": state,
        "trials": run.history.ended_count,
        "failed": run.history.failed_count,
        "best": f"{objective.name} {shown(best.values[objective.name], objective.unit)}" if best else "",
        "space": run.manifest.space.get("name", ""),
        "strategy": run.strategy_name,
        "created": datetime.fromtimestamp(run.manifest.created).isoformat(sep=" ", timespec="minutes"),
    }


def show_run(arguments: argparse.Namespace) -> int:
    run = Run.open(arguments.run)
    if arguments.trial:
        return show_trials(run, arguments.trial, arguments.json)
    state, history, space = run.state, run.history, run.space
    front = [history.trial(number) for number in history.front.trials]
    if arguments.json:
        print(
            json.dumps(
                {
                    "run": str(run.folder),
                    "phase": state,
                    "space": space.name,
                    "strategy": run.strategy_name,
                    "seed": run.manifest.seed,
                    "budget": run.manifest.budget,
                    "trials": history.ended_count,
                    "failed": history.failed_count,
                    "best": as_json(space, history.best) if history.best else None,
                    "front": [as_json(space, trial) for trial in front],
                },
                ensure_ascii=False,
            )
        )
        return 0
    print(f"{run.folder}: {state}")
    print(
        f"  {space.name}, {run.strategy_name}, {run.estimator_name}; seed {run.manifest.seed}; budget {Budget.of(run.manifest.budget).text}"
    )
    print(f"  {history.ended_count} trials, {history.failed_count} failed, {len(history.front)} on the Pareto front")
    if history.message:
        print(f"  {history.message}")
    for number in history.failures[:5]:
        print(f"  trial {number} failed: {history.failure(number)[0]}")
    if history.best:
        print(f"\nBest, trial {history.best.number}: {notation(space, history.best.architecture) or dict(history.best.architecture)}\n")
    _print_front(front, history.objectives)
    return 0


def _print_front(front: list[Trial], objectives: tuple[Metric, ...]) -> None:
    if front:
        print_table(
            ["trial", *(m.title for m in objectives)],
            [[str(trial.number), *(shown(trial.values[m.name], m.unit) for m in objectives)] for trial in front],
        )


def print_table(columns: list[str] | tuple[str, ...], rows: list[list[str]]) -> None:
    widths = [max(len(row[i]) for row in [list(columns), *rows]) for i in range(len(columns))]
    for row in [list(columns), *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
