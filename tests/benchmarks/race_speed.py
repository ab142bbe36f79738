"""How fast races are: whole ones, strategies as matrices, Optuna behind its adapter, BANANAS, and what a view of a race costs.

    python tests/benchmarks/race_speed.py [SEEDS]

CPU time of this process (`time.process_time`), one thread. SEEDS (100) is the number of searches a lane.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import optuna

from nas_explorer.estimators.tabular import Tabular
from nas_explorer.races.fleet_lane import FleetLane
from nas_explorer.races.lookup import Lookup
from nas_explorer.races.loop import RaceLoop
from nas_explorer.races.plan import make_race_plan
from nas_explorer.races.race import Race
from nas_explorer.records import Trial, metric
from nas_explorer.records.race_events import Found, LaneAdvanced, Progress, RaceStarted
from nas_explorer.records.race_history import RaceHistory
from nas_explorer.spaces import decisions, nas_bench_201
from nas_explorer.strategies import CATALOG, Problem, Strategy
from nas_explorer.strategies.bananas import Bananas
from nas_explorer.strategies.optuna_sampler import OptunaSampler
from nas_explorer.strategies.random_search import RandomSearch
from nas_explorer.strategies.regularized_evolution import RegularizedEvolution
from nas_explorer.strategies.reinforce_per_decision import ReinforcePerDecision
from nas_explorer.views.race import race_view
from nas_explorer.views.race_figure import race_figure
from nas_explorer.views.race_ranking import ranking

ERROR = (metric("validation_error"),)
SIX = {
    "random": "random_search",
    "evolution": RegularizedEvolution(10, 3),
    "reinforce": "reinforce_per_decision",
    "local": "local_search",
    "bohb": "bohb",
    "hyperband": "hyperband",
}


def seconds(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


def whole_race(seeds: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        spent = seconds(lambda: Race(SIX, "nas_bench_201", "tabular", 300, seeds, run=Path(scratch) / "r").wait())
    trials = len(SIX) * seeds * 300
    print(f"race of {len(SIX)} strategies x {seeds} seeds x 300 trials, with its log: {spent:.1f} CPU-s "
          f"({trials / spent:,.0f} trials a CPU-s)")


def fleets(searches: int = 256, steps: int = 400) -> None:
    space = nas_bench_201()
    lookup = Lookup(Tabular(), Tabular(), space, ERROR)
    for strategy in (RandomSearch(), RegularizedEvolution(100, 25), RegularizedEvolution(10, 3), ReinforcePerDecision()):
        fleet = strategy.begin_many(Problem(space, ERROR), searches)
        assert fleet is not None
        lane = FleetLane(fleet, lookup, ERROR, {"trials": steps}, searches, steps)
        spent = seconds(lambda lane=lane: list(lane))  # type: ignore[misc]
        print(f"{searches} searches as matrices, {strategy}: {searches * steps / spent:,.0f} trials a CPU-s")


def optuna_adapter(trials: int = 300, rounds: int = 5) -> None:
    """TPE behind the adapter against the same study in memory, alternating."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    space, table = nas_bench_201(), Tabular()
    column, offered = table.column("validation_error"), {d.id: d.options for d in decisions(nas_bench_201())}

    def plain(seed: int) -> None:
        from nas_explorer.spaces import Architecture

        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed), direction="minimize")
        for _ in range(trials):
            trial = study.ask()
            chosen = {name: trial.suggest_categorical(name, options) for name, options in offered.items()}
            study.tell(trial, float(column[table.index(Architecture(chosen))]))

    def adapter(seed: int) -> None:
        proposer = OptunaSampler("tpe").begin(Problem(space, ERROR, seed))
        for number in range(trials):
            architecture = proposer.ask()
            value = float(column[table.index(architecture)])
            proposer.tell(Trial(number, architecture, "finished", {"validation_error": value}))

    plain(0)
    adapter(0)
    pairs = [(seconds(lambda seed=seed: plain(seed)), seconds(lambda seed=seed: adapter(seed))) for seed in range(rounds)]  # type: ignore[misc]
    print(f"TPE, {trials} trials: Optuna in memory {np.median([p for p, _ in pairs]):.2f} CPU-s, behind the adapter "
          f"{np.median([a for _, a in pairs]):.2f}; ratio {np.median([a / p for p, a in pairs]):.3f}")


def bananas(known: int = 300, candidates: int = 1000) -> None:
    space, table = nas_bench_201(), Tabular()
    column = table.column("validation_error")
    predictor = Bananas(start=known, candidates=candidates).begin(Problem(space, ERROR))
    for number in range(known):
        architecture = predictor.ask()
        predictor.tell(Trial(number, architecture, "finished", {"validation_error": float(column[table.index(architecture)])}))
    print(f"BANANAS, {known} trials known: fit and {candidates:,} candidates made and scored in {seconds(predictor.ask):.2f} CPU-s")


