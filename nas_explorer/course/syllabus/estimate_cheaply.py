"""Lesson 03: rank correlation, and what successive halving costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

from nas_explorer.course.answers import function, number
from nas_explorer.course.lesson import Exercise, Lesson

Pair = tuple[Sequence[float], Sequence[float]]
# The first tells sign and scale, the others what counts pairs from what looks at distances.
CASES: tuple[tuple[Pair, float], ...] = (
    (([1, 2, 3], [10, 20, 30]), 1.0),
    (([1, 2, 3], [10, 30, 20]), 1 / 3),
    (([4, 1, 3, 2], [1, 4, 2, 3]), -1.0),
    (([1, 2, 3, 4], [0, 10, 11, 1]), 1 / 3),
)


def _agreeing(first: Sequence[float], second: Sequence[float]) -> int:
    return sum((first[i] - first[j]) * (second[i] - second[j]) > 0 for i, j in combinations(range(len(first)), 2))


def _hint(arguments: tuple[Any, ...], value: float, right: float) -> str:
    first, second = arguments
    pairs = len(first) * (len(first) - 1) // 2
    agreeing = _agreeing(first, second)
    said = f"For {first} and {second} it gives {value:.3g}."
    if abs(value - agreeing / pairs) < 1e-6:
        return f"{said} That is the share of pairs that agree; those that do not agree count against it."
    if abs(value + right) < 1e-6:
        return f"{said} The sign is turned round: a pair agrees when both prefer the same one."
    if abs(value - (2 * agreeing - pairs)) < 1e-6:
        return f"{said} Divide by the number of pairs, and it lies between -1 and 1."
    return f"{said} Of its {pairs} pairs {agreeing} agree. Only the order counts, not how far apart two numbers are."


EPOCHS = number(
    27 * 1 + 9 * 2 + 3 * 6,
    {
        27 * 9: "That is without stopping: all 27 to their ends.",
        27 * 1 + 9 * 3 + 3 * 9: "Who climbs on does not begin again: from epoch 1 to epoch 3 are two more epochs.",
        27 + 9 + 3: "Those are the networks at each rung. How many epochs does each get there?",
        3 * 9: "That is what the last three got. The other 24 cost something as well.",
    },
    "Ask for each rung: how many come to it, and how many epochs more does each get?",
)


def _halves(first: Sequence[float], second: Sequence[float]) -> float:
    return _agreeing(first, second) / (len(first) * (len(first) - 1) / 2)


def _spearman(first: Sequence[float], second: Sequence[float]) -> float:
    count = len(first)
    ranks = [[sorted(values).index(value) for value in values] for values in (first, second)]
    squares: int = sum((a - b) ** 2 for a, b in zip(*ranks, strict=True))
    return 1 - 6 * squares / (count * (count**2 - 1))


def _typical() -> tuple[Callable[[Sequence[float], Sequence[float]], float], ...]:
    return (_halves, _spearman, lambda first, second: 1 - 2 * _halves(first, second), lambda first, second: _agreeing(first, second))


LESSON = Lesson(
    "03",
    "03_estimate_cheaply.ipynb",
    "How little training is enough to compare?",
    ("measure how well a cheap estimate ranks", "explain successive halving", "choose an estimate by what it costs"),
    60,
    (
        Exercise("Kendall's tau", "a function of two lists that gives a number", function(CASES, _hint),
                 "It counts pairs: no distance, no scale, only who comes first.", _typical),
        Exercise("the price of halving", "a whole number", EPOCHS, "63 epochs instead of 243: a quarter.", lambda: (243, 81, 39, 27)),
    ),
)
