"""What 100,000 trials cost in the search process: `python -m tests.benchmarks.memory`. Prints its peak and the part that trials take."""

from __future__ import annotations

import resource
import tempfile
from pathlib import Path

import nas_explorer as nas

TRIALS = 100_000


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        evolution = nas.strategies.RegularizedEvolution(population_size=100, tournament_size=25)
        objectives = ["validation_error", "latency_ms@raspi4"]
        search = nas.Search("nas_bench_201", evolution, "tabular", objectives, budget=TRIALS, run=Path(folder) / "run")
        before = peak_mb()
        for _ in search.events():
            pass
        print(f"peak {peak_mb():.0f} MB after {search.history.ended_count:,} trials, {before:.0f} MB before the first")
        resumed = nas.open(search.folder)
        log = (search.folder / "events.jsonl").stat().st_size / 1e6
        print(f"read again by a second handle in the same process: peak {peak_mb():.0f} MB; the log has {log:.0f} MB, "
              f"{resumed.history.event_count:,} events")


if __name__ == "__main__":
    main()
