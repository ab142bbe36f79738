"""The options of a space as a table to steer by: what each went with so far and how sure that is, and what is ruled out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nas_explorer.records import Metric
from nas_explorer.records.events import Snapshot
from nas_explorer.spaces import Scalar, SearchSpace
from nas_explorer.spaces.decisions import Decision
from nas_explorer.spaces.indices import layout
from nas_explorer.views.decision_words import option_words, place_words
from nas_explorer.views.lineage_tree import option_tile
from nas_explorer.views.numbers import Scale, column_scale
from nas_explorer.views.option_effects import FEWEST, Effects, OptionEffects

MOST_COLUMNS = 8  # side by side
MOST_OPTIONS = 40  # of one decision that are shown
MOST_ROWS = 300
_IN_SIGHT = 0.9  # of the intervals' ends; bars are cut at the others


@dataclass(frozen=True, slots=True)
class RuledOut:
    """What edits leave of a space.

    Attributes:
        pins: decision -> its only option.
        vetoes: decision -> the options that are ruled out one by one.
        undoable: (decision, option) of the pin that `undo` would take back; None if it would take back something else.
    """

    pins: Mapping[str, Scalar] = field(default_factory=dict)
    vetoes: Mapping[str, Sequence[Scalar]] = field(default_factory=dict)
    undoable: tuple[str, Scalar] | None = None

    def state(self, decision: str, option: Scalar) -> str:
        """`pinned`, `vetoed`, `out` beside a pinned one, or `open`."""
        if decision in self.pins:
            return "pinned" if _same(self.pins[decision], option) else "out"
        return "vetoed" if any(_same(vetoed, option) for vetoed in self.vetoes.get(decision, ())) else "open"


def _same(one: Scalar, other: Scalar) -> bool:
    return type(one) is type(other) and one == other


def option_table(space: SearchSpace, known: Effects | Snapshot | None, ruled: RuledOut) -> dict[str, Any]:
    """A row a decision and a cell an option, in JSON's own types.

    Args:
        known: the effects of the options, or of shared weights the newest snapshot; None: nothing yet.

    Returns:
        `columns`, the options that all decisions share, else None; `rows`; `caption`, what the numbers are; `more`, how many
        decisions are left out; `chances`, whether the numbers are probabilities.
    """
    found = layout(space).decisions
    shown = found[:MOST_ROWS]
    chances = isinstance(known, Snapshot)
    cells = _chance_cells(known, shown) if isinstance(known, Snapshot) else _effect_cells(known, shown)
    rows = [_row(decision, made, ruled) for decision, made in zip(shown, cells, strict=True)]
    shared = len({decision.options for decision in found}) == 1 and len(found[0].options) <= MOST_COLUMNS
    return {
        "columns": [option_tile(option) for option in found[0].options] if shared else None,
        "place": "Edge" if all("→" in decision.id for decision in found) else "Decision",
        "rows": rows,
        "caption": _caption(known),
        "more": len(found) - len(shown),
        "chances": chances,
    }


def _row(decision: Decision, cells: Sequence[dict[str, Any]], ruled: RuledOut) -> dict[str, Any]:
    states = [ruled.state(decision.id, option) for option in decision.options]
    kept = [i for i, state in enumerate(states) if i < MOST_OPTIONS or state in ("pinned", "vetoed")]
    return {
        "id": decision.id,
        "place": place_words(decision.id),
        "when": [[parent, sorted(options)] for parent, options in decision.when],
        "cells": [
            {
                "index": i,
                "tile": option_tile(decision.options[i]),
                "state": states[i],
                "undo": ruled.undoable is not None and ruled.undoable[0] == decision.id and _same(ruled.undoable[1], decision.options[i]),
                **cells[i],
            }
            for i in kept
        ],
        "more": len(states) - len(kept),
    }


def _caption(known: Effects | Snapshot | None) -> str:
    if known is None:
        return "nothing is known yet"
    if isinstance(known, Snapshot):
        return f"probability of each option now, after epoch {known.epoch:,.0f}"
    if not known.trials:
        return f"median {known.metric.label} with each option against all trials; none has finished yet"
    unit = {"%": "in points ", "": ""}.get(known.metric.unit, f"in {known.metric.unit} ")
    return f"median {known.metric.label} with each option, {unit}against all {known.trials:,} trials; line: 95 % interval"


# ---- what trials tell
def _effect_cells(known: Effects | None, shown: Sequence[Decision]) -> list[list[dict[str, Any]]]:
    if known is None:
        return [[_cell("", "", "never tried")] * len(decision.options) for decision in shown]
    effects = known.decisions[: len(shown)]
    sure = [e.count >= FEWEST for e in effects]
    sizes = np.abs(np.concatenate([np.zeros(1), *(e.difference[at] for e, at in zip(effects, sure, strict=True))]))
    ends = np.abs(np.concatenate([np.zeros(1), *(side[at] for e, at in zip(effects, sure, strict=True) for side in (e.low, e.high))]))
    scale, full = column_scale(known.metric, sizes.tolist()), float(max(sizes.max(), np.quantile(ends, _IN_SIGHT))) or 1.0
    return [[_effect_cell(effect, at, known.metric, scale, full) for at in range(len(effect.options))] for effect in effects]


def _effect_cell(effect: OptionEffects, at: int, metric: Metric, scale: Scale, full: float) -> dict[str, Any]:
    count = int(effect.count[at])
    if not count:
        return _cell("–", "not tried", f"{_where(effect, at)}: no finished trial has it")
    difference, low, high = (float(column[at]) for column in (effect.difference, effect.low, effect.high))
    sure = count >= FEWEST
    tone = _tone(metric, low, high) if sure else ""
    trials = f"{count:,} finished trial{'s' if count > 1 else ''}"
    how = (
        f"95 % interval {_signed(scale, low, metric)} to {_signed(scale, high, metric)}, {trials}"
        if sure
        else f"{trials}, too few to be sure of anything"
    )
    return {
        **_cell(_signed(scale, difference, metric), f"n = {count:,}", f"{_where(effect, at)}: {_spoken(difference, metric, scale)}; {how}"),
        "bar": [_part(value, full) for value in (difference, *((low, high) if sure else (difference, difference)))],
        "tone": tone,
        "few": not sure,
        "interval": f"{_signed(scale, low, metric)} to {_signed(scale, high, metric)}" if sure else "too few trials for an interval",
        "best": int(effect.best[at]),
    }


def _cell(text: str, count: str, words: str) -> dict[str, Any]:
    return {"text": text, "n": count, "words": words, "bar": None, "tone": "", "few": True, "interval": "", "best": -1}


def _where(effect: OptionEffects, at: int) -> str:
    return f"{option_words(effect.options[at])} on {place_words(effect.decision)}"


def _tone(metric: Metric, low: float, high: float) -> str:
    """Only where the whole interval lies on one side: a bare difference is no news."""
    if low <= 0 <= high:
        return "unsure"
    return "better" if metric.is_better(high if metric.minimize else low, 0.0) else "worse"


def _signed(scale: Scale, value: float, metric: Metric) -> str:
    text = scale.text(value, metric.unit) + scale.sign
    return f"+{text}" if value > 0 else text


def _spoken(difference: float, metric: Metric, scale: Scale) -> str:
    if difference == 0:
        return f"median {metric.label} as of all trials"
    unit = "points" if metric.unit == "%" else f"{scale.sign}{metric.unit}"
    size = f"{scale.text(abs(difference), metric.unit)} {unit}".rstrip()
    return f"median {metric.label} {size} {'above' if difference > 0 else 'below'} that of all trials"


def _part(value: float, full: float) -> float:
    """Where it stands on a bar that reaches from -1 to 1."""
    return round(max(-1.0, min(1.0, value / full)), 3)


# ---- what shared weights tell
def _chance_cells(snapshot: Snapshot, shown: Sequence[Decision]) -> list[list[dict[str, Any]]]:
    return [
        [_chance_cell(decision, at, snapshot.probabilities.get(decision.id)) for at in range(len(decision.options))] for decision in shown
    ]


def _chance_cell(decision: Decision, at: int, chances: Sequence[float] | None) -> dict[str, Any]:
    where = f"{option_words(decision.options[at])} on {place_words(decision.id)}"
    if chances is None or at >= len(chances) or not math.isfinite(chances[at]):
        return _cell("–", "", f"{where}: no probability is told")
    chance = float(chances[at])
    return {**_cell(f"{chance:.0%}", "", f"{where}: probability {chance:.1%}"), "bar": [round(chance, 4), 0.0, 0.0], "few": False}
