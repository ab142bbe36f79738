"""`nas-explorer search`: one search, inline, with a progress bar or one JSON object at the end."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

from tqdm import tqdm

from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.catalog import CATALOG as ESTIMATORS
from nas_explorer.estimators.protocol import Estimator
from nas_explorer.one_shot.catalog import CATALOG as ONE_SHOTS
from nas_explorer.records import Event, SearchFinished, Trial, TrialFailed, TrialFinished, shown
from nas_explorer.records.events import Snapshot
from nas_explorer.search.budget import Budget
from nas_explorer.search.choices import known_catalog, strategy_named
from nas_explorer.search.search import Search
from nas_explorer.spaces import Architecture, SearchSpace
from nas_explorer.spaces.notation import notation

COUNTS = ("parameter_count", "macs")
SHOWN = ("train_loss", "validation_error", "tau")  # of a snapshot, beside the progress bar


def add_to(subparsers: Any) -> None:
    parser = subparsers.add_parser("search", help="run one search", description="Run one search and write its run folder.")
    parser.add_argument("--space", default="nas_bench_201", help="name of a search space (see `nas-explorer spaces`)")
    parser.add_argument("--strategy", default="regularized_evolution", help="see `nas-explorer strategies` and `nas-explorer one-shot`")
    parser.add_argument("--set", action="append", default=[], metavar="OPTION=VALUE", dest="options", help="an option of the strategy")
    parser.add_argument("--estimator", help="see `nas-explorer estimators`; by default what --task means, or else tabular")
    parser.add_argument("--estimator-set", action="append", default=[], metavar="OPTION=VALUE", help="an option of the estimator")
    parser.add_argument("--task", help="what networks learn; short for --estimator-set task=...")
    parser.add_argument("--epochs", type=int, help="passes over the data; short for --estimator-set epochs=...")
    parser.add_argument("--truth", metavar="ESTIMATOR", help="what the shared weights of a one-shot method are compared with")
    parser.add_argument("--dataset", help="the estimator's data set; short for --estimator-set dataset=...")
    parser.add_argument(
        "--objective", action="append", metavar="METRIC", help="may be given several times; the first decides which is best"
    )
    parser.add_argument("--trials", type=int, help="end after so many trials")
    parser.add_argument("--simulated-seconds", type=float, help="end after so many simulated GPU-seconds")
    parser.add_argument("--wall-seconds", type=float, help="end after so many seconds")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--constraint", action="append", default=[], metavar="'QUANTITY <= MOST'", dest="constraints",
                        help="what every proposal keeps before it is trained, such as 'parameter_count <= 100_000'; may be repeated")
    parser.add_argument("--pace", type=float, metavar="TRIALS", help="at most so many trials a second, to watch a table")
    parser.add_argument("--workers", default="1", metavar="N", help="processes that score trials, or a Dask scheduler's address")
    parser.add_argument("--run", metavar="DIR", help="folder to write; by default the next free one in runs/")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --run; all other options come from there")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a progress bar")
    parser.set_defaults(run_command=run)


def run(arguments: argparse.Namespace) -> int:
    search = _resumed(arguments) if arguments.resume else _made(arguments)
    began = time.perf_counter()
    before = search.history.ended_count
    last = _follow(search, quiet=arguments.json)
    wall = time.perf_counter() - began
    if arguments.json:
        print(json.dumps(summary(search, wall, search.history.ended_count - before), ensure_ascii=False, allow_nan=False))
    else:
        print(_closing_words(search, wall), file=sys.stderr)
    if isinstance(last, SearchFinished) and last.reason == "failed":
        print(f"nas-explorer: {last.message}", file=sys.stderr)
        return 1
    return 0


def _made(arguments: argparse.Namespace) -> Search:
    catalog = known_catalog(arguments.strategy)
    strategy = strategy_named(arguments.strategy, catalog.parse(arguments.strategy, pairs(arguments.options)))
    limits = (arguments.trials, arguments.simulated_seconds, arguments.wall_seconds)
    budget = None if catalog is ONE_SHOTS and not any(limits) else Budget(*limits)
    return Search(
        arguments.space,
        strategy,
        _estimator(arguments, catalog is ONE_SHOTS),
        arguments.objective,
        budget,
        arguments.seed,
        int(arguments.workers) if arguments.workers.lstrip("-").isdigit() else arguments.workers,
        arguments.pace,
        arguments.run,
        truth=arguments.truth,
        constraints=arguments.constraints,
    )


def _estimator(arguments: argparse.Namespace, shares_weights: bool) -> Estimator:
    """The estimator that was named; or what follows from the strategy and the task."""
    options = pairs(arguments.estimator_set)
    for name in ("dataset", "task", "epochs"):
        if (value := getattr(arguments, name)) is not None:
            options[name] = str(value)
    usual = "weight_sharing" if shares_weights else "tabular" if arguments.task is None else "training"
    name = arguments.estimator or usual
    return ESTIMATORS.make(name, ESTIMATORS.parse(name, options))


def _resumed(arguments: argparse.Namespace) -> Search:
    if arguments.run is None:
        raise InvalidOption("--resume needs --run DIR, the folder of the run to go on with")
    return Search.open(arguments.run)


def pairs(texts: list[str]) -> dict[str, str]:
    """["population_size=10"] as a dict.

    Raises:
        InvalidOption: if one has no `=`, or an option is set twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key or key in found:
            raise InvalidOption(f"an option is set once, as OPTION=VALUE, for example population_size=10; got {text!r}")
        found[key] = value
    return found


