"""A search with shared weights as its log tells it, without one being trained: choices drift from undecided to a skip."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from nas_explorer.records import SearchFinished, SearchStarted
from nas_explorer.records.events import Snapshot
from nas_explorer.records.store import LogWriter
from nas_explorer.search.search import Search
from nas_explorer.spaces import Architecture, SearchSpace, decisions

EPOCHS = 8


def snapshots(space: SearchSpace, count: int, first: int = 1, seed: int = 0) -> Iterator[Snapshot]:
    """Each is what a search over this space could have written; `first` is the number of the first event."""
    rng = np.random.default_rng(seed)
    pull = {decision.id: rng.normal(size=len(decision.options)) for decision in decisions(space)}
    for number in range(count):
        share = (number + 1) / count
        probabilities = {name: tuple(softmax(3 * share * values)) for name, values in pull.items()}
        values = {"train_loss": 2.3 * math.exp(-share), "skip_share": share, "reward": share / 2, "baseline": share / 3}
        if number % 2:
            values |= {"tau": share - 0.2, "tau_low": share - 0.4, "tau_high": min(1.0, share), "tau_count": 40.0}
        warning = "Likely collapse: skips lead nearly everywhere." if share > 0.75 else ""
        yield Snapshot(first + number, 100.0 + number, EPOCHS * share, values, probabilities, likeliest(space, probabilities), warning)


def softmax(values: np.ndarray) -> list[float]:  # type: ignore[type-arg]
    weights = np.exp(values - values.max())
    return [float(x) for x in weights / weights.sum()]


def likeliest(space: SearchSpace, probabilities: dict[str, tuple[float, ...]]) -> Architecture:
    """The most probable option of every decision that is asked."""
    found = decisions(space)
    chosen: dict[str, int] = {}
    for decision in found:
        if not decision.when or any(chosen.get(found[parent].id) in options for parent, options in decision.when):
            chosen[decision.id] = int(np.argmax(probabilities[decision.id]))
    return Architecture({d.id: d.options[chosen[d.id]] for d in found if d.id in chosen})


def written(folder: Path, space: SearchSpace | str = "nas_bench_201", count: int = 12, finished: bool = True) -> Search:
    """A run folder with so many snapshots, opened."""
    search = Search(space, "enas", task="digits", epochs=EPOCHS, truth="tabular" if space == "nas_bench_201" else None, run=folder)
    folder.mkdir(parents=True, exist_ok=True)
    search.run.manifest.write(folder)
    with LogWriter(folder) as log:
        log.append(SearchStarted(0, 100.0))
        for snapshot in snapshots(search.plan.space, count):
            log.append(snapshot)
        if finished:
            log.append(SearchFinished(count + 1, 200.0, "budget"))
    search.follow()
    return search
