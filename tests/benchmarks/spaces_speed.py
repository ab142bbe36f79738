"""How fast spaces are: python -m tests.benchmarks.spaces_speed. One thread; what is asked for stands beside what is measured."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from nas_explorer.spaces import (
    SearchSpace,
    decisions,
    facts,
    load,
    mutate,
    names,
    op,
    problems,
    sample,
    size,
    space_from_json,
    to_code,
    to_indices,
    to_json,
)
from nas_explorer.spaces.gestures import set_candidates

LIMITS = {"parameter_count": 1_000_000.0, "macs": 100_000_000.0}


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """Seconds of processor time of the quickest round: other processes may share the core, and are not counted."""
    found = []
    for _ in range(rounds):
        started = time.thread_time()
        work()
        found.append(time.thread_time() - started)
    return min(found)


def a_second(work: Callable[[], object], times: int) -> float:
    return times / best(lambda: [work() for _ in range(times)])


def moves(name: str, wanted: int) -> str:
    space, rng = load(name), np.random.default_rng(0)
    architecture = sample(space, rng)
    rates = [a_second(lambda: sample(space, rng), 2_000), a_second(lambda: mutate(space, architecture, rng), 2_000),
             a_second(lambda: to_indices(space, architecture), 2_000)]
    return f"{name:15} sample {rates[0]:9,.0f}/s, mutate {rates[1]:9,.0f}/s, encode {rates[2]:9,.0f}/s   (wanted {wanted:,}/s)"


def milliseconds(name: str) -> str:
    space = load(name)
    rows = [best(lambda: space_from_json(json.loads(json.dumps(to_json(space))))), best(lambda: to_code(space)),
            best(lambda: problems(load(name)), 3), best(lambda: _edited(space), 3), best(lambda: next(facts(load(name), LIMITS)), 3)]
    return f"{name:15}" + "".join(f"{seconds * 1e3:12.1f} ms" for seconds in rows)


def _edited(space: SearchSpace) -> int:
    """One gesture and what the editor shows of it at once."""
    name = next((name for name, _ in space.cells), "")
    edge = space.cell(name).edges[-1]
    if edge.presence == "loose":
        edge = space.cell(name).edges[0]
    offered = ["skip", op("conv", kernel=7)]
    edited = space.edit(name, lambda graph: set_candidates(graph, (edge.source, edge.target), offered))
    return size(edited)


if __name__ == "__main__":
    largest = max(names(), key=lambda name: size(load(name)))
    widest = max(names(), key=lambda name: len(decisions(load(name))))
    for entry, rate in (("nas_bench_201", 50_000), (largest, 5_000), (widest, 5_000)):
        print(moves(entry, rate))
    print(f"\n{'':15}" + "".join(f"{what:>15}" for what in ("JSON both ways", "code", "problems", "edit", "first facts")))
    for entry in names():
        print(milliseconds(entry))
    print(f"{'wanted, under':15}" + "".join(f"{limit:12} ms" for limit in (10, 150, 150, 150, 300)))
