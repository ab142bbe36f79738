"""Lesson 01: spaces, trials, dominance, the front."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from nas_explorer.course.answers import architecture, names, number
from nas_explorer.course.lesson import Exercise, Lesson
from nas_explorer.estimators import Tabular
from nas_explorer.spaces import Architecture, nas_bench_201

ERROR, LATENCY = "validation_error", "latency_ms@raspi4"
MOST_ERROR, MOST_MS = 20.0, 20.0
_space = cache(nas_bench_201)

FIVE_NODES = number(
    5**10,
    {
        5**6: "That is the cell with six arrows. Draw the fifth node: how many arrows does it add?",
        5**7: "One arrow more is too few: the new node gets one from each of the four nodes.",
        10**5: "Base and exponent are swapped. With one arrow there are five networks, with two arrows five times as many.",
        50: "You added where you have to multiply: each answer on one arrow goes with each answer on the next.",
    },
    "Count the arrows first, then multiply one factor of five for each.",
)


def _front_hint(said: set[str]) -> str:
    if "C" in said:
        return "C errs as often as B, and B is quicker: B dominates C."
    if "E" in said:
        return "E takes as long as A and errs more: A dominates E."
    if not {"A", "D"} <= said:
        return "The ends belong to a front as well: is any other as quick as A, does any other err as little as D?"
    return "B stays: who errs less than B is slower, and who is quicker than B errs more."


@cache
def _table() -> Tabular:
    return Tabular("nas_bench_201", dataset="cifar10", also=(LATENCY,))


def _measured(cell: Mapping[str, Any]) -> tuple[float, float]:
    values = next(iter(_table().evaluate(Architecture(cell)))).values
    return values[ERROR], values[LATENCY]


def _quick_and_good(cell: Mapping[str, Any]) -> str | None:
    error, latency = _measured(cell)
    if error < MOST_ERROR and latency <= MOST_MS:
        return None
    said = f"It has {error:.1f} % errors and takes {latency:.1f} ms."
    if error >= 50:
        return f"{said} Quick, but it can hardly do more than guess: is there a way from the first node to the last?"
    if error < MOST_ERROR:
        return f"{said} Few errors; now look further along the front, towards the quick ones, or give the search more trials."
    if latency <= MOST_MS:
        return f"{said} Quick enough; it should err less. Look at the front: what stands just below {MOST_MS:.0f} ms?"
    return f"{said} Both are too much. The networks of the front are better in both."


def _cell(*operations: str) -> Architecture:
    return Architecture(dict(zip((f"cell/{edge}" for edge in ("0→1", "0→2", "1→2", "0→3", "1→3", "2→3")), operations, strict=True)))


LESSON = Lesson(
    "01",
    "01_watch_a_search.ipynb",
    "How does a computer find a neural network?",
    ("name the three parts of a search", "read a Pareto front", "say why random search is the first thing to compare with"),
    45,
    (
        Exercise("a fifth node", "a whole number", FIVE_NODES,
                 "Ten arrows, a factor of five for each: nearly ten million. This is why nobody tries them all.",
                 lambda: (5**6, 5**7, 10**5, 50)),
        Exercise("who is on the front", 'a set of letters, as in {"A", "B"}', names("ABD", "ABCDE", _front_hint),
                 "These three are not dominated: each is the quickest for its error.",
                 lambda: ({"A", "B", "C", "D"}, {"A", "B", "D", "E"}, {"D"}, {"A", "D"})),
        Exercise("quick and good", "an architecture of nas_bench_201", architecture(_space, _quick_and_good),
                 "Only 93 of the 15,625 networks are that good.",
                 lambda: (_table().optimum(ERROR)[0], _cell(*["none"] * 6), _cell(*["avg_pool_3x3"] * 6))),
    ),
)
