"""How soon a steering edit is in force and in sight: `python -m tests.benchmarks.steering`.

A search on a table runs in its background kernel at 20 trials a second; every second somebody pins an option or takes the pin back,
as the panel would. Prints, over all edits, the median and the slowest
- from the gesture to the event in the log, on the clocks of both sides;
- from the gesture to the panel's data that show it;
- how many trials began between the gesture and the event, and how many after the event that break it;
and how long the effects of 30 decisions with 10,000 trials take.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Sequence

import numpy as np

from nas_explorer.records import History, metric
from nas_explorer.search.search import Search
from nas_explorer.spaces import sample
from nas_explorer.views.option_codes import option_codes
from nas_explorer.views.option_effects import option_effects
from nas_explorer.widgets.steer_panel import SteerPanel
from tests.toys import story, switches

EDITS = 20
DECISION, OPTION = "cell/0→1", "conv_3x3"


def spread(name: str, values: Sequence[float], unit: str) -> None:
    print(f"{name}: median {statistics.median(values):.1f}, slowest {max(values):.1f} {unit}")


def edits() -> None:
    with tempfile.TemporaryDirectory() as folder:
        objectives, run = ["validation_error"], f"{folder}/run"
        search = Search("nas_bench_201", "regularized_evolution", "tabular", objectives, budget=100_000, pace=20, run=run)
        panel = SteerPanel(search.start())
        logged, shown, meanwhile, broken = [], [], [], 0
        try:
            time.sleep(3)
            for i in range(EDITS):
                message = {"kind": "undo"} if i % 2 else {"kind": "pin", "decision": DECISION, "option": 3}
                before, began = len(search.history), time.time()
                panel._heard(panel, {"type": "edit", "place": "", **message}, [])
                while len(panel.stream.standing["edits"]) <= i:
                    time.sleep(0.001)
                shown.append(1000 * (time.time() - began))
                time.sleep(1)
                edit = search.steer.edits[i]
                logged.append(1000 * (edit.at - began))
                meanwhile.append(edit.trial - before)
                if i % 2 == 0:
                    taken = [search.history.architecture(trial)[DECISION] for trial in range(edit.trial, len(search.history))]
                    broken += sum(option != OPTION for option in taken)
        finally:
            search.stop()
            search.wait(30)
            panel.close()
    spread("from the gesture to the log", logged, "ms")
    spread("from the gesture to what shows it", shown, "ms")
    spread("trials that began before the edit was in the log", meanwhile, "trials")
    print(f"trials after a pin that break it: {broken}")


def effects() -> None:
    rng, space = np.random.default_rng(0), switches(30)
    architectures = [sample(space, rng) for _ in range(10_000)]
    history = History([metric("validation_error")])
    for event in story(architectures, [{"validation_error": float(value)} for value in rng.normal(50, 5, 10_000)]):
        history.apply(event)
    took = []
    codes = option_codes(history, space)
    for _ in range(20):
        began = time.thread_time()
        option_effects(history, space, codes)
        took.append(1000 * (time.thread_time() - began))
    spread("effects of 30 decisions, 10,000 trials", took, "ms of CPU")


if __name__ == "__main__":
    effects()
    edits()
