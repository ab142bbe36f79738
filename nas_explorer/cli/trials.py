"""`nas-explorer show RUN --trial N`: why a trial was proposed; with two trials, what lies between them."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from nas_explorer.cli.search import as_json
from nas_explorer.errors import InvalidOption
from nas_explorer.records.run import Run
from nas_explorer.search.questions import known_values, number_of
from nas_explorer.views.comparison import Comparison, compare
from nas_explorer.views.explanation import Explanation, explain
from nas_explorer.views.lineage import lineage

MOST = 2


def show_trials(run: Run, wanted: Sequence[int], in_json: bool) -> int:
    """
    Raises:
        InvalidOption: if there is no such trial, or there are more than two.
    """
    if len(wanted) > MOST:
        raise InvalidOption(f"--trial is given once to explain a trial or twice to compare two, got {len(wanted)}")
    numbers = [number_of(run.history, number) for number in wanted]
    family = lineage(run.history)
    found = [explain(run.history, run.space, number, family) for number in numbers]
    between = difference(run, *numbers) if len(numbers) == MOST else None
    if in_json:
        trials = [explained_json(run, explanation) for explanation in found]
        print(json.dumps({"trials": trials, **({"difference": difference_json(between)} if between else {})}, ensure_ascii=False))
        return 0
    print("\n\n".join(str(part) for part in (*found, between) if part is not None))
    return 0


def difference(run: Run, first: int, second: int) -> Comparison:
    one, other = run.history.trial(first), run.history.trial(second)
    values = known_values(run.space, one), known_values(run.space, other)
    titles = f"trial {first}", f"trial {second}"
    return compare(run.space, one.architecture, other.architecture, values, run.manifest.metrics, titles)


def explained_json(run: Run, found: Explanation) -> dict[str, Any]:
    words = {"why": found.sentence, "parents": list(found.parents), "numbers": dict(found.numbers)}
    return {**as_json(run.space, run.history.trial(found.trial)), "status": run.history.status(found.trial), **words}


def difference_json(found: Comparison) -> dict[str, Any]:
    def known(value: float) -> float | None:
        return None if math.isnan(value) else value

    return {
        "sentence": found.sentence,
        "decisions": {d.decision: [d.first, d.second] for d in found.differences},
        "metrics": {c.metric.name: {"first": known(c.first), "second": known(c.second), "change": known(c.change)} for c in found.changes},
    }
