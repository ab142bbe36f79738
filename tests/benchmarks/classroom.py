"""What followers cost a search: its own processor seconds per trial with none and with thirty of them, on a table at full speed and
with networks that are trained.

Run it with: python tests/benchmarks/classroom.py

In a class every student has a processor; here followers share one with the search, so what counts is not how long the search takes but
how much work it has: the seconds that its own process computes. One search goes on from window to window, of the same number of
trials each, with followers and without by turns, so that whatever drifts touches both; the ratio comes with its 95 % interval.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from pathlib import Path

import numpy as np

import nas_explorer as nas
from nas_explorer.records.run import Run
from nas_explorer.search.follower import PERIOD_SECONDS, Follower

FOLLOWERS = 30
PAIRS = 60  # of windows
TRIALS = {"table": 300, "training": 1}  # of a window: few, as each of the followers reads every trial, all of them in one process
SETTLE_SECONDS = 1.0  # until followers have read what there is
MARKS = (100, 1_000, 10_000)
LOOKS = 500
SEARCH = """
import sys, time
import numpy as np
import nas_explorer as nas
kind, folder, trials = sys.argv[1], sys.argv[2], int(sys.argv[3])

class Same:
    "The same network again and again, so that every trial is the same work."
    def __init__(self, space):
        self.architecture = nas.spaces.sample(space, np.random.default_rng(0))
    def begin(self, problem):
        return self
    def ask(self):
        return self.architecture
    def tell(self, trial):
        pass

if kind == "table":
    evolution = nas.strategies.RegularizedEvolution(population_size=50, tournament_size=10)
    search = nas.Search("nas_bench_201", evolution, "tabular", budget=10**7, run=folder)
else:
    from nas_explorer.spaces.library.digits_cells import digits_cells
    space = digits_cells()
    search = nas.Search(space, Same(space), nas.estimators.Training("digits", epochs=2), budget=10**7, run=folder)
events = iter(search.events())
next(events)

def window(trials):
    end, began = search.history.ended_count + trials, time.process_time()
    for event in events:
        if search.history.ended_count >= end:
            return time.process_time() - began

window(10 * trials)  # not measured: a population is drawn, torch gets warm
print("begun", flush=True)
for line in sys.stdin:
    print(window(trials), flush=True)
"""


def followers(folder: Path, open_eyes: threading.Event) -> list[Follower]:
    """As many notebooks look, while their eyes are open: each reads what is new and asks in what state the run is, eight times a
    second."""

    def one() -> Follower:
        run, seen = Run.open(folder), deque[str](maxlen=1)
        return Follower(lambda: seen.append(run.state) if open_eyes.is_set() else None)

    made = [one() for _ in range(FOLLOWERS)]
    for follower in made:
        follower.start()
    return made


def windows(kind: str) -> tuple[list[float], list[float]]:
    """Milliseconds of its own processor that a trial took the search, alone and followed, pair by pair."""
    alone, followed = [], []
    turns, open_eyes = random.Random(0), threading.Event()
    with tempfile.TemporaryDirectory() as disk:
        folder = Path(disk) / "run"
        command = [sys.executable, "-c", SEARCH, kind, str(folder), str(TRIALS[kind])]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            if process.stdin is None or process.stdout is None or process.stdout.readline() != "begun\n":
                raise RuntimeError("the search did not begin")
            looking = followers(folder, open_eyes)
            for _ in range(PAIRS):
                for with_them in turns.sample([True, False], 2):
                    (open_eyes.set if with_them else open_eyes.clear)()
                    time.sleep(SETTLE_SECONDS)
                    process.stdin.write("\n")
                    process.stdin.flush()
                    (followed if with_them else alone).append(1000 * float(process.stdout.readline()) / TRIALS[kind])
            for follower in looking:
                follower.close()
            process.kill()
    return alone, followed


def compare(kind: str, words: str) -> None:
    """The ratio of the medians, as other programs only ever add to a window; its interval by the bootstrap over pairs."""
    alone, followed = windows(kind)
    pairs, rng = np.array([alone, followed]), np.random.default_rng(0)
    drawn = np.median(pairs[:, rng.integers(0, PAIRS, (2_000, PAIRS))], axis=2)
    low, high = np.quantile(drawn[1] / drawn[0], (0.025, 0.975))
    first, second = np.median(pairs, axis=1)
    print(f"{words}: alone {first:.3f}, followed {second:.3f}; ratio {second / first:.4f} (95 %: {low:.4f} to {high:.4f})")


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
    compare("table", f"on a table, windows of {TRIALS['table']:,} trials")
    compare("training", "one network that is trained again and again, 2 epochs")
    look()


if __name__ == "__main__":
    main()