def _follow(search: Search, quiet: bool) -> Event | None:
    trials = search.plan.budget.trials
    last: Event | None = None
    objective = search.plan.objectives[0]
    if search.plan.one_shot is not None:
        return _follow_epochs(search, quiet)
    with tqdm(total=trials, initial=search.history.ended_count, unit="trial", disable=quiet, file=sys.stderr) as bar:
        for event in search.events():
            last = event
            if isinstance(event, (TrialFinished, TrialFailed)):
                bar.update()
                if search.history.incumbents and search.history.incumbents[-1][0] == event.trial:
                    value = search.history.incumbents[-1][1]
                    bar.set_postfix_str(f"best {objective.label} {shown(value, objective.unit)} {objective.unit}".rstrip(), refresh=False)
    return last


def _follow_epochs(search: Search, quiet: bool) -> Event | None:
    last: Event | None = None
    done = search.history.snapshots[-1].epoch if search.history.snapshots else 0.0
    with tqdm(total=search.plan.budget.epochs, initial=done, unit="epoch", disable=quiet, file=sys.stderr) as bar:
        for event in search.events():
            last = event
            if isinstance(event, Snapshot):
                bar.update(event.epoch - bar.n)
                bar.set_postfix({name: f"{value:.3g}" for name, value in event.values.items() if name in SHOWN}, refresh=False)
    return last


def summary(search: Search, wall_seconds: float, trials_now: int) -> dict[str, Any]:
    """What `--json` prints: numbers at full precision, architectures as {decision id: option}."""
    best = search.best
    return {
        "run": str(search.folder),
        "space": search.plan.space.name,
        "strategy": search.plan.strategy_name,
        "seed": search.plan.seed,
        "trials": search.history.ended_count,
        "failed": search.history.failed_count,
        "best": as_json(search.plan.space, best) if best else None,
        **({} if search.plan.one_shot is None else {"derived": _derived(search)}),
        "front": [as_json(search.plan.space, trial) for trial in search.front],
        "wall_seconds": round(wall_seconds, 6),
        "trials_per_second": round(trials_now / wall_seconds, 3) if wall_seconds > 0 else 0.0,
    }


def _derived(search: Search) -> dict[str, Any] | None:
    """What a one-shot search answers, how sure it is, and how well its weights rank; None before the first epoch has ended."""
    if not search.history.snapshots:
        return None
    last = search.history.snapshots[-1]
    return {
        "architecture": architecture_json(search.plan.space, last.architecture),
        "epoch": last.epoch,
        "probabilities": {decision: list(options) for decision, options in last.probabilities.items()},
        "values": dict(last.values),
        "warning": last.warning,
    }


def as_json(space: SearchSpace, trial: Trial) -> dict[str, Any]:
    metrics = {name: int(value) if name in COUNTS else value for name, value in trial.values.items()}
    return {"trial": trial.number, "architecture": architecture_json(space, trial.architecture), "metrics": metrics}


def architecture_json(space: SearchSpace, architecture: Architecture) -> dict[str, Any]:
    """{decision id: option}, with `arch_str` beside them where the space's paper has a notation of its own."""
    text = notation(space, architecture)
    return {**architecture, **({"arch_str": text} if text else {})}


def _closing_words(search: Search, wall: float) -> str:
    history = search.history
    failed = f", {history.failed_count} failed" if history.failed_count else ""
    lines = [f"{history.ended_count} trials{failed} in {wall:.1f} s, {len(history.front)} on the Pareto front. Run: {search.folder}"]
    if history.snapshots:
        derived = history.snapshots[-1].architecture
        lines.append(f"Derived: {notation(search.plan.space, derived) or dict(derived)}")
    if best := history.best:
        values = ", ".join(f"{m.label} {shown(best.values[m.name], m.unit)} {m.unit}".rstrip() for m in search.plan.objectives)
        lines.append(f"Best: trial {best.number}, {values}: {notation(search.plan.space, best.architecture) or dict(best.architecture)}")
    lines.append(f"Look at it: nas-explorer report {search.folder} --to report.html")
    return "\n".join(lines)
