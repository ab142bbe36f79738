"""`nas-explorer show RUN --trial N`: why a trial was proposed; with two trials, what lies between them."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from nas_explorer.cli.search import as_json
from nas_explorer.errors import InvalidOption
from nas_explorer.records.run import Run
from nas_explorer.search.looking import plan_to_look
from nas_explorer.search.questions import compared, number_of
from nas_explorer.views.comparison import Comparison
from nas_explorer.views.comparison_worth import Worth
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
    estimator = plan_to_look(run.manifest).estimator
    return compared(run.history, run.space, estimator, run.manifest.metrics, (first, second))


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
        "worths": [
            {
                "decisions": [d.decision for d in row.change.differences],
                "metrics": {c.metric.name: worth_json(worth) for c, worth in zip(found.changes, row.worths, strict=True)},
            }
            for row in found.worths
        ],
    }


def worth_json(worth: Worth) -> dict[str, Any]:
    if worth.kind == "unknown":
        return {"kind": worth.kind, "value": None}
    said = {"kind": worth.kind, "value": worth.value}
    if worth.kind == "exact":
        return said
    return {**said, "low": worth.low, "high": worth.high, **({"trials": list(worth.trials)} if worth.kind == "estimate" else {})}
