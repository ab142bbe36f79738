"""What followers cost a search: its own processor seconds per trial with none and with thirty of them, on a table at full speed and
with networks that are trained.

Run it with: python tests/benchmarks/classroom.py

In a class every student has a processor; here followers share one with the search, so what counts is not how long the search takes but
how much work it has: the seconds that its own process computes. Each pair is run several times, by turns, and the medians are compared.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from pathlib import Path

import nas_explorer as nas
from nas_explorer.records.run import Run
from nas_explorer.search.follower import PERIOD_SECONDS, Follower

FOLLOWERS = 30
PAIRS = {"table": 5, "training": 3}
MARKS = (100, 1_000, 10_000)
LOOKS = 500
SEARCH = """
import json, sys, time
import nas_explorer as nas
kind, folder = sys.argv[1:]
what = dict(space="nas_bench_201", estimator="tabular", budget=3000) if kind == "table" else dict(
    space="digits_cells", estimator=nas.estimators.Training("digits", epochs=2), budget=4)
search = nas.Search(strategy=nas.strategies.RegularizedEvolution(population_size=50, tournament_size=10), run=folder, **what)
events = iter(search.events())
next(events)                       # imports and tables are loaded; from here on it is the search
print("begun", flush=True)
sys.stdin.readline()
began = time.process_time()
for event in events:
    pass
print(json.dumps({"seconds": time.process_time() - began, "trials": search.history.ended_count}))
"""


def followers(folder: Path, count: int) -> list[Follower]:
    """As many notebooks look: each reads what is new and asks in what state the run is, eight times a second."""

    def one() -> Follower:
        run, seen = Run.open(folder), deque[str](maxlen=1)
        return Follower(lambda: seen.append(run.state))

    made = [one() for _ in range(count)]
    for follower in made:
        follower.start()
    return made


def measured(kind: str, count: int) -> float:
    """Milliseconds of its own processor that a trial takes the search."""
    with tempfile.TemporaryDirectory() as disk:
        folder = Path(disk) / "run"
        command = [sys.executable, "-c", SEARCH, kind, str(folder)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            if process.stdout is None or process.stdin is None or process.stdout.readline() != "begun\n":
                raise RuntimeError("the search did not begin")
            looking = followers(folder, count)
            process.stdin.write("\n")
            process.stdin.flush()
            told = json.loads(process.stdout.readline())
            for follower in looking:
                follower.close()
        return 1000 * float(told["seconds"]) / int(told["trials"])


def compare(kind: str, words: str) -> None:
    alone, followed = [], []
    for _ in range(PAIRS[kind]):
        alone.append(measured(kind, 0))
        followed.append(measured(kind, FOLLOWERS))
    first, second = statistics.median(alone), statistics.median(followed)
    ratios = sorted(b / a for a, b in zip(alone, followed, strict=True))
    print(f"{words}: alone {first:.3f}, followed {second:.3f}; ratio {second / first:.3f} (pairs {ratios[0]:.3f} to {ratios[-1]:.3f})")


def look() -> None:
    """What a look costs a follower where nothing is new, as the log grows; and what all of them could take of one processor."""
    with tempfile.TemporaryDirectory() as disk:
        search = nas.Search("nas_bench_201", "random_search", "tabular", budget=MARKS[-1], run=Path(disk) / "run")
        for _ in search.events():
            if search.history.ended_count in MARKS and search.history.event_count % 3 == 1:
                run = Run.open(search.folder)
                began = time.process_time()
                for _ in range(LOOKS):
                    str(run.state)
                seconds = (time.process_time() - began) / LOOKS
                share = 100 * seconds * FOLLOWERS / PERIOD_SECONDS
                size = (search.folder / "events.jsonl").stat().st_size / 1e6
                print(
                    f"a log of {search.history.ended_count:,} trials, {size:.1f} MB: a look takes {1e6 * seconds:.0f} microseconds, "
                    f"those of {FOLLOWERS} followers {share:.2f} % of one processor"
                )


def main() -> None:
    print(f"nas_explorer {nas.__version__}: a search alone and with {FOLLOWERS} followers, milliseconds of its own processor a trial")
    compare("table", "on a table, 3,000 trials")
    compare("training", "trained networks, 4 trials of 2 epochs")
    look()


if __name__ == "__main__":
    main()
