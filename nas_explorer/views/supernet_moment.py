"""One snapshot of shared weights in the order in which the supernet view shows it, as plain data that never changes again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nas_explorer.records.events import Snapshot
from nas_explorer.views.supernet import SupernetDrawing

SCALE = 10_000  # a probability is sent as a whole number of these parts
TOO_FEW = "Too few to say"
MISSING = -1  # of a decision that the snapshot does not tell
RED, GREEN, FEWEST = 0.3, 0.6, 20  # Kendall's tau below, above, and architectures that it needs to mean anything

Tone = Literal["err", "warn", "ok", ""]


@dataclass(frozen=True, slots=True)
class TrueRank:
    """What a table knows of the architecture that would be derived: rank 1 is the best; `value` in words, `94.37 %`."""

    rank: int
    of: int
    value: str = ""
    label: str = ""


def moment(drawing: SupernetDrawing, snapshot: Snapshot, number: int, rank: TrueRank | None = None, noun: str = "cells") -> dict[str, Any]:
    """What the view shows of a snapshot, in JSON's own types.

    Returns:
        number, epoch and values as they are; `p`, one whole number of ten thousandths an option of every decision, in the order
        of the drawing, -1 where the snapshot does not tell; `entropy`, in bits a decision, and `pick`, the option that would be
        derived, -1 where the decision is not asked; `trust`, `rank` and `warning` in words, None where there is nothing to say.
    """
    return {
        "number": number,
        "epoch": round(snapshot.epoch, 4),
        "values": {name: float(f"{value:.6g}") for name, value in snapshot.values.items() if math.isfinite(value)},
        "p": [part for decision in drawing.decisions for part in _parts(snapshot.probabilities.get(decision.id), decision.order)],
        "entropy": [_bits(snapshot.probabilities.get(decision.id)) for decision in drawing.decisions],
        "pick": [_pick(snapshot.architecture, decision.id, decision.labels, decision.order) for decision in drawing.decisions],
        "trust": trust(snapshot.values, noun),
        "rank": None if rank is None else {"rank": f"{rank.rank:,}", "of": f"{rank.of:,}", "value": rank.value, "label": rank.label},
        "warning": warning_words(snapshot.warning) if snapshot.warning else None,
    }


def _parts(probabilities: Sequence[float] | None, order: Sequence[int]) -> list[int]:
    if probabilities is None:
        return [MISSING] * len(order)
    return [round(SCALE * probabilities[option]) for option in order]


def entropy_bits(probabilities: Sequence[float]) -> float:
    """
    >>> entropy_bits([0.5, 0.25, 0.25, 0.0])
    1.5
    """
    return 0.0 - sum(p * math.log2(p) for p in probabilities if p > 0)


def _bits(probabilities: Sequence[float] | None) -> float:
    return MISSING if probabilities is None else round(entropy_bits(probabilities), 3)


def _pick(architecture: Mapping[str, object], decision_id: str, labels: Sequence[object], order: Sequence[int]) -> int:
    """The derived option as it is shown; options may be False and 0 beside True and 1, so that kinds are compared, too."""
    if decision_id not in architecture:
        return MISSING
    chosen = architecture[decision_id]
    same = (option for option, label in enumerate(labels) if label == chosen and isinstance(label, bool) == isinstance(chosen, bool))
    found = next(same, None)
    return MISSING if found is None else order.index(found)


# ---- words
def trust(values: Mapping[str, float], noun: str = "cells") -> dict[str, Any] | None:
    """Whether the shared weights rank truly: a traffic light, judged by the lower end of the interval for green, the point for red.

    >>> trust({"tau": 0.38, "tau_low": 0.24, "tau_high": 0.51, "tau_count": 80})["word"]
    'Partly'
    """
    tau, count = values.get("tau"), int(values.get("tau_count", 0))
    if tau is None:
        return _unknown(count, noun) if "tau_count" in values else None
    low, high = values.get("tau_low"), values.get("tau_high")
    tone, word, sentence = _light(tau, tau if low is None else low, count, noun)
    words = f"95 % interval {_two(low)} – {_two(high)}, n = {count:,}" if low is not None and high is not None else f"n = {count:,}"
    interval = None if low is None or high is None else [low, high]
    return {"tone": tone, "word": word, "text": sentence, "tau": tau, "shown": _two(tau), "interval": interval, "words": words}


def _light(tau: float, low: float, count: int, noun: str) -> tuple[Tone, str, str]:
    pairs = f"Of two {noun} that differ, the shared weights put about {50 * (1 + tau):.0f} % in their true order"
    if 0 < count < FEWEST:
        return "", TOO_FEW, _too_few(count, noun)
    if tau < RED:
        return "err", "No", f"{pairs}; a coin puts 50 %. Take several {noun} and train them before you choose."
    if low > GREEN:
        return "ok", "Yes", f"{pairs}. The best by shared weights is likely among the truly good."
    return "warn", "Partly", f"{pairs}. Train a few of the best from scratch before you choose."


def _unknown(count: int, noun: str) -> dict[str, Any]:
    words = {"tone": "", "word": TOO_FEW, "text": _too_few(count, noun), "words": f"n = {count}"}
    return {**words, "tau": None, "shown": "–", "interval": None}


def _too_few(count: int, noun: str) -> str:
    return f"It takes {FEWEST} {noun} whose truth is known, and so far there are {count}."


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def warning_words(warning: str) -> dict[str, str]:
    """A warning cut into its finding and the rest.

    >>> warning_words("83% of the choices lean to a skip connection: the search collapses")
    {'bold': '83% of the choices lean to a skip connection:', 'text': 'the search collapses'}
    """
    cut = min((at + 1 for at in (warning.find(": "), warning.find(". ")) if at >= 0), default=len(warning))
    return {"bold": warning[:1].upper() + warning[1:cut], "text": warning[cut:].strip()}
