"""`nas-explorer race`: several strategies on one budget, many seeds each, and how good what they found really is."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from tqdm import tqdm

from nas_explorer.cli.runs import print_table
from nas_explorer.cli.search import pairs
from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.catalog import CATALOG as ESTIMATORS
from nas_explorer.races.race import Race
from nas_explorer.records import shown
from nas_explorer.records.race_history import LaneHistory
from nas_explorer.search.budget import Budget
from nas_explorer.strategies.catalog import CATALOG as STRATEGIES
from nas_explorer.strategies.protocol import Strategy


def add_to(subparsers: Any) -> None:
    parser = subparsers.add_parser("race", help="compare strategies on one budget",
                                   description="Run many searches of every strategy on the same budget, and compare what they found. "
                                               "Random search is always among them.")
    parser.add_argument("--space", default="nas_bench_201", help="name of a search space (see `nas-explorer spaces`)")
    parser.add_argument("--strategy", action="append", default=[], metavar="NAME[:OPTION=VALUE,...]", dest="strategies",
                        help="may be given several times: regularized_evolution:population_size=10,tournament_size=3")
    parser.add_argument("--estimator", default="tabular", help="see `nas-explorer estimators`")
    parser.add_argument("--estimator-set", action="append", default=[], metavar="OPTION=VALUE", help="an option of the estimator")
    parser.add_argument("--dataset", help="the estimator's data set; short for --estimator-set dataset=...")
    parser.add_argument(
        "--objective", action="append", metavar="METRIC", help="may be given several times; the first decides which is best"
    )
    parser.add_argument("--trials", type=int, help="of every search")
    parser.add_argument("--simulated-seconds", type=float, help="GPU-seconds of every search, as the table counts them")
    parser.add_argument("--epochs", type=int, help="of training, of every search")
    parser.add_argument("--seeds", type=int, default=20, help="searches of every strategy")
    parser.add_argument("--seed", type=int, default=0, help="of the first search")
    parser.add_argument("--workers", default="1", metavar="N", help="processes that train networks, or a Dask scheduler's address")
    parser.add_argument("--constraint", action="append", default=[], metavar="'QUANTITY <= MOST'", dest="constraints",
                        help="what every proposal keeps, such as 'latency_ms@pixel3 <= 5'; may be given several times")
    parser.add_argument("--run", metavar="DIR", help="keep the race in this folder; by default nothing is kept")
    parser.add_argument("--to", metavar="FILE", help="write the figure to an HTML file that needs no network")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run_command=run)


def run(arguments: argparse.Namespace) -> int:
    with TemporaryDirectory() as scratch:
        race = _made(arguments, Path(scratch) / "race")
        with tqdm(total=race.manifest.searches * len(race.manifest.lanes), unit="search", disable=arguments.json, file=sys.stderr) as bar:
            for _ in race.events():
                bar.update(sum(int(lane.ended.sum()) for lane in race.history.lanes.values()) - bar.n)
        if arguments.to:
            race.figure().write_html(arguments.to, include_plotlyjs=True)
        if arguments.json:
            print(json.dumps(summary(race), ensure_ascii=False, allow_nan=False))
        else:
            _print(race)
    for name, message in race.stopped.items():
        print(f"nas-explorer: {name} stopped: {message}", file=sys.stderr)
    return 1 if race.stopped else 0


def _made(arguments: argparse.Namespace, scratch: Path) -> Race:
    if not arguments.strategies:
        raise InvalidOption("a race needs at least one --strategy, for example --strategy regularized_evolution")
    options = pairs(arguments.estimator_set) | ({"dataset": arguments.dataset} if arguments.dataset is not None else {})
    estimator = ESTIMATORS.make(arguments.estimator, ESTIMATORS.parse(arguments.estimator, options))
    workers = int(arguments.workers) if arguments.workers.lstrip("-").isdigit() else arguments.workers
    limits = {"trials": arguments.trials, "simulated_seconds": arguments.simulated_seconds, "epochs": arguments.epochs}
    budget = Budget.of({name: limit for name, limit in limits.items() if limit is not None})
    return Race(lanes(arguments.strategies), arguments.space, estimator, budget, arguments.seeds, arguments.objective, arguments.seed,
                workers, run=arguments.run or scratch, constraints=arguments.constraints)


def lanes(texts: list[str]) -> dict[str, Strategy]:
    """Strategies as they are typed, by a name each: the strategy's, with its options where one name comes twice.

    >>> list(lanes(["random_search", "regularized_evolution:population_size=10,tournament_size=3"]))
    ['random_search', 'regularized_evolution']

    Raises:
        UnknownName, InvalidOption: if there is no such strategy, it has no such option, or one is given twice.
    """
    found: dict[str, Strategy] = {}
    names = [text.partition(":")[0] for text in texts]
    for text, name in zip(texts, names, strict=True):
        typed = pairs([part for part in text.partition(":")[2].split(",") if part])
        lane = text if names.count(name) > 1 else name
        if lane in found:
            raise InvalidOption(f"{text!r} is given twice; a lane may come once")
        found[lane] = STRATEGIES.make(name, STRATEGIES.parse(name, typed))
    return found


def summary(race: Race) -> dict[str, Any]:
    """What `--json` prints: for every strategy what its searches found, as mean and population standard deviation (ddof 0)."""
    return {
        "space": race.space.name,
        "budget": dict(race.manifest.budget),
        "objectives": [m.name for m in race.history.objectives],
        "sentence": race.ranking().sentence,
        "notes": list(race.manifest.notes),
        "strategies": [_lane(name, lane) for name, lane in race.history.lanes.items()],
    }


def _lane(name: str, lane: LaneHistory) -> dict[str, Any]:
    metrics = {}
    for m in lane.metrics:
        values = lane.final(m.name)
        values = values[np.isfinite(values)]
        if len(values):
            metrics[m.name] = {"mean": float(values.mean()), "std": float(values.std())}
    found = {"strategy": name, "seeds": lane.searches, "trials_mean": float(lane.spent["trials"].mean()), "metrics": metrics}
    return {**found, "message": lane.message} if lane.message else found


def _print(race: Race) -> None:
    ranked = race.ranking()
    columns = ["strategy", "trials", *(f"{m.title}" for m in race.history.metrics)]
    rows = []
    for standing in ranked.standings:
        lane = race.history.lanes[standing.name]
        finals = [(lane.final(m.name), m.unit) for m in lane.metrics]
        cells = [f"{shown(float(np.nanmean(values)), unit)} ±{shown(float(np.nanstd(values)), unit)}" for values, unit in finals]
        rows.append([standing.name, f"{standing.trials_mean:,.1f}", *cells])
    print_table(columns, rows)
    print(f"\nMeans and standard deviations (ddof 0) of what {race.manifest.searches} searches found. {ranked.sentence}")
    for note in race.manifest.notes:
        print(note)