def view(lanes: int = 10, seeds: int = 100, trials: int = 1000) -> None:
    """A look at a race under way: an event applied, the lines, the ranking, the figure."""
    rng, names = np.random.default_rng(0), [f"strategy {i}" for i in range(lanes)]
    history = RaceHistory(ERROR, 1, names, seeds)
    history.apply(RaceStarted(0, 0.0))

    def progress(seed: int, upto: int) -> Progress:
        at = np.unique(np.geomspace(1, upto, 10).astype(int))
        errors = np.sort(rng.uniform(10, 40, len(at)))[::-1]
        found = tuple(Found(int(t), 100.0 * t, 12.0 * t, (float(e),), (0,) * 6) for t, e in zip(at, errors, strict=True))
        return Progress(seed, upto, 100.0 * upto, 12.0 * upto, found, upto == trials)

    for number, name in enumerate(names, start=1):
        history.apply(LaneAdvanced(number, 0.0, name, tuple(progress(seed, trials) for seed in range(seeds))))
    more = LaneAdvanced(history.event_count, 0.0, names[0], tuple(Progress(seed, trials, 1e5, 12e3, (), True) for seed in range(seeds)))
    lines = race_view(history, optima={"validation_error": 9.0})
    race_figure(lines)
    steps = {
        "an event": lambda: history.apply(more),
        "lines and bands": lambda: race_view(history, optima={"validation_error": 9.0}),
        "ranking": lambda: ranking(history, random_lane=names[0]),
        "figure": lambda: race_figure(lines, random_lane=names[0]),
    }
    spent = {name: seconds(step) for name, step in steps.items()}
    print(f"a look at {lanes} strategies x {seeds} seeds x {trials:,} trials: "
          + ", ".join(f"{name} {1000 * s:.0f} ms" for name, s in spent.items()) + f"; together {1000 * sum(spent.values()):.0f} ms")


def widget(lanes: int = 10, seeds: int = 100, trials: int = 1000) -> None:
    """What a look of the widget costs while such a race goes on: everything that it sends, made and put into JSON."""
    from nas_explorer.widgets.race_view_content import Choice, RaceContent
    from nas_explorer.widgets.race_view_status import RaceStatus, banner, header

    with tempfile.TemporaryDirectory() as scratch:
        names: dict[str, Strategy | str] = {f"random {i}": RandomSearch() for i in range(lanes)}
        race = Race(names, "nas_bench_201", "tabular", trials, seeds, run=Path(scratch) / "r").wait()
        content, half = RaceContent(race), race.history.event_count // 2

        def look(choice: Choice) -> int:
            ranked = content.ranking(choice)
            rows = content.rows(choice, ranked)
            status = RaceStatus("running")
            told = [content.plot(Choice()), content.table(choice, rows), header(race, status, content.name),
                    banner(race, status, rows, ranked, content.then(choice), "trials"), content.facts(choice)]
            return len(json.dumps(told))

        size = look(Choice())
        live, past = (sorted(seconds(lambda c=c: look(c)) for _ in range(5))[2] for c in (Choice(), Choice(moment=half)))  # type: ignore[misc]
    print(f"an update of the widget with {lanes} strategies x {seeds} seeds x {trials:,} trials: {1000 * live:.0f} ms, "
          f"{size / 1000:.0f} kB; of an earlier moment {1000 * past:.0f} ms")


def volumes(lanes: int = 10, seeds: int = 20, trials: int = 1000) -> None:
    """Hypervolumes of two objectives: the first look computes them all, a later one what is new."""
    with tempfile.TemporaryDirectory() as scratch:
        names: dict[str, Strategy | str] = {f"random {i}": RandomSearch() for i in range(lanes)}
        objectives = ["validation_error", "latency_ms@raspi4"]
        race = Race(names, "nas_bench_201", "tabular", trials, seeds, objectives, run=Path(scratch) / "r").wait()
    first, again = (seconds(lambda: race.view(what="hypervolume")) for _ in range(2))
    print(f"hypervolumes of {lanes} strategies x {seeds} seeds x {trials:,} trials: first look {1000 * first:.0f} ms, "
          f"again {1000 * again:.0f} ms")


def race_with_tpe(seeds: int) -> None:
    plan = make_race_plan({"tpe": CATALOG.make("tpe")}, "nas_bench_201", "tabular", 300, seeds)
    spent = seconds(lambda: list(RaceLoop(plan)))
    print(f"race of TPE and random search x {seeds} seeds x 300 trials: {spent:.1f} CPU-s, {spent / seeds:.2f} a search of TPE")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    whole_race(count)
    fleets()
    bananas()
    view()
    widget()
    volumes()
    optuna_adapter()
    race_with_tpe(max(1, count // 50))
